"""Programs of ours that run inside sandboxes for unit tests: beside the author's tests, and beside the learner's code.

Two sandboxes, joined by a socket on descriptor 3 of both. In the tests' sandbox the learner's modules are stand-ins, in the
learner's sandbox an agent does what they are asked. Values cross in a closed format; nothing that comes from the learner's
side is ever evaluated, and only the tests' side reports.
"""

from codezest.grading.harness.harness import Harness
from codezest.grading.harness.java_harness import JavaHarness
from codezest.grading.harness.node_harness import NodeHarness
from codezest.grading.harness.python_harness import PythonHarness, pytest_trees

HARNESSES: dict[str, Harness] = {
    harness.language: harness for harness in (JavaHarness(), NodeHarness(), PythonHarness())
}

__all__ = ["HARNESSES", "Harness", "pytest_trees"]
