"""Who may teach in which course. Loading and authorising is one statement; missing and forbidden look alike."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from codezest.kit.actor import Actor
from codezest.kit.errors import Forbidden, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import ROLE, Permission, permissions_of
from codezest.services.learning.policies.writer import NAME_WRITER
from codezest_db.enums import CourseKind, PublicationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtCourse:
    """A course in which the caller has a role."""

    id: UUID
    title: str
    slug: str
    kind: CourseKind
    language_slug: str | None
    """Of the language whose path it is, or which it names."""
    status: PublicationStatus
    role: str
    """OWNER or a `StaffRole`."""
    permissions: frozenset[Permission]

    def may(self, permission: str) -> bool:
        return Permission(permission) in self.permissions


_COURSE = f"""
SELECT c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, {ROLE} AS role
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
"""
_WHERE = "WHERE {condition} AND c.deleted_at IS NULL AND l.deleted_at IS NULL"

BY_ID = _COURSE + _WHERE.format(condition="c.id = $1")
_OF = {
    "module": "SELECT m.course_id FROM learning.modules m WHERE m.id = $1 AND m.deleted_at IS NULL",
    **{
        kind: f"""
        SELECT m.course_id FROM learning.{table} i JOIN learning.modules m ON m.id = i.module_id
        WHERE i.id = $1 AND i.deleted_at IS NULL AND m.deleted_at IS NULL"""
        for kind, table in (("material", "materials"), ("assignment", "assignments"), ("quiz", "quizzes"))
    },
    "version": "SELECT t.course_id FROM learning.versions t WHERE t.id = $1",
    "cohort": "SELECT t.course_id FROM learning.cohorts t WHERE t.id = $1",
    "code": "SELECT t.course_id FROM learning.enrollment_codes t WHERE t.id = $1",
    "invitation": "SELECT t.course_id FROM learning.enrollment_invitations t WHERE t.id = $1",
    "review": "SELECT t.course_id FROM learning.course_reviews t WHERE t.id = $1",
    "submission": """
        SELECT m.course_id FROM learning.submissions s
        JOIN learning.assignments i ON i.id = s.assignment_id JOIN learning.modules m ON m.id = i.module_id
        WHERE s.id = $1""",
    "attempt": """
        SELECT m.course_id FROM learning.quiz_attempts s
        JOIN learning.quizzes i ON i.id = s.quiz_id JOIN learning.modules m ON m.id = i.module_id
        WHERE s.id = $1""",
}
BY = {kind: _COURSE + _WHERE.format(condition=f"c.id = ({query})") for kind, query in _OF.items()}
"""By the kind of thing in a course whose id is `$1`."""


async def access_taught_course(reader: Reader, actor: Actor, course_id: UUID, permission: Permission) -> TaughtCourse:
    """A course of which the caller is staff, with that permission. Within a transaction of an author's it names who writes.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: there is none, or the caller has no role in it.
        Forbidden: the caller's role does not allow it.
    """
    return await _access(reader, actor, BY_ID, course_id, permission)


async def access_course_of(
    reader: Reader, actor: Actor, kind: str, target_id: UUID, permission: Permission
) -> TaughtCourse:
    """The course of a module, material, assignment, quiz, submission or attempt (a key of `BY`); raises as above."""
    return await _access(reader, actor, BY[kind], target_id, permission)


async def _access(
    reader: Reader, actor: Actor, statement: str, target_id: UUID, permission: Permission
) -> TaughtCourse:
    actor.require_user()
    course = taught_course(await reader.fetchrow(statement, target_id, *caller(actor)), permission)
    if permission is Permission.AUTHOR and isinstance(reader, asyncpg.Connection) and reader.is_in_transaction():
        await reader.execute(NAME_WRITER, str(actor.user_id))
    return course


def taught_course(row: Mapping[str, Any] | None, permission: Permission) -> TaughtCourse:
    """The course of a row that holds the columns of `_COURSE`, for statements that read more than who may do what.

    Raises:
        NotFound: there is none, or the caller has no role in it.
        Forbidden: the caller's role does not allow it.
    """
    if row is None or row["role"] is None:
        raise NotFound
    permissions = permissions_of(row["role"])
    if permission not in permissions:
        raise Forbidden(_("Your role in this course does not allow that."))
    return TaughtCourse(
        id=row["id"],
        title=row["title"],
        slug=row["slug"],
        kind=CourseKind(row["kind"]),
        language_slug=row["language_slug"],
        status=PublicationStatus(row["status"]),
        role=row["role"],
        permissions=permissions,
    )
