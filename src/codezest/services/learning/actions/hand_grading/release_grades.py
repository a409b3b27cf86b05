"""Show learners the grades that people gave."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import GradesReleased, WorkGraded
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.services.learning.actions.count_study import count_solved
from codezest.services.learning.actions.record_progress import recount
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest_db.enums import HandGradingState
from codezest_db.models.learning import Assignment, Enrollment, HandGrading, Submission

BATCH = 200
"""Grades released in one transaction."""

_SHOW = text("""
UPDATE learning.hand_gradings SET state = 'RELEASED', released_grading_id = grading_id, released_at = now()
WHERE submission_id = ANY(CAST(:ids AS uuid[])) AND grading_id IS NOT NULL
""")
_COPY = text("""
UPDATE learning.submissions s SET status = 'GRADED', max_score = g.max_marks, feedback = g.feedback,
    score = g.marks * (100 - s.late_penalty_percent) / 100,
    raw_score = CASE WHEN s.late_penalty_percent > 0 THEN g.marks END,
    graded_at = g.graded_at, updated_at = now(),
    accepted = g.marks * (100 - s.late_penalty_percent) / 100 * 100 >= g.max_marks * a.passing_score
FROM learning.hand_gradings h
JOIN learning.gradings g ON g.id = h.grading_id
JOIN learning.assignments a ON a.id = h.assignment_id
WHERE h.submission_id = s.id AND s.id = ANY(CAST(:ids AS uuid[]))
RETURNING s.id, s.user_id, s.assignment_id, a.module_id, h.course_id, g.id AS grading_id, s.score, s.max_score, s.accepted
""")
_START_MODULES = text("""
INSERT INTO learning.module_progress (user_id, module_id, status, started_at)
SELECT learner, :module_id, 'IN_PROGRESS', now() FROM unnest(CAST(:user_ids AS uuid[])) learner ORDER BY learner
ON CONFLICT (user_id, module_id) DO UPDATE SET started_at = coalesce(module_progress.started_at, now())
""")


async def release_grades(session: AsyncSession, actor: Actor, assignment_id: UUID) -> int:
    """Show learners a batch of the held grades of an assignment; returns how many: none means that all are shown.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    course = await access_course_of(
        await driver_connection(session), actor, "assignment", assignment_id, Permission.AUTHOR
    )
    # Whoever grades locks the submission first.
    held = (
        await session.scalars(
            select(Submission.id)
            .join(HandGrading, HandGrading.submission_id == Submission.id)
            .where(HandGrading.assignment_id == assignment_id, HandGrading.state == HandGradingState.HELD)
            .order_by(Submission.id)
            .limit(BATCH)
            .with_for_update(of=Submission)
        )
    ).all()
    if held:
        await show(session, held, assignment_id)
        await outbox.publish(
            session,
            GradesReleased(
                actor_user_id=actor.require_user(),
                course_id=course.id,
                assignment_id=assignment_id,
                grades=len(held),
            ),
        )
    return len(held)


async def show(session: AsyncSession, submission_ids: Sequence[UUID], assignment_id: UUID) -> None:
    """Make the latest grading of each what its learner sees, with all that follows. They are locked, and of one assignment."""
    learners = (
        await session.scalars(select(Submission.user_id).where(Submission.id.in_(submission_ids)).distinct())
    ).all()
    course_id = await session.scalar(
        select(HandGrading.course_id).where(HandGrading.submission_id == submission_ids[0])
    )
    await session.execute(
        select(Enrollment.id)
        .where(Enrollment.course_id == course_id, Enrollment.user_id.in_(learners))
        .order_by(Enrollment.id)
        .with_for_update()
    )
    ids = {"ids": list(submission_ids)}
    await session.execute(_SHOW, ids)
    rows = (await session.execute(_COPY, ids)).all()
    module_id = await session.scalar(select(Assignment.module_id).where(Assignment.id == assignment_id))
    assert course_id is not None
    assert module_id is not None
    await session.execute(_START_MODULES, {"module_id": module_id, "user_ids": list(learners)})
    for row in rows:
        if row.accepted:
            await count_solved(session, row.user_id, row.assignment_id, row.id)
    await recount(session, learners, course_id=course_id, module_id=module_id)
    await outbox.publish(
        session,
        *(
            WorkGraded(
                user_id=row.user_id,
                course_id=row.course_id,
                assignment_id=row.assignment_id,
                submission_id=row.id,
                grading_id=row.grading_id,
                score=row.score,
                max_score=row.max_score,
                accepted=row.accepted,
            )
            for row in rows
        ),
    )
