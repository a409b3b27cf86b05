"""One's own sessions."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, Page, PageSize
from codezest.services.auth import queries
from codezest.services.auth.actions import revoke_session as revoking
from codezest.services.auth.schemas import SessionOut

router = APIRouter(prefix="/me/sessions", tags=["me"])


@router.get("")
async def list_sessions(context: Context, cursor: Cursor = None, limit: PageSize = 20) -> Page[SessionOut]:
    """The caller's live sessions, the newest first."""
    return await queries.sessions_of(context.database.pool("auth"), context.actor, cursor=cursor, limit=limit)


@router.delete("/{session_id}", status_code=204)
async def revoke_session(session_id: UUID, context: Context) -> None:
    """End one of the caller's sessions."""
    async with context.database.write("auth") as session:
        await revoking.revoke_session(session, context.actor, session_id)
