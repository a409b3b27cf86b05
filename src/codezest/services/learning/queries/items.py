"""A material, an assignment, a quiz, each with what the caller did with it. For enrolled learners and the course's staff."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from codezest.grading.languages import languages
from codezest.kit.actor import Actor
from codezest.services.learning.content.columns import MEDIA_URL
from codezest.services.learning.policies import LOCKED_BY, Reader, admit, caller, item_source, terms_of
from codezest.services.learning.policies.terms import granted, terms
from codezest.services.learning.queries.asked_count import ASKED_COUNT
from codezest.services.learning.queries.work import ATTEMPT_SUMMARY, SUBMISSION_SUMMARY
from codezest.services.learning.rules import MAIN_CELL, SUBMIT_GRACE
from codezest.services.learning.rules.timing import Terms
from codezest.services.learning.schemas.items import (
    AssignmentDetail,
    AssignmentPlace,
    MaterialDetail,
    QuizDetail,
    QuizPlace,
)
from codezest.services.learning.schemas.terms import terms_now
from codezest_db.enums import LatePolicy

_CONTEXT = """
    'course_id', c.id, 'course', json_build_object('title', c.title, 'slug', c.slug, 'kind', c.kind),
    'module', json_build_object('id', m.id, 'slug', m.slug, 'title', m.title),
    'language', CASE WHEN l.id IS NOT NULL THEN json_build_object(
        'id', l.id, 'slug', l.slug, 'name', l.name, 'icon', l.icon) END,
    'previous', near.previous, 'next', near.next, 'can_author', a.access = 'staff'"""

_NEIGHBOURS = """
LEFT JOIN LATERAL (
    SELECT item.id, lag(reference) OVER w AS previous, lead(reference) OVER w AS next
    FROM (
        SELECT 'MATERIAL' AS kind, x.id, x.title, x.position FROM learning.materials x
        WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
        UNION ALL
        SELECT 'ASSIGNMENT', x.id, x.title, x.position FROM learning.assignments x
        WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
        UNION ALL
        SELECT 'QUIZ', x.id, x.title, x.position FROM learning.quizzes x
        WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL) item
    CROSS JOIN LATERAL (SELECT json_build_object('kind', item.kind, 'id', item.id, 'title', item.title) AS reference) r
    WINDOW w AS (ORDER BY item.position, item.kind, item.id)) near ON near.id = i.id
"""


def _address(part: str) -> str:
    """Where a part of a material is: elsewhere, among the files of its course, or in the content folder."""
    key = f"i.{part}_key"
    return f"coalesce(i.{part}_url, CASE WHEN {key} LIKE 'uploads/%' THEN '/' ELSE '{MEDIA_URL}' END || {key})"


MATERIAL = f"""
SELECT a.access, {LOCKED_BY}, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_CONTEXT},
    'id', i.id, 'slug', i.slug, 'title', i.title, 'description', i.description, 'type', i.type,
    'content', i.content, 'code', i.code, 'sample_input', i.sample_input,
    'video_url', {_address("video")}, 'image_url', {_address("image")}, 'file_url', {_address("file")},
    'captions_url', i.captions_url, 'transcript', i.transcript, 'duration_minutes', i.duration_minutes,
    'quiz_id', i.quiz_id,
    'runnable', i.type IN ('CODE_EXAMPLE', 'INTERACTIVE') AND l.runtime IS NOT NULL, 'runtime', l.runtime,
    'status', coalesce(p.status, 'NOT_STARTED'), 'completed', coalesce(p.completed, false),
    'view_count', coalesce(p.view_count, 0), 'last_viewed_at', p.last_viewed_at, 'completed_at', p.completed_at,
    'reading_position', p.reading_position, 'video_seconds', p.video_seconds,
    'draft', (
        SELECT json_build_object('code', d.code, 'files', d.files, 'revision', d.revision, 'saved_at', d.updated_at)
        FROM learning.drafts d WHERE d.user_id = $2 AND d.material_id = i.id AND d.cell = '{MAIN_CELL}')
    )::text END AS body
{item_source("MATERIAL")}
LEFT JOIN learning.material_progress p ON p.material_id = i.id AND p.user_id = $2
{_NEIGHBOURS}
WHERE i.id = $1
"""

_ENTRY = "CASE i.language {} END".format(
    " ".join(f"WHEN '{language.key}' THEN '{language.file_name}'" for language in languages())
)
"""What the file is called that a program of assignment `i` begins with."""

_TOLD_BY = """
    'function_name', i.function_name, 'groups', i.test_groups,
    'tests', (
        SELECT coalesce(json_agg(CASE WHEN t.visible THEN json_build_object(
                'name', t.name, 'points', t.points, 'visible', true, 'kind_of_case', t.kind_of_case,
                'group_name', t.group_name, 'bonus', t.bonus, 'sample', t.sample, 'generated', t.generator IS NOT NULL,
                'stdin', t.stdin, 'args', t.args, 'files', t.files, 'arguments', t.arguments, 'expected', t.expected)
            ELSE json_build_object(
                'name', t.name, 'points', t.points, 'visible', false, 'kind_of_case', t.kind_of_case,
                'group_name', t.group_name, 'bonus', t.bonus) END
            ORDER BY t.position), '[]')
        FROM learning.assignment_tests t WHERE t.assignment_id = i.id)"""
"""What the results of assignment `i` are told by."""

ASSIGNMENT = f"""
SELECT a.access, {LOCKED_BY}, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_CONTEXT},
    'id', i.id, 'slug', i.slug, 'title', i.title, 'description', i.description, 'instructions', i.instructions,
    'kind', i.kind, 'runtime', i.language,
    'mode', i.grading_mode, {_TOLD_BY}, 'several_files', i.starter_files <> '{{}}',
    'entry', {_ENTRY},
    'rules', (
        SELECT coalesce(json_agg(json_build_object('kind', rule -> 'kind', 'construct', rule -> 'construct',
            'message', rule -> 'message', 'at_least', rule -> 'at_least', 'at_most', rule -> 'at_most')
            ORDER BY place), '[]')
        FROM jsonb_array_elements(i.rules) WITH ORDINALITY listed(rule, place)),
    'difficulty', i.difficulty, 'starter_code', i.starter_code, 'starter_files', i.starter_files,
    'hints', to_json(i.hints[1:shown.hints]), 'hint_count', cardinality(i.hints), 'max_score', i.max_score,
    'checker', i.checker,
    'limits', json_build_object('cpu_seconds', i.cpu_seconds, 'wall_seconds', i.wall_seconds,
        'memory_bytes', i.memory_bytes, 'output_bytes', i.output_bytes),
    'submission_count', mine.tries,
    'status', CASE WHEN mine.passed THEN 'COMPLETED' WHEN mine.tries > 0 THEN 'IN_PROGRESS' ELSE 'NOT_STARTED' END,
    'best', (
        SELECT json_build_object({SUBMISSION_SUMMARY}) FROM learning.submissions s
        WHERE s.user_id = $2 AND s.assignment_id = i.id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
          AND s.score IS NOT NULL
        ORDER BY (s.status = 'PASSED' OR coalesce(s.accepted, false)) DESC, s.score DESC, s.submitted_at DESC LIMIT 1),
    'latest', (
        SELECT json_build_object({SUBMISSION_SUMMARY}) FROM learning.submissions s
        WHERE s.user_id = $2 AND s.assignment_id = i.id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
        ORDER BY s.submitted_at DESC, s.id DESC LIMIT 1),
    'latest_code', newest.code, 'latest_files', newest.files, 'latest_id', newest.id, 'latest_at', newest.submitted_at,
    'draft', CASE WHEN draft.id IS NOT NULL THEN json_build_object(
        'code', draft.code, 'files', draft.files, 'revision', draft.revision, 'saved_at', draft.updated_at) END
    )::text END AS body, {terms("ASSIGNMENT")}
{item_source("ASSIGNMENT")} {granted("ASSIGNMENT")}
CROSS JOIN LATERAL (
    SELECT count(*) AS tries, coalesce(bool_or(s.status = 'PASSED' OR s.accepted), false) AS passed FROM learning.submissions s
    WHERE s.user_id = $2 AND s.assignment_id = i.id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL) mine
CROSS JOIN LATERAL (
    SELECT count(*)::int AS hints FROM learning.revealed_hints r WHERE r.user_id = $2 AND r.assignment_id = i.id) shown
LEFT JOIN learning.drafts draft ON draft.user_id = $2 AND draft.assignment_id = i.id
LEFT JOIN LATERAL (
    SELECT s.id, s.code, s.files, s.submitted_at FROM learning.submissions s
    WHERE s.user_id = $2 AND s.assignment_id = i.id AND s.deleted_at IS NULL
    ORDER BY s.submitted_at DESC, s.id DESC LIMIT 1) newest ON true
{_NEIGHBOURS}
WHERE i.id = $1
"""

ASSIGNMENT_PLACE = f"""
SELECT a.access, {LOCKED_BY}, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_CONTEXT},
    {_TOLD_BY})::text END AS body, {terms("ASSIGNMENT")}
{item_source("ASSIGNMENT")} {granted("ASSIGNMENT")}
{_NEIGHBOURS}
WHERE i.id = $1
"""

QUIZ = f"""
SELECT a.access, {LOCKED_BY}, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_CONTEXT},
    'id', i.id, 'slug', i.slug, 'title', i.title, 'description', i.description,
    'passing_score', i.passing_score, 'scoring', i.scoring, 'wrong_penalty_percent', i.wrong_penalty_percent,
    'question_count', {ASKED_COUNT.format(quiz="i")},
    'attempts_used', mine.tries,
    'status', CASE WHEN mine.passed THEN 'COMPLETED' WHEN mine.tries > 0 THEN 'IN_PROGRESS' ELSE 'NOT_STARTED' END,
    'best_score', mine.best,
    'open_attempt_id', (
        SELECT t.id FROM learning.quiz_attempts t
        WHERE t.user_id = $2 AND t.quiz_id = i.id AND t.status = 'IN_PROGRESS'
          AND (t.deadline_at IS NULL OR t.deadline_at + interval '{SUBMIT_GRACE.total_seconds()} seconds' > now())),
    'attempts', (
        SELECT coalesce(json_agg(json_build_object({ATTEMPT_SUMMARY}) ORDER BY t.attempt_number DESC), '[]')
        FROM learning.quiz_attempts t WHERE t.user_id = $2 AND t.quiz_id = i.id)
    )::text END AS body, mine.tries, {terms("QUIZ")}
{item_source("QUIZ")} {granted("QUIZ")}
CROSS JOIN LATERAL (
    SELECT count(*) AS tries, coalesce(bool_or(t.passed), false) AS passed, max(t.score) AS best
    FROM learning.quiz_attempts t WHERE t.user_id = $2 AND t.quiz_id = i.id) mine
{_NEIGHBOURS}
WHERE i.id = $1
"""

QUIZ_PLACE = f"""
SELECT a.access, {LOCKED_BY}, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_CONTEXT})::text END AS body, (
    SELECT count(*) FROM learning.quiz_attempts t WHERE t.user_id = $2 AND t.quiz_id = i.id) AS tries, {terms("QUIZ")}
{item_source("QUIZ")} {granted("QUIZ")}
{_NEIGHBOURS}
WHERE i.id = $1
"""


async def _item(reader: Reader, actor: Actor, statement: str, item_id: UUID) -> str:
    actor.require_user()
    row = await reader.fetchrow(statement, item_id, *caller(actor))
    admit(row)
    return row["body"]


def _with(body: str, more: Mapping[str, Any]) -> str:
    """A JSON object with more members, without reading what it holds."""
    return f"{body[:-1]},{json.dumps(more)[1:]}"


async def material_json(reader: Reader, actor: Actor, material_id: UUID) -> str:
    """A material. A `MaterialDetail`.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    return await _item(reader, actor, MATERIAL, material_id)


async def material(reader: Reader, actor: Actor, material_id: UUID) -> MaterialDetail:
    return MaterialDetail.model_validate_json(await material_json(reader, actor, material_id))


async def assignment_json(reader: Reader, actor: Actor, assignment_id: UUID) -> str:
    """An assignment; of hidden tests only what they are called, try and give. An `AssignmentDetail`.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        ItemNotYetOpen: see `policies.terms_of`.
    """
    actor.require_user()
    row = await reader.fetchrow(ASSIGNMENT, assignment_id, *caller(actor))
    admit(row)
    mine = terms_of(row)
    now = terms_now(mine)
    allow_late = mine.late_policy is not LatePolicy.CUT_OFF
    more = {"time_limit_minutes": mine.time_limit_minutes, "due_at": now["due_at"], "allow_late": allow_late}
    return _with(row["body"], {**more, "terms": now})


async def assignment(reader: Reader, actor: Actor, assignment_id: UUID) -> AssignmentDetail:
    return AssignmentDetail.model_validate_json(await assignment_json(reader, actor, assignment_id))


async def assignment_place(reader: Reader, actor: Actor, assignment_id: UUID) -> AssignmentPlace:
    """Where an assignment stands: what the pages of its submissions need of it.

    Raises: as `assignment_json`.
    """
    actor.require_user()
    row = await reader.fetchrow(ASSIGNMENT_PLACE, assignment_id, *caller(actor))
    admit(row)
    terms_of(row)
    return AssignmentPlace.model_validate_json(row["body"])


async def quiz_json(reader: Reader, actor: Actor, quiz_id: UUID) -> str:
    """A quiz without its questions, which an attempt shows. A `QuizDetail`.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(QUIZ, quiz_id, *caller(actor))
    admit(row)
    mine = Terms.of(row)
    more = {"time_limit_minutes": mine.time_limit_minutes, **_attempts(mine, row["tries"])}
    return _with(row["body"], {**more, "terms": terms_now(mine)})


async def quiz(reader: Reader, actor: Actor, quiz_id: UUID) -> QuizDetail:
    return QuizDetail.model_validate_json(await quiz_json(reader, actor, quiz_id))


async def quiz_place(reader: Reader, actor: Actor, quiz_id: UUID) -> QuizPlace:
    """Where a quiz stands and how often it may still be taken: what the pages of its attempts need of it.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(QUIZ_PLACE, quiz_id, *caller(actor))
    admit(row)
    return QuizPlace.model_validate_json(_with(row["body"], _attempts(Terms.of(row), row["tries"])))


def _attempts(mine: Terms, used: int) -> dict[str, int | None]:
    limit = mine.attempt_limit
    return {"attempt_limit": limit, "attempts_left": None if limit is None else max(limit - used, 0)}
