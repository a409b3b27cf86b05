"""Grade the submissions of a regrade, a few at a time: what the job and the command both do.

No transaction is open while a program runs. Whoever is killed in between loses nothing but the one program at hand, which
others take up when its time is over.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from codezest.grading import Grade, GradingSpec, LanguageUnavailable, TestOutcome, UnknownLanguageError
from codezest.kit.database import CONNECTION_ERRORS, Database
from codezest.services.learning.actions.name_spec import written
from codezest.services.learning.actions.regrade.begin_regrade import fail_regrade, peek_spec
from codezest.services.learning.actions.regrade.grade_result import (
    CHANGED_AGAIN,
    LEASE,
    NextStep,
    Taken,
    is_still_asked_for,
    load_harness,
    next_step,
    record_result,
    renew,
    take_next,
)
from codezest_sandbox import IsolationUnavailable

BATCH = 10
"""Submissions of one job: so few that a worker that is told to stop soon does."""
RENEWED_AFTER = LEASE / 4

log = structlog.get_logger(__name__)


class Grades(Protocol):
    """`codezest.grading.Grader`, as far as it is used here."""

    async def grade(
        self,
        spec: GradingSpec,
        source: str | Mapping[str, str],
        on_outcome: Callable[[TestOutcome], None] | None = None,
    ) -> Grade: ...


Turn = Callable[[], AbstractAsyncContextManager[object]]
"""Waits for a turn of this process to run a program."""


async def regrade_some(
    database: Database, grader: Grades, regrade_id: UUID, *, limit: int = BATCH, turn: Turn = nullcontext
) -> NextStep:
    """Grade up to `limit` submissions of a regrade; returns what is to be done next.

    Where programs cannot be isolated, or not in this language, the regrade has failed and says why.
    """
    async with database.write("learning") as session:
        harness = await load_harness(session, regrade_id)
    if harness is None:
        return NextStep.NOTHING
    if not await asyncio.to_thread(is_still_asked_for, harness):
        async with database.write("learning") as session:
            await fail_regrade(session, regrade_id, CHANGED_AGAIN)
        return NextStep.NOTHING
    for _ in range(limit):
        async with turn():
            async with database.write("learning") as session:
                taken = await take_next(session, regrade_id, harness)
            if taken is None:
                break
            try:
                async with _kept(database, taken):
                    grade = await grader.grade(harness.spec, taken.source)
            except (IsolationUnavailable, LanguageUnavailable, UnknownLanguageError) as refusal:
                log.error("regrade_refused", regrade_id=str(regrade_id), reason=str(refusal))  # noqa: TRY400 - no bug
                async with database.write("learning") as session:
                    await fail_regrade(session, regrade_id, f"Programs cannot be run here: {refusal}")
                return NextStep.NOTHING
            except Exception:  # whatever the grader raises is ours, and the next submission may be better off
                log.exception("regrading_failed", submission_id=str(taken.submission_id), attempt=taken.attempt)
                grade = None
            async with database.write("learning") as session:
                await record_result(session, harness, taken, grade)
    async with database.write("learning") as session:
        return await next_step(session, regrade_id)


@asynccontextmanager
async def _kept(database: Database, taken: Taken) -> AsyncGenerator[None]:
    """Keeps others from grading the same submission, however long it takes."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(RENEWED_AFTER.total_seconds())
            with suppress(*CONNECTION_ERRORS, SQLAlchemyError):
                async with database.write("learning") as session:
                    await renew(session, taken)

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


async def name_ahead(database: Database, assignment_id: UUID) -> None:
    """Have what an assignment grades by named in a thread, so that the transaction that needs the name finds it made."""
    async with database.write("learning") as session:
        spec = await peek_spec(session, assignment_id)
    if spec is not None:
        await asyncio.to_thread(written, spec)
