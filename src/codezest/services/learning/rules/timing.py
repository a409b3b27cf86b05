"""When work may be done, until when, and what lateness costs. All times have a zone; days are 24 hours wherever one lives.

A day counts as begun the moment it begins: one second late is one day late. Counting hours, not dates, gives everybody the
same time, and the change of clocks neither gives nor takes an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from codezest_db.enums import LatePolicy

DAY = timedelta(days=1)


class Window(StrEnum):
    """Whether an item can be worked on."""

    UPCOMING = "UPCOMING"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How late work is. `percent` is what that takes away of its score."""

    days: int = 0
    percent: int = 0

    @property
    def is_late(self) -> bool:
        return self.days > 0


IN_TIME = Lateness()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms on which one learner works on one item, all that is granted to them included."""

    available_from: datetime | None = None
    available_until: datetime | None = None
    due_at: datetime | None = None
    late_policy: LatePolicy = LatePolicy.NO_PENALTY
    late_penalty_percent: int = 0
    late_floor_percent: int = 0
    time_limit_minutes: int | None = None
    attempt_limit: int | None = None
    is_accommodated: bool = False
    """Whether something of it is granted to this learner alone."""

    def __post_init__(self) -> None:
        # Between two times of one zone Python counts what its clocks show, also over a night in which they change.
        for name in ("available_from", "available_until", "due_at"):
            object.__setattr__(self, name, _in_utc(getattr(self, name)))

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Terms":
        """From the columns that `policies.terms.TERMS` names."""
        days = timedelta(days=row["extra_days"] or 0)
        due_at = row["granted_due_at"] or later(row["due_at"], days)
        until = later(row["available_until"], days)
        if until is not None and due_at is not None and due_at > until and row["is_accommodated"]:
            until = due_at
        attempts = row["attempt_limit"]
        return cls(
            available_from=row["available_from"],
            available_until=until,
            due_at=due_at,
            late_policy=LatePolicy(row["late_policy"]) if row["allow_late"] else LatePolicy.CUT_OFF,
            late_penalty_percent=row["late_penalty_percent"],
            late_floor_percent=row["late_floor_percent"],
            time_limit_minutes=extended(
                row["time_limit_minutes"], percent=row["extra_time_percent"] or 0, minutes=row["extra_minutes"] or 0
            ),
            attempt_limit=None if attempts is None else attempts + (row["extra_attempts"] or 0),
            is_accommodated=row["is_accommodated"],
        )

    def at_any_time(self) -> "Terms":
        """The same without opening, closing and due date: how staff try an item out."""
        return replace(self, available_from=None, available_until=None, due_at=None)

    def window(self, moment: datetime) -> Window:
        """Both ends belong to the time in which it is open."""
        if self.available_from is not None and moment < self.available_from:
            return Window.UPCOMING
        closes = self.closes_at
        return Window.CLOSED if closes is not None and moment > closes else Window.OPEN

    @property
    def closes_at(self) -> datetime | None:
        """After this nothing is accepted any more."""
        cut_off = self.due_at if self.late_policy is LatePolicy.CUT_OFF else None
        return min((moment for moment in (self.available_until, cut_off) if moment is not None), default=None)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt that begins then has to end: its time is over, or the quiz closes."""
        limit = self.time_limit_minutes
        end = None if limit is None else later(started_at, timedelta(minutes=limit))
        return min((moment for moment in (end, self.closes_at) if moment is not None), default=None)

    def lateness(self, moment: datetime) -> Lateness:
        """What work that is handed in then costs. What is handed in on the second is in time."""
        if self.due_at is None or moment <= self.due_at:
            return IN_TIME
        days = -((self.due_at - moment) // DAY)  # rounded up
        if self.late_policy is not LatePolicy.PENALTY_PER_DAY:
            return Lateness(days=days)
        most = 100 - self.late_floor_percent
        return Lateness(days=days, percent=min(days * self.late_penalty_percent, most))


def later(moment: datetime | None, by: timedelta) -> datetime | None:
    """So much time later, in UTC, whatever the clocks of a zone show then."""
    moment = _in_utc(moment)
    return None if moment is None else moment + by


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def extended(minutes_allowed: int | None, *, percent: int, minutes: int) -> int | None:
    """A time limit with what is granted beyond it; parts of a minute count as a whole one."""
    return None if minutes_allowed is None else -(-minutes_allowed * (100 + percent) // 100) + minutes


def after_penalty(score: int, percent: int) -> int:
    """What is left of a score when so many percent of it are taken away; rounded down."""
    return score * (100 - percent) // 100
