"""Brings a database to a revision, one process at a time.

Every function takes a libpq-style URL (`postgresql://user:password@host:port/database`) of a user who owns the database
and may create roles. The `async_*` functions are for a running event loop, the others for a command line.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from codezest_db.errors import MigrationInProgressError, MissingPrivilegeError

_LOCK_KEY = 0x636F64657A657374  # "codezest"
VERSION_SCHEMA = "public"
_INSUFFICIENT_PRIVILEGE = "42501"
_ALEMBIC = threading.Lock()
"""Alembic's `op` speaks to one database per process at a time; this lock belongs to no event loop."""


def upgrade(url: str, revision: str = "head") -> None:
    asyncio.run(async_upgrade(url, revision))


def downgrade(url: str, revision: str) -> None:
    asyncio.run(async_downgrade(url, revision))


def current(url: str) -> str | None:
    return asyncio.run(async_current(url))


def head() -> str:
    """The newest revision this package knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


async def async_upgrade(
    url: str,
    revision: str = "head",
    *,
    wait_seconds: float = 60,
    lock_seconds: float = 5,
    statement_seconds: float = 300,
) -> None:
    """Run every migration up to `revision`, each in a transaction of its own.

    Waits `wait_seconds` for another process that is migrating the same database. A statement fails after waiting
    `lock_seconds` for a lock, so that a busy table stops the migration and not the site, or after running
    `statement_seconds`.

    Raises:
        MigrationError: with what to do about it.
    """
    async with _locked(url, wait_seconds, lock_seconds, statement_seconds) as connection:
        await _run(connection, lambda config: command.upgrade(config, revision))


async def async_downgrade(
    url: str, revision: str, *, wait_seconds: float = 60, lock_seconds: float = 5, statement_seconds: float = 300
) -> None:
    """Undo every migration after `revision` (`base` undoes all). Rows of dropped tables are lost."""
    async with _locked(url, wait_seconds, lock_seconds, statement_seconds) as connection:
        await _run(connection, lambda config: command.downgrade(config, revision))


async def async_current(url: str) -> str | None:
    """The database's revision, or None where nothing has been migrated."""
    async with _connected(url) as connection:
        return await connection.run_sync(_current)


def _current(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table_schema": VERSION_SCHEMA})
    return context.get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "codezest_db:migrations")
    config.set_main_option("path_separator", "os")
    return config


async def _run(connection: AsyncConnection, action: Callable[[Config], None]) -> None:
    def execute(sync_connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = sync_connection
        config.attributes["version_schema"] = VERSION_SCHEMA
        action(config)

    while not _ALEMBIC.acquire(blocking=False):  # noqa: ASYNC110 - no event spans threads and loops
        await asyncio.sleep(0.05)
    try:
        await connection.run_sync(execute)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise MissingPrivilegeError(
                f"{error.orig}. The migrating user must own the database and what is in it."
            ) from error
        raise
    finally:
        _ALEMBIC.release()


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[AsyncConnection]:
    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url, server_settings={"application_name": "codezest-migrate"})

    # asyncpg reads the URL itself, so that everything libpq allows in one works.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


@asynccontextmanager
async def _locked(
    url: str, wait_seconds: float, lock_seconds: float, statement_seconds: float
) -> AsyncGenerator[AsyncConnection]:
    """A connection that holds the database's migration lock until it closes."""
    async with _connected(url) as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert isinstance(raw, asyncpg.Connection)
        await _set_timeout(raw, "lock_timeout", wait_seconds)
        try:
            await raw.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY)
        except asyncpg.LockNotAvailableError as error:
            raise MigrationInProgressError(
                f"Another process has been migrating this database for more than {wait_seconds:g} s. "
                "Wait for it, or end it if it hangs."
            ) from error
        await _set_timeout(raw, "lock_timeout", lock_seconds)
        await _set_timeout(raw, "statement_timeout", statement_seconds)
        yield connection


async def _set_timeout(connection: asyncpg.Connection, name: str, seconds: float) -> None:
    await connection.execute("SELECT set_config($1, $2, false)", name, f"{max(1, round(seconds * 1000))}ms")
