"""Where a learner was last."""

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader

LAST_MODULE = """
SELECT e.last_module_id
FROM learning.enrollments e
JOIN learning.courses c ON c.id = e.course_id AND c.status = 'PUBLISHED' AND c.deleted_at IS NULL
JOIN learning.modules m ON m.id = e.last_module_id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL
LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = e.user_id
WHERE e.user_id = $1 AND e.status = 'ACTIVE'
ORDER BY p.last_accessed_at DESC NULLS LAST, e.enrolled_at DESC, e.id
LIMIT 1
"""


async def last_module(reader: Reader, actor: Actor) -> UUID | None:
    """The module that the caller worked in last, of the courses that are not completed; None before the first.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    row = await reader.fetchrow(LAST_MODULE, actor.require_user())
    return row["last_module_id"] if row else None
