"""Connections to PostgreSQL, one role per service.

Two kinds of pool per service, because they serve two kinds of work (docs/adr/0003):

- `write(service)`: one SQLAlchemy session in one transaction, committed when the block ends without an exception.
- `pool(service)`: bare asyncpg connections for work that is ONE statement (hot reads, hot upserts); each statement is
  its own transaction, its plan is prepared once per connection, and nothing is sent to reset the connection between uses.

Every connection runs as the group role of its service (`codezest_auth`, `codezest_learning`, …), so that PostgreSQL itself
refuses a service that writes to another's schema.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Literal, cast
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Service = Literal["auth", "learning", "ops"]
Pool = asyncpg.Pool

IDLE_SECONDS = 300.0

CONNECTION_ERRORS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg makes of a connection that breaks in the middle of a reply
)
"""What a lost or refused connection looks like to whoever holds one of their own."""

DRIVER_ERRORS = (DBAPIError, PoolExhausted, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a statement raises that did not succeed, for whatever reason; `is_outage` tells the reasons apart."""

OUTAGE_CLASSES = frozenset({"08", "53", "57", "58"})
"""Classes of SQLSTATE: connection, resources (a full disk, too many connections), operator (a shutdown), system."""
COLLISIONS = frozenset({"40001", "40P01"})
"""Two transactions each of which waits for the other: one of them is ended, and may come again."""
CANCELLED = "57014"
"""Of the class of operators' doings, but that of a statement that took too long."""


class Unreachable(ConnectionError):
    """No connection to the server can be made. Tells it from every other file or socket that fails."""


DATABASE_ERRORS = (Unreachable, *DRIVER_ERRORS)
"""Whatever may be an outage."""


def is_outage(error: BaseException) -> bool:
    """Whether the server is the reason, and the same request may well succeed later. False for every mistake of ours."""
    if isinstance(error, DBAPIError):
        # SQLAlchemy wraps asyncpg's error into one of its own kind, and that once more.
        return error.orig is not None and is_outage(error.orig.__cause__ or error.orig)
    if isinstance(error, asyncpg.PostgresError):
        state = str(getattr(error, "sqlstate", None) or "")  # the stubs do not know it
        return state in COLLISIONS or (state[:2] in OUTAGE_CLASSES and state != CANCELLED)
    if isinstance(error, asyncpg.InterfaceError):  # mostly wrong use; but this is what a lost connection says
        return "is closed" in str(error)
    return isinstance(error, (Unreachable, PoolExhausted, asyncpg.InternalClientError))


def role_of(service: Service) -> str:
    """The PostgreSQL role under which a service works."""
    return f"codezest_{service}"


def driver_url(url: str, driver: str = "postgresql+asyncpg") -> str:
    """The libpq-style URL with SQLAlchemy's name of the driver as its scheme."""
    parts = urlsplit(url)
    return urlunsplit((driver, *parts[1:]))


async def _keep_session_state(connection: Any) -> None:
    """Replaces asyncpg's `RESET ALL` round trip: one-statement work leaves nothing behind to reset."""


async def _decode_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _connect(*arguments: Any, **options: Any) -> asyncpg.Connection:
    """As asyncpg's. Raises Unreachable where that raises what every socket does."""
    try:
        return cast("asyncpg.Connection", await asyncpg.connect(*arguments, **options))
    except OSError as error:
        raise Unreachable(f"the database cannot be reached: {error}") from error


def _refuse_lost(connection: Any, _record: object, _proxy: object) -> None:
    """On taking a connection from a pool of sessions: one that was lost while it lay there is replaced.

    What the event loop has noticed costs no round trip to look up; what it has not fails at its first statement.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


class Database:
    """The pools of one process, opened on first use. Close it when the process ends."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self._pool_size = pool_size
        self._engines: dict[Service, AsyncEngine] = {}
        self._sessions: dict[Service, async_sessionmaker[AsyncSession]] = {}
        self._pools: dict[Service, asyncpg.Pool] = {}
        self._read_only: dict[str, asyncpg.Pool] = {}

    def _session_factory(self, service: Service) -> async_sessionmaker[AsyncSession]:
        factory = self._sessions.get(service)
        if factory is None:
            engine = create_async_engine(
                driver_url(self.url),
                pool_size=min(5, self._pool_size),
                max_overflow=max(0, self._pool_size - 5),
                pool_recycle=1800,
                connect_args={
                    "async_creator_fn": _connect,
                    "server_settings": {"role": role_of(service), "application_name": f"codezest-{service}"},
                },
            )
            event.listen(engine.sync_engine, "checkout", _refuse_lost)
            self._engines[service] = engine
            factory = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)
            self._sessions[service] = factory
        return factory

    @asynccontextmanager
    async def write(self, service: Service) -> AsyncGenerator[AsyncSession]:
        """One transaction of a service: committed at the end of the block, rolled back by any exception."""
        async with self._session_factory(service).begin() as session:
            yield session

    def pool(self, service: Service) -> asyncpg.Pool:
        """The service's pool for single statements; `await pool.fetchrow(sql, *args)`.

        Raises:
            KeyError: `open` was not called for this service.
        """
        return self._pools[service]

    @asynccontextmanager
    async def reading(self, service: Service) -> AsyncGenerator[asyncpg.Connection]:
        """One connection of `pool(service)` for several statements in a row, since taking and returning it costs about as much as
        a small read. Nothing inside the block may wait for another one: all of them could be held by those who wait.
        """
        async with self._pools[service].acquire() as connection:
            yield cast("asyncpg.Connection", connection)

    async def open(self, *services: Service) -> "Database":
        """Open the single-statement pools of these services; returns the database itself."""
        for service in services:
            if service in self._pools:
                continue
            pool = await asyncpg.create_pool(
                self.url,
                min_size=0,
                max_size=self._pool_size,
                max_inactive_connection_lifetime=IDLE_SECONDS,
                server_settings={"role": role_of(service), "application_name": f"codezest-{service}-read"},
                connect=_connect,
                init=_decode_json,
                reset=_keep_session_state,
            )
            self._pools[service] = pool
        return self

    async def read_only(self, role: str, *, statement_seconds: float) -> asyncpg.Pool:
        """A small pool that works under a role of no service, changes nothing, and gives up statements that take long.

        Opened at first use, so that a process which never needs it holds no connection for it.
        """
        pool = self._read_only.get(role)
        if pool is None:
            made = await asyncpg.create_pool(
                self.url,
                min_size=0,
                max_size=2,
                max_inactive_connection_lifetime=60.0,
                server_settings={
                    "role": role,
                    "application_name": role,
                    "default_transaction_read_only": "on",
                    "statement_timeout": str(round(statement_seconds * 1000)),
                },
                connect=_connect,
                reset=_keep_session_state,
            )
            pool = self._read_only.setdefault(role, made)
        return pool

    async def connect(self, service: Service) -> asyncpg.Connection:
        """A connection of one's own, for LISTEN and the queue; the caller closes it."""
        return await _connect(
            self.url, server_settings={"role": role_of(service), "application_name": f"codezest-{service}-listen"}
        )

    async def close(self) -> None:
        for pool in (*self._pools.values(), *self._read_only.values()):
            await pool.close()
        for engine in self._engines.values():
            await engine.dispose()
        self._pools.clear()
        self._read_only.clear()
        self._engines.clear()
        self._sessions.clear()


async def driver_connection(session: AsyncSession) -> asyncpg.Connection:
    """The asyncpg connection beneath a session's transaction, for libraries that speak asyncpg.

    SQLAlchemy sends BEGIN with its first statement only; it is made to, so that what the library sends belongs to the
    transaction and not to nobody.
    """
    connection = await session.connection()
    raw = cast("asyncpg.Connection", (await connection.get_raw_connection()).driver_connection)
    if not raw.is_in_transaction():
        await connection.exec_driver_sql("SELECT 1")
    return raw
