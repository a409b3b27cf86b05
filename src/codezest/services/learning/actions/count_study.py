"""Count what a learner does on a day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.i18n import zone
from codezest_db.ids import uuid7

_COUNT = text("""
INSERT INTO learning.study_days AS kept (id, user_id, day, steps, submissions, answers)
VALUES (:id, :user_id, :day, :steps, :submissions, :answers)
ON CONFLICT (user_id, day) DO UPDATE SET
    steps = kept.steps + excluded.steps, submissions = kept.submissions + excluded.submissions,
    answers = kept.answers + excluded.answers, updated_at = now()
""")

# A verdict comes from a worker, which knows no time zone. Whoever is graded has handed in, which made the row of that day.
_COUNT_SOLVED = text("""
UPDATE learning.study_days SET steps = steps + 1, updated_at = now()
WHERE id = (SELECT id FROM learning.study_days WHERE user_id = :user_id ORDER BY day DESC LIMIT 1)
  AND NOT EXISTS (
      SELECT FROM learning.submissions s
      WHERE s.user_id = :user_id AND s.assignment_id = :assignment_id AND s.id <> :submission_id
        AND (s.status = 'PASSED' OR s.accepted) AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL)
""")


async def count_study(
    session: AsyncSession,
    user_id: UUID,
    timezone: str,
    *,
    steps: int = 0,
    submissions: int = 0,
    answers: int = 0,
    moment: datetime | None = None,
) -> None:
    """Add to today's row, which is made when it is the first of the day.

    What today is, the learner's IANA time zone says. `moment` is when it was done; now unless given.
    """
    day = (moment or now()).astimezone(zone(timezone)).date()
    values = {"id": uuid7(), "user_id": user_id, "day": day, "steps": steps}
    await session.execute(_COUNT, {**values, "submissions": submissions, "answers": answers})


async def count_solved(session: AsyncSession, user_id: UUID, assignment_id: UUID, submission_id: UUID) -> None:
    """Add a step to the learner's latest day of study, unless another submission has passed the exercise."""
    values = {"user_id": user_id, "assignment_id": assignment_id, "submission_id": submission_id}
    await session.execute(_COUNT_SOLVED, values)
