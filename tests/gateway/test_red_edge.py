"""Attacks on what stands before every handler: paths made to slip past the scopes of tokens, cookies, senders."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.gateway.scopes import API, check_scope, required_scope
from codezest.kit import tokens
from codezest.kit.errors import TooManyRequests
from codezest.kit.ratelimit import RateLimiter
from codezest.kit.scopes import SCOPES
from codezest.kit.settings import Settings
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import MakeUser, SignedIn, client_for

GUARDED = ("auth", "users", "me", "admin")
CLOSED = (f"{API}/reviews/reported", f"{API}/teach/courses/{{course_id}}/staff")


async def _token(owner: asyncpg.Connection, user: SignedIn) -> dict[str, str]:
    token = tokens.new_token("czt")
    await owner.execute(
        "INSERT INTO auth.api_tokens (id, user_id, name, token_hash, prefix, scopes) VALUES ($1, $2, 'x', $3, 'czt_x', $4)",
        uuid7(), user.id, tokens.token_hash(token), list(SCOPES),
    )  # fmt: skip
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("ending", ["%0A", "%0a", "%0D", "%09", "%7F"])
@pytest.mark.parametrize("path", ["/me/tokens", "/me/sessions", "/me/ways-in", "/me/exports", "/users"])
async def test_no_ending_of_a_path_opens_what_tokens_may_not_see(
    client: httpx.AsyncClient, owner: asyncpg.Connection, make_user: MakeUser, path: str, ending: str
) -> None:
    headers = await _token(owner, await make_user(Role.ADMIN))
    assert (await client.get(f"{API}{path}", headers=headers)).status_code == 403
    assert (await client.get(f"{API}{path}{ending}", headers=headers)).status_code in {400, 403}


@pytest.mark.parametrize(
    "path",
    ["//me/tokens", "/me/tokens\n", "/users\n", "/ME/tokens", "/./me/tokens", "/new-thing", "/", "", "/languages/../me/tokens",
     "/me/tokens/", "/%6de/tokens", "/languages\n"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_closed_where_nothing_opens_it(method: str, path: str) -> None:
    assert required_scope(method, API + path) is None


def test_every_documented_read_is_decided(application: Application) -> None:
    for path, methods in application.app.openapi()["paths"].items():
        if "get" in methods and path.removeprefix(API).split("/")[1] not in GUARDED:
            wanted = {None} if path in CLOSED else {"read", "teach"}
            assert required_scope("GET", path.replace("{", "").replace("}", "")) in wanted, path


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/materials/1/position"), ("PUT", "/materials/1/draft"), ("POST", "/assignments/1/hints"),
     ("PUT", "/attempts/1/saved"), ("DELETE", "/languages/python/enroll")],
)  # fmt: skip
def test_learning_needs_no_right_to_write_courses(method: str, path: str) -> None:
    check_scope({"write:learning"}, method, API + path)


def test_one_household_counts_as_one_sender() -> None:
    limiter = RateLimiter(10)
    for number in range(100):
        limiter.hit_address(f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManyRequests):
        limiter.hit_address("2001:db8:1:2:ffff::1")
    limiter.hit_address("2001:db8:1:3::1")
    limiter.hit_address("not an address")


@pytest.fixture
async def behind_tls(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    made = Application(settings.model_copy(update={"base_url": "https://codezest.example"}), settings.database_url)
    async with made.lifespan(made.app), client_for(made) as client:
        client.base_url = httpx.URL("https://codezest.example")
        yield client


async def test_cookies_are_bound_to_this_very_host(behind_tls: httpx.AsyncClient, student: SignedIn) -> None:
    page = await behind_tls.get("/login")
    (cookie,) = page.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-codezest_csrf=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert attribute in cookie
    assert "domain" not in cookie.lower()
    behind_tls.cookies.clear()

    async def signed_in(name: str) -> bool:
        answer = await behind_tls.get(f"{API}/me", headers={"Cookie": f"{name}={student.token}"})
        return answer.status_code == 200

    assert await signed_in("__Host-codezest_session")
    assert not await signed_in("codezest_session"), "a neighbour below the same domain could have planted it"


async def test_a_cookie_is_taken_back_as_it_was_given(behind_tls: httpx.AsyncClient, make_user: MakeUser) -> None:
    user = await make_user()
    behind_tls.cookies.set("__Host-codezest_session", user.token)
    page = await behind_tls.get("/account")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = await behind_tls.post("/logout", data={"csrf_token": token})
    ended = [cookie for cookie in answer.headers.get_list("set-cookie") if "codezest_session=" in cookie]
    assert [cookie.startswith("__Host-") and "Secure" in cookie for cookie in ended] == [True]
