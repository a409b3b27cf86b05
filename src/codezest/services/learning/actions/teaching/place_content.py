"""Put one thing of a course somewhere else. Each step says where a thing goes, not how all things stand, so that two who
order at once do not undo each other.
"""

from typing import Literal, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.order_content import MODELS, order_items, order_modules_in
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.actions.teaching.free_item_slug import free_item_slug
from codezest.services.learning.policies import ItemKind
from codezest.services.learning.policies.authoring import access_authored, access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.repository import flush_named
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, Course, Material, Module, Quiz

Step = Literal["up", "down"]
PlacedT = TypeVar("PlacedT")


async def place_item(
    session: AsyncSession,
    actor: Actor,
    kind: ItemKind,
    item_id: UUID,
    *,
    module_id: UUID,
    before: UUID | None = None,
) -> UUID:
    """Put an item into a module of its course, before another item of it or at its end; returns the course's id.

    Its address within the module gets a number where another item has it.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: the module belongs to another course.
    """
    await _lock_course_of(session, actor, kind, item_id)
    authored = await access_authored(session, actor, MODELS[kind], item_id)
    item = authored.row
    assert isinstance(item, (Material, Assignment, Quiz))
    if item.module_id != module_id:
        target = (await access_authored(session, actor, Module, module_id)).row
        if target.course_id != authored.course.id:
            raise ValidationFailed.of("module_id", _("This is no module of the same course."))
        item.slug = await free_item_slug(session, MODELS[kind], module_id, item.slug)
        item.module_id = module_id
        await flush_named(session)
        if item.status is PublicationStatus.PUBLISHED:
            await ask_for_refresh(session, authored.course.id)
    order = [one for one in await _items_of(session, module_id) if one != (kind, item_id)]
    places = [place for place, (_kind, one) in enumerate(order) if one == before]
    order.insert(places[0] if places else len(order), (kind, item_id))
    await order_items(session, actor, module_id, order)
    return authored.course.id


async def step_item(session: AsyncSession, actor: Actor, kind: ItemKind, item_id: UUID, step: Step) -> UUID:
    """Change places with the neighbour above or below; at the end of a module nothing changes. Raises as above."""
    await _lock_course_of(session, actor, kind, item_id)
    authored = await access_authored(session, actor, MODELS[kind], item_id)
    item = authored.row
    assert isinstance(item, (Material, Assignment, Quiz))
    order = await _items_of(session, item.module_id)
    place = order.index((kind, item_id))
    await order_items(session, actor, item.module_id, _stepped(order, place, step))
    return authored.course.id


async def place_module(session: AsyncSession, actor: Actor, module_id: UUID, *, before: UUID | None) -> UUID:
    """Put a module before another one of its course, or at the end; returns the course's id. Raises as above."""
    await _lock_course_of(session, actor, "MODULE", module_id)
    authored = await access_authored(session, actor, Module, module_id)
    order = [one for one in await _modules_of(session, authored.course) if one != module_id]
    order.insert(order.index(before) if before is not None and before in order else len(order), module_id)
    await order_modules_in(session, actor, authored.course.id, order)
    return authored.course.id


async def step_module(session: AsyncSession, actor: Actor, module_id: UUID, step: Step) -> UUID:
    """Change places with the module above or below. Raises as above."""
    await _lock_course_of(session, actor, "MODULE", module_id)
    authored = await access_authored(session, actor, Module, module_id)
    order = await _modules_of(session, authored.course)
    await order_modules_in(session, actor, authored.course.id, _stepped(order, order.index(module_id), step))
    return authored.course.id


async def _lock_course_of(
    session: AsyncSession, actor: Actor, kind: Literal["MODULE"] | ItemKind, target_id: UUID
) -> None:
    """The course before anything in it, as whoever orders does, so that no two wait for each other."""
    reader = await driver_connection(session)
    course = await access_course_of(reader, actor, kind.lower(), target_id, Permission.AUTHOR)
    await access_course_to_change(session, actor, course.id)


def _stepped(order: list[PlacedT], place: int, step: Step) -> list[PlacedT]:
    other = place - 1 if step == "up" else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


async def _modules_of(session: AsyncSession, course: Course) -> list[UUID]:
    found = await session.scalars(
        select(Module.id)
        .where(Module.course_id == course.id, Module.deleted_at.is_(None))
        .order_by(Module.position, Module.id)
    )
    return list(found.all())


async def _items_of(session: AsyncSession, module_id: UUID) -> list[tuple[ItemKind, UUID]]:
    """In the order of the outline."""
    found: list[tuple[int, ItemKind, UUID]] = []
    for kind, model in MODELS.items():
        rows = await session.execute(
            select(model.position, model.id).where(model.module_id == module_id, model.deleted_at.is_(None))
        )
        found.extend((row.position, kind, row.id) for row in rows.all())
    return [(kind, item_id) for _position, kind, item_id in sorted(found)]
