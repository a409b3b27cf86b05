"""Attacks on accounts: what an intruder holds after the owner has taken the account back, and what an open session gives."""

import asyncio
from uuid import UUID

import httpx
import pytest

from codezest.services.auth.actions import register as registering
from codezest.services.auth.actions.export_data import part_key, take_part
from codezest.services.auth.jobs.exports import ExportWriter
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from services.auth.ways import App, Passkey, forget_proof, from_base64url, new_owner, with_two_step
from services.auth.world import API, PASSWORD, World, bearer, new_email, problem

ME = f"{API}/me"
NEW_PASSWORD = "nine orange kettles"


async def _ask_for_move(client: httpx.AsyncClient, world: World, token: str) -> str:
    """Ask to move the account to a new address; returns that address, which has its letter."""
    address = new_email("intruder")
    body = {"new_email": address, "current_password": PASSWORD}
    assert (await client.post(f"{ME}/email", json=body, headers=bearer(token))).status_code == 202
    await world.deliver()
    return address


async def _confirm(client: httpx.AsyncClient, world: World, address: str) -> httpx.Response:
    return await client.post(f"{API}/auth/confirm-email-change", json={"token": world.token(address)})


async def _reset(client: httpx.AsyncClient, world: World, email: str) -> None:
    await client.post(f"{API}/auth/forgot-password", json={"email": email})
    await world.deliver()
    body = {"token": world.token(email), "password": NEW_PASSWORD}
    answer = await client.post(f"{API}/auth/reset-password", json=body)
    assert answer.status_code == 204, answer.text


@pytest.mark.parametrize("how", ["reset", "change", "suspension"])
async def test_a_move_that_an_intruder_asked_for_ends_with_the_password(
    client: httpx.AsyncClient, world: World, how: str
) -> None:
    email = await world.account()
    token = await world.log_in(client, email)
    intruders = await _ask_for_move(client, world, token)
    if how == "reset":
        await _reset(client, world, email)
    elif how == "change":
        body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        assert (await client.post(f"{ME}/password", json=body, headers=bearer(token))).status_code == 204
    else:
        admin = await world.log_in(client, await world.account(Role.ADMIN))
        user_id = await world.owner.fetchval("SELECT id FROM auth.users WHERE email = $1::citext", email)
        for suspended in (True, False):
            path = f"{API}/users/{user_id}"
            answer = await client.patch(path, json={"suspended": suspended}, headers=bearer(admin))
            assert answer.status_code == 200
    problem(await _confirm(client, world, intruders), 410, "change-link-used")


async def test_taking_a_move_back_throws_out_whoever_did_it(client: httpx.AsyncClient, world: World) -> None:
    owner = await new_owner(world, client)
    first = await client.post(f"{ME}/passkeys/options", headers=owner.headers)
    passkey = Passkey(from_base64url(first.json()["options"]["user"]["id"]))
    kept = {
        "ceremony": first.json()["ceremony"],
        "name": "mine",
        "credential": passkey.created(first.json()["options"]),
    }
    assert (await client.post(f"{ME}/passkeys", json=kept, headers=owner.headers)).status_code == 201

    intruders = await _ask_for_move(client, world, owner.token)
    assert (await _confirm(client, world, intruders)).status_code == 200
    await world.deliver()
    options = (await client.post(f"{ME}/passkeys/options", headers=owner.headers)).json()
    theirs = Passkey(passkey.user_handle).created(options["options"])
    added = {"ceremony": options["ceremony"], "name": "theirs", "credential": theirs}
    assert (await client.post(f"{ME}/passkeys", json=added, headers=owner.headers)).status_code == 201
    app = App((await client.post(f"{ME}/two-step", headers=owner.headers)).json()["secret"])
    on = await client.post(f"{ME}/two-step/confirm", json={"code": app.code()}, headers=owner.headers)
    assert on.status_code == 200
    gone = await client.post(f"{ME}/deletion", json={"current_password": PASSWORD}, headers=owner.headers)
    assert gone.status_code == 200

    undone = await client.post(f"{API}/auth/undo-email-change", json={"token": world.token(owner.email)})
    assert undone.status_code == 200
    login = {"email": owner.email, "password": PASSWORD}
    problem(await client.post(f"{API}/auth/login", json=login), 401, "wrong-credentials")
    await _reset(client, world, owner.email)
    token = await world.log_in(client, owner.email, NEW_PASSWORD)  # no code is asked for
    ways = (await client.get(f"{ME}/ways-in", headers=bearer(token))).json()
    assert [way["name"] for way in ways["passkeys"]] == ["mine"]
    assert not ways["two_step"]["enabled"]
    state = await world.owner.fetchval(
        "SELECT deletion_requested_at FROM auth.users WHERE email = $1::citext", owner.email
    )
    assert state is None


@pytest.mark.parametrize("act", ["token", "export", "download"])
async def test_an_open_session_alone_takes_nothing_away(client: httpx.AsyncClient, world: World, act: str) -> None:
    owner = await new_owner(world, client)
    export_id = uuid7()
    await world.owner.execute(
        """INSERT INTO auth.data_exports (id, user_id, status, file_key, size_bytes, ready_at, expires_at, created_at)
           SELECT $1, id, 'READY', $2, 1, now(), now() + interval '1 day', now() - interval '2 days'
           FROM auth.users WHERE email = $3::citext""",
        export_id, part_key(export_id, "all"), owner.email,
    )  # fmt: skip
    await forget_proof(world, owner.email)
    if act == "token":
        answer = await client.post(f"{ME}/tokens", json={"name": "x", "scopes": ["read"]}, headers=owner.headers)
    elif act == "export":
        answer = await client.post(f"{ME}/exports", headers=owner.headers)
    else:
        answer = await client.get(f"{ME}/exports/{export_id}/file", headers=owner.headers)
    problem(answer, 403, "proof-needed")


async def test_of_two_administrators_who_bar_each_other_one_remains(client: httpx.AsyncClient, world: World) -> None:
    emails = [await world.account(Role.ADMIN) for _ in range(2)]
    sessions = [await world.log_in(client, email) for email in emails]
    rows = await world.owner.fetch("SELECT id, email FROM auth.users WHERE email = ANY($1::citext[])", emails)
    ids = {row["email"]: row["id"] for row in rows}
    answers = await asyncio.gather(
        *(
            client.patch(f"{API}/users/{ids[emails[1 - n]]}", json={"suspended": True}, headers=bearer(sessions[n]))
            for n in range(2)
        )
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 401], [200, 403])


async def test_a_password_is_hashed_only_for_who_may_still_ask(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    async def counted(password: str) -> str:
        hashed.append(password)
        return "$argon2id$no"

    monkeypatch.setattr(registering, "hash_password", counted)
    email = new_email()
    body = {"email": email, "password": PASSWORD, "first_name": "Ada"}
    statuses = [(await client.post(f"{API}/auth/register", json=body)).status_code for _ in range(7)]
    assert statuses == [201] * 5 + [429] * 2
    assert len(hashed) == 5


async def test_of_two_tries_with_one_recovery_code_one_is_let_in(client: httpx.AsyncClient, world: World) -> None:
    owner = await with_two_step(world, client)
    code = owner.recovery_codes[0]
    body = {"email": owner.email, "password": PASSWORD}
    ceremonies = [(await client.post(f"{API}/auth/login", json=body)).json()["ceremony"] for _ in range(3)]
    answers = await asyncio.gather(
        *(client.post(f"{API}/auth/second-step", json={"ceremony": one, "code": code}) for one in ceremonies)
    )
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_a_part_that_comes_too_late_is_deleted(world: World) -> None:
    export_id = uuid7()
    await world.waiting()
    async with world.database.write("auth") as session:
        await take_part(session, export_id, "learning", part_key(export_id, "learning"))
    assert await world.waiting() == [("auth.delete_files", {"keys": [part_key(export_id, "learning")]})]


async def test_the_archive_of_an_account_that_went_meanwhile_is_deleted(
    world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await new_owner(world, client)
    asked = (await client.post(f"{ME}/exports", headers=owner.headers)).json()
    export_id = UUID(asked[0]["id"])
    await world.waiting()
    await world.owner.execute(
        "INSERT INTO auth.data_export_parts (export_id, service, file_key) VALUES ($1, 'auth', 'a'), ($1, 'learning', 'b')",
        export_id,
    )

    async def assembled(_writer: ExportWriter, folder: object, _parts: object, _reader: object) -> int:
        (folder / "all.zip").write_bytes(b"PK")  # pyright: ignore[reportOperatorIssue, reportUnknownMemberType]
        await world.owner.execute("DELETE FROM auth.data_exports WHERE id = $1", export_id)
        return 2

    monkeypatch.setattr(ExportWriter, "_assemble", assembled)
    await world.handlers["auth.finish_export"].handler({"export_id": str(export_id)})
    assert await world.waiting() == [("auth.delete_files", {"keys": [part_key(export_id, "all")]})]
