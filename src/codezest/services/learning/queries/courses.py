"""The catalogue: courses by words, filters and order, with the facets that are left; and one course with its modules."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader, admit, caller, decision
from codezest.services.learning.queries.catalog import MODULES
from codezest.services.learning.queries.enrolling import COURSES_MISSING, OPEN_COHORTS, PREREQUISITES
from codezest.services.learning.queries.fragments import ENROLLMENT
from codezest.services.learning.queries.reviews import NEWEST
from codezest.services.learning.queries.search import text_query, words_of
from codezest.services.learning.schemas.courses import CourseDetail, CourseOrder, CoursePage, WaysIn

PAGE_SIZE = 24
LAST_PAGE = 1_000

# An address may be written by hand: one of ours leads to no file of another course.
_IMAGE_URL = """(SELECT shown.address FROM (SELECT coalesce(c.image_url, '/' || c.image_key) AS address) shown
    WHERE shown.address NOT LIKE '/uploads/%'
       OR EXISTS (SELECT FROM learning.uploads w WHERE w.course_id = c.id AND shown.address = '/uploads/' || w.id))"""
_SUMMARY = f"""
    'id', c.id, 'kind', c.kind, 'slug', c.slug, 'language_slug', l.slug, 'language_name', l.name, 'icon', l.icon,
    'title', c.title, 'subtitle', c.subtitle, 'image_url', {_IMAGE_URL}, 'level', c.level, 'category', c.category,
    'tags', c.tags, 'spoken_language', c.spoken_language, 'duration_minutes', c.duration_minutes,
    'price_minor', c.price_minor, 'currency', c.currency, 'rating_average', c.rating_average,
    'rating_count', c.rating_count, 'enrollment_count', c.enrollment_count, 'published_at', c.published_at,
    'instructor', CASE WHEN u.id IS NOT NULL THEN json_build_object(
        'id', u.id, 'display_name', u.display_name, 'avatar_url', u.avatar_url) END,
    'enrollment_status', e.status, 'progress_percent', coalesce(e.progress_percent, 0)"""

ORDERS: Mapping[CourseOrder, str] = {
    "relevance": "rank DESC, enrollment_count DESC, id",
    "newest": "published_at DESC, id DESC",
    "popular": "enrollment_count DESC, id",
    "rating": "rating_average DESC NULLS LAST, rating_count DESC, id",
    "title": "title, id",
}

FACETS: Mapping[str, tuple[str, str]] = {
    "levels": ("level", "level"),
    "categories": ("category", "category"),
    "languages": ("language_slug", "language_name"),
    "spoken": ("spoken_language", "spoken_language"),
    "prices": ("price", "price"),
}
"""By filter: the column of its value and the column of its label."""


def _is_left(*, but: str = "") -> str:
    """The condition that a row passes all filters, but for one."""
    return " AND ".join(f"in_{name}" for name in FACETS if name != but) or "true"


def _facet(name: str) -> str:
    value, label = FACETS[name]
    return f"""'{name}', (
        SELECT coalesce(json_agg(json_build_object('value', value, 'label', label, 'count', n) ORDER BY n DESC, label), '[]')
        FROM (SELECT {value} AS value, min({label}) AS label, count(*) AS n FROM offered
              WHERE {value} IS NOT NULL AND {_is_left(but=name)} GROUP BY {value}) f)"""


def _catalogue(order: CourseOrder) -> str:
    filters = ", ".join(
        f"(cardinality(${number}::text[]) = 0 OR coalesce({value} = ANY (${number}), false)) AS in_{name}"
        for number, (name, (value, _)) in enumerate(FACETS.items(), 3)
    )
    return f"""
WITH asked AS MATERIALIZED (
    SELECT CASE WHEN $2 <> '' THEN to_tsquery('learning.forms', $2) || to_tsquery('learning.words', $2) END AS query),
candidates AS (
    SELECT c.*, l.slug AS language_slug, l.name AS language_name,
        CASE WHEN c.price_minor = 0 THEN 'free' ELSE 'paid' END AS price,
        CASE WHEN asked.query IS NULL THEN 0 ELSE ts_rank('{{0, 0.3, 0.5, 1.0}}', s.words, asked.query, 1) END AS rank
    FROM asked, learning.courses c
    JOIN learning.search_entries s ON s.target_id = c.id AND s.listed
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    WHERE c.status = 'PUBLISHED' AND c.deleted_at IS NULL
      AND (l.id IS NULL OR (l.is_active AND l.deleted_at IS NULL))
      AND (asked.query IS NULL OR s.words @@ asked.query)),
offered AS MATERIALIZED (SELECT *, {filters} FROM candidates),
page AS (
    SELECT *, row_number() OVER (ORDER BY {ORDERS[order]}) AS place FROM offered WHERE {_is_left()}
    ORDER BY {ORDERS[order]} LIMIT {PAGE_SIZE} OFFSET $8)
SELECT json_build_object(
    'total', (SELECT count(*) FROM offered WHERE {_is_left()}),
    'items', (
        SELECT coalesce(json_agg(json_build_object({_SUMMARY}) ORDER BY c.place), '[]')
        FROM page c
        LEFT JOIN learning.programming_languages l ON l.id = c.language_id
        LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $1
        LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id),
    {", ".join(_facet(name) for name in FACETS)})::text AS body
"""


CATALOGUES: Mapping[CourseOrder, str] = {order: _catalogue(order) for order in ORDERS}

_WAYS_IN = f"""
    'enrollment_policy', c.enrollment_policy, 'cohorts', {OPEN_COHORTS}, 'prerequisites', {PREREQUISITES},
    'prerequisites_missing', {COURSES_MISSING},
    'held', e.held_at IS NOT NULL, 'cohort', (
        SELECT json_build_object('id', k.id, 'name', k.name, 'starts_at', k.starts_at, 'ends_at', k.ends_at, 'full', false)
        FROM learning.cohorts k WHERE k.id = e.cohort_id)"""

WAYS_IN = f"""
SELECT json_build_object({_WAYS_IN})::text AS body
FROM learning.courses c
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2
WHERE c.id = $1
"""

COURSE = f"""
SELECT a.access, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_SUMMARY},
    'description', c.description, 'status', c.status, 'can_author', a.access = 'staff', 'enrollment', {ENROLLMENT},
    'modules', {MODULES}, 'rating_counts', c.rating_counts, 'reviews', {NEWEST},
    {_WAYS_IN},
    'introduction', (
        SELECT json_build_object('handle', n.handle, 'bio', n.bio, 'expertise', n.expertise)
        FROM auth.public_instructors n WHERE n.user_id = c.instructor_user_id)
    )::text END AS body
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2
LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id
CROSS JOIN LATERAL (SELECT {decision()} AS access) a
WHERE c.slug = $1 AND c.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader looks for; an empty filter lets everything through."""

    query: str = ""
    levels: Sequence[str] = ()
    categories: Sequence[str] = ()
    languages: Sequence[str] = ()
    spoken: Sequence[str] = ()
    prices: Sequence[str] = ()
    order: CourseOrder = "relevance"
    page: int = 1


async def catalogue(reader: Reader, actor: Actor, wanted: Wanted) -> CoursePage:
    """The published courses that fit, one page of them; a page past the last is empty."""
    words = words_of(wanted.query)
    order = "popular" if wanted.order == "relevance" and not words else wanted.order
    page = min(max(wanted.page, 1), LAST_PAGE)
    filters = [list(getattr(wanted, name)) for name in FACETS]
    row = await reader.fetchrow(
        CATALOGUES[order], actor.user_id, text_query(words, "ABC"), *filters, (page - 1) * PAGE_SIZE
    )
    body = json.loads(row["body"])
    return CoursePage(**body, page=page, pages=-(-body["total"] // PAGE_SIZE))


async def course(reader: Reader, actor: Actor, slug: str) -> CourseDetail:
    """One course with its modules.

    Raises:
        NotFound, ContentArchived: see `policies.admit`.
    """
    row = await reader.fetchrow(COURSE, slug, *caller(actor))
    admit(row)
    return CourseDetail.model_validate_json(row["body"])


async def ways_in(reader: Reader, actor: Actor, course_id: UUID) -> WaysIn:
    """What stands between the caller and a course that they may see."""
    row = await reader.fetchrow(WAYS_IN, course_id, actor.user_id)
    return WaysIn.model_validate_json(row["body"])
