"""Begin to set up an authenticator app."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.sealing import sealer_for
from codezest.kit.settings import Settings
from codezest.services.auth import policies
from codezest.services.auth.actions.two_step.check_code import sealed_for, secret_of
from codezest.services.auth.ways_in import codes
from codezest.services.auth.ways_in.errors import TwoStepOn
from codezest_db.ids import uuid7
from codezest_db.models.auth import TotpSecret


async def enroll_totp(session: AsyncSession, settings: Settings, actor: Actor) -> bytes:
    """A new secret, which counts once a code of it was typed (`confirm_totp`); one that was never confirmed is replaced.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        TwoStepOn: an app is set up already.
    """
    user = await policies.access_own_ways_in(session, actor)
    secret = codes.new_secret()
    sealed = sealer_for(settings).seal(sealed_for(user.id), secret)
    stored = await session.execute(
        insert(TotpSecret)
        .values(id=uuid7(), user_id=user.id, secret_encrypted=sealed)
        .on_conflict_do_update(
            index_elements=["user_id"],
            set_={"secret_encrypted": sealed, "last_used_step": None},
            where=TotpSecret.confirmed_at.is_(None),
        )
        .returning(TotpSecret.id)
    )
    if stored.scalar_one_or_none() is None:
        raise TwoStepOn
    return secret


async def pending_secret(session: AsyncSession, settings: Settings, actor: Actor) -> bytes:
    """The secret that was given and not confirmed yet.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        WrongCode: there is none.
    """
    user = await policies.access_own_ways_in(session, actor)
    _row, secret = await secret_of(session, settings, user.id, confirmed=False)
    return secret
