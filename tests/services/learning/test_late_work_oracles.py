"""When work is open and what lateness costs, against clocks that are read one step after the other, in zones that change."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from codezest.services.learning.rules.timing import Terms, Window, after_penalty, extended, later
from codezest_db.enums import LatePolicy

QUICK = settings(derandomize=True, deadline=None, max_examples=300)
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")]


def beside(day: datetime, seconds: int, zone: tzinfo) -> datetime:
    return (day + timedelta(seconds=seconds)).astimezone(zone)


MOMENTS = st.builds(
    beside,
    # Around the nights in which these zones change their clocks.
    st.sampled_from([datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1))]),
    st.integers(-2 * 86_400, 2 * 86_400),
    st.sampled_from([*ZONES, UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)  # fmt: skip
MAYBE = st.none() | MOMENTS


def seconds(moment: datetime) -> int:
    """Since 1970, which no zone changes."""
    return round(moment.timestamp())


def days_begun(due: datetime, moment: datetime) -> int:
    clock, days = seconds(due), 0
    while clock < seconds(moment):
        clock, days = clock + 86_400, days + 1
    return days


@QUICK
@given(MOMENTS, MOMENTS, st.integers(0, 40), st.integers(0, 100), st.sampled_from(LatePolicy), st.integers(0, 100))
def test_lateness_counts_days_on_a_clock_that_never_changes(
    due: datetime, moment: datetime, penalty: int, floor: int, policy: LatePolicy, score: int
) -> None:
    terms = Terms(due_at=due, late_policy=policy, late_penalty_percent=penalty, late_floor_percent=floor)
    late = terms.lateness(moment)
    days = days_begun(due, moment)
    assert late.days == days
    left = Fraction(score)
    if policy is LatePolicy.PENALTY_PER_DAY and days:
        left *= max(Fraction(100 - penalty * days, 100), Fraction(floor, 100))
    assert after_penalty(score, late.percent) == left.__floor__()
    assert terms.lateness(moment.astimezone(UTC)) == late
    assert terms.lateness(later(moment, timedelta(seconds=1)) or moment).percent >= late.percent


@QUICK
@given(MAYBE, MAYBE, MAYBE, MOMENTS, st.sampled_from(LatePolicy), st.none() | st.integers(1, 3_000))
def test_windows_and_deadlines_are_the_same_in_every_zone(
    opens: datetime | None, until: datetime | None, due: datetime | None, moment: datetime, policy: LatePolicy, limit: int | None
) -> None:  # fmt: skip
    terms = Terms(available_from=opens, available_until=until, due_at=due, late_policy=policy, time_limit_minutes=limit)
    ends = [seconds(one) for one in (until, due if policy is LatePolicy.CUT_OFF else None) if one is not None]
    if opens is not None and seconds(moment) < seconds(opens):
        expected = Window.UPCOMING
    else:
        expected = Window.CLOSED if any(seconds(moment) > end for end in ends) else Window.OPEN
    assert terms.window(moment) is expected
    over = [*ends, *([seconds(moment) + 60 * limit] if limit else [])]
    deadline = terms.deadline(moment)
    assert (None if deadline is None else seconds(deadline)) == min(over, default=None)


@QUICK
@given(
    MAYBE, MAYBE, MAYBE,
    st.none() | st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 90), st.integers(0, 200)),
    st.none() | st.integers(1, 200), st.none() | st.integers(1, 5), st.booleans(),
)  # fmt: skip
def test_what_is_granted_only_ever_gives_more(
    until: datetime | None, due: datetime | None, own_due: datetime | None,
    granted: tuple[int, int, int, int] | None, limit: int | None, attempts: int | None, allow_late: bool,
) -> None:  # fmt: skip
    days, more, minutes, percent = granted or (None, None, None, None)
    plain = {
        "available_from": None, "available_until": until, "due_at": due, "late_policy": "NO_PENALTY",
        "allow_late": allow_late, "late_penalty_percent": 0, "late_floor_percent": 0, "time_limit_minutes": limit,
        "attempt_limit": attempts, "granted_due_at": None, "extra_days": None, "extra_attempts": None,
        "extra_minutes": None, "extra_time_percent": None, "is_accommodated": False,
    }  # fmt: skip
    before = Terms.of(plain)
    after = Terms.of(plain | {
        "granted_due_at": own_due if granted else None, "extra_days": days, "extra_attempts": more,
        "extra_minutes": minutes, "extra_time_percent": percent, "is_accommodated": granted is not None,
    })  # fmt: skip
    assert (before.is_accommodated, after.is_accommodated) == (False, granted is not None)
    added = 86_400 * (days or 0)
    if granted and own_due is not None:
        assert after.due_at == own_due
    else:
        assert (after.due_at and seconds(after.due_at)) == (due and seconds(due) + added)
    if until is None:
        assert after.available_until is None
    else:
        assert after.available_until is not None
        wanted = [seconds(until) + added, *([seconds(after.due_at)] if granted and after.due_at else [])]
        assert seconds(after.available_until) == max(wanted)
    exact = None if limit is None else Fraction(limit) * (100 + (percent or 0)) / 100
    assert after.time_limit_minutes == (None if exact is None else exact.__ceil__() + (minutes or 0))
    assert extended(limit, percent=0, minutes=0) == limit
    assert after.attempt_limit == (None if attempts is None else attempts + (more or 0))
    assert after.late_policy is (LatePolicy.NO_PENALTY if allow_late else LatePolicy.CUT_OFF)
    assert (after.at_any_time().closes_at, after.at_any_time().time_limit_minutes) == (None, after.time_limit_minutes)
