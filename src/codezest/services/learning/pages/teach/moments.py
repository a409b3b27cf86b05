"""Points in time as `datetime-local` fields have them: without a zone, and meant in the reader's."""

from datetime import UTC, datetime

from codezest.kit.i18n import READER, zone
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.teach.forms import FormRefused

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def moment_in(name: str, text: str) -> datetime | None:
    """What stands in a field, in UTC; None where nothing does.

    Of an hour that the clocks go through twice, the first is meant. One that they skip is taken as if they had not.

    Raises:
        FormRefused: it is no point in time of this or the next century.
    """
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
        found = (local if local.tzinfo else local.replace(tzinfo=zone(READER.get().timezone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FormRefused([(name, _("Use a date and a time, such as 2027-03-01 09:00."))]) from None
    if not EARLIEST <= found <= LATEST:
        raise FormRefused([(name, _("Use a date between 2000 and 2200."))])
    return found


def field_text(moment: datetime | None) -> str:
    """What stands in a field for a point in time."""
    return "" if moment is None else moment.astimezone(zone(READER.get().timezone)).strftime("%Y-%m-%dT%H:%M")
