"""Rows, jobs and events are one thing: all of a transaction, or nothing of it."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

import asyncpg
import pytest
import sqlalchemy.exc

from codezest.kit.broadcast import Broadcast, notify
from codezest.kit.database import Database
from codezest.kit.jobs import enqueue
from codezest.kit.outbox import Event, Subscription, publish
from codezest.worker import relay


@dataclass(frozen=True, slots=True)
class Happened(Event):
    """An event of this test."""

    topic: ClassVar[str] = "test.happened"
    number: int


class _Abort(Exception):
    pass


async def _count(owner: asyncpg.Connection, statement: str, *arguments: object) -> int:
    found = await owner.fetchval(statement, *arguments)
    assert isinstance(found, int)
    return found


async def _jobs(owner: asyncpg.Connection, name: str) -> int:
    return await _count(owner, "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = $1", name)


async def _events(owner: asyncpg.Connection) -> int:
    return await _count(owner, "SELECT count(*) FROM ops.outbox WHERE topic = 'test.happened' AND relayed_at IS NULL")


async def test_a_rollback_takes_jobs_and_events_along(database: Database, owner: asyncpg.Connection) -> None:
    with pytest.raises(_Abort):
        async with database.write("learning") as session:
            await enqueue(session, "test.rolled_back", {"n": 1})
            await publish(session, Happened(1))
            raise _Abort
    assert await _jobs(owner, "test.rolled_back") == 0
    assert await _events(owner) == 0


async def test_a_commit_keeps_them_and_a_key_keeps_one(database: Database, owner: asyncpg.Connection) -> None:
    for _ in range(2):
        async with database.write("learning") as session:
            await enqueue(session, "test.kept", {"n": 1}, dedupe_key="same")
    assert await _jobs(owner, "test.kept") == 1


async def test_an_event_reaches_its_subscriber_once_it_succeeds(database: Database, owner: asyncpg.Connection) -> None:
    async with database.write("auth") as session:
        await publish(session, Happened(7))
    seen: list[dict[str, Any]] = []
    failures = iter([True, False])

    async def react(payload: dict[str, Any]) -> None:
        if next(failures):
            raise RuntimeError("not today")
        seen.append(payload)

    subscriptions = [Subscription("test.happened", "test", react)]
    assert await relay.relay_batch(database, subscriptions) == 1
    assert seen == []
    await owner.execute("UPDATE ops.outbox SET due_at = now() WHERE topic = 'test.happened'")
    assert await relay.relay_batch(database, subscriptions) == 1
    assert await relay.relay_batch(database, subscriptions) == 0
    assert [payload["number"] for payload in seen] == [7]


async def test_two_relays_never_hand_over_one_event_twice(database: Database) -> None:
    async with database.write("auth") as session:
        for number in range(30):
            await publish(session, Happened(number))
    seen: list[int] = []

    async def react(payload: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        seen.append(payload["number"])

    subscriptions = [Subscription("test.happened", "test", react)]
    await asyncio.gather(*(relay.relay_batch(database, subscriptions) for _ in range(4)))
    await relay.relay_batch(database, subscriptions)
    assert sorted(seen) == list(range(30))


async def test_the_relay_outlives_a_full_pool(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    stop = asyncio.Event()
    rounds = 0

    async def starved(*_: object) -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            stop.set()
        raise sqlalchemy.exc.TimeoutError("QueuePool limit reached")

    monkeypatch.setattr(relay, "relay_batch", starved)
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.01)
    await asyncio.wait_for(relay.relay_events(database, (), stop), 30)
    assert rounds == 2


async def test_messages_arrive_and_survive_a_lost_connection(database: Database, owner: asyncpg.Connection) -> None:
    async with Broadcast(database, "learning", "test_channel") as broadcast, broadcast.subscribe("one") as queue:
        for kill in (False, True):
            if kill:
                await owner.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE application_name = 'codezest-learning-listen' AND datname = current_database()"""
                )
            for _ in range(200):
                await notify(owner, "test_channel", "other", {"n": 0})
                await notify(owner, "test_channel", "one", {"n": 1})
                try:
                    assert await asyncio.wait_for(queue.get(), 0.1) == {"n": 1}
                    break
                except TimeoutError:
                    continue
            else:
                pytest.fail("no message came")
            while not queue.empty():
                queue.get_nowait()


async def test_a_role_cannot_write_elsewhere(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.pool("learning").execute("DELETE FROM auth.users")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.pool("auth").execute("DELETE FROM learning.submissions")
