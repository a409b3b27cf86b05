"""From the marks of single tests to the verdict, status and score of a submission. Pure.

How it counts:

- A test that is accepted earns its points. One that gives a wrong answer may earn a part of them, if a checker of the
  author says so; any other test earns nothing.
- A group counts as one: its points (if it names none, those of its tests together) by its policy. ALL: all of them if
  every test of it is accepted, else none. MIN: all of them times the lowest part that a test of it earned. SUM: each test
  earns its share of them, in proportion to its own points.
- What is not bonus is required, and makes up the whole. Bonus points come on top: they make good for points that were lost
  elsewhere, and nobody needs them to pass. A group whose tests are all bonus is bonus; in a mixed one, which authors are
  not allowed to make, a bonus test counts alone.
- The score is the earned share of the maximum, computed exactly and rounded down once, at the end. It never exceeds the
  maximum, and reaches it exactly when every required test is accepted.
- The points shown with a test are rounded down as well: give a test more than one point where parts of them matter.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from codezest_db.enums import GroupPolicy, SubmissionStatus, Verdict

WORST_FIRST = (
    Verdict.IE,
    Verdict.CE,
    Verdict.RE,
    Verdict.MLE,
    Verdict.OLE,
    Verdict.TLE,
    Verdict.WA,
    Verdict.AC,
)
FINEST_PART = 1_000_000
"""Parts of points are taken to the nearest fraction with at most this denominator, so that 0.7 means 7/10."""


class Group(Protocol):
    """`codezest.grading.spec.TestGroup`."""

    @property
    def name(self) -> str: ...
    @property
    def policy(self) -> GroupPolicy: ...
    @property
    def points(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one test went, as far as counting goes."""

    verdict: Verdict
    points: int
    """What the test is worth; at least 0."""
    fraction: float | None = None
    """Of a WA: the part of the points that the author's checker gave, from 0 to 1."""
    group: str | None = None
    """A group that nobody describes counts as SUM."""
    bonus: bool = False

    @property
    def accepted(self) -> bool:
        return self.verdict is Verdict.AC


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a submission got."""

    verdict: Verdict
    status: SubmissionStatus
    score: int
    """0 to the maximum."""


def score_marks(marks: Sequence[Mark], groups: Sequence[Group], max_score: int) -> Score:
    """Verdict, status and score of a submission whose tests went like this."""
    return Score(verdict=overall(marks), status=status_of_marks(marks), score=_score(marks, groups, max_score))


def overall(marks: Sequence[Mark]) -> Verdict:
    """The worst verdict of the tests that are required; an internal error counts wherever it happened."""
    if any(mark.verdict is Verdict.IE for mark in marks):
        return Verdict.IE
    return worst([mark.verdict for mark in marks if not mark.bonus])


def status_of_marks(marks: Sequence[Mark]) -> SubmissionStatus:
    """As `status_of`, but a bonus test that fails does no harm."""
    return status_of([overall(marks)])


def earned_points(mark: Mark) -> int:
    """The points of one test, rounded down."""
    return math.floor(_part(mark) * mark.points)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """AC for none at all: nothing was asked."""
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.AC)


def status_of(verdicts: Sequence[Verdict]) -> SubmissionStatus:
    """All accepted: PASSED. Any internal error: ERROR, to be tried again. Otherwise, compile errors included: FAILED."""
    if Verdict.IE in verdicts:
        return SubmissionStatus.ERROR
    return SubmissionStatus.PASSED if worst(verdicts) is Verdict.AC else SubmissionStatus.FAILED


def score_of(verdicts: Sequence[Verdict], points: Sequence[int], max_score: int) -> int:
    """The score of tests that are all required and belong to no group."""
    marks = [Mark(verdict=verdict, points=value) for verdict, value in zip(verdicts, points, strict=True)]
    return _score(marks, (), max_score)


def _score(marks: Sequence[Mark], groups: Sequence[Group], max_score: int) -> int:
    if all(mark.accepted for mark in marks if not mark.bonus):
        return max_score
    described = {group.name: group for group in groups}
    earned = total = Fraction(0)
    for members, group in _units(marks, described):
        got, worth = _count(members, group)
        earned += got
        if not members[0].bonus:
            total += worth
    if total == 0:
        return 0
    return min(math.floor(max_score * earned / total), max(max_score - 1, 0))


def _units(marks: Sequence[Mark], described: dict[str, Group]) -> list[tuple[list[Mark], Group | None]]:
    """What counts as one: the tests of a group, or a test alone. Within a unit all tests are bonus, or none is."""
    units: list[tuple[list[Mark], Group | None]] = []
    grouped: dict[str, list[Mark]] = {}
    mixed = {mark.group for mark in marks if not mark.bonus}
    for mark in marks:
        if mark.group is None or (mark.bonus and mark.group in mixed):
            units.append(([mark], None))
            continue
        if mark.group not in grouped:
            grouped[mark.group] = []
            units.append((grouped[mark.group], described.get(mark.group)))
        grouped[mark.group].append(mark)
    return units


def _count(members: Sequence[Mark], group: Group | None) -> tuple[Fraction, Fraction]:
    """What the tests of one unit earned, and what they are worth."""
    own = sum(mark.points for mark in members)
    worth = Fraction(own if group is None or group.points is None else group.points)
    match group.policy if group is not None else GroupPolicy.SUM:
        case GroupPolicy.ALL:
            part = Fraction(all(mark.accepted for mark in members))
        case GroupPolicy.MIN:
            part = min(_part(mark) for mark in members)
        case GroupPolicy.SUM if own > 0:
            part = sum((_part(mark) * mark.points for mark in members), Fraction(0)) / own
        case GroupPolicy.SUM:  # the group has points, and none of its tests says how many are its own
            part = sum((_part(mark) for mark in members), Fraction(0)) / len(members)
    return part * worth, worth


def _part(mark: Mark) -> Fraction:
    """The part of a test's points that was earned. What a checker says beyond 0 and 1, or not as a number, is bounded."""
    if mark.accepted:
        return Fraction(1)
    if mark.verdict is not Verdict.WA or mark.fraction is None or math.isnan(mark.fraction):
        return Fraction(0)
    return Fraction(min(max(mark.fraction, 0.0), 1.0)).limit_denominator(FINEST_PART)
