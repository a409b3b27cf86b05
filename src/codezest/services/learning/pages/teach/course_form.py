"""The fields of a course as forms show and send them: when it is begun, and in its settings."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import is_currency

from codezest.kit.database import Pool
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.courses.handler import spoken_name
from codezest.services.learning.pages.outline import difficulty_text
from codezest.services.learning.pages.teach.forms import (
    FormRefused,
    Sent,
    text_or_none,
    whole_number,
    words_of,
)
from codezest.services.learning.pages.teach.prices import CURRENCIES, price_in, price_typed
from codezest.services.learning.schemas.teaching import CourseSettings
from codezest_db.enums import Difficulty

FIELDS = (
    "title",
    "slug",
    "subtitle",
    "description",
    "level",
    "category",
    "tags",
    "spoken_language",
    "language_slug",
    "price_minor",
    "currency",
    "image_url",
    "duration_minutes",
)
SPOKEN = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk",
    "ur", "vi", "zh", "zh-Hant",
)  # fmt: skip
"""Languages that a course is offered to be taught in."""
MOST_LANGUAGES = 200


async def choices(pool: Pool, *, spoken: str = "en") -> dict[str, Any]:
    """What the selects of the form offer."""
    languages = await pool.fetch(
        "SELECT slug, name FROM learning.programming_languages WHERE deleted_at IS NULL ORDER BY position, name LIMIT $1",
        MOST_LANGUAGES,
    )
    tags = {*SPOKEN, spoken}
    return {
        "levels": [(level.value, difficulty_text(level)) for level in Difficulty],
        "languages": [("", _("None in particular")), *((row["slug"], row["name"]) for row in languages)],
        "spoken_languages": sorted(((tag, spoken_name(tag)) for tag in tags), key=lambda pair: pair[1].casefold()),
        "currencies": CURRENCIES,
    }


def values_of(course: CourseSettings) -> dict[str, str]:
    """What stands in the fields, of a course as it is stored."""
    found = {name: getattr(course, name, None) for name in FIELDS}
    found["price_minor"] = price_typed(course.price_minor, course.currency)
    found["tags"] = ", ".join(course.tags)
    return {name: "" if value is None else str(value) for name, value in found.items()}


def given_in(form: Sent, *, names: Mapping[str, object] | tuple[str, ...] = FIELDS) -> dict[str, Any]:
    """What a form says of a course, as the API's types take it. Fields that the form does not have are left out.

    Raises:
        FormRefused: a number cannot be read.
    """
    given: dict[str, Any] = {name: form.text(name).strip() for name in names if name in form.texts}
    for name in ("subtitle", "description", "category", "language_slug", "image_url"):
        if name in given:
            given[name] = text_or_none(given[name])
    if "tags" in given:
        given["tags"] = words_of(given["tags"])
    if "duration_minutes" in given:
        given["duration_minutes"] = whole_number("duration_minutes", given["duration_minutes"])
    if "price_minor" in given:
        given["currency"] = given.get("currency", "").upper()
        if not is_currency(given["currency"]):
            raise FormRefused([("currency", _("There is no such currency. Use three capital letters, such as EUR."))])
        given["price_minor"] = price_in(given["price_minor"], given["currency"])
    return given
