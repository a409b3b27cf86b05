"""What the editor of a module or a material saves: all of its form at once, unless somebody else was faster."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.learning.actions.authoring.write_item import change_material
from codezest.services.learning.actions.authoring.write_module import change_module
from codezest.services.learning.actions.teaching.check_revision import check_revision
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.schemas.authoring import MaterialChange, ModuleChange
from codezest_db.models.learning import Material, Module


async def save_module(
    session: AsyncSession, actor: Actor, module_id: UUID, change: ModuleChange, *, seen: str | None
) -> None:
    """Change what is named, if the module is still the one that was seen.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: it is not.
        SlugTaken, PrerequisiteRefused: as they say.
    """
    await access_authored(session, actor, Module, module_id)
    await check_revision(session, Module, module_id, seen)
    await change_module(session, actor, module_id, change)


async def save_material(
    session: AsyncSession, actor: Actor, material_id: UUID, change: MaterialChange, *, seen: str | None
) -> None:
    """The same for a material.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: as above.
        SlugTaken, NotReady, ValidationFailed: as they say.
    """
    await access_authored(session, actor, Material, material_id)
    await check_revision(session, Material, material_id, seen)
    await change_material(session, actor, material_id, change)
