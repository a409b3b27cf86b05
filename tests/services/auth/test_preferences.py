"""How somebody wants the interface: kept for the account, and there on every device."""

from typing import Any

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.preferences import NOTHING_CHOSEN, Preferences
from services.auth.browser import logged_in
from services.auth.world import API, World, bearer

PAGE = "/account/preferences"
CHOSEN: dict[str, Any] = {
    "theme": "dark",
    "editor_theme": "auto",
    "editor_size": "18",
    "editor_tab_width": "2",
    "editor_keys": "vim",
}


async def test_what_is_chosen_holds_on_every_device(application: Application, world: World) -> None:
    address = await world.account()
    async with logged_in(application, world, address) as browser:
        saved = await browser.send(PAGE, PAGE, editor_plain="on", notifications_news="on", reduced_data="on", **CHOSEN)
        assert saved.headers["location"] == PAGE
        page = await browser.open(PAGE)
        assert '<option value="18" selected>' in page.text
        assert '<option value="vim" selected>' in page.text
    async with logged_in(application, world, address) as another:
        assert 'data-theme="dark"' in (await another.open(PAGE)).text


async def test_they_are_typed(application: Application, world: World, client: httpx.AsyncClient) -> None:
    address = await world.account()
    async with logged_in(application, world, address) as browser:
        chosen: dict[str, Any] = CHOSEN | {"editor_theme": "contrast"}
        await browser.send(PAGE, PAGE, editor_plain="on", editor_wrap="on", notifications_news="on", **chosen)
    token = bearer(await world.log_in(client, address))
    stored = (await client.get(f"{API}/me/profile", headers=token)).json()["preferences"]
    assert stored == {
        "theme": "dark",
        "editor": {"theme": "contrast", "size": 18, "tab_width": 2, "keys": "vim", "plain": True, "wrap": True},
        "notifications": {"grades": False, "reminders": False, "digest": False, "news": True},
        "reduced_data": False,
    }


@pytest.mark.parametrize(
    ("field", "value"), [("editor_size", "9"), ("editor_size", "x"), ("editor_size", "9" * 5000), ("editor_keys", "ed"),
                         ("theme", "pink"), ("editor_tab_width", "-1"), ("editor_theme", "")],
)  # fmt: skip
async def test_odd_values_are_refused(application: Application, world: World, field: str, value: str) -> None:
    async with logged_in(application, world, await world.account()) as browser:
        changed: dict[str, Any] = CHOSEN | {field: value}
        answer = await browser.send(PAGE, PAGE, **changed)
        assert answer.status_code == 422
        assert answer.text.count("Choose one of the values offered.") == 2
        assert f'href="#field-{field}"' in answer.text


async def test_the_switch_in_the_footer_is_kept_for_the_account(application: Application, world: World) -> None:
    address = await world.account()
    async with logged_in(application, world, address) as browser:
        await browser.send("/preferences/theme", "/account", theme="light", next="/account")
    async with logged_in(application, world, address) as another:
        assert 'data-theme="light"' in (await another.open("/account")).text
        await another.send("/preferences/theme", "/account", theme="system", next="/account")
        assert "data-theme=" not in (await another.open("/account")).text.split("<head>")[0]


def test_what_no_longer_fits_is_as_if_never_chosen() -> None:
    assert Preferences.of({}) is NOTHING_CHOSEN
    kept = Preferences.of({"theme": "dark", "editor": {"size": 3}, "from-before": True, "reduced_data": True})
    assert (kept.theme, kept.editor.size, kept.reduced_data) == ("dark", 14, True)
