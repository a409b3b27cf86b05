"""Taking one's data along: every service writes its part, the last one lets the archive be made."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from codezest.services.auth.jobs.exports import end_exports
from codezest.services.learning import subscribers as learning_subscribers
from codezest.worker.assembly import subscriptions
from codezest.worker.relay import relay_batch
from services.auth.browser import logged_in
from services.auth.learner import SECRET, learned
from services.auth.pictures import picture
from services.auth.world import API, World, bearer, problem

EXPORTS = f"{API}/me/exports"


@pytest.fixture(autouse=True)
async def _everybody_works(world: World) -> AsyncIterator[None]:
    world.handlers |= {job.name: job for job in learning_subscribers.jobs(world.database, world.settings)}
    yield
    await world.waiting()
    await world.owner.execute("DELETE FROM ops.outbox")


async def work(world: World) -> None:
    """Relay events and run jobs until nothing is left to do."""
    for _ in range(6):
        while await relay_batch(world.database, subscriptions(world.database)):
            pass
        await world.deliver()


async def _id(world: World, email: str) -> object:
    return await world.owner.fetchval("SELECT id FROM auth.users WHERE email = $1", email)


def _kept(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_dir / "files" / "exports").glob("*/*"))


async def test_the_archive_holds_everything_and_only_its_owner_gets_it(
    client: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    address, other = await world.account(), await world.account()
    session = await world.log_in(client, address)
    await client.put(f"{API}/me/avatar", content=picture(), headers=bearer(session))
    await learned(world.owner, await _id(world, address))  # pyright: ignore[reportArgumentType]
    await learned(world.owner, await _id(world, other))  # pyright: ignore[reportArgumentType]
    asked = await client.post(EXPORTS, headers=bearer(session))
    assert (asked.status_code, asked.json()[0]["status"]) == (202, "PENDING")
    await work(world)
    (ready,) = (await client.get(EXPORTS, headers=bearer(session))).json()
    assert ready["status"] == "READY"
    assert world.letters(address)[0].subject == "Your data is ready"
    path = f"{EXPORTS}/{ready['id']}/file"
    answer = await client.get(path, headers=bearer(session))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(answer.content) == ready["size_bytes"]

    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert {
            "index.html",
            "avatar.webp",
            "auth/account.json",
            "auth/sessions.json",
            "learning/submissions.json",
        } <= names
        account = json.loads(archive.read("auth/account.json"))
        (submission,) = json.loads(archive.read("learning/submissions.json"))
        everything = b"".join(archive.read(name) for name in names)
        assert re.search(rb"account\.json</a> \([\d,]+ bytes\)", archive.read("index.html"))
        assert all(name.encode() in archive.read("index.html") for name in names if name.endswith(".json"))
    assert [row["email"] for row in account] == [address]
    assert submission["code"] == SECRET
    assert submission["assignment"] == "First steps"
    assert [test.get("stdout") for test in submission["tests"]] == ["shown output", None]  # a hidden test stays hidden
    for secret in (b"argon2", b"token_hash", b"password_hash", other.encode()):
        assert secret not in everything

    stranger = await world.log_in(client, other)
    problem(await client.get(path, headers=bearer(stranger)), 404, "export-not-found")
    problem(await client.get(path), 401, "unauthenticated")
    assert _kept(settings) == ["all.zip"]


async def test_there_is_one_a_day_and_one_at_a_time(client: httpx.AsyncClient, world: World) -> None:
    session = bearer(await world.log_in(client, await world.account()))
    answers = await asyncio.gather(*(client.post(EXPORTS, headers=session) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    await work(world)
    assert problem(await client.post(EXPORTS, headers=session), 429, "too-many-exports")["retry_after"] > 80_000


async def test_every_step_may_happen_twice(client: httpx.AsyncClient, world: World) -> None:
    session = bearer(await world.log_in(client, await world.account()))
    await client.post(EXPORTS, headers=session)
    for _ in range(6):
        await world.owner.execute("UPDATE ops.outbox SET relayed_at = NULL")
        while await relay_batch(world.database, subscriptions(world.database)):
            pass
        for name, payload in await world.waiting():
            for _ in range(2):
                await world.handlers[name].handler(payload)
    assert [one["status"] for one in (await client.get(EXPORTS, headers=session)).json()] == ["READY"]


async def test_an_archive_is_deleted_after_its_time(
    client: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    session = bearer(await world.log_in(client, await world.account()))
    await client.post(EXPORTS, headers=session)
    await work(world)
    (ready,) = (await client.get(EXPORTS, headers=session)).json()
    folder = settings.data_dir / "files" / "exports" / ready["id"]
    assert (folder / "all.zip").exists()
    await world.owner.execute("UPDATE auth.data_exports SET expires_at = now() WHERE id = $1", ready["id"])
    problem(await client.get(f"{EXPORTS}/{ready['id']}/file", headers=session), 404, "export-not-found")
    await end_exports(world.database)
    await work(world)
    assert not Path(folder / "all.zip").exists()
    assert (await client.get(EXPORTS, headers=session)).json()[0]["status"] == "EXPIRED"


async def test_one_that_never_gets_ready_may_be_asked_for_again(client: httpx.AsyncClient, world: World) -> None:
    session = bearer(await world.log_in(client, await world.account()))
    await client.post(EXPORTS, headers=session)
    await world.waiting()
    await world.owner.execute("UPDATE auth.data_exports SET created_at = now() - interval '49 hours'")
    await end_exports(world.database)
    assert (await client.get(EXPORTS, headers=session)).json()[0]["status"] == "FAILED"
    assert (await client.post(EXPORTS, headers=session)).status_code == 202


async def test_the_page_works_without_scripts(application: Application, world: World) -> None:
    page = "/account/data"
    async with logged_in(application, world, await world.account()) as browser:
        sent = await browser.send(f"{page}/export", page)
        assert sent.headers["location"] == page
        assert "Being put together" in (await browser.open(page)).text
        again = await browser.send(f"{page}/export", page)
        assert again.status_code == 409
        assert "Your data is being put together" in again.text
        await work(world)
        shown = await browser.open(page)
        link = shown.text.split('href="/account/data/')[1].split('"')[0]
        assert (await browser.open(f"{page}/{link}")).headers["content-type"] == "application/zip"
        assert (await browser.open(f"{page}/no-uuid/download")).status_code == 404
