"""Write rubrics. One that work was graded by stays as it was: a change of it becomes the next version."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.services.learning.errors import RubricChanged
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.rubrics import RubricChange, RubricUpdate
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Grading, Rubric


async def create_rubric(session: AsyncSession, actor: Actor, course_id: UUID, new: RubricChange) -> Rubric:
    """Add a rubric to a course.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.AUTHOR)
    rubric = Rubric(
        id=uuid7(), course_id=course_id, title=new.title.strip(), criteria=_criteria(new), created_by=actor.user_id
    )
    session.add(rubric)
    await session.flush()
    return rubric


async def change_rubric(session: AsyncSession, actor: Actor, rubric_id: UUID, change: RubricUpdate) -> Rubric:
    """Change a rubric for all assignments that use it; returns it, or its next version.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_rubric`.
        RubricChanged: it is not the version that was changed.
    """
    rubric = await access_rubric(session, actor, rubric_id, Permission.AUTHOR)
    if rubric.archived_at is not None or rubric.version != change.version:
        raise RubricChanged
    if not await _is_used(session, rubric_id):
        rubric.title, rubric.criteria, rubric.version = change.title.strip(), _criteria(change), rubric.version + 1
        await session.flush()
        return rubric
    following = Rubric(
        id=uuid7(),
        course_id=rubric.course_id,
        title=change.title.strip(),
        version=rubric.version + 1,
        replaces_id=rubric.id,
        criteria=_criteria(change),
        created_by=actor.user_id,
    )
    session.add(following)
    rubric.archived_at = func.now()
    await session.flush()
    await session.execute(
        update(Assignment)
        .where(Assignment.rubric_id == rubric_id)
        .values(rubric_id=following.id)
        .execution_options(synchronize_session=False)
    )
    return following


async def remove_rubric(session: AsyncSession, actor: Actor, rubric_id: UUID) -> None:
    """Offer it no more, and use it for no assignment. Grades that were given by it keep it.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_rubric`.
    """
    rubric = await access_rubric(session, actor, rubric_id, Permission.AUTHOR)
    rubric.archived_at = rubric.archived_at or func.now()
    await session.flush()
    await session.execute(
        update(Assignment)
        .where(Assignment.rubric_id == rubric_id)
        .values(rubric_id=None)
        .execution_options(synchronize_session=False)
    )


async def access_rubric(session: AsyncSession, actor: Actor, rubric_id: UUID, permission: Permission) -> Rubric:
    """A rubric of a course that the caller teaches, locked until the transaction ends: nobody grades by it meanwhile.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    rubric = await session.scalar(select(Rubric).where(Rubric.id == rubric_id).with_for_update())
    if rubric is None:
        raise NotFound
    await access_taught_course(await driver_connection(session), actor, rubric.course_id, permission)
    return rubric


async def _is_used(session: AsyncSession, rubric_id: UUID) -> bool:
    return await session.scalar(select(Grading.id).where(Grading.rubric_id == rubric_id).limit(1)) is not None


def _criteria(change: RubricChange) -> list[dict[str, Any]]:
    """As they are kept: each with an id, levels from the highest down."""
    return [
        {
            "id": criterion.id or _new_id(),
            "title": criterion.title.strip(),
            "description": criterion.description.strip(),
            "levels": [
                {
                    "id": level.id or _new_id(),
                    "title": level.title.strip(),
                    "description": level.description.strip(),
                    "points": level.points,
                }
                for level in sorted(criterion.levels, key=lambda level: -level.points)
            ],
        }
        for criterion in change.criteria
    ]


def _new_id() -> str:
    return secrets.token_hex(6)
