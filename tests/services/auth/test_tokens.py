"""Tokens with which programs act in somebody's name."""

import asyncio

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest_db.enums import Role
from services.auth.browser import logged_in
from services.auth.world import API, World, bearer, problem

NOBODYS = "01890000-0000-7000-8000-000000000000"
"""An id of no row; the same in every run, since it is part of tests' names."""

TOKENS = f"{API}/me/tokens"
ALL = ["read", "write:profile", "write:learning", "write:content"]


async def _made(client: httpx.AsyncClient, session: str, *scopes: str, **more: object) -> str:
    body = {"name": "My script", "scopes": list(scopes or ["read"])} | more
    answer = await client.post(TOKENS, json=body, headers=bearer(session))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def test_a_token_is_shown_once_and_kept_as_a_hash(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    session = await world.log_in(client, address)
    token = await _made(client, session, "read", "write:profile")
    assert token.startswith("czt_")
    assert len(token) == 47
    (held,) = (await client.get(TOKENS, headers=bearer(session))).json()
    assert (held["name"], held["prefix"], held["scopes"]) == ("My script", token[:10], ["read", "write:profile"])
    assert (held["last_used_at"], held["expired"]) == (None, False)
    assert token not in str(held)
    row = await world.owner.fetchrow("SELECT * FROM auth.api_tokens WHERE id = $1", held["id"])
    assert row is not None
    assert row["token_hash"] == tokens.token_hash(token)
    assert token not in str(dict(row))
    await world.deliver()
    assert world.letters(address)[0].subject == "A new token for your account"


async def test_a_token_does_what_its_scopes_say(client: httpx.AsyncClient, world: World) -> None:
    session = await world.log_in(client, await world.account())
    reading = bearer(await _made(client, session, "read"))
    writing = bearer(await _made(client, session, "write:profile"))
    assert (await client.get(f"{API}/me", headers=reading)).status_code == 200
    refused = await client.patch(f"{API}/me", json={"first_name": "Eve"}, headers=reading)
    assert problem(refused, 403, "scope-missing")["scope"] == "write:profile"
    assert (await client.patch(f"{API}/me", json={"first_name": "Zoë"}, headers=writing)).status_code == 200
    problem(await client.get(f"{API}/me", headers=writing), 403, "scope-missing")
    assert (await client.get("/account", headers=reading)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me/tokens"), ("POST", "/me/tokens"), ("DELETE", f"/me/tokens/{NOBODYS}"), ("POST", "/me/password"),
     ("GET", "/me/sessions"), ("DELETE", f"/me/sessions/{NOBODYS}"), ("POST", "/auth/logout"), ("POST", "/me/email"),
     ("POST", "/me/deletion"), ("DELETE", "/me/deletion"), ("POST", "/me/exports"), ("GET", "/me/exports"),
     ("GET", f"/me/exports/{NOBODYS}/file"), ("GET", "/users"), ("PATCH", f"/users/{NOBODYS}"), ("POST", "/auth/login")],
)  # fmt: skip
async def test_no_token_guards_the_account(client: httpx.AsyncClient, world: World, method: str, path: str) -> None:
    session = await world.log_in(client, await world.account(Role.ADMIN))
    token = bearer(await _made(client, session, *ALL))
    problem(await client.request(method, API + path, headers=token, json={}), 403, "scope-missing")


async def test_a_token_is_no_cookie(client: httpx.AsyncClient, world: World) -> None:
    token = await _made(client, await world.log_in(client, await world.account()), *ALL)
    client.cookies.set("codezest_session", token)
    assert (await client.get(f"{API}/me")).status_code == 401


async def test_a_token_ends_when_it_is_revoked_or_its_time_is_over(client: httpx.AsyncClient, world: World) -> None:
    session = await world.log_in(client, await world.account())
    revoked, ended = await _made(client, session), await _made(client, session, expires_in_days=1)
    forever = await _made(client, session, expires_in_days=None)
    held = (await client.get(TOKENS, headers=bearer(session))).json()
    assert [one["expires_at"] is None for one in held] == [True, False, False]
    gone = await client.delete(f"{TOKENS}/{held[2]['id']}", headers=bearer(session))
    assert gone.status_code == 204
    problem(await client.delete(f"{TOKENS}/{held[2]['id']}", headers=bearer(session)), 404, "api-token-not-found")
    await world.owner.execute(
        "UPDATE auth.api_tokens SET created_at = now() - interval '2 days', expires_at = now() WHERE id = $1",
        held[1]["id"],
    )
    statuses = [(await client.get(f"{API}/me", headers=bearer(one))).status_code for one in (revoked, ended, forever)]
    assert statuses == [401, 401, 200]
    assert [one["expired"] for one in (await client.get(TOKENS, headers=bearer(session))).json()] == [False, True]


async def test_nobody_revokes_anothers_token(client: httpx.AsyncClient, world: World) -> None:
    owner = await world.log_in(client, await world.account())
    other = await world.log_in(client, await world.account(Role.ADMIN))
    token = await _made(client, owner)
    (held,) = (await client.get(TOKENS, headers=bearer(owner))).json()
    problem(await client.delete(f"{TOKENS}/{held['id']}", headers=bearer(other)), 404, "api-token-not-found")
    assert (await client.get(f"{API}/me", headers=bearer(token))).status_code == 200


async def test_the_last_use_is_written_once_a_minute(client: httpx.AsyncClient, world: World) -> None:
    session = await world.log_in(client, await world.account())
    token = await _made(client, session)

    async def used() -> object:
        return (await client.get(TOKENS, headers=bearer(session))).json()[0]["last_used_at"]

    await asyncio.gather(*(client.get(f"{API}/me", headers=bearer(token)) for _ in range(5)))
    first = await used()
    assert first is not None
    await client.get(f"{API}/me", headers=bearer(token))
    assert await used() == first
    await world.owner.execute(
        "UPDATE auth.api_tokens SET last_used_at = now() - interval '61 seconds' WHERE token_hash = $1",
        tokens.token_hash(token),
    )
    await client.get(f"{API}/me", headers=bearer(token))
    assert await used() not in {first, None}


async def test_a_suspended_or_renamed_owner_is_what_the_token_sees(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    token = await _made(client, await world.log_in(client, address))
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1", address)
    assert (await client.get(f"{API}/me", headers=bearer(token))).status_code == 401


async def test_a_new_password_by_mail_ends_every_token(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    token = await _made(client, await world.log_in(client, address))
    await client.post(f"{API}/auth/forgot-password", json={"email": address})
    await world.deliver()
    body = {"token": world.token(address), "password": "nine orange lanterns"}
    assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    assert (await client.get(f"{API}/me", headers=bearer(token))).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "x"}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["admin"]}, {"name": " ", "scopes": ["read"]},
     {"name": "x" * 101, "scopes": ["read"]}, {"name": "x", "scopes": ["read"], "expires_in_days": 0},
     {"name": "x", "scopes": ["read"], "expires_in_days": 367}, {"name": "x", "scopes": "read"}],
)  # fmt: skip
async def test_unacceptable_requests_make_nothing(client: httpx.AsyncClient, world: World, body: object) -> None:
    session = await world.log_in(client, await world.account())
    problem(await client.post(TOKENS, json=body, headers=bearer(session)), 422, "validation-failed")
    assert (await client.get(TOKENS, headers=bearer(session))).json() == []


async def test_there_are_only_so_many_even_at_once(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codezest.services.auth.rules.MOST_TOKENS", 3)
    session = await world.log_in(client, await world.account())
    body = {"name": "x", "scopes": ["read"]}
    answers = await asyncio.gather(*(client.post(TOKENS, json=body, headers=bearer(session)) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
    problem(next(answer for answer in answers if answer.status_code == 409), 409, "too-many-tokens")


async def test_the_page_shows_the_token_once(application: Application, world: World) -> None:
    page = "/account/tokens"
    async with logged_in(application, world, await world.account()) as browser:
        wrong = await browser.send(page, page, name="<b>", expires_in_days="90")
        assert wrong.status_code == 422
        assert "&lt;b&gt;" in wrong.text
        assert wrong.text.count("Choose at least one thing") == 2
        odd = await browser.send(page, page, name="x", scopes=["read"], expires_in_days="soon")
        assert "Choose when the token ends." in odd.text
        made = await browser.send(
            page, page, name="Backup <1>", scopes=["read", "write:content"], expires_in_days="never"
        )
        assert made.status_code == 200
        token = made.text.split('value="czt_')[1].split('"')[0]
        assert len(token) == 43
        again = await browser.open(page)
        assert token not in again.text
        assert "Backup &lt;1&gt;" in again.text
        assert "Never ends" in again.text
        held = again.text.split('data-token="')[1].split('"')[0]
        gone = await browser.send(f"{page}/{held}/revoke", page)
        assert gone.headers["location"] == page
        assert "Backup" not in (await browser.open(page)).text
        assert (await browser.send(f"{page}/no-uuid/revoke", page)).status_code == 404
