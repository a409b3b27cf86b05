"""The rhythm of a learner's days: streaks, and the calendar that shows them. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

WEEKS_SHOWN = 26
_DAY = timedelta(days=1)
_WEEK = 7
_THRESHOLDS = (1, 4, 10, 20)
"""From how much work on a day it is shown at level 1, 2, 3, 4."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with work."""

    current: int
    """Up to today, or up to yesterday while today is still open."""
    longest: int
    today: bool
    """Whether today has work already."""


class CalendarDay(NamedTuple):
    """One square. `level` is 0 (no work) to 4; None for days that are still to come."""

    day: date
    amount: int
    level: int | None


def streak(days: Collection[date], today: date) -> Streak:
    """The streak of days with work. Days after today, which a traveller may have, count for today."""
    worked = sorted({min(day, today) for day in days})
    longest = run = 0
    before: date | None = None
    for day in worked:
        run = run + 1 if before is not None and day - before == _DAY else 1
        longest = max(longest, run)
        before = day
    alive = before is not None and today - before <= _DAY
    return Streak(current=run if alive else 0, longest=longest, today=before == today)


def calendar(amounts: Mapping[date, int], today: date, *, first_weekday: int = 0) -> Sequence[Sequence[CalendarDay]]:
    """The last weeks, oldest first, each of seven days.

    Args:
        amounts: what was done, by day.
        today: the learner's own.
        first_weekday: with which a week begins, 0 for Monday.
    """
    begun = today - ((today.weekday() - first_weekday) % _WEEK) * _DAY
    first = begun.toordinal() - (WEEKS_SHOWN - 1) * _WEEK
    return [
        [_square(amounts, date.fromordinal(first + week * _WEEK + number), today) for number in range(_WEEK)]
        for week in range(WEEKS_SHOWN)
    ]


def _square(amounts: Mapping[date, int], day: date, today: date) -> CalendarDay:
    amount = amounts.get(day, 0)
    level = None if day > today else bisect_right(_THRESHOLDS, amount)
    return CalendarDay(day, amount, level)
