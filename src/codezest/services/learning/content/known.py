"""What a course consists of already, by ids, deleted things included: nothing else may files change in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.models.learning import Assignment, Material, Module, Option, Question, Quiz, Rubric, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIds:
    modules: frozenset[UUID] = frozenset()
    items: frozenset[tuple[str, UUID]] = frozenset()
    """With the name of their table."""
    questions: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """By id: the quiz, or the course whose bank they are in."""
    options: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """By id: the question."""
    rubrics: frozenset[UUID] = frozenset()
    uploads: frozenset[UUID] = frozenset()


async def known_ids(session: AsyncSession, course_id: UUID) -> KnownIds:
    """Of a course; nothing where there is none of that id."""
    modules = list(await session.scalars(select(Module.id).where(Module.course_id == course_id)))
    items: set[tuple[str, UUID]] = set()
    for model in (Material, Assignment, Quiz):
        found = await session.scalars(select(model.id).where(model.module_id.in_(modules)))
        items |= {(model.__tablename__, one) for one in found}
    quizzes = [one for table, one in items if table == Quiz.__tablename__]
    home: ColumnElement[bool] = or_(Question.quiz_id.in_(quizzes), Question.course_id == course_id)
    questions = (await session.execute(select(Question.id, Question.quiz_id, Question.course_id).where(home))).all()
    options = await session.execute(
        select(Option.id, Option.question_id).where(Option.question_id.in_([row.id for row in questions]))
    )
    return KnownIds(
        modules=frozenset(modules),
        items=frozenset(items),
        questions={row.id: row.quiz_id or row.course_id for row in questions},
        options={row.id: row.question_id for row in options.all()},
        rubrics=frozenset(await session.scalars(select(Rubric.id).where(Rubric.course_id == course_id))),
        uploads=frozenset(await session.scalars(select(Upload.id).where(Upload.course_id == course_id))),
    )
