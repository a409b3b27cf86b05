"""What the editor of a question saves, and what the lists of a quiz and a bank do with questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_ready import check_question
from codezest.services.learning.actions.authoring.check_revision import check_revision
from codezest.services.learning.actions.authoring.write_questions import check_key, remove_question, settle
from codezest.services.learning.errors import NotReady
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.authoring import QuestionChange
from codezest_db.ids import uuid7
from codezest_db.models.learning import Option, Question, Quiz

COPIED = ("type", "text", "explanation", "points", "difficulty", "topic", "media", "answer_key")


@dataclass(frozen=True, slots=True)
class WrittenOption:
    """An option as the editor has it; `id` None: a new one."""

    id: UUID | None
    text: str
    is_correct: bool


async def save_question(
    session: AsyncSession,
    actor: Actor,
    question_id: UUID,
    change: QuestionChange,
    options: Sequence[WrittenOption],
) -> None:
    """Change what is named and make these its options, if the question is still the one that was seen.

    An option that stays keeps its id, so that answers of running attempts keep their meaning.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: it is not.
        ValidationFailed, NotReady: see `change_question`.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    await check_revision(session, Question, question_id, change.revision)
    for name, value in change.columns().items():
        setattr(question, name, value)
    check_key(question)
    await _set_options(session, question_id, options)
    await settle(session, question)


async def _set_options(session: AsyncSession, question_id: UUID, options: Sequence[WrittenOption]) -> None:
    query = select(Option).where(Option.question_id == question_id, Option.deleted_at.is_(None))
    kept = {option.id: option for option in await session.scalars(query)}
    for position, written in enumerate(options):
        option = kept.pop(written.id, None) if written.id else None
        if option is None:
            option = Option(id=uuid7(), question_id=question_id)
            session.add(option)
        option.text, option.is_correct, option.position = written.text, written.is_correct, position
    for option in kept.values():
        option.deleted_at = now()


async def copy_question(
    session: AsyncSession,
    actor: Actor,
    question_id: UUID,
    *,
    quiz_id: UUID | None = None,
    course_id: UUID | None = None,
) -> UUID:
    """Copy a question with its options behind the others of a quiz, or into a course's bank.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`, of the question and of where it goes.
        NotReady: it goes to where learners may be asked it, and cannot be answered rightly.
    """
    original = (await access_authored(session, actor, Question, question_id)).row
    position = 0
    if quiz_id is not None:
        await access_authored(session, actor, Quiz, quiz_id)
        last = await session.scalar(select(func.max(Question.position)).where(Question.quiz_id == quiz_id))
        position = 0 if last is None else last + 1
    elif course_id is not None:
        await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    else:
        raise NotFound
    copy = Question(
        id=uuid7(),
        quiz_id=quiz_id,
        course_id=course_id,
        position=position,
        **{name: getattr(original, name) for name in COPIED},
    )
    session.add(copy)
    await session.flush()
    query = (
        select(Option).where(Option.question_id == question_id, Option.deleted_at.is_(None)).order_by(Option.position)
    )
    session.add_all(
        Option(
            id=uuid7(), question_id=copy.id, text=option.text, is_correct=option.is_correct, position=option.position
        )
        for option in await session.scalars(query)
    )
    await settle(session, copy)
    return copy.id


async def move_question(
    session: AsyncSession,
    actor: Actor,
    question_id: UUID,
    *,
    quiz_id: UUID | None = None,
    course_id: UUID | None = None,
    seen: str | None = None,
) -> UUID:
    """Copy a question to another place and delete it where it was, so that attempts keep what they asked; returns its new id.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `copy_question`.
        ContentChangedElsewhere: it is no longer what `seen` names.
        ValidationFailed: it stands there already.
        NotReady: as `copy_question` says; or its quiz is published, and this is its last question.
    """
    home = await session.scalar(select(Question.quiz_id).where(Question.id == question_id))
    if quiz_id is not None and home is not None and quiz_id < home:  # two that cross lock the same quiz first
        await access_authored(session, actor, Quiz, quiz_id)
    question = (await access_authored(session, actor, Question, question_id)).row
    await check_revision(session, Question, question_id, seen)
    if (question.quiz_id, question.course_id) == (quiz_id, course_id):
        raise ValidationFailed.of("quiz_id" if quiz_id else "course_id", _("The question stands there already."))
    moved_id = await copy_question(session, actor, question_id, quiz_id=quiz_id, course_id=course_id)
    await remove_question(session, actor, question_id)
    return moved_id


async def import_questions(session: AsyncSession, actor: Actor, quiz_id: UUID, course_id: UUID) -> int:
    """Copy all questions of a quiz into the course's bank; returns how many. One that cannot be answered
    rightly, or that stands there already, is left out.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `copy_question`.
    """
    await access_authored(session, actor, Quiz, quiz_id)
    query = (
        select(Question).where(Question.quiz_id == quiz_id, Question.deleted_at.is_(None)).order_by(Question.position)
    )
    there = select(Question.type, Question.text).where(Question.course_id == course_id, Question.deleted_at.is_(None))
    known = {(one.type, one.text) for one in await session.execute(there)}
    copied = 0
    for question in (await session.scalars(query)).all():
        if (question.type, question.text) in known:
            continue
        try:
            await check_question(session, question)
        except NotReady:
            continue
        await copy_question(session, actor, question.id, course_id=course_id)
        copied += 1
    return copied
