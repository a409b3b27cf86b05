"""Apply a regrade to every submission of its set at once, or cancel it.

Locks: assignment, regrade, submissions by id, then enrollments by id, as whoever grades by hand or releases grades takes them
too. Whether the set is still what was looked at is asked once its submissions are locked: a grade that a person gave meanwhile
is never overwritten.
"""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import RegradeApplied, RegradeDecided, SolutionRegraded
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.actions.name_spec import written
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.actions.regrade.begin_regrade import current_spec
from codezest.services.learning.actions.regrade.foresee import foresee, read_back
from codezest.services.learning.errors import (
    NothingToRun,
    NotRunnable,
    RegradeClosed,
    RegradeNotReady,
    RegradeStale,
)
from codezest.services.learning.policies.authoring import access_authored
from codezest_db.enums import RegradeStatus
from codezest_db.models.learning import Assignment, Module, Regrade, SubmissionTestResult

OF_THE_SET = """
    r.regrade_id = :regrade_id AND r.new_status IN ('PASSED', 'FAILED') AND s.deleted_at IS NULL"""
"""What is applied: `r` is a row of the set that was graded, `s` its submission."""

OUTDATED = f"""
SELECT EXISTS (
    SELECT FROM learning.regrade_results r JOIN learning.submissions s ON s.id = r.submission_id
    WHERE {OF_THE_SET} AND (s.status, s.verdict, s.score, s.max_score, s.spec_sha256)
        IS DISTINCT FROM (r.old_status, r.old_verdict, r.old_score, r.old_max_score, r.old_spec_sha256))
  OR EXISTS (
    SELECT FROM learning.submissions s JOIN learning.regrades g ON g.assignment_id = s.assignment_id
    JOIN learning.assignments a ON a.id = g.assignment_id
    WHERE g.id = :regrade_id AND s.purpose = 'SUBMIT' AND s.status IN ('PASSED', 'FAILED') AND s.deleted_at IS NULL
      AND s.language = a.language AND s.spec_sha256 IS DISTINCT FROM g.spec_sha256
      AND NOT EXISTS (
          SELECT FROM learning.regrade_results r WHERE r.regrade_id = g.id AND r.submission_id = s.id))
"""
"""Whether a submission is no longer what was looked at, or one that belongs to the set is missing from it."""

LOCK_SUBMISSIONS = f"""
SELECT s.id FROM learning.submissions s JOIN learning.regrade_results r ON r.submission_id = s.id
WHERE {OF_THE_SET} ORDER BY s.id FOR NO KEY UPDATE OF s
"""

LOCK_ENROLLMENTS = """
SELECT e.id FROM learning.enrollments e
WHERE e.course_id = :course_id AND e.user_id IN (
    SELECT k.user_id FROM learning.regrade_learners k WHERE k.regrade_id = :regrade_id)
ORDER BY e.id FOR UPDATE
"""

KEEP_FORMER = f"""
INSERT INTO learning.former_gradings
    (submission_id, regrade_id, status, verdict, score, max_score, feedback, compile_output, tests_revision, spec_sha256,
     runtime, sandbox_tier, grader_version, graded_at, tests)
SELECT s.id, r.regrade_id, s.status, s.verdict, s.score, s.max_score, s.feedback, s.compile_output, s.tests_revision,
    s.spec_sha256, s.runtime, s.sandbox_tier, s.grader_version, s.graded_at, (
        SELECT coalesce(jsonb_agg(to_jsonb(t) - 'id' - 'submission_id' ORDER BY t.position), '[]')
        FROM learning.submission_test_results t WHERE t.submission_id = s.id)
FROM learning.regrade_results r JOIN learning.submissions s ON s.id = r.submission_id
WHERE {OF_THE_SET}
"""

DROP_TEST_RESULTS = f"""
DELETE FROM learning.submission_test_results t USING learning.regrade_results r, learning.submissions s
WHERE t.submission_id = s.id AND s.id = r.submission_id AND {OF_THE_SET}
"""

_COLUMNS = [column.name for column in SubmissionTestResult.__table__.columns]
ADD_TEST_RESULTS = f"""
INSERT INTO learning.submission_test_results ({", ".join(_COLUMNS)})
SELECT {", ".join(f"made.{name}" for name in _COLUMNS)}
FROM learning.regrade_results r JOIN learning.submissions s ON s.id = r.submission_id
CROSS JOIN LATERAL jsonb_array_elements(r.tests) result(columns)
CROSS JOIN LATERAL jsonb_populate_record(
    CAST(NULL AS learning.submission_test_results),
    result.columns || jsonb_build_object('id', uuidv7(), 'submission_id', s.id)) made
WHERE {OF_THE_SET}
"""

REPLACE = f"""
UPDATE learning.submissions kept SET
    status = r.new_status, verdict = r.new_verdict, score = r.new_score, max_score = r.new_max_score,
    raw_score = r.new_raw_score, feedback = r.feedback, compile_output = r.compile_output, runtime = r.runtime,
    sandbox_tier = r.sandbox_tier,
    grader_version = r.grader_version, graded_at = r.graded_at, spec_sha256 = g.spec_sha256,
    tests_revision = g.tests_revision, updated_at = now()
FROM learning.regrade_results r
JOIN learning.regrades g ON g.id = r.regrade_id
JOIN learning.submissions s ON s.id = r.submission_id
WHERE kept.id = s.id AND {OF_THE_SET}
RETURNING kept.id, kept.user_id, r.old_status, r.old_verdict, r.old_score, r.old_max_score,
    kept.status, kept.verdict, kept.score, kept.max_score
"""


async def access_regrade(session: AsyncSession, actor: Actor, regrade_id: UUID) -> Regrade:
    """A regrade of an assignment that the caller authors, both locked.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    actor.require_author()
    assignment_id = await session.scalar(select(Regrade.assignment_id).where(Regrade.id == regrade_id))
    if assignment_id is None:
        raise NotFound
    await access_authored(session, actor, Assignment, assignment_id)
    return await lock_regrade(session, regrade_id)


async def lock_regrade(session: AsyncSession, regrade_id: UUID) -> Regrade:
    """A regrade and its assignment, locked in the order in which everything locks them.

    Raises:
        NotFound: there is none.
    """
    assignment_id = await session.scalar(select(Regrade.assignment_id).where(Regrade.id == regrade_id))
    if assignment_id is None:
        raise NotFound
    await session.get_one(Assignment, assignment_id, with_for_update={"key_share": True}, populate_existing=True)
    return await session.get_one(Regrade, regrade_id, with_for_update=True, populate_existing=True)


async def apply_regrade(session: AsyncSession, regrade: Regrade, *, applied_by: UUID | None) -> None:
    """Give every submission of the set its new result, keep the former one, recount progress, and publish what changed.

    Applied twice, it changes nothing the second time.

    Raises:
        RegradeNotReady: submissions are still being graded.
        RegradeClosed: it was cancelled, or has failed.
        RegradeStale: the tests, or submissions of the set, have changed since.
    """
    if regrade.status is RegradeStatus.APPLIED:
        return
    if regrade.status is RegradeStatus.PREVIEWING:
        raise RegradeNotReady
    if regrade.status is not RegradeStatus.READY:
        raise RegradeClosed(regrade.status)
    assignment = await session.get_one(Assignment, regrade.assignment_id)
    course_id = await session.scalar(select(Module.course_id).where(Module.id == assignment.module_id))
    assert course_id is not None
    values = {"regrade_id": regrade.id}
    await session.execute(text(LOCK_SUBMISSIONS), values)
    if not await _still_grades_by(session, assignment, regrade.spec_sha256) or await session.scalar(
        text(OUTDATED), values
    ):
        raise RegradeStale
    await session.execute(text(LOCK_ENROLLMENTS), values | {"course_id": course_id})
    await foresee(session, regrade.id)  # again: learners may have submitted more since
    for statement in (KEEP_FORMER, DROP_TEST_RESULTS, ADD_TEST_RESULTS):
        await session.execute(text(statement), values)
    rows = (await session.execute(text(REPLACE), values)).all()
    await recount(session, sorted({row.user_id for row in rows}), course_id=course_id)
    await read_back(session, regrade.id)
    await outbox.publish(
        session,
        *(
            SolutionRegraded(
                user_id=row.user_id,
                course_id=course_id,
                assignment_id=assignment.id,
                submission_id=row.id,
                regrade_id=regrade.id,
                former_status=row.old_status,
                former_score=row.old_score or 0,
                former_max_score=row.old_max_score,
                status=row.status,
                verdict=row.verdict,
                score=row.score,
                max_score=row.max_score,
            )
            for row in rows
            if (row.old_status, row.old_verdict, row.old_score, row.old_max_score)
            != (row.status, row.verdict, row.score, row.max_score)
        ),
    )
    regrade.status = RegradeStatus.APPLIED
    regrade.applied_at = func.now()
    regrade.applied_by = applied_by
    await session.flush()
    await outbox.publish(
        session, RegradeApplied(actor_user_id=applied_by, assignment_id=assignment.id, regrade_id=regrade.id)
    )


async def _still_grades_by(session: AsyncSession, assignment: Assignment, name: str) -> bool:
    try:
        return written(await current_spec(session, assignment)).name == name
    except (NotRunnable, NothingToRun):
        return False


async def cancel_regrade(session: AsyncSession, regrade: Regrade, *, cancelled_by: UUID | None) -> None:
    """Give up a regrade that was not applied; nothing changes for anybody. Cancelled twice, it stays cancelled.

    Raises:
        RegradeClosed: it was applied.
    """
    if regrade.status is RegradeStatus.CANCELLED:
        return
    if regrade.status is RegradeStatus.APPLIED:
        raise RegradeClosed(regrade.status)
    regrade.status = RegradeStatus.CANCELLED
    regrade.failure = None
    regrade.cancelled_at = func.now()
    await session.flush()
    await outbox.publish(
        session,
        RegradeDecided(
            actor_user_id=cancelled_by, assignment_id=regrade.assignment_id, regrade_id=regrade.id, act="CANCELLED"
        ),
    )
