"""Deleting an account: asked for, taken back, done; and what is left of somebody who is gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest.kit.settings import Settings
from codezest.services.auth.actions.delete_accounts import delete_accounts
from codezest.services.learning import subscribers as learning_subscribers
from codezest.worker.assembly import subscriptions
from codezest.worker.relay import relay_batch
from codezest_db.enums import Role
from services.auth.browser import logged_in
from services.auth.learner import SECRET, learned
from services.auth.pictures import picture
from services.auth.world import API, PASSWORD, World, bearer, problem

DELETION = f"{API}/me/deletion"


@pytest.fixture(autouse=True)
async def _nobody_else_rules(world: World) -> AsyncIterator[None]:
    world.handlers |= {job.name: job for job in learning_subscribers.jobs(world.database, world.settings)}
    await world.owner.execute("UPDATE auth.users SET role = 'STUDENT', deletion_requested_at = NULL")
    yield
    await world.waiting()
    await world.owner.execute("DELETE FROM ops.outbox")


async def _ask(client: httpx.AsyncClient, session: str, password: str | None = PASSWORD) -> httpx.Response:
    return await client.post(DELETION, json={"current_password": password}, headers=bearer(session))


async def _let_time_pass(world: World, days: int = 15) -> int:
    await world.owner.execute(
        "UPDATE auth.users SET deletion_requested_at = deletion_requested_at - make_interval(days => $1)", days
    )
    return await delete_accounts(world.database, world.settings)


async def _work(world: World) -> None:
    for _ in range(4):
        while await relay_batch(world.database, subscriptions(world.database)):
            pass
        await world.deliver()


async def _user(world: World, email: str) -> UUID:
    return UUID(str(await world.owner.fetchval("SELECT id FROM auth.users WHERE email = $1", email)))


async def test_it_takes_the_password_and_a_time_of_grace(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    session, other = await world.log_in(client, address), await world.log_in(client, address)
    made = await client.post(f"{API}/me/tokens", json={"name": "x", "scopes": ["read"]}, headers=bearer(session))
    for wrong in ("not the password", "", None):
        problem(await _ask(client, session, wrong), 422, "current-password-wrong")
    asked = await _ask(client, session)
    moment = datetime.fromisoformat(asked.json()["deletes_at"])
    assert timedelta(days=13, hours=23) < moment - now() <= timedelta(days=14)
    assert (await client.get(f"{API}/me", headers=bearer(session))).status_code == 200
    assert (await client.get(f"{API}/me", headers=bearer(other))).status_code == 401
    assert (await client.get(f"{API}/me", headers=bearer(made.json()["token"]))).status_code == 401
    await world.deliver()
    assert world.letters(address)[0].subject == "Your account will be deleted"
    again = await _ask(client, session)
    assert again.json() == asked.json()
    assert await delete_accounts(world.database, world.settings) == 0
    await world.log_in(client, address)


async def test_it_can_be_taken_back_until_then(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    await _ask(client, await world.log_in(client, address))
    session = bearer(await world.log_in(client, address))
    for _ in range(2):
        assert (await client.delete(DELETION, headers=session)).status_code == 204
    assert await _let_time_pass(world) == 0
    assert (await client.get(f"{API}/me", headers=session)).status_code == 200


async def _rows_that_name(owner: asyncpg.Connection, *needles: str) -> list[str]:
    """Tables of the services with a row that holds any of the texts anywhere."""
    tables = await owner.fetch(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables"
        " WHERE table_schema IN ('auth', 'learning') AND table_type = 'BASE TABLE'"
    )
    found: list[str] = []
    for table in tables:
        for needle in needles:
            statement = f"SELECT count(*) FROM {table['name']} t WHERE strpos(t::text, $1) > 0"  # noqa: S608 - a catalogue's
            if await owner.fetchval(statement, needle):
                found.append(f"{table['name']}: {needle}")
    return found


async def test_nothing_that_names_the_person_is_left(
    client: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    address = await world.account()
    session = await world.log_in(client, address)
    user = await _user(world, address)
    work = await learned(world.owner, user)
    # The names are searched for in every table below: they must be nobody else's.
    named = {"first_name": "Zsuzsanna", "last_name": "Quetzalcoatl", "date_of_birth": "1990-02-28"}
    await client.patch(f"{API}/me", json=named, headers=bearer(session))
    profile = {"bio": "I live at Elm Street.", "handle": "zsuzsi-q", "visibility": "PUBLIC"}
    await client.patch(f"{API}/me/profile", json=profile, headers=bearer(session))
    await client.put(f"{API}/me/avatar", content=picture(), headers=bearer(session))
    await client.post(f"{API}/me/exports", headers=bearer(session))
    await client.post(f"{API}/me/tokens", json={"name": "My laptop", "scopes": ["read"]}, headers=bearer(session))
    await _work(world)
    await _ask(client, session)
    needles = (
        address,
        "Zsuzsanna",
        "Quetzalcoatl",
        "1990-02-28",
        "Elm Street",
        "zsuzsi-q",
        SECRET,
        "shown output",
        "My laptop",
    )
    assert len(await _rows_that_name(world.owner, *needles)) >= len(needles) - 2
    assert await _let_time_pass(world) == 1
    await _work(world)

    assert await _rows_that_name(world.owner, *needles) == []
    assert list((settings.data_dir / "files").rglob("*.webp")) == []
    assert list((settings.data_dir / "files").rglob("*.zip")) == []
    row = await world.owner.fetchrow("SELECT * FROM auth.users WHERE id = $1", user)
    assert row is not None
    assert row["deleted_at"] is not None
    assert row["password_hash"] is None
    public = await world.owner.fetchrow("SELECT * FROM auth.public_users WHERE id = $1", user)
    assert public is not None
    assert (public["display_name"], public["avatar_url"]) == (None, None)
    graded = await world.owner.fetchrow("SELECT * FROM learning.submissions WHERE id = $1", work.submission_id)
    assert graded is not None
    assert (graded["verdict"], graded["score"], graded["code"]) == ("AC", 100, "")
    traces = await world.owner.fetch(
        "SELECT * FROM auth.audit_entries WHERE actor_user_id = $1 OR subject_id = $1", user
    )
    assert {"user.deletion_requested", "user.deleted"} <= {trace["action"] for trace in traces}
    assert all(trace["ip_address"] is None and trace["user_agent"] is None for trace in traces)
    assert (await client.get(f"{API}/me", headers=bearer(session))).status_code == 401
    assert (await client.get("/people/zsuzsi-q")).status_code == 404
    assert (await client.post(f"{API}/auth/login", json={"email": address, "password": PASSWORD})).status_code == 401
    assert await _let_time_pass(world) == 0


async def test_the_address_is_free_again(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    await _ask(client, await world.log_in(client, address))
    await _let_time_pass(world)
    await world.waiting()
    await world.register(client, address)
    await world.deliver()
    answer = await client.post(f"{API}/auth/verify-email", json={"token": world.token(address)})
    assert answer.status_code == 200


async def test_the_trail_forgets_nobody_who_is_still_there(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    await _ask(client, await world.log_in(client, address))
    user = await _user(world, address)
    connection = await world.database.connect("auth")
    try:
        await connection.execute("SELECT auth.forget_in_audit($1)", user)
    finally:
        await connection.close()
    kept = await world.owner.fetch("SELECT ip_address FROM auth.audit_entries WHERE actor_user_id = $1", user)
    assert [row["ip_address"] for row in kept] != []
    assert all(row["ip_address"] is not None for row in kept)
    learning = await world.database.connect("learning")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await learning.execute("SELECT auth.forget_in_audit($1)", user)
    finally:
        await learning.close()


async def test_the_last_administrator_stays(client: httpx.AsyncClient, world: World) -> None:
    first = await world.account(Role.ADMIN)
    session = await world.log_in(client, first)
    problem(await _ask(client, session), 409, "last-administrator")
    second = await world.account(Role.ADMIN)
    assert (await _ask(client, session)).status_code == 200
    # The other is the last one now: who is about to go does not count.
    problem(await _ask(client, await world.log_in(client, second)), 409, "last-administrator")
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1", second)
    assert await _let_time_pass(world) == 0
    assert (await client.get(f"{API}/me", headers=bearer(session))).status_code == 200


async def test_of_two_administrators_who_go_at_once_one_stays(client: httpx.AsyncClient, world: World) -> None:
    sessions = [await world.log_in(client, await world.account(Role.ADMIN)) for _ in range(2)]
    answers = await asyncio.gather(*(_ask(client, session) for session in sessions))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_the_pages_offer_to_keep_the_account(application: Application, world: World) -> None:
    page, address = "/account/data", await world.account()
    notice = "You asked for your account to be deleted."
    async with logged_in(application, world, address) as browser:
        assert notice not in (await browser.open("/account")).text
        wrong = await browser.send(f"{page}/delete", page, current_password="wrong")
        assert wrong.text.count("This is not your current password.") == 2
        asked = await browser.send(f"{page}/delete", page, current_password=PASSWORD)
        assert asked.headers["location"] == page
    async with logged_in(application, world, address) as browser:
        for path in ("/account", "/languages"):
            assert notice in (await browser.open(path)).text
        kept = await browser.send(f"{page}/keep", page)
        assert kept.headers["location"] == page
        assert "Your account stays." in (await browser.open(page)).text
        assert notice not in (await browser.open("/account")).text
