"""Give a learner the badges they have earned."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import BadgeEarned
from codezest.kit.outbox import publish
from codezest.services.learning.badges import Achieved, earned
from codezest_db.models.learning import EarnedBadge

# Days in a row share the difference of day and row number.
_ACHIEVED = text("""
WITH passed AS (
    SELECT s.assignment_id, min(s.attempt_number) AS attempt, min(s.language) AS language
    FROM learning.submissions s
    WHERE s.user_id = :user_id AND (s.status = 'PASSED' OR s.accepted) AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
    GROUP BY s.assignment_id
)
SELECT
    (SELECT count(*) FROM passed) AS solved,
    (SELECT count(*) FROM passed WHERE attempt = 1) AS solved_at_once,
    (SELECT count(DISTINCT language) FROM passed) AS languages,
    (SELECT count(DISTINCT t.quiz_id) FROM learning.quiz_attempts t
     WHERE t.user_id = :user_id AND t.passed AND t.score = 100) AS perfect_quizzes,
    (SELECT count(*) FROM learning.module_progress p
     WHERE p.user_id = :user_id AND p.first_completed_at IS NOT NULL) AS modules,
    (SELECT count(*) FROM learning.enrollments e
     WHERE e.user_id = :user_id AND e.first_completed_at IS NOT NULL) AS courses,
    (SELECT coalesce(max(island.days), 0) FROM (
        SELECT count(*) AS days FROM (
            SELECT d.day - CAST(row_number() OVER (ORDER BY d.day) AS int) AS island
            FROM learning.study_days d WHERE d.user_id = :user_id) d
        GROUP BY d.island) island) AS longest_streak
""")


async def award_badges(session: AsyncSession, user_id: UUID) -> list[str]:
    """Look at all the learner did and keep what is new; a badge is never taken back.

    Returns:
        the keys of badges that were not there before.
    """
    row = (await session.execute(_ACHIEVED, {"user_id": user_id})).mappings().one()
    keys = earned(Achieved(**row))
    if not keys:
        return []
    made = await session.scalars(
        insert(EarnedBadge)
        .values([{"user_id": user_id, "badge": key} for key in keys])
        .on_conflict_do_nothing(index_elements=["user_id", "badge"])
        .returning(EarnedBadge.badge)
    )
    new = list(made)
    await publish(session, *(BadgeEarned(user_id=user_id, badge=key) for key in new))
    return new
