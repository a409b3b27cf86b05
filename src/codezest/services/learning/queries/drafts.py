"""Programs as learners left them in the editor."""

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import LOCKED_BY, Reader, admit, caller, item_source
from codezest.services.learning.schemas.drafts import DraftAnswer

OF_ASSIGNMENT = f"""
SELECT a.access, {LOCKED_BY}, json_build_object('draft', CASE WHEN d.id IS NOT NULL THEN json_build_object(
    'code', d.code, 'files', d.files, 'revision', d.revision, 'saved_at', d.updated_at) END)::text AS body
{item_source("ASSIGNMENT")}
LEFT JOIN learning.drafts d ON d.user_id = $2 AND d.assignment_id = i.id
WHERE i.id = $1
"""


async def assignment_draft(reader: Reader, actor: Actor, assignment_id: UUID) -> DraftAnswer:
    """What the caller's editor held last.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(OF_ASSIGNMENT, assignment_id, *caller(actor))
    admit(row)
    return DraftAnswer.model_validate_json(row["body"])
