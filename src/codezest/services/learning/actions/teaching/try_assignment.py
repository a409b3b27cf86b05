"""Try an assignment's own solution and starting program on all of its tests. Nobody's progress knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import GradingSpec
from codezest.kit import jobs
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import Conflict
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_kind import check_tests, revise
from codezest.services.learning.actions.authoring.check_ready import check_ready
from codezest.services.learning.errors import NotRunnable, TooManyUnfinished
from codezest.services.learning.grading_spec import assignment_spec, source_of
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.queries.revisions import PROGRAMS
from codezest.services.learning.repository import tests_of
from codezest_db.enums import AssignmentKind, GradingMode, TrialStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Trial

TRY = "learning.try_assignment"
MOST_UNFINISHED = 3
"""Tries of one author that wait or run, of different assignments."""
FORGOTTEN_AFTER = timedelta(minutes=10)
"""How long a try may be unfinished before another one takes its place."""
MAX_PICK_UPS = 3
KEPT_FOR = timedelta(days=1)
PROGRAMS_REVISION = text(f"SELECT {PROGRAMS} FROM learning.assignments a WHERE a.id = :id")  # noqa: S608 - constants
UNFINISHED = (TrialStatus.PENDING, TrialStatus.RUNNING)
Side = Literal["solution", "starter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTask:
    """What one try runs: each program by its side, the solution first."""

    trial_id: UUID
    spec: GradingSpec
    mode: GradingMode
    programs: Sequence[tuple[Side, str | Mapping[str, str]]]
    pick_ups: int


async def request_trial(session: AsyncSession, actor: Actor, assignment_id: UUID) -> UUID:
    """Ask for a try. One that still waits will do; one that has begun may run what is no longer there, and is replaced.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        NotRunnable: the assignment has no tests, or no program of its own, or is not answered by one.
        TooManyUnfinished: several other tries of the caller's are under way.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    if assignment.kind is not AssignmentKind.CODE or assignment.language is None:
        raise NotRunnable(_("Only exercises that are answered by a program can be tried."))
    if not (assignment.solution_code or assignment.starter_code):
        raise NotRunnable(_("There is no program to try yet. Write the solution first."))
    if not await tests_of(session, assignment):
        raise NotRunnable(_("There are no tests to try it on yet. Add one first."))
    user_id = actor.require_user()
    mine = (await session.scalars(select(Trial).where(Trial.user_id == user_id).with_for_update())).all()
    recent = [one for one in mine if one.status in UNFINISHED and one.requested_at > now() - FORGOTTEN_AFTER]
    for one in recent:
        if one.assignment_id == assignment_id and one.status is TrialStatus.PENDING:
            return one.id
    if sum(one.assignment_id != assignment_id for one in recent) >= MOST_UNFINISHED:
        raise TooManyUnfinished(MOST_UNFINISHED)
    await session.execute(delete(Trial).where(Trial.assignment_id == assignment_id, Trial.user_id == user_id))
    trial = Trial(id=uuid7(), assignment_id=assignment_id, user_id=user_id, tests_revision=assignment.tests_revision)
    session.add(trial)
    await session.flush()
    await jobs.enqueue(
        session, TRY, {"trial_id": str(trial.id)}, priority=jobs.in_turn(0), dedupe_key=f"{TRY}:{trial.id}"
    )
    return trial.id


async def begin_trial(session: AsyncSession, trial_id: UUID) -> TrialTask | None:
    """Mark it as running; None when there is nothing to try any more, or a worker died of it too often."""
    trial = await session.scalar(
        select(Trial).where(Trial.id == trial_id, Trial.status.in_(UNFINISHED)).with_for_update()
    )
    if trial is None:
        return None
    assignment = await session.get(Assignment, trial.assignment_id)
    if trial.pick_ups >= MAX_PICK_UPS or assignment is None or assignment.language is None:
        await fail_trial(session, trial_id, _("It could not be run. Please try again later."))
        return None
    trial.status = TrialStatus.RUNNING
    trial.pick_ups += 1
    trial.tests_revision = assignment.tests_revision
    trial.programs_revision = await session.scalar(PROGRAMS_REVISION, {"id": assignment.id})
    tests = await tests_of(session, assignment)
    spec = assignment_spec(assignment, tests, language=assignment.language, max_score=assignment.max_score)
    sides: Sequence[tuple[Side, str | None, Mapping[str, str]]] = (
        ("solution", assignment.solution_code, assignment.solution_files),
        ("starter", assignment.starter_code, assignment.starter_files),
    )
    return TrialTask(
        trial_id=trial_id,
        spec=spec,
        mode=assignment.grading_mode,
        programs=[(side, source_of(spec, code, files)) for side, code, files in sides if code],
        pick_ups=trial.pick_ups,
    )


async def keep_result(session: AsyncSession, trial_id: UUID, side: Side, result: Mapping[str, Any]) -> None:
    """Store how one of the programs went."""
    await session.execute(update(Trial).where(Trial.id == trial_id).values({side: dict(result)}))


async def finish_trial(session: AsyncSession, trial_id: UUID) -> None:
    """Everything has been tried."""
    await session.execute(
        update(Trial)
        .where(Trial.id == trial_id, Trial.status.in_(UNFINISHED))
        .values(status=TrialStatus.DONE, finished_at=func.now())
    )


async def fail_trial(session: AsyncSession, trial_id: UUID, problem: str) -> None:
    """Nothing could be run; `problem` says why, in words for authors."""
    await session.execute(
        update(Trial)
        .where(Trial.id == trial_id, Trial.status.in_(UNFINISHED))
        .values(status=TrialStatus.FAILED, problem=problem, finished_at=func.now())
    )


async def withdraw_trial(session: AsyncSession, actor: Actor, assignment_id: UUID) -> None:
    """Stop the caller's try, and forget what it has found out; where there is none nothing happens.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
    """
    await access_authored(session, actor, Assignment, assignment_id)
    await session.execute(
        delete(Trial).where(Trial.assignment_id == assignment_id, Trial.user_id == actor.require_user())
    )


async def expect_outputs(session: AsyncSession, actor: Actor, assignment_id: UUID, positions: Sequence[int]) -> None:
    """Have tests expect what the solution printed or returned when the caller tried it last.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        Conflict: nothing was tried, the tests have changed since, or there is no such output.
        ValidationFailed, NotReady: see `check_tests` and `check_ready`.
    """
    assignment = (await access_authored(session, actor, Assignment, assignment_id)).row
    trial = await session.scalar(
        select(Trial).where(Trial.assignment_id == assignment_id, Trial.user_id == actor.require_user())
    )
    if trial is None or trial.solution is None:
        raise Conflict(_("The solution was not tried yet. Try it first."))
    tests = await tests_of(session, assignment)
    tried = trial.solution["tests"]
    if trial.tests_revision != assignment.tests_revision or len(tried) != len(tests):
        raise Conflict(_("The tests have changed since the solution was tried. Try it again first."))
    for position in positions:
        if position >= len(tests) or tried[position]["proposed"] is None:
            raise Conflict(_("The solution gave no output for this test that could be expected."))
    with session.no_autoflush:
        for position in positions:
            tests[position].expected = tried[position]["proposed"]
        check_tests(assignment, tests)
    await revise(session, assignment)
    await check_ready(session, assignment)


async def forget_trials(session: AsyncSession) -> int:
    """Delete what is older than a day; returns how many there were."""
    gone = await session.execute(delete(Trial).where(Trial.requested_at < now() - KEPT_FOR).returning(Trial.id))
    return len(gone.all())
