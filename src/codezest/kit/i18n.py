"""Translation, and dates and numbers as the reader's locale and time zone write them.

The current locale lives in a context variable, so that templates and actions need no parameter for it.
"""

import datetime as dt
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from codezest.kit.clock import now

CATALOGUES = Path(__file__).parent.parent / "web" / "locale"
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@lru_cache
def available_locales() -> tuple[str, ...]:
    """English and every locale with a compiled catalogue."""
    compiled = CATALOGUES.glob("*/LC_MESSAGES/messages.mo")
    return ("en", *sorted({path.parent.parent.name for path in compiled} - {"en"}))


@lru_cache
def _translations(locale: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [locale], "messages")


@lru_cache(maxsize=512)
def zone(name: str) -> dt.tzinfo:
    """The IANA time zone of this name, or UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return dt.UTC


@dataclass(frozen=True, slots=True)
class Reader:
    """How one reader wants text, dates and numbers."""

    locale: str = "en"
    timezone: str = "UTC"

    @property
    def direction(self) -> str:
        return "rtl" if self.locale.split("_")[0] in RIGHT_TO_LEFT else "ltr"

    def gettext(self, message: str) -> str:
        return str(_translations(self.locale).ugettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(_translations(self.locale).ungettext(singular, plural, number))

    def datetime(self, moment: dt.datetime) -> str:
        return format_datetime(moment, "medium", tzinfo=zone(self.timezone), locale=self.locale)

    def date(self, moment: dt.datetime) -> str:
        return format_date(moment.astimezone(zone(self.timezone)), "medium", locale=self.locale)

    def relative_time(self, moment: dt.datetime) -> str:
        return format_timedelta(moment - now(), add_direction=True, locale=self.locale)

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.locale)

    def percent(self, value: float) -> str:
        """A percentage given from 0 to 100."""
        return format_percent(value / 100, locale=self.locale)


READER: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 - frozen


def choose_locale(preferred: str | None, accept_language: str) -> str:
    """The reader's locale (`pt_BR`): the account's choice (BCP 47, `pt-BR`), else the best of the Accept-Language header, else English."""
    available = available_locales()
    if preferred and (wanted := preferred.replace("-", "_")) in available:
        return wanted
    if len(available) == 1:
        return "en"
    asked = [part.split(";")[0].strip().replace("-", "_") for part in accept_language.split(",")]
    return negotiate_locale([tag for tag in asked if tag], list(available)) or "en"


def gettext(message: str) -> str:
    """The message in the current reader's language."""
    return READER.get().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message with the plural form the number needs, in the current reader's language."""
    return READER.get().ngettext(singular, plural, number)


def known_locale(tag: str) -> bool:
    """Whether the tag names a locale at all."""
    if "@" in tag:  # a POSIX modifier, which may hold anything and would become part of a path
        return False
    try:
        Locale.parse(tag.replace("-", "_"))
    except (ValueError, LookupError, UnknownLocaleError):
        return False
    return True
