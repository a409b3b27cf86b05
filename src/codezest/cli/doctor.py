"""`codezest doctor`: what works here, and how to get the rest."""

import asyncio
import platform
import sys

import asyncpg
from sqlalchemy.exc import DBAPIError

import codezest_sandbox
from codezest.grading.languages import Missing, languages
from codezest.grading.languages.availability import available_languages
from codezest.kit.database import Database
from codezest.kit.outbox import Backlog, backlog
from codezest.kit.postgres import PostgresUnavailable, database_for
from codezest.kit.settings import Settings
from codezest.kit.templates import Assets, AssetsMissing
from codezest_db import migrate


def _line(ok: bool, name: str, text: str) -> bool:  # noqa: FBT001 - reads as a table
    print(f"  {'ok  ' if ok else 'FAIL'}  {name:<12} {text}")
    return ok


async def _version(url: str) -> str:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def _backlog(url: str) -> Backlog:
    database = await Database(url).open("ops")
    try:
        return await backlog(database.pool("ops"))
    finally:
        await database.close()


def print_background(url: str) -> None:
    """What was given up is no fault of this machine, but somebody has to know of it."""
    found = asyncio.run(_backlog(url))
    fine = not found.given_up and not found.failed_jobs
    said = f"{found.waiting} events wait, {found.given_up} were given up; {found.failed_jobs} jobs have failed"
    print(f"  {'ok  ' if fine else '--  '}  {'background':<12} {said}")


def _database(settings: Settings) -> bool:
    try:
        with database_for(settings.database_url, settings.data_dir) as url:
            version = asyncio.run(_version(url))
            revision = migrate.current(url)
            current = revision == migrate.head()
            if current:
                print_background(url)
    except (PostgresUnavailable, OSError, asyncpg.PostgresError, DBAPIError) as error:
        return _line(ok=False, name="database", text=str(error))
    kind = "configured" if settings.database_url else "embedded"
    fine = _line(int(version.split(".")[0]) >= 18, "database", f"{kind} PostgreSQL {version}; 18 or newer is needed")
    return _line(current, "schema", f"at {revision}" if current else f"at {revision}; run `codezest setup`") and fine


def _languages() -> None:
    """A language that is missing is no fault: only its assignments cannot be graded here."""
    known = languages()
    for language, found in zip(known, available_languages(known).values(), strict=True):
        text = f"{found.why}; get it by `{found.install}`" if isinstance(found, Missing) else found.version
        print(f"  {'--  ' if isinstance(found, Missing) else 'ok  '}  {language.name:<12} {text}")


def doctor(settings: Settings) -> int:
    """Print one line a check; returns 1 when one of them fails."""
    print(f"CodeZest on {platform.system()} {platform.machine()}")
    results = [_line(sys.version_info >= (3, 11), "python", platform.python_version())]
    try:
        Assets()
        results.append(_line(ok=True, name="assets", text="built"))
    except AssetsMissing as error:
        results.append(_line(ok=False, name="assets", text=str(error)))
    results.append(_database(settings))
    report = codezest_sandbox.probe()
    needed = codezest_sandbox.Tier[settings.sandbox_tier]
    for finding in report.findings:
        print(f"        {finding}")
    results.append(_line(report.tier >= needed, "grading", f"isolation {report.tier.name}, needed {needed.name}"))
    print("Languages")
    _languages()
    return 0 if all(results) else 1
