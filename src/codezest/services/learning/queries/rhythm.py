"""A learner's days, badges and deadlines."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from codezest_db.enums import AssignmentKind

RHYTHM = """json_build_object(
    'days', (
        SELECT coalesce(json_agg(json_build_object('day', d.day, 'amount', d.steps * 3 + d.submissions + d.answers)
            ORDER BY d.day), '[]')
        FROM learning.study_days d WHERE d.user_id = $1),
    'badges', (
        SELECT coalesce(json_agg(json_build_object('badge', b.badge, 'earned_at', b.created_at)
            ORDER BY b.created_at DESC, b.id DESC), '[]')
        FROM learning.earned_badges b WHERE b.user_id = $1),
    'due', (
        SELECT coalesce(json_agg(json_build_object('id', due.id, 'title', due.title, 'course', due.course,
            'assignment_kind', due.kind, 'due_at', due.due_at) ORDER BY due.due_at, due.id), '[]')
        FROM (
            SELECT x.id, x.title, x.kind, c.title AS course, x.due_at
            FROM learning.enrollments e
            JOIN learning.courses c ON c.id = e.course_id AND c.status = 'PUBLISHED' AND c.deleted_at IS NULL
            JOIN learning.modules m ON m.course_id = c.id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL
            JOIN learning.assignments x ON x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
            WHERE e.user_id = $1 AND e.status = 'ACTIVE' AND x.due_at BETWEEN $2 AND $3
              AND NOT EXISTS (
                  SELECT FROM learning.submissions s WHERE s.user_id = $1 AND s.assignment_id = x.id
                    AND (s.status = 'PASSED' OR s.accepted) AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL)
            ORDER BY x.due_at, x.id LIMIT $4) due))"""
"""Of the caller `$1`: all days with work, badges, and at most `$4` assignments due between `$2` and `$3` that they have not passed."""
DUE_WITHIN = timedelta(days=14)
OVERDUE_WITHIN = timedelta(days=7)
DUE_SHOWN = 5


class StudiedDay(BaseModel):
    day: date
    amount: int


class Earned(BaseModel):
    badge: str
    earned_at: datetime


class Due(BaseModel):
    """An assignment that the caller has not passed yet."""

    id: UUID
    title: str
    course: str
    assignment_kind: AssignmentKind
    due_at: datetime


class Rhythm(BaseModel):
    days: list[StudiedDay]
    badges: list[Earned]
    due: list[Due]
