"""How questions and tests do: computed in the database, from first attempts, for samples of any size."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.spreadsheets import BYTE_ORDER_MARK, csv_line, csv_lines
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of, access_taught_course
from codezest.services.learning.queries.gradebook import layout_of
from codezest.services.learning.schemas.insights import FEW, AssignmentStatistics, QuizStatistics

MOST_ATTEMPTS = 5_000
MOST_SUBMISSIONS = 5_000

# The rest leaves the question's own points out, so that a quiz of few questions does not correlate with itself.
QUIZ = f"""
WITH firsts AS MATERIALIZED (
    SELECT t.*, ntile(3) OVER (ORDER BY t.points / t.max_points DESC, t.id) AS third FROM (
        SELECT DISTINCT ON (t.user_id) t.id, t.score, t.points, t.max_points
        FROM learning.quiz_attempts t
        WHERE t.quiz_id = $1 AND t.status IN ('GRADED', 'LATE', 'EXPIRED') AND t.max_points > 0 AND t.points IS NOT NULL
        ORDER BY t.user_id, t.attempt_number LIMIT {MOST_ATTEMPTS}) t),
given AS MATERIALIZED (
    SELECT a.question_id, a.option_ids, a.seconds_spent, f.third,
        greatest(a.points, 0)::float8 / a.max_points AS share,
        (f.points - greatest(a.points, 0))::float8 / nullif(f.max_points - a.max_points, 0) AS rest
    FROM firsts f JOIN learning.quiz_answers a ON a.attempt_id = f.id
    WHERE a.is_correct IS NOT NULL AND a.max_points > 0),
asked AS (
    SELECT g.question_id, count(*) AS learners, avg(g.share) AS difficulty, corr(g.share, g.rest) AS discrimination,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY g.seconds_spent) AS median_seconds
    FROM given g GROUP BY g.question_id)
SELECT z.title, json_build_object('quiz_id', z.id, 'title', z.title, 'learners', (SELECT count(*) FROM firsts),
    'mean_score', (SELECT avg(f.score)::float8 FROM firsts f),
    'questions', (SELECT coalesce(json_agg(json_build_object('id', q.id, 'text', q.text, 'type', q.type,
            'learners', k.learners, 'few', k.learners < {FEW}, 'difficulty', k.difficulty,
            'discrimination', k.discrimination, 'median_seconds', k.median_seconds,
            'options', CASE WHEN q.type IN ('SINGLE_CHOICE', 'MULTIPLE_CHOICE', 'TRUE_FALSE') THEN (
                SELECT coalesce(json_agg(json_build_object('text', o.text, 'is_correct', o.is_correct,
                    'upper', c.upper, 'middle', c.middle, 'lower', c.lower) ORDER BY o.position, o.id), '[]')
                FROM learning.options o CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE g.third = 1) AS upper, count(*) FILTER (WHERE g.third = 2) AS middle,
                        count(*) FILTER (WHERE g.third = 3) AS lower
                    FROM given g WHERE g.question_id = q.id AND o.id = ANY (g.option_ids)) c
                WHERE o.question_id = q.id AND (o.deleted_at IS NULL OR c.upper + c.middle + c.lower > 0)
            ) ELSE '[]' END) ORDER BY q.position, q.id), '[]')
        FROM asked k JOIN learning.questions q ON q.id = k.question_id))::text AS body
FROM learning.quizzes z WHERE z.id = $1
"""

ASSIGNMENT = f"""
WITH sent AS MATERIALIZED (
    SELECT s.id, s.user_id, s.attempt_number, s.status = 'PASSED' OR coalesce(s.accepted, false) AS passed
    FROM learning.submissions s
    WHERE s.assignment_id = $1 AND s.purpose = 'SUBMIT' AND s.verdict IS NOT NULL AND s.deleted_at IS NULL
    ORDER BY s.id DESC LIMIT {MOST_SUBMISSIONS}),
by_learner AS MATERIALIZED (
    SELECT t.name, min(t.position) AS position, s.user_id, count(*) AS sent,
        count(*) FILTER (WHERE t.verdict = 'AC') AS passed,
        min(s.attempt_number) FILTER (WHERE t.verdict = 'AC') AS needed,
        bool_or(t.verdict = 'AC') FILTER (WHERE s.attempt_number = 1) AS at_once
    FROM sent s JOIN learning.submission_test_results t ON t.submission_id = s.id GROUP BY t.name, s.user_id),
tests AS (
    SELECT b.name, min(b.position) AS position, count(*) AS learners, sum(b.sent) AS submissions,
        sum(b.passed)::float8 / sum(b.sent) AS passed, avg(b.at_once::int)::float8 AS first_try,
        avg(b.needed)::float8 AS attempts_to_pass
    FROM by_learner b GROUP BY b.name),
learners AS (
    SELECT s.user_id, bool_or(s.passed) AS passed, min(s.attempt_number) FILTER (WHERE s.passed) AS needed,
        bool_or(s.passed) FILTER (WHERE s.attempt_number = 1) AS at_once
    FROM sent s GROUP BY s.user_id)
SELECT g.title, json_build_object('assignment_id', g.id, 'title', g.title,
    'learners', (SELECT count(*) FROM learners), 'few', (SELECT count(*) FROM learners) < {FEW},
    'submissions', (SELECT count(*) FROM sent), 'passed', (SELECT avg(l.passed::int)::float8 FROM learners l),
    'first_try', (SELECT avg(l.at_once::int)::float8 FROM learners l),
    'attempts_to_pass', (SELECT avg(l.needed)::float8 FROM learners l),
    'tests', (SELECT coalesce(json_agg(json_build_object('name', t.name, 'learners', t.learners,
        'few', t.learners < {FEW}, 'submissions', t.submissions, 'passed', t.passed, 'first_try', t.first_try,
        'attempts_to_pass', t.attempts_to_pass) ORDER BY t.passed, t.position), '[]') FROM tests t))::text AS body
FROM learning.assignments g WHERE g.id = $1
"""

HEADINGS = (
    "kind", "item", "question or test", "learners", "difficulty or pass rate", "discrimination", "first try",
    "attempts to pass", "median seconds",
)  # fmt: skip


async def quiz_statistics(reader: Reader, actor: Actor, quiz_id: UUID) -> tuple[TaughtCourse, QuizStatistics]:
    """How the questions of a quiz do.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    course = await access_course_of(reader, actor, "quiz", quiz_id, Permission.VIEW)
    return course, await _quiz(reader, quiz_id)


async def assignment_statistics(
    reader: Reader, actor: Actor, assignment_id: UUID
) -> tuple[TaughtCourse, AssignmentStatistics]:
    """How the tests of an assignment do; raises as above."""
    course = await access_course_of(reader, actor, "assignment", assignment_id, Permission.VIEW)
    return course, await _assignment(reader, assignment_id)


async def _quiz(reader: Reader, quiz_id: UUID) -> QuizStatistics:
    return QuizStatistics.model_validate(json.loads((await reader.fetchrow(QUIZ, quiz_id))["body"]))


async def _assignment(reader: Reader, assignment_id: UUID) -> AssignmentStatistics:
    return AssignmentStatistics.model_validate(json.loads((await reader.fetchrow(ASSIGNMENT, assignment_id))["body"]))


async def statistics_head(reader: Reader, actor: Actor, course_id: UUID) -> str:
    """Mark and headings, once it is sure that the caller may have the table; raises as `access_taught_course`."""
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    return BYTE_ORDER_MARK + csv_line(HEADINGS)


async def statistics_csv(reader: Reader, course_id: UUID) -> AsyncIterator[str]:
    """A line for every question and every test of the course's published items. Call `statistics_head` before."""
    for column in (await layout_of(reader, course_id)).layout.columns:
        rows: list[list[Any]] = []
        if column.kind == "QUIZ":
            rows = [
                ["quiz", column.title, one.text, one.learners, one.difficulty, one.discrimination, None, None,
                 one.median_seconds]
                for one in (await _quiz(reader, column.id)).questions
            ]  # fmt: skip
        elif column.kind == "ASSIGNMENT":
            rows = [
                ["exercise", column.title, one.name, one.learners, one.passed, None, one.first_try, one.attempts_to_pass,
                 None]
                for one in (await _assignment(reader, column.id)).tests
            ]  # fmt: skip
        if rows:
            yield csv_lines(rows)
