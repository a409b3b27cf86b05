"""The audit trail as administrators read it, the newest first. Ids are time-ordered, so dates are ranges of them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.pagination import Page, decode_cursor, encode_cursor, first_id_of
from codezest.services.auth.repository import MAIL_REQUESTED
from codezest.services.auth.schemas.administration import AuditEntryOut

EXPORTED_AT_ONCE = 1_000

_FIELDS = """
SELECT e.id, e.created_at, e.action, e.actor_user_id, btrim(a.first_name || ' ' || a.last_name) AS actor_name,
       e.subject_type, e.subject_id, btrim(s.first_name || ' ' || s.last_name) AS subject_name,
       host(e.ip_address) AS ip_address, e.details - 'address' AS details
FROM (SELECT * FROM auth.audit_entries e {conditions} ORDER BY e.id DESC LIMIT {limit}) e
LEFT JOIN auth.users a ON a.id = e.actor_user_id AND a.deleted_at IS NULL
LEFT JOIN auth.users s ON e.subject_type = 'user' AND s.id = e.subject_id AND s.deleted_at IS NULL
ORDER BY e.id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which acts are wanted; what is None does not matter.

    Requests for letters, which strangers cause in any number, are left out unless their action is asked for.
    """

    actor_user_id: UUID | None = None
    action: str | None = None
    subject_type: str | None = None
    subject_id: UUID | None = None
    made_from: datetime | None = None
    made_before: datetime | None = None


async def audit_entries(
    pool: Pool, actor: Actor, wanted: AuditFilter, *, cursor: str | None, limit: int
) -> Page[AuditEntryOut]:
    """One page of the trail.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_admin()
    items = await _fetch(pool, wanted, behind=decode_cursor(cursor), limit=limit + 1)
    more = len(items) > limit
    return Page(items=items[:limit], next_cursor=encode_cursor(items[limit - 1].id) if more else None)


async def every_entry(pool: Pool, actor: Actor, wanted: AuditFilter) -> AsyncGenerator[AuditEntryOut]:
    """The whole of what is wanted, fetched piece by piece: no statement and no transaction lasts while it is sent.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
    """
    actor.require_admin()
    behind: UUID | None = None
    while True:
        entries = await _fetch(pool, wanted, behind=behind, limit=EXPORTED_AT_ONCE)
        for entry in entries:
            yield entry
        if len(entries) < EXPORTED_AT_ONCE:
            return
        behind = entries[-1].id


async def actions_known(pool: Pool) -> list[str]:
    """The names of all acts that the trail holds: one look into an index for each, however many entries there are."""
    rows = await pool.fetch(
        """WITH RECURSIVE known AS (
               (SELECT action FROM auth.audit_entries ORDER BY action LIMIT 1)
               UNION ALL
               SELECT (SELECT e.action FROM auth.audit_entries e WHERE e.action > k.action ORDER BY e.action LIMIT 1)
               FROM known k WHERE k.action IS NOT NULL
           ) SELECT action FROM known WHERE action IS NOT NULL"""
    )
    return [row["action"] for row in rows]


async def _fetch(pool: Pool, wanted: AuditFilter, *, behind: UUID | None, limit: int) -> list[AuditEntryOut]:
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, value: Any) -> None:
        values.append(value)
        conditions.append(condition.format(f"${len(values)}"))

    if behind is not None:
        add("e.id < {}", behind)
    if wanted.actor_user_id is not None:
        add("e.actor_user_id = {}", wanted.actor_user_id)
    if wanted.action:
        add("e.action = {}", wanted.action)
    else:
        conditions.append(f"e.action <> '{MAIL_REQUESTED}'")
    if wanted.subject_type:
        add("e.subject_type = {}", wanted.subject_type)
    if wanted.subject_id is not None:
        if not wanted.subject_type:
            add("e.subject_type = {}", "user")
        add("e.subject_id = {}", wanted.subject_id)
    if wanted.made_from is not None:
        add("e.id >= {}", first_id_of(wanted.made_from))
    if wanted.made_before is not None:
        add("e.id < {}", first_id_of(wanted.made_before))
    where = f"WHERE {' AND '.join(conditions)}"
    rows = await pool.fetch(_FIELDS.format(conditions=where, limit=limit), *values)
    return [AuditEntryOut.model_validate(dict(row)) for row in rows]
