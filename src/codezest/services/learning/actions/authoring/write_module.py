"""Create, change and remove a module of a language's path."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_revision import check_revision
from codezest.services.learning.actions.authoring.note_removal import note_removal
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.errors import PrerequisiteRefused
from codezest.services.learning.policies.authoring import (
    access_authored,
    access_authored_path,
    access_course_to_change,
)
from codezest.services.learning.repository import flush_named
from codezest.services.learning.rules import has_cycle, slug_of
from codezest.services.learning.schemas.authoring import ModuleChange, NewModule
from codezest_db.enums import PublicationStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, Module, ModulePrerequisite


async def create_module(session: AsyncSession, actor: Actor, language_slug: str, new: NewModule) -> UUID:
    """Add a module at the end of a language's path, as a draft unless told otherwise.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored_path`.
        SlugTaken, PrerequisiteRefused, ValidationFailed: as they say.
    """
    return await _create(session, await access_authored_path(session, actor, language_slug), new)


async def create_module_in(session: AsyncSession, actor: Actor, course_id: UUID, new: NewModule) -> UUID:
    """Add a module at the end of any course, as a draft unless told otherwise.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_course_to_change`.
        SlugTaken, PrerequisiteRefused, ValidationFailed: as they say.
    """
    return await _create(session, await access_course_to_change(session, actor, course_id), new)


async def _create(session: AsyncSession, course: Course, new: NewModule) -> UUID:
    columns = new.columns()
    prerequisites: Sequence[UUID] = columns.pop("prerequisite_ids", ())
    if not columns.setdefault("slug", slug_of(new.title)):
        raise ValidationFailed.of("slug", _("Nothing of the title can stand in an address. Give an address yourself."))
    last = await session.scalar(
        select(func.max(Module.position)).where(Module.course_id == course.id, Module.deleted_at.is_(None))
    )
    module = Module(id=uuid7(), course_id=course.id, position=0 if last is None else last + 1, **columns)
    session.add(module)
    await flush_named(session)
    await _set_prerequisites(session, module, prerequisites)
    if module.status is PublicationStatus.PUBLISHED:
        await ask_for_refresh(session, course.id)
    return module.id


async def change_module(session: AsyncSession, actor: Actor, module_id: UUID, change: ModuleChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: the change names a revision that is no longer the newest.
        SlugTaken, PrerequisiteRefused: as they say.
    """
    authored = await access_authored(session, actor, Module, module_id)
    await check_revision(session, Module, module_id, change.revision)
    module, before = authored.row, authored.row.status
    columns = change.columns()
    prerequisites: Sequence[UUID] | None = columns.pop("prerequisite_ids", None)
    for name, value in columns.items():
        setattr(module, name, value)
    await flush_named(session)
    if prerequisites is not None:
        await _set_prerequisites(session, module, prerequisites)
    if module.status is not before:
        await ask_for_refresh(session, authored.course.id)


async def remove_module(session: AsyncSession, actor: Actor, module_id: UUID) -> None:
    """Mark a module as deleted, and with it what it lists.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    authored = await access_authored(session, actor, Module, module_id)
    authored.row.deleted_at = now()
    await session.flush()
    await note_removal(session, actor, authored.row)
    await ask_for_refresh(session, authored.course.id)


async def _set_prerequisites(session: AsyncSession, module: Module, wanted: Sequence[UUID]) -> None:
    """Replace the modules to complete first. The course is locked, so no other author closes a circle meanwhile.

    Raises:
        PrerequisiteRefused: one belongs to another course, or depends on this module.
    """
    known = await session.scalars(
        select(Module.id).where(
            Module.course_id == module.course_id, Module.deleted_at.is_(None), Module.id != module.id
        )
    )
    if not set(known.all()).issuperset(wanted):
        raise PrerequisiteRefused(_("A prerequisite is another module of the same course."))
    edges: dict[UUID, set[UUID]] = {}
    rows = await session.execute(
        select(ModulePrerequisite.module_id, ModulePrerequisite.prerequisite_id)
        .join(Module, Module.id == ModulePrerequisite.module_id)
        .where(Module.course_id == module.course_id, Module.id != module.id)
    )
    for module_id, prerequisite_id in rows.all():
        edges.setdefault(module_id, set()).add(prerequisite_id)
    edges[module.id] = set(wanted)
    if has_cycle(edges, module.id):
        raise PrerequisiteRefused(_("A prerequisite depends on this module itself: neither could ever be begun."))
    await session.execute(delete(ModulePrerequisite).where(ModulePrerequisite.module_id == module.id))
    session.add_all(ModulePrerequisite(module_id=module.id, prerequisite_id=needed) for needed in edges[module.id])
    await session.flush()
