"""What learners have laid ready to be handed in."""

import json
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader
from codezest.services.learning.schemas.hand_grading import FileLaidReady

READY = """
SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'media_type', f.media_type,
    'size_bytes', f.size_bytes, 'sha256', f.sha256) ORDER BY f.position), '[]')::text
FROM learning.hand_in_files f WHERE f.user_id = $1 AND f.assignment_id = $2 AND f.submission_id IS NULL
"""


async def files_laid_ready(reader: Reader, actor: Actor, assignment_id: UUID) -> list[FileLaidReady]:
    """The caller's own, in their order."""
    row = await reader.fetchrow(READY, actor.require_user(), assignment_id)
    return [FileLaidReady.model_validate(one) for one in json.loads(row[0])]
