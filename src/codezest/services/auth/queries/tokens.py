"""Reads of tokens for programs. `actor_of_token` runs at every request of such a program: one prepared statement."""

from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.database import Pool
from codezest.services.auth import rules
from codezest.services.auth.schemas.tokens import ApiTokenOut
from codezest_db.enums import Role

LIVE_ACTOR = """
SELECT t.id AS token_id, t.scopes, t.last_used_at IS NULL OR t.last_used_at < now() - $2::interval AS stale,
       u.id AS user_id, u.role, u.email::text AS email, u.first_name, u.last_name, u.avatar_url, u.locale, u.timezone,
       u.deletion_requested_at
FROM auth.api_tokens t JOIN auth.users u ON u.id = t.user_id
WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND u.deleted_at IS NULL AND u.suspended_at IS NULL
"""

# The age is looked at again, so that of many requests at once one writes.
MARK_USED = """
UPDATE auth.api_tokens SET last_used_at = now()
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - $2::interval)
"""

HELD = """
SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at,
       expires_at IS NOT NULL AND expires_at <= now() AS expired
FROM auth.api_tokens WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC
"""


async def actor_of_token(pool: Pool, token_hash: bytes) -> Actor:
    """In whose name the program with the token of this SHA-256 asks, and for what; `ANONYMOUS` when it is no live token."""
    row = await pool.fetchrow(LIVE_ACTOR, token_hash, rules.TOKEN_USED_EVERY)
    if row is None:
        return ANONYMOUS
    if row["stale"]:
        await pool.execute(MARK_USED, row["token_id"], rules.TOKEN_USED_EVERY)
    return Actor(
        user_id=row["user_id"],
        role=Role(row["role"]),
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        avatar_url=row["avatar_url"],
        locale=row["locale"],
        timezone=row["timezone"],
        scopes=frozenset(row["scopes"]),
        deletion_requested_at=row["deletion_requested_at"],
    )


async def tokens_of(pool: Pool, actor: Actor) -> list[ApiTokenOut]:
    """The actor's tokens that were not revoked, the newest first; at most `rules.MOST_TOKENS`."""
    rows = await pool.fetch(HELD, actor.require_user())
    return [ApiTokenOut.model_validate(dict(row)) for row in rows]
