"""Keep what readers are told about progress: recount, in SQL, what is completed.

Locks are taken in one order by everything that changes progress: enrollment, material, module, day of study. A recount runs after its
locks were granted, so it sees whatever was committed before, and two completions at once never lose one.
"""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseCompleted, ModuleCompleted
from codezest.kit import outbox
from codezest.services.learning.queries.fragments import TOTAL_ITEMS
from codezest.services.learning.repository import lock_enrollment, start_module

COMPLETED_ITEMS = """(
    (SELECT count(*) FROM learning.materials x
     JOIN learning.material_progress p ON p.material_id = x.id AND p.user_id = learner.user_id AND p.completed
     WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL)
    + (SELECT count(*) FROM learning.assignments x
       WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL AND EXISTS (
           SELECT FROM learning.submissions s WHERE s.user_id = learner.user_id AND s.assignment_id = x.id
             AND (s.status = 'PASSED' OR s.accepted) AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL))
    + (SELECT count(*) FROM learning.quizzes x
       WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL AND EXISTS (
           SELECT FROM learning.quiz_attempts t WHERE t.user_id = learner.user_id AND t.quiz_id = x.id AND t.passed)))"""

RECOUNT_MODULES = f"""
UPDATE learning.module_progress kept SET
    completed_items = counted.done,
    progress_percent = CASE WHEN counted.total = 0 THEN 0 ELSE 100 * counted.done / counted.total END,
    status = CASE WHEN counted.total > 0 AND counted.done = counted.total THEN 'COMPLETED'
        WHEN counted.done = 0 AND kept.status = 'NOT_STARTED' THEN 'NOT_STARTED' ELSE 'IN_PROGRESS' END,
    completed_at = CASE WHEN counted.total > 0 AND counted.done = counted.total
        THEN coalesce(kept.completed_at, now()) END,
    first_completed_at = coalesce(kept.first_completed_at, CASE WHEN counted.total > 0 AND counted.done = counted.total
        THEN now() END),
    updated_at = now()
FROM (
    SELECT learner.id, {TOTAL_ITEMS} AS total, {COMPLETED_ITEMS} AS done
    FROM learning.module_progress learner
    JOIN learning.modules m ON m.id = learner.module_id
    WHERE m.course_id = :course_id AND learner.user_id = ANY(CAST(:user_ids AS uuid[]))
      AND (CAST(:module_id AS uuid) IS NULL OR m.id = :module_id)) counted
WHERE kept.id = counted.id
RETURNING kept.user_id, kept.module_id, old.first_completed_at IS NULL AND new.first_completed_at IS NOT NULL AS reached
"""

RECOUNT_ENROLLMENTS = f"""
UPDATE learning.enrollments kept SET
    completed_items = counted.done,
    progress_percent = CASE WHEN counted.total = 0 THEN 0 ELSE 100 * counted.done / counted.total END,
    status = CASE WHEN kept.status NOT IN ('ACTIVE', 'COMPLETED') THEN kept.status
        WHEN counted.total > 0 AND counted.done = counted.total THEN 'COMPLETED' ELSE 'ACTIVE' END,
    completed_at = CASE WHEN counted.total > 0 AND counted.done = counted.total
        THEN coalesce(kept.completed_at, now()) END,
    first_completed_at = coalesce(kept.first_completed_at, CASE WHEN kept.status IN ('ACTIVE', 'COMPLETED')
        AND counted.total > 0 AND counted.done = counted.total THEN now() END),
    last_module_id = coalesce(:module_id, kept.last_module_id),
    updated_at = now()
FROM (
    SELECT learner.id, CAST(coalesce(sum({TOTAL_ITEMS}), 0) AS bigint) AS total,
        CAST(coalesce(sum({COMPLETED_ITEMS}), 0) AS bigint) AS done
    FROM learning.enrollments learner
    LEFT JOIN learning.modules m ON m.course_id = learner.course_id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL
    WHERE learner.course_id = :course_id AND learner.user_id = ANY(CAST(:user_ids AS uuid[]))
    GROUP BY learner.id) counted
WHERE kept.id = counted.id
RETURNING kept.id, kept.user_id, old.first_completed_at IS NULL AND new.first_completed_at IS NOT NULL AS reached
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a recount found completed that never was before. What was lost and earned again is not announced again."""

    modules: int
    courses: int


async def record_progress(session: AsyncSession, user_id: UUID, *, course_id: UUID, module_id: UUID) -> Reached:
    """Recount one learner's module and course after something in the module was completed or begun.

    Publishes ModuleCompleted and CourseCompleted when they are reached for the first time. Staff without an enrollment get module progress only.
    """
    await lock_enrollment(session, user_id, course_id)
    await start_module(session, user_id, module_id)
    return await recount(session, [user_id], course_id=course_id, module_id=module_id)


async def recount(
    session: AsyncSession, user_ids: Sequence[UUID], *, course_id: UUID, module_id: UUID | None = None
) -> Reached:
    """Recount learners whose enrollments are locked; in one module, or in all of the course when none is named."""
    values: dict[str, Any] = {"course_id": course_id, "user_ids": list(user_ids), "module_id": module_id}
    modules = (await session.execute(text(RECOUNT_MODULES), values)).all()
    courses = (await session.execute(text(RECOUNT_ENROLLMENTS), values)).all()
    reached_modules = [row for row in modules if row.reached]
    reached_courses = [row for row in courses if row.reached]
    await outbox.publish(
        session,
        *(
            ModuleCompleted(user_id=row.user_id, course_id=course_id, module_id=row.module_id)
            for row in reached_modules
        ),
        *(CourseCompleted(user_id=row.user_id, course_id=course_id, enrollment_id=row.id) for row in reached_courses),
    )
    return Reached(len(reached_modules), len(reached_courses))
