"""Streaks and the calendar, as rules."""

from datetime import date, timedelta

import pytest

from codezest.services.learning.rhythm import WEEKS_SHOWN, Streak, calendar, streak

TODAY = date(2026, 11, 18)  # a Wednesday
DAY = timedelta(days=1)


def _days(*ago: int) -> set[date]:
    return {TODAY - number * DAY for number in ago}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(set(), Streak(0, 0, today=False), id="nothing-yet"),
        pytest.param(_days(0), Streak(1, 1, today=True), id="first-day"),
        pytest.param(_days(1), Streak(1, 1, today=False), id="today-is-still-open"),
        pytest.param(_days(2, 3, 4), Streak(0, 3, today=False), id="broken"),
        pytest.param(_days(0, 1, 3, 4, 5, 6), Streak(2, 4, today=True), id="shorter-than-before"),
        pytest.param(_days(-1, 0, 1), Streak(2, 2, today=True), id="came-from-a-later-zone"),
        pytest.param(_days(-1), Streak(1, 1, today=True), id="only-tomorrow"),
    ],
)
def test_streak(days: set[date], expected: Streak) -> None:
    assert streak(days, TODAY) == expected


def test_the_calendar_ends_with_the_week_of_today() -> None:
    weeks = calendar({TODAY: 3, TODAY - 7 * DAY: 25}, TODAY)
    assert len(weeks) == WEEKS_SHOWN
    assert all(len(week) == 7 for week in weeks)
    assert weeks[-1][0].day == date(2026, 11, 16)
    assert [square.level for square in weeks[-1]] == [0, 0, 1, None, None, None, None]
    assert weeks[-2][2].level == 4
    flat = [square.day for week in weeks for square in week]
    assert flat == [flat[0] + number * DAY for number in range(7 * WEEKS_SHOWN)]


def test_a_week_may_begin_on_sunday() -> None:
    weeks = calendar({}, TODAY, first_weekday=6)
    assert weeks[-1][0].day == date(2026, 11, 15)


@pytest.mark.parametrize(("amount", "level"), [(0, 0), (1, 1), (3, 1), (4, 2), (10, 3), (19, 3), (20, 4), (10**6, 4)])
def test_levels(amount: int, level: int) -> None:
    assert calendar({TODAY: amount}, TODAY)[-1][2].level == level
