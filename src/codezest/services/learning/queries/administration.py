"""Reads over all courses, for administrators: pages along the time-ordered ids, a statement made of what is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.pagination import Page, decode_cursor, encode_cursor, first_id_of
from codezest.services.learning.schemas.administration import (
    CourseRow,
    DeletedKind,
    DeletedOut,
    EnrollmentRow,
    LearningCounts,
    UpTo,
)
from codezest_db.enums import PublicationStatus

COUNTED = 100_000

_COUNTS = f"""
SELECT (SELECT count(*) FROM (SELECT FROM learning.submissions
            WHERE id >= $1 AND purpose = 'SUBMIT' LIMIT {COUNTED + 1}) n) AS submissions_today,
       (SELECT count(*) FROM (SELECT FROM learning.enrollments
            WHERE status = 'PENDING' LIMIT {COUNTED + 1}) n) AS pending_enrollments,
       (SELECT count(*) FROM (SELECT FROM learning.deleted_content LIMIT {COUNTED + 1}) n) AS deleted
"""  # noqa: S608 - constants
_STATES = "SELECT status, count(*) AS number FROM learning.courses WHERE deleted_at IS NULL GROUP BY status"
_COURSES = """
SELECT c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, c.instructor_user_id AS owner_id,
       u.display_name AS owner_name, c.enrollment_count, c.created_at
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id
WHERE c.deleted_at IS NULL
"""
_DELETED = """
SELECT d.id, d.content_id, d.kind, d.title, d.deleted_at, d.deleted_by, u.display_name AS deleted_by_name,
       coalesce(m.course_id, CASE WHEN d.kind IN ('MODULE', 'QUESTION') THEN d.parent_id END) AS course_id, c.title AS course_title,
       coalesce(z.deleted_at, m.deleted_at, c.deleted_at) IS NOT NULL AS parent_deleted
FROM learning.deleted_content d
LEFT JOIN learning.quizzes z ON d.kind = 'QUESTION' AND z.id = d.parent_id
LEFT JOIN learning.modules m
    ON m.id = coalesce(z.module_id, CASE WHEN d.kind IN ('MATERIAL', 'ASSIGNMENT', 'QUIZ') THEN d.parent_id END)
LEFT JOIN learning.courses c ON c.id = coalesce(m.course_id, d.parent_id)
LEFT JOIN auth.public_users u ON u.id = d.deleted_by
WHERE true
"""
_ENROLLMENTS = """
SELECT e.id, e.user_id, u.display_name AS user_name, e.course_id, c.title AS course_title, c.price_minor, c.currency,
       e.status, e.progress_percent, e.enrolled_at
FROM learning.enrollments e
JOIN learning.courses c ON c.id = e.course_id
LEFT JOIN auth.public_users u ON u.id = e.user_id
WHERE true
"""


@dataclass(slots=True)
class _Question:
    """A statement that grows by conditions, and their values."""

    text: str
    values: list[Any]

    def add(self, condition: str, value: Any) -> None:
        self.values.append(value)
        self.text += f" AND {condition.format(f'${len(self.values)}')}"

    async def answer(self, pool: Pool, alias: str, *, cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
        behind = decode_cursor(cursor)
        if behind is not None:
            self.add(f"{alias}.id < {{}}", behind)
        rows = await pool.fetch(f"{self.text} ORDER BY {alias}.id DESC LIMIT {limit + 1}", *self.values)
        return rows[:limit], encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None


async def learning_counts(pool: Pool, *, since: datetime) -> LearningCounts:
    """Numbers for the overview; the caller has looked who asks. `since` is when today began."""
    row = await pool.fetchrow(_COUNTS, first_id_of(since))
    assert row is not None
    states = {one["status"]: one["number"] for one in await pool.fetch(_STATES)}

    def counted(name: str) -> UpTo:
        return UpTo(count=min(row[name], COUNTED), more=row[name] > COUNTED)

    return LearningCounts(
        courses={status: states.get(status.value, 0) for status in PublicationStatus},
        submissions_today=counted("submissions_today"),
        pending_enrollments=counted("pending_enrollments"),
        deleted=counted("deleted"),
    )


async def every_course(
    pool: Pool,
    actor: Actor,
    *,
    search: str | None,
    status: PublicationStatus | None,
    owner_id: UUID | None = None,
    cursor: str | None,
    limit: int,
) -> Page[CourseRow]:
    """Courses and paths of every state and owner, or of one, the newest first; `search` is a part of the title or address.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    question = _Question(_COURSES, [])
    if status is not None:
        question.add("c.status = {}", status.value)
    if owner_id is not None:
        question.add("c.instructor_user_id = {}", owner_id)
    if search and search.strip():
        # Courses are thousands where people are millions: they are looked through as they come.
        question.add("strpos(lower(c.title || ' ' || c.slug), {}) > 0", search.strip().lower())
    rows, next_cursor = await question.answer(pool, "c", cursor=cursor, limit=limit)
    return Page(items=[CourseRow.model_validate(dict(row)) for row in rows], next_cursor=next_cursor)


async def deleted_content(
    pool: Pool, actor: Actor, *, kind: DeletedKind | None, cursor: str | None, limit: int
) -> Page[DeletedOut]:
    """What was deleted, the last first.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    question = _Question(_DELETED, [])
    if kind is not None:
        question.add("d.kind = {}", kind)
    rows, next_cursor = await question.answer(pool, "d", cursor=cursor, limit=limit)
    return Page(items=[DeletedOut.model_validate(dict(row)) for row in rows], next_cursor=next_cursor)


async def every_enrollment(
    pool: Pool,
    actor: Actor,
    *,
    user_id: UUID | None,
    pending: bool,
    cursor: str | None,
    limit: int,
) -> Page[EnrollmentRow]:
    """Enrolments of one person, those that wait to be activated, or all, the newest first.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    question = _Question(_ENROLLMENTS, [])
    if user_id is not None:
        question.add("e.user_id = {}", user_id)
    if pending:
        question.text += " AND e.status = 'PENDING'"  # spelled out, as in the index that holds nothing else
    rows, next_cursor = await question.answer(pool, "e", cursor=cursor, limit=limit)
    return Page(items=[EnrollmentRow.model_validate(dict(row)) for row in rows], next_cursor=next_cursor)
