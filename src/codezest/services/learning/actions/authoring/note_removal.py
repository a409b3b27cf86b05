"""Note who deleted something of a course, or brought it back, and announce it."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import ContentRemoved
from codezest.kit.actor import Actor
from codezest.kit.outbox import publish
from codezest_db.models.learning import (
    Assignment,
    Course,
    DeletedContent,
    Material,
    Module,
    ProgrammingLanguage,
    Question,
    Quiz,
)

KINDS = {
    ProgrammingLanguage: "LANGUAGE",
    Module: "MODULE",
    Material: "MATERIAL",
    Assignment: "ASSIGNMENT",
    Quiz: "QUIZ",
    Question: "QUESTION",
}
LONGEST_TITLE = 200


async def note_deleter(session: AsyncSession, actor: Actor, row: Course) -> None:
    """Say in the list of what was deleted who did it; triggers have put the row into it when the deletion was flushed."""
    await session.execute(
        update(DeletedContent).where(DeletedContent.content_id == row.id).values(deleted_by=actor.user_id)
    )


async def note_removal(
    session: AsyncSession, actor: Actor, row: ProgrammingLanguage | Module | Material | Assignment | Quiz | Question
) -> None:
    """The same with the event, for a deletion or a restoration that has been flushed. Courses announce theirs themselves."""
    removed = row.deleted_at is not None
    if removed:
        await session.execute(
            update(DeletedContent).where(DeletedContent.content_id == row.id).values(deleted_by=actor.user_id)
        )
    await publish(
        session,
        ContentRemoved(
            actor_user_id=actor.require_user(),
            kind=KINDS[type(row)],
            content_id=row.id,
            title=_title(row),
            restored=not removed,
        ),
    )


def _title(row: ProgrammingLanguage | Module | Material | Assignment | Quiz | Question) -> str:
    match row:
        case ProgrammingLanguage():
            return row.name
        case Question():
            return row.text[:LONGEST_TITLE]
        case _:
            return row.title
