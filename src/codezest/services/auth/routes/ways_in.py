"""How one's own account is entered."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context, RequestContext
from codezest.services.auth.actions.identities.link_identity import unlink_identity
from codezest.services.auth.actions.passkeys import change_passkey as changing
from codezest.services.auth.actions.passkeys import register_passkey as registering
from codezest.services.auth.actions.prove import prove_with_code, prove_with_password
from codezest.services.auth.actions.two_step.confirm_totp import confirm_totp
from codezest.services.auth.actions.two_step.disable_totp import disable_totp
from codezest.services.auth.actions.two_step.enroll_totp import enroll_totp
from codezest.services.auth.actions.two_step.renew_recovery_codes import renew_recovery_codes
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in import codes, queries
from codezest.services.auth.ways_in.schemas import (
    CodeAnswer,
    PasskeyOptions,
    PasskeyOut,
    PasskeyRegistration,
    PasskeyUpdate,
    ProofAnswer,
    RecoveryCodes,
    TotpSetup,
    WaysInOut,
)

router = APIRouter(prefix="/me", tags=["me"])


@router.get("/ways-in")
async def read_ways_in(context: Context) -> WaysInOut:
    """By what the caller's account can be entered."""
    return await queries.ways_in_of(context.database.pool("auth"), context.actor.require_user())


@router.post("/proof", status_code=204)
async def prove(answer: ProofAnswer, context: Context) -> None:
    """Show once more who one is. The ways in below can be changed for ten minutes afterwards, and after a login."""
    if answer.password is not None:
        await prove_with_password(context.database, context.settings, context.actor, answer.password, _origin(context))
    elif answer.code is not None:
        await prove_with_code(context.database, context.settings, context.actor, answer.code, _origin(context))


@router.post("/two-step", status_code=201)
async def set_up_two_step(context: Context) -> TotpSetup:
    """Begin to set up an authenticator app."""
    async with context.database.write("auth") as session:
        secret = await enroll_totp(session, context.settings, context.actor)
    return TotpSetup(
        secret=codes.readable_secret(secret).replace(" ", ""),
        address=codes.setup_address(secret, context.actor.email),
    )


@router.post("/two-step/confirm")
async def confirm_two_step(answer: CodeAnswer, context: Context) -> RecoveryCodes:
    """Turn two-step login on with a code that the app shows."""
    async with context.database.write("auth") as session:
        shown = await confirm_totp(session, context.settings, context.actor, answer.code, _origin(context))
    return RecoveryCodes(codes=shown)


@router.delete("/two-step", status_code=204)
async def end_two_step(context: Context) -> None:
    """Turn two-step login off."""
    async with context.database.write("auth") as session:
        await disable_totp(session, context.actor, _origin(context))


@router.post("/two-step/recovery-codes")
async def renew_codes(context: Context) -> RecoveryCodes:
    """New recovery codes; those before work no more."""
    async with context.database.write("auth") as session:
        shown = await renew_recovery_codes(session, context.actor, _origin(context))
    return RecoveryCodes(codes=shown)


@router.post("/passkeys/options")
async def passkey_options(context: Context) -> PasskeyOptions:
    """What to ask an authenticator for, to add a passkey."""
    async with context.database.write("auth") as session:
        return await registering.begin_registration(session, context.settings, context.actor)


@router.post("/passkeys", status_code=201)
async def add_passkey(registration: PasskeyRegistration, context: Context) -> PasskeyOut:
    """Add the passkey that an authenticator made."""
    async with context.database.write("auth") as session:
        return await registering.register_passkey(
            session,
            context.settings,
            context.actor,
            ceremony=registration.ceremony,
            name=registration.name,
            answer=registration.credential,
            origin=_origin(context),
        )


@router.patch("/passkeys/{passkey_id}", status_code=204)
async def rename_passkey(passkey_id: UUID, changes: PasskeyUpdate, context: Context) -> None:
    """Call a passkey otherwise."""
    async with context.database.write("auth") as session:
        await changing.rename_passkey(session, context.actor, passkey_id, changes.name)


@router.delete("/passkeys/{passkey_id}", status_code=204)
async def remove_passkey(passkey_id: UUID, context: Context) -> None:
    """Remove a passkey, unless it is the only way in."""
    async with context.database.write("auth") as session:
        await changing.remove_passkey(session, context.actor, passkey_id, _origin(context))


@router.delete("/connections/{connection_id}", status_code=204)
async def disconnect(connection_id: UUID, context: Context) -> None:
    """Disconnect an account elsewhere, unless it is the only way in."""
    async with context.database.write("auth") as session:
        await unlink_identity(session, context.actor, connection_id, _origin(context))


def _origin(context: RequestContext) -> Origin:
    return Origin.of(context.client_address, context.user_agent)
