"""Entry of the process in the sandbox of the tests."""

from codezest.grading.harness.python.runner import main

main()
