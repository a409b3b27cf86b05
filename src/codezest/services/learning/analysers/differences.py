"""How a failed test differs from what was expected, as a key that many learners' failures share. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codezest_db.enums import Verdict

LONGEST = 20_000
"""Characters of an output that are looked at."""
_EXCEPTION = re.compile(
    r"^(?:Exception in thread \S+ )?(?:[\w$]+\.)*(\w*(?:Error|Exception|Exit|Interrupt|Iteration))\b"
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d]\w*")
_SHOWN_VALUE = "→ "
"""Before the value that a function returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTest:
    """A test that was not accepted. Of a hidden one neither output nor expectation is known."""

    position: int
    verdict: Verdict
    expected: str | None = None
    stdout: str | None = None
    stderr: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    difference: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


def signature_of(failed: Sequence[FailedTest]) -> Signature:
    """What is wrong, by the first failed test of which enough is known."""
    known = next((test for test in failed if test.expected is not None or test.stderr), failed[0])
    match known.verdict:
        case Verdict.TLE | Verdict.MLE | Verdict.OLE | Verdict.CE:
            return Signature(f"verdict-{known.verdict.lower()}")
        case Verdict.RE:
            name, shape = exception_in(known.stderr or "")
            return Signature("exception", {"exception": name, "line": shape} if name else {})
        case _:
            pass
    if known.expected is None:
        return Signature("hidden-test")
    return difference_between(known.expected[:LONGEST], (known.stdout or "")[:LONGEST])


def hash_of(verdict: Verdict, signature: Signature, positions: Sequence[int]) -> str:
    """Equal for equal mistakes: the same tests fail in the same way."""
    text = json.dumps([verdict, signature.difference, signature.parameters, list(positions)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def exception_in(stderr: str) -> tuple[str | None, str | None]:
    """The name of the exception, and the shape of the line that raised it: names and values left out."""
    lines = [line for line in stderr[-LONGEST:].splitlines() if line.strip()]
    for index in range(len(lines) - 1, -1, -1):
        found = _EXCEPTION.match(lines[index])
        if found is None:
            continue
        source = next((line for line in reversed(lines[:index]) if line.startswith("    ") and line.strip(" ^~")), "")
        return found[1], shape_of(source.strip()) or None
    return None, None


def shape_of(line: str) -> str:
    """A line of code with every name as `name`, every number as 0 and every text empty: `total = name[0]` → `name = name[0]`."""
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', line)
    return _WORD.sub("name", _NUMBER.sub("0", bare))[:80]


def difference_between(expected: str, actual: str) -> Signature:
    """The plainest thing that turns one into the other."""
    returned = actual.rstrip("\n").rpartition("\n")[2]
    if returned.startswith(_SHOWN_VALUE):
        actual = returned.removeprefix(_SHOWN_VALUE)
        expected = expected.strip()
    if not actual.strip():
        return Signature("nothing-returned" if returned.startswith(_SHOWN_VALUE) else "no-output")
    if expected.rstrip("\n") == actual.rstrip("\n"):
        return Signature("final-newline")
    if expected.split() == actual.split():
        return Signature("whitespace")
    if expected.casefold().split() == actual.casefold().split():
        return Signature("letter-case")
    wanted, got = expected.strip().splitlines(), actual.strip().splitlines()
    if sorted(wanted) == sorted(got):
        return Signature("order-of-lines")
    return _typed(expected, actual) or _numbers(expected, actual) or _lines(wanted, got)


def _typed(expected: str, actual: str) -> Signature | None:
    """The same value written as another type."""
    bare_expected, bare_actual = (re.sub(r"[\"'\s\[\](),]", "", text).casefold() for text in (expected, actual))
    if bare_expected == bare_actual:
        return Signature("punctuation")
    if re.sub(r"\.0+\b", "", bare_expected) == re.sub(r"\.0+\b", "", bare_actual):
        return Signature("decimal-or-whole")
    return None


def _numbers(expected: str, actual: str) -> Signature | None:
    """The same text with other numbers."""
    if _NUMBER.sub("0", expected).split() != _NUMBER.sub("0", actual).split():
        return None
    pairs = zip(_NUMBER.findall(expected), _NUMBER.findall(actual), strict=False)
    steps = {float(got) - float(wanted) for wanted, got in pairs if got != wanted}
    if steps and steps <= {1.0, -1.0}:
        return Signature("off-by-one", {"step": int(max(steps, key=abs)) if len(steps) == 1 else 0})
    if steps and all(abs(step) < 0.01 for step in steps):
        return Signature("rounding")
    if all(
        float(wanted) == -float(got)
        for wanted, got in zip(_NUMBER.findall(expected), _NUMBER.findall(actual), strict=False)
        if wanted != got
    ):
        return Signature("sign")
    return Signature("other-number")


def _lines(wanted: Sequence[str], got: Sequence[str]) -> Signature:
    if len(got) < len(wanted) and [line for line in wanted if line in set(got)] == list(got):
        return Signature("lines-missing")
    if len(got) > len(wanted) and [line for line in got if line in set(wanted)] == list(wanted):
        return Signature("lines-too-many")
    expected, actual = "\n".join(wanted), "\n".join(got)
    if expected and expected in actual:
        return Signature("text-around")
    return Signature(
        "fewer-lines" if len(got) < len(wanted) else "more-lines" if len(got) > len(wanted) else "other-text"
    )
