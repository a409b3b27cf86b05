"""Lessons that were opened are read without a connection, by those they belong to."""

import re

from playwright.async_api import BrowserContext, Page, expect

from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles

OFFLINE = ["ERR_INTERNET_DISCONNECTED", "navigation preload", "ERR_FAILED", "Failed to fetch"]
KEPT = """async () => {
    const cache = await caches.open("pages");
    return (await cache.keys()).map(request => new URL(request.url).pathname).sort();
}"""


async def controlled(page: Page) -> None:
    """Wait until the service worker answers for the page."""
    await page.evaluate("""async () => {
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller) {
            await new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
        }
    }""")


async def visited(context: BrowserContext, *paths: str) -> Page:
    page = await context.new_page()
    await page.goto("/languages")
    await controlled(page)
    for path in paths:
        await page.goto(path, wait_until="load")
        # Keeping a page goes on after it has been shown.
        await page.wait_for_function(
            f"caches.open('pages').then(cache => cache.match({path!r})).then(kept => Boolean(kept))"
        )
    return page


async def test_a_lesson_is_read_offline(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected += OFFLINE
    context = await profiles.open(await enrolled(), traced=False)
    lesson = f"/materials/{course.material('ARTICLE')}"
    page = await visited(context, lesson, "/languages/python", f"/modules/{course.module}")
    await page.goto("/languages")
    await context.set_offline(True)
    await expect(page.get_by_text("You are offline. What you type is kept in this browser.")).to_be_visible()

    await page.goto(lesson)
    await expect(page.locator(".prose")).to_be_visible()
    family = await page.evaluate("getComputedStyle(document.querySelector('.topbar')).position")
    assert family == "sticky", "the style sheet is kept as well"
    await page.goto("/languages/python")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Python")

    await page.goto(f"/assignments/{course.assignment}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    await expect(page.get_by_role("link", name="Python", exact=False).first).to_be_visible()
    await context.set_offline(False)
    await page.get_by_role("link", name="Try again").click()
    await expect(page.locator("code-editor")).to_be_visible()


async def test_only_what_is_read_is_kept(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    context = await profiles.open(await enrolled(), traced=False)
    lesson = f"/materials/{course.material('ARTICLE')}"
    page = await visited(context, lesson)
    for path in ("/dashboard", "/account", "/account/profile", f"/assignments/{course.assignment}", "/search?q=loops"):
        await page.goto(path)
    await page.request.get("/api/v1/me")
    kept = set(await page.evaluate(KEPT))
    assert lesson in kept
    assert kept <= {"/languages", lesson}


async def test_logging_out_throws_the_pages_away(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected += OFFLINE
    context = await profiles.open(await enrolled(), traced=False)
    lesson = f"/materials/{course.material('ARTICLE')}"
    page = await visited(context, lesson)
    await page.goto("/dashboard")
    await page.locator("details.menu summary").first.click()
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_text("You are logged out.")).to_be_visible()
    await page.wait_for_function("caches.open('pages').then(cache => cache.keys()).then(keys => keys.length === 0)")
    await context.set_offline(True)
    await page.goto(lesson)
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")


async def test_nobody_reads_what_another_opened(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    context = await profiles.open(await enrolled(), traced=False)
    lesson = f"/materials/{course.material('ARTICLE')}"
    page = await visited(context, lesson)
    await context.clear_cookies(name="codezest_session")
    await context.add_cookies([{"name": "codezest_session", "value": await enrolled(), "url": page.url}])
    await page.goto("/languages")
    await page.wait_for_function(
        f"caches.open('pages').then(cache => cache.match({lesson!r})).then(kept => kept === undefined)"
    )


async def test_data_in_a_page_is_no_script_to_the_policy(profiles: Profiles) -> None:
    """The block of JSON-LD is read by crawlers; the policy has nothing to say about what is never run."""
    page = await profiles.page()
    await page.goto("/languages/python")
    text = await page.locator('script[type="application/ld+json"]').first.text_content()
    assert re.search("BreadcrumbList|Course", text or "")


async def test_a_page_turns_round(profiles: Profiles) -> None:
    """From right to left everything changes sides, and nothing leaves the screen."""
    page = await profiles.page(traced=False)
    for path in ("/", "/languages", "/languages/python", "/search?q=loops", "/status"):
        await page.goto(path)
        await page.evaluate("document.documentElement.dir = 'rtl'")
        brand, log_in = page.locator(".brand"), page.get_by_role("banner").get_by_role("link", name="Log in")
        left, right = await log_in.bounding_box(), await brand.bounding_box()
        assert left is not None
        assert right is not None
        assert left["x"] < right["x"]
        for width in (320, 1280):
            await page.set_viewport_size({"width": width, "height": 800})
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
