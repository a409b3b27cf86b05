"""The public pages of what is taught, for search engines."""

from dataclasses import dataclass
from datetime import datetime

from codezest.kit.database import Pool

COUNT = """
SELECT (SELECT count(*) FROM learning.courses c WHERE c.status = 'PUBLISHED' AND c.deleted_at IS NULL)
    + (SELECT count(*) FROM learning.modules m WHERE m.status = 'PUBLISHED' AND m.deleted_at IS NULL)
"""
"""An upper bound: a module of a course that is none of these is counted, and not listed."""

PAGES = """
SELECT path, changed_at FROM (
    SELECT CASE c.kind WHEN 'PATH' THEN '/languages/' || l.slug ELSE '/courses/' || c.slug END AS path,
        greatest(c.updated_at, l.updated_at) AS changed_at, c.id
    FROM learning.courses c
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    WHERE c.status = 'PUBLISHED' AND c.deleted_at IS NULL
      AND (l.id IS NULL OR (l.is_active AND l.deleted_at IS NULL))
    UNION ALL
    SELECT '/modules/' || m.id, m.updated_at, m.id
    FROM learning.modules m
    JOIN learning.courses c ON c.id = m.course_id AND c.status = 'PUBLISHED' AND c.deleted_at IS NULL
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    WHERE m.status = 'PUBLISHED' AND m.deleted_at IS NULL
      AND (l.id IS NULL OR (l.is_active AND l.deleted_at IS NULL))) page
ORDER BY id LIMIT $1 OFFSET $2
"""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that everybody may see, and when what it shows changed last."""

    path: str
    changed_at: datetime | None


async def count_public_pages(pool: Pool) -> int:
    """At most so many pages there are."""
    return int(await pool.fetchval(COUNT))


async def public_pages(pool: Pool, *, limit: int, offset: int) -> list[PublicPage]:
    """Languages, courses and modules that are published, the oldest first, so that a page keeps its place."""
    rows = await pool.fetch(PAGES, limit, offset)
    return [PublicPage(row["path"], row["changed_at"]) for row in rows]
