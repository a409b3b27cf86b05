"""Write the questions of a quiz and their options. A published quiz stays answerable through every change."""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.rules import ONE_ANSWER_TYPES
from codezest.services.learning.schemas.authoring import NewOption, NewQuestion, OptionChange, QuestionChange
from codezest_db.ids import uuid7
from codezest_db.models.learning import Option, Question, Quiz


async def create_question(session: AsyncSession, actor: Actor, quiz_id: UUID, new: NewQuestion) -> UUID:
    """Add a question, with its options, behind the others.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: the quiz is published, and the question cannot be answered rightly.
    """
    quiz = (await access_authored(session, actor, Quiz, quiz_id)).row
    last = await session.scalar(select(func.max(Question.position)).where(Question.quiz_id == quiz_id))
    columns = new.columns()
    columns.pop("options", None)
    question = Question(id=uuid7(), quiz_id=quiz_id, position=0 if last is None else last + 1, **columns)
    session.add(question)
    await session.flush()
    session.add_all(
        Option(id=uuid7(), question_id=question.id, position=position, **option.columns())
        for position, option in enumerate(new.options)
    )
    await _settle(session, quiz)
    return question.id


async def change_question(session: AsyncSession, actor: Actor, question_id: UUID, change: QuestionChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: the quiz is published and would no longer be answerable.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    for name, value in change.columns().items():
        setattr(question, name, value)
    await _settle(session, await session.get_one(Quiz, question.quiz_id))


async def remove_question(session: AsyncSession, actor: Actor, question_id: UUID) -> None:
    """Mark a question as deleted; attempts that asked it keep it.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: the quiz is published, and this is its last question.
    """
    question = (await access_authored(session, actor, Question, question_id)).row
    question.deleted_at = now()
    await _settle(session, await session.get_one(Quiz, question.quiz_id))


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
    await _settle(session, await session.get_one(Quiz, question.quiz_id))
    return option.id


async def change_option(session: AsyncSession, actor: Actor, option_id: UUID, change: OptionChange) -> UUID:
    """Change what is named; returns the question's id. Raises as `change_question`.

    Where one option only can be right, making this one right makes the others wrong.
    """
    option = (await access_authored(session, actor, Option, option_id)).row
    for name, value in change.columns().items():
        setattr(option, name, value)
    await session.flush()
    await _keep_one_right(session, await session.get_one(Question, option.question_id), option)
    await _settle(session, await _quiz_of(session, option))
    return option.question_id


async def remove_option(session: AsyncSession, actor: Actor, option_id: UUID) -> None:
    """Mark an option as deleted. Raises as `change_question`."""
    option = (await access_authored(session, actor, Option, option_id)).row
    option.deleted_at = now()
    await _settle(session, await _quiz_of(session, option))


async def _keep_one_right(session: AsyncSession, question: Question, option: Option) -> None:
    if option.is_correct and question.type in ONE_ANSWER_TYPES:
        await session.execute(
            update(Option)
            .where(Option.question_id == question.id, Option.id != option.id, Option.is_correct)
            .values(is_correct=False)
        )


async def _quiz_of(session: AsyncSession, option: Option) -> Quiz:
    question = await session.get_one(Question, option.question_id)
    return await session.get_one(Quiz, question.quiz_id)


async def _settle(session: AsyncSession, quiz: Quiz) -> None:
    await session.flush()
    await check_ready(session, quiz)
