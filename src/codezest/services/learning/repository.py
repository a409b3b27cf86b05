"""Rows that several actions load or make."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.errors import SlugTaken
from codezest_db.enums import ProgressStatus
from codezest_db.models.learning import Assignment, AssignmentTest, Course, Enrollment, Material, ModuleProgress, Quiz

GRADED_BY = (
    "language",
    "grading_mode",
    "function_name",
    "harness",
    "rules",
    "test_groups",
    "seed",
    "separate_processes",
    "checker",
    "checker_options",
    "cpu_seconds",
    "wall_seconds",
    "memory_bytes",
    "output_bytes",
    "max_score",
)
"""Columns of an assignment that a verdict depends on."""


async def tests_of(session: AsyncSession, assignment: Assignment) -> Sequence[AssignmentTest]:
    """In order; none of an assignment that is only being made."""
    found = await session.scalars(
        select(AssignmentTest).where(AssignmentTest.assignment_id == assignment.id).order_by(AssignmentTest.position)
    )
    return found.all()


async def lock_learner(session: AsyncSession, user_id: UUID) -> None:
    """Let one learner's transactions that number or limit things run one after the other, in every process."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('learning:' || CAST(:user_id AS text), 0))"),
        {"user_id": str(user_id)},
    )


async def lock_enrollment(session: AsyncSession, user_id: UUID, course_id: UUID) -> Enrollment | None:
    """The learner's enrollment, locked until the transaction ends. The first lock of whatever changes progress."""
    return await session.scalar(
        select(Enrollment)
        .where(Enrollment.user_id == user_id, Enrollment.course_id == course_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def start_module(session: AsyncSession, user_id: UUID, module_id: UUID) -> None:
    """Make sure that a locked row says how the learner stands in the module."""
    statement = insert(ModuleProgress).values(
        user_id=user_id, module_id=module_id, status=ProgressStatus.IN_PROGRESS, started_at=func.now()
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "module_id"],
            set_={"last_accessed_at": func.now(), "started_at": func.coalesce(ModuleProgress.started_at, func.now())},
        )
    )


async def count_enrollment(session: AsyncSession, course_id: UUID, change: int) -> None:
    """Keep the number of learners who take the course. Call it with the enrollment locked."""
    await session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(enrollment_count=func.greatest(Course.enrollment_count + change, 0))
        .execution_options(synchronize_session=False)
    )


async def flush_named(session: AsyncSession) -> None:
    """Write what the session holds; a slug or name that is taken becomes an error for the author.

    Raises:
        SlugTaken: another one already has it.
    """
    try:
        await session.flush()
    except IntegrityError as error:
        constraint = str(getattr(getattr(error.orig, "__cause__", None), "constraint_name", ""))
        if not constraint.startswith("uq_"):
            raise
        raise SlugTaken("name" if constraint.endswith("_name") else "slug") from error


async def next_item_position(session: AsyncSession, module_id: UUID) -> int:
    """The place behind the last item of a module, whatever its kind."""
    places = union_all(
        *(
            select(func.max(model.position).label("place")).where(
                model.module_id == module_id, model.deleted_at.is_(None)
            )
            for model in (Material, Assignment, Quiz)
        )
    ).subquery()
    last = await session.scalar(select(func.max(places.c.place)))
    return 0 if last is None else last + 1
