"""`codezest content`: check, load and scaffold courses as code."""

import argparse
import asyncio
import sys
from pathlib import Path

from codezest.kit.database import Database
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.queries import ids_by_email
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.content import ContentProblems, ScaffoldError, check, load, scaffold, sync
from codezest_db.enums import MaterialType


def print_problems(problems: ContentProblems) -> None:
    """Every problem on a line of its own."""
    print(f"{len(problems.problems)} problems in the content; nothing was loaded:", file=sys.stderr)
    for problem in problems.problems:
        print(f"  {problem}", file=sys.stderr)


def content(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run one of the content commands; returns its exit status."""
    try:
        if arguments.action == "new":
            for made in scaffold(
                arguments.kind, arguments.path, title=arguments.title, material_type=MaterialType(arguments.type)
            ):
                print(made)
            return 0
        path: Path = arguments.path or settings.content_dir
        if arguments.action == "check":
            return asyncio.run(_check(settings, path))
        with database_for(settings.database_url, settings.data_dir) as url:
            return asyncio.run(_sync(url, path))
    except ScaffoldError as error:
        print(error, file=sys.stderr)
        return 1
    except ContentProblems as problems:
        print_problems(problems)
        return 1


async def _check(settings: Settings, path: Path) -> int:
    from codezest.grading import Grader
    from codezest_sandbox import IsolationUnavailable, Tier

    loaded = load(path)
    grader = Grader(required_tier=Tier[settings.sandbox_tier], python=settings.sandbox_python or None)
    try:
        await asyncio.to_thread(grader.start)
    except IsolationUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    try:
        report = await check(loaded, grader)
    finally:
        await asyncio.to_thread(grader.close)
    for line in report.lines:
        print(line)
    return 0 if report.ok else 1


async def load_into(database: Database, path: Path) -> str:
    """Bring the database in line with the folder; returns what was done, in a few words.

    Raises:
        ContentProblems: the folder is not right, and nothing was changed.
    """
    loaded = load(path)
    await database.open("auth")
    instructors = await ids_by_email(database.pool("auth"), loaded.instructor_emails)
    async with database.write("learning") as session:
        report = await sync(session, loaded, instructors=instructors)
        for course_id in report.course_ids:
            await ask_for_refresh(session, course_id)
    return report.summary


async def _sync(url: str, path: Path) -> int:
    database = Database(url)
    try:
        print(f"Content: {await load_into(database, path)}.")
    finally:
        await database.close()
    return 0
