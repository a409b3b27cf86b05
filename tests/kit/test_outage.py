"""A lost database: what is known of it, and connections that were lost while nobody used them."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from codezest.kit.database import Database, Unreachable, driver_connection, is_outage
from fixtures.product import free_port

TERMINATE = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'codezest-learning%' AND pid <> pg_backend_pid()
"""
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture
def unused_address() -> str:
    return f"postgresql://codezest:unused@127.0.0.1:{free_port()}/codezest"


async def _raised(database: Database, statement: str) -> Exception:
    """What the statement raises in a transaction of SQLAlchemy's."""
    with pytest.raises(DBAPIError) as caught:
        async with database.write("learning") as session:
            await session.execute(text(statement))
    return caught.value


async def test_a_connection_lost_at_rest_is_replaced_and_nobody_notices(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.write("learning") as session:
        before = await session.scalar(text("SELECT pg_backend_pid()"))
        at_rest = await driver_connection(session)
    assert await owner.fetchval(TERMINATE)
    while not at_rest.is_closed():  # the server's last words and the end of its stream arrive one after the other
        await asyncio.sleep(0.01)
    async with database.write("learning") as session:
        after = await session.scalar(text("SELECT pg_backend_pid()"))
    assert after != before


async def test_a_connection_lost_in_use_is_an_outage_to_both_kinds_of_pool(
    database: Database, owner: asyncpg.Connection
) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.write("learning") as session:
            await session.execute(text("SELECT 1"))
            await owner.fetchval(TERMINATE)
            await session.execute(text("SELECT 1"))
    assert is_outage(caught.value)
    under_way = asyncio.create_task(database.pool("learning").fetchval("SELECT pg_sleep(60)"))
    while not await owner.fetchval(SLEEPING):
        await asyncio.sleep(0.01)
    await owner.fetchval(TERMINATE)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)) as lost:
        await under_way
    assert is_outage(lost.value)
    assert await database.pool("learning").fetchval("SELECT 1") == 1


async def test_nobody_at_the_address_is_an_outage(unused_address: str) -> None:
    database = Database(unused_address)
    try:
        with pytest.raises(Unreachable) as refused:
            await (await database.open("learning")).pool("learning").fetchval("SELECT 1")
        assert is_outage(refused.value)
        with pytest.raises(Unreachable):
            async with database.write("learning") as session:
                await session.execute(text("SELECT 1"))
        with pytest.raises(Unreachable):
            await database.connect("ops")
    finally:
        await database.close()


@pytest.mark.parametrize(
    "state",
    ["08006", "40001", "40P01", "53100", "53300", "57P01", "57P03", "58030"],
    ids=lambda state: f"state-{state}",
)
async def test_what_an_operator_has_to_mend_is_an_outage(database: Database, state: str) -> None:
    assert is_outage(await _raised(database, f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 / 0",
        "SELECT * FROM nowhere",
        "SELECT pg_read_file('/etc/passwd')",
        "INSERT INTO learning.courses DEFAULT VALUES",
        "DO $$ BEGIN RAISE EXCEPTION 'slow' USING ERRCODE = '57014'; END $$",
    ],
    ids=["division", "table", "privilege", "constraint", "timeout"],
)
async def test_a_mistake_of_ours_is_none(database: Database, statement: str) -> None:
    assert not is_outage(await _raised(database, statement))


async def test_wrong_use_of_a_connection_or_a_file_is_none(owner: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.InterfaceError) as wrong:
        await owner.fetchval("SELECT $1::int")
    assert not is_outage(wrong.value)
    assert not is_outage(FileNotFoundError("content"))
    assert not is_outage(TimeoutError())
