"""What single learners are granted in a course."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.learner_search import sought_learners
from codezest.services.learning.schemas.accommodations import AccommodationDetail, AccommodationPage

_BODY = """jsonb_build_object(
    'id', g.id, 'course_id', g.course_id, 'user_id', g.user_id, 'learner', u.display_name, 'quiz_id', g.quiz_id,
    'assignment_id', g.assignment_id, 'item', coalesce(z.title, x.title),
    'extra_time_percent', g.extra_time_percent, 'extra_minutes', g.extra_minutes, 'extra_attempts', g.extra_attempts,
    'extra_days', g.extra_days, 'due_at', g.due_at, 'note', g.note,
    'created_at', g.created_at, 'updated_at', g.updated_at)"""
_FROM = """
FROM learning.accommodations g
JOIN auth.public_users u ON u.id = g.user_id
LEFT JOIN learning.quizzes z ON z.id = g.quiz_id
LEFT JOIN learning.assignments x ON x.id = g.assignment_id"""

LIST = f"""
SELECT coalesce(jsonb_agg(found.body ORDER BY found.id DESC), '[]')::text AS body FROM (
    SELECT g.id, {_BODY} AS body {_FROM}
    WHERE g.course_id = $1 AND ($2::uuid IS NULL OR g.user_id = $2) AND ($3::uuid IS NULL OR g.id < $3)
    ORDER BY g.id DESC LIMIT $4) found
"""
ONE = f"SELECT {_BODY}::text AS body {_FROM} WHERE g.course_id = $1 AND g.id = $2"

LEARNERS = """
SELECT coalesce(jsonb_agg(found), '[]') AS body FROM (
    SELECT u.id, u.display_name AS name FROM learning.enrollments e JOIN auth.public_users u ON u.id = e.user_id
    WHERE e.course_id = $1 AND e.status <> 'DROPPED' AND u.display_name IS NOT NULL
      AND ($3::uuid[] IS NULL OR e.user_id = ANY ($3))
    ORDER BY e.id LIMIT $2) found
"""
MOST_LEARNERS = 100
ITEMS = """
SELECT coalesce(jsonb_agg(found ORDER BY found.module, found.position, found.id), '[]') AS body FROM (
    SELECT 'QUIZ' AS kind, x.id, x.title, m.position AS module, x.position
    FROM learning.quizzes x JOIN learning.modules m ON m.id = x.module_id
    WHERE m.course_id = $1 AND x.deleted_at IS NULL AND m.deleted_at IS NULL
    UNION ALL
    SELECT 'ASSIGNMENT', x.id, x.title, m.position, x.position
    FROM learning.assignments x JOIN learning.modules m ON m.id = x.module_id
    WHERE m.course_id = $1 AND x.deleted_at IS NULL AND m.deleted_at IS NULL LIMIT 1000) found
"""


async def accommodations(
    reader: Reader, actor: Actor, course_id: UUID, *, user_id: UUID | None = None, cursor: str | None, limit: int
) -> AccommodationPage:
    """What is granted in a course, to one learner or to all, the newest first.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_taught_course`; the caller may grade there.
        BadRequest: the cursor is not one of ours.
    """
    await access_taught_course(reader, actor, course_id, Permission.GRADE)
    row = await reader.fetchrow(LIST, course_id, user_id, decode_cursor(cursor), limit + 1)
    page = AccommodationPage.model_validate_json(f'{{"items": {row["body"]}, "next_cursor": null}}')
    if len(page.items) > limit:
        del page.items[limit:]
        page.next_cursor = encode_cursor(page.items[-1].id)
    return page


async def learners_to_grant(reader: Reader, course_id: UUID, words: str) -> list[tuple[str, str]]:
    """Id and name of learners whose name has these words, as many as a list to choose from can hold."""
    among = await sought_learners(reader, course_id, words, wanted=MOST_LEARNERS)
    row = await reader.fetchrow(LEARNERS, course_id, MOST_LEARNERS, among.user_ids)
    return [(one["id"], one["name"]) for one in row["body"]]


async def items_to_grant_for(reader: Reader, course_id: UUID) -> list[tuple[str, str]]:
    """The course's quizzes and assignments in order: `KIND:id` and title."""
    row = await reader.fetchrow(ITEMS, course_id)
    return [(f"{one['kind']}:{one['id']}", one["title"]) for one in row["body"]]


async def accommodation(reader: Reader, course_id: UUID, accommodation_id: UUID) -> AccommodationDetail | None:
    """One of them, for a caller who may see it."""
    row = await reader.fetchrow(ONE, course_id, accommodation_id)
    return None if row is None else AccommodationDetail.model_validate_json(row["body"])
