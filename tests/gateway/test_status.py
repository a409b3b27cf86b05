"""What the workers say of themselves, as the page and the API show it."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from codezest.gateway.status import SILENT_SECONDS
from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.worker.presence import Presence

API = "/api/v1"


@pytest.fixture(autouse=True)
async def no_workers(owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM ops.workers")


async def _told(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(f"{API}/status")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_nobody_works(client: httpx.AsyncClient) -> None:
    assert await _told(client) == {"is_grading": False, "workers": []}
    page = await client.get("/status")
    assert "No worker is running." in page.text
    assert "Grading is paused" in page.text


async def test_a_worker_that_cannot_isolate_is_shown_and_grades_nothing(
    client: httpx.AsyncClient, database: Database, owner: asyncpg.Connection
) -> None:
    presence = Presence.of(database, Grader(), "no namespaces on host-17")
    await presence.announce()
    told = await _told(client)
    assert told["is_grading"] is False
    (worker,) = told["workers"]
    assert (worker["sandbox_tier"], worker["languages"]) == ("NONE", {})
    page = await client.get("/status")
    assert "None: no program is run" in page.text
    assert "host-17" not in page.text
    assert await owner.fetchval("SELECT refusal FROM ops.workers") == "no namespaces on host-17"


async def test_the_tier_and_the_languages_are_shown(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO ops.workers (host, version, sandbox_tier, languages) VALUES ('a', '1.2.3', 'LANDLOCK',"
        """ '{"python": "CPython 3.11.2", "java": null}')"""
    )
    told = await _told(client)
    assert told["is_grading"] is True
    page = (await client.get("/status")).text
    for text in ("Programs are being graded.", "LANDLOCK", "1.2.3", "CPython 3.11.2", "not available"):
        assert text in page


async def test_a_silent_worker_is_taken_for_gone(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO ops.workers (host, version, sandbox_tier, languages, seen_at) VALUES ('a', '1', 'NAMESPACES', '{}',"
        " now() - make_interval(secs => $1))",
        SILENT_SECONDS + 1,
    )
    assert (await _told(client))["workers"] == []


async def test_a_worker_that_stops_is_gone_at_once(database: Database, owner: asyncpg.Connection) -> None:
    stop = asyncio.Event()
    presence = Presence.of(database, Grader(), None)
    task = asyncio.create_task(presence.keep_announcing(stop))
    while not await owner.fetchval("SELECT count(*) FROM ops.workers"):
        await asyncio.sleep(0.01)
    stop.set()
    await task
    assert await owner.fetchval("SELECT count(*) FROM ops.workers") == 0
