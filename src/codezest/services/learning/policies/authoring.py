"""Who may write what: administrators everything, instructors the courses they own or co-teach. Anything else is not found.

What is loaded is locked against other authors until the transaction ends: the row itself, and above it whatever a check
of the change has to rely on. Learners are not held up: their rows refer to ids, which nobody changes.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.policies.writer import name_writer
from codezest_db.enums import CourseKind, StaffRole
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    CourseStaff,
    Material,
    Module,
    Option,
    ProgrammingLanguage,
    Question,
    Quiz,
)

Content = Module | Material | Assignment | Quiz | AssignmentTest | Question | Option
ContentT = TypeVar("ContentT", bound=Content)

_PARENTS: dict[type[Any], tuple[type[Any], ColumnElement[bool]]] = {
    Module: (Course, Module.course_id == Course.id),
    Material: (Module, Material.module_id == Module.id),
    Assignment: (Module, Assignment.module_id == Module.id),
    Quiz: (Module, Quiz.module_id == Module.id),
    AssignmentTest: (Assignment, AssignmentTest.assignment_id == Assignment.id),
    Question: (Quiz, Question.quiz_id == Quiz.id),
    Option: (Question, Option.question_id == Question.id),
}
_LOCKED: dict[type[Any], tuple[type[Any], ...]] = {
    Module: (Course, Module),
    AssignmentTest: (Assignment, AssignmentTest),
    Question: (Quiz, Question),
    Option: (Quiz, Option),
}
"""In this order, as whoever orders or replaces the parts of something locks it: the whole, then its parts."""


@dataclass(frozen=True, slots=True)
class Authored(Generic[ContentT]):
    """Content that the caller may change, and the course it belongs to."""

    row: ContentT
    course: Course


def writes(actor: Actor) -> ColumnElement[bool]:
    """Whether an instructor writes the course: its owner, or a co-instructor."""
    return or_(
        Course.instructor_user_id == actor.user_id,
        exists().where(
            CourseStaff.course_id == Course.id,
            CourseStaff.user_id == actor.user_id,
            CourseStaff.role == StaffRole.CO_INSTRUCTOR,
        ),
    )


async def access_authored(
    session: AsyncSession, actor: Actor, model: type[ContentT], content_id: UUID
) -> Authored[ContentT]:
    """Content to be changed by its author.

    Raises:
        Unauthenticated, Forbidden: the caller is no author at all.
        NotFound: there is none, it was deleted, or it is somebody else's.
    """
    actor.require_author()
    await name_writer(session, actor)
    parents, locked = _PARENTS, _LOCKED.get(model, (model,))
    if model in {Question, Option} and await _is_in_bank(session, model, content_id):
        parents, locked = {**_PARENTS, Question: (Course, Question.course_id == Course.id)}, (Question,)
    query: Select[Any, Any] = select(model, Course)
    child: type[Any] = model
    conditions: list[ColumnElement[bool]] = [model.id == content_id]
    while child is not Course:
        parent, condition = parents[child]
        query = query.join(parent, condition)
        child = parent
        if hasattr(child, "deleted_at"):
            conditions.append(child.deleted_at.is_(None))
    if hasattr(model, "deleted_at"):
        conditions.append(getattr(model, "deleted_at").is_(None))  # noqa: B009 - tests have none
    if not actor.is_admin:
        conditions.append(writes(actor))
    found = await session.execute(query.where(*conditions).with_for_update(of=locked, key_share=True))
    pair = found.one_or_none()
    if pair is None:
        raise NotFound
    return Authored(pair[0], pair[1])


async def access_course_to_change(
    session: AsyncSession, actor: Actor, course_id: UUID, permission: Permission = Permission.AUTHOR
) -> Course:
    """A course whose staff changes it. It is locked as all that is loaded here.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, permission)
    return await session.get_one(Course, course_id, with_for_update={"key_share": True}, populate_existing=True)


async def _is_in_bank(session: AsyncSession, model: type[Any], content_id: UUID) -> bool:
    """Whether a question, or that of an option, belongs to a course rather than to a quiz."""
    query = select(Question.course_id)
    if model is Option:
        query = query.join(Option, Option.question_id == Question.id).where(Option.id == content_id)
    else:
        query = query.where(Question.id == content_id)
    return await session.scalar(query) is not None


async def access_authored_path(session: AsyncSession, actor: Actor, slug: str) -> Course:
    """The path of a language, to have its modules written.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    actor.require_author()
    await name_writer(session, actor)
    query = (
        select(Course)
        .join(ProgrammingLanguage, Course.language_id == ProgrammingLanguage.id)
        .where(
            ProgrammingLanguage.slug == slug,
            ProgrammingLanguage.deleted_at.is_(None),
            Course.kind == CourseKind.PATH,
            Course.deleted_at.is_(None),
        )
        .with_for_update(of=Course, key_share=True)
    )
    if not actor.is_admin:
        query = query.where(writes(actor))
    course = await session.scalar(query)
    if course is None:
        raise NotFound
    return course


async def access_language_as_admin(
    session: AsyncSession, actor: Actor, slug: str
) -> tuple[ProgrammingLanguage, Course]:
    """A language and its path, to be changed by an administrator.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        NotFound: there is none.
    """
    actor.require_admin()
    course = await access_authored_path(session, actor, slug)
    assert course.language_id is not None
    language = await session.get_one(ProgrammingLanguage, course.language_id, with_for_update={"key_share": True})
    return language, course
