"""The courses in which somebody teaches, and who teaches in one."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from dataclasses import dataclass
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import Page, decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import ROLE, Permission
from codezest.services.learning.policies.teaching import TaughtCourse, taught_course
from codezest.services.learning.queries.search import text_query, words_of
from codezest.services.learning.schemas.teaching import CourseRole, StaffMember, TaughtCourseSummary
from codezest_db.enums import PublicationStatus

PAGE_SIZE = 25
COUNTED = 100
"""As far as waiting things are counted: more is many, however many more."""

_MINE = """
    SELECT c.id FROM learning.courses c WHERE c.instructor_user_id = $2
    UNION SELECT staff.course_id FROM learning.course_staff staff WHERE staff.user_id = $2
"""
_WAITING = f"""
    (SELECT count(*) FROM (
        SELECT FROM learning.enrollments e WHERE e.course_id = c.id AND e.status = 'PENDING' LIMIT {COUNTED}) x)"""
_TO_GRADE = f"""
    (SELECT count(*) FROM (
        SELECT FROM learning.hand_gradings h WHERE h.course_id = c.id AND h.state = 'WAITING' LIMIT {COUNTED}) x)"""


def _listed(source: str) -> str:
    """`$1` the cursor's id, `$2` and `$3` the caller, `$4` words, `$5` a status, `$6` a role, `$7` the rows."""
    return f"""
WITH page AS MATERIALIZED (
    SELECT c.*, l.slug AS language_slug, r.role
    FROM {source}
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    CROSS JOIN LATERAL (SELECT {ROLE} AS role) r
    WHERE c.deleted_at IS NULL AND l.deleted_at IS NULL AND r.role IS NOT NULL
      AND ($1::uuid IS NULL OR c.id < $1) AND ($5::text IS NULL OR c.status = $5) AND ($6::text IS NULL OR r.role = $6)
      AND ($4 = '' OR EXISTS (
          SELECT FROM learning.search_entries s
          WHERE s.target_id = c.id AND s.words @@ (to_tsquery('learning.forms', $4) || to_tsquery('learning.words', $4))))
    ORDER BY c.id DESC LIMIT $7)
SELECT coalesce(json_agg(json_build_object(
    'id', c.id, 'kind', c.kind, 'title', c.title, 'slug', c.slug, 'language_slug', c.language_slug, 'status', c.status,
    'role', c.role, 'enrollment_count', c.enrollment_count, 'rating_average', c.rating_average,
    'rating_count', c.rating_count, 'updated_at', c.updated_at,
    'owner', CASE WHEN u.id IS NOT NULL THEN json_build_object(
        'id', u.id, 'display_name', u.display_name, 'avatar_url', u.avatar_url) END,
    'pending_enrollments', {_WAITING}, 'to_grade', {_TO_GRADE}) ORDER BY c.id DESC), '[]')::text AS body
FROM page c LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id
"""


MINE = _listed(f"({_MINE}) mine JOIN learning.courses c USING (id)")
ALL = _listed("learning.courses c")

STAFF = f"""
SELECT c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, r.role,
    CASE WHEN r.role IS NOT NULL THEN (
        SELECT coalesce(json_agg(json_build_object('role', s.role, 'since', s.created_at, 'user', json_build_object(
            'id', u.id, 'display_name', u.display_name, 'avatar_url', u.avatar_url)) ORDER BY s.place, s.created_at), '[]')
        FROM (
            SELECT c.instructor_user_id AS user_id, 'OWNER' AS role, NULL::timestamptz AS created_at, 0 AS place
            UNION ALL
            SELECT x.user_id, x.role, x.created_at, 1 FROM learning.course_staff x WHERE x.course_id = c.id) s
        JOIN auth.public_users u ON u.id = s.user_id)::text END AS body
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
CROSS JOIN LATERAL (SELECT {ROLE} AS role) r
WHERE c.id = $1 AND c.deleted_at IS NULL AND l.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCourses:
    """Which courses to list; None lets everything through."""

    query: str = ""
    status: PublicationStatus | None = None
    role: CourseRole | None = None
    everybody: bool = False
    """Those of others too, for administrators."""
    cursor: str | None = None


async def taught_courses(reader: Reader, actor: Actor, wanted: WantedCourses) -> Page[TaughtCourseSummary]:
    """A page of the courses in which the caller has a role, the newest first.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: somebody who is no administrator asks for everybody's.
        BadRequest: the cursor is none.
    """
    actor.require_user()
    if wanted.everybody:
        actor.require_admin()
    row = await reader.fetchrow(
        ALL if wanted.everybody else MINE,
        decode_cursor(wanted.cursor),
        *caller(actor),
        text_query(words_of(wanted.query), "ABC"),
        wanted.status,
        wanted.role,
        PAGE_SIZE + 1,
    )
    items = [TaughtCourseSummary.model_validate(item) for item in json.loads(row["body"])]
    more = len(items) > PAGE_SIZE
    return Page(items=items[:PAGE_SIZE], next_cursor=encode_cursor(items[PAGE_SIZE - 1].id) if more else None)


async def staff_of_course(reader: Reader, actor: Actor, course_id: UUID) -> tuple[TaughtCourse, list[StaffMember]]:
    """Who teaches in a course: its owner first, then the others, those who came first first.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    row = await reader.fetchrow(STAFF, course_id, *caller(actor))
    course = taught_course(row, Permission.VIEW)
    return course, [StaffMember.model_validate(item) for item in json.loads(row["body"])]
