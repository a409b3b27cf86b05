"""Compares an assignment as it is stored with what files say of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.columns import Columns
from codezest_db.models.learning import Assignment, AssignmentTest

GRADED_BY = frozenset(
    [
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
    ]
)
"""Columns of an assignment that a verdict depends on."""


async def tests_stand(session: AsyncSession, earlier: Assignment, columns: Columns, tests: Sequence[Columns]) -> bool:
    """Whether an assignment is graded as before, so that its tests keep their rows and their revision."""
    if any(getattr(earlier, name) != value for name, value in columns.items() if name in GRADED_BY):
        return False
    rows = list(
        await session.scalars(
            select(AssignmentTest).where(AssignmentTest.assignment_id == earlier.id).order_by(AssignmentTest.position)
        )
    )
    return len(rows) == len(tests) and all(
        getattr(row, name) == value
        for row, test in zip(rows, tests, strict=True)
        for name, value in test.items()
        if name != "position"
    )
