"""Keep the program of a material's cell as it stands in the learner's editor."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.queue_program import check_size
from codezest.services.learning.actions.save_draft import DraftPlace, keep_draft
from codezest.services.learning.errors import NotRunnable
from codezest.services.learning.policies import access_material
from codezest.services.learning.schemas.drafts import DraftDetail


async def save_cell(
    session: AsyncSession, actor: Actor, material_id: UUID, code: str, *, files: Mapping[str, str], revision: int
) -> DraftDetail:
    """Keep it under the next revision; `revision` is the one that it continues. A cell has no other `files`.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, DraftConflict: as they say.
        ValidationFailed: there are other files.
    """
    user_id = actor.require_user()
    check_size(code)
    if files:
        raise ValidationFailed.of("files", _("This program has one file only."))
    access = await access_material(await driver_connection(session), actor, material_id)
    if access.type not in rules.RUNNABLE_MATERIALS or access.runtime is None:
        raise NotRunnable(_("This material holds no program to run."))
    place = DraftPlace(user_id=user_id, material_id=material_id, cell=rules.MAIN_CELL)
    return await keep_draft(session, place, code, files={}, revision=revision)
