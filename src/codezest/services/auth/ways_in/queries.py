"""Reads of the ways to sign in."""

from uuid import UUID

import asyncpg

from codezest.kit.clock import now
from codezest.kit.database import Pool
from codezest.kit.errors import Unauthenticated
from codezest.services.auth.ways_in import rules
from codezest.services.auth.ways_in.schemas import ConnectionOut, PasskeyOut, TwoStepOut, WaysInOut

ACCOUNT = """
SELECT u.password_hash IS NOT NULL AS password, t.confirmed_at AS enabled_at,
       (SELECT count(*) FROM auth.recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL) AS codes_left
FROM auth.users u LEFT JOIN auth.totp_secrets t ON t.user_id = u.id
WHERE u.id = $1 AND u.deleted_at IS NULL
"""

PASSKEYS = """
SELECT id, name, created_at, last_used_at, backed_up FROM auth.webauthn_credentials WHERE user_id = $1 ORDER BY id
"""

CONNECTIONS = "SELECT id, provider, created_at FROM auth.oauth_accounts WHERE user_id = $1 ORDER BY id"

PROVED = "SELECT proved_at FROM auth.sessions WHERE id = $1 AND revoked_at IS NULL"

CEREMONY = """
SELECT next_path FROM auth.ceremonies
WHERE token_hash = $1 AND kind = $2 AND expires_at > now() AND attempts < $3
"""


async def ways_in_of(pool: Pool, user_id: UUID) -> WaysInOut:
    """All of an account's.

    Raises:
        Unauthenticated: the account was deleted a moment ago.
    """
    account = await pool.fetchrow(ACCOUNT, user_id)
    if account is None:
        raise Unauthenticated
    enabled = account["enabled_at"] is not None
    return WaysInOut(
        password=account["password"],
        two_step=TwoStepOut(
            enabled=enabled,
            enabled_at=account["enabled_at"],
            recovery_codes_left=account["codes_left"] if enabled else 0,
        ),
        passkeys=await passkeys_of(pool, user_id),
        connections=await connections_of(pool, user_id),
    )


async def passkeys_of(pool: Pool, user_id: UUID) -> list[PasskeyOut]:
    """The passkeys of a user, the oldest first."""
    return [PasskeyOut.model_validate(dict(row)) for row in await pool.fetch(PASSKEYS, user_id)]


async def connections_of(pool: Pool, user_id: UUID) -> list[ConnectionOut]:
    """The accounts elsewhere that are connected with a user's, the oldest first."""
    return [ConnectionOut.model_validate(dict(row)) for row in await pool.fetch(CONNECTIONS, user_id)]


async def is_proved(pool: Pool, session_id: UUID | None) -> bool:
    """Whether the session's holder has proved lately who they are."""
    return rules.is_recent(await pool.fetchval(PROVED, session_id), moment=now())


async def waiting_ceremony(pool: Pool, token_hash: bytes, kind: str) -> asyncpg.Record | None:
    """A ceremony that can still be ended, without ending it: `next_path`."""
    return await pool.fetchrow(CEREMONY, token_hash, kind, rules.CEREMONY_ATTEMPTS)
