"""The job queue's tables, which the library `pgqueuer` owns and this package places in the schema `ops`.

Whoever talks to the queue must use `settings()`: the library would otherwise look for its tables along the search path,
and would take their names from whatever `PGQUEUER_*` (or even `CHANNEL` and `TRIGGER`) the environment holds.
"""

import functools

from asyncpg import Connection
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.ports.driver import Driver
from pgqueuer.queries import Queries

SCHEMA = "ops"


@functools.cache
def settings() -> DBSettings:
    """Every name spelled out, so that no environment variable can move the queue. All tables survive a crash."""
    return DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel="ch_pgqueuer",  # pyright: ignore[reportArgumentType] - a NewType of str
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
        widen_id=True,
    )


def queries(driver: Driver) -> Queries:
    """The library's operations on our tables, over `AsyncpgDriver(connection)` or `AsyncpgPoolDriver(pool)`."""
    chosen = settings()
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(settings=chosen),
        qbq=QueryQueueBuilder(settings=chosen),
        qbs=QuerySchedulerBuilder(settings=chosen),
    )


async def install(connection: Connection) -> None:
    """Create the tables as the installed release declares them, inside the caller's transaction."""
    builder = QueryBuilderEnvironment(settings=settings())
    await connection.execute(builder.build_install_query(create_schema=False))
    await connection.execute(builder.build_optimize_autovacuum_query())


async def uninstall(connection: Connection) -> None:
    await connection.execute(QueryBuilderEnvironment(settings=settings()).build_uninstall_query())


async def pending(connection: Connection) -> tuple[str, ...]:
    """Statements that would bring the tables to what the installed release declares; empty when they are."""
    return tuple((await queries(AsyncpgDriver(connection)).plan_upgrade()).statements)


__all__ = ["SCHEMA", "AsyncpgDriver", "AsyncpgPoolDriver", "install", "pending", "queries", "settings", "uninstall"]
