"""Translation, and dates and numbers as the reader's locale and time zone write them.

Catalogues are read as they are edited, from `.po` files, which takes some 20 ms for each language once in a process: there
is nothing to compile and nothing that may be out of date. docs/guides/translating.md tells how they are kept.

The current locale lives in a context variable, so that templates and actions need no parameter for it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import TIMEDELTA_UNITS, format_date, format_time, format_timedelta, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from codezest.kit.clock import now

CATALOGUES = Path(__file__).parent.parent / "web" / "locale"
ZONE_NAME = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")
LANGUAGE_RANGE = re.compile(
    r"(?P<tag>[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*q=(?P<quality>[01](?:\.\d{0,3})?))?"
)
MOST_LANGUAGES = 20
MOST_OF_A_UNIT = 0.85
"""So much of an hour is told as an hour."""
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@lru_cache
def available_locales() -> tuple[str, ...]:
    """English and every locale with a catalogue."""
    found = CATALOGUES.glob("*/LC_MESSAGES/messages.po")
    return ("en", *sorted({path.parent.parent.name for path in found} - {"en"}))


def read_catalogue(path: Path) -> Translations:
    """The finished entries of a `.po` file; the fuzzy ones are left in English.

    Raises:
        babel.messages.pofile.PoFileError: the file is not in the format.
    """
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=512)
def catalogue_of(locale: str) -> str:
    """The name of the catalogue that serves the locale: its own or else that of its language, so that `es_MX` reads Spanish; or English."""
    for name in (locale, locale.split("_", maxsplit=1)[0]):
        if name in available_locales():
            return name
    return "en"


@lru_cache
def _translations(locale: str) -> NullTranslations:
    path = CATALOGUES / catalogue_of(locale) / "LC_MESSAGES" / "messages.po"
    return read_catalogue(path) if path.exists() else NullTranslations()


@lru_cache(maxsize=512)
def zone(name: str) -> dt.tzinfo:
    """The IANA time zone of this name, or UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return dt.UTC


@lru_cache
def _plural_samples(locale: str) -> Mapping[str, int]:
    """A whole number for each plural category (CLDR) of the locale."""
    category = Locale.parse(locale).plural_form
    return {category(number): number for number in reversed(range(201))}


def known_zone(name: str) -> bool:
    """Whether there is an IANA time zone of this name."""
    return bool(ZONE_NAME.fullmatch(name)) and name in zone_names()


@lru_cache
def zone_names() -> frozenset[str]:
    """Every name of a time zone that this machine knows."""
    return frozenset(available_timezones())


@lru_cache
def offered_languages() -> tuple[tuple[str, str], ...]:
    """Each locale with its name in its own language."""
    return tuple(
        (name, (Locale.parse(name).get_display_name(name) or name).capitalize()) for name in available_locales()
    )


def plural_forms(singular: str, plural: str) -> dict[str, str]:
    """The message for a number that only a script will know, by the category that `Intl.PluralRules` says of it."""
    reader = READER.get()
    samples = _plural_samples(reader.locale)
    return {category: reader.ngettext(singular, plural, number) for category, number in samples.items()}


@lru_cache(maxsize=512)
def known_locale(tag: str) -> bool:
    """Whether the tag names a locale at all."""
    if "@" in tag:  # a POSIX modifier, which may hold anything and would become part of a path
        return False
    try:
        Locale.parse(tag.replace("-", "_"))
    except (ValueError, LookupError, UnknownLocaleError):
        return False
    return True


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _percent(value: float, locale: str, *, decimals: bool) -> str:
    pattern = str(Locale.parse(locale).percent_formats[None].pattern)
    return format_percent(value / 100, pattern.replace("0", "0.#") if decimals else None, locale=locale)


@lru_cache(maxsize=4096)
def day_text(day: dt.date, pattern: str, locale: str) -> str:
    """The day as the locale writes it; the pattern is one of CLDR (`LLL`) or the name of a length (`medium`)."""
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _minute_text(minute: dt.time, locale: str) -> str:
    """A time of the day without its seconds."""
    return format_time(minute, "short", locale=locale)


@lru_cache(maxsize=512)
def _day_and_time(locale: str) -> str:
    """How the locale puts a time, {0}, and a day, {1}, together."""
    return str(get_datetime_format("medium", locale=locale))


def _as_told(seconds: int) -> int:
    """The span that is told for one of so many seconds: a whole number of the largest unit that it fills by `MOST_OF_A_UNIT`."""
    span = abs(seconds)
    size = next((size for _name, size in TIMEDELTA_UNITS if span >= MOST_OF_A_UNIT * size), 1)
    told = max(1, round(span / size)) * size if span else 0
    return told if seconds >= 0 else -told


@lru_cache(maxsize=4096)
def _span_text(told: int, locale: str) -> str:
    return format_timedelta(told, threshold=1, add_direction=True, locale=locale)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one reader wants text, dates and numbers. `locale` may be given as BCP 47 has it (`pt-BR`), and is kept as `pt_BR`."""

    locale: str = "en"
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        object.__setattr__(self, "locale", self.locale.replace("-", "_") if known_locale(self.locale) else "en")

    @property
    def direction(self) -> str:
        return "rtl" if self.locale.split("_")[0] in RIGHT_TO_LEFT else "ltr"

    def gettext(self, message: str) -> str:
        # The empty message is the key of the catalogue's own header.
        return str(_translations(self.locale).ugettext(message)) if message else ""

    def pgettext(self, context: str, message: str) -> str:
        return str(_translations(self.locale).upgettext(context, message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(_translations(self.locale).ungettext(singular, plural, number))

    def datetime(self, moment: dt.datetime) -> str:
        """Day and minute, as people say them. What needs the second reads the `datetime` attribute of `time`."""
        local = moment.astimezone(zone(self.timezone))
        time = _minute_text(dt.time(local.hour, local.minute), self.locale)
        day = day_text(local.date(), "medium", self.locale)
        return _day_and_time(self.locale).replace("{0}", time).replace("{1}", day)

    def date(self, moment: dt.datetime) -> str:
        return day_text(moment.astimezone(zone(self.timezone)).date(), "medium", self.locale)

    def relative_time(self, moment: dt.datetime) -> str:
        span = moment - now()
        return _span_text(_as_told(span.days * 86_400 + span.seconds), self.locale)

    def iso(self, moment: dt.datetime) -> str:
        """For the `datetime` attribute of `time`."""
        return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def number(self, value: float) -> str:
        return _number(value, self.locale)

    def percent(self, value: float, *, decimals: bool = False) -> str:
        """A percentage given from 0 to 100: a whole number, or with one decimal where it has any."""
        return _percent(value, self.locale, decimals=decimals)

    def listed(self, parts: Iterable[str]) -> str:
        """All of them in one phrase: “a, b, and c”."""
        return format_list([*parts], "standard", locale=self.locale)


READER: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 - frozen


def choose_locale(preferred: str | None, accept_language: str) -> str:
    """The reader's locale (`pt_BR`): the account's choice (BCP 47, `pt-BR`), else the best of the Accept-Language header, else English."""
    available = available_locales()
    wanted = [preferred] if preferred else []
    for tag in (*wanted, *_by_quality(accept_language)):
        if found := negotiate_locale([tag.replace("-", "_")], available):
            return found
    return "en"


def _by_quality(accept_language: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first; what is refused (`q=0`) or unreadable is left out."""
    asked: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:MOST_LANGUAGES]:
        found = LANGUAGE_RANGE.fullmatch(part.strip())
        if found and (quality := float(found["quality"] or 1)) > 0:
            asked.append((quality, found["tag"]))
    return [tag for _quality, tag in sorted(asked, key=lambda pair: -pair[0])]


def gettext(message: str) -> str:
    """The message in the current reader's language."""
    return READER.get().gettext(message)


def pgettext(context: str, message: str) -> str:
    """As gettext, for a message that needs another word in another place: `context` says which place."""
    return READER.get().pgettext(context, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message with the plural form the number needs, in the current reader's language."""
    return READER.get().ngettext(singular, plural, number)
