"""Ask for an assignment's submissions to be graded by what its tests are now. Nothing changes for anybody by that."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import RegradeDecided
from codezest.grading import GradingSpec
from codezest.kit import jobs, outbox
from codezest.kit.actor import Actor
from codezest.services.learning.actions.begin_grading import load_tests
from codezest.services.learning.actions.keep_spec import keep_spec
from codezest.services.learning.errors import NothingToRun, NotRunnable
from codezest.services.learning.grading_spec import assignment_spec
from codezest.services.learning.policies.authoring import access_authored
from codezest_db.enums import AssignmentKind, RegradeStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, AssignmentTest, Regrade

REGRADE = "learning.regrade"
"""The job that grades some of a regrade's submissions and asks for the next. Payload: regrade_id, lane, batch."""
PRIORITY = jobs.ROUTINE - 1
"""Behind whatever anybody waits for."""
LANES = 4
"""Jobs of one regrade that may run at once, where there are workers enough."""
ACTIVE = (RegradeStatus.PREVIEWING, RegradeStatus.READY)

ADD_RESULTS = """
INSERT INTO learning.regrade_results
    (regrade_id, submission_id, old_status, old_verdict, old_score, old_max_score, old_spec_sha256)
SELECT g.id, s.id, s.status, s.verdict, s.score, s.max_score, s.spec_sha256
FROM learning.regrades g
JOIN learning.assignments a ON a.id = g.assignment_id
JOIN learning.submissions s ON s.assignment_id = a.id AND s.language = a.language
WHERE g.id = :regrade_id AND s.purpose = 'SUBMIT' AND s.status IN ('PASSED', 'FAILED', 'ERROR')
  AND s.code IS NOT NULL AND s.deleted_at IS NULL
  AND (s.spec_sha256 IS DISTINCT FROM g.spec_sha256 OR s.status = 'ERROR')
  AND NOT EXISTS (SELECT FROM learning.regrade_results r WHERE r.regrade_id = g.id AND r.submission_id = s.id)
ORDER BY s.id
ON CONFLICT DO NOTHING
"""
"""Whatever was graded by something else, or could not be graded. What is written in another language than the assignment
asks for now is left alone."""


def job_key(regrade_id: UUID, lane: int, batch: int) -> str:
    """The queue's deduplication key."""
    return f"{REGRADE}:{regrade_id}:{lane}:{batch}"


async def request_regrade(session: AsyncSession, actor: Actor, assignment_id: UUID, reason: str) -> UUID:
    """Ask for a regrade of an assignment that the caller authors; returns its id.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotRunnable, NothingToRun: see `begin_regrade`.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    return await begin_regrade(session, assignment, requested_by=actor.user_id, reason=reason)


async def begin_regrade(
    session: AsyncSession, assignment: Assignment, *, requested_by: UUID | None, reason: str
) -> UUID:
    """Begin a regrade of an assignment whose row is locked; returns its id.

    One that is under way, or waits to be applied, for the same tests is returned instead; one for tests that have changed
    since is cancelled, since nobody could apply it any more.

    Raises:
        NotRunnable: the assignment is not answered by a program.
        NothingToRun: it has no tests.
    """
    spec = await current_spec(session, assignment)
    name = await keep_spec(session, spec)
    active = await session.scalar(
        select(Regrade)
        .where(Regrade.assignment_id == assignment.id, Regrade.status.in_(ACTIVE))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if active is not None:
        if active.spec_sha256 == name:
            return active.id
        active.status = RegradeStatus.CANCELLED
        active.cancelled_at = func.now()
        await session.flush()
    regrade = Regrade(
        id=uuid7(),
        assignment_id=assignment.id,
        requested_by=requested_by,
        reason=reason,
        spec_sha256=name,
        tests_revision=assignment.tests_revision,
    )
    session.add(regrade)
    await session.flush()
    await session.execute(text(ADD_RESULTS), {"regrade_id": regrade.id})
    await ask_for_grading(session, regrade.id)
    await outbox.publish(
        session,
        RegradeDecided(actor_user_id=requested_by, assignment_id=assignment.id, regrade_id=regrade.id, act="REQUESTED"),
    )
    return regrade.id


async def current_spec(session: AsyncSession, assignment: Assignment) -> GradingSpec:
    """What a solution that is submitted now is graded by.

    Raises:
        NotRunnable, NothingToRun: see `begin_regrade`.
    """
    return (await current_spec_and_tests(session, assignment))[0]


async def current_spec_and_tests(
    session: AsyncSession, assignment: Assignment
) -> tuple[GradingSpec, Sequence[AssignmentTest]]:
    """The same, with the rows of its tests."""
    if assignment.kind is not AssignmentKind.CODE or assignment.language is None:
        raise NotRunnable("This assignment is not answered by a program.")
    tests = await load_tests(session, assignment.id, visible_only=False)
    if not tests:
        raise NothingToRun("This exercise has no tests.")
    return assignment_spec(assignment, tests, language=assignment.language, max_score=assignment.max_score), tests


async def peek_spec(session: AsyncSession, assignment_id: UUID) -> GradingSpec | None:
    """What the assignment grades by at the moment, if by anything; nothing is locked."""
    assignment = await session.get(Assignment, assignment_id)
    if assignment is None:
        return None
    try:
        return await current_spec(session, assignment)
    except (NotRunnable, NothingToRun):
        return None


async def ask_for_grading(session: AsyncSession, regrade_id: UUID) -> None:
    """Ask, in this transaction, for the jobs that grade; those that are asked for already stay."""
    for lane in range(LANES):
        await jobs.enqueue(
            session,
            REGRADE,
            {"regrade_id": str(regrade_id), "lane": lane, "batch": 0},
            priority=PRIORITY,
            dedupe_key=job_key(regrade_id, lane, 0),
        )


async def fail_regrade(session: AsyncSession, regrade_id: UUID, failure: str) -> None:
    """Give up on a regrade that is under way."""
    await session.execute(
        update(Regrade)
        .where(Regrade.id == regrade_id, Regrade.status == RegradeStatus.PREVIEWING)
        .values(status=RegradeStatus.FAILED, failure=failure)
    )
