"""Reads all that a course consists of, in one statement for each table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    CoursePrerequisite,
    Material,
    Module,
    ModulePrerequisite,
    Option,
    ProgrammingLanguage,
    Question,
    Quiz,
    Rubric,
    Upload,
)

Item = Material | Assignment | Quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRows:
    """The live rows of a course, each list in its order."""

    course: Course
    language: ProgrammingLanguage | None
    modules: Sequence[Module]
    prerequisites: Mapping[UUID, Sequence[UUID]]
    """By module; deleted ones left out."""
    items: Mapping[UUID, Sequence[Item]]
    """By module."""
    tests: Mapping[UUID, Sequence[AssignmentTest]]
    questions: Mapping[UUID, Sequence[Question]]
    """By quiz; those of the bank by course."""
    options: Mapping[UUID, Sequence[Option]]
    rubrics: Sequence[Rubric]
    uploads: Sequence[Upload]
    requires: Sequence[str]
    """Slugs of courses to complete before."""


async def course_rows(session: AsyncSession, course: Course) -> CourseRows:
    """All of a course as it stands."""
    modules = await _rows(session, Module, Module.course_id, [course.id])
    ids = [module.id for module in modules]
    items: list[Any] = []
    for model in (Material, Assignment, Quiz):
        items += await _rows(session, model, model.module_id, ids)
    items.sort(key=lambda item: (item.position, item.id))
    quizzes = [item.id for item in items if isinstance(item, Quiz)]
    assignments = [item for item in items if isinstance(item, Assignment)]
    questions = await _rows(session, Question, Question.quiz_id, quizzes)
    bank = await _rows(session, Question, Question.course_id, [course.id])
    edges = await session.execute(
        select(ModulePrerequisite.module_id, ModulePrerequisite.prerequisite_id)
        .where(ModulePrerequisite.module_id.in_(ids), ModulePrerequisite.prerequisite_id.in_(ids))
        .order_by(ModulePrerequisite.prerequisite_id)
    )
    rubrics = [assignment.rubric_id for assignment in assignments if assignment.rubric_id is not None]
    return CourseRows(
        course=course,
        language=await session.get(ProgrammingLanguage, course.language_id) if course.language_id else None,
        modules=modules,
        prerequisites=_by(edges.all(), "module_id", take="prerequisite_id"),
        items=_by(items, "module_id"),
        tests=_by(
            await _rows(session, AssignmentTest, AssignmentTest.assignment_id, [one.id for one in assignments]),
            "assignment_id",
        ),
        questions=_by(questions, "quiz_id") | _by(bank, "course_id"),
        options=_by(
            await _rows(session, Option, Option.question_id, [one.id for one in (*questions, *bank)]), "question_id"
        ),
        rubrics=list(await session.scalars(select(Rubric).where(Rubric.id.in_(rubrics)).order_by(Rubric.id))),
        uploads=list(await session.scalars(select(Upload).where(Upload.course_id == course.id).order_by(Upload.id))),
        requires=list(
            await session.scalars(
                select(Course.slug)
                .join(CoursePrerequisite, CoursePrerequisite.prerequisite_id == Course.id)
                .where(CoursePrerequisite.course_id == course.id, Course.deleted_at.is_(None))
                .order_by(Course.slug)
            )
        ),
    )


async def _rows(session: AsyncSession, model: type[Any], column: Any, values: Sequence[UUID]) -> list[Any]:
    query = select(model).where(column.in_(values)).order_by(model.position, model.id)
    if hasattr(model, "deleted_at"):
        query = query.where(model.deleted_at.is_(None))
    return list(await session.scalars(query))


def _by(rows: Sequence[Any], name: str, *, take: str | None = None) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row if take is None else getattr(row, take))
    return found
