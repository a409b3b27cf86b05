"""When work is open, due and late, and what that costs: boundaries, changes of clocks, what is granted to one learner."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codezest.services.learning.rules.scoring import hundredths, percent_of, total
from codezest.services.learning.rules.timing import Terms, Window, after_penalty, extended
from codezest_db.enums import LatePolicy, Scoring

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
PER_DAY = Terms(due_at=DUE, late_policy=LatePolicy.PENALTY_PER_DAY, late_penalty_percent=10, late_floor_percent=40)
ROW: dict[str, Any] = {
    "available_from": None, "available_until": DUE + DAY, "due_at": DUE, "late_policy": "NO_PENALTY", "allow_late": True,
    "late_penalty_percent": 0, "late_floor_percent": 0, "time_limit_minutes": 30, "attempt_limit": 2,
    "granted_due_at": None, "extra_days": None, "extra_attempts": None, "extra_minutes": None,
    "extra_time_percent": None, "is_accommodated": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("after", "days", "percent"),
    [
        (-DAY, 0, 0),
        (timedelta(0), 0, 0),
        (timedelta(microseconds=1), 1, 10),
        (DAY, 1, 10),
        (DAY + SECOND, 2, 20),
        (6 * DAY, 6, 60),
        (6 * DAY + SECOND, 7, 60),
        (400 * DAY, 400, 60),
    ],
    ids=str,
)
def test_each_day_begun_costs_its_share_down_to_the_floor(after: timedelta, days: int, percent: int) -> None:
    late = PER_DAY.lateness(DUE + after)
    assert (late.days, late.percent, late.is_late) == (days, percent, days > 0)


def test_other_policies_cost_nothing() -> None:
    for policy in (LatePolicy.NO_PENALTY, LatePolicy.CUT_OFF):
        late = Terms(due_at=DUE, late_policy=policy, late_penalty_percent=10).lateness(DUE + 2 * DAY)
        assert (late.days, late.percent) == (2, 0)
    assert not Terms().lateness(DUE).is_late


@pytest.mark.parametrize("due", [datetime(2026, 3, 28, 23, 59, tzinfo=BERLIN), datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN)], ids=["spring", "autumn"])  # fmt: skip
def test_a_change_of_clocks_makes_no_day_longer_or_shorter(due: datetime) -> None:
    """In spring the next local midnight but one minute comes 23 hours later, in autumn 25; a day stays 24."""
    due = due.astimezone(UTC)
    terms = Terms(due_at=due, late_policy=LatePolicy.PENALTY_PER_DAY, late_penalty_percent=10)
    for hours, days in ((23, 1), (24, 1), (25, 2)):
        moment = (due + timedelta(hours=hours)).astimezone(BERLIN)
        assert terms.lateness(moment).days == days
    local = datetime(2026, 3, 29, 23, 59, tzinfo=BERLIN)
    assert Terms(due_at=local).lateness(local.astimezone(UTC)).days == 0, "a moment is the same in every zone"


def test_windows_hold_both_ends() -> None:
    terms = Terms(available_from=DUE, available_until=DUE + DAY)
    assert [terms.window(DUE + after) for after in (-SECOND, timedelta(0), DAY, DAY + SECOND)] == [
        Window.UPCOMING, Window.OPEN, Window.OPEN, Window.CLOSED]  # fmt: skip
    cut = Terms(available_until=DUE + DAY, due_at=DUE, late_policy=LatePolicy.CUT_OFF)
    assert cut.closes_at == DUE
    assert cut.window(DUE + SECOND) is Window.CLOSED
    assert Terms().window(DUE) is Window.OPEN


def test_an_attempt_ends_when_its_time_is_over_or_the_quiz_closes() -> None:
    hour = timedelta(hours=1)
    assert Terms().deadline(DUE) is None
    assert Terms(time_limit_minutes=60).deadline(DUE) == DUE + hour
    assert Terms(time_limit_minutes=60, available_until=DUE + hour / 2).deadline(DUE) == DUE + hour / 2
    assert Terms(due_at=DUE, late_policy=LatePolicy.CUT_OFF).deadline(DUE - hour) == DUE
    assert PER_DAY.deadline(DUE - hour) is None, "late work is accepted, so that it does not end"


def test_what_is_granted_is_counted_in() -> None:
    plain = Terms.of(ROW)
    assert (plain.time_limit_minutes, plain.attempt_limit, plain.due_at) == (30, 2, DUE)
    granted = Terms.of(ROW | {"extra_time_percent": 25, "extra_minutes": 5, "extra_attempts": 1, "extra_days": 3,
                              "is_accommodated": True})  # fmt: skip
    assert (granted.time_limit_minutes, granted.attempt_limit) == (43, 3), "37.5 minutes count as 38"
    assert (granted.due_at, granted.available_until) == (DUE + 3 * DAY, DUE + 4 * DAY)
    own = Terms.of(ROW | {"granted_due_at": DUE + 9 * DAY, "extra_days": 0, "is_accommodated": True})
    assert (own.due_at, own.available_until) == (DUE + 9 * DAY, DUE + 9 * DAY), "it stays open until it is due"
    assert Terms.of(ROW | {"allow_late": False}).late_policy is LatePolicy.CUT_OFF
    no_limit = Terms.of(
        ROW | {"time_limit_minutes": None, "attempt_limit": None, "extra_minutes": 5, "extra_attempts": 1}
    )
    assert (no_limit.time_limit_minutes, no_limit.attempt_limit) == (None, None)
    assert extended(10, percent=0, minutes=0) == 10


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_penalty_leaves_between_nothing_and_all(score: int, percent: int) -> None:
    left = after_penalty(score, percent)
    assert 0 <= left <= score
    assert (left == score) or percent > 0


@pytest.mark.parametrize(
    ("fraction", "scoring", "penalty", "earned"),
    [
        (Fraction(1), Scoring.ALL_OR_NOTHING, 50, 300),
        (Fraction(2, 3), Scoring.ALL_OR_NOTHING, 0, 0),
        (Fraction(2, 3), Scoring.ALL_OR_NOTHING, 50, -150),
        (Fraction(2, 3), Scoring.PARTIAL, 50, 200),
        (Fraction(1, 7), Scoring.PARTIAL, 0, 42),
        (Fraction(0), Scoring.PARTIAL, 33, -99),
    ],
    ids=str,
)
def test_points_are_counted_in_hundredths(fraction: Fraction, scoring: Scoring, penalty: int, earned: int) -> None:
    assert hundredths(3, fraction, scoring=scoring, wrong_penalty_percent=penalty, is_empty=False) == earned
    left_open = hundredths(3, Fraction(0), scoring=scoring, wrong_penalty_percent=penalty, is_empty=True)
    assert left_open == 0, "what is left open costs nothing"


@given(
    st.lists(st.tuples(st.integers(1, 9), st.fractions(0, 1), st.booleans()), min_size=1, max_size=9),
    st.sampled_from(Scoring),
    st.integers(0, 100),
)
def test_a_sum_lies_between_nothing_and_what_is_possible(
    answers: list[tuple[int, Fraction, bool]], scoring: Scoring, penalty: int
) -> None:
    earned = [
        hundredths(points, fraction, scoring=scoring, wrong_penalty_percent=penalty, is_empty=empty)
        for points, fraction, empty in answers
    ]
    possible = sum(points for points, _, _ in answers)
    assert 0 <= total(earned) <= possible * 100
    assert 0 <= percent_of(total(earned), possible) <= 100
    assert percent_of(possible * 100, possible) == 100
    assert percent_of(0, 0) == 0
