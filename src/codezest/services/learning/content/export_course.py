"""Puts an export together from a session: the rows, then, off the event loop, the files."""

from pathlib import Path
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.kit.errors import NotFound
from codezest.kit.filenames import disposition
from codezest.kit.files import FileMissing, Files
from codezest.services.learning.content.export import ExportedTree, export
from codezest.services.learning.content.export_rows import CourseRows, course_rows
from codezest.services.learning.content.loaded import LoadedContent
from codezest_db.models.learning import Course


async def named_course(session: AsyncSession, name: str) -> UUID | None:
    """The id of the course that has this id or slug."""
    try:
        wanted = Course.id == UUID(name)
    except ValueError:
        wanted = Course.slug == name
    return await session.scalar(select(Course.id).where(wanted, Course.deleted_at.is_(None)))


async def keep_files(content: LoadedContent, files: Files) -> None:
    """Put the files that exports hold into the store; one that lies there stays."""
    for tree in content.trees:
        for upload in tree.uploads:
            for key in (f"uploads/{upload.id}", f"uploads/{upload.id}-small"):
                path = tree.folder / key
                if not path.is_file():
                    continue
                try:
                    await files.stat(key)
                except FileMissing:
                    name, media_type = str(upload.columns["name"]), str(upload.columns["media_type"])
                    shown = {"Content-Type": media_type, "Content-Disposition": disposition(name, inline=False)}
                    await files.put(key, path, served_as=shown)


async def exported_alone(database: Database, course_id: UUID, content: Path | None) -> ExportedTree:
    """As `exported`, from one snapshot of the database that is let go before the files are made."""
    async with database.write("learning") as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        rows = await _rows(session, course_id)
        session.expunge_all()
    return await to_thread.run_sync(export, rows, content)


async def exported(session: AsyncSession, course_id: UUID, content: Path | None) -> ExportedTree:
    """A course, or a language with the course that is its path, as it stands.

    Args:
        session: of the learning role.
        course_id: of the course.
        content: the content folder, in which files of courses may lie.

    Raises:
        NotFound: there is no such course.
        ContentProblems: what is stored contradicts itself, so that no files can say it.
    """
    return await to_thread.run_sync(export, await _rows(session, course_id), content)


async def _rows(session: AsyncSession, course_id: UUID) -> CourseRows:
    """Read in full, so that another thread asks the database for nothing."""
    course = await session.scalar(select(Course).where(Course.id == course_id, Course.deleted_at.is_(None)))
    if course is None:
        raise NotFound
    return await course_rows(session, course)
