"""Every page for those who enlarge it, who choose the colours themselves, and whom movement disturbs."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from e2e.axe import wider_than_the_screen
from e2e.course import Course
from e2e.extremes import hide
from e2e.places import Place, World, make_world, page_routes
from e2e.profiles import Profiles
from fixtures.product import Product

REFLOW = ViewportSize(width=320, height=256)
"""1280 by 1024 pixels at four times the size (WCAG 1.4.10)."""
HALF = ViewportSize(width=640, height=512)
"""The same screen at twice the size (WCAG 1.4.4): to a page, zoom is a narrower screen of more device pixels."""
SEEN = """() => {
    // What may be focused must show it: an outline, which forced colours keep, or a border that is drawn.
    const reached = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter(
        node => node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0);
    const kinds = new Map();
    for (const node of reached) {
        const kind = `${node.tagName} ${node.getAttribute("type") ?? ""} ${node.className}`;
        if (!kinds.has(kind)) kinds.set(kind, node);
    }
    const bare = [];
    for (const node of kinds.values()) {
        node.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement !== node) continue;
        const near = [node, node.parentElement, node.nextElementSibling, node.closest("label")].filter(Boolean);
        const styles = near.flatMap(at => [getComputedStyle(at), getComputedStyle(at, "::before"), getComputedStyle(at, "::after")]);
        const outlined = styles.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1);
        if (!outlined) bare.push(node.cloneNode(false).outerHTML);
    }
    return bare;
}"""
STATES = """() => {
    // A state that only a background tells is lost where the system paints all backgrounds alike.
    const same = (one, other) => ["borderTopStyle", "borderTopWidth", "borderTopColor", "borderBottomColor", "borderBottomWidth",
        "borderInlineStartColor", "borderInlineStartWidth", "outlineStyle", "color", "backgroundColor", "fontWeight",
        "textDecorationLine", "forcedColorAdjust", "boxShadow"].every(name => one[name] === other[name]);
    const lost = [];
    for (const on of document.querySelectorAll("[aria-current], [aria-pressed='true'], [aria-selected='true']")) {
        const off = [...on.parentElement.children].find(at => at !== on && at.tagName === on.tagName
            && !["aria-current", "aria-selected"].some(name => at.hasAttribute(name)) && at.getAttribute("aria-pressed") !== "true");
        if (!off || !on.checkVisibility()) continue;
        const pairs = [null, "::before", "::after"].map(part => [getComputedStyle(on, part), getComputedStyle(off, part)]);
        const marked = on.querySelector("svg, .visually-hidden") && !off.querySelector("svg, .visually-hidden");
        if (!marked && pairs.every(([one, other]) => same(one, other))) lost.push(on.cloneNode(false).outerHTML);
    }
    return lost;
}"""
MOVING = """() => {
    const longest = text => Math.max(...text.split(",").map(part => parseFloat(part) * (part.trim().endsWith("ms") ? 1 : 1000)));
    const found = new Set();
    for (const node of [document.documentElement, ...document.body.querySelectorAll("*")]) {
        for (const part of [null, "::before", "::after"]) {
            const style = getComputedStyle(node, part);
            if (part && style.content === "none") continue;
            const moves = style.transitionProperty !== "none" && longest(style.transitionDuration) > 1;
            const plays = style.animationName !== "none" && longest(style.animationDuration) > 1;
            if (moves || plays || style.scrollBehavior === "smooth") found.add(`${node.cloneNode(false).outerHTML} ${part ?? ""}`);
        }
    }
    return [...found].slice(0, 8);
}"""

Visitors = Mapping[str | None, Page]


@pytest.fixture(scope="module")
async def world(served: Product, course: Course) -> AsyncIterator[World]:
    database_url = served.database_url()
    yield await make_world(served.url, database_url, course, ["ordinary", "extreme"])
    await hide(database_url)


@pytest.fixture(scope="module")
async def visitors(browser: Browser, served: Product, world: World) -> AsyncIterator[Visitors]:
    """One page for each reader, who wants no movement and has chosen the colours of the system."""
    made = Profiles(browser, served.url, "zoom")
    tokens: Mapping[str | None, str | None] = {None: None, **world.tokens}
    yield {
        reader: await made.page(token, traced=False, reduced_motion="reduce", forced_colors="active")
        for reader, token in tokens.items()
    }
    await made.close(failed=False)


def ordinary(world: World, route: str) -> list[Place]:
    """One place of each reader with content of the usual kind; extreme content is looked at in test_accessibility.py."""
    by_reader = {place.reader: place for place in reversed(world.of(route)) if place.reader in {None, "ordinary"}}
    return [*by_reader.values()] or [world.of(route)[0]]


@pytest.mark.parametrize("route", page_routes())
async def test_a_page_enlarged_recoloured_and_still(visitors: Visitors, world: World, route: str) -> None:
    for place in ordinary(world, route):
        page = visitors[place.reader]
        await page.set_viewport_size(HALF)
        await page.goto(place.path)
        found: dict[str, Any] = {"wider than half a screen": await wider_than_the_screen(page)}
        await page.set_viewport_size(REFLOW)
        found["wider than a quarter"] = await wider_than_the_screen(page)
        await page.set_viewport_size(ViewportSize(width=1280, height=900))
        assert await page.evaluate("matchMedia('(forced-colors: active) and (prefers-reduced-motion: reduce)').matches")
        found["moving"] = await page.evaluate(MOVING)
        found["states that colour alone tells"] = await page.evaluate(STATES)
        found["focus not to be seen"] = await page.evaluate(SEEN)
        assert {name: what for name, what in found.items() if what} == {}, place


async def test_menus_open_within_a_narrow_screen(visitors: Visitors, world: World) -> None:
    page = visitors["ordinary"]
    await page.set_viewport_size(REFLOW)
    await page.goto("/dashboard")
    menus = page.locator("details.menu")
    assert await menus.count() >= 1
    for number in range(await menus.count()):
        await menus.nth(number).locator("summary").first.click()
        assert await wider_than_the_screen(page) == []
        await page.keyboard.press("Escape")


async def test_what_moves_or_hides_is_found(visitors: Visitors) -> None:
    page = visitors[None]
    await page.set_viewport_size(ViewportSize(width=1280, height=900))
    await page.goto("/languages")
    await page.evaluate("""() => {
        const link = document.createElement("a");
        link.href = "/nowhere";
        link.className = "bare";
        link.textContent = "bare";
        link.style.setProperty("outline", "none", "important");
        link.style.setProperty("transition", "color 2s", "important");
        document.querySelector("main").append(link);
        const row = document.createElement("div");
        row.innerHTML = '<b aria-current="page">here</b><b>there</b>';
        document.querySelector("main").append(row);
    }""")
    assert len(await page.evaluate(MOVING)) == 1
    assert len(await page.evaluate(STATES)) == 1
    assert len(await page.evaluate(SEEN)) == 1
