"""What learners handed in: submissions with their test results, quiz attempts with their review."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from pydantic import TypeAdapter

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import LOCKED_BY, STAFF, Reader, admit, caller, item_source
from codezest.services.learning.queries.anonymity import hidden
from codezest.services.learning.queries.hand_grading import HANDED_FILES
from codezest.services.learning.queries.queue import QUEUE_PLACE
from codezest.services.learning.schemas.work import SubmissionDetail, SubmissionPage, SubmissionSummary

_SUMMARIES = TypeAdapter(list[SubmissionSummary])
FINAL_STATUSES = frozenset({"PASSED", "FAILED", "ERROR", "GRADED"})

SUBMISSION_SUMMARY = """
    'id', s.id, 'purpose', s.purpose, 'status', s.status, 'verdict', s.verdict, 'score', s.score,
    'max_score', s.max_score, 'attempt_number', s.attempt_number, 'is_late', s.is_late,
    'raw_score', s.raw_score, 'late_penalty_percent', s.late_penalty_percent,
    'submitted_at', s.submitted_at, 'graded_at', s.graded_at"""

ATTEMPT_SUMMARY = """
    'id', t.id, 'quiz_id', t.quiz_id, 'attempt_number', t.attempt_number, 'status', t.status,
    'started_at', t.started_at, 'deadline_at', t.deadline_at, 'completed_at', t.completed_at,
    'time_taken_seconds', t.time_taken_seconds, 'score', t.score, 'points', trim_scale(t.points),
    'max_points', t.max_points, 'passed', t.passed, 'is_late', t.is_late, 'raw_score', t.raw_score,
    'late_penalty_percent', t.late_penalty_percent,
    'is_being_graded', t.status = 'SUBMITTED' AND EXISTS (
        SELECT FROM learning.question_runs b WHERE b.attempt_id = t.id AND b.purpose = 'ANSWER'
            AND b.status IN ('PENDING', 'RUNNING'))"""

TEST_RESULT = """CASE WHEN r.visible THEN json_build_object(
        'name', r.name, 'verdict', r.verdict, 'points', r.points, 'max_points', r.max_points, 'visible', true,
        'time_ms', r.time_ms, 'memory_kb', r.memory_kb, 'stdin', r.stdin, 'expected', r.expected,
        'stdout', r.stdout, 'stderr', r.stderr, 'message', r.message, 'kind_of_case', NULL,
        'arguments', r.arguments, 'group_name', r.group_name, 'bonus', r.bonus, 'sample', r.sample,
        'fraction', r.fraction)
    -- Of a hidden test nothing that its input could colour; its `message` is the author's description of the case.
    ELSE json_build_object(
        'name', r.name, 'verdict', r.verdict, 'points', r.points, 'max_points', r.max_points, 'visible', false,
        'time_ms', NULL, 'memory_kb', NULL, 'stdin', NULL, 'expected', NULL,
        'stdout', NULL, 'stderr', NULL, 'message', NULL, 'kind_of_case', r.message,
        'arguments', NULL, 'group_name', r.group_name, 'bonus', r.bonus, 'sample', false, 'fraction', r.fraction) END"""

FORMER_RESULTS = """(
    SELECT coalesce(json_agg(json_build_object(
        'regrade_id', f.regrade_id, 'reason', w.reason, 'regraded_at', f.replaced_at,
        'changed', (f.status, f.verdict, f.score, f.max_score)
            IS DISTINCT FROM (n.new_status, n.new_verdict, n.new_score, n.new_max_score),
        'status', f.status, 'verdict', f.verdict, 'score', f.score, 'max_score', f.max_score,
        'graded_at', f.graded_at) ORDER BY f.replaced_at DESC, f.id DESC), '[]')
    FROM learning.former_gradings f
    JOIN learning.regrades w ON w.id = f.regrade_id
    JOIN learning.regrade_results n ON n.regrade_id = f.regrade_id AND n.submission_id = f.submission_id
    WHERE f.submission_id = s.id)"""

SUBMISSION = f"""
SELECT CASE WHEN s.user_id = $2 OR {STAFF} THEN 'open' ELSE 'missing' END AS access,
    s.status, total.tests AS total, json_build_object({SUBMISSION_SUMMARY},
    'assignment_id', s.assignment_id, 'material_id', s.material_id,
    'user_id', CASE WHEN s.user_id = $2 OR NOT coalesce({hidden("s", "g")}, false) THEN s.user_id END,
    'text_answer', s.text_answer, 'handed_files', {HANDED_FILES},
    'title', coalesce(g.title, x.title), 'module_id', m.id,
    'code', s.code, 'files', s.files, 'stdin', s.stdin, 'language', s.language, 'feedback', s.feedback,
    'compile_output', s.compile_output, 'tests_revision', s.tests_revision, 'runtime', s.runtime,
    'sandbox_tier', s.sandbox_tier, 'grader_version', s.grader_version, 'spec_sha256', s.spec_sha256,
    'former_results', {FORMER_RESULTS}, 'started_at', s.started_at, 'total_tests', total.tests,
    'queue', CASE WHEN s.status = 'PENDING' THEN {QUEUE_PLACE} END,
    'tests', (
        SELECT coalesce(json_agg({TEST_RESULT} ORDER BY r.position), '[]')
        FROM learning.submission_test_results r WHERE r.submission_id = s.id)
    )::text AS body
FROM learning.submissions s
LEFT JOIN learning.assignments g ON g.id = s.assignment_id
LEFT JOIN learning.materials x ON x.id = s.material_id
JOIN learning.modules m ON m.id = coalesce(g.module_id, x.module_id)
JOIN learning.courses c ON c.id = m.course_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.purpose = 'PLAYGROUND' OR s.stdin IS NOT NULL THEN 1 ELSE (
        SELECT count(*) FROM learning.assignment_tests t
        WHERE t.assignment_id = s.assignment_id AND (t.visible OR s.purpose = 'SUBMIT')) END AS tests) total
WHERE s.id = $1 AND s.deleted_at IS NULL
"""

_OWN = f"""(
    SELECT coalesce(json_agg(json_build_object({SUBMISSION_SUMMARY}) ORDER BY s.id DESC), '[]') FROM (
        SELECT s.* FROM learning.submissions s
        WHERE s.user_id = $2 AND s.assignment_id = $1 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
          AND {{before}}
        ORDER BY s.id DESC LIMIT {{limit}}) s)::text"""

MY_SUBMISSIONS = f"""
SELECT a.access, {LOCKED_BY},
    CASE WHEN a.access IN ('open', 'staff') THEN {_OWN.format(before="($4::uuid IS NULL OR s.id < $4)", limit="$5")} END AS body
{item_source("ASSIGNMENT")}
WHERE i.id = $1
"""

MY_NEWEST = f"SELECT {_OWN.format(before='true', limit='$3')} AS body"


async def submission_json(reader: Reader, actor: Actor, submission_id: UUID) -> str:
    """A submission with its results: the caller's own, or one in a course the caller teaches. A `SubmissionDetail`.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    return (await submission_state(reader, actor, submission_id))[2]


async def submission(reader: Reader, actor: Actor, submission_id: UUID) -> SubmissionDetail:
    return SubmissionDetail.model_validate_json(await submission_json(reader, actor, submission_id))


async def submission_state(reader: Reader, actor: Actor, submission_id: UUID) -> tuple[str, int, str]:
    """Its status, how many tests it faces, and the whole as JSON.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(SUBMISSION, submission_id, *caller(actor))
    admit(row)
    return row["status"], row["total"], row["body"]


async def my_newest(reader: Reader, actor: Actor, assignment_id: UUID, *, limit: int) -> list[SubmissionSummary]:
    """The first of `my_submissions`, where the assignment itself has been read already and so is open to the caller."""
    row = await reader.fetchrow(MY_NEWEST, assignment_id, actor.require_user(), limit)
    return _SUMMARIES.validate_json(row["body"])


async def my_submissions(
    reader: Reader, actor: Actor, assignment_id: UUID, *, cursor: str | None, limit: int
) -> SubmissionPage:
    """The caller's submissions that count, the newest first.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_user()
    before = decode_cursor(cursor)
    row = await reader.fetchrow(MY_SUBMISSIONS, assignment_id, *caller(actor), before, limit + 1)
    admit(row)
    page = SubmissionPage.model_validate_json(f'{{"items": {row["body"]}, "next_cursor": null}}')
    if len(page.items) > limit:
        del page.items[limit:]
        page.next_cursor = encode_cursor(page.items[-1].id)
    return page
