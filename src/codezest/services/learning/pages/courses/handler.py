"""The catalogue: every course on offer, to be searched and narrowed down."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from fastapi import Query
from fastapi.responses import HTMLResponse

from codezest.kit.context import Context
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.files.links import picture_link
from codezest.services.learning.pages.outline import course_page, difficulty_text, minutes_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.courses import Wanted, catalogue
from codezest.services.learning.queries.search import LONGEST_QUERY
from codezest.services.learning.schemas.courses import CourseOrder, CourseSummary, Facet
from codezest_db.enums import Difficulty

router = page_router()

LEVELS = list(Difficulty)
Chosen = Annotated[list[str], Query(max_length=20)]


@router.get("/courses")
async def courses(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    level: Chosen = [],  # noqa: B006 - read by FastAPI, never changed
    category: Chosen = [],  # noqa: B006
    language: Chosen = [],  # noqa: B006
    spoken: Chosen = [],  # noqa: B006
    price: Chosen = [],  # noqa: B006
    order: CourseOrder = "relevance",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> HTMLResponse:
    """One statement; the filters are in the address, so that a view can be kept and shared."""
    wanted = Wanted(
        query=q,
        levels=level,
        categories=category,
        languages=language,
        spoken=spoken,
        prices=price,
        order=order,
        page=page,
    )
    found = await catalogue(context.database.pool("learning"), context.actor, wanted)
    groups = [
        ("level", _("Level"), level, _named(_by_level(found.levels), _level_name)),
        ("language", _("Programming language"), language, _named(found.languages)),
        ("category", _("Category"), category, _named(found.categories)),
        ("spoken", _("Taught in"), spoken, _named(found.spoken, spoken_name)),
        ("price", _("Price"), price, _named(found.prices, _price_name)),
    ]
    return context.page(
        "learning/pages/courses/template.html",
        found=found,
        wanted=wanted,
        groups=[group for group in groups if len(group[3]) > 1 or group[2]],
        filtered=any((level, category, language, spoken, price)),
        orders=_orders(with_query=bool(q.strip())),
        page_link=partial(_address, wanted),
        href=course_path,
        picture=partial(picture_link, context, small=True),
        price_text=price_text,
        difficulty_text=difficulty_text,
        minutes_text=minutes_text,
        longest=LONGEST_QUERY,
    )


def _address(wanted: Wanted, page: int) -> str:
    fields: list[tuple[str, str]] = [("q", wanted.query)] if wanted.query else []
    for name, values in (
        ("level", wanted.levels),
        ("language", wanted.languages),
        ("category", wanted.categories),
        ("spoken", wanted.spoken),
        ("price", wanted.prices),
    ):
        fields += [(name, value) for value in values]
    if wanted.order != "relevance":
        fields.append(("order", wanted.order))
    if page > 1:
        fields.append(("page", str(page)))
    return f"/courses?{urlencode(fields)}" if fields else "/courses"


def course_path(course: CourseSummary) -> str:
    """The page of a course; a path's is that of its language."""
    return course_page(course.kind, course.slug, course.language_slug)


def price_text(course: CourseSummary) -> str:
    """What a course costs, as the reader's language writes it."""
    if not course.price_minor:
        return _("Free")
    return format_currency(price_amount(course), course.currency, locale=READER.get().locale)


def price_amount(course: CourseSummary) -> float:
    """In major units of the course's currency."""
    return course.price_minor / 10 ** get_currency_precision(course.currency)


def spoken_name(tag: str) -> str:
    """The name of a language that people speak, in the reader's own."""
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name(READER.get().locale) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _as_it_is(label: str) -> str:
    return label


def _named(facets: Sequence[Facet], name: Callable[[str], str] = _as_it_is) -> list[tuple[str, str, int]]:
    return [(facet.value, name(facet.label), facet.count) for facet in facets]


def _by_level(facets: Sequence[Facet]) -> list[Facet]:
    return sorted(facets, key=lambda facet: LEVELS.index(Difficulty(facet.value)))


def _level_name(value: str) -> str:
    return difficulty_text(Difficulty(value))


def _price_name(value: str) -> str:
    return _("Free") if value == "free" else _("Paid")


def _orders(*, with_query: bool) -> list[tuple[CourseOrder, str]]:
    orders: list[tuple[CourseOrder, str]] = [
        ("popular", _("Most learners")),
        ("newest", _("Newest")),
        ("rating", _("Best rated")),
        ("title", _("Title")),
    ]
    return [("relevance", _("Best match")), *orders] if with_query else orders
