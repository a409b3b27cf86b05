"""Accounts as administrators look after them: finding, inviting, barring, deleting, restoring, helping."""

import argparse
import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from codezest.cli.users import users
from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest.services.auth.actions.delete_accounts import delete_accounts
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn
from services.auth.browser import Browser, logged_in
from services.auth.world import API, PASSWORD, World, bearer, csrf_token, new_email, problem, visitor

USERS = f"{API}/users"


@pytest.fixture(scope="module")
async def boss(application: Application, world: World) -> dict[str, str]:
    """The headers of an administrator who has just logged in, and so has proved who they are."""
    email = await world.account(Role.ADMIN)
    async with visitor(application) as client:
        return bearer(await world.log_in(client, email))


async def _id(world: World, email: str) -> UUID:
    found: UUID | None = await world.owner.fetchval(
        "SELECT id FROM auth.users WHERE email = $1::citext AND deleted_at IS NULL", email
    )
    assert found is not None
    return found


async def _acts(world: World, user_id: UUID) -> list[str]:
    rows = await world.owner.fetch("SELECT action FROM auth.audit_entries WHERE subject_id = $1 ORDER BY id", user_id)
    return [row["action"] for row in rows]


async def test_accounts_are_found_by_state_time_page_and_id(
    client: httpx.AsyncClient, world: World, boss: dict[str, str]
) -> None:
    mark = uuid4().hex[:8]
    plain, barred, waiting = [await world.account(email=f"{mark}-{n}@codezest.example") for n in range(3)]
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", barred)
    await world.owner.execute("UPDATE auth.users SET email_verified_at = NULL WHERE email = $1::citext", waiting)
    handle = f"h{mark}"
    await world.owner.execute(
        "INSERT INTO auth.user_profiles (user_id, handle) VALUES ($1, $2)", await _id(world, plain), handle
    )

    async def found(**query: Any) -> list[str]:
        answer = await client.get(USERS, params=query, headers=boss)
        assert answer.status_code == 200, answer.text
        return [one["email"] for one in answer.json()["items"]]

    assert await found(search=mark, state="ACTIVE") == [plain]
    assert await found(search=mark, state="SUSPENDED") == [barred]
    assert await found(search=mark, state="UNVERIFIED") == [waiting]
    assert await found(search=mark, state="DELETION") == []
    assert await found(search=f"@{handle.upper()}") == [plain]
    assert await found(search=str(await _id(world, plain))) == [plain]
    assert await found(search=mark[:2], limit=100) != []
    later = (now() + timedelta(days=1)).isoformat()
    assert await found(search=mark, created_from=later) == []
    assert len(await found(search=mark, created_before=later)) == 3
    problem(await client.get(USERS, params={"created_from": "2026-01-01"}, headers=boss), 422, "validation-failed")


async def test_what_changes_rights_needs_a_recent_proof(
    client: httpx.AsyncClient, world: World, make_user: MakeUser, student: SignedIn
) -> None:
    stale = (await make_user(Role.ADMIN)).headers
    path = f"{USERS}/{student.id}"
    for method, target, body in (
        ("PATCH", path, {"role": "ADMIN"}),
        ("PATCH", path, {"suspended": True}),
        ("DELETE", path, None),
        ("POST", f"{path}/restore", None),
        ("POST", f"{path}/verification", None),
        ("DELETE", f"{path}/two-step", None),
        ("POST", USERS, {"email": new_email(), "first_name": "A", "role": "ADMIN"}),
    ):
        problem(await client.request(method, target, json=body, headers=stale), 403, "proof-needed")
    assert await _acts(world, student.id) == []
    # What only helps somebody in, or puts somebody out for the moment, does not.
    assert (await client.post(f"{path}/password-letter", headers=stale)).status_code == 202
    assert (await client.delete(f"{path}/sessions", headers=stale)).status_code == 204


async def test_whoever_is_barred_is_told_why(client: httpx.AsyncClient, world: World, boss: dict[str, str]) -> None:
    email = await world.account()
    user_id = await _id(world, email)
    session = bearer(await world.log_in(client, email))
    token = await client.post(f"{API}/me/tokens", json={"name": "x", "scopes": ["read"]}, headers=session)
    body = {"suspended": True, "reason": "Sold answers."}
    answer = await client.patch(f"{USERS}/{user_id}", json=body, headers=boss)
    assert answer.json()["suspension_reason"] == "Sold answers."
    for headers in (session, bearer(token.json()["token"])):
        problem(await client.get(f"{API}/me", headers=headers), 401, "unauthenticated")
    login = await client.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    assert "Sold answers." in problem(login, 403, "account-suspended")["detail"]
    wrong = await client.post(f"{API}/auth/login", json={"email": email, "password": "not this one"})
    assert "Sold answers." not in wrong.text
    again = await client.patch(f"{USERS}/{user_id}", json={"suspended": True, "reason": "Other."}, headers=boss)
    assert again.json()["suspension_reason"] == "Sold answers."
    lifted = await client.patch(f"{USERS}/{user_id}", json={"suspended": False}, headers=boss)
    assert (lifted.json()["suspended_at"], lifted.json()["suspension_reason"]) == (None, None)
    await world.log_in(client, email)
    hidden = {"suspended": True, "reason": "a\u202eb"}
    problem(await client.patch(f"{USERS}/{user_id}", json=hidden, headers=boss), 422, "validation-failed")


async def test_an_account_is_deleted_after_its_grace_or_restored(
    client: httpx.AsyncClient, world: World, boss: dict[str, str]
) -> None:
    email = await world.account()
    user_id = await _id(world, email)
    path = f"{USERS}/{user_id}"
    problem(await client.post(f"{path}/restore", headers=boss), 409, "not-waiting-for-deletion")
    asked = await client.request("DELETE", path, json={"reason": "Twice here."}, headers=boss)
    assert asked.status_code == 202
    assert (await client.delete(path, headers=boss)).json() == asked.json()
    login = await client.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    problem(login, 403, "account-suspended")
    listed = (await client.get(USERS, params={"state": "DELETION", "search": email}, headers=boss)).json()
    assert [one["id"] for one in listed["items"]] == [str(user_id)]
    restored = (await client.post(f"{path}/restore", headers=boss)).json()
    assert (restored["deletion_requested_at"], restored["suspended_at"]) == (None, None)
    await world.log_in(client, email)
    assert await _acts(world, user_id) == [
        "user.created", "user.suspended", "user.deletion_requested", "user.deletion_cancelled", "user.reinstated",
    ]  # fmt: skip
    await client.request("DELETE", path, json={"reason": "Twice here."}, headers=boss)
    await world.owner.execute(
        "UPDATE auth.users SET deletion_requested_at = now() - interval '400 days' WHERE id = $1", user_id
    )
    await delete_accounts(world.database, world.settings)
    problem(await client.post(f"{path}/restore", headers=boss), 404, "user-not-found")
    assert await world.owner.fetchval("SELECT suspension_reason FROM auth.users WHERE id = $1", user_id) is None


async def test_the_last_administrator_stays(client: httpx.AsyncClient, world: World) -> None:
    """Also where another one is there who is about to go, and where two do it to each other at once."""
    await world.owner.execute("UPDATE auth.users SET role = 'STUDENT' WHERE role = 'ADMIN'")
    emails = [await world.account(Role.ADMIN) for _ in range(2)]
    one, other = [await _id(world, email) for email in emails]
    headers = [bearer(await world.log_in(client, email)) for email in emails]
    await world.owner.execute("UPDATE auth.users SET deletion_requested_at = now() WHERE id = $1", one)
    for method, body in (("PATCH", {"role": "STUDENT"}), ("PATCH", {"suspended": True}), ("DELETE", {})):
        answer = await client.request(method, f"{USERS}/{other}", json=body, headers=headers[0])
        problem(answer, 409, "last-administrator")
    await world.owner.execute("UPDATE auth.users SET deletion_requested_at = NULL WHERE id = $1", one)
    for method, body in (("PATCH", {"suspended": True}), ("DELETE", {})):
        answers = await asyncio.gather(
            client.request(method, f"{USERS}/{other}", json=body, headers=headers[0]),
            client.request(method, f"{USERS}/{one}", json=body, headers=headers[1]),
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes[0] in {200, 202}
        assert codes[1] in {401, 403}
        left = "SELECT count(*) FROM auth.users WHERE role = 'ADMIN' AND suspended_at IS NULL AND deleted_at IS NULL"
        assert await world.owner.fetchval(left) == 1
        await world.owner.execute(
            "UPDATE auth.users SET suspended_at = NULL, suspension_reason = NULL, deletion_requested_at = NULL"
        )
        headers = [bearer(await world.log_in(client, email)) for email in emails]
    await world.owner.execute(
        "UPDATE auth.users SET role = 'ADMIN' WHERE id IN (SELECT user_id FROM auth.sessions WHERE proved_at IS NOT NULL)"
    )


async def test_an_invited_person_chooses_a_password(
    client: httpx.AsyncClient, world: World, boss: dict[str, str]
) -> None:
    email = new_email("grace")
    await world.register(client, email, "typed by a stranger", first_name="Mallory")
    await world.waiting()
    body = {"email": email, "first_name": "Grace", "last_name": "Hopper", "role": "INSTRUCTOR"}
    invited = await client.post(USERS, json=body, headers=boss)
    assert invited.status_code == 201, invited.text
    assert (invited.json()["role"], invited.json()["email_verified_at"]) == ("INSTRUCTOR", None)
    again = await client.post(USERS, json=body, headers=boss)
    assert again.json()["id"] == invited.json()["id"]
    await world.deliver()
    letter = world.letters(email)[0]
    assert letter.subject == "You are invited to CodeZest"
    stranger = {"email": email, "password": "typed by a stranger"}
    problem(await client.post(f"{API}/auth/login", json=stranger), 401, "wrong-credentials")
    chosen = {"token": world.token(email), "password": PASSWORD}
    assert (await client.post(f"{API}/auth/reset-password", json=chosen)).status_code == 204
    me = (await client.get(f"{API}/me", headers=bearer(await world.log_in(client, email)))).json()
    assert (me["first_name"], me["role"]) == ("Grace", "INSTRUCTOR")
    problem(await client.post(USERS, json=body, headers=boss), 409, "email-taken")
    problem(await client.post(USERS, json=body | {"suspended_at": "x"}, headers=boss), 422, "validation-failed")


async def test_an_address_is_vouched_for_and_its_owner_chooses_a_password(
    client: httpx.AsyncClient, world: World, boss: dict[str, str]
) -> None:
    email = new_email()
    await world.register(client, email, "typed by a stranger")
    await world.waiting()
    path = f"{USERS}/{await _id(world, email)}"
    confirmed = await client.post(f"{path}/verification", headers=boss)
    assert confirmed.json()["email_verified_at"] is not None
    problem(await client.post(f"{path}/verification", headers=boss), 409, "already-verified")
    stranger = {"email": email, "password": "typed by a stranger"}
    problem(await client.post(f"{API}/auth/login", json=stranger), 401, "wrong-credentials")
    await world.deliver()
    chosen = {"token": world.token(email), "password": PASSWORD}
    assert (await client.post(f"{API}/auth/reset-password", json=chosen)).status_code == 204
    await world.log_in(client, email)


async def test_sessions_and_the_second_step_of_others(
    client: httpx.AsyncClient, world: World, boss: dict[str, str]
) -> None:
    email = await world.account()
    user_id = await _id(world, email)
    first, second = [bearer(await world.log_in(client, email)) for _ in range(2)]
    listed = (await client.get(f"{USERS}/{user_id}/sessions", headers=boss)).json()["items"]
    assert [one["current"] for one in listed] == [False, False]
    assert (await client.delete(f"{USERS}/{user_id}/sessions/{listed[1]['id']}", headers=boss)).status_code == 204
    problem(await client.get(f"{API}/me", headers=first), 401, "unauthenticated")
    assert (await client.get(f"{API}/me", headers=second)).status_code == 200
    gone = await client.delete(f"{USERS}/{user_id}/sessions/{listed[1]['id']}", headers=boss)
    problem(gone, 404, "session-not-found")
    problem(await client.delete(f"{USERS}/{user_id}/two-step", headers=boss), 409, "two-step-off")
    await world.owner.execute(
        "INSERT INTO auth.totp_secrets (user_id, secret_encrypted, confirmed_at) VALUES ($1, 'x', now())", user_id
    )
    assert (await client.delete(f"{USERS}/{user_id}/two-step", headers=boss)).status_code == 204
    problem(await client.get(f"{API}/me", headers=second), 401, "unauthenticated")
    await world.deliver()
    assert world.letters(email)[0].subject == "Two-step login was turned off for you"
    other = await world.account()
    theirs = (await client.get(f"{USERS}/{await _id(world, other)}/sessions", headers=boss)).json()["items"]
    assert theirs == []


async def test_the_pages_do_the_same(application: Application, world: World) -> None:
    boss_email, email = await world.account(Role.ADMIN), await world.account()
    user_id = await _id(world, email)
    path = f"/admin/users/{user_id}"
    async with logged_in(application, world, boss_email) as browser:
        listed = await browser.open(f"/admin/users?q={email}&state=nonsense&since=nonsense")
        assert path in listed.text
        assert "Nobody found" in (await browser.open("/admin/users?q=nobody-of-this-name&role=ADMIN")).text
        empty = await browser.send(f"{path}/suspend", path, suspension=" ")
        assert (empty.status_code, "Say why." in empty.text) == (422, True)
        assert (await browser.send(f"{path}/role", path, role="KING")).status_code == 422
        long = await browser.send(f"{path}/role", path, role="INSTRUCTOR", why="Teaches now. " * 100)
        assert (long.status_code, "Teaches now. Teaches now." in long.text) == (422, True)
        acts: tuple[tuple[str, dict[str, Any], str], ...] = (
            ("role", {"role": "INSTRUCTOR", "why": "Teaches now."}, "Instructor"),
            ("suspend", {"suspension": "Sold answers."}, "Suspended"),
            ("reinstate", {}, "Suspend and log out"),
            ("delete", {"deletion": ""}, "Waits for deletion"),
            ("restore", {}, "Suspend and log out"),
            ("password-letter", {}, "What happened to this account"),
            ("sessions/end", {}, "Nowhere."),
        )
        for act, fields, state in acts:
            answer = await browser.send(f"{path}/{act}", path, **fields)
            assert answer.status_code == 303, (act, answer.text)
            assert state in (await browser.open(path)).text
        assert "Teaches now." in (await browser.open(f"/admin/audit?subject={email}&action=user.role_changed")).text
        assert (await browser.open("/admin/users/nonsense")).status_code == 404
        own = await browser.open(f"/admin/users/{await _id(world, boss_email)}")
        assert "This is your own account" in own.text
        await _without_proof(browser, world, boss_email, path)
    async with logged_in(application, world, await world.account(Role.INSTRUCTOR)) as browser:
        for page in ("/admin/users", path, "/admin/users/new", "/admin/audit", "/admin/features", "/admin"):
            assert (await browser.open(page)).status_code == 403
    async with visitor(application) as client:
        assert (await client.get(path)).headers["location"].startswith("/login?next=")


async def _without_proof(browser: Browser, world: World, boss_email: str, path: str) -> None:
    """What was typed is kept, and the page says what is needed."""
    await world.owner.execute(
        "UPDATE auth.sessions SET proved_at = now() - interval '1 hour' WHERE user_id = $1",
        await _id(world, boss_email),
    )
    refused = await browser.send(f"{path}/suspend", path, suspension="A long and careful reason.")
    assert refused.status_code == 403
    assert "A long and careful reason." in refused.text
    assert f"/account/confirm?next={path}" in refused.text.replace("%2F", "/")
    page = await browser.open("/admin/users/new")
    fields = {"csrf_token": csrf_token(page), "email": new_email(), "first_name": "Grace", "role": "ADMIN"}
    sent = await browser.client.post("/admin/users/new", data=fields)
    assert (sent.status_code, 'value="Grace"' in sent.text) == (403, True)


async def test_an_operator_bars_and_restores_by_command(
    client: httpx.AsyncClient, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    email = await world.account()
    session = bearer(await world.log_in(client, email))

    async def command(action: str, **more: Any) -> int:
        # It runs an event loop of its own, as it does in a terminal.
        asked = argparse.Namespace(action=action, email=email, **more)
        return await asyncio.to_thread(users, world.settings, asked)

    assert await command("suspend", reason="Sold answers.") == 0
    problem(await client.get(f"{API}/me", headers=session), 401, "unauthenticated")
    await world.owner.execute("UPDATE auth.users SET deletion_requested_at = now() WHERE email = $1::citext", email)
    assert await command("restore") == 0
    await world.log_in(client, email)
    assert await _acts(world, await _id(world, email)) == [
        "user.created", "user.suspended", "user.deletion_cancelled", "user.reinstated",
    ]  # fmt: skip
    email = new_email()
    assert await command("restore") == 1
    assert "No such user" in capsys.readouterr().err
