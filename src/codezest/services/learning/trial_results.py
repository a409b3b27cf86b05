"""What a try of an assignment's own programs found out, as it is stored. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from codezest.grading import Grade, TestOutcome
from codezest_db.enums import GradingMode, Verdict

MOST_OUTPUT = 1_000_000
"""Characters of all outputs of one program that are kept."""
CUT = re.compile(r"\n… \[\d+ (?:more )?bytes not shown\](?: …\n.*)?\Z", re.DOTALL)
"""How the grader marks an output that it has cut."""
RETURNED = "→ "
"""Stands before what a function returned, on the last line of what is shown."""
ENDED_NORMALLY = frozenset({Verdict.AC, Verdict.WA})


def result_of(grade: Grade, *, mode: GradingMode) -> dict[str, Any]:
    """One program's results, with what its author may know: `proposed` is the output that could be expected of a test."""
    room = MOST_OUTPUT
    tests: list[dict[str, Any]] = []
    for outcome in grade.outcomes:
        kept = outcome.stdout if len(outcome.stdout) <= room else ""
        room -= len(kept)
        proposed = None if outcome.stdout and not kept else proposed_output(outcome, mode=mode)
        tests.append(
            {
                "name": outcome.name,
                "verdict": outcome.verdict.value,
                "points": outcome.points,
                "max_points": outcome.max_points,
                "time_ms": outcome.time_ms,
                "memory_kb": outcome.memory_kb,
                "stdout": kept,
                "stderr": outcome.stderr[:2_000],
                "message": outcome.message,
                "proposed": proposed,
            }
        )
    return {
        "verdict": grade.verdict.value,
        "score": grade.score,
        "compile_output": grade.compile_output,
        "feedback": grade.feedback,
        "fault": grade.fault,
        "tests": tests,
    }


def proposed_output(outcome: TestOutcome, *, mode: GradingMode) -> str | None:
    """What the program printed, or the JSON that its function returned; None where that is not known as a whole."""
    if outcome.verdict not in ENDED_NORMALLY or CUT.search(outcome.stdout):
        return None
    if mode is GradingMode.STDIO:
        return outcome.stdout
    if mode is GradingMode.FUNCTION:
        last = outcome.stdout.rstrip("\n").rpartition("\n")[2]
        return last.removeprefix(RETURNED) if last.startswith(RETURNED) else None
    return None


def passed(result: Mapping[str, Any] | None) -> int:
    """How many tests accepted the program."""
    return sum(test["verdict"] == Verdict.AC for test in _tests(result))


def _tests(result: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    return result["tests"] if result else ()
