"""Write the tests of an assignment. Every change gives the set a new revision, which later verdicts name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.rules import revision_of
from codezest.services.learning.schemas.authoring import NewTest, TestChange
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, AssignmentTest

TOLD_APART_BY = frozenset({"id", "assignment_id", "created_at", "updated_at"})


async def replace_tests(session: AsyncSession, actor: Actor, assignment_id: UUID, tests: Sequence[NewTest]) -> None:
    """Replace all tests of an assignment.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: a published assignment would be left without tests.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    await session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment_id))
    session.add_all(
        AssignmentTest(id=uuid7(), assignment_id=assignment_id, position=position, **test.columns())
        for position, test in enumerate(tests)
    )
    await _revise(session, assignment)


async def add_test(session: AsyncSession, actor: Actor, assignment_id: UUID, new: NewTest) -> UUID:
    """Add a test behind the others.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    last = await session.scalar(
        select(func.max(AssignmentTest.position)).where(AssignmentTest.assignment_id == assignment_id)
    )
    test = AssignmentTest(
        id=uuid7(), assignment_id=assignment_id, position=0 if last is None else last + 1, **new.columns()
    )
    session.add(test)
    await _revise(session, assignment)
    return test.id


async def change_test(session: AsyncSession, actor: Actor, test_id: UUID, change: TestChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: no test of a published assignment would give points.
    """
    test = (await access_authored(session, actor, AssignmentTest, test_id)).row
    for name, value in change.columns().items():
        setattr(test, name, value)
    await _revise(session, await session.get_one(Assignment, test.assignment_id))


async def remove_test(session: AsyncSession, actor: Actor, test_id: UUID) -> None:
    """Delete a test; results that it gave stay as they were.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotReady: a published assignment would be left without tests.
    """
    test = (await access_authored(session, actor, AssignmentTest, test_id)).row
    assignment = await session.get_one(Assignment, test.assignment_id)
    await session.delete(test)
    await _revise(session, assignment)


async def _revise(session: AsyncSession, assignment: Assignment) -> None:
    await session.flush()
    tests = await session.scalars(
        select(AssignmentTest).where(AssignmentTest.assignment_id == assignment.id).order_by(AssignmentTest.position)
    )
    assignment.tests_revision = revision_of(
        [
            {
                column.key: getattr(test, column.key)
                for column in AssignmentTest.__table__.columns
                if column.key not in TOLD_APART_BY
            }
            for test in tests.all()
        ]
    )
    await session.flush()
    await check_ready(session, assignment)
