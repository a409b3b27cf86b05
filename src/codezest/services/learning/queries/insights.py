"""How a course's learners do, who is stuck, and what waits for those who teach."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.anonymity import HIDDEN
from codezest.services.learning.queries.waiting_answers import HAS_WAITING_ANSWER
from codezest.services.learning.schemas.insights import Attention, Insights
from codezest_db.enums import Role

FAILURES = 5
"""Failed submissions to one exercise, none passed, that make a learner stuck."""
FAILING_DAYS = 14
"""How far back failures are looked at."""
INACTIVE_DAYS = 14
MOST_STUCK = 50
MOST_COUNTED = 1_000
SAMPLE = 300
"""Newest tries of an item that say how hard it is."""
MOST_PLACED = 20_000
"""Newest enrolments of which it is said in which module they are."""
MOST_HARD = 10
MOST_COURSES = 100
WEEK = "now() - interval '7 days'"


def _counted(rows: str) -> str:
    return f"(SELECT count(*) FROM (SELECT {rows} LIMIT {MOST_COUNTED}) counted)"


def _failing(course: str, narrowed: str = "") -> str:
    """Learner, exercise, newest submission and number of failures of whoever fails one exercise of `course` again and again."""
    return f"""
    SELECT s.user_id, s.assignment_id, g.title, count(*) AS failures, (array_agg(s.id ORDER BY s.id DESC))[1] AS submission_id
    FROM learning.modules m
    JOIN learning.assignments g ON g.module_id = m.id AND g.deleted_at IS NULL
    JOIN learning.submissions s ON s.assignment_id = g.id AND s.purpose = 'SUBMIT' AND s.status = 'FAILED'
        AND s.deleted_at IS NULL AND s.submitted_at > now() - interval '{FAILING_DAYS} days'
    JOIN learning.enrollments e ON e.course_id = m.course_id AND e.user_id = s.user_id AND e.status = 'ACTIVE' {narrowed}
    WHERE m.course_id = {course} AND m.deleted_at IS NULL
    GROUP BY s.user_id, s.assignment_id, g.title
    HAVING count(*) >= {FAILURES} AND NOT EXISTS (
        SELECT FROM learning.submissions p WHERE p.user_id = s.user_id AND p.assignment_id = s.assignment_id
          AND (p.status = 'PASSED' OR p.accepted) AND p.purpose = 'SUBMIT' AND p.deleted_at IS NULL)
    ORDER BY count(*) DESC, s.user_id, s.assignment_id LIMIT {MOST_STUCK}"""


_WAITS = "FROM learning.hand_gradings h WHERE h.course_id = c.id AND h.state = 'WAITING'"
_ASKED = "FROM learning.regrade_requests q WHERE q.course_id = c.id AND q.status = 'OPEN'"
_ENROLLED = f"FROM learning.enrollments e WHERE e.course_id = c.id AND e.enrolled_at > {WEEK} AND e.status <> 'DROPPED'"
_ANSWERS = f"""FROM learning.quiz_attempts t JOIN learning.quizzes z ON z.id = t.quiz_id
    JOIN learning.modules m ON m.id = z.module_id
    WHERE m.course_id = c.id AND {HAS_WAITING_ANSWER}"""
_ANALYSES = f"""({_counted("FROM learning.submission_analyses a WHERE a.course_id = c.id AND a.needs_review")}
    + {_counted("FROM learning.quiz_analyses a WHERE a.course_id = c.id AND a.needs_review")})"""
_REVIEWS = f"FROM learning.course_reviews r WHERE r.course_id = c.id AND r.created_at > {WEEK} AND r.hidden_at IS NULL"

OVERVIEW = f"""
SELECT json_build_object(
    'learners', p.learners, 'mean_progress', p.mean,
    'progress', json_build_array(
        json_build_object('first', 0, 'last', 0, 'learners', p.none),
        json_build_object('first', 1, 'last', 24, 'learners', p.first),
        json_build_object('first', 25, 'last', 49, 'learners', p.second),
        json_build_object('first', 50, 'last', 74, 'learners', p.third),
        json_build_object('first', 75, 'last', 99, 'learners', p.fourth),
        json_build_object('first', 100, 'last', 100, 'learners', p.all)),
    'inbox', json_build_object('to_grade', {_counted(_WAITS)}, 'answers', {_counted(_ANSWERS)},
        'requests', {_counted(_ASKED)}, 'analyses', {_ANALYSES}, 'reviews', {_counted(_REVIEWS)},
        'enrolled', {_counted(_ENROLLED)}))::text AS body
FROM learning.courses c
CROSS JOIN LATERAL (
    SELECT count(*) AS learners, avg(e.progress_percent)::float8 AS mean,
        count(*) FILTER (WHERE e.progress_percent = 0) AS none,
        count(*) FILTER (WHERE e.progress_percent BETWEEN 1 AND 24) AS first,
        count(*) FILTER (WHERE e.progress_percent BETWEEN 25 AND 49) AS second,
        count(*) FILTER (WHERE e.progress_percent BETWEEN 50 AND 74) AS third,
        count(*) FILTER (WHERE e.progress_percent BETWEEN 75 AND 99) AS fourth,
        count(*) FILTER (WHERE e.progress_percent = 100) AS all
    FROM learning.enrollments e
    WHERE e.course_id = c.id AND e.status IN ('ACTIVE', 'COMPLETED') AND ($2::uuid IS NULL OR e.cohort_id = $2)) p
WHERE c.id = $1
"""

_OF_COHORT = "AND ($2::uuid IS NULL OR e.cohort_id = $2)"

STUCK = f"""
WITH failing AS MATERIALIZED ({_failing("$1", _OF_COHORT)}),
inactive AS MATERIALIZED (
    SELECT e.user_id, e.progress_percent, a.last_at
    FROM learning.enrollments e
    CROSS JOIN LATERAL (
        SELECT coalesce(max(p.last_accessed_at), e.enrolled_at) AS last_at FROM learning.modules m
        JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = e.user_id WHERE m.course_id = $1) a
    WHERE e.course_id = $1 AND e.status = 'ACTIVE' AND e.progress_percent < 100 {_OF_COHORT}
      AND a.last_at < now() - interval '{INACTIVE_DAYS} days' AND e.begins_at < now()
    ORDER BY e.id LIMIT {MOST_STUCK})
SELECT coalesce(json_agg(json_build_object('user_id', x.user_id, 'name', u.display_name, 'why', x.why, 'title', x.title,
    'assignment_id', x.assignment_id, 'submission_id', x.submission_id, 'failures', x.failures,
    'progress_percent', e.progress_percent, 'last_active_at', x.last_at)
    ORDER BY x.why, x.failures DESC, x.last_at, x.user_id), '[]')::text AS body
FROM (
    SELECT user_id, 'FAILING' AS why, title, assignment_id, submission_id, failures, NULL::timestamptz AS last_at FROM failing
    UNION ALL SELECT user_id, 'INACTIVE', NULL, NULL, NULL, NULL, last_at FROM inactive) x
JOIN learning.enrollments e ON e.course_id = $1 AND e.user_id = x.user_id
LEFT JOIN auth.public_users u ON u.id = x.user_id
LEFT JOIN learning.submissions s ON s.id = x.submission_id
LEFT JOIN learning.assignments i ON i.id = s.assignment_id
WHERE NOT coalesce({HIDDEN}, false)
"""
"""Whoever fails where names are hidden is left out: their number of attempts would tell whose work it is."""

PLACES = f"""
SELECT coalesce(json_agg(json_build_object('module_id', m.id, 'title', m.title, 'learners', coalesce(x.learners, 0),
    'resting', coalesce(x.resting, 0)) ORDER BY m.position, m.id), '[]')::text AS body
FROM learning.modules m
LEFT JOIN (
    SELECT e.last_module_id, count(*) AS learners,
        count(*) FILTER (WHERE p.last_accessed_at < now() - interval '{INACTIVE_DAYS} days') AS resting
    FROM (
        SELECT e.user_id, e.last_module_id FROM learning.enrollments e
        WHERE e.course_id = $1 AND e.status = 'ACTIVE' AND e.progress_percent < 100 AND e.last_module_id IS NOT NULL
          {_OF_COHORT}
        ORDER BY e.id DESC LIMIT {MOST_PLACED}) e
    LEFT JOIN learning.module_progress p ON p.module_id = e.last_module_id AND p.user_id = e.user_id
    GROUP BY e.last_module_id) x ON x.last_module_id = m.id
WHERE m.course_id = $1 AND m.deleted_at IS NULL AND m.status = 'PUBLISHED'
"""

HARDEST = f"""
SELECT coalesce(json_agg(to_json(x) ORDER BY x.share, x.title, x.id), '[]')::text AS body FROM (
    SELECT * FROM (
        SELECT g.id, 'ASSIGNMENT' AS kind, g.title, t.tries, t.share
        FROM learning.modules m JOIN learning.assignments g ON g.module_id = m.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS tries, avg((s.status = 'PASSED' OR coalesce(s.accepted, false))::int)::float8 AS share FROM (
                SELECT s.status, s.accepted FROM learning.submissions s
                WHERE s.assignment_id = g.id AND s.purpose = 'SUBMIT' AND s.verdict IS NOT NULL AND s.deleted_at IS NULL
                ORDER BY s.id DESC LIMIT {SAMPLE}) s) t
        WHERE m.course_id = $1 AND m.deleted_at IS NULL AND g.deleted_at IS NULL AND t.tries > 0
        UNION ALL
        SELECT z.id, 'QUIZ', z.title, t.tries, t.share
        FROM learning.modules m JOIN learning.quizzes z ON z.module_id = m.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS tries, avg(a.score)::float8 / 100 AS share FROM (
                SELECT a.score FROM learning.quiz_attempts a
                WHERE a.quiz_id = z.id AND a.status NOT IN ('IN_PROGRESS', 'SUBMITTED') AND a.score IS NOT NULL
                ORDER BY a.id DESC LIMIT {SAMPLE}) a) t
        WHERE m.course_id = $1 AND m.deleted_at IS NULL AND z.deleted_at IS NULL AND t.tries > 0) every
    ORDER BY every.share, every.title, every.id LIMIT {MOST_HARD}) x
"""

ATTENTION = f"""
SELECT json_build_object('items', coalesce(json_agg(json_build_object('course_id', x.id, 'title', x.title,
    'to_grade', x.to_grade, 'requests', x.requests, 'stuck', x.stuck, 'enrolled', x.enrolled)
    ORDER BY x.to_grade + x.requests DESC, x.title, x.id), '[]'))::text AS body
FROM (
    SELECT c.id, c.title, {_counted(_WAITS)} AS to_grade, {_counted(_ASKED)} AS requests,
        (SELECT count(DISTINCT f.user_id) FROM ({_failing("c.id")}) f) AS stuck, {_counted(_ENROLLED)} AS enrolled
    FROM (
        SELECT c.id, c.title FROM learning.courses c
        WHERE c.deleted_at IS NULL AND c.status = 'PUBLISHED' AND $1 AND {holds(Permission.VIEW)}
        ORDER BY c.id DESC LIMIT {MOST_COURSES}) c) x
WHERE x.to_grade + x.requests + x.stuck + x.enrolled > 0
"""


async def insights(
    reader: Reader, actor: Actor, course_id: UUID, *, cohort_id: UUID | None = None
) -> tuple[TaughtCourse, Insights]:
    """All that the page shows, in four statements; the cohort narrows learners, not items.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    body = json.loads((await reader.fetchrow(OVERVIEW, course_id, cohort_id))["body"])
    body["stuck"] = json.loads((await reader.fetchrow(STUCK, course_id, cohort_id))["body"])
    body["places"] = json.loads((await reader.fetchrow(PLACES, course_id, cohort_id))["body"])
    body["hardest"] = json.loads((await reader.fetchrow(HARDEST, course_id))["body"])
    return course, Insights.model_validate(body)


async def attention(reader: Reader, actor: Actor) -> Attention:
    """What waits across the courses in which the caller has a part; administrators get theirs, not everybody's.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    user_id = actor.require_user()
    role = Role.INSTRUCTOR if actor.is_admin else actor.role
    row = await reader.fetchrow(ATTENTION, True, user_id, role.value if role else None)  # noqa: FBT003 - $1 of a shared condition
    return Attention.model_validate_json(row["body"])
