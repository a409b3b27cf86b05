"""The frame of every page: notes, narrow and enlarged screens, systems with colours of their own, paper, without scripts."""

import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles

PAGES = ("/", "/languages", "/languages/python", "/search?q=loop", "/status", "/login")


async def test_a_note_is_closed_and_the_focus_goes_on(profiles: Profiles, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto("/languages")
    await page.locator("details.menu summary").first.click()
    await page.get_by_role("button", name="Log out").click()
    note = page.locator("#toasts .toast")
    await expect(note).to_contain_text("You are logged out.")
    close = note.get_by_role("button", name="Close")
    await close.focus()
    await page.keyboard.press("Enter")
    await expect(note).to_have_count(0)
    await expect(page.locator("#main")).to_be_focused()


async def test_an_error_stands_beside_what_was_not_sent(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected += ["status of 503", "htmx:error"]
    page = await profiles.page(await enrolled(), routed=True)
    await page.goto(f"/assignments/{course.assignment}")

    async def refuse(route: Route) -> None:
        problem = '{"title": "The database does not answer right now", "status": 503}'
        await route.fulfill(status=503, content_type="application/problem+json", body=problem)

    await page.route("**/assignments/*/run", refuse)
    await page.get_by_role("button", name="Run").click()
    await expect(page.locator("#toasts")).to_contain_text("The database does not answer right now")
    await expect(page.locator("[data-unsent]")).to_have_count(1)
    await page.locator("#toasts").get_by_role("button", name="Close").click()
    await expect(page.locator("[data-unsent]")).to_have_text("This was not sent. Nothing is lost.")
    await page.unroute("**/assignments/*/run")
    await page.get_by_role("button", name="Run").click()
    await expect(page.locator("[data-unsent]")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_fits_320_pixels(profiles: Profiles, path: str) -> None:
    """Which is also a screen of 1280 pixels at four times the size."""
    page = await profiles.page(traced=False, viewport={"width": 320, "height": 640})
    await page.goto(path)
    assert await wider_than_the_screen(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_at_twice_the_size_of_letters(profiles: Profiles, path: str) -> None:
    page = await profiles.page(traced=False)
    await page.goto(path)
    # As a reader's own font size does: the policy refuses style elements, a property set by the debugger is no element.
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    # The slice of citrus behind the start page's sample is cut off at the edge, and says nothing.
    await page.evaluate("document.querySelector('.showcase-slice')?.remove()")
    assert await wider_than_the_screen(page) == []


async def test_the_systems_own_colours(profiles: Profiles, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), traced=False, forced_colors="active")
    await page.goto("/languages")
    assert await page.evaluate("matchMedia('(forced-colors: active)').matches")
    line = "getComputedStyle(document.querySelector('{}')).{}"
    current = await page.evaluate(line.format(".mainnav a[aria-current]", "borderBlockEndColor"))
    other = await page.evaluate(line.format(".mainnav a:not([aria-current])", "borderBlockEndColor"))
    assert current != other
    assert await page.evaluate(line.format(".search-button", "borderInlineStartStyle")) == "solid"
    assert await violations(page) == []


async def test_a_lesson_on_paper(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), traced=False)
    await page.goto(f"/materials/{course.material('ARTICLE')}")
    await page.emulate_media(media="print")
    await expect(page.locator(".prose")).to_be_visible()
    for left_out in (".topbar", ".footer", ".lesson-aside", ".lesson-foot"):
        await expect(page.locator(left_out).first).to_be_hidden()


async def test_still_pages_for_those_who_want_them(profiles: Profiles) -> None:
    page = await profiles.page(traced=False, reduced_motion="reduce")
    await page.goto("/languages")
    assert await page.evaluate("getComputedStyle(document.querySelector('.topbar')).viewTransitionName") == "none"
    await page.emulate_media(reduced_motion="no-preference")
    assert await page.evaluate("getComputedStyle(document.querySelector('.topbar')).viewTransitionName") == "topbar"


async def test_the_skip_link_leads_past_the_bar(profiles: Profiles) -> None:
    page = await profiles.page()
    await page.goto("/languages")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


async def test_search_without_scripts(profiles: Profiles) -> None:
    page = await profiles.page(java_script_enabled=False)
    await page.goto("/")
    await page.get_by_role("banner").get_by_role("link", name="Search").click()
    await page.get_by_role("searchbox").fill("pyhton")
    await page.get_by_role("main").get_by_role("button", name="Search").click()
    await expect(page.get_by_text("Nothing matches “pyhton”. This looks alike:")).to_be_visible()
    await found(page).first.click()
    await expect(page).to_have_url(re.compile("/languages/python$"))


def found(page: Page) -> Locator:
    return page.locator(".finding a")


async def test_the_app_says_what_it_is(profiles: Profiles) -> None:
    """Chromium reads the manifest without a complaint, and would install it."""
    context = await profiles.open(traced=False)
    page = await context.new_page()
    await page.goto("/languages")
    session = await context.new_cdp_session(page)
    answer = await session.send("Page.getAppManifest")
    assert answer["url"].endswith("/manifest.webmanifest")
    assert answer["errors"] == []
    errors = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
