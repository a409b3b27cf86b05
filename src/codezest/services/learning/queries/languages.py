"""Every programming language with the state of its path, for administrators. There are never many."""

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.schemas import ApiResponse
from codezest_db.enums import Difficulty, PublicationStatus

LANGUAGES = """
SELECT l.id, l.name, l.slug, l.description, l.icon, l.difficulty, l.runtime, l.is_active, l.position,
       c.id AS course_id, c.status, c.enrollment_count
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL
WHERE l.deleted_at IS NULL ORDER BY l.position, l.name LIMIT 500
"""


class LanguageRow(ApiResponse):
    """One language."""

    id: UUID
    name: str
    slug: str
    description: str | None
    icon: str | None
    difficulty: Difficulty
    runtime: str | None
    is_active: bool
    position: int
    course_id: UUID
    status: PublicationStatus
    enrollment_count: int


async def every_language(pool: Pool, actor: Actor) -> list[LanguageRow]:
    """All of them in their order.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
    """
    actor.require_admin()
    return [LanguageRow.model_validate(dict(row)) for row in await pool.fetch(LANGUAGES)]
