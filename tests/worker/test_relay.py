"""Events: handed over at least once, later each time they fail, and given up where an operator sees it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from codezest.cli.doctor import print_background
from codezest.kit import outbox
from codezest.kit.database import Database
from codezest.kit.outbox import Event, Subscription, backlog
from codezest.worker import relay
from codezest.worker.relay import LONGEST_PAUSE, MAX_ATTEMPTS, pause_after, relay_batch


@dataclass(frozen=True, slots=True)
class Rang(Event):
    topic: ClassVar[str] = "test.rang"
    bell: str


class Listener:
    """Hears events, and may be deaf to some."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.deaf_to: set[str] = set()

    async def hear(self, event: dict[str, Any]) -> None:
        self.heard.append(event["bell"])
        if event["bell"] in self.deaf_to:
            raise RuntimeError(f"too much for me\0\ud800 {event['bell']}")

    @property
    def subscriptions(self) -> Sequence[Subscription]:
        return [Subscription("test.rang", "test.listener", self.hear)]


class Silence:
    """In place of the log: test reports are UTF-8, and what fails here is not."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_args, **_values: None


@pytest.fixture
async def listener(owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(relay, "log", Silence())
    await owner.execute("TRUNCATE ops.outbox CASCADE")
    return Listener()


async def _ring(database: Database, *bells: str) -> None:
    async with database.write("learning") as session:
        await outbox.publish(session, *(Rang(bell) for bell in bells))


async def _row(owner: asyncpg.Connection, bell: str) -> asyncpg.Record:
    row = await owner.fetchrow("SELECT *, due_at - now() AS pause FROM ops.outbox WHERE payload->>'bell' = $1", bell)
    assert row is not None
    return row


async def test_events_go_in_order_and_once(database: Database, owner: asyncpg.Connection, listener: Listener) -> None:
    await _ring(database, "a", "b", "c")
    assert await relay_batch(database, listener.subscriptions) == 3
    assert await relay_batch(database, listener.subscriptions) == 0
    assert listener.heard == ["a", "b", "c"]
    assert (await _row(owner, "b"))["relayed_at"] is not None


async def test_one_that_fails_waits_and_the_others_go_ahead(
    database: Database, owner: asyncpg.Connection, listener: Listener
) -> None:
    listener.deaf_to = {"a"}
    await _ring(database, "a", "b")
    await relay_batch(database, listener.subscriptions)
    assert await relay_batch(database, listener.subscriptions) == 0
    assert listener.heard == ["a", "b"]
    row = await _row(owner, "a")
    assert (row["attempts"], row["relayed_at"], row["given_up_at"]) == (1, None, None)
    assert row["last_error"].startswith("test.listener: RuntimeError('too much")
    assert timedelta() < row["pause"] <= timedelta(seconds=1)
    await owner.execute("UPDATE ops.outbox SET due_at = now(), attempts = 9 WHERE payload->>'bell' = 'a'")
    await relay_batch(database, listener.subscriptions)
    assert timedelta(seconds=250) < (await _row(owner, "a"))["pause"] <= timedelta(seconds=512)


def test_pauses_double_up_to_the_longest() -> None:
    for failures in range(1, 200):
        longest = min(timedelta(seconds=2 ** min(failures - 1, 20)), LONGEST_PAUSE)
        assert longest / 2 <= pause_after(failures) <= longest
    assert len({pause_after(3) for _ in range(20)}) > 1


async def test_one_that_fails_too_often_is_given_up_where_an_operator_sees_it(
    database: Database, owner: asyncpg.Connection, listener: Listener, client: httpx.AsyncClient
) -> None:
    listener.deaf_to = {"a"}
    await _ring(database, "a")
    await owner.execute("UPDATE ops.outbox SET attempts = $1", MAX_ATTEMPTS - 1)
    await relay_batch(database, listener.subscriptions)
    row = await _row(owner, "a")
    assert (row["attempts"], row["relayed_at"]) == (MAX_ATTEMPTS, None)
    assert row["given_up_at"] is not None
    await _ring(database, "b")
    found = await backlog(database.pool("ops"))
    assert (found.waiting, found.given_up) == (1, 1)
    told = (await client.get("/metrics")).text
    assert 'codezest_background_events{state="given_up"} 1.0' in told
    assert 'codezest_background_events{state="waiting"} 1.0' in told
    listener.deaf_to = set()
    await owner.execute(
        "UPDATE ops.outbox SET given_up_at = NULL, attempts = 0, due_at = now() WHERE given_up_at IS NOT NULL"
    )
    await relay_batch(database, listener.subscriptions)
    assert sorted(listener.heard) == ["a", "a", "b"]


async def test_a_subscriber_that_hangs_keeps_nothing_from_the_others(
    database: Database, owner: asyncpg.Connection, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_event: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(relay, "HANDLER_SECONDS", 0.05)
    await _ring(database, "a")
    await relay_batch(database, [Subscription("test.rang", "test.hangs", hang), *listener.subscriptions])
    assert listener.heard == ["a"]
    assert (await _row(owner, "a"))["last_error"] == "test.hangs: TimeoutError()"


async def test_what_is_due_is_found_by_an_index_of_its_own(
    database: Database, owner: asyncpg.Connection, listener: Listener
) -> None:
    await owner.execute(
        """INSERT INTO ops.outbox (topic, payload, relayed_at, due_at)
           SELECT 'test.rang', '{}', CASE WHEN n % 2 = 0 THEN now() END, now() + interval '1 hour' * (n % 2)
           FROM generate_series(1, 20000) n"""
    )
    await _ring(database, "a")
    await owner.execute("ANALYZE ops.outbox")
    plan = await owner.fetch(
        """EXPLAIN SELECT id FROM ops.outbox
           WHERE relayed_at IS NULL AND given_up_at IS NULL AND due_at <= now()
           ORDER BY due_at, id LIMIT 100 FOR UPDATE SKIP LOCKED"""
    )
    told = "\n".join(row[0] for row in plan)
    assert "ix_outbox_due" in told
    assert "Sort" not in told
    assert await relay_batch(database, listener.subscriptions) == 1


async def test_an_event_is_announced_with_its_transaction_or_not_at_all(
    database: Database, owner: asyncpg.Connection
) -> None:
    bell = str(uuid4())

    async def fail() -> None:
        async with database.write("learning") as session:
            await outbox.publish(session, *(Rang(bell) for _ in range(3)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await owner.fetchval("SELECT count(*) FROM ops.outbox WHERE payload->>'bell' = $1", bell) == 0
    await _ring(database)
    await _ring(database, bell, bell)
    ids: list[UUID] = [
        row["id"]
        for row in await owner.fetch("SELECT id FROM ops.outbox WHERE payload->>'bell' = $1 ORDER BY id", bell)
    ]
    assert len(set(ids)) == 2


async def test_the_doctor_tells_what_was_given_up(
    database_url: str, owner: asyncpg.Connection, listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listener.heard == []
    await asyncio.to_thread(print_background, database_url)
    assert capsys.readouterr().out.split()[:2] == ["ok", "background"]
    await owner.execute("INSERT INTO ops.outbox (topic, payload, given_up_at) VALUES ('test.rang', '{}', now())")
    await asyncio.to_thread(print_background, database_url)
    told = capsys.readouterr().out
    assert told.split()[:2] == ["--", "background"]
    assert "1 were given up" in told
