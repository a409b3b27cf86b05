"""Bring back whatever was deleted from the courses, as an administrator."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.actions.authoring.write_language import restore_language
from codezest.services.learning.actions.authoring.write_questions import restore_question
from codezest.services.learning.actions.teaching.remove_course import restore_course
from codezest.services.learning.actions.teaching.restore_content import RestorableKind, restore_content
from codezest.services.learning.errors import ParentDeleted
from codezest_db.models.learning import Course, DeletedContent, Module, Question, Quiz


async def restore_deleted(session: AsyncSession, actor: Actor, content_id: UUID) -> None:
    """Undo the deletion. What lies in it and was deleted on its own stays deleted.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        NotFound: nothing of this id is deleted.
        ParentDeleted: what it stands in has to come back first.
        NotReady: a question goes back to where learners may be asked it, and cannot be answered rightly.
        SlugTaken: a language's name or address belongs to another one now; other things get a free address.
    """
    actor.require_admin()
    entry = await session.scalar(
        select(DeletedContent).where(DeletedContent.content_id == content_id).with_for_update()
    )
    if entry is None:
        raise NotFound
    if entry.kind == "LANGUAGE":
        await restore_language(session, actor, content_id)
    elif entry.kind == "COURSE":
        await restore_course(session, actor, content_id)
    elif entry.kind == "MODULE":
        await restore_content(session, actor, await _course(session, entry.parent_id), "MODULE", content_id)
    elif entry.kind == "QUESTION":
        await restore_question(session, actor, await _course_of_question(session, content_id), content_id)
    else:
        kind: RestorableKind = entry.kind  # pyright: ignore[reportAssignmentType]  # the table's CHECK names the rest
        await restore_content(session, actor, await _course_of_module(session, entry.parent_id), kind, content_id)


async def _course_of_question(session: AsyncSession, question_id: UUID) -> UUID:
    question = await session.get(Question, question_id)
    if question is None:
        raise NotFound
    if question.quiz_id is None:
        return await _course(session, question.course_id)
    quiz = await session.get_one(Quiz, question.quiz_id)
    return await _course_of_module(session, quiz.module_id)


async def _course_of_module(session: AsyncSession, module_id: UUID | None) -> UUID:
    module = await session.get(Module, module_id)
    if module is None:
        raise NotFound
    if module.deleted_at is not None:
        raise ParentDeleted(module.title)
    return await _course(session, module.course_id)


async def _course(session: AsyncSession, course_id: UUID | None) -> UUID:
    course = await session.get(Course, course_id)
    if course is None:
        raise NotFound
    if course.deleted_at is not None:
        raise ParentDeleted(course.title)
    return course.id
