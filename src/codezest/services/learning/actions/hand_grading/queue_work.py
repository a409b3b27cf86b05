"""Put work where graders find it."""

from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.enums import HandGradingState
from codezest_db.models.learning import HandGrading, Submission


async def queue_work(session: AsyncSession, submission: Submission, *, course_id: UUID) -> HandGrading:
    """Let a submission that counts wait for a person, in place of earlier attempts that nobody has graded."""
    assert submission.assignment_id is not None
    await session.execute(
        update(HandGrading)
        .where(
            HandGrading.assignment_id == submission.assignment_id,
            HandGrading.user_id == submission.user_id,
            HandGrading.state == HandGradingState.WAITING,
        )
        .values(state=HandGradingState.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )
    return await add_work(session, submission, course_id=course_id)


async def add_work(session: AsyncSession, submission: Submission, *, course_id: UUID) -> HandGrading:
    """The same, whatever else there is; what stands there already is returned."""
    assert submission.assignment_id is not None
    found = await session.get(HandGrading, submission.id)
    if found is not None:
        return found
    work = HandGrading(
        submission_id=submission.id,
        course_id=course_id,
        assignment_id=submission.assignment_id,
        user_id=submission.user_id,
        learner_number=await _number(session, submission.assignment_id, submission.user_id),
        state=HandGradingState.WAITING,
    )
    session.add(work)
    await session.flush()
    return work


async def _number(session: AsyncSession, assignment_id: UUID, user_id: UUID) -> int:
    """What the learner is called where names are hidden: the number they have, or the next."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('learner-numbers:' || CAST(:id AS text), 0))"),
        {"id": str(assignment_id)},
    )
    mine = await session.scalar(
        select(HandGrading.learner_number)
        .where(HandGrading.assignment_id == assignment_id, HandGrading.user_id == user_id)
        .limit(1)
    )
    if mine is not None:
        return mine
    last = await session.scalar(
        select(func.max(HandGrading.learner_number)).where(HandGrading.assignment_id == assignment_id)
    )
    return (last or 0) + 1
