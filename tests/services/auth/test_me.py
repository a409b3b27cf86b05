"""One's own account, profile and sessions."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import structlog

from codezest.kit import tokens
from codezest.kit.actor import ANONYMOUS
from codezest.kit.preferences import Preferences
from codezest.services.auth.queries import actor_of_session
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn
from services.auth.world import API, World, bearer, problem

ME = f"{API}/me"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PATCH", ""), ("GET", "/profile"), ("PATCH", "/profile"), ("GET", "/sessions"),
     ("DELETE", f"/sessions/{UUID(int=7)}")],
)  # fmt: skip
async def test_strangers_are_refused(client: httpx.AsyncClient, method: str, path: str) -> None:
    body: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    answer = await client.request(method, ME + path, **body)
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_account_is_read_and_changed_in_part(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    user = await make_user(Role.STUDENT)
    before = (await client.get(ME, headers=user.headers)).json()
    assert before["id"] == str(user.id)
    assert (before["locale"], before["timezone"], before["date_of_birth"]) == ("en", "UTC", None)
    changes = {"first_name": " Zoë ", "timezone": "Europe/Paris", "date_of_birth": "1990-02-28"}
    after = (await client.patch(ME, json=changes, headers=user.headers)).json()
    assert after == before | changes | {"first_name": "Zoë"}
    cleared = await client.patch(ME, json={"date_of_birth": None, "avatar_url": None}, headers=user.headers)
    assert cleared.json() == before | {"first_name": "Zoë", "timezone": "Europe/Paris"}
    assert (await client.patch(ME, json={}, headers=user.headers)).json() == cleared.json()


@pytest.mark.parametrize(
    "changes",
    [{"first_name": None}, {"first_name": ""}, {"first_name": 5}, {"last_name": None}, {"last_name": "x" * 101},
     {"timezone": "Mars/Olympus"}, {"timezone": None}, {"timezone": "../../etc/passwd"}, {"locale": "not a locale"}, {"locale": "xx"},
     {"locale": "de-XX"}, {"locale": "en_US@../../../tmp"},
     {"locale": "x" * 36}, {"locale": None}, {"date_of_birth": "1899-12-31"}, {"date_of_birth": "2999-01-01"},
     {"date_of_birth": 0}, {"date_of_birth": "yesterday"}, {"avatar_url": "javascript:alert(1)"},
     {"avatar_url": "https://pictures.example/z.png"}, {"avatar_url": f"/avatars/{'0' * 32}.webp"},
     {"avatar_url": f"/avatars/{'0' * 32}.webp\n"}, {"email": "new@codezest.example"}, {"role": "ADMIN"},
     {"first_name": "A\x00"}, {"suspended": False}],
)  # fmt: skip
async def test_unacceptable_changes_change_nothing(
    client: httpx.AsyncClient, student: SignedIn, changes: dict[str, Any]
) -> None:
    before = (await client.get(ME, headers=student.headers)).json()
    problem(await client.patch(ME, json=changes, headers=student.headers), 422, "validation-failed")
    assert (await client.get(ME, headers=student.headers)).json() == before


async def test_the_profile_is_read_and_changed_in_part(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    user = await make_user(Role.STUDENT)
    empty = (await client.get(f"{ME}/profile", headers=user.headers)).json()
    nothing = dict.fromkeys(
        ["handle", "bio", "avatar", "location", "website", "github_url", "linkedin_url", "twitter_url"]
    )
    assert empty == nothing | {
        "visibility": "PRIVATE", "shows_progress": True, "shows_streak": False, "preferences": Preferences().model_dump()
    }  # fmt: skip
    changes: dict[str, Any] = {
        "bio": "I like tea.\n\U0001fad6",
        "location": "Paris",
        "website": "https://zoe.example/?q=1#top",
        "github_url": "https://github.com/zoe",
        "visibility": "MEMBERS",
        "shows_streak": True,
        "preferences": {"theme": "dark", "editor": {"size": 18, "keys": "vim"}, "reduced_data": True},
    }
    after = (await client.patch(f"{ME}/profile", json=changes, headers=user.headers)).json()
    assert after.pop("handle").startswith("learner-")
    chosen = Preferences.model_validate(changes["preferences"]).model_dump()
    empty.pop("handle")
    assert after == empty | changes | {"preferences": chosen}
    last = (await client.patch(f"{ME}/profile", json={"bio": None, "location": ""}, headers=user.headers)).json()
    assert last.pop("handle")
    assert last == after | {"bio": None, "location": None}


@pytest.mark.parametrize(
    "changes",
    [{"website": "javascript:alert(1)"}, {"website": "ftp://files.example"}, {"website": "//evil.example"},
     {"website": "https://"}, {"website": "https://a b.example"}, {"website": "https://x.example:99999"},
     {"github_url": 'https://x.example/"><script>'}, {"website": "https://x.example/" + "a" * 500}, {"bio": "x" * 4001},
     {"bio": 1}, {"preferences": None}, {"preferences": []}, {"preferences": {"a": {"b": 1}}},
     {"preferences": {"theme": "pink"}}, {"preferences": {"editor": {"size": 2**80}}}, {"website": "http://zoe.example/"},
     {"preferences": {"editor": {"size": "14"}}}, {"preferences": {"editor": None}}, {"avatar": "a"},
     {"handle": None}, {"handle": "ab"}, {"handle": "Admin"}, {"handle": "a b c"}, {"handle": "-abc"}, {"handle": "a--b"},
     {"handle": "x" * 31}, {"handle": "zoë"}, {"handle": "the-codezest-team"}, {"visibility": None},
     {"visibility": "EVERYBODY"}, {"shows_streak": "yes"}, {"user_id": str(uuid4())}, {"bio": "\x00"}, {"preferences": {"a": "\x00"}}],
)  # fmt: skip
async def test_unacceptable_profiles_change_nothing(
    client: httpx.AsyncClient, student: SignedIn, changes: dict[str, Any]
) -> None:
    before = (await client.get(f"{ME}/profile", headers=student.headers)).json()
    problem(await client.patch(f"{ME}/profile", json=changes, headers=student.headers), 422, "validation-failed")
    assert (await client.get(f"{ME}/profile", headers=student.headers)).json() == before


@pytest.mark.parametrize(
    "preferences",
    [
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
    ],
)
async def test_numbers_and_texts_that_json_cannot_keep_are_bad_input(
    client: httpx.AsyncClient, student: SignedIn, preferences: bytes
) -> None:
    answer = await client.patch(
        f"{ME}/profile",
        content=b'{"preferences": ' + preferences + b"}",
        headers=student.headers | {"Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("depth", [300, 700, 5000, 100_000])
async def test_deeply_nested_json_is_bad_input(client: httpx.AsyncClient, student: SignedIn, depth: int) -> None:
    headers = student.headers | {"Content-Type": "application/json"}
    body = b'{"preferences": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    with structlog.testing.capture_logs():
        answer = await client.patch(f"{ME}/profile", content=body, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text


async def test_sessions_are_listed_newest_first_by_pages(client: httpx.AsyncClient, world: World) -> None:
    email = await world.account()
    held = [await world.log_in(client, email) for _ in range(3)]
    first = (await client.get(f"{ME}/sessions?limit=2", headers=bearer(held[1]))).json()
    assert [item["current"] for item in first["items"]] == [False, True]
    cursor = first["next_cursor"]
    second = (await client.get(f"{ME}/sessions?limit=2&cursor={cursor}", headers=bearer(held[1]))).json()
    assert [item["current"] for item in second["items"]] == [False]
    assert second["next_cursor"] is None
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert first["items"][0]["ip_address"].startswith("10.")
    assert "token_hash" not in first["items"][0]


@pytest.mark.parametrize(
    ("query", "status"), [("limit=0", 422), ("limit=101", 422), ("limit=x", 422), ("cursor=%FF", 400), ("cursor=x", 400),
                          ("cursor=" + "a" * 301, 422), ("cursor=%00", 400)],
)  # fmt: skip
async def test_bad_pages_are_refused(client: httpx.AsyncClient, student: SignedIn, query: str, status: int) -> None:
    assert (await client.get(f"{ME}/sessions?{query}", headers=student.headers)).status_code == status


async def test_a_session_can_be_ended_by_its_owner_only(client: httpx.AsyncClient, world: World) -> None:
    mine, other = await world.account(), await world.account()
    token, foreign = await world.log_in(client, mine), await world.log_in(client, other)
    listed = (await client.get(f"{ME}/sessions", headers=bearer(foreign))).json()["items"]
    path = f"{ME}/sessions/{listed[0]['id']}"
    problem(await client.delete(path, headers=bearer(token)), 404, "session-not-found")
    assert (await client.get(ME, headers=bearer(foreign))).status_code == 200
    assert (await client.delete(path, headers=bearer(foreign))).status_code == 204
    problem(await client.get(ME, headers=bearer(foreign)), 401, "unauthenticated")
    problem(await client.delete(f"{ME}/sessions/{UUID(int=7)}", headers=bearer(token)), 404, "session-not-found")
    problem(await client.delete(f"{ME}/sessions/no-id", headers=bearer(token)), 422, "validation-failed")


async def _session(owner: asyncpg.Connection, user: SignedIn, change: str) -> bytes:
    hashed = tokens.token_hash(user.token)
    await owner.execute(f"UPDATE auth.sessions SET {change} WHERE token_hash = $1", hashed)  # noqa: S608
    return hashed


@pytest.mark.parametrize(
    "change",
    ["revoked_at = now()", "created_at = now() - interval '2 days', expires_at = now()"],
)
async def test_an_ended_session_is_nobodys(world: World, make_user: MakeUser, change: str) -> None:
    user = await make_user()
    pool = world.database.pool("auth")
    assert (await actor_of_session(pool, tokens.token_hash(user.token), session_days=30)).user_id == user.id
    hashed = await _session(world.owner, user, change)
    assert await actor_of_session(pool, hashed, session_days=30) is ANONYMOUS


@pytest.mark.parametrize("change", ["deleted_at = now()", "suspended_at = now()"])
async def test_a_user_out_of_standing_is_nobody(world: World, make_user: MakeUser, change: str) -> None:
    user = await make_user()
    await world.owner.execute(f"UPDATE auth.users SET {change} WHERE id = $1", user.id)  # noqa: S608
    pool = world.database.pool("auth")
    assert await actor_of_session(pool, tokens.token_hash(user.token), session_days=30) is ANONYMOUS


async def test_a_used_session_slides_at_most_every_five_minutes(world: World, make_user: MakeUser) -> None:
    user = await make_user(Role.INSTRUCTOR)
    pool, hashed = world.database.pool("auth"), tokens.token_hash(user.token)
    ends = "SELECT expires_at FROM auth.sessions WHERE token_hash = $1"
    fresh = await world.owner.fetchval(ends, hashed)
    actor = await actor_of_session(pool, hashed, session_days=30)
    assert (actor.role, actor.email, actor.display_name) == (Role.INSTRUCTOR, user.email, "Test Person")
    assert await world.owner.fetchval(ends, hashed) == fresh
    await _session(world.owner, user, "last_seen_at = now() - interval '6 minutes'")
    await actor_of_session(pool, hashed, session_days=30)
    slid = await world.owner.fetchval(ends, hashed)
    assert slid is not None
    assert fresh is not None
    assert (slid - fresh).days == 29  # from one day to thirty
    await actor_of_session(pool, hashed, session_days=30)
    assert await world.owner.fetchval(ends, hashed) == slid
