"""`codezest regrade`: grade an assignment's submissions anew; look first, then apply or cancel.

Programs run in this process, so that it works without a worker; where there are workers, they take part.
"""

import argparse
import asyncio
import sys
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.errors import AppError, NotFound
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.learning.actions.regrade.begin_regrade import begin_regrade
from codezest.services.learning.actions.regrade.close_regrade import apply_regrade, cancel_regrade, lock_regrade
from codezest.services.learning.actions.regrade.grade_result import NextStep
from codezest.services.learning.queries import regrades
from codezest.services.learning.regrading import Grades, regrade_some
from codezest.services.learning.schemas.regrades import RegradeDetail, RegradedSubmission, ResultSummary
from codezest_db.enums import RegradeStatus, Role
from codezest_db.models.learning import Assignment
from codezest_sandbox import IsolationUnavailable, Tier

OPERATOR = Actor(user_id=UUID(int=0), role=Role.ADMIN)
"""Reads as an administrator does: whoever runs this has the database itself."""
DEFAULT_REASON = "The tests of this exercise were corrected."
PAUSE_SECONDS = 1.0
PAGE = 2_000
"""Each page counts the whole set anew."""


def run_regrade(settings: Settings, arguments: argparse.Namespace) -> int:
    """Do what was asked for and print the regrade; returns the exit status."""
    if arguments.preview and not arguments.assignment:
        print("Name the assignment whose submissions are to be graded.", file=sys.stderr)
        return 2
    try:
        with database_for(settings.database_url, settings.data_dir) as url:
            found = asyncio.run(_run(settings, url, arguments))
    except (AppError, IsolationUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(found.model_dump_json(indent=2) if arguments.json else as_text(found))
    return 1 if found.status is RegradeStatus.FAILED else 0


async def _run(settings: Settings, url: str, arguments: argparse.Namespace) -> RegradeDetail:
    database = await Database(url).open("learning")
    try:
        if arguments.preview:
            return await _preview(settings, database, arguments.assignment, arguments.reason or DEFAULT_REASON)
        async with database.write("learning") as session:
            if arguments.apply:
                await apply_regrade(session, await lock_regrade(session, arguments.apply), applied_by=None)
            else:
                await cancel_regrade(session, await lock_regrade(session, arguments.cancel), cancelled_by=None)
        return await whole(database, arguments.apply or arguments.cancel)
    finally:
        await database.close()


async def _preview(settings: Settings, database: Database, name: str, reason: str) -> RegradeDetail:
    from codezest.grading import Grader

    grader = Grader(required_tier=Tier[settings.sandbox_tier], python=settings.sandbox_python or None)
    try:
        await asyncio.to_thread(grader.start)
        return await preview(database, grader, name, reason)
    finally:
        await asyncio.to_thread(grader.close)


async def preview(database: Database, grader: Grades, name: str, reason: str) -> RegradeDetail:
    """Begin a regrade, or find the one that is under way, and grade until all is graded.

    Raises:
        NotFound, NotRunnable, NothingToRun: see `find_assignment` and `begin_regrade`.
    """
    async with database.write("learning") as session:
        regrade_id = await begin_regrade(
            session, await find_assignment(session, name), requested_by=None, reason=reason
        )
    while (step := await regrade_some(database, grader, regrade_id)) is not NextStep.NOTHING:
        if step is NextStep.WAIT:
            await asyncio.sleep(PAUSE_SECONDS)
    return await whole(database, regrade_id)


async def find_assignment(session: AsyncSession, name: str) -> Assignment:
    """An assignment by its id or slug, locked.

    Raises:
        NotFound: there is none, or several have this slug.
    """
    try:
        named = or_(Assignment.slug == name, Assignment.id == UUID(name))
    except ValueError:
        named = Assignment.slug == name
    found = (
        await session.scalars(
            select(Assignment).where(named, Assignment.deleted_at.is_(None)).with_for_update(key_share=True)
        )
    ).all()
    if len(found) > 1:
        raise NotFound(
            f"Several assignments are called {name}; name one by its id: {', '.join(str(a.id) for a in found)}"
        )
    if not found:
        raise NotFound(f"There is no assignment {name}.")
    return found[0]


async def whole(database: Database, regrade_id: UUID) -> RegradeDetail:
    """A regrade with every submission whose result changes."""
    pool = database.pool("learning")
    found = await regrades.regrade(pool, OPERATOR, regrade_id, changed=True, cursor=None, limit=PAGE)
    cursor = found.next_cursor
    while cursor is not None:
        more = await regrades.regrade(pool, OPERATOR, regrade_id, changed=True, cursor=cursor, limit=PAGE)
        found.items += more.items
        cursor = more.next_cursor
    found.next_cursor = None
    return found


def as_text(found: RegradeDetail) -> str:
    """The regrade for people."""
    counts = found.counts
    lines = [
        f"Regrade {found.id} of “{found.title}”: {found.status}",
        *([found.failure] if found.failure else []),
        f"{counts.graded} of {counts.submissions} submissions graded; {counts.changed} change; {counts.not_run} could not be run.",
        f"{counts.learners} learners: {counts.newly_passed} newly passed, {counts.no_longer_passed} no longer passed,",
        f"{counts.best_score_changed} with another best score, {counts.progress_changed} with other progress.",
        *(_line(item) for item in found.items),
    ]
    if found.status is RegradeStatus.READY:
        lines += [
            "Nothing has changed yet.",
            f"  codezest regrade --apply {found.id}",
            f"  codezest regrade --cancel {found.id}",
        ]
    return "\n".join(lines)


def _line(item: RegradedSubmission) -> str:
    assert item.after is not None
    line = f"  {item.user_name or item.user_id or 'a learner'}, attempt {item.attempt_number}: {_result(item.before)} → {_result(item.after)}"
    learner = item.learner
    if learner is not None and learner.passed_before != learner.passed_after:
        line += "; has passed" if learner.passed_after else "; has no longer passed"
    if learner is not None and learner.module_percent_before != learner.module_percent_after:
        line += f"; module {learner.module_percent_before} % → {learner.module_percent_after} %"
    return line


def _result(result: ResultSummary) -> str:
    return f"{result.status} {result.verdict or ''} {result.score}/{result.max_score}"
