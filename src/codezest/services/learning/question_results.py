"""What running a question's program found out, as it is stored. Pure."""

from datetime import timedelta
from typing import Any

from codezest.grading import Grade, GradingSpec

KEPT_FOR = timedelta(days=1)
"""What learners have tried on the visible tests."""
GAVE_UP = "gave-up"
"""Why nothing could be run, as it is stored: it was tried often enough, or is there no longer."""
NOT_RUN_HERE = "not-run-here"
"""The same: programs in this language, or any, are not run on this server."""
MOST_OUTPUT = 20_000
"""Characters of what one test printed that are kept."""


def result_of(grade: Grade, spec: GradingSpec, *, whole: bool) -> dict[str, Any]:
    """The verdict and each test in order; of a program that could not be compiled, none.

    Of a hidden test nothing is kept but its verdict and points, since what went in may be printed; unless `whole`, for authors.
    """
    tests: list[dict[str, Any]] = []
    for outcome in grade.outcomes:
        test: dict[str, Any] = {
            "index": outcome.index,
            "visible": outcome.visible,
            "verdict": outcome.verdict.value,
            "points": outcome.points,
            "max_points": outcome.max_points,
        }
        asked = spec.tests[outcome.index]
        if outcome.visible or whole:
            test |= {
                "name": outcome.name,
                "stdin": asked.stdin[:MOST_OUTPUT],
                "arguments": None if asked.arguments is None else list(asked.arguments),
                "expected": (asked.expected or "")[:MOST_OUTPUT],
                "time_ms": outcome.time_ms,
                "memory_kb": outcome.memory_kb,
                "stdout": outcome.stdout[:MOST_OUTPUT],
                "stderr": outcome.stderr[:MOST_OUTPUT],
                "message": outcome.message,
            }
        tests.append(test)
    return {
        "verdict": grade.verdict.value,
        "compile_output": grade.compile_output,
        "function": spec.function,
        "tests": tests,
    }
