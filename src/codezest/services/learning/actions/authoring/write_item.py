"""Create, change and remove materials, assignments and quizzes: what they have in common, and what each asks for."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import ValidationFailed
from codezest.services.learning.actions.authoring.check_kind import GRADED_BY, check_assignment, revise, tests_of
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.repository import flush_named, next_item_position
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.authoring import Change, MaterialChange, NewMaterial, NewQuiz, QuizChange
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange, NewAssignment
from codezest_db.enums import AssignmentKind, MaterialType, PublicationStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Course, Material, Module, ProgrammingLanguage, Quiz

ItemT = TypeVar("ItemT", Material, Assignment, Quiz)
PUBLISHED = PublicationStatus.PUBLISHED


async def create_material(session: AsyncSession, actor: Actor, module_id: UUID, new: NewMaterial) -> UUID:
    """Add a material at the end of a module, as a draft unless told otherwise.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        SlugTaken, NotReady, ValidationFailed: as they say.
    """
    return await _create(session, actor, module_id, Material, new)


async def create_assignment(session: AsyncSession, actor: Actor, module_id: UUID, new: NewAssignment) -> UUID:
    """Add an assignment at the end of a module, in the course's own language unless told otherwise. Raises as above."""
    return await _create(session, actor, module_id, Assignment, new)


async def create_quiz(session: AsyncSession, actor: Actor, module_id: UUID, new: NewQuiz) -> UUID:
    """Add a quiz at the end of a module. Raises as above."""
    return await _create(session, actor, module_id, Quiz, new)


async def change_material(session: AsyncSession, actor: Actor, material_id: UUID, change: MaterialChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        SlugTaken, NotReady, ValidationFailed: as they say.
    """
    await _change(session, actor, Material, material_id, change)


async def change_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID, change: AssignmentChange) -> None:
    """Change what is named. Raises as above."""
    await _change(session, actor, Assignment, assignment_id, change)


async def change_quiz(session: AsyncSession, actor: Actor, quiz_id: UUID, change: QuizChange) -> None:
    """Change what is named. Raises as above."""
    await _change(session, actor, Quiz, quiz_id, change)


async def remove_item(
    session: AsyncSession, actor: Actor, model: type[Material] | type[Assignment] | type[Quiz], item_id: UUID
) -> None:
    """Mark an item as deleted. What learners handed in for it is kept.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    authored = await access_authored(session, actor, model, item_id)
    authored.row.deleted_at = now()
    await session.flush()
    if authored.row.status is PUBLISHED:
        await ask_for_refresh(session, authored.course.id)


async def _create(
    session: AsyncSession,
    actor: Actor,
    module_id: UUID,
    model: type[ItemT],
    new: NewMaterial | NewAssignment | NewQuiz,
) -> UUID:
    authored = await access_authored(session, actor, Module, module_id)
    columns = new.columns()
    if not columns.setdefault("slug", slug_of(new.title)):
        raise ValidationFailed.of("slug", "Nothing of the title can stand in an address; give a slug.")
    if model is Assignment and "language" not in columns:
        columns["language"] = await _language_of(session, authored.course)
    item = model(id=uuid7(), module_id=module_id, position=await next_item_position(session, module_id), **columns)
    await _check(session, authored.course, item)
    if isinstance(item, Material):
        await check_ready(session, item)  # before the flush: the database refuses some of it too, but does not say why
    session.add(item)
    await flush_named(session)
    await check_ready(session, item)
    if item.status is PUBLISHED:
        await ask_for_refresh(session, authored.course.id)
    return item.id


async def _change(session: AsyncSession, actor: Actor, model: type[ItemT], item_id: UUID, change: Change) -> None:
    authored = await access_authored(session, actor, model, item_id)
    item: Any = authored.row
    before = item.status
    graded_by = _graded_by(item)
    with session.no_autoflush:
        for name, value in change.columns().items():
            setattr(item, name, value)
        await _check(session, authored.course, item)
        await check_ready(session, item)  # before the flush, as above
    await flush_named(session)
    if isinstance(item, Assignment) and item.tests_revision is not None and graded_by != _graded_by(item):
        await revise(session, item)
    if item.status is not before:
        await ask_for_refresh(session, authored.course.id)


def _graded_by(item: Material | Assignment | Quiz) -> list[Any]:
    return [getattr(item, column) for column in GRADED_BY] if isinstance(item, Assignment) else []


async def _language_of(session: AsyncSession, course: Course) -> str | None:
    return await session.scalar(select(ProgrammingLanguage.runtime).where(ProgrammingLanguage.id == course.language_id))


async def _check(session: AsyncSession, course: Course, item: Material | Assignment | Quiz) -> None:
    """Refuse columns that contradict one another.

    Raises:
        ValidationFailed: names the field.
    """
    if isinstance(item, Assignment):
        if item.kind in {None, AssignmentKind.CODE} and item.language is None:
            raise ValidationFailed.of("language", "A code assignment names the language of its programs.")
        check_assignment(item, await tests_of(session, item))
    elif isinstance(item, Material) and item.quiz_id is not None:
        if item.type is not MaterialType.QUIZ:
            raise ValidationFailed.of("quiz_id", "Only a material of type QUIZ shows a quiz.")
        known = await session.scalar(
            select(Quiz.id)
            .join(Module, Module.id == Quiz.module_id)
            .where(Quiz.id == item.quiz_id, Quiz.deleted_at.is_(None), Module.course_id == course.id)
        )
        if known is None:
            raise ValidationFailed.of("quiz_id", "This is no quiz of the same course.")
