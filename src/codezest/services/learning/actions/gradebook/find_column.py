"""The row of a column, made where an item has none yet."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, GradeColumn, Module, Quiz


async def find_column(session: AsyncSession, course_id: UUID, item_id: UUID) -> GradeColumn:
    """The column of an assignment, of a quiz, or one that people fill in; `item_id` is the id of any of these.

    Raises:
        ValidationFailed: it is nothing that the gradebook of the course shows.
    """
    for model, name in ((Assignment, "assignment_id"), (Quiz, "quiz_id")):
        found = await session.scalar(
            select(model.id)
            .join(Module, Module.id == model.module_id)
            .where(
                model.id == item_id,
                Module.course_id == course_id,
                model.status == PublicationStatus.PUBLISHED,
                model.deleted_at.is_(None),
                Module.deleted_at.is_(None),
            )
        )
        if found is not None:
            values = {"course_id": course_id, name: item_id}
            await session.execute(insert(GradeColumn).values(**values).on_conflict_do_nothing())
    column = await session.scalar(
        select(GradeColumn).where(
            GradeColumn.course_id == course_id,
            GradeColumn.archived_at.is_(None),
            or_(
                GradeColumn.assignment_id == item_id,
                GradeColumn.quiz_id == item_id,
                (GradeColumn.id == item_id) & GradeColumn.title.is_not(None),
            ),
        )
    )
    if column is None:
        raise ValidationFailed.of("column_id", _("The gradebook of this course has no such column."))
    return column
