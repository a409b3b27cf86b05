"""`codezest content`: check, load and scaffold courses as code."""

import argparse
import asyncio
import sys
from pathlib import Path

from codezest.kit.database import Database
from codezest.kit.files import Files
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.queries import ids_by_email
from codezest.services.learning.actions.refresh_progress import ask_for_refresh
from codezest.services.learning.actions.uploads.store_documents import store_documents
from codezest.services.learning.content import ContentProblems, ScaffoldError, check, load, scaffold, sync
from codezest.services.learning.content.archive import write_folder
from codezest.services.learning.content.export_course import exported_alone, keep_files, named_course
from codezest_db.enums import GradingMode, MaterialType


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
                arguments.kind,
                arguments.path,
                title=arguments.title,
                material_type=MaterialType(arguments.type),
                mode=GradingMode(arguments.mode),
            ):
                print(made)
            return 0
        path: Path = arguments.path or settings.content_dir
        if arguments.action == "check":
            if not arguments.mutate and (arguments.max_mutants, arguments.seed, arguments.require) != (
                None,
                None,
                None,
            ):
                print("--max-mutants, --seed and --require belong to --mutate", file=sys.stderr)
                return 2
            return asyncio.run(_check(settings, path, arguments))
        with database_for(settings.database_url, settings.data_dir) as url:
            exporting = arguments.action == "export"
            work = _export(url, settings, arguments.course, path) if exporting else _sync(url, settings, path)
            return asyncio.run(work)
    except ScaffoldError as error:
        print(error, file=sys.stderr)
        return 1
    except ContentProblems as problems:
        print_problems(problems)
        return 1


async def _check(settings: Settings, path: Path, arguments: argparse.Namespace) -> int:
    """Exit status 1 when the content is not right, or its tests kill fewer mutants than `--require` says."""
    from codezest.grading import Grader
    from codezest.services.learning.content.mutate import MOST_MUTANTS, mutate
    from codezest_sandbox import IsolationUnavailable, Tier

    loaded = load(path)
    for advice in loaded.advice:
        print(f"advice: {advice}")
    grader = Grader(required_tier=Tier[settings.sandbox_tier], python=settings.sandbox_python or None)
    try:
        await asyncio.to_thread(grader.start)
    except IsolationUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    try:
        report = await check(loaded, grader)
        for line in report.lines:
            print(line)
        if not arguments.mutate:
            return 0 if report.ok else 1
        mutation = await mutate(
            loaded,
            grader,
            most=arguments.max_mutants or MOST_MUTANTS,
            seed=arguments.seed or 0,
            on_assignment=lambda one: print("\n".join(one.lines), flush=True),
        )
    finally:
        await asyncio.to_thread(grader.close)
    weak = [] if arguments.require is None else mutation.below(arguments.require)
    for one in weak:
        print(f"{one.name}: its tests kill fewer than {arguments.require:.0%}", file=sys.stderr)
    return 0 if report.ok and not weak else 1


async def load_into(database: Database, path: Path, settings: Settings) -> str:
    """Bring the database in line with the folder; returns what was done, in a few words. Documents and the files of exports go
    to the store.

    Raises:
        ContentProblems: the folder is not right, and nothing was changed.
    """
    loaded = load(path)
    files = Files.of(settings)
    await database.open("auth")
    instructors = await ids_by_email(database.pool("auth"), loaded.instructor_emails)
    async with database.write("learning") as session:
        report = await sync(session, loaded, instructors=instructors)
        await keep_files(loaded, files)
        for course_id in report.course_ids:
            await ask_for_refresh(session, course_id)
    await store_documents(database, files, settings, loaded)
    return report.summary


async def _export(url: str, settings: Settings, course: str, folder: Path) -> int:
    """Exit status 1 when there is no such course, or its folder is there already."""
    database = Database(url)
    try:
        async with database.write("learning") as session:
            course_id = await named_course(session, course)
            if course_id is None:
                print(f"There is no course {course!r}.", file=sys.stderr)
                return 1
        tree = await exported_alone(database, course_id, settings.content_dir)
        number = await write_folder(tree, Files.of(settings), folder)
    except FileExistsError as error:
        print(f"{error.filename} is there already.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"{number} files are written to {folder / tree.name}.")
    return 0


async def _sync(url: str, settings: Settings, path: Path) -> int:
    database = Database(url)
    try:
        print(f"Content: {await load_into(database, path, settings)}.")
    finally:
        await database.close()
    return 0
