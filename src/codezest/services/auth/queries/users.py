"""Accounts as administrators find them. Every order and every filter has an index, so that a page costs the same among
many accounts as among few: a statement is put together from the conditions that are asked for, and no others.

Few that fit a text are found by an index. Where many do, the newest accounts are looked through one by one, some thousand
at a time: the next are soon found among them.
"""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.pagination import Page, decode_cursor, encode_cursor, first_id_of
from codezest.services.auth.errors import UserNotFound
from codezest.services.auth.schemas import ManagedUserOut, SessionOut
from codezest.services.auth.schemas.administration import AccountCounts, Exceeding, UserState
from codezest_db.enums import Role

COUNTED = 100_000
"""As far as accounts are counted."""
FEW = 5_000
"""So many accounts that fit a text are few."""
LOOKED_AT = 5_000
"""Accounts that one request looks through where many fit: its page may hold fewer than there are further on."""
SHORTEST_PART = 3
"""Characters from which on a text is looked for anywhere: an index of trigrams knows no shorter parts."""

FITS = {True: "starts_with(u.sought, {})", False: "strpos(u.sought, {}) > 0"}
"""By whether a text is short; served by no index, which would be tempted to tell all that fit."""
_BEGINS = ("", "% ", "%@", "%.")
"""Behind what a word begins: the index does not tell the first from the others."""
_WORD = re.compile(r"[^\W_]+")
COLUMNS = """
SELECT u.id, u.email::text AS email, u.first_name, u.last_name, u.role, u.email_verified_at, u.suspended_at,
       u.suspension_reason, u.deletion_requested_at, p.handle::text AS handle, u.created_at
FROM auth.users u LEFT JOIN auth.user_profiles p ON p.user_id = u.id
WHERE u.deleted_at IS NULL
"""
STATES: dict[UserState, str] = {
    "ACTIVE": "u.suspended_at IS NULL AND u.email_verified_at IS NOT NULL AND u.deletion_requested_at IS NULL",
    "SUSPENDED": "u.suspended_at IS NOT NULL",
    "UNVERIFIED": "u.email_verified_at IS NULL",
    "DELETION": "u.deletion_requested_at IS NOT NULL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """Which accounts are wanted; what is None does not matter.

    `search` is a part of the address or the name of three characters or more, less than that their beginning, or the whole
    name of a public page, or an id.
    """

    search: str | None = None
    role: Role | None = None
    state: UserState | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


async def users(
    pool: Pool, actor: Actor, wanted: UserFilter, *, cursor: str | None, limit: int
) -> Page[ManagedUserOut]:
    """Accounts that are not deleted, the newest first, for administrators. A page may hold fewer than there are further on.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the actor is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        conditions.append(condition.format(*(f"${len(values) + 1 + place}" for place in range(len(given)))))
        values.extend(given)

    behind = decode_cursor(cursor)
    if behind is not None:
        add("u.id < {}", behind)
    if wanted.role is not None:
        add("u.role = {}", wanted.role.value)
    if wanted.state is not None:
        add(STATES[wanted.state])
    if wanted.created_from is not None:
        add("u.id >= {}", first_id_of(wanted.created_from))
    if wanted.created_before is not None:
        add("u.id < {}", first_id_of(wanted.created_before))
    looked_to: UUID | None = None
    if text := (wanted.search or "").strip().lower():
        few = await _few(pool, text)
        if few is None:
            among = f"FROM auth.users u WHERE u.deleted_at IS NULL {_and(conditions)} ORDER BY u.id DESC"
            looked_to = await pool.fetchval(f"SELECT u.id {among} OFFSET {LOOKED_AT - 1} LIMIT 1", *values)
            if looked_to is not None:
                add("u.id >= {}", looked_to)
            add(f"({FITS[len(text) < SHORTEST_PART]} OR p.handle = {{}}::text::citext)", text, text.removeprefix("@"))
        else:
            add("u.id = ANY ({})", few)
    rows = await pool.fetch(f"{COLUMNS} {_and(conditions)} ORDER BY u.id DESC LIMIT {limit + 1}", *values)
    items = [ManagedUserOut.model_validate(dict(row)) for row in rows[:limit]]
    further = items[-1].id if len(rows) > limit else looked_to
    return Page(items=items, next_cursor=None if further is None else encode_cursor(further))


def _and(conditions: Sequence[str]) -> str:
    return "".join(f" AND {one}" for one in conditions)


async def _few(pool: Pool, text: str) -> list[UUID] | None:
    """Whom a text in lower case names; None where it is many, or no index knows."""
    try:
        return [UUID(text)]
    except ValueError:
        pass
    longest = max(_WORD.findall(text), key=len, default="")
    guessed = [f"%{longest}%"] if len(longest) >= SHORTEST_PART else [f"{before}{_pattern(text)}" for before in _BEGINS]
    if not longest or (len(longest) < SHORTEST_PART <= len(text)):
        return None
    return await pool.fetchval(
        """SELECT found.ids || ARRAY(SELECT user_id FROM auth.user_profiles WHERE handle = $4::text::citext)
        FROM (SELECT auth.users_sought($1, $2, $3) AS ids) found WHERE found.ids IS NOT NULL""",
        [_pattern(text)],
        guessed,
        FEW,
        text.removeprefix("@"),
    )


def _pattern(text: str) -> str:
    """What `sought` is like where the text stands in it; a short one only at its beginning."""
    return _literal(text) + "%" if len(text) < SHORTEST_PART else f"%{_literal(text)}%"


def _literal(text: str) -> str:
    """The text as a LIKE pattern that matches just it."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def managed_user(pool: Pool, actor: Actor, user_id: UUID) -> ManagedUserOut:
    """One account as an administrator sees it.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        UserNotFound: there is none.
    """
    actor.require_admin()
    row = await pool.fetchrow(COLUMNS + " AND u.id = $1", user_id)
    if row is None:
        raise UserNotFound
    return ManagedUserOut.model_validate(dict(row))


async def sessions_of_user(
    pool: Pool, actor: Actor, user_id: UUID, *, cursor: str | None, limit: int
) -> Page[SessionOut]:
    """The live sessions of an account, the newest first.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        UserNotFound: there is no such account.
        BadRequest: the cursor is not one of ours.
    """
    from codezest.services.auth.queries import live_sessions

    await managed_user(pool, actor, user_id)
    return await live_sessions(pool, user_id, cursor=cursor, limit=limit)


async def account_counts(pool: Pool) -> AccountCounts:
    """How many accounts there are of each role and state, each counted up to `COUNTED`."""
    asked = {
        **{f"role {role.value}": ("auth.users", f"role = '{role.value}' AND deleted_at IS NULL") for role in Role},
        "suspended": ("auth.users", "suspended_at IS NOT NULL AND deleted_at IS NULL"),
        "unverified": ("auth.users", "email_verified_at IS NULL AND deleted_at IS NULL"),
        "waiting_for_deletion": ("auth.users", "deletion_requested_at IS NOT NULL AND deleted_at IS NULL"),
        "failed_exports": ("auth.data_exports", "status = 'FAILED'"),
    }
    numbers = ", ".join(
        f'(SELECT count(*) FROM (SELECT FROM {table} WHERE {condition} LIMIT {COUNTED + 1}) n) AS "{name}"'
        for name, (table, condition) in asked.items()
    )
    row = await pool.fetchrow(f"SELECT {numbers}")
    assert row is not None
    found = {name: Exceeding(count=min(row[name], COUNTED), more=row[name] > COUNTED) for name in asked}
    roles = {role: found.pop(f"role {role.value}") for role in Role}
    return AccountCounts(
        roles=roles,
        suspended=found["suspended"],
        unverified=found["unverified"],
        waiting_for_deletion=found["waiting_for_deletion"],
        failed_exports=found["failed_exports"],
    )
