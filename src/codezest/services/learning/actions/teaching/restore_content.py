"""Bring back a module or an item that was deleted."""

from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.actions.authoring.note_removal import note_removal
from codezest.services.learning.actions.authoring.order_content import MODELS
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.actions.teaching.free_item_slug import free_item_slug, free_module_slug
from codezest.services.learning.policies import ItemKind
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.repository import flush_named
from codezest_db.models.learning import Assignment, Material, Module, Quiz

RestorableKind = Literal["MODULE"] | ItemKind


async def restore_content(
    session: AsyncSession, actor: Actor, course_id: UUID, kind: RestorableKind, target_id: UUID
) -> None:
    """Undo a deletion in this course; doing it twice changes nothing. It stands where it stood, its address with a number
    behind it where another thing has taken it meanwhile.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; nothing of this course has that id.
    """
    course = await access_course_to_change(session, actor, course_id)
    if kind == "MODULE":
        row = await session.scalar(
            select(Module).where(Module.id == target_id, Module.course_id == course.id).with_for_update(key_share=True)
        )
        if row is None:
            raise NotFound
        if row.deleted_at is None:
            return
        row.slug = await free_module_slug(session, course.id, row.slug)
        row.deleted_at = None
        restored: Module | Material | Assignment | Quiz = row
    else:
        model = MODELS[kind]
        item = await session.scalar(
            select(model)
            .join(Module, Module.id == model.module_id)
            .where(model.id == target_id, Module.course_id == course.id, Module.deleted_at.is_(None))
            .with_for_update(key_share=True, of=model)
        )
        if item is None:
            raise NotFound
        if item.deleted_at is None:
            return
        item.slug = await free_item_slug(session, model, item.module_id, item.slug)
        item.deleted_at = None
        restored = item
    await flush_named(session)
    await note_removal(session, actor, restored)
    await ask_for_refresh(session, course.id)
