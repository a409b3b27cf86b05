"""The queue of work that people grade, one page at a time."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.anonymity import LEARNER, pseudonym
from codezest.services.learning.queries.hand_grading import CLAIM
from codezest.services.learning.queries.waiting_answers import HAS_WAITING_ANSWER, WAITS_FOR_A_PERSON
from codezest.services.learning.schemas.grading_queue import GradingQueue, QueueFilter, QueueStatus

MOST_COUNTED = 1_000
_NARROWED = """(CAST($3 AS uuid) IS NULL OR h.assignment_id = $3)
  AND (CAST($4 AS uuid) IS NULL OR EXISTS (
      SELECT FROM learning.enrollments e WHERE e.course_id = h.course_id AND e.user_id = h.user_id AND e.cohort_id = $4))"""
_ENTRY = f"""json_build_object('submission_id', s.id, 'assignment_id', i.id, 'assignment_title', i.title, 'kind', i.kind,
    'state', h.state, 'learner', {LEARNER}, 'attempt_number', s.attempt_number, 'submitted_at', s.submitted_at,
    'is_late', s.is_late, 'claim', {CLAIM}, 'marks', g.marks, 'max_marks', g.max_marks, 'grade', g.grade_scale,
    'graded_at', h.graded_at, 'request_id', page.request_id, 'request_reason', page.request_reason)"""
_PAGES: dict[QueueStatus, tuple[str, str]] = {
    "waiting": (
        f"""SELECT h.submission_id, h.submission_id AS place, NULL::uuid AS request_id, NULL AS request_reason
        FROM learning.hand_gradings h
        WHERE h.course_id = $1 AND h.state = 'WAITING' AND {_NARROWED} AND ($5::uuid IS NULL OR h.submission_id > $5)""",
        "ASC",
    ),
    "graded": (
        f"""SELECT h.submission_id, h.grading_id AS place, NULL::uuid AS request_id, NULL AS request_reason
        FROM learning.hand_gradings h
        WHERE h.course_id = $1 AND h.grading_id IS NOT NULL AND {_NARROWED} AND ($5::uuid IS NULL OR h.grading_id < $5)""",
        "DESC",
    ),
    "requests": (
        f"""SELECT h.submission_id, q.id AS place, q.id AS request_id, q.reason AS request_reason
        FROM learning.regrade_requests q JOIN learning.hand_gradings h ON h.submission_id = q.submission_id
        WHERE q.course_id = $1 AND q.status = 'OPEN' AND {_NARROWED} AND ($5::uuid IS NULL OR q.id > $5)""",
        "ASC",
    ),
}


def _page(status: QueueStatus) -> str:
    source, order = _PAGES[status]
    return f"""
    SELECT coalesce(json_agg(json_build_object('place', page.place, 'entry', {_ENTRY}) ORDER BY page.place {order}), '[]')::text
    FROM ({source} ORDER BY place {order} LIMIT $6) page
    JOIN learning.hand_gradings h ON h.submission_id = page.submission_id
    JOIN learning.submissions s ON s.id = h.submission_id
    JOIN learning.assignments i ON i.id = h.assignment_id
    LEFT JOIN learning.gradings g ON g.id = h.grading_id
    LEFT JOIN auth.public_users learner ON learner.id = h.user_id
    WHERE $2::uuid IS NOT NULL
    """


PAGES = {status: _page(status) for status in _PAGES}

# An attempt with an answer that waits is SUBMITTED until a person has marked it, or a worker has run its program.
ATTEMPTS = f"""
SELECT coalesce(json_agg(json_build_object('attempt_id', t.id, 'quiz_id', t.quiz_id, 'quiz_title', t.title,
    'learner', t.display_name, 'waiting', t.waiting, 'completed_at', t.completed_at) ORDER BY t.id), '[]')::text
FROM (
    SELECT t.id, t.quiz_id, z.title, t.completed_at, u.display_name, (
        SELECT count(*) FROM learning.quiz_answers w WHERE w.attempt_id = t.id AND {WAITS_FOR_A_PERSON}) AS waiting
    FROM learning.quiz_attempts t
    JOIN learning.quizzes z ON z.id = t.quiz_id
    JOIN learning.modules m ON m.id = z.module_id
    LEFT JOIN auth.public_users u ON u.id = t.user_id
    WHERE m.course_id = $1 AND {HAS_WAITING_ANSWER} AND ($2::uuid IS NULL OR t.id > $2)
      AND ($4::uuid IS NULL OR EXISTS (
          SELECT FROM learning.enrollments e WHERE e.course_id = $1 AND e.user_id = t.user_id AND e.cohort_id = $4))
    ORDER BY t.id LIMIT $3) t
"""


def _counted(rows: str) -> str:
    return f"(SELECT count(*) FROM (SELECT {rows} LIMIT {MOST_COUNTED}) counted)"


AROUND = f"""
SELECT json_build_object(
    'waiting', {_counted("FROM learning.hand_gradings h WHERE h.course_id = $1 AND h.state = 'WAITING'")},
    'graded', {_counted("FROM learning.hand_gradings h WHERE h.course_id = $1 AND h.grading_id IS NOT NULL")},
    'requests', {_counted("FROM learning.regrade_requests q WHERE q.course_id = $1 AND q.status = 'OPEN'")},
    'answers', {
    _counted(f'''FROM learning.quiz_attempts t JOIN learning.quizzes z ON z.id = t.quiz_id
        JOIN learning.modules m ON m.id = z.module_id
        WHERE m.course_id = $1 AND {HAS_WAITING_ANSWER}''')
})::text AS counts,
    (SELECT coalesce(json_agg(json_build_object('id', i.id, 'title', i.title) ORDER BY m.position, i.position, i.id), '[]')
        FROM learning.assignments i JOIN learning.modules m ON m.id = i.module_id
        WHERE m.course_id = $1 AND i.deleted_at IS NULL AND (i.kind <> 'CODE' OR i.graded_by_hand))::text AS assignments,
    (SELECT coalesce(json_agg(json_build_object('id', k.id, 'title', k.name) ORDER BY k.name), '[]')
        FROM (SELECT * FROM learning.cohorts k WHERE k.course_id = $1 AND k.archived_at IS NULL
              ORDER BY k.name LIMIT 200) k)::text AS cohorts
"""

NEIGHBOURS = """
SELECT (SELECT k.submission_id FROM learning.grading_claims k JOIN learning.hand_gradings h USING (submission_id)
        WHERE k.user_id = $2 AND h.course_id = $3 AND (k.claimed_at, k.id) < (here.claimed_at, here.id)
        ORDER BY k.claimed_at DESC, k.id DESC LIMIT 1) AS previous,
    (SELECT k.submission_id FROM learning.grading_claims k JOIN learning.hand_gradings h USING (submission_id)
        WHERE k.user_id = $2 AND h.course_id = $3 AND (k.claimed_at, k.id) > (here.claimed_at, here.id)
        ORDER BY k.claimed_at, k.id LIMIT 1) AS next
FROM (SELECT coalesce(max(k.claimed_at), now()) AS claimed_at,
        coalesce((array_agg(k.id))[1], 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS id
    FROM learning.grading_claims k WHERE k.submission_id = $1 AND k.user_id = $2) here
"""


async def grading_queue(
    reader: Reader, actor: Actor, course_id: UUID, wanted: QueueFilter, *, cursor: str | None, limit: int
) -> tuple[TaughtCourse, GradingQueue]:
    """What waits (the oldest first), is graded (the newest first) or is asked about.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        BadRequest: the cursor is not one of ours.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    before = decode_cursor(cursor)
    around = await reader.fetchrow(AROUND, course_id)
    items: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    if wanted.status == "answers":
        row = await reader.fetchrow(ATTEMPTS, course_id, before, limit + 1, wanted.cohort_id)
        attempts = [one | {"learner": one["learner"] or pseudonym(None)} for one in json.loads(row[0])]
        places = [UUID(one["attempt_id"]) for one in attempts]
    else:
        values = (actor.user_id, wanted.assignment_id, wanted.cohort_id, before, limit + 1)
        found = json.loads((await reader.fetchrow(PAGES[wanted.status], course_id, *values))[0])
        items = [_named(one["entry"]) for one in found]
        places = [UUID(one["place"]) for one in found]
    more = len(places) > limit
    return course, GradingQueue.model_validate(
        {
            "items": items[:limit],
            "attempts": attempts[:limit],
            "next_cursor": encode_cursor(places[limit - 1]) if more else None,
            "counts": json.loads(around["counts"]),
            "assignments": json.loads(around["assignments"]),
            "cohorts": json.loads(around["cohorts"]),
        }
    )


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    learner = entry["learner"]
    learner["name"] = learner["name"] or pseudonym(learner["number"])
    return entry


async def neighbours(
    reader: Reader, actor: Actor, submission_id: UUID, course_id: UUID
) -> tuple[UUID | None, UUID | None]:
    """What the caller graded, or looked at, before and after this, in their own order."""
    row = await reader.fetchrow(NEIGHBOURS, submission_id, actor.user_id, course_id)
    return row["previous"], row["next"]
