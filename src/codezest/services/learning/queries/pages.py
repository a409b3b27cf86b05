"""What only pages need to know."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from codezest.kit.actor import Actor
from codezest.services.learning.policies import TABLES, Reader
from codezest.services.learning.queries.rhythm import DUE_SHOWN, DUE_WITHIN, OVERDUE_WITHIN, RHYTHM, Rhythm
from codezest.services.learning.queries.work import ATTEMPT_SUMMARY, SUBMISSION_SUMMARY
from codezest.services.learning.schemas.catalog import ItemKind
from codezest.services.learning.schemas.pages import RecentResults
from codezest_db.enums import CourseKind, EnrollmentPolicy


class Standing(BaseModel):
    """What the dashboard shows beside the courses."""

    recent: RecentResults
    rhythm: Rhythm


COURSE_OF: Mapping[ItemKind, str] = {
    kind: f"""
    SELECT c.kind, c.slug, l.slug AS language_slug, c.enrollment_policy
    FROM {table} i
    JOIN learning.modules m ON m.id = i.module_id
    JOIN learning.courses c ON c.id = m.course_id
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    WHERE i.id = $1
    """
    for kind, table in TABLES.items()
}

_RECENT = f"""json_build_object(
    'submissions', (
        SELECT coalesce(json_agg(json_build_object(
            'title', x.title, 'assignment_kind', x.kind, 'summary', json_build_object({SUBMISSION_SUMMARY}))
            ORDER BY s.submitted_at DESC, s.id DESC), '[]')
        FROM (
            SELECT * FROM learning.submissions s
            WHERE s.user_id = $1 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
            ORDER BY s.submitted_at DESC, s.id DESC LIMIT $5) s
        JOIN learning.assignments x ON x.id = s.assignment_id),
    'attempts', (
        SELECT coalesce(json_agg(json_build_object('title', x.title, 'summary', json_build_object({ATTEMPT_SUMMARY}))
            ORDER BY t.completed_at DESC, t.id DESC), '[]')
        FROM (
            SELECT * FROM learning.quiz_attempts t
            WHERE t.user_id = $1 AND t.status IN ('GRADED', 'EXPIRED') AND t.score IS NOT NULL
            ORDER BY t.completed_at DESC, t.id DESC LIMIT $5) t
        JOIN learning.quizzes x ON x.id = t.quiz_id))"""


STANDING = f"""
SELECT json_build_object('recent', {_RECENT}, 'rhythm', {RHYTHM})::text AS body
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOfItem:
    """The course that an item belongs to, as its page is addressed; its outline is open to everybody anyway."""

    kind: CourseKind
    slug: str
    language_slug: str | None
    open: bool
    """Whether enrolling takes no more than to ask."""


async def course_of_item(reader: Reader, kind: ItemKind, item_id: UUID) -> CourseOfItem | None:
    """None where there is no such item."""
    row = await reader.fetchrow(COURSE_OF[kind], item_id)
    if row is None:
        return None
    return CourseOfItem(
        kind=CourseKind(row["kind"]),
        slug=row["slug"],
        language_slug=row["language_slug"],
        open=row["enrollment_policy"] == EnrollmentPolicy.OPEN,
    )


async def standing(reader: Reader, actor: Actor, moment: datetime, *, limit: int) -> Standing:
    """The caller's newest submissions and graded quizzes, at most `limit` of each; their days with work and badges; and what is
    due soon, or was lately.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    row = await reader.fetchrow(
        STANDING, actor.require_user(), moment - OVERDUE_WITHIN, moment + DUE_WITHIN, DUE_SHOWN, limit
    )
    return Standing.model_validate_json(row["body"])
