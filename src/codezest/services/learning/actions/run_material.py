"""Run the program of a material's cell."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.queue_program import Program, check_size, find_repeated, queue_program
from codezest.services.learning.errors import NotRunnable
from codezest.services.learning.policies import access_material
from codezest.services.learning.receipts import Signer
from codezest_db.enums import SubmissionPurpose
from codezest_db.models.learning import Submission


async def run_material(
    session: AsyncSession,
    actor: Actor,
    material_id: UUID,
    code: str,
    *,
    signer: Signer,
    stdin: str = "",
    idempotency_key: str | None = None,
) -> Submission:
    """Keep the program and ask for one run of it on the given input. Nothing is compared and nothing counts. Its receipt is loaded.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, TooManyUnfinished, IdempotencyKeyReused: as they say.
    """
    user_id = actor.require_user()
    check_size(code)
    check_size(stdin)
    access = await access_material(await driver_connection(session), actor, material_id)
    if access.type not in rules.RUNNABLE_MATERIALS or access.runtime is None:
        raise NotRunnable(_("This material holds no program to run."))
    program = Program(
        user_id=user_id,
        purpose=SubmissionPurpose.PLAYGROUND,
        code=code,
        material_id=material_id,
        stdin=stdin,
        idempotency_key=idempotency_key,
    )
    repeated = await find_repeated(session, program)
    if repeated is not None:
        return repeated
    await count_study(session, user_id, actor.timezone, submissions=1)
    return await queue_program(session, program, signer, language=access.runtime)
