"""Finish a material."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import MaterialCompleted
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.record_progress import record_progress
from codezest.services.learning.policies import access_material
from codezest.services.learning.repository import lock_enrollment
from codezest_db.enums import ProgressStatus
from codezest_db.models.learning import MaterialProgress


async def complete_material(session: AsyncSession, actor: Actor, material_id: UUID) -> bool:
    """Mark a material as completed by the caller and recount the progress.

    Returns:
        whether it was not completed before.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    user_id = actor.require_user()
    access = await access_material(await driver_connection(session), actor, material_id)
    await lock_enrollment(session, user_id, access.course_id)
    row = insert(MaterialProgress).values(
        user_id=user_id,
        material_id=material_id,
        status=ProgressStatus.COMPLETED,
        completed=True,
        started_at=func.now(),
        completed_at=func.now(),
    )
    newly = await session.scalar(
        row.on_conflict_do_update(
            index_elements=["user_id", "material_id"],
            set_={
                "status": ProgressStatus.COMPLETED,
                "completed": True,
                "completed_at": func.now(),
                "started_at": func.coalesce(MaterialProgress.started_at, func.now()),
                "updated_at": func.now(),
            },
            where=~MaterialProgress.completed,
        ).returning(MaterialProgress.id)
    )
    if newly is None:
        return False
    await count_study(session, user_id, actor.timezone, steps=1)
    await record_progress(session, user_id, course_id=access.course_id, module_id=access.module_id)
    await outbox.publish(
        session,
        MaterialCompleted(
            user_id=user_id, course_id=access.course_id, module_id=access.module_id, material_id=material_id
        ),
    )
    return True
