"""Who may write what: administrators everything, instructors the courses they teach. Anything else is not found.

What is loaded is locked against other authors until the transaction ends: the row itself, and above it whatever a check
of the change has to rely on. Learners are not held up: their rows refer to ids, which nobody changes.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest_db.enums import CourseKind
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
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
    Module: (Module, Course),
    AssignmentTest: (AssignmentTest, Assignment),
    Question: (Question, Quiz),
    Option: (Option, Quiz),
}


@dataclass(frozen=True, slots=True)
class Authored(Generic[ContentT]):
    """Content that the caller may change, and the course it belongs to."""

    row: ContentT
    course: Course


async def access_authored(
    session: AsyncSession, actor: Actor, model: type[ContentT], content_id: UUID
) -> Authored[ContentT]:
    """Content to be changed by its author.

    Raises:
        Unauthenticated, Forbidden: the caller is no author at all.
        NotFound: there is none, it was deleted, or it is somebody else's.
    """
    actor.require_author()
    query: Select[Any, Any] = select(model, Course)
    child: type[Any] = model
    conditions: list[ColumnElement[bool]] = [model.id == content_id]
    while child is not Course:
        parent, condition = _PARENTS[child]
        query = query.join(parent, condition)
        child = parent
        if hasattr(child, "deleted_at"):
            conditions.append(child.deleted_at.is_(None))
    if hasattr(model, "deleted_at"):
        conditions.append(getattr(model, "deleted_at").is_(None))  # noqa: B009 - tests have none
    if not actor.is_admin:
        conditions.append(Course.instructor_user_id == actor.user_id)
    found = await session.execute(
        query.where(*conditions).with_for_update(of=_LOCKED.get(model, (model,)), key_share=True)
    )
    pair = found.one_or_none()
    if pair is None:
        raise NotFound
    return Authored(pair[0], pair[1])


async def access_authored_path(session: AsyncSession, actor: Actor, slug: str) -> Course:
    """The path of a language, to have its modules written.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    actor.require_author()
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
        query = query.where(Course.instructor_user_id == actor.user_id)
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
