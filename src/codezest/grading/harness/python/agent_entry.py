"""Entry of the process in the learner's sandbox."""

from codezest.grading.harness.python.agent import main

main()
