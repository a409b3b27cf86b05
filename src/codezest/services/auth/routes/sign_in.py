"""Ways in besides the password: the second step and passkeys. Identity providers need a browser, and so have pages only."""

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.auth import queries
from codezest.services.auth.actions.passkeys.sign_in_with_passkey import begin_passkey_sign_in, sign_in_with_passkey
from codezest.services.auth.actions.two_step.finish_sign_in import finish_sign_in
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import LoginAnswer
from codezest.services.auth.ways_in.schemas import PasskeyAnswer, PasskeyOptions, SecondStepAnswer

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/second-step")
async def second_step(answer: SecondStepAnswer, context: Context) -> LoginAnswer:
    """Begin a session with the code that is owed after the password."""
    begun = await finish_sign_in(
        context.database,
        context.settings,
        ceremony=answer.ceremony,
        code=answer.code,
        origin=Origin.of(context.client_address, context.user_agent),
    )
    return LoginAnswer(token=begun.token, user=await queries.user_of(context.database.pool("auth"), begun.user_id))


@router.post("/passkey/options")
async def passkey_options(context: Context) -> PasskeyOptions:
    """What to ask an authenticator for."""
    async with context.database.write("auth") as session:
        return await begin_passkey_sign_in(session, context.settings)


@router.post("/passkey")
async def passkey(answer: PasskeyAnswer, context: Context) -> LoginAnswer:
    """Begin a session with an authenticator's answer. No code is asked for: the authenticator has verified its user."""
    begun = await sign_in_with_passkey(
        context.database,
        context.settings,
        ceremony=answer.ceremony,
        answer=answer.credential,
        origin=Origin.of(context.client_address, context.user_agent),
    )
    return LoginAnswer(token=begun.token, user=await queries.user_of(context.database.pool("auth"), begun.user_id))
