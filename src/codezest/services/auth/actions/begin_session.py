"""Begin a session for someone who has proved who they are."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import UserSignedIn
from codezest.kit.clock import now
from codezest.kit.outbox import publish
from codezest.kit.settings import Settings
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth.rules import Origin
from codezest_db.ids import uuid7
from codezest_db.models.auth import Session, User


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that has just begun; its token exists here and with its owner only."""

    token: str = field(repr=False)
    user_id: UUID


async def begin_session(session: AsyncSession, settings: Settings, user: User, *, origin: Origin) -> NewSession:
    """Make the session's row. The caller has locked the user and seen that the account is in good standing."""
    token = new_token("czs")
    began = Session(
        id=uuid7(),
        user_id=user.id,
        token_hash=token_hash(token),
        expires_at=now() + timedelta(days=settings.session_days),
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
        proved_at=now(),
    )
    session.add(began)
    await session.flush()
    await publish(session, UserSignedIn(user_id=user.id, session_id=began.id))
    return NewSession(token=token, user_id=user.id)
