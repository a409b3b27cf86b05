"""Put the parts of one thing in order: questions of a quiz, options of a question, tests of an assignment."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_kind import check_tests, revise
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.queries.revisions import order_revision_in
from codezest.services.learning.repository import tests_of
from codezest_db.models.learning import Assignment, AssignmentTest, Option, Question, Quiz

PartT = TypeVar("PartT", Question, Option, AssignmentTest)
NEWEST = text(f"SELECT {order_revision_in('i')} FROM learning.quizzes i WHERE i.id = :id")  # noqa: S608 - constants


async def order_questions(
    session: AsyncSession, actor: Actor, quiz_id: UUID, ids: Sequence[UUID], *, seen: str | None = None
) -> None:
    """Give the questions of a quiz the order of the list.

    Args:
        session: the transaction.
        actor: who asks for it.
        quiz_id: whose questions.
        ids: of all of them, each once.
        seen: the order revision that the list was made of; None asks for nothing.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: there are other questions by now, or they stand in another order.
        ValidationFailed: the list is not each question once.
    """
    await access_authored(session, actor, Quiz, quiz_id)
    await _check_order(session, quiz_id, seen)
    _number(_in_order(await _questions_of(session, quiz_id), ids, _("List every question of the quiz once.")))
    await session.flush()


async def place_question(
    session: AsyncSession, actor: Actor, question_id: UUID, *, before: UUID | None, seen: str | None
) -> None:
    """Put a question of a quiz before another one, or at the end. Raises as above; a question of a bank has no order."""
    ordered = await _lock_questions(session, actor, question_id, seen)
    moved = next(one for one in ordered if one.id == question_id)
    ordered.remove(moved)
    places = [place for place, one in enumerate(ordered) if one.id == before]
    ordered.insert(places[0] if places else len(ordered), moved)
    _number(ordered)
    await session.flush()


async def step_question(session: AsyncSession, actor: Actor, question_id: UUID, *, step: int, seen: str | None) -> None:
    """Let it change places with the one above (-1) or below (1); at the end nothing happens. Raises as above."""
    ordered = await _lock_questions(session, actor, question_id, seen)
    at = next(place for place, one in enumerate(ordered) if one.id == question_id)
    ordered.insert(min(max(at + step, 0), len(ordered) - 1), ordered.pop(at))
    _number(ordered)
    await session.flush()


async def order_options(session: AsyncSession, actor: Actor, question_id: UUID, ids: Sequence[UUID]) -> None:
    """Give the options of a question the order of the list.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: the list is not each option once.
    """
    await access_authored(session, actor, Question, question_id)
    found = await session.scalars(select(Option).where(Option.question_id == question_id, Option.deleted_at.is_(None)))
    _number(_in_order(found.all(), ids, _("List every option of the question once.")))
    await session.flush()


async def order_tests(session: AsyncSession, actor: Actor, assignment_id: UUID, ids: Sequence[UUID]) -> None:
    """Give the tests of an assignment the order of the list.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: the list is not each test once; or see `check_tests`.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    tests = _in_order(await tests_of(session, assignment), ids, _("List every test of the assignment once."))
    check_tests(assignment, tests)
    # No two may share a place at any time, so all of them step aside first.
    aside = max((test.position for test in tests), default=0) + 1
    for place, test in enumerate(tests):
        test.position = aside + place
    await session.flush()
    _number(tests)
    await revise(session, assignment)


async def _lock_questions(session: AsyncSession, actor: Actor, question_id: UUID, seen: str | None) -> list[Question]:
    question = (await access_authored(session, actor, Question, question_id)).row
    if question.quiz_id is None:
        raise NotFound
    await _check_order(session, question.quiz_id, seen)
    return list(await _questions_of(session, question.quiz_id))


async def _check_order(session: AsyncSession, quiz_id: UUID, seen: str | None) -> None:
    newest = await session.scalar(NEWEST, {"id": quiz_id})
    if seen is not None and newest != seen:
        raise ContentChangedElsewhere(str(newest))


async def _questions_of(session: AsyncSession, quiz_id: UUID) -> Sequence[Question]:
    query = (
        select(Question)
        .where(Question.quiz_id == quiz_id, Question.deleted_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    return (await session.scalars(query)).all()


def _in_order(parts: Sequence[PartT], ids: Sequence[UUID], refusal: str) -> list[PartT]:
    by_id = {part.id: part for part in parts}
    if len(ids) != len(by_id) or set(ids) != set(by_id):
        raise ValidationFailed.of("ids", refusal)
    return [by_id[part_id] for part_id in ids]


def _number(parts: Sequence[Question] | Sequence[Option] | Sequence[AssignmentTest]) -> None:
    for place, part in enumerate(parts):
        part.position = place
