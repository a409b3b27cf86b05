"""What a link of a change of address would do, without doing it."""

import asyncpg

from codezest.kit.database import Pool
from codezest.services.auth.errors import ChangeLinkExpired, ChangeLinkInvalid, ChangeLinkUsed

CHANGE = """
SELECT c.new_email::text AS new_email, u.email::text AS email, c.used_at, c.expires_at <= now() AS expired
FROM auth.email_changes c JOIN auth.users u ON u.id = c.user_id
WHERE c.token_hash = $1 AND u.deleted_at IS NULL AND u.suspended_at IS NULL
"""
UNDO = """
SELECT c.old_email::text AS old_email, u.email::text AS email, c.undone_at AS used_at, c.undo_expires_at <= now() AS expired
FROM auth.email_changes c JOIN auth.users u ON u.id = c.user_id
WHERE c.undo_token_hash = $1 AND u.deleted_at IS NULL
"""
PENDING = """
SELECT new_email::text FROM auth.email_changes
WHERE user_id = $1 AND used_at IS NULL AND expires_at > now() ORDER BY id DESC LIMIT 1
"""


async def change_of_token(pool: Pool, token_hash: bytes) -> asyncpg.Record:
    """What a link in a letter to a new address would do: `email` becomes `new_email`.

    Raises:
        ChangeLinkInvalid, ChangeLinkUsed, ChangeLinkExpired: it does nothing any more.
    """
    return _living(await pool.fetchrow(CHANGE, token_hash))


async def undo_of_token(pool: Pool, token_hash: bytes) -> asyncpg.Record:
    """What a link in a letter to a former address would do: `email` becomes `old_email` again.

    Raises:
        ChangeLinkInvalid, ChangeLinkUsed, ChangeLinkExpired: it does nothing any more.
    """
    return _living(await pool.fetchrow(UNDO, token_hash))


async def pending_address(pool: Pool, user_id: object) -> str | None:
    """The address that waits for its confirmation, if any."""
    found: str | None = await pool.fetchval(PENDING, user_id)
    return found


def _living(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise ChangeLinkInvalid
    if row["used_at"] is not None:
        raise ChangeLinkUsed
    if row["expired"]:
        raise ChangeLinkExpired
    return row


async def has_password(pool: Pool, user_id: object) -> bool:
    """Whether the user can prove with a password who they are."""
    return bool(await pool.fetchval("SELECT password_hash IS NOT NULL FROM auth.users WHERE id = $1", user_id))
