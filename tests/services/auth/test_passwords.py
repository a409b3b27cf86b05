"""Forgotten and changed passwords."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.auth.world import API, PASSWORD, World, bearer, new_email, problem, visitor

FORGOT = f"{API}/auth/forgot-password"
RESET = f"{API}/auth/reset-password"
CHANGE = f"{API}/me/password"
NEW = "nine orange lanterns"


async def _reset_token(client: httpx.AsyncClient, world: World, email: str) -> str:
    answer = await client.post(FORGOT, json={"email": email})
    assert answer.status_code == 202
    await world.deliver()
    return world.token(email)


async def test_the_answer_and_the_queue_are_the_same_for_every_address(client: httpx.AsyncClient, world: World) -> None:
    known, unknown, unconfirmed, suspended = await world.account(), new_email(), new_email(), await world.account()
    await world.register(client, unconfirmed)
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", suspended)
    await world.waiting()
    for path, job in (
        ("forgot-password", "auth.send_password_reset"),
        ("resend-verification", "auth.resend_verification"),
    ):
        answers = [
            await client.post(f"{API}/auth/{path}", json={"email": email})
            for email in (known, unknown, unconfirmed, suspended)
        ]
        assert [answer.status_code for answer in answers] == [202] * 4
        assert len({answer.json()["message"] for answer in answers}) == 1
        jobs = await world.waiting()
        assert [(name, set(payload)) for name, payload in jobs] == [(job, {"request_id"})] * 4
        for name, payload in jobs:
            await world.handlers[name].handler(payload)
    assert [letter.subject for letter in world.letters(known)] == ["Choose a new password"]
    assert [letter.subject for letter in world.letters(unconfirmed)] == [
        "Confirm your e-mail address", "Choose a new password",
    ]  # fmt: skip
    assert world.letters(unknown) == world.letters(suspended) == []


async def test_a_reset_replaces_the_password_and_ends_everything_else(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    session = await world.log_in(client, email)
    older = await _reset_token(client, world, email)
    token = await _reset_token(client, world, email)
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204

    problem(await client.get(f"{API}/me", headers=bearer(session)), 401, "unauthenticated")
    problem(await client.post(RESET, json={"token": token, "password": NEW}), 410, "reset-token-used")
    problem(await client.post(RESET, json={"token": older, "password": NEW}), 410, "reset-token-used")
    refused = await client.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    problem(refused, 401, "wrong-credentials")
    await world.log_in(client, email, NEW)
    assert "auth.password_changed" in await world.events(email)
    audit = await world.owner.fetchval(
        """SELECT count(*) FROM auth.audit_entries WHERE action = 'password.reset'
           AND subject_id = (SELECT id FROM auth.users WHERE email = $1::citext)""",
        email,
    )
    assert audit == 1


async def test_a_reset_expires_after_an_hour(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await _reset_token(client, world, email)
    await world.owner.execute(
        """UPDATE auth.password_resets r SET created_at = r.created_at - $2::interval, expires_at = r.expires_at - $2::interval
           FROM auth.users u WHERE u.id = r.user_id AND u.email = $1::citext""",
        email,
        timedelta(hours=1),
    )
    problem(await client.post(RESET, json={"token": token, "password": NEW}), 410, "reset-token-expired")
    await world.log_in(client, email)


async def test_a_token_serves_its_own_purpose_and_user_only(client: httpx.AsyncClient, world: World) -> None:
    mine, other, unconfirmed = await world.account(), await world.account(), new_email()
    await world.register(client, unconfirmed)
    await world.deliver()
    verification, reset = world.token(unconfirmed), await _reset_token(client, world, mine)
    problem(await client.post(RESET, json={"token": verification, "password": NEW}), 400, "reset-token-invalid")
    answer = await client.post(f"{API}/auth/verify-email", json={"token": reset})
    problem(answer, 400, "verification-token-invalid")
    assert (await client.post(RESET, json={"token": reset, "password": NEW})).status_code == 204
    await world.log_in(client, other)


async def test_a_refused_password_leaves_the_token_usable(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await _reset_token(client, world, email)
    refusals = [("short", "validation-failed"), ("x" * 201, "validation-failed"), ("0123456789", "password-too-common"),
                (email, "password-is-email")]  # fmt: skip
    for password, code in refusals:
        problem(await client.post(RESET, json={"token": token, "password": password}), 422, code)
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204


async def test_of_many_resets_at_once_one_wins(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await _reset_token(client, world, email)
    bodies = [{"token": token, "password": f"{NEW} {number}"} for number in range(5)]
    answers = await asyncio.gather(*(client.post(RESET, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [204, 410, 410, 410, 410]
    winner = [answer.status_code for answer in answers].index(204)
    await world.log_in(client, email, f"{NEW} {winner}")


async def test_a_reset_of_an_unconfirmed_account_confirms_it_and_voids_what_was_typed(
    client: httpx.AsyncClient, world: World
) -> None:
    email = new_email()
    await world.register(client, email, "a strangers password")
    await world.deliver()
    verification = world.token(email)
    token = await _reset_token(client, world, email)
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204
    await world.log_in(client, email, NEW)
    answer = await client.post(f"{API}/auth/verify-email", json={"token": verification})
    problem(answer, 410, "verification-token-used")
    refused = await client.post(f"{API}/auth/login", json={"email": email, "password": "a strangers password"})
    problem(refused, 401, "wrong-credentials")


async def test_a_user_suspended_meanwhile_cannot_reset(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await _reset_token(client, world, email)
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", email)
    problem(await client.post(RESET, json={"token": token, "password": NEW}), 400, "reset-token-invalid")


async def test_a_changed_password_keeps_this_session_and_ends_the_others(
    client: httpx.AsyncClient, world: World
) -> None:
    email = await world.account()
    here, there = await world.log_in(client, email), await world.log_in(client, email)
    link = await _reset_token(client, world, email)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await client.post(CHANGE, json=body, headers=bearer(here))).status_code == 204
    assert (await client.get(f"{API}/me", headers=bearer(here))).status_code == 200
    problem(await client.get(f"{API}/me", headers=bearer(there)), 401, "unauthenticated")
    problem(await client.post(RESET, json={"token": link, "password": NEW}), 410, "reset-token-used")
    await world.log_in(client, email, NEW)
    assert (await world.events(email)).count("auth.password_changed") == 1


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"current_password": "wrong wrong wrong", "new_password": NEW}, "current-password-wrong", "current_password"),
        ({"current_password": PASSWORD, "new_password": PASSWORD}, "password-unchanged", "new_password"),
        ({"current_password": PASSWORD, "new_password": "1234567890"}, "password-too-common", "new_password"),
        ({"current_password": PASSWORD, "new_password": "short"}, "validation-failed", "new_password"),
        ({"current_password": PASSWORD}, "validation-failed", "new_password"),
        ({"current_password": PASSWORD, "new_password": NEW + "\x00"}, "validation-failed", "body"),
    ],
)
async def test_a_refused_change_changes_nothing(
    client: httpx.AsyncClient, world: World, body: dict[str, Any], code: str, field: str
) -> None:
    email = await world.account()
    token, other = await world.log_in(client, email), await world.log_in(client, email)
    refused = problem(await client.post(CHANGE, json=body, headers=bearer(token)), 422, code)
    assert refused["errors"][0]["location"][-1] == field
    assert (await client.get(f"{API}/me", headers=bearer(other))).status_code == 200
    await world.log_in(client, email)


async def test_guessing_in_an_open_session_locks_too(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await world.log_in(client, email)
    for _ in range(5):
        body = {"current_password": "guess guess guess", "new_password": NEW}
        problem(await client.post(CHANGE, json=body, headers=bearer(token)), 422, "current-password-wrong")
    body = {"current_password": PASSWORD, "new_password": NEW}
    problem(await client.post(CHANGE, json=body, headers=bearer(token)), 429, "login-locked")
    async with visitor(world.application) as elsewhere:
        refused = await elsewhere.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
        problem(refused, 429, "login-locked")


async def test_a_change_needs_a_session(client: httpx.AsyncClient) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    problem(await client.post(CHANGE, json=body), 401, "unauthenticated")
