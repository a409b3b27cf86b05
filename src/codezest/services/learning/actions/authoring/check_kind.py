"""Hold an assignment and its tests to what their kind asks, whatever order they are written in."""

from collections.abc import Sequence
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.errors import ValidationFailed
from codezest.services.learning import kinds
from codezest.services.learning.repository import GRADED_BY, tests_of
from codezest.services.learning.rules import revision_of
from codezest_db.models.learning import Assignment, AssignmentTest

TOLD_APART_BY = frozenset({"id", "assignment_id", "created_at", "updated_at"})
"""Columns of a test that no verdict depends on."""

_CAUSED_BY = {"group_name": "test_groups", "bonus": "test_groups", "generator": "harness", "sample": "tests"}
"""The field of an assignment that brought its tests into contradiction, where it is not the mode."""


def columns_of(row: Assignment | AssignmentTest) -> dict[str, Any]:
    """A row as a mapping; None where the database has not given a default yet."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def check_assignment(assignment: Assignment, tests: Sequence[AssignmentTest]) -> None:
    """Refuse an assignment that contradicts itself, or tests that it has already.

    Raises:
        ValidationFailed: names the fields.
    """
    faults = kinds.contradictions(columns_of(assignment), [columns_of(test) for test in tests])
    errors = [
        (["body", fault.field], fault.message)
        if fault.test is None
        else (
            ["body", _CAUSED_BY.get(fault.field, "grading_mode")],
            f"test “{tests[fault.test].name}”: {fault.message}",
        )
        for fault in faults
    ]
    if errors:
        _refuse(errors)


def check_tests(assignment: Assignment, tests: Sequence[AssignmentTest], *, sent: AssignmentTest | None = None) -> None:
    """Refuse tests that contradict their assignment or one another.

    Args:
        assignment: taken as it is.
        tests: all it would have, in order.
        sent: the one that the request is about; None: all of them.

    Raises:
        ValidationFailed: names the fields.
    """
    faults = kinds.contradictions(columns_of(assignment), [columns_of(test) for test in tests])
    errors: list[tuple[list[str | int], str]] = []
    for fault in faults:
        if fault.test is None:
            continue
        if sent is None:
            errors.append((["body", "tests", fault.test, fault.field], fault.message))
        else:  # what another test says may be refused because of this one
            errors.append((["body", fault.field], fault.message))
    if errors:
        _refuse(errors)


async def revise(session: AsyncSession, assignment: Assignment) -> None:
    """Name the tests anew after a change, so that later verdicts tell which they used."""
    await session.flush()
    tests = [
        {key: value for key, value in columns_of(test).items() if key not in TOLD_APART_BY}
        for test in await tests_of(session, assignment)
    ]
    assignment.tests_revision = revision_of([tests, {key: getattr(assignment, key) for key in GRADED_BY}])
    await session.flush()


def _refuse(errors: Sequence[tuple[list[str | int], str]] | Sequence[tuple[list[str], str]]) -> NoReturn:
    raise ValidationFailed(
        errors[0][1], errors=[{"location": location, "message": message} for location, message in errors]
    )
