"""Recount learners after the items of a course have changed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import jobs
from codezest.services.learning.actions.record_progress import recount
from codezest_db.models.learning import Enrollment

REFRESH_PROGRESS = "learning.refresh_progress"
"""The job that recounts a course. Payload: course_id."""
BATCH = 200


async def ask_for_refresh(session: AsyncSession, course_id: UUID) -> None:
    """Ask, in this transaction, for everybody's progress in the course to be recounted."""
    await jobs.enqueue(session, REFRESH_PROGRESS, {"course_id": str(course_id)})


async def refresh_batch(session: AsyncSession, course_id: UUID, *, after: UUID | None) -> UUID | None:
    """Recount the next learners, by the id of their enrollment; returns the last id, or None at the end."""
    query = (
        select(Enrollment.id, Enrollment.user_id)
        .where(Enrollment.course_id == course_id)
        .order_by(Enrollment.id)
        .limit(BATCH)
        .with_for_update()
    )
    if after is not None:
        query = query.where(Enrollment.id > after)
    rows = (await session.execute(query)).all()
    if not rows:
        return None
    await recount(session, [row.user_id for row in rows], course_id=course_id)
    return rows[-1].id
