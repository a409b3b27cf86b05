"""What a first visit loads: bytes on the wire and requests, counted by Chromium itself. Sizes, never times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, CDPSession, Page, Request, expect

from e2e.conftest import Enrolled
from e2e.course import Course
from e2e.profiles import Profiles
from e2e.steps import editor

PAGE_BYTES = 60_000
PAGE_REQUESTS = 8
EDITOR_PAGE_BYTES = 220_000
PUBLIC = ("/", "/languages/python", "/courses", "/login")
PACKED_TYPES = ("text/", "application/javascript", "image/svg+xml", "application/json")


@dataclass  # without slots: playwright keeps its wrapper of each handler on the object
class Load:
    """Everything one page asks for, as the debugger reports it; headers count, and so do redirects."""

    bytes_of: dict[str, int] = field(default_factory=dict[str, int])
    """On the wire, by request."""
    url_of: dict[str, str] = field(default_factory=dict[str, str])
    headers_of: dict[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Of the answers, by address; names are lower case."""
    behind: list[str] = field(default_factory=list[str])
    """What the service worker fetches once the page stands."""
    redirects: int = 0

    async def listen(self, context: BrowserContext, page: Page) -> None:
        session = await context.new_cdp_session(page)
        on = _listener(session)
        on("Network.requestWillBeSent", self._sent)
        on("Network.responseReceived", self._received)
        on("Network.loadingFinished", self._finished)
        context.on("request", self._noted)
        await session.send("Network.enable")

    @property
    def bytes(self) -> int:
        return sum(self.bytes_of.values())

    @property
    def requests(self) -> int:
        return len(self.url_of) + self.redirects

    def table(self) -> str:
        """For the reader of a failure: each request with its size."""
        rows = [f"{self.bytes_of.get(number, 0):>8}  {url}" for number, url in self.url_of.items()]
        return "\n".join(
            [*rows, f"{self.bytes:>8}  in {self.requests} requests", *(f"behind: {u}" for u in self.behind)]
        )

    def _sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if url.startswith("data:"):
            return
        self.redirects += "redirectResponse" in event
        self.url_of[event["requestId"]] = url

    def _received(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        self.headers_of[answer["url"]] = {name.lower(): text for name, text in answer["headers"].items()}

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.url_of:
            self.bytes_of[event["requestId"]] = int(event["encodedDataLength"])

    def _noted(self, request: Request) -> None:
        if request.service_worker is not None:
            self.behind.append(request.url)


def _listener(session: CDPSession) -> Callable[[str, Callable[[dict[str, Any]], None]], None]:
    return session.on  # pyright: ignore[reportReturnType] - any event of the protocol may be named


async def loaded(profiles: Profiles, path: str, token: str | None = None, *, with_editor: bool = False) -> Load:
    """The page as somebody loads it whose browser has never been here."""
    context = await profiles.open(token, traced=False)
    page = await context.new_page()
    load = Load()
    await load.listen(context, page)
    await page.goto(path, wait_until="networkidle")
    if with_editor:
        await expect(editor(page)).to_be_visible()
        await page.wait_for_load_state("networkidle")
    return load


def expect_ours(load: Load) -> None:
    """Nothing from elsewhere, and every asset packed and kept for good."""
    [own] = {urlsplit(url).netloc for url in load.url_of.values()}
    assert own.startswith("localhost:")
    assets = {url: headers for url, headers in load.headers_of.items() if "/static/" in url}
    assert assets
    assert {url for url, headers in assets.items() if "immutable" not in headers["cache-control"]} == set()
    text = {url: headers for url, headers in assets.items() if headers["content-type"].startswith(PACKED_TYPES)}
    assert text
    assert {url for url, headers in text.items() if headers.get("content-encoding") != "gzip"} == set()


@pytest.fixture
def noted(record_property: Callable[[str, object], None]) -> Callable[[Load], None]:
    """Keeps the figures with the test's result."""

    def note(load: Load) -> None:
        record_property("bytes", load.bytes)
        record_property("requests", load.requests)
        record_property("behind", len(load.behind))

    return note


async def expect_light(load: Load) -> None:
    expect_ours(load)
    assert load.requests <= PAGE_REQUESTS, load.table()
    assert load.bytes <= PAGE_BYTES, load.table()


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_public_page_is_light(profiles: Profiles, noted: Callable[[Load], None], path: str) -> None:
    load = await loaded(profiles, path)
    noted(load)
    await expect_light(load)


@pytest.mark.parametrize("name", ["dashboard", "lesson", "module", "quiz"])
async def test_a_learners_page_is_light(
    profiles: Profiles, course: Course, enrolled: Enrolled, noted: Callable[[Load], None], name: str
) -> None:
    path = {
        "dashboard": "/dashboard",
        "lesson": f"/materials/{course.material('ARTICLE')}",
        "module": f"/modules/{course.module}",
        "quiz": f"/quizzes/{course.quiz}",
    }[name]
    load = await loaded(profiles, path, await enrolled())
    noted(load)
    await expect_light(load)


async def test_an_exercise_with_its_editor(
    profiles: Profiles, course: Course, enrolled: Enrolled, noted: Callable[[Load], None]
) -> None:
    load = await loaded(profiles, f"/assignments/{course.assignment}", await enrolled(), with_editor=True)
    noted(load)
    expect_ours(load)
    assert any("editor" in url for url in load.url_of.values()), load.table()
    assert load.bytes <= EDITOR_PAGE_BYTES, load.table()


async def test_what_is_heavy_or_foreign_is_found(profiles: Profiles) -> None:
    context = await profiles.open(traced=False, routed=True)
    page = await context.new_page()
    await page.route("**/large", lambda route: route.fulfill(body="x" * PAGE_BYTES, content_type="text/html"))
    profiles.expected += ["violates the following Content Security Policy", "net::ERR", "Fetch API cannot load"]
    load = Load()
    await load.listen(context, page)
    await page.goto("/languages", wait_until="networkidle")
    before = load.bytes
    await page.evaluate("fetch('/large').then((answer) => answer.text())")
    await page.wait_for_load_state("networkidle")
    assert load.bytes - before >= PAGE_BYTES
    load.url_of["foreign"] = "https://cdn.example/font.woff2"
    with pytest.raises(ValueError, match="too many values"):
        expect_ours(load)
