"""Let a program act in one's name."""

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.jobs import INTERACTIVE, enqueue
from codezest.kit.scopes import TOKEN_PREFIX
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth import policies, repository, rules
from codezest.services.auth.errors import TooManyTokens
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.tokens import ApiTokenMade, ApiTokenRequest
from codezest_db.ids import uuid7
from codezest_db.models.auth import ApiToken

SHOWN = len(TOKEN_PREFIX) + 1 + 6
"""Characters by which its owner knows a token: 36 of its 256 random bits."""


async def create_api_token(
    session: AsyncSession, actor: Actor, request: ApiTokenRequest, origin: Origin
) -> ApiTokenMade:
    """Make a token, of which only the hash is kept, and write to the owner that there is one.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: a program asks, or the actor has not proved lately who they are: a token outlives the session.
        TooManyTokens: the actor has as many as anybody may have.
    """
    # The account is locked: of many requests at once, one counts after the other.
    user_id = (await policies.access_own_ways_in(session, actor)).id
    moment = now()
    held = await session.scalar(
        select(func.count())
        .select_from(ApiToken)
        .where(
            ApiToken.user_id == user_id,
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > moment),
        )
    )
    if (held or 0) >= rules.MOST_TOKENS:
        raise TooManyTokens
    token = new_token(TOKEN_PREFIX)
    made = ApiToken(
        id=uuid7(),
        user_id=user_id,
        name=request.name,
        token_hash=token_hash(token),
        prefix=token[:SHOWN],
        scopes=sorted(set(request.scopes)),
        expires_at=None if request.expires_in_days is None else moment + timedelta(days=request.expires_in_days),
    )
    session.add(made)
    await session.flush()
    repository.audit(
        session, "token.created", actor_user_id=user_id, subject_type="api_token", subject_id=made.id, origin=origin
    )
    await enqueue(session, "auth.send_account_letter", {"user_id": user_id, "letter": "token"}, priority=INTERACTIVE)
    return ApiTokenMade(id=made.id, token=token)
