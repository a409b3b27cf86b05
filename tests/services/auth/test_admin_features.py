"""Settings of the platform: typed, changed by one administrator at a time, and obeyed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.features import DEFAULTS, KEYS, FeatureSettings, feature_settings
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn
from services.auth.browser import logged_in
from services.auth.world import API, PASSWORD, World, bearer, csrf_token, new_email, problem, visitor

FEATURES = f"{API}/admin/features"


@pytest.fixture(autouse=True)
async def _as_they_were(world: World, application: Application) -> AsyncIterator[None]:
    yield
    await world.owner.execute("DELETE FROM auth.feature_settings")
    assert application.edge.resources is not None
    application.edge.resources.features.forget()


async def _set(client: httpx.AsyncClient, admin: SignedIn, key: str, value: Any, revision: int = 0) -> httpx.Response:
    body = {"value": value, "revision": revision}
    return await client.put(f"{FEATURES}/{key}", json=body, headers=admin.headers)


async def test_every_setting_has_a_type_a_default_and_words(client: httpx.AsyncClient, admin: SignedIn) -> None:
    found = (await client.get(FEATURES, headers=admin.headers)).json()
    assert [one["key"] for one in found] == list(KEYS)
    assert all(one["description"] and one["read_by"] and one["value"] == one["default"] for one in found)
    assert {one["revision"] for one in found} == {0}
    assert next(one for one in found if one["key"] == "registration")["choices"] == ["OPEN", "INVITE_ONLY", "CLOSED"]


async def test_of_two_changes_at_once_the_second_is_refused(
    client: httpx.AsyncClient, world: World, admin: SignedIn, make_user: MakeUser
) -> None:
    other = await make_user(Role.ADMIN)
    answers = await asyncio.gather(
        _set(client, admin, "announcement", "One"), _set(client, other, "announcement", "Two")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await _set(client, admin, "announcement", "Three", 1)).json()["revision"] == 2
    refused = problem(await _set(client, other, "announcement", "Four", 1), 409, "feature-changed-elsewhere")
    assert refused["revision"] == 2
    assert (await feature_settings(world.database.pool("learning"))).announcement == "Three"
    acts = await world.owner.fetch(
        "SELECT details FROM auth.audit_entries WHERE action = 'feature.changed' ORDER BY id"
    )
    assert len(acts) == 2
    assert '"after": "Three"' in acts[-1]["details"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("registration", "MAYBE"),
        ("registration", True),
        ("reviews", "yes"),
        ("announcement", "x" * 501),
        ("reviews", ""),
    ],
)
async def test_what_does_not_fit_is_refused(
    client: httpx.AsyncClient, admin: SignedIn, key: str, value: object
) -> None:
    problem(await _set(client, admin, key, value), 422, "validation-failed")


async def test_nonsense_is_refused(client: httpx.AsyncClient, admin: SignedIn) -> None:
    problem(await _set(client, admin, "no-such-thing", True), 404, "feature-not-found")
    problem(await _set(client, admin, "reviews", False, 5), 409, "feature-changed-elsewhere")
    problem(await _set(client, admin, "reviews", False, -1), 422, "validation-failed")


def test_what_fits_no_longer_counts_as_the_default() -> None:
    stored = {"registration": "SOMETIMES", "reviews": False, "gone": 1}
    assert FeatureSettings.of(stored) == DEFAULTS.model_copy(update={"reviews": False})


@pytest.mark.parametrize("how", ["INVITE_ONLY", "CLOSED"])
async def test_registration_is_closed_and_logging_in_is_not(
    client: httpx.AsyncClient, world: World, application: Application, how: str
) -> None:
    email = await world.account(Role.ADMIN)
    headers = bearer(await world.log_in(client, email))
    answer = await client.put(f"{FEATURES}/registration", json={"value": how, "revision": 0}, headers=headers)
    assert answer.status_code == 200, answer.text
    body = {"email": new_email(), "password": PASSWORD, "first_name": "Ada"}
    problem(await client.post(f"{API}/auth/register", json=body), 403, "registration-closed")
    invited = await client.post(f"{API}/users", json={"email": new_email(), "first_name": "Ada"}, headers=headers)
    assert invited.status_code == {"INVITE_ONLY": 201, "CLOSED": 403}[how]
    await world.log_in(client, email)
    async with visitor(application) as stranger:
        form = {"csrf_token": csrf_token(await stranger.get("/register"))} | body
        assert "New accounts are not open to everybody" in (await stranger.post("/register", data=form)).text


async def test_notices_stand_on_every_page_until_they_are_closed(
    client: httpx.AsyncClient, application: Application, admin: SignedIn
) -> None:
    await _set(client, admin, "maintenance_notice", "Down <b>tonight</b>.")
    await _set(client, admin, "announcement", "New course.")
    async with visitor(application) as stranger:
        page = await stranger.get("/languages")
        assert "Down &lt;b&gt;tonight&lt;/b&gt;." in page.text
        assert page.text.index("Down") < page.text.index("New course.")
        key = page.text.partition('name="notice" value="')[2][:12]
        closing = {"csrf_token": csrf_token(page), "notice": key, "next": "//elsewhere.example"}
        closed = await stranger.post("/preferences/notices", data=closing)
        assert closed.headers["location"] == "/"
        left = (await stranger.get("/languages")).text
        assert "tonight" not in left
        assert "New course." in left
        await _set(client, admin, "maintenance_notice", "Down tomorrow.", 1)
        assert "Down tomorrow." in (await stranger.get("/languages")).text


async def test_the_page_keeps_what_was_typed(application: Application, world: World) -> None:
    async with logged_in(application, world, await world.account(Role.ADMIN)) as browser:
        saved = await browser.send("/admin/features/reviews", "/admin/features", value="off", revision="0")
        assert saved.status_code == 303
        stale = await browser.send("/admin/features/announcement", "/admin/features", value="Typed.", revision="7")
        assert (stale.status_code, "Typed." in stale.text) == (409, True)
        long = await browser.send("/admin/features/announcement", "/admin/features", value="x" * 501, revision="0")
        assert (long.status_code, "x" * 501 in long.text) == (422, True)
        missing = await browser.send("/admin/features/nothing", "/admin/features", value="x", revision="0")
        assert missing.status_code == 404
    assert not (await feature_settings(world.database.pool("auth"))).reviews
