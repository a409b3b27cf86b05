"""The cohorts of a course and the codes that lead into it, page by page, for those who teach it."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.enrolling import MEMBERS
from codezest.services.learning.queries.learner_search import escaped
from codezest.services.learning.schemas.enrolling import CodeOut, CodePage, CohortOut, CohortPage, InUse

MOST_CHOICES = 200
"""So many cohorts are offered where one is chosen; older ones are reached from the list of cohorts."""

COHORTS = f"""
SELECT coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'starts_at', k.starts_at, 'ends_at', k.ends_at,
    'capacity', k.capacity, 'enrol_from', k.enrol_from, 'enrol_until', k.enrol_until, 'archived_at', k.archived_at,
    'learners', {MEMBERS}) ORDER BY k.id DESC), '[]')::text AS body
FROM (
    SELECT * FROM learning.cohorts
    WHERE course_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($4::uuid IS NULL OR id = $4)
      AND ($5::text IS NULL OR name ILIKE $5) AND ($6::boolean IS NULL OR (archived_at IS NULL) = $6)
    ORDER BY id DESC LIMIT $3) k
"""

CODES = """
SELECT coalesce(json_agg(json_build_object('id', d.id, 'code', d.code, 'cohort_id', d.cohort_id,
    'cohort_name', k.name, 'note', d.note, 'max_uses', d.max_uses, 'uses', d.uses, 'expires_at', d.expires_at,
    'revoked_at', d.revoked_at, 'created_at', d.created_at) ORDER BY d.id DESC), '[]')::text AS body
FROM (
    SELECT d.* FROM learning.enrollment_codes d LEFT JOIN learning.cohorts k ON k.id = d.cohort_id
    WHERE d.course_id = $1 AND ($2::uuid IS NULL OR d.id < $2) AND ($4::uuid IS NULL OR d.id = $4)
      AND ($5::text IS NULL OR d.note ILIKE $5 OR k.name ILIKE $5 OR d.code ILIKE replace($5, '-', ''))
      AND ($6::boolean IS NULL OR $6 = (d.revoked_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > now())
          AND (d.max_uses IS NULL OR d.uses < d.max_uses)))
    ORDER BY d.id DESC LIMIT $3) d
LEFT JOIN learning.cohorts k ON k.id = d.cohort_id
"""

CHOICES = f"""
SELECT coalesce(json_agg(json_build_array(k.id, k.name) ORDER BY k.name, k.id), '[]')::text AS body
FROM (
    SELECT id, name FROM (
        SELECT id, name FROM learning.cohorts WHERE course_id = $1 AND archived_at IS NULL
        ORDER BY id DESC LIMIT {MOST_CHOICES}) newest
    UNION SELECT id, name FROM learning.cohorts WHERE course_id = $1 AND id = $2) k
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of them; what is empty lets all through."""

    words: str = ""
    """Part of the name; of codes of the code itself, of the note or of the cohort's name."""
    in_use: InUse | None = None

    @property
    def values(self) -> tuple[str | None, bool | None]:
        sought = escaped(self.words)
        return f"%{sought}%" if sought else None, None if self.in_use is None else self.in_use == "yes"


async def cohorts(
    reader: Reader, actor: Actor, course_id: UUID, wanted: Wanted, *, cursor: str | None = None, limit: int
) -> CohortPage:
    """A page of the cohorts of a course, the last to be made first.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        BadRequest: the cursor is not one of ours.
    """
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    return CohortPage.model_validate(await _page(reader, COHORTS, course_id, wanted, cursor=cursor, limit=limit))


async def codes(
    reader: Reader, actor: Actor, course_id: UUID, wanted: Wanted, *, cursor: str | None = None, limit: int
) -> CodePage:
    """A page of the codes of a course, the newest first; raises as `cohorts`."""
    await access_taught_course(reader, actor, course_id, Permission.AUTHOR)
    return CodePage.model_validate(await _page(reader, CODES, course_id, wanted, cursor=cursor, limit=limit))


async def cohort_of(reader: Reader, course_id: UUID, cohort_id: UUID) -> CohortOut | None:
    """One cohort. Whether the caller may see it is decided before."""
    found = json.loads((await reader.fetchrow(COHORTS, course_id, None, 1, cohort_id, None, None))["body"])
    return CohortOut.model_validate(found[0]) if found else None


async def code_of(reader: Reader, course_id: UUID, code_id: UUID) -> CodeOut | None:
    """One code. Whether the caller may see it is decided before."""
    found = json.loads((await reader.fetchrow(CODES, course_id, None, 1, code_id, None, None))["body"])
    return CodeOut.model_validate(found[0]) if found else None


async def cohort_choices(reader: Reader, course_id: UUID, chosen: UUID | None = None) -> list[tuple[str, str]]:
    """Id and name of the newest cohorts in use, and of the one that is chosen. Who may see them is decided before."""
    row = await reader.fetchrow(CHOICES, course_id, chosen)
    return [(one[0], one[1]) for one in json.loads(row["body"])]


async def _page(
    reader: Reader, statement: str, course_id: UUID, wanted: Wanted, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    row = await reader.fetchrow(statement, course_id, decode_cursor(cursor), limit + 1, None, *wanted.values)
    items = json.loads(row["body"])
    more = len(items) > limit
    return {"items": items[:limit], "next_cursor": encode_cursor(UUID(items[limit - 1]["id"])) if more else None}
