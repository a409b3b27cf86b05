"""Logging in and out, and what stops guessing."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher

from codezest.kit import tokens
from codezest.services.auth.actions import check_password as check_module
from codezest.services.auth.passwords import verify_password
from services.auth.world import API, PASSWORD, World, bearer, new_address, new_email, problem, visitor

LOGIN = f"{API}/auth/login"
LIMIT = 5


async def _try(client: httpx.AsyncClient, email: str, password: str = "not the password") -> httpx.Response:
    return await client.post(LOGIN, json={"email": email, "password": password})


async def test_a_login_gives_a_token_that_is_stored_as_a_hash(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    answer = await client.post(
        LOGIN, json={"email": email, "password": PASSWORD}, headers={b"User-Agent": b"Test/1.0 \xfc"}
    )
    assert answer.status_code == 200
    token = answer.json()["token"]
    row = await world.owner.fetchrow(
        "SELECT *, host(ip_address) AS ip FROM auth.sessions WHERE token_hash = $1", tokens.token_hash(token)
    )
    assert row is not None
    assert row["ip"].startswith("10.")
    assert row["user_agent"].startswith("Test/1.0")
    assert timedelta(days=29) < row["expires_at"] - row["created_at"] < timedelta(days=31)
    assert (await client.get(f"{API}/me", headers=bearer(token))).json()["email"] == email
    assert await world.outcomes(email) == ["SUCCEEDED"]


async def test_an_unknown_address_and_a_wrong_password_look_alike(client: httpx.AsyncClient, world: World) -> None:
    known, unknown = await world.account(), new_email("nobody")
    answers = [await _try(client, email) for email in (known, unknown)]
    bodies = [problem(answer, 401, "wrong-credentials") | {"instance": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert await world.outcomes(known) == await world.outcomes(unknown) == ["WRONG_CREDENTIALS"]


async def test_an_unknown_address_costs_a_hash_too(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str | None] = []

    async def counted(password: str, stored: str | None) -> tuple[bool, str | None]:
        checks.append(stored)
        return await verify_password(password, stored)

    monkeypatch.setattr(check_module, "verify_password", counted)
    await _try(client, await world.account())
    await _try(client, new_email())
    assert [stored is not None for stored in checks] == [True, False]


async def test_nobodys_password_is_never_right() -> None:
    assert await verify_password("anything at all", None) == (False, None)


@pytest.mark.parametrize("known", [True, False])
async def test_wrong_passwords_lock_an_address_whether_or_not_it_exists(world: World, *, known: bool) -> None:
    email = await world.account() if known else new_email("nobody")
    for _ in range(LIMIT):
        async with visitor(world.application) as client:
            problem(await _try(client, email), 401, "wrong-credentials")
    async with visitor(world.application) as client:
        refused = await _try(client, email.upper(), PASSWORD)  # the right one does not help now
        body = problem(refused, 429, "login-locked")
    assert 800 < body["retry_after"] <= 900
    assert refused.headers["retry-after"] == str(body["retry_after"])
    assert await world.outcomes(email) == ["WRONG_CREDENTIALS"] * LIMIT + ["LOCKED_OUT"]


async def test_the_lock_ends_by_itself(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    for _ in range(LIMIT):
        await _try(client, email)
    problem(await _try(client, email, PASSWORD), 429, "login-locked")
    await world.owner.execute(
        "UPDATE auth.login_events SET created_at = created_at - interval '15 minutes' WHERE email = $1::citext", email
    )
    await world.log_in(client, email)


async def test_a_success_forgets_earlier_failures(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    for _ in range(2):
        for _ in range(LIMIT - 1):
            problem(await _try(client, email), 401, "wrong-credentials")
        await world.log_in(client, email)


async def test_a_reset_through_the_mailbox_lifts_the_lock(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    for _ in range(LIMIT):
        await _try(client, email)
    await client.post(f"{API}/auth/forgot-password", json={"email": email})
    await world.deliver()
    body = {"token": world.token(email), "password": "a brand new password"}
    assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    await world.log_in(client, email, "a brand new password")


async def test_fifty_guesses_at_once_are_checked_no_more_often_than_the_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = await world.account()
    checks = 0

    async def counted(password: str, stored: str | None) -> tuple[bool, str | None]:
        nonlocal checks
        checks += 1
        return await verify_password(password, stored)

    monkeypatch.setattr(check_module, "verify_password", counted)
    async with visitor(world.application) as client:
        answers = await asyncio.gather(*(_try(client, email, f"wrong guess {n}") for n in range(50)))
        assert checks == LIMIT
        assert sorted(answer.status_code for answer in answers) == [401] * LIMIT + [429] * (50 - LIMIT)
        problem(await _try(client, email, PASSWORD), 429, "login-locked")
    assert checks == LIMIT


async def test_rows_alone_hold_the_limit_across_processes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the queue within the process, as if each guess came to another one."""
    email, checks = await world.account(), 0

    async def counted(password: str, stored: str | None) -> tuple[bool, str | None]:
        nonlocal checks
        checks += 1
        return await verify_password(password, stored)

    class NoQueue(dict[str, asyncio.Lock]):
        def setdefault(self, _key: str, default: asyncio.Lock) -> asyncio.Lock:  # pyright: ignore[reportIncompatibleMethodOverride]
            return default

    monkeypatch.setattr(check_module, "verify_password", counted)
    monkeypatch.setattr(check_module, "_turns", NoQueue())
    async with visitor(world.application) as client:
        answers = await asyncio.gather(*(_try(client, email, f"wrong guess {n}") for n in range(50)))
    assert checks == LIMIT
    assert [answer.status_code for answer in answers].count(429) == 50 - LIMIT


async def test_a_class_may_share_one_account(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    answers = await asyncio.gather(*(_try(client, email, PASSWORD) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_network_is_bounded_more_loosely(world: World, client: httpx.AsyncClient) -> None:
    address = new_address()
    await world.owner.execute(
        """INSERT INTO auth.login_events (email, outcome, ip_address)
           SELECT 'spread-' || n || '@codezest.example', 'WRONG_CREDENTIALS', $1::text::inet
           FROM generate_series(1, $2::int) n""",
        address,
        LIMIT * 20 - 1,
    )
    email = await world.account()
    async with visitor(world.application, address) as busy:
        problem(await _try(busy, new_email()), 401, "wrong-credentials")
        problem(await _try(busy, email, PASSWORD), 429, "login-locked")
    await world.log_in(client, email)  # from elsewhere the address is not locked


async def test_a_suspended_user_is_told_so_only_with_the_right_password(
    client: httpx.AsyncClient, world: World
) -> None:
    email = await world.account()
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", email)
    problem(await _try(client, email), 401, "wrong-credentials")
    problem(await _try(client, email, PASSWORD), 403, "account-suspended")
    assert await world.outcomes(email) == ["WRONG_CREDENTIALS", "SUSPENDED"]


async def test_an_unconfirmed_user_is_told_so_only_with_the_right_password(
    client: httpx.AsyncClient, world: World
) -> None:
    email = new_email()
    await world.register(client, email)
    problem(await _try(client, email), 401, "wrong-credentials")
    problem(await _try(client, email, PASSWORD), 403, "email-not-verified")
    assert await world.outcomes(email) == ["WRONG_CREDENTIALS", "UNVERIFIED"]
    await world.waiting()


async def test_a_deleted_user_is_unknown(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token = await world.log_in(client, email)
    await world.owner.execute("UPDATE auth.users SET deleted_at = now() WHERE email = $1::citext", email)
    problem(await _try(client, email, PASSWORD), 401, "wrong-credentials")
    problem(await client.get(f"{API}/me", headers=bearer(token)), 401, "unauthenticated")


async def test_a_hash_with_other_parameters_is_renewed(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await world.owner.execute("UPDATE auth.users SET password_hash = $2 WHERE email = $1::citext", email, weaker)
    await world.log_in(client, email)
    stored = await world.owner.fetchval("SELECT password_hash FROM auth.users WHERE email = $1::citext", email)
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await world.log_in(client, email)


async def test_a_password_replaced_during_its_check_begins_no_session(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = await world.account()

    async def slow(password: str, stored: str | None) -> tuple[bool, str | None]:
        found = await verify_password(password, stored)
        await world.owner.execute("UPDATE auth.users SET password_hash = 'replaced' WHERE email = $1::citext", email)
        return found

    monkeypatch.setattr(check_module, "verify_password", slow)
    problem(await _try(client, email, PASSWORD), 401, "wrong-credentials")
    assert await world.outcomes(email) == ["WRONG_CREDENTIALS"]


async def test_logout_ends_the_session(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    token, other = await world.log_in(client, email), await world.log_in(client, email)
    assert (await client.post(f"{API}/auth/logout", headers=bearer(token))).status_code == 204
    problem(await client.get(f"{API}/me", headers=bearer(token)), 401, "unauthenticated")
    assert (await client.get(f"{API}/me", headers=bearer(other))).status_code == 200
    problem(await client.post(f"{API}/auth/logout", headers=bearer(token)), 401, "unauthenticated")


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@codezest.example"}, {"email": 1, "password": 2}, {"email": "a@codezest.example", "password": "x" * 1001},
     {"email": "a@codezest.example", "password": "a\x00b"}, {"email": "\x00@codezest.example", "password": "x"},
     {"email": "a@codezest.example", "password": "x", "extra": 1}],
)  # fmt: skip
async def test_malformed_credentials_are_no_attempt(
    client: httpx.AsyncClient, world: World, body: dict[str, object]
) -> None:
    before = await world.owner.fetchval("SELECT count(*) FROM auth.login_events")
    problem(await client.post(LOGIN, json=body), 422, "validation-failed")
    assert await world.owner.fetchval("SELECT count(*) FROM auth.login_events") == before


@pytest.mark.parametrize("token", ["", "x", "czs_" + "A" * 43, "ü", "a b c", "\x7f"])
async def test_a_made_up_token_is_nobody(client: httpx.AsyncClient, token: str) -> None:
    headers = {b"Authorization": f"Bearer {token}".encode()}
    problem(await client.get(f"{API}/me", headers=headers), 401, "unauthenticated")
