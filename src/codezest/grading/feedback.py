"""What the learner is told about the whole submission: plain, short, in the second person."""

from collections.abc import Sequence

from codezest.grading.grade import TestOutcome
from codezest_db.enums import Verdict

_NAMES = {
    Verdict.WA: "wrong answer",
    Verdict.TLE: "too slow",
    Verdict.MLE: "too much memory",
    Verdict.OLE: "too much output",
    Verdict.RE: "it crashed",
    Verdict.IE: "we could not run it",
}


def feedback_for(outcomes: Sequence[TestOutcome]) -> str:
    """About a program that could be started."""
    failed = [outcome for outcome in outcomes if outcome.verdict is not Verdict.AC]
    if not outcomes:
        return "Your program is ready to run. There are no tests for it."
    if not failed:
        return (
            "Well done: your program passed the test."
            if len(outcomes) == 1
            else (f"Well done: your program passed all {len(outcomes)} tests.")
        )
    if any(outcome.verdict is Verdict.IE for outcome in failed):
        return "We could not finish running your program. This is our mistake, not yours; please submit it again."
    passed = len(outcomes) - len(failed)
    first = next((outcome for outcome in failed if outcome.visible), failed[0])
    kind = "Test" if first.visible else "Hidden test"
    summary = f"Your program passed {passed} of {len(outcomes)} tests."
    return f"{summary}\n{kind} “{first.name}”: {_NAMES[first.verdict]}. {first.message or ''}".rstrip()


def feedback_for_compile_error(output: str) -> str:
    """About a program that could not be started. The last line of a compiler's message says what is wrong."""
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "")
    return f"Your program could not be started, so no test was run.\n{last}".rstrip()
