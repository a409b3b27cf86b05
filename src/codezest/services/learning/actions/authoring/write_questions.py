"""Write questions and their options, of a quiz or of a course's bank.

A published quiz stays answerable through every change, and so does every question of a bank.
"""

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_ready import check_question, check_ready
from codezest.services.learning.actions.authoring.check_revision import check_revision
from codezest.services.learning.actions.authoring.note_removal import note_removal
from codezest.services.learning.actions.queue_question import check_if_changed
from codezest.services.learning.errors import ParentDeleted
from codezest.services.learning.policies.authoring import access_authored, access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.policies.writer import name_writer
from codezest.services.learning.questions.keys import KEYS
from codezest.services.learning.rules import ONE_ANSWER_TYPES
from codezest.services.learning.schemas.authoring import NewOption, NewQuestion, OptionChange, QuestionChange
from codezest_db.enums import QuestionType
from codezest_db.ids import uuid7
from codezest_db.models.learning import Option, Question, Quiz


async def create_question(session: AsyncSession, actor: Actor, quiz_id: UUID, new: NewQuestion) -> UUID:
    """Add a question, with its options, behind the others.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: the key is not one of this type.
        NotReady: the quiz is published, and the question cannot be answered rightly.
    """
    await access_authored(session, actor, Quiz, quiz_id)
    last = await session.scalar(select(func.max(Question.position)).where(Question.quiz_id == quiz_id))
    return await _create(session, new, quiz_id=quiz_id, position=0 if last is None else last + 1)


async def create_in_bank(session: AsyncSession, actor: Actor, course_id: UUID, new: NewQuestion) -> UUID:
    """Add a question to a course's bank.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_taught_course`; the caller may write there.
        ValidationFailed: the key is not one of this type.
        NotReady: the question cannot be answered rightly.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    return await _create(session, new, course_id=course_id)


async def _create(session: AsyncSession, new: NewQuestion, **home: Any) -> UUID:
    columns = new.columns()
    columns.pop("options", None)
    question = Question(id=uuid7(), **home, **columns)
    question.type = new.type
    check_key(question)
    session.add(question)
    await session.flush()
    session.add_all(
        Option(id=uuid7(), question_id=question.id, position=position, **option.columns())
        for position, option in enumerate(new.options)
    )
    await settle(session, question)
    return question.id


async def change_question(session: AsyncSession, actor: Actor, question_id: UUID, change: QuestionChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: the change names a revision that is no longer the newest.
        ValidationFailed: the key is not one of the type.
        NotReady: the quiz is published and would no longer be answerable.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    await check_revision(session, Question, question_id, change.revision)
    columns = change.columns()
    for name, value in columns.items():
        setattr(question, name, value)
    if columns.keys() & {"type", "answer_key"}:
        check_key(question)
    await settle(session, question)


async def remove_question(session: AsyncSession, actor: Actor, question_id: UUID) -> None:
    """Mark a question as deleted; attempts that asked it keep it.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: the quiz is published, and this is its last question.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    question.deleted_at = now()
    await settle(session, question)
    await note_removal(session, actor, question)


async def restore_question(session: AsyncSession, actor: Actor, course_id: UUID, question_id: UUID) -> None:
    """Undo the deletion of a question of this course; doing it twice changes nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; there is no such question.
        ParentDeleted: its quiz has to come back first.
        NotReady: it goes to where learners may be asked it, and cannot be answered rightly.
    """
    await access_course_to_change(session, actor, course_id)
    await name_writer(session, actor)
    question = await session.get(Question, question_id)
    if question is None:
        raise NotFound
    if question.quiz_id is not None:
        quiz = await session.get_one(
            Quiz, question.quiz_id, with_for_update={"key_share": True}, populate_existing=True
        )
        if quiz.deleted_at is not None:
            raise ParentDeleted(quiz.title)
    await session.refresh(question, with_for_update={"key_share": True})
    if question.deleted_at is None:
        return
    question.deleted_at = None
    await settle(session, question)
    await note_removal(session, actor, question)


async def create_option(session: AsyncSession, actor: Actor, question_id: UUID, new: NewOption) -> UUID:
    """Add an option behind the others.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: the quiz is published, and the question takes no further option.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    last = await session.scalar(select(func.max(Option.position)).where(Option.question_id == question_id))
    option = Option(id=uuid7(), question_id=question_id, position=0 if last is None else last + 1, **new.columns())
    session.add(option)
    await session.flush()
    await _keep_one_right(session, question, option)
    await settle(session, question)
    return option.id


async def change_option(session: AsyncSession, actor: Actor, option_id: UUID, change: OptionChange) -> UUID:
    """Change what is named; returns the question's id. Raises as `change_question`.

    Where one option only can be right, making this one right makes the others wrong.
    """
    option = (await access_authored(session, actor, Option, option_id)).row
    for name, value in change.columns().items():
        setattr(option, name, value)
    await session.flush()
    question = await session.get_one(Question, option.question_id)
    await _keep_one_right(session, question, option)
    await settle(session, question)
    return option.question_id


async def remove_option(session: AsyncSession, actor: Actor, option_id: UUID) -> None:
    """Mark an option as deleted. Raises as `change_question`."""
    option = (await access_authored(session, actor, Option, option_id)).row
    option.deleted_at = now()
    await settle(session, await session.get_one(Question, option.question_id))


def check_key(question: Question) -> None:
    """Refuse a key that is not one of the question's type. One that is still missing is for later.

    Raises:
        ValidationFailed: names the field.
    """
    kind = KEYS.get(QuestionType(question.type))
    if question.answer_key is None:
        return
    if kind is None:
        raise ValidationFailed.of("answer_key", _("A question of this type is answered by its options; it has no key."))
    try:
        key = kind.model_validate(question.answer_key)
        if question.type is QuestionType.CODE:  # as files of content say it, so that both are the same
            question.answer_key = key.model_dump(mode="json", exclude_defaults=True)
    except ValidationError as error:
        raise ValidationFailed.of("answer_key", _("This is no key of a question of this type.")) from error


async def _keep_one_right(session: AsyncSession, question: Question, option: Option) -> None:
    if option.is_correct and question.type in ONE_ANSWER_TYPES:
        await session.execute(
            update(Option)
            .where(Option.question_id == question.id, Option.id != option.id, Option.is_correct)
            .values(is_correct=False)
        )


async def settle(session: AsyncSession, question: Question) -> None:
    await session.flush()
    if question.quiz_id is not None:
        await check_ready(session, await session.get_one(Quiz, question.quiz_id))
    elif question.deleted_at is None:
        await check_question(session, question)
    await check_if_changed(session, question)
