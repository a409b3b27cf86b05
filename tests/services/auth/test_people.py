"""Public pages: who sees them, and what they show."""

import asyncio
from typing import Any

import httpx
import pytest

from codezest.gateway.app import Application
from fixtures.accounts import MakeUser, SignedIn
from services.auth.browser import logged_in
from services.auth.learner import learned
from services.auth.world import API, World, problem, visitor

PROFILE = f"{API}/me/profile"


async def _with_page(client: httpx.AsyncClient, user: SignedIn, **changes: Any) -> str:
    """The handle of a user whose page is as said."""
    answer = await client.patch(PROFILE, json={"visibility": "PUBLIC"} | changes, headers=user.headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["handle"])


@pytest.mark.parametrize(
    ("visibility", "stranger", "member"), [("PUBLIC", 200, 200), ("MEMBERS", 404, 200), ("PRIVATE", 404, 404)]
)
async def test_the_owner_decides_who_sees_the_page(
    client: httpx.AsyncClient, make_user: MakeUser, visibility: str, stranger: int, member: int
) -> None:
    owner, other = await make_user(), await make_user()
    handle = await _with_page(client, owner, visibility=visibility)
    for path in (f"/people/{handle}", f"{API}/people/{handle}"):
        assert (await client.get(path)).status_code == stranger
        assert (await client.get(path, headers=other.headers)).status_code == member
        own = await client.get(path, headers=owner.headers)
        assert own.status_code == 200
    assert own.json()["own"] is True


async def test_a_page_shows_what_its_owner_wrote_and_no_more(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    owner = await make_user()
    handle = await _with_page(
        client, owner, bio="<script>alert(1)</script>\n\nTea.", location="Paris", website="https://www.zoe.example/blog?x=1",
        github_url="https://evil.example/github.com",
    )  # fmt: skip
    page = await client.get(f"/people/{handle}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert 'href="https://www.zoe.example/blog?x=1" rel="me nofollow noopener">zoe.example</a>' in page.text
    assert ">evil.example</a>" in page.text
    assert owner.email not in page.text
    assert owner.email not in (await client.get(f"{API}/people/{handle}")).text
    assert "noindex" not in page.text
    assert (await client.get(f"/people/{handle.upper()}")).status_code == 200


async def test_addresses_saved_before_https_was_asked_for_are_not_shown(
    client: httpx.AsyncClient, make_user: MakeUser, world: World
) -> None:
    owner = await make_user()
    handle = await _with_page(client, owner)
    await world.owner.execute(
        "UPDATE auth.user_profiles SET website = 'http://old.example/' WHERE user_id = $1", owner.id
    )
    assert "old.example" not in (await client.get(f"/people/{handle}")).text


async def test_learning_is_shown_where_its_owner_wants(
    client: httpx.AsyncClient, make_user: MakeUser, world: World
) -> None:
    owner = await make_user()
    done = await learned(world.owner, owner.id, days_ago=(0, 1, 2, 4))
    handle = await _with_page(client, owner, shows_progress=True, shows_streak=True)
    shown = (await client.get(f"{API}/people/{handle}")).json()
    assert (shown["solved"], shown["streak"]) == (1, 3)
    (language,) = shown["languages"]
    assert (language["language_slug"], language["progress_percent"]) == (done.slug, 50)
    page = await client.get(f"/people/{handle}")
    assert f'href="/languages/{done.slug}"' in page.text
    await _with_page(client, owner, shows_progress=False, shows_streak=False)
    hidden = (await client.get(f"{API}/people/{handle}")).json()
    assert (hidden["languages"], hidden["solved"], hidden["streak"]) == (None, None, None)
    assert done.slug not in (await client.get(f"/people/{handle}")).text


@pytest.mark.parametrize(
    ("days_ago", "streak"), [((), 0), ((1,), 1), ((1, 2), 2), ((2, 3), 0), ((0, 2), 1), ((0, 0, 0), 1)]
)
async def test_a_streak_ends_today_or_yesterday(
    client: httpx.AsyncClient, make_user: MakeUser, world: World, days_ago: tuple[int, ...], streak: int
) -> None:
    owner = await make_user()
    await learned(world.owner, owner.id, days_ago=days_ago)
    handle = await _with_page(client, owner, shows_streak=True)
    assert (await client.get(f"{API}/people/{handle}")).json()["streak"] == streak


@pytest.mark.parametrize("change", ["suspended_at = now()", "deleted_at = now()", "deletion_requested_at = now()"])
async def test_who_is_gone_or_barred_is_not_shown(
    client: httpx.AsyncClient, make_user: MakeUser, world: World, change: str
) -> None:
    owner, other = await make_user(), await make_user()
    handle = await _with_page(client, owner)
    await world.owner.execute(f"UPDATE auth.users SET {change} WHERE id = $1", owner.id)  # noqa: S608 - ours
    problem(await client.get(f"{API}/people/{handle}", headers=other.headers), 404, "person-not-found")


async def test_a_name_belongs_to_one_person(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    one, two = await make_user(), await make_user()
    handle = f"ada-{one.id.hex[-8:]}"
    assert await _with_page(client, one, handle=handle) == handle
    await _with_page(client, two, location="Rome")
    taken = await client.patch(PROFILE, json={"handle": handle.upper(), "location": "Oslo"}, headers=two.headers)
    assert problem(taken, 422, "handle-taken")["errors"][0]["location"] == ["body", "handle"]
    assert (await client.get(PROFILE, headers=two.headers)).json()["location"] == "Rome"
    assert await _with_page(client, one, handle=handle.upper()) == handle.upper()


async def test_of_two_who_want_a_name_at_once_one_gets_it(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    people = [await make_user() for _ in range(4)]
    body = {"handle": f"wanted-{people[0].id.hex[-8:]}"}
    answers = await asyncio.gather(*(client.patch(PROFILE, json=body, headers=one.headers) for one in people))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


@pytest.mark.parametrize("handle", ["nobody-here", "x" * 5000, "%27%20OR%201=1", "%ff", "a%2fb"])
async def test_nobody_is_not_found(client: httpx.AsyncClient, handle: str) -> None:
    assert (await client.get(f"/people/{handle}")).status_code == 404
    assert (await client.get(f"{API}/people/{handle}")).status_code == 404


async def test_the_form_sets_it_all(application: Application, world: World) -> None:
    page = "/account/profile"
    async with logged_in(application, world, await world.account()) as browser:
        first = await browser.send(page, page, visibility="PUBLIC", bio="Hello", website="http://zoe.example")
        assert first.status_code == 422
        assert "Website: Use an address that starts with https://." in first.text
        assert "Hello" in first.text
        saved = await browser.send(page, page, visibility="PUBLIC", bio="Hello", website="", shows_streak="on")
        assert saved.headers["location"] == page
        shown = await browser.open(page)
        handle = shown.text.split('href="/people/')[1].split('"')[0]
        assert '<option value="PUBLIC" selected>' in shown.text
        reserved = await browser.send(page, page, handle="Admin", visibility="PUBLIC")
        assert "This name is reserved." in reserved.text
        async with visitor(application) as stranger:
            public = await stranger.get(f"/people/{handle}")
            assert "Hello" in public.text
            assert "Days in a row" in public.text
            assert "Exercises solved" not in public.text  # its box was not ticked
