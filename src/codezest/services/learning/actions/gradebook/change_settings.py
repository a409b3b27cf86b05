"""Say how the grades of a course come about."""

from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.gradebook.find_column import find_column
from codezest.services.learning.actions.hand_grading.change_settings import announce_rules
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.gradebook import MOST_COLUMNS, ColumnIn, GradebookSettingsIn, NewColumn
from codezest_db.ids import uuid7
from codezest_db.models.learning import Gradebook, GradeCategory, GradeColumn


async def change_gradebook(session: AsyncSession, actor: Actor, course_id: UUID, wanted: GradebookSettingsIn) -> None:
    """Replace the settings; marks that people have set stay.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ContentChangedElsewhere: somebody has changed them in the meantime.
        ValidationFailed: a category or a column is none of the course.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    book = await _locked(session, course_id)
    if wanted.revision is not None and wanted.revision != book.revision:
        raise ContentChangedElsewhere(str(book.revision))
    book.counted_attempt, book.missing_work = wanted.counted_attempt, wanted.missing_work
    book.passing_percent, book.revision = wanted.passing_percent, book.revision + 1
    places = await _write_categories(session, course_id, wanted)
    for column in wanted.columns:
        await _write_column(session, course_id, column, places)
    await session.flush()
    said = wanted.model_dump(mode="json", exclude={"revision", "columns"}) | {"columns": len(wanted.columns)}
    await announce_rules(session, actor, course_id, {"gradebook": said})


async def add_column(session: AsyncSession, actor: Actor, course_id: UUID, new: NewColumn) -> UUID:
    """Make a column that people fill in.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ValidationFailed: its category is none of the course, it gives no points, or there are too many.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    book = await _locked(session, course_id)
    if not new.max_points:
        raise ValidationFailed.of("max_points", _("Give more than no points."))
    if new.category_id is not None:
        found = select(GradeCategory.id).where(
            GradeCategory.id == new.category_id, GradeCategory.course_id == course_id
        )
        if await session.scalar(found) is None:
            raise ValidationFailed.of("category_id", _("This course has no such category."))
    live = (GradeColumn.course_id == course_id, GradeColumn.title.is_not(None), GradeColumn.archived_at.is_(None))
    if len((await session.scalars(select(GradeColumn.id).where(*live))).all()) >= MOST_COLUMNS // 5:
        raise ValidationFailed.of("title", _("There are too many columns. Remove one first."))
    column = GradeColumn(id=uuid7(), course_id=course_id, **new.model_dump())
    session.add(column)
    book.revision += 1
    await session.flush()
    await announce_rules(session, actor, course_id, {"column_added": str(column.id), "title": column.title})
    return column.id


async def remove_column(session: AsyncSession, actor: Actor, course_id: UUID, column_id: UUID) -> None:
    """Take a column that people fill in out of the gradebook; its marks are kept. Again does nothing.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    book = await _locked(session, course_id)
    column = await session.get(GradeColumn, column_id)
    if column is None or column.course_id != course_id or column.title is None:
        raise NotFound
    if column.archived_at is None:
        await session.execute(update(GradeColumn).where(GradeColumn.id == column_id).values(archived_at=text("now()")))
        book.revision += 1
        await session.flush()
        await announce_rules(session, actor, course_id, {"column_removed": str(column_id), "title": column.title})


async def _locked(session: AsyncSession, course_id: UUID) -> Gradebook:
    """The gradebook's own row, made if there is none, for this transaction alone."""
    await session.execute(insert(Gradebook).values(course_id=course_id).on_conflict_do_nothing())
    return await session.get_one(Gradebook, course_id, with_for_update=True)


async def _write_categories(session: AsyncSession, course_id: UUID, wanted: GradebookSettingsIn) -> list[UUID]:
    """Their ids, in order."""
    there = {
        one.id: one for one in await session.scalars(select(GradeCategory).where(GradeCategory.course_id == course_id))
    }
    named = [one.id for one in wanted.categories if one.id is not None]
    if len(set(named)) < len(named) or set(named) - set(there):
        raise ValidationFailed.of("categories", _("This course has no such category."))
    await session.execute(
        delete(GradeCategory).where(GradeCategory.course_id == course_id, GradeCategory.id.not_in(named))
    )
    places: list[UUID] = []
    for position, given in enumerate(wanted.categories):
        category = there[given.id] if given.id is not None else GradeCategory(id=uuid7(), course_id=course_id)
        for name, value in given.model_dump(exclude={"id"}).items():
            setattr(category, name, value)
        category.position = position
        session.add(category)
        places.append(category.id)
    await session.flush()
    return places


async def _write_column(session: AsyncSession, course_id: UUID, given: ColumnIn, places: list[UUID]) -> None:
    column = await find_column(session, course_id, given.id)
    if given.category is not None and given.category >= len(places):
        raise ValidationFailed.of("columns", _("This course has no such category."))
    column.category_id = None if given.category is None else places[given.category]
    column.counts, column.visible, column.extra_percent = given.counts, given.visible, given.extra_percent
    if column.title is None:
        return
    if given.max_points is not None and not given.max_points:
        raise ValidationFailed.of("columns", _("Give more than no points."))
    column.title = given.title or column.title
    column.max_points = given.max_points or column.max_points
    column.due_at = given.due_at
