"""How a submission is put to the test, by mode. Each is an asynchronous generator of outcomes."""

from codezest.grading.modes.function import run_function
from codezest.grading.modes.interactive import run_interactive
from codezest.grading.modes.stdio import run_stdio
from codezest.grading.modes.submission import Mode, Submission
from codezest.grading.modes.unit_tests import run_unit_tests
from codezest_db.enums import GradingMode

MODES: dict[GradingMode, Mode] = {
    GradingMode.STDIO: run_stdio,
    GradingMode.FUNCTION: run_function,
    GradingMode.INTERACTIVE: run_interactive,
    GradingMode.UNIT_TESTS: run_unit_tests,
}

__all__ = ["MODES", "Mode", "Submission"]
