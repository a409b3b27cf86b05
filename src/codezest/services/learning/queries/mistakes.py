"""How the learners of an assignment fail, the same mistakes counted together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.analysers.mistake_words import mistake_text
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of, access_taught_course
from codezest.services.learning.schemas.analysis import Mistake, MistakesOfAssignment

NEWEST = 2_000
"""Failed submissions of an assignment that are counted, so that the cost stays the same however many there are."""
MOST_MISTAKES = 30
MOST_ASSIGNMENTS = 300
LONGEST_EXAMPLE = 4_000

MISTAKES = f"""
WITH newest AS MATERIALIZED (
    SELECT f.* FROM learning.submission_failures f WHERE f.assignment_id = $1 ORDER BY f.submission_id DESC LIMIT {NEWEST}),
alike AS (
    SELECT n.signature, (array_agg(n.submission_id ORDER BY n.submission_id DESC))[1] AS example_id, count(*) AS submissions,
        count(DISTINCT n.user_id) AS learners, max(n.created_at) AS last_at,
        count(DISTINCT n.user_id) FILTER (WHERE EXISTS (
            SELECT FROM learning.submissions s
            WHERE s.user_id = n.user_id AND s.assignment_id = $1 AND (s.status = 'PASSED' OR s.accepted)
              AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL AND s.id > n.submission_id)) AS passed_later
    FROM newest n GROUP BY n.signature ORDER BY count(DISTINCT n.user_id) DESC, count(*) DESC, n.signature
    LIMIT {MOST_MISTAKES})
SELECT g.title, (SELECT count(*) FROM newest) AS failures, (SELECT coalesce(json_agg(json_build_object(
    'signature', a.signature, 'verdict', f.verdict, 'difference', f.difference, 'parameters', f.parameters,
    'failed_tests', f.failed_tests, 'submissions', a.submissions, 'learners', a.learners,
    'passed_later', a.passed_later, 'last_at', a.last_at,
    'example', (
        SELECT json_build_object('submission_id', f.submission_id, 'test', r.name,
            'expected', left(r.expected, {LONGEST_EXAMPLE}), 'actual', left(r.stdout, {LONGEST_EXAMPLE}),
            'error', right(r.stderr, {LONGEST_EXAMPLE}))
        FROM learning.submission_test_results r
        WHERE r.submission_id = f.submission_id AND r.verdict <> 'AC'
        ORDER BY r.visible DESC, r.position LIMIT 1)) ORDER BY a.learners DESC, a.submissions DESC, a.signature), '[]')
    FROM alike a JOIN newest f ON f.submission_id = a.example_id)::text AS items
FROM learning.assignments g WHERE g.id = $1
"""  # noqa: S608 - put together from constants
ASSIGNMENTS = f"""
SELECT g.id, g.title, EXISTS (SELECT FROM learning.submission_failures f WHERE f.assignment_id = g.id) AS failed
FROM learning.modules m JOIN learning.assignments g ON g.module_id = m.id
WHERE m.course_id = $1 AND m.deleted_at IS NULL AND g.deleted_at IS NULL AND g.kind = 'CODE'
ORDER BY m.position, g.position, g.id LIMIT {MOST_ASSIGNMENTS}
"""  # noqa: S608 - put together from constants


class Rows(Reader, Protocol):
    async def fetch(self, query: str, *args: Any) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class AssignmentChoice:
    id: UUID
    title: str
    failed: bool
    """Whether anything is known of failures."""


async def mistakes(reader: Reader, actor: Actor, assignment_id: UUID) -> MistakesOfAssignment:
    """What most learners got wrong first.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_course_of(reader, actor, "assignment", assignment_id, Permission.VIEW)
    row = await reader.fetchrow(MISTAKES, assignment_id)
    found: list[dict[str, Any]] = json.loads(row["items"])
    return MistakesOfAssignment(
        assignment_id=assignment_id,
        title=row["title"],
        failures=row["failures"],
        items=[Mistake.model_validate(one | {"text": _text(one)}) for one in found],
    )


def _text(one: Mapping[str, Any]) -> str:
    return mistake_text(one["difference"], one["parameters"])


async def assignments_of(reader: Rows, actor: Actor, course_id: UUID) -> list[AssignmentChoice]:
    """The course's assignments that are answered by a program, in its order; raises as above."""
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    rows = await reader.fetch(ASSIGNMENTS, course_id)
    return [AssignmentChoice(row["id"], row["title"], row["failed"]) for row in rows]
