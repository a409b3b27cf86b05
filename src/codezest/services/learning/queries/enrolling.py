"""The ways into a course and its learners, for those who teach it; and what a learner may choose."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import LAST_ID, decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.enrolling import COURSE_LINK, MISSING_COURSES
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.learner_search import EVERYBODY, Sought, sought_learners
from codezest.services.learning.schemas.enrolling import (
    EnrollmentRules,
    InvitationPage,
    LearnerPage,
    ProgressRange,
)
from codezest_db.enums import EnrollmentStatus

MEMBERS = "(SELECT count(*) FROM learning.enrollments x WHERE x.cohort_id = k.id AND x.status <> 'DROPPED')"
"""How many are in cohort `k`."""

OPEN_COHORTS = f"""(
    SELECT coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'starts_at', k.starts_at,
        'ends_at', k.ends_at, 'full', k.capacity IS NOT NULL AND {MEMBERS} >= k.capacity) ORDER BY k.starts_at, k.id), '[]')
    FROM learning.cohorts k
    WHERE k.course_id = c.id AND k.archived_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > now())
      AND (k.enrol_from IS NULL OR k.enrol_from <= now()) AND (k.enrol_until IS NULL OR k.enrol_until > now()))"""
"""The cohorts of course `c` that a learner may choose at this time."""

PREREQUISITES = f"""(
    SELECT coalesce(json_agg(json_build_object('id', before.id, 'title', before.title, 'href', {COURSE_LINK},
        'completed', reached.first_completed_at IS NOT NULL) ORDER BY before.title), '[]')
    FROM learning.course_prerequisites needed
    JOIN learning.courses before ON before.id = needed.prerequisite_id
    LEFT JOIN learning.programming_languages spoken ON spoken.id = before.language_id
    LEFT JOIN learning.enrollments reached ON reached.course_id = before.id AND reached.user_id = $2
    WHERE needed.course_id = c.id AND before.status = 'PUBLISHED' AND before.deleted_at IS NULL)"""
"""The courses to complete before `c`, with whether user `$2` has. Nothing keeps out but `MISSING_COURSES`."""

COURSES_MISSING = f"EXISTS (SELECT {MISSING_COURSES})"

RULES = f"""
SELECT json_build_object('policy', c.enrollment_policy, 'prerequisites', (
    SELECT coalesce(json_agg(json_build_object('id', before.id, 'title', before.title, 'href', {COURSE_LINK})
        ORDER BY before.title), '[]')
    FROM learning.course_prerequisites needed
    JOIN learning.courses before ON before.id = needed.prerequisite_id AND before.deleted_at IS NULL
    LEFT JOIN learning.programming_languages spoken ON spoken.id = before.language_id
    WHERE needed.course_id = c.id))::text AS body
FROM learning.courses c WHERE c.id = $1
"""

# An address is shown only to those who brought it: a learner who came by themselves has told it to nobody here.
_LEARNER = """json_build_object('id', e.id, 'user_id', e.user_id, 'display_name', u.display_name,
    'email', (SELECT i.email FROM learning.enrollment_invitations i WHERE i.user_id = e.user_id AND i.course_id = e.course_id
              ORDER BY i.id LIMIT 1),
    'status', e.status, 'held', e.held_at IS NOT NULL, 'cohort_id', e.cohort_id, 'cohort_name', k.name,
    'progress_percent', e.progress_percent, 'completed_items', e.completed_items, 'enrolled_at', e.enrolled_at,
    'completed_at', e.completed_at, 'last_active_at', (
        SELECT max(p.last_accessed_at) FROM learning.modules m
        JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = e.user_id WHERE m.course_id = e.course_id))"""


def _learners(*, sought: bool) -> str:
    fit = "e.user_id = ANY ($3::uuid[])" if sought else "$3::uuid[] IS NULL"
    return f"""
SELECT json_build_object('next_cursor', NULL, 'items', coalesce(json_agg({_LEARNER} ORDER BY e.id DESC), '[]'))::text AS body
FROM (
    SELECT e.* FROM learning.enrollments e
    WHERE e.course_id = $1 AND ($2::text[] IS NULL OR e.status = ANY ($2)) AND {fit}
      AND ($4::uuid IS NULL OR e.cohort_id = $4) AND (NOT $5::boolean OR e.cohort_id IS NULL)
      AND ($6::int IS NULL OR e.progress_percent >= $6) AND ($7::int IS NULL OR e.progress_percent <= $7)
      AND e.id < $8
    ORDER BY e.id DESC LIMIT $9) e
LEFT JOIN auth.public_users u ON u.id = e.user_id
LEFT JOIN learning.cohorts k ON k.id = e.cohort_id
"""


LEARNERS = {sought: _learners(sought=sought) for sought in (False, True)}
"""By whether somebody is looked for."""

INVITATIONS = """
SELECT json_build_object('next_cursor', NULL, 'items', coalesce(json_agg(json_build_object('id', i.id, 'email', i.email,
    'cohort_name', k.name, 'mailed_at', i.mailed_at, 'created_at', i.created_at) ORDER BY i.id DESC), '[]'))::text AS body
FROM (SELECT * FROM learning.enrollment_invitations
      WHERE course_id = $1 AND accepted_at IS NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) i
LEFT JOIN learning.cohorts k ON k.id = i.cohort_id
"""

CODE_LEADS_TO = """
SELECT c.title, c.subtitle, k.name AS cohort, k.starts_at,
    d.revoked_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > now())
        AND (d.max_uses IS NULL OR d.uses < d.max_uses) AS usable
FROM learning.enrollment_codes d
JOIN learning.courses c ON c.id = d.course_id AND c.deleted_at IS NULL AND c.status = 'PUBLISHED'
LEFT JOIN learning.cohorts k ON k.id = d.cohort_id
WHERE d.code = $1
"""

COURSE_PAGE = f"""
SELECT {COURSE_LINK} AS href FROM learning.courses before
LEFT JOIN learning.programming_languages spoken ON spoken.id = before.language_id WHERE before.id = $1
"""

CANDIDATES = """
SELECT c.id, c.title FROM learning.courses c
WHERE c.id <> $1 AND c.deleted_at IS NULL AND (c.status = 'PUBLISHED' OR c.instructor_user_id = $2)
  AND NOT EXISTS (
      SELECT FROM learning.course_prerequisites p WHERE p.course_id = $1 AND p.prerequisite_id = c.id)
ORDER BY c.enrollment_count DESC, c.id LIMIT 200
"""

_RANGES: dict[ProgressRange, tuple[int, int]] = {"none": (0, 0), "some": (1, 99), "all": (100, 100)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which learners to list; what is empty lets everybody through."""

    statuses: tuple[EnrollmentStatus, ...] = ()
    cohort_id: UUID | None = None
    without_cohort: bool = False
    progress: ProgressRange | None = None
    words: str = ""
    """Part of the name, or of the address that brought them."""

    async def page(
        self, reader: Reader, course_id: UUID, *, among: Sought = EVERYBODY, behind: UUID | None, limit: int
    ) -> str:
        """A `LearnerPage` of those who fit, without its cursor."""
        low, high = _RANGES[self.progress] if self.progress else (None, None)
        row = await reader.fetchrow(
            LEARNERS[among.user_ids is not None],
            course_id,
            [status.value for status in self.statuses] or None,
            among.user_ids,
            self.cohort_id,
            self.without_cohort,
            low,
            high,
            behind or LAST_ID,
            limit,
        )
        return row["body"]


async def rules(reader: Reader, actor: Actor, course_id: UUID) -> EnrollmentRules:
    """Who may enrol in a course by themselves; raises as `access_taught_course`."""
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    return EnrollmentRules.model_validate_json((await reader.fetchrow(RULES, course_id))["body"])


async def learners(
    reader: Reader, actor: Actor, course_id: UUID, wanted: Filter, *, cursor: str | None, limit: int
) -> LearnerPage:
    """A page of a course's learners, the last to enrol first. Where many fit the words, it may hold fewer than there are
    further on: its cursor leads there.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        BadRequest: the cursor is not one of ours.
    """
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    behind = decode_cursor(cursor)
    among = await sought_learners(reader, course_id, wanted.words, behind=behind, wanted=limit + 1)
    body = await wanted.page(reader, course_id, among=among, behind=behind, limit=limit + 1)
    found = LearnerPage.model_validate_json(body)
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].id)
    elif among.looked_to is not None:
        found.next_cursor = encode_cursor(among.looked_to)
    return found


async def invitations(
    reader: Reader, actor: Actor, course_id: UUID, *, cursor: str | None, limit: int
) -> InvitationPage:
    """Addresses that were enrolled and have no account yet, the newest first; raises as `learners`."""
    await access_taught_course(reader, actor, course_id, Permission.AUTHOR)
    row = await reader.fetchrow(INVITATIONS, course_id, decode_cursor(cursor), limit + 1)
    found = InvitationPage.model_validate_json(row["body"])
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].id)
    return found


async def code_leads_to(reader: Reader, actor: Actor, code: str) -> dict[str, Any] | None:
    """Title, subtitle, cohort and start of what a code opens, and whether it still does; None for no code at all.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    actor.require_user()
    row = await reader.fetchrow(CODE_LEADS_TO, code)
    return dict(row) if row is not None else None


class ListReader(Reader, Protocol):
    """A pool of single statements."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...


async def prerequisite_candidates(reader: ListReader, actor: Actor, course_id: UUID) -> list[tuple[str, str]]:
    """Id and title of courses that could come before one: published, or the caller's own; those learnt most, first."""
    rows = await reader.fetch(CANDIDATES, course_id, actor.user_id)
    return [(str(row["id"]), str(row["title"])) for row in rows]


async def course_page(reader: Reader, course_id: UUID) -> str:
    """The page of a course as learners see it."""
    row = await reader.fetchrow(COURSE_PAGE, course_id)
    return str(row["href"]) if row else "/dashboard"
