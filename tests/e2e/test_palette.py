"""The command palette, by keyboard alone, and the page that stands behind it."""

import re
from typing import Any

from playwright.async_api import Page, expect

from e2e.axe import COLOURS, violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles


async def opened(page: Page, key: str = "ControlOrMeta+k") -> None:
    """Press the key once scripts run, and wait until the field has the focus."""
    await expect(page.locator("[data-palette-open][aria-haspopup]").first).to_be_attached()
    await page.keyboard.press(key)
    await expect(page.get_by_role("combobox")).to_be_focused()


async def active(page: Page) -> str:
    """The text of the option that the field says is active."""
    option = await page.get_by_role("combobox").get_attribute("aria-activedescendant")
    return (await page.locator(f"#{option}").inner_text()).split("\n")[0] if option else ""


async def test_a_lesson_is_found_and_opened(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto("/dashboard")
    await opened(page)
    await page.keyboard.type("calc")
    await expect(page.get_by_role("option", name=re.compile("Calculator")).first).to_be_visible()
    await expect(page.locator("[data-palette-status]")).to_have_text(re.compile(r"^\d+ results?$"))
    await expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    assert "Calculator" in await active(page)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"/assignments/{course.assignment}$"))

    await page.goto("/dashboard")
    await opened(page)
    recent = page.get_by_role("group", name="Recent").get_by_role("option")
    await expect(recent).to_have_count(1)


async def test_arrows_choose_and_escape_leaves(profiles: Profiles, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto("/languages")
    await page.get_by_role("banner").get_by_role("link", name="Learn").focus()
    await opened(page, "/")
    assert await active(page) == ""
    await page.keyboard.press("ArrowDown")
    assert await active(page) == "Continue where you left"
    await page.keyboard.press("ArrowUp")
    assert await active(page) == "Log out"
    await page.keyboard.press("ArrowDown")
    assert await active(page) == "Continue where you left"
    await page.keyboard.type("dark")
    assert await active(page) == "Dark theme"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("combobox")).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("banner").get_by_role("link", name="Learn")).to_be_focused()


async def test_commands_do_what_they_say(profiles: Profiles, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto("/languages")
    await opened(page)
    await page.keyboard.type("dark theme")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await opened(page)
    await page.keyboard.type("turn the key")
    await page.keyboard.press("Enter")
    await page.keyboard.press("/")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await opened(page)
    await page.keyboard.type("log out")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You are logged out.")).to_be_visible()


async def test_a_slash_is_a_letter_in_a_field(profiles: Profiles) -> None:
    page = await profiles.page()
    await page.goto("/search")
    field = page.get_by_role("searchbox")
    await expect(field).to_be_focused()
    await page.keyboard.type("and/or")
    await expect(field).to_have_value("and/or")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/search\?q=and%2For$"))


async def test_it_is_accessible_in_both_themes_and_on_a_phone(profiles: Profiles, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), traced=False, reduced_motion="reduce")
    await page.goto("/search?q=loop")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    assert await violations(page) == []
    await opened(page)
    await page.keyboard.type("loop")
    await expect(page.locator("[data-palette-results] [role=option]").first).to_be_visible()
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page, COLOURS) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await wider_than_the_screen(page) == []
    assert await violations(page) == []


async def test_the_page_costs_little(profiles: Profiles) -> None:
    """Cold: at most 60 kB on the wire and eight requests."""
    context = await profiles.open(traced=False, routed=True)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    sizes: list[float] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", note)
    await session.send("Network.enable")
    await page.goto("/languages", wait_until="networkidle")
    assert 3 <= len(sizes) <= 8
    assert sum(sizes) <= 60_000
