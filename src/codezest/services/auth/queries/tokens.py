"""Reads of tokens for programs. `actor_of_token` runs at every request of such a program: one prepared statement."""

from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.database import Pool
from codezest.services.auth import rules
from codezest.services.auth.queries.actors import COLUMNS, actor_in
from codezest.services.auth.schemas.tokens import ApiTokenOut

LIVE_ACTOR = f"""
SELECT t.id AS token_id, t.scopes, t.last_used_at IS NULL OR t.last_used_at < now() - $2::interval AS stale,
{COLUMNS}
FROM auth.api_tokens t JOIN auth.users u ON u.id = t.user_id
WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND u.deleted_at IS NULL AND u.suspended_at IS NULL
"""  # noqa: S608 - constants

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
    return actor_in(row, scopes=frozenset(row["scopes"]))


async def tokens_of(pool: Pool, actor: Actor) -> list[ApiTokenOut]:
    """The actor's tokens that were not revoked, the newest first; at most `rules.MOST_TOKENS`."""
    rows = await pool.fetch(HELD, actor.require_user())
    return [ApiTokenOut.model_validate(dict(row)) for row in rows]
