"""Create, change and remove materials, assignments and quizzes: what they have in common, and what each asks for."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_kind import check_assignment, check_tests, revise
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.actions.authoring.check_revision import check_revision
from codezest.services.learning.actions.authoring.note_removal import note_removal
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.repository import GRADED_BY, flush_named, next_item_position, tests_of
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.authoring import MaterialChange, NewMaterial, NewQuiz, QuizChange, Revised
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange, NewAssignment, NewTest
from codezest_db.enums import AssignmentKind, LatePolicy, MaterialType, PublicationStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    Material,
    Module,
    ProgrammingLanguage,
    Quiz,
)

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
        ContentChangedElsewhere: the change names a revision that is no longer the newest.
        SlugTaken, NotReady, ValidationFailed: as they say.
    """
    await _change(session, actor, Material, material_id, change)


async def change_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID, change: AssignmentChange) -> None:
    """Change what is named. Raises as above."""
    await _change(session, actor, Assignment, assignment_id, change)


async def rewrite_assignment(
    session: AsyncSession, actor: Actor, assignment_id: UUID, change: AssignmentChange, tests: Sequence[NewTest]
) -> None:
    """Change what is named and replace all tests, so that only what comes of both has to agree. Raises as above;
    what is wrong with a test is located as `replace_tests` does.
    """
    authored = await access_authored(session, actor, Assignment, assignment_id)
    await check_revision(session, Assignment, assignment_id, change.revision)
    assignment = authored.row
    before = assignment.status
    columns = change.columns()
    rows = [
        AssignmentTest(id=uuid7(), assignment_id=assignment_id, position=position, **test.columns())
        for position, test in enumerate(tests)
    ]
    with session.no_autoflush:
        for name, value in columns.items():
            setattr(assignment, name, value)
        _agree_on_lateness(assignment, columns)
        check_tests(assignment, rows)
        await _check(session, authored.course, assignment, tests=rows)
    await session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment_id))
    session.add_all(rows)
    await flush_named(session)
    await revise(session, assignment)
    await check_ready(session, assignment)
    if assignment.status is not before:
        await ask_for_refresh(session, authored.course.id)


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
    await note_removal(session, actor, authored.row)
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
        raise ValidationFailed.of("slug", _("Nothing of the title can stand in an address. Give an address yourself."))
    if model is Assignment and "language" not in columns:
        columns["language"] = await _language_of(session, authored.course)
    item = model(id=uuid7(), module_id=module_id, position=await next_item_position(session, module_id), **columns)
    _agree_on_lateness(item, columns)
    await _check(session, authored.course, item)
    if isinstance(item, Material):
        await check_ready(session, item)  # before the flush: the database refuses some of it too, but does not say why
    session.add(item)
    await flush_named(session)
    await check_ready(session, item)
    if item.status is PUBLISHED:
        await ask_for_refresh(session, authored.course.id)
    return item.id


async def _change(session: AsyncSession, actor: Actor, model: type[ItemT], item_id: UUID, change: Revised) -> None:
    authored = await access_authored(session, actor, model, item_id)
    await check_revision(session, model, item_id, change.revision)
    item: Any = authored.row
    before = item.status
    graded_by = _graded_by(item)
    columns = change.columns()
    with session.no_autoflush:
        for name, value in columns.items():
            setattr(item, name, value)
        _agree_on_lateness(item, columns)
        await _check(session, authored.course, item)
        await check_ready(session, item)  # before the flush, as above
    await flush_named(session)
    if isinstance(item, Assignment) and item.tests_revision is not None and graded_by != _graded_by(item):
        await revise(session, item)
    if item.status is not before:
        await ask_for_refresh(session, authored.course.id)


def _agree_on_lateness(item: Material | Assignment | Quiz, sent: Mapping[str, Any]) -> None:
    """An assignment says twice whether late work is accepted: what was sent decides, the policy before the flag."""
    if not isinstance(item, Assignment):
        return
    if "late_policy" in sent:
        item.allow_late = item.late_policy is not LatePolicy.CUT_OFF
    elif "allow_late" in sent and item.allow_late is not (item.late_policy is not LatePolicy.CUT_OFF):
        item.late_policy = LatePolicy.NO_PENALTY if item.allow_late else LatePolicy.CUT_OFF


def _graded_by(item: Material | Assignment | Quiz) -> list[Any]:
    return [getattr(item, column) for column in GRADED_BY] if isinstance(item, Assignment) else []


async def _language_of(session: AsyncSession, course: Course) -> str | None:
    return await session.scalar(select(ProgrammingLanguage.runtime).where(ProgrammingLanguage.id == course.language_id))


async def _check(
    session: AsyncSession,
    course: Course,
    item: Material | Assignment | Quiz,
    *,
    tests: Sequence[AssignmentTest] | None = None,
) -> None:
    """Refuse columns that contradict one another, or the tests: those given, else those that an assignment has.

    Raises:
        ValidationFailed: names the field.
    """
    if (
        not isinstance(item, Material)
        and item.available_from is not None
        and item.available_until is not None
        and item.available_until <= item.available_from
    ):
        raise ValidationFailed.of("available_until", _("It has to close after it opens."))
    if isinstance(item, Assignment):
        if item.kind in {None, AssignmentKind.CODE} and item.language is None:
            raise ValidationFailed.of("language", _("An exercise that is answered by a program names its language."))
        check_assignment(item, await tests_of(session, item) if tests is None else tests)
    elif isinstance(item, Material) and item.quiz_id is not None:
        if item.type is not MaterialType.QUIZ:
            raise ValidationFailed.of("quiz_id", _("Only a lesson of the type quiz shows one."))
        known = await session.scalar(
            select(Quiz.id)
            .join(Module, Module.id == Quiz.module_id)
            .where(Quiz.id == item.quiz_id, Quiz.deleted_at.is_(None), Module.course_id == course.id)
        )
        if known is None:
            raise ValidationFailed.of("quiz_id", _("This is no quiz of the same course."))
