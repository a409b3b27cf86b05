"""From a row to the person behind a request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest_db.enums import Role

COLUMNS = """
       u.id AS user_id, u.role, u.email::text AS email, u.first_name, u.last_name, u.avatar_url, u.locale, u.timezone,
       u.deletion_requested_at
"""
"""What `actor_in` reads, of `auth.users u`."""


def actor_in(
    row: Mapping[str, Any],
    *,
    session_id: UUID | None = None,
    scopes: frozenset[str] | None = None,
    preferences: Mapping[str, Any] | None = None,
) -> Actor:
    """The person of a row with `COLUMNS`, and what else is known of how they ask."""
    return Actor(
        user_id=row["user_id"],
        session_id=session_id,
        role=Role(row["role"]),
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        avatar_url=row["avatar_url"],
        locale=row["locale"],
        timezone=row["timezone"],
        scopes=scopes,
        deletion_requested_at=row["deletion_requested_at"],
        stored_preferences=preferences or {},
    )
