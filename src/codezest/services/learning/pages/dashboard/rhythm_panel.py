"""Streak, calendar, badges and deadlines, as the dashboard shows them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from markupsafe import Markup

from codezest.kit.i18n import READER, Reader, day_text, ngettext, zone
from codezest.kit.i18n import gettext as _
from codezest.services.learning.badges import BADGES
from codezest.services.learning.queries.rhythm import Earned, Rhythm
from codezest.services.learning.rhythm import CalendarDay, Streak, calendar, streak

_MONTH_NEEDS_COLUMNS = 3
STEP, LEFT, TOP = 14, 30, 17
"""Of the drawing, in its own units."""
_SQUARE = '<rect x="%d" y="%d" width="11" height="11" rx="2.5" data-level="%d"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """What the component `calendar` draws."""

    weeks: int
    squares: Markup
    """A `rect` for each day that has begun. Put together here: a template takes a millisecond for them."""
    months: Sequence[tuple[int, str]]
    weekdays: Sequence[tuple[int, str]]
    caption: str
    rows: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeView:
    title: str
    text: str
    icon: str
    earned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmPanel:
    streak: Streak
    streak_text: str
    calendar: CalendarView
    earned: Sequence[BadgeView]
    next_badge: BadgeView | None


def rhythm_panel(found: Rhythm, moment: datetime) -> RhythmPanel:
    """In the reader's language and time zone."""
    reader = READER.get()
    today = moment.astimezone(zone(reader.timezone)).date()
    kept = streak([day.day for day in found.days], today)
    earned, next_badge = _badges(found.badges)
    return RhythmPanel(
        streak=kept,
        streak_text=_streak_text(kept),
        calendar=_calendar(found, today, reader),
        earned=earned,
        next_badge=next_badge,
    )


def _streak_text(kept: Streak) -> str:
    if kept.today:
        return _("You have learned today.")
    if kept.current:
        return _("Do one step today to keep it.")
    return _("A few minutes today begin a new one.")


def _calendar(found: Rhythm, today: date, reader: Reader) -> CalendarView:
    locale = Locale.parse(reader.locale)
    amounts = {day.day: day.amount for day in found.days}
    weeks = calendar(amounts, today, first_weekday=locale.first_week_day)
    first = weeks[0][0].day
    worked = [(day, amount) for day, amount in amounts.items() if first <= day <= today and amount]
    return CalendarView(
        weeks=len(weeks),
        squares=_squares(weeks),
        months=_months(weeks, reader.locale),
        weekdays=[(row, day_text(weeks[0][row].day, "ccc", reader.locale)) for row in (0, 2, 4)],
        caption=ngettext(
            "%(num)s day with work in the last six months", "%(num)s days with work in the last six months", len(worked)
        )
        % {"num": len(worked)},
        rows=[(day_text(day, "medium", reader.locale), amount) for day, amount in reversed(worked)],
    )


def _squares(weeks: Sequence[Sequence[CalendarDay]]) -> Markup:
    squares = [
        _SQUARE % (column * STEP + LEFT, row * STEP + TOP, day.level)
        for column, week in enumerate(weeks)
        for row, day in enumerate(week)
        if day.level is not None
    ]
    return Markup("".join(squares))  # noqa: S704 - of numbers


def _months(weeks: Sequence[Sequence[CalendarDay]], locale: str) -> list[tuple[int, str]]:
    """Names above the first whole week of each month, where there is room for one."""
    starts = [
        (column, week[0].day)
        for column, week in enumerate(weeks)
        if column == 0 or week[0].day.month != weeks[column - 1][0].day.month
    ]
    return [
        (column, day_text(day, "LLL", locale))
        for (column, day), after in zip(starts, [*(column for column, _day in starts[1:]), len(weeks)], strict=True)
        if after - column >= _MONTH_NEEDS_COLUMNS
    ]


def _badges(kept: Sequence[Earned]) -> tuple[list[BadgeView], BadgeView | None]:
    """Those earned, the newest first, and the first that is not."""
    when = {badge.badge: badge.earned_at for badge in kept}
    views = [
        BadgeView(title=badge.title(), text=badge.text(), icon=badge.icon, earned_at=when.get(badge.key))
        for badge in BADGES
    ]
    never = datetime.min.replace(tzinfo=dt.UTC)
    earned = sorted((view for view in views if view.earned_at), key=lambda view: view.earned_at or never, reverse=True)
    return earned, next((view for view in views if view.earned_at is None), None)
