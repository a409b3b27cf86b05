"""Reviews of a course, the newest first, with how many gave each number of stars."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import COURSE_JOINS, Reader, admit, caller, decision
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.policies.reviewing import MAY_REVIEW
from codezest.services.learning.schemas.reviews import ReportedReviews, ReviewPage

SHOWN_WITH_COURSE = 3
MOST_REASONS = 20
"""Of one review that was reported, the oldest first."""

REVIEW = """json_build_object('id', r.id, 'display_name', w.display_name, 'rating', r.rating, 'text', r.text,
    'created_at', r.created_at, 'updated_at', r.updated_at, 'reply', r.reply, 'replied_at', r.replied_at,
    'hidden_at', r.hidden_at, 'own', coalesce(r.user_id = $2, false),
    'reports', CASE WHEN $3 = 'ADMIN' THEN (
        SELECT count(*) FROM learning.review_reports p WHERE p.review_id = r.id AND p.settled_at IS NULL) ELSE 0 END)"""
"""Of review `r` with its writer `w`, a row of `auth.public_users`."""

NEWEST = f"""(
    SELECT coalesce(json_agg({REVIEW} ORDER BY r.id DESC), '[]')
    FROM (SELECT * FROM learning.course_reviews r WHERE r.course_id = c.id AND r.hidden_at IS NULL
          ORDER BY r.id DESC LIMIT {SHOWN_WITH_COURSE}) r
    LEFT JOIN auth.public_users w ON w.id = r.user_id)"""
"""The newest few of course `c`."""

_AUTHOR = holds(Permission.AUTHOR)

REVIEWS = f"""
SELECT a.access, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object(
    'rating_average', c.rating_average, 'rating_count', c.rating_count, 'rating_counts', c.rating_counts,
    'may_review', a.access = 'open' AND {MAY_REVIEW}, 'can_reply', {_AUTHOR}, 'can_hide', coalesce($3 = 'ADMIN', false),
    'own', (SELECT {REVIEW} FROM learning.course_reviews r LEFT JOIN auth.public_users w ON w.id = r.user_id
            WHERE r.course_id = c.id AND r.user_id = $2),
    'next_cursor', NULL,
    'items', (
        SELECT coalesce(json_agg({REVIEW} ORDER BY r.id DESC), '[]')
        FROM (SELECT * FROM learning.course_reviews r
              WHERE r.course_id = c.id AND (r.hidden_at IS NULL OR a.access = 'staff')
                AND ($4::int IS NULL OR r.rating = $4) AND ($5::uuid IS NULL OR r.id < $5)
              ORDER BY r.id DESC LIMIT $6) r
        LEFT JOIN auth.public_users w ON w.id = r.user_id))::text END AS body
FROM learning.courses c {COURSE_JOINS}
CROSS JOIN LATERAL (SELECT {decision()} AS access) a
WHERE {{condition}} AND c.deleted_at IS NULL
"""
BY_SLUG = REVIEWS.format(condition="c.slug = $1")
BY_ID = REVIEWS.format(condition="c.id = $1")

REPORTED = f"""
SELECT json_build_object('next_cursor', NULL, 'items', coalesce(json_agg(json_build_object(
    'review', {REVIEW}, 'course_title', c.title, 'course_slug', c.slug,
    'reasons', (SELECT coalesce(json_agg(p.reason ORDER BY p.id), '[]') FROM (
        SELECT * FROM learning.review_reports p WHERE p.review_id = r.id AND p.settled_at IS NULL
        ORDER BY p.id LIMIT {MOST_REASONS}) p)) ORDER BY r.id DESC), '[]'))::text AS body
FROM (
    SELECT r.* FROM learning.course_reviews r
    WHERE {{condition}} AND ($1::uuid IS NULL OR r.id < $1)
    ORDER BY r.id DESC LIMIT $4) r
JOIN learning.courses c ON c.id = r.course_id
LEFT JOIN auth.public_users w ON w.id = r.user_id
"""
OPEN = REPORTED.format(
    condition="r.id IN (SELECT p.review_id FROM learning.review_reports p WHERE p.settled_at IS NULL)"
)
HIDDEN = REPORTED.format(condition="r.hidden_at IS NOT NULL")


async def reviews(
    reader: Reader, actor: Actor, course: str | UUID, *, rating: int | None, cursor: str | None, limit: int
) -> ReviewPage:
    """A page of a course's reviews, by its slug or id; `rating` leaves only those of as many stars. Whoever teaches the course sees those that
    are hidden too.

    Raises:
        NotFound, ContentArchived: see `policies.admit`.
        BadRequest: the cursor is not one of ours.
    """
    statement = BY_ID if isinstance(course, UUID) else BY_SLUG
    row = await reader.fetchrow(statement, course, *caller(actor), rating, decode_cursor(cursor), limit + 1)
    admit(row)
    found = ReviewPage.model_validate_json(row["body"])
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].id)
    return found


async def reported_reviews(
    reader: Reader, actor: Actor, *, hidden: bool = False, cursor: str | None, limit: int
) -> ReportedReviews:
    """Reviews that were reported and not looked at since, or those that are hidden; the newest first.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    statement = HIDDEN if hidden else OPEN
    row = await reader.fetchrow(statement, decode_cursor(cursor), *caller(actor), limit + 1)
    found = ReportedReviews.model_validate_json(row["body"])
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].review.id)
    return found
