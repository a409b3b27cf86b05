"""Compares an assignment as it is stored with what files say of it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.columns import Columns
from codezest.services.learning.repository import GRADED_BY, tests_of
from codezest_db.models.learning import Assignment


async def tests_stand(session: AsyncSession, earlier: Assignment, columns: Columns, tests: Sequence[Columns]) -> bool:
    """Whether an assignment is graded as before, so that its tests keep their rows and their revision."""
    if any(getattr(earlier, name) != value for name, value in columns.items() if name in GRADED_BY):
        return False
    rows = await tests_of(session, earlier)
    return len(rows) == len(tests) and all(
        getattr(row, name) == value
        for row, test in zip(rows, tests, strict=True)
        for name, value in test.items()
        if name != "position"
    )
