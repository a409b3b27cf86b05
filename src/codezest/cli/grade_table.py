"""A grade as a table for people."""

import os
from typing import TextIO

from codezest.grading import Grade, TestOutcome
from codezest_db.enums import SubmissionStatus, Verdict

_GREEN, _RED, _YELLOW, _DIM, _PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[2m", "\033[0m"
_NAME_WIDTH = 44


def wants_colour(stream: TextIO) -> bool:
    """Only a terminal gets colours, and only when its owner has not said otherwise (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def as_table(title: str, graded: Grade, *, max_score: int, colour: bool) -> str:
    """A line a test, what failing tests have to say below theirs, and the whole in the end."""
    lines = [f"{title} · {graded.runtime or 'not run'} · {graded.tier}", ""]
    if graded.outcomes:
        names = [_fit(outcome.name) for outcome in graded.outcomes]
        width = max(map(len, [*names, "test"]))
        lines.append(_painted(f"   #  {'test':<{width}}  verdict  points      time      memory", _DIM, colour=colour))
        for name, outcome in zip(names, graded.outcomes, strict=True):
            lines.append(_row(f"{name:<{width}}", outcome, colour=colour))
            lines += [f"      {line}" for line in _said(outcome)]
        lines.append("")
    if graded.compile_output:
        lines += [graded.compile_output.rstrip(), ""]
    if graded.fault:
        lines += [graded.fault, ""]
    paint = _GREEN if graded.status is SubmissionStatus.PASSED else _RED
    result = f"{graded.status} · {graded.verdict} · {graded.score} of {max_score}"
    return "\n".join([*lines, _painted(result, paint, colour=colour), graded.feedback])


def _row(name: str, outcome: TestOutcome, *, colour: bool) -> str:
    paint = _GREEN if outcome.verdict is Verdict.AC else _YELLOW if outcome.verdict is Verdict.IE else _RED
    verdict = _painted(f"{outcome.verdict:<7}", paint, colour=colour)
    points = f"{outcome.points}/{outcome.max_points}{'+' if outcome.bonus else ''}"
    memory = f"{outcome.memory_kb / 1024:.1f} MiB"
    return f"{outcome.index + 1:>4}  {name}  {verdict}  {points:>6}  {outcome.time_ms:>5} ms  {memory:>10}"


def _said(outcome: TestOutcome) -> list[str]:
    if outcome.verdict is Verdict.AC:
        return []
    last = outcome.stderr.strip().splitlines()[-1:]
    return [*(outcome.message or "").splitlines(), *(line for line in last if line not in (outcome.message or ""))]


def _fit(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "…"


def _painted(text: str, paint: str, *, colour: bool) -> str:
    return f"{paint}{text}{_PLAIN}" if colour else text
