"""One's own account and profile."""

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.auth import queries
from codezest.services.auth.actions import change_password as changing
from codezest.services.auth.actions import update_account as updating
from codezest.services.auth.actions.write_introduction import write_introduction
from codezest.services.auth.queries import people
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas import AccountUpdate, PasswordChange, ProfileOut, ProfileUpdate, UserOut
from codezest.services.auth.schemas.people import InstructorOut, InstructorUpdate

router = APIRouter(prefix="/me", tags=["me"])


@router.get("")
async def read_account(context: Context) -> UserOut:
    """The caller's account."""
    return await queries.user_of(context.database.pool("auth"), context.actor.require_user())


@router.patch("")
async def update_account(changes: AccountUpdate, context: Context) -> UserOut:
    """Change the fields given."""
    async with context.database.write("auth") as session:
        await updating.update_account(session, context.actor, changes)
    return await queries.user_of(context.database.pool("auth"), context.actor.require_user())


@router.post("/password", status_code=204)
async def change_password(change: PasswordChange, context: Context) -> None:
    """Change the password. Every other session ends."""
    origin = Origin.of(context.client_address, context.user_agent)
    await changing.change_password(context.database, context.settings, context.actor, change, origin)


@router.get("/profile")
async def read_profile(context: Context) -> ProfileOut:
    """The caller's profile."""
    return await queries.profile_of(context.database.pool("auth"), context.actor.require_user())


@router.patch("/profile")
async def update_profile(changes: ProfileUpdate, context: Context) -> ProfileOut:
    """Change the fields given; empty text counts as null."""
    async with context.database.write("auth") as session:
        await updating.update_profile(session, context.actor, changes)
    return await queries.profile_of(context.database.pool("auth"), context.actor.require_user())


@router.get("/instructor")
async def read_introduction(context: Context) -> InstructorOut:
    """How the caller, who teaches, is introduced to learners."""
    return await people.introduction_of(context.database.pool("auth"), context.actor)


@router.put("/instructor")
async def update_introduction(changes: InstructorUpdate, context: Context) -> InstructorOut:
    """Replace it."""
    async with context.database.write("auth") as session:
        await write_introduction(session, context.actor, changes)
    return await people.introduction_of(context.database.pool("auth"), context.actor)
