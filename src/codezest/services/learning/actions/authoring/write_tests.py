"""Write the tests of an assignment. Every change gives the set a new revision, which later verdicts name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_kind import check_tests, revise
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.repository import tests_of
from codezest.services.learning.schemas.authoring_assignments import MAX_TESTS, NewTest, TestChange
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, AssignmentTest


async def replace_tests(session: AsyncSession, actor: Actor, assignment_id: UUID, tests: Sequence[NewTest]) -> None:
    """Replace all tests of an assignment.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: see `check_tests`.
        NotReady: a published assignment would be left without tests.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    rows = [
        AssignmentTest(id=uuid7(), assignment_id=assignment_id, position=position, **test.columns())
        for position, test in enumerate(tests)
    ]
    check_tests(assignment, rows)
    await session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment_id))
    session.add_all(rows)
    await _revise(session, assignment)


async def add_test(session: AsyncSession, actor: Actor, assignment_id: UUID, new: NewTest) -> UUID:
    """Add a test behind the others.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: see `check_tests`; or there are as many as an assignment may have.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    tests = await tests_of(session, assignment)
    if len(tests) >= MAX_TESTS:
        raise ValidationFailed.of("name", _("An assignment has at most %(most)s tests.") % {"most": MAX_TESTS})
    position = tests[-1].position + 1 if tests else 0
    test = AssignmentTest(id=uuid7(), assignment_id=assignment_id, position=position, **new.columns())
    check_tests(assignment, [*tests, test], sent=test)
    session.add(test)
    await _revise(session, assignment)
    return test.id


async def change_test(session: AsyncSession, actor: Actor, test_id: UUID, change: TestChange) -> None:
    """Change what is named.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ValidationFailed: see `check_tests`.
        NotReady: no test of a published assignment would give points.
    """
    test = (await access_authored(session, actor, AssignmentTest, test_id)).row
    assignment = await session.get_one(Assignment, test.assignment_id)
    with session.no_autoflush:  # the database refuses some of it too, but does not say why
        for name, value in change.columns().items():
            setattr(test, name, value)
        check_tests(assignment, await tests_of(session, assignment), sent=test)
    await _revise(session, assignment)


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
    await revise(session, assignment)
    await check_ready(session, assignment)
