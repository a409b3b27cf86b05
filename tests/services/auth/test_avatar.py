"""One's picture: sent, shown, replaced, removed, and refused."""

from pathlib import Path

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from services.auth.browser import Browser, logged_in
from services.auth.pictures import REFUSED, picture
from services.auth.world import API, World, bearer, problem, visitor

AVATAR = f"{API}/me/avatar"
PAGE = "/account/profile"


def _kept(settings: Settings) -> set[Path]:
    return set((settings.data_dir / "files" / "avatars").glob("*"))


async def test_a_picture_is_shown_replaced_and_removed(
    client: httpx.AsyncClient, world: World, settings: Settings
) -> None:
    token = bearer(await world.log_in(client, await world.account()))
    before = _kept(settings)
    first = (await client.put(AVATAR, content=picture(size=(500, 400)), headers=token)).json()["avatar_url"]
    assert (await client.get(f"{API}/me", headers=token)).json()["avatar_url"] == first
    for path in (first, first.replace(".webp", "-96.webp")):
        shown = await client.get(path)
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "image/webp"
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-disposition"].startswith("inline")
        assert int(shown.headers["content-length"]) == len(shown.content)
    again = await client.get(first, headers={"If-None-Match": shown.headers["etag"]})
    assert again.status_code == 200  # the tag was that of the other size
    tag = again.headers["etag"]
    known = await client.get(first, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (known.status_code, known.content) == (304, b"")

    second = (await client.put(AVATAR, content=picture("JPEG"), headers=token)).json()["avatar_url"]
    assert second != first
    await world.deliver()
    assert (await client.get(first)).status_code == 404
    assert (await client.get(second)).status_code == 200
    assert len(_kept(settings) - before) == 2
    kept = await client.patch(f"{API}/me", json={"avatar_url": second, "first_name": "Zoe"}, headers=token)
    assert kept.json()["avatar_url"] == second
    assert (await client.patch(f"{API}/me", json={"avatar_url": None}, headers=token)).json()["avatar_url"] is None
    second = (await client.put(AVATAR, content=picture("JPEG"), headers=token)).json()["avatar_url"]
    await world.deliver()
    assert (await client.delete(AVATAR, headers=token)).status_code == 204
    await world.deliver()
    assert (await client.get(second)).status_code == 404
    assert _kept(settings) == before
    assert (await client.get(f"{API}/me", headers=token)).json()["avatar_url"] is None
    assert (await client.delete(AVATAR, headers=token)).status_code == 204


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_changes_nothing(
    client: httpx.AsyncClient, world: World, settings: Settings, name: str
) -> None:
    token = bearer(await world.log_in(client, await world.account()))
    kept = (await client.put(AVATAR, content=picture(), headers=token)).json()["avatar_url"]
    files = _kept(settings)
    said = problem(await client.put(AVATAR, content=REFUSED[name], headers=token), 422, "picture-unusable")
    assert said["errors"][0]["location"] == ["body", "picture"]
    assert said["errors"][0]["message"]
    assert (await client.get(f"{API}/me", headers=token)).json()["avatar_url"] == kept
    assert _kept(settings) == files


@pytest.mark.parametrize(
    "name",
    ["x", "..%2f..%2fsecret_key", "%2e%2e", "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "-97", "0" * 32, "0" * 32 + "%00"],
)
async def test_no_other_file_is_shown(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/avatars/{name}.webp")).status_code in {400, 404}


async def test_strangers_send_neither_pictures_nor_large_bodies(client: httpx.AsyncClient) -> None:
    problem(await client.put(AVATAR, content=picture()), 401, "unauthenticated")
    problem(await client.put(AVATAR, content=b"x" * (2 << 20)), 413, "payload-too-large")
    problem(await client.delete(AVATAR), 401, "unauthenticated")


async def test_only_pictures_may_be_larger_than_the_general_limit(client: httpx.AsyncClient, world: World) -> None:
    token = bearer(await world.log_in(client, await world.account()))
    large = b"x" * (2 << 20)
    problem(await client.put(AVATAR, content=large, headers=token), 422, "picture-unusable")
    problem(await client.put(AVATAR, content=b"x" * (7 << 20), headers=token), 413, "payload-too-large")
    problem(await client.patch(f"{API}/me", content=large, headers=token), 413, "payload-too-large")


async def test_the_form_works_without_scripts(application: Application, world: World) -> None:
    async with logged_in(application, world, await world.account()) as browser:
        assert "/avatars/" not in (await browser.open(PAGE)).text
        sent = await browser.send(f"{PAGE}/avatar", PAGE, files={"picture": ("me.png", picture(), "image/png")})
        assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
        page = await browser.open(PAGE)
        assert 'src="/avatars/' in page.text
        assert "Your picture is saved." in page.text
        removed = await browser.send(f"{PAGE}/avatar/remove", PAGE)
        assert removed.status_code == 303
        assert 'src="/avatars/' not in (await browser.open(PAGE)).text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"picture": ("me.svg", REFUSED["svg"], "image/png")}, "Use a PNG, JPEG, WebP or GIF picture."),
        ({"picture": ("", b"", "application/octet-stream")}, "Choose a file first."),
        ({"other": ("me.png", b"x", "image/png")}, "Choose a file first."),
        ({"picture": ("me.png", REFUSED["bomb"], "image/png")}, "million pixels"),
    ],
    ids=["svg", "empty", "missing", "bomb"],
)
async def test_the_form_says_what_is_wrong(
    application: Application, world: World, files: dict[str, tuple[str, bytes, str]], said: str
) -> None:
    async with logged_in(application, world, await world.account()) as browser:
        answer = await browser.send(f"{PAGE}/avatar", PAGE, files=files)
        assert answer.status_code == 422
        assert answer.text.count(said) == 2  # beside the field and in the summary
        assert 'href="#field-picture"' in answer.text


async def test_an_upload_needs_the_form_token(application: Application, world: World) -> None:
    async with logged_in(application, world, await world.account()) as browser:
        await browser.open(PAGE)
        upload = {"picture": ("me.png", picture(), "image/png")}
        for fields in ({}, {"csrf_token": "0" * 64}, {"before": "x", "csrf_token": "0" * 64}):
            answer = await browser.client.post(f"{PAGE}/avatar", data=fields, files=upload)
            assert answer.status_code == 403, fields
        assert "/avatars/" not in (await browser.open(PAGE)).text


async def test_a_stranger_is_led_to_the_login(application: Application) -> None:
    async with visitor(application) as client:
        browser = Browser(client)
        sent = await browser.send(f"{PAGE}/avatar", "/login", files={"picture": ("a.png", picture(), "image/png")})
        assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2Faccount")
