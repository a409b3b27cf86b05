"""Tell others that a learner handed something in that counts."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import SolutionSubmitted
from codezest.kit import outbox
from codezest_db.models.learning import Submission


async def announce_submitted(session: AsyncSession, submission: Submission, *, course_id: UUID) -> None:
    """Publish it. The submission is an attempt at an assignment."""
    assert submission.assignment_id is not None
    assert submission.attempt_number is not None
    await outbox.publish(
        session,
        SolutionSubmitted(
            user_id=submission.user_id,
            course_id=course_id,
            assignment_id=submission.assignment_id,
            submission_id=submission.id,
            attempt_number=submission.attempt_number,
        ),
    )
