"""What a regrade means for each learner: foreseen from what was graded, and read back once it was applied."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.queries.fragments import TOTAL_ITEMS

FORGET = "DELETE FROM learning.regrade_learners WHERE regrade_id = :regrade_id"

FORESEE = f"""
INSERT INTO learning.regrade_learners
    (regrade_id, user_id, passed_before, passed_after, best_score_before, best_score_after,
     module_percent_before, module_percent_after, course_percent_before, course_percent_after)
SELECT g.id, tried.user_id, tried.passed_before, tried.passed_after, tried.best_before, tried.best_after,
    p.progress_percent,
    CASE WHEN tried.change = 0 OR in_module.total = 0 THEN p.progress_percent
        ELSE least(100, 100 * greatest(p.completed_items + tried.change, 0) / in_module.total) END,
    e.progress_percent,
    CASE WHEN tried.change = 0 OR in_course.total = 0 OR m.status <> 'PUBLISHED' THEN e.progress_percent
        ELSE least(100, 100 * greatest(e.completed_items + tried.change, 0) / in_course.total) END
FROM learning.regrades g
JOIN learning.assignments a ON a.id = g.assignment_id
JOIN learning.modules m ON m.id = a.module_id
CROSS JOIN LATERAL (SELECT CAST({TOTAL_ITEMS} AS bigint) AS total) in_module
CROSS JOIN LATERAL (
    SELECT CAST(coalesce(sum(of_module.total), 0) AS bigint) AS total FROM (
        SELECT {TOTAL_ITEMS.replace("m.id", "other.id")} AS total FROM learning.modules other
        WHERE other.course_id = m.course_id AND other.status = 'PUBLISHED' AND other.deleted_at IS NULL) of_module
    ) in_course
CROSS JOIN LATERAL (
    SELECT sums.*, CASE WHEN a.status <> 'PUBLISHED' OR a.deleted_at IS NOT NULL THEN 0
        ELSE CAST(sums.passed_after AS int) - CAST(sums.passed_before AS int) END AS change
    FROM (
        SELECT s.user_id,
            coalesce(bool_or(s.status = 'PASSED' OR s.accepted), false) AS passed_before,
            coalesce(bool_or(coalesce(r.new_status, s.status) = 'PASSED' OR s.accepted), false) AS passed_after,
            max(s.score) AS best_before,
            max(coalesce(r.new_score, s.score)) AS best_after
        FROM learning.submissions s
        LEFT JOIN learning.regrade_results r
            ON r.regrade_id = g.id AND r.submission_id = s.id AND r.new_status IN ('PASSED', 'FAILED')
        WHERE s.assignment_id = g.assignment_id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
        GROUP BY s.user_id
        HAVING bool_or(r.id IS NOT NULL)) sums) tried
LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = tried.user_id
LEFT JOIN learning.enrollments e ON e.course_id = m.course_id AND e.user_id = tried.user_id
WHERE g.id = :regrade_id
"""

READ_BACK = """
UPDATE learning.regrade_learners kept SET
    passed_after = found.passed, best_score_after = found.best,
    module_percent_after = found.module_percent, course_percent_after = found.course_percent
FROM (
    SELECT k.user_id, tried.passed, tried.best, p.progress_percent AS module_percent,
        e.progress_percent AS course_percent
    FROM learning.regrade_learners k
    JOIN learning.regrades g ON g.id = k.regrade_id
    JOIN learning.assignments a ON a.id = g.assignment_id
    JOIN learning.modules m ON m.id = a.module_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(s.status = 'PASSED' OR s.accepted), false) AS passed, max(s.score) AS best FROM learning.submissions s
        WHERE s.assignment_id = a.id AND s.user_id = k.user_id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL) tried
    LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = k.user_id
    LEFT JOIN learning.enrollments e ON e.course_id = m.course_id AND e.user_id = k.user_id
    WHERE k.regrade_id = :regrade_id) found
WHERE kept.regrade_id = :regrade_id AND kept.user_id = found.user_id
"""


async def foresee(session: AsyncSession, regrade_id: UUID) -> None:
    """Note for every learner of the set how they stand now and how they would stand after it."""
    await session.execute(text(FORGET), {"regrade_id": regrade_id})
    await session.execute(text(FORESEE), {"regrade_id": regrade_id})


async def read_back(session: AsyncSession, regrade_id: UUID) -> None:
    """Replace what was foreseen by what holds, once the set is applied and progress recounted."""
    await session.execute(text(READ_BACK), {"regrade_id": regrade_id})
