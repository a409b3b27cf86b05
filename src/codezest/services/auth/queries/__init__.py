"""Reads of the service auth. `actor_of_session` runs at every request of a signed-in user: one prepared statement."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import asyncpg

from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.database import Pool
from codezest.kit.errors import Unauthenticated
from codezest.kit.pagination import Page, decode_cursor, encode_cursor
from codezest.kit.preferences import Preferences
from codezest.services.auth import rules
from codezest.services.auth.errors import (
    ResetTokenExpired,
    ResetTokenInvalid,
    ResetTokenUsed,
    VerificationTokenExpired,
    VerificationTokenInvalid,
    VerificationTokenUsed,
)
from codezest.services.auth.queries.actors import COLUMNS, actor_in
from codezest.services.auth.schemas import ProfileOut, SessionOut, UserOut

ACTOR_OF_SESSION = f"""
SELECT s.id AS session_id, s.last_seen_at < now() - $2::interval AS stale, p.preferences,
{COLUMNS}
FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id LEFT JOIN auth.user_profiles p ON p.user_id = u.id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
  AND u.deleted_at IS NULL AND u.suspended_at IS NULL
"""  # noqa: S608 - constants

# The age is looked at again, so that of many requests at once one writes.
SLIDE_SESSION = """
UPDATE auth.sessions SET last_seen_at = now(), expires_at = now() + $2::interval
WHERE id = $1 AND revoked_at IS NULL AND last_seen_at < now() - $3::interval
"""

USER = """
SELECT id, email::text AS email, first_name, last_name, role, avatar_url, date_of_birth, locale, timezone,
       email_verified_at, created_at
FROM auth.users WHERE id = $1 AND deleted_at IS NULL
"""

PROFILE = """
SELECT p.handle::text AS handle, coalesce(p.visibility, 'PRIVATE') AS visibility,
       coalesce(p.shows_progress, true) AS shows_progress, coalesce(p.shows_streak, false) AS shows_streak,
       p.bio, p.location, p.website, p.github_url, p.linkedin_url, p.twitter_url,
       CASE WHEN p.avatar IS NOT NULL THEN '/avatars/' || p.avatar || '.webp' END AS avatar, coalesce(p.preferences, '{}'::jsonb) AS preferences
FROM auth.users u LEFT JOIN auth.user_profiles p ON p.user_id = u.id
WHERE u.id = $1 AND u.deleted_at IS NULL
"""

SESSIONS = """
SELECT id, created_at, last_seen_at, expires_at, host(ip_address) AS ip_address, user_agent, id = $2 AS current
FROM auth.sessions
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now() AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""

VERIFICATION = """
SELECT v.used_at, v.expires_at <= now() AS expired, u.email::text AS email, u.email_verified_at,
       v.pending_first_name AS first_name, v.pending_last_name AS last_name
FROM auth.email_verifications v JOIN auth.users u ON u.id = v.user_id
WHERE v.token_hash = $1 AND u.deleted_at IS NULL
"""

RESET = """
SELECT r.used_at, r.expires_at <= now() AS expired, u.email::text AS email
FROM auth.password_resets r JOIN auth.users u ON u.id = r.user_id
WHERE r.token_hash = $1 AND u.deleted_at IS NULL AND u.suspended_at IS NULL
"""


async def actor_of_session(pool: Pool, token_hash: bytes, *, session_days: int) -> Actor:
    """Who holds the session token of this SHA-256; `ANONYMOUS` when it is no live session of a user in good standing.

    A session that is used stays: its end moves to `session_days` from now, at most once in `rules.SEEN_EVERY`.
    """
    row = await pool.fetchrow(ACTOR_OF_SESSION, token_hash, rules.SEEN_EVERY)
    if row is None:
        return ANONYMOUS
    if row["stale"]:
        await pool.execute(SLIDE_SESSION, row["session_id"], timedelta(days=session_days), rules.SEEN_EVERY)
    return actor_in(row, session_id=row["session_id"], preferences=row["preferences"])


async def user_of(pool: Pool, user_id: UUID) -> UserOut:
    """The account as its owner sees it.

    Raises:
        Unauthenticated: it was deleted a moment ago.
    """
    row = await pool.fetchrow(USER, user_id)
    if row is None:
        raise Unauthenticated
    return UserOut.model_validate(dict(row))


async def profile_of(pool: Pool, user_id: UUID) -> ProfileOut:
    """The user's profile; an empty one when nothing was ever entered.

    Raises:
        Unauthenticated: the account was deleted a moment ago.
    """
    row = await pool.fetchrow(PROFILE, user_id)
    if row is None:
        raise Unauthenticated
    return ProfileOut.model_validate(dict(row) | {"preferences": Preferences.of(row["preferences"])})


async def sessions_of(pool: Pool, actor: Actor, *, cursor: str | None, limit: int) -> Page[SessionOut]:
    """The actor's live sessions, the newest first.

    Raises:
        BadRequest: the cursor is not one of ours.
    """
    rows = await pool.fetch(SESSIONS, actor.require_user(), actor.session_id, decode_cursor(cursor), limit + 1)
    items = [SessionOut.model_validate(dict(row)) for row in rows[:limit]]
    return Page(items=items, next_cursor=_next(rows, limit))


async def pending_registration(pool: Pool, token_hash: bytes) -> asyncpg.Record:
    """What a confirmation link would activate, without using it: `email`, `first_name`, `last_name`.

    Raises:
        VerificationTokenInvalid: no such token.
        VerificationTokenUsed: it was used, or another one confirmed the address.
        VerificationTokenExpired: its time is over.
    """
    row = await pool.fetchrow(VERIFICATION, token_hash)
    if row is None:
        raise VerificationTokenInvalid
    if row["used_at"] is not None or row["email_verified_at"] is not None:
        raise VerificationTokenUsed
    if row["expired"]:
        raise VerificationTokenExpired
    return row


async def email_of_reset(pool: Pool, token_hash: bytes) -> str:
    """The address of the account whose password the token may set, without using it.

    Raises:
        ResetTokenInvalid: no such token.
        ResetTokenUsed: it was used, or another one was.
        ResetTokenExpired: its time is over.
    """
    row = await pool.fetchrow(RESET, token_hash)
    if row is None:
        raise ResetTokenInvalid
    if row["used_at"] is not None:
        raise ResetTokenUsed
    if row["expired"]:
        raise ResetTokenExpired
    return str(row["email"])


async def live_sessions(pool: Pool, user_id: UUID, *, cursor: str | None, limit: int) -> Page[SessionOut]:
    """The live sessions of a user, the newest first, for whoever may see them: the caller has looked.

    Raises:
        BadRequest: the cursor is not one of ours.
    """
    rows = await pool.fetch(SESSIONS, user_id, None, decode_cursor(cursor), limit + 1)
    items = [SessionOut.model_validate(dict(row) | {"current": False}) for row in rows[:limit]]
    return Page(items=items, next_cursor=_next(rows, limit))


def _next(rows: list[asyncpg.Record], limit: int) -> str | None:
    return encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None


async def ids_by_email(pool: Pool, emails: Collection[str]) -> dict[str, UUID]:
    """The users behind these addresses, by address as given; unknown addresses are absent."""
    rows = await pool.fetch(
        "SELECT asked.email AS asked, u.id FROM unnest($1::text[]) asked(email) "
        "JOIN auth.users u ON u.email = asked.email::citext AND u.deleted_at IS NULL",
        list(emails),
    )
    return {row["asked"]: row["id"] for row in rows}
