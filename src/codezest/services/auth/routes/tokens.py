"""Tokens for programs. No token opens these."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.services.auth.actions import create_api_token as creating
from codezest.services.auth.actions import revoke_api_token as revoking
from codezest.services.auth.queries.tokens import tokens_of
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.tokens import ApiTokenMade, ApiTokenOut, ApiTokenRequest

router = APIRouter(prefix="/me/tokens", tags=["me"])


@router.get("")
async def list_tokens(context: Context) -> list[ApiTokenOut]:
    """The caller's tokens that were not revoked, the newest first."""
    return await tokens_of(context.database.pool("auth"), context.actor)


@router.post("", status_code=201)
async def create_token(request: ApiTokenRequest, context: Context) -> ApiTokenMade:
    """Make a token, which is shown this once."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        return await creating.create_api_token(session, context.actor, request, origin)


@router.delete("/{token_id}", status_code=204)
async def revoke_token(token_id: UUID, context: Context) -> None:
    """End a token at once."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await revoking.revoke_api_token(session, context.actor, token_id, origin)
