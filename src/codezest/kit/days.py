"""Days as somebody's calendar has them, as the moments between which they lie."""

from datetime import date, datetime, time, timedelta

from codezest.kit.clock import now
from codezest.kit.i18n import READER, zone


def day_in(text: str | None) -> date | None:
    """The day of a date field; None where it is empty.

    Raises:
        ValueError: it is no date.
    """
    return date.fromisoformat(text) if text else None


def beginning_of(day: date) -> datetime:
    """When the day begins in the current reader's time zone."""
    return datetime.combine(day, time.min, zone(READER.get().timezone))


def end_of(day: date) -> datetime:
    """When the day after it begins in the current reader's time zone."""
    return beginning_of(day + timedelta(days=1))


def today() -> date:
    """The day that the current reader has."""
    return now().astimezone(zone(READER.get().timezone)).date()
