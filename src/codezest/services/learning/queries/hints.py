"""Hints that learners have asked for. Those that they have not stay with the authors."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import LOCKED_BY, Reader, admit, caller, item_source
from codezest.services.learning.schemas.drafts import Hints

HINTS = f"""
SELECT a.access, {LOCKED_BY}, json_build_object(
    'items', to_json(i.hints[1:(
        SELECT count(*)::int FROM learning.revealed_hints r WHERE r.user_id = $2 AND r.assignment_id = i.id)]),
    'total', cardinality(i.hints))::text AS body
{item_source("ASSIGNMENT")}
WHERE i.id = $1
"""


async def hints(reader: Reader, actor: Actor, assignment_id: UUID) -> Hints:
    """The hints that are open to the caller.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(HINTS, assignment_id, *caller(actor))
    admit(row)
    return Hints.model_validate_json(row["body"])
