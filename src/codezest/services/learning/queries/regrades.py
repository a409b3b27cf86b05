"""Regrades as authors read them, and former results as learners do."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import STAFF, Reader, admit, caller
from codezest.services.learning.queries.anonymity import hidden
from codezest.services.learning.queries.work import TEST_RESULT
from codezest.services.learning.schemas.regrades import RegradeDetail
from codezest.services.learning.schemas.work import FormerGradings

IS_GRADED = "coalesce(r.new_status IN ('PASSED', 'FAILED'), false)"
CHANGED = f"""({IS_GRADED} AND (r.old_status, r.old_verdict, r.old_score, r.old_max_score)
    IS DISTINCT FROM (r.new_status, r.new_verdict, r.new_score, r.new_max_score))"""
NOT_RUN = "coalesce(r.new_status = 'ERROR', false)"

REGRADE = f"""
SELECT (to_jsonb(g) || jsonb_build_object(
    'title', a.title,
    'counts', (
        SELECT jsonb_build_object('submissions', count(*), 'graded', count(r.graded_at),
            'changed', count(*) FILTER (WHERE {CHANGED}), 'not_run', count(*) FILTER (WHERE {NOT_RUN}))
        FROM learning.regrade_results r WHERE r.regrade_id = g.id) || (
        SELECT jsonb_build_object('learners', count(*),
            'newly_passed', count(*) FILTER (WHERE k.passed_after AND NOT k.passed_before),
            'no_longer_passed', count(*) FILTER (WHERE k.passed_before AND NOT k.passed_after),
            'best_score_changed', count(*) FILTER (WHERE k.best_score_before IS DISTINCT FROM k.best_score_after),
            'progress_changed', count(*) FILTER (WHERE (k.module_percent_before, k.course_percent_before)
                IS DISTINCT FROM (k.module_percent_after, k.course_percent_after)))
        FROM learning.regrade_learners k WHERE k.regrade_id = g.id),
    'items', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', r.id, 'submission_id', s.id,
            'user_id', CASE WHEN NOT {hidden("s", "a")} THEN s.user_id END,
            'user_name', CASE WHEN NOT {hidden("s", "a")} THEN u.display_name END,
            'attempt_number', s.attempt_number, 'submitted_at', s.submitted_at,
            'before', jsonb_build_object('status', r.old_status, 'verdict', r.old_verdict, 'score', r.old_score,
                'max_score', r.old_max_score),
            'after', CASE WHEN {IS_GRADED} THEN jsonb_build_object('status', r.new_status, 'verdict', r.new_verdict,
                'score', r.new_score, 'max_score', r.new_max_score) END,
            'changed', {CHANGED}, 'not_run', {NOT_RUN},
            'fault', CASE WHEN {NOT_RUN} THEN r.feedback END,
            'learner', to_jsonb(k)) ORDER BY r.id), '[]')
        FROM (
            SELECT r.* FROM learning.regrade_results r
            WHERE r.regrade_id = g.id AND ($4::uuid IS NULL OR r.id > $4) AND ($6::bool IS NULL OR {CHANGED} = $6)
            ORDER BY r.id LIMIT $5) r
        JOIN learning.submissions s ON s.id = r.submission_id
        LEFT JOIN auth.public_users u ON u.id = s.user_id
        LEFT JOIN learning.regrade_learners k ON k.regrade_id = g.id AND k.user_id = s.user_id)))::text AS body
FROM learning.regrades g
JOIN learning.assignments a ON a.id = g.assignment_id AND a.deleted_at IS NULL
JOIN learning.modules m ON m.id = a.module_id AND m.deleted_at IS NULL
JOIN learning.courses c ON c.id = m.course_id AND c.deleted_at IS NULL
WHERE g.id = $1 AND {STAFF}
"""

FORMER_GRADINGS = f"""
SELECT CASE WHEN s.user_id = $2 OR {STAFF} THEN 'open' ELSE 'missing' END AS access,
    json_build_object('items', (
        SELECT coalesce(json_agg(json_build_object(
            'regrade_id', f.regrade_id, 'reason', g.reason, 'regraded_at', f.replaced_at, 'changed', {CHANGED},
            'status', f.status, 'verdict', f.verdict, 'score', f.score, 'max_score', f.max_score,
            'graded_at', f.graded_at, 'feedback', f.feedback, 'compile_output', f.compile_output,
            'tests_revision', f.tests_revision, 'spec_sha256', f.spec_sha256, 'runtime', f.runtime,
            'sandbox_tier', f.sandbox_tier, 'grader_version', f.grader_version,
            'tests', (
                SELECT coalesce(json_agg({TEST_RESULT} ORDER BY r.position), '[]')
                FROM jsonb_populate_recordset(CAST(NULL AS learning.submission_test_results), f.tests) r)
            ) ORDER BY f.replaced_at DESC, f.id DESC), '[]')
        FROM learning.former_gradings f
        JOIN learning.regrades g ON g.id = f.regrade_id
        JOIN learning.regrade_results r ON r.regrade_id = f.regrade_id AND r.submission_id = f.submission_id
        WHERE f.submission_id = s.id))::text AS body
FROM learning.submissions s
LEFT JOIN learning.assignments a ON a.id = s.assignment_id
LEFT JOIN learning.materials x ON x.id = s.material_id
JOIN learning.modules m ON m.id = coalesce(a.module_id, x.module_id)
JOIN learning.courses c ON c.id = m.course_id
WHERE s.id = $1 AND s.deleted_at IS NULL
"""


async def regrade(
    reader: Reader, actor: Actor, regrade_id: UUID, *, changed: bool | None, cursor: str | None, limit: int
) -> RegradeDetail:
    """A regrade with a page of its submissions.

    Raises:
        Unauthenticated, Forbidden: the caller is no author at all.
        NotFound: there is none, or it is of somebody else's course.
        BadRequest: the cursor is not one of ours.
    """
    actor.require_author()
    row = await reader.fetchrow(REGRADE, regrade_id, *caller(actor), decode_cursor(cursor), limit + 1, changed)
    if row is None:
        raise NotFound
    return _page(row["body"], limit)


def _page(body: str, limit: int) -> RegradeDetail:
    found = RegradeDetail.model_validate_json(body)
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].id)
    return found


async def former_gradings(reader: Reader, actor: Actor, submission_id: UUID) -> FormerGradings:
    """What a submission's result was before each regrade, the newest first: the caller's own, or of a course they teach.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(FORMER_GRADINGS, submission_id, *caller(actor))
    admit(row)
    return FormerGradings.model_validate_json(row["body"])
