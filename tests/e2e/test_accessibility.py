"""Every page against axe-core's WCAG 2.2 A and AA rules in both themes, on a desk and on a phone 360 pixels wide.

The pages are the application's own routes, each with ordinary content, with extreme content, and where nothing is.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from e2e.axe import COLOURS, LAYOUT, unroll, violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.extremes import hide
from e2e.places import NO_PAGE, Place, World, make_world, page_routes
from e2e.profiles import Profiles
from e2e.steps import editor, results, write_program
from fixtures.product import Product

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)
ALIKE = (
    {"/register/sent", "/resend-verification/sent", "/forgot-password/sent"},
    {"/change-email", "/undo-email-change"},
    {"/join", "/join/{code}"},
)
"""Routes whose pages say the same: look at the mailbox, that a link no longer counts, or give a code that opens something."""
MISSING = "Failed to load resource: the server responded with a status of 4"
"""What a browser says of a page that tells that something is not there, or not for this reader."""


@pytest.fixture(scope="module")
async def world(served: Product, course: Course) -> AsyncIterator[World]:
    database_url = served.database_url()
    yield await make_world(served.url, database_url, course)
    await hide(database_url)


@pytest.fixture(scope="module")
async def visitors(
    browser: Browser, served: Product, world: World
) -> AsyncIterator[tuple[Profiles, Mapping[str | None, Page]]]:
    """One page for each reader, used again and again."""
    made = Profiles(browser, served.url, "every page")
    made.expected.append(MISSING)
    tokens: Mapping[str | None, str | None] = {None: None, **world.tokens}
    yield (
        made,
        {reader: await made.page(token, traced=False, reduced_motion="reduce") for reader, token in tokens.items()},
    )
    await made.close(failed=False)


async def expect_accessible(page: Page) -> None:
    """In both themes on a desk, and on a phone, which must not scroll sideways."""
    found = await broken(page)
    assert not found, report(found)


async def broken(page: Page, *, again: bool = True) -> dict[str, object]:
    """What is wrong with the page as it stands, by theme and screen.

    All rules run once, then those that the other theme and a narrow screen can break, `again` in each of their pairs.
    """
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found: dict[str, object] = {"light desk": await violations(page)}
    await page.emulate_media(color_scheme="dark")
    if again:
        found["dark desk"] = await violations(page, COLOURS)
    await page.set_viewport_size(PHONE)
    found["wider than a phone"] = await wider_than_the_screen(page)
    await unroll(page, PHONE["width"])
    found["dark phone"] = await violations(page, LAYOUT)
    if again:
        await page.emulate_media(color_scheme="light")
        found["light phone"] = await violations(page, COLOURS)
    return {name: what for name, what in found.items() if what}


def report(found: Mapping[str, object]) -> str:
    """For the reader of a failure."""
    return json.dumps(found, indent=1, ensure_ascii=False)


async def expect_fits_a_phone(page: Page) -> None:
    await page.set_viewport_size(PHONE)
    assert await wider_than_the_screen(page) == []
    await unroll(page, PHONE["width"])
    assert await violations(page) == [], "phone"
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)


async def visit(page: Page, place: Place) -> None:
    await page.set_viewport_size(DESK)
    await page.goto(place.path)
    if await page.locator("code-editor").count():
        await expect(editor(page).first).to_be_visible()


@pytest.mark.parametrize("route", page_routes())
async def test_every_page_is_accessible(
    visitors: tuple[Profiles, Mapping[str | None, Page]], world: World, route: str
) -> None:
    profiles, pages = visitors
    said = len(profiles.complaints)
    found: dict[str, object] = {}
    for place in world.of(route):
        page = pages[place.reader]
        await visit(page, place)
        assert await page.get_by_role("heading", level=1).count() == 1, place
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        if wrong := await broken(page, again=place.name not in {"extreme", "empty"}):
            found[f"{place.name}: {place.path}"] = wrong
    assert not found, report(found)
    assert profiles.complaints[said:] == []


def test_no_page_is_forgotten() -> None:
    routes = page_routes()
    assert {"/", "/login", "/dashboard", "/assignments/{assignment_id}", "/api/v1/docs"} <= set(routes)
    assert not NO_PAGE.keys() & set(routes)
    with pytest.raises(AssertionError, match="say in"):
        World({}, {}).of("/new")


async def test_the_panes_of_an_exercise_on_a_phone(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), traced=False, viewport=PHONE)
    await page.goto(f"/assignments/{course.assignment}")
    for pane in ("Code", "Results", "Task"):
        await page.get_by_role("radio", name=pane).check(force=True)
        await expect_fits_a_phone(page)


async def test_a_verdict_that_is_awaited_and_one_that_has_come(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled(), traced=False)
    await page.goto(f"/assignments/{course.assignment}")
    await write_program(page, "import time\n\ntime.sleep(1)\n")
    await page.get_by_role("button", name="Run").click()
    await expect(page.locator("[aria-busy]")).to_be_visible()
    assert await violations(page) == []
    await expect(results(page).get_by_role("heading", name="0 of 3 tests passed")).to_be_visible()
    await expect_accessible(page)


async def test_a_form_that_is_refused(profiles: Profiles) -> None:
    profiles.expected.append("Failed to load resource: the server responded with a status of 401")
    page = await profiles.page(traced=False)
    await page.goto("/login")
    await page.get_by_label("E-mail").fill("nobody@codezest.example")
    await page.get_by_label("Password").fill("not the password")
    await page.get_by_role("main").get_by_role("button", name="Log in").click()
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(page.get_by_label("E-mail")).to_have_value("nobody@codezest.example")
    await expect_accessible(page)


async def test_every_page_has_a_title_of_its_own(served: Product, world: World) -> None:
    """Pages of one route may share one where they show the same thing to different readers."""
    titles: dict[str, set[str]] = {}
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        for route in page_routes():
            for place in world.of(route):
                headers = {"Authorization": f"Bearer {world.tokens[place.reader]}"} if place.reader else {}
                text = (await client.get(place.path, headers=headers)).text
                (title,) = re.findall(r"<title>\s*(.*?)\s*</title>", text, re.DOTALL)
                assert re.fullmatch(r"\S.* · CodeZest", title), (place, title)
                titles.setdefault(title, set()).add(route)
    assert {title: routes for title, routes in titles.items() if len(routes) > 1 and routes not in ALIKE} == {}


async def test_the_rules_find_what_is_wrong(profiles: Profiles) -> None:
    page = await profiles.page(traced=False)
    await page.goto("/languages")
    await page.evaluate("""() => {
        const image = document.createElement("img");
        const link = document.createElement("a");
        link.className = "muted";
        link.style.opacity = "0.3";
        link.textContent = "Hardly to be seen";
        const wide = document.createElement("pre");
        wide.style.minInlineSize = "500px";
        document.querySelector("main").append(image, link, wide);
    }""")
    assert {rule for rule, *_ in await violations(page)} == {"image-alt", "color-contrast"}
    await page.set_viewport_size(PHONE)
    assert '<pre style="min-inline-size: 500px;"></pre>' in await wider_than_the_screen(page)
