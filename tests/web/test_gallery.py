"""Every component and layout in Chromium under the policy: what no page of the sample course shows is checked here too."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, ViewportSize, expect

from codezest.gateway.edge import CONTENT_SECURITY_POLICY
from codezest.kit.templates import STATIC, Assets, Templates
from codezest.web import gallery
from e2e.axe import COLOURS, WCAG, unroll, violations, wider_than_the_screen
from e2e.chromium import launched

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ADDRESS = "http://gallery.test"
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=900)


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


async def serve(context: BrowserContext, html: str) -> None:
    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/":
            headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
            await route.fulfill(body=html, content_type="text/html", headers=headers)
        elif path.startswith("/static/build/"):
            file = STATIC / path.removeprefix("/static/")
            await route.fulfill(path=file, content_type=TYPES[file.suffix])
        else:
            await route.fulfill(status=204)

    await context.route("**/*", answer)


async def shown(context: BrowserContext, name: str, *, theme: str, direction: str) -> tuple[Page, list[str]]:
    """One page of the gallery, its editor ready, and what its console complains about."""
    values = gallery.context(theme=theme, direction=direction, signed_in=name not in {"home", "auth"})
    await serve(context, gallery.render(name, values, Templates(Assets())))
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The gallery has no grader: the stream of its running submission is refused.
        if message.type in {"error", "warning"} and "EventSource" not in message.text:
            complaints.append(message.text)

    page = await context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(ADDRESS)
    if await page.locator(".desk code-editor").first.is_visible():
        await expect(page.locator(".editor-host")).to_be_visible()
    return page, complaints


@pytest.mark.parametrize("name", gallery.PAGES)
async def test_a_page_of_the_gallery(chromium: Browser, name: str) -> None:
    """The dark theme on a desk, and from right to left on a phone."""
    for theme, direction, viewport in (("dark", "ltr", DESK), ("light", "rtl", PHONE)):
        context = await chromium.new_context(viewport=viewport, reduced_motion="reduce")
        page, complaints = await shown(context, name, theme=theme, direction=direction)
        assert await wider_than_the_screen(page) == []
        await unroll(page, viewport["width"])
        assert await violations(page, WCAG if direction == "rtl" else COLOURS) == []
        assert complaints == []
        await context.close()
