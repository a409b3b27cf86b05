"""Put modules, and the items of a module, in order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies import ItemKind
from codezest.services.learning.policies.authoring import (
    access_authored,
    access_authored_path,
    access_course_to_change,
)
from codezest_db.models.learning import Assignment, Course, Material, Module, Quiz

MODELS: dict[ItemKind, type[Material] | type[Assignment] | type[Quiz]] = {
    "MATERIAL": Material,
    "ASSIGNMENT": Assignment,
    "QUIZ": Quiz,
}


async def order_modules(session: AsyncSession, actor: Actor, language_slug: str, ids: Sequence[UUID]) -> None:
    """Give the modules of a language's path the order of the list.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored_path`.
        ValidationFailed: the list is not each module once.
    """
    await _order_modules(session, await access_authored_path(session, actor, language_slug), ids)


async def order_modules_in(session: AsyncSession, actor: Actor, course_id: UUID, ids: Sequence[UUID]) -> None:
    """Give the modules of any course the order of the list.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_course_to_change`.
        ValidationFailed: the list is not each module once.
    """
    await _order_modules(session, await access_course_to_change(session, actor, course_id), ids)


async def _order_modules(session: AsyncSession, course: Course, ids: Sequence[UUID]) -> None:
    modules = await session.scalars(select(Module).where(Module.course_id == course.id, Module.deleted_at.is_(None)))
    by_id = {module.id: module for module in modules.all()}
    if len(ids) != len(by_id) or set(ids) != set(by_id):
        raise ValidationFailed.of("ids", _("List every module of the course once."))
    for position, module_id in enumerate(ids):
        by_id[module_id].position = position


async def order_items(
    session: AsyncSession, actor: Actor, module_id: UUID, items: Sequence[tuple[ItemKind, UUID]]
) -> None:
    """Give the items of a module, whatever their kind, the order of the list.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: the list is not each item once.
    """
    await access_authored(session, actor, Module, module_id)
    known: dict[tuple[ItemKind, UUID], Material | Assignment | Quiz] = {}
    for kind, model in MODELS.items():
        rows = await session.scalars(select(model).where(model.module_id == module_id, model.deleted_at.is_(None)))
        known |= {(kind, row.id): row for row in rows.all()}
    if len(items) != len(known) or set(items) != set(known):
        raise ValidationFailed.of("items", _("List every item of the module once."))
    for position, item in enumerate(items):
        known[item].position = position
