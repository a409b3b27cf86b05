"""Every page against axe-core's WCAG 2.2 A and AA rules in both themes, on a desk and on a phone 360 pixels wide."""

import re
from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, ViewportSize, expect

from e2e.axe import COLOURS, unroll, violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import API, WRONG, Course
from e2e.profiles import Profiles
from e2e.steps import editor, results, write_program
from fixtures.journey import PASSWORD, register_and_sign_in, verdict_of
from fixtures.product import Product

PHONE = ViewportSize(width=360, height=740)

OPEN = ("home", "register", "registered", "login", "forgotten", "confirmation", "dead link", "reset")
"""Pages for those who are not signed in."""
SIGNED_IN = (
    "languages", "path", "module", "locked module", "film", "article", "example", "workshop", "exercise", "submission",
    "run", "quiz", "attempt", "result", "dashboard", "account", "profile", "password", "sessions", "mailbox", "reference",
    "missing", "locked lesson",
)  # fmt: skip


@pytest.fixture(scope="module")
async def walked(served: Product, course: Course) -> tuple[str, Mapping[str, str]]:
    """A learner in the middle of things: the session's token, and the pages by name."""
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        await register_and_sign_in(client)
        assert (await client.post(f"{API}/languages/python/enroll")).status_code == 201
        for material in course.materials[:2]:
            assert (await client.post(f"{API}/materials/{material['id']}/complete")).is_success
        exercise = f"{API}/assignments/{course.assignment}"
        sent = (await client.post(f"{exercise}/submissions", json={"code": WRONG})).json()["id"]
        await verdict_of(client, sent)
        run = (await client.post(f"{exercise}/run", json={"code": WRONG})).json()["id"]
        await verdict_of(client, run)
        attempts = f"{API}/quizzes/{course.quiz}/attempts"
        answered = (await client.post(attempts)).json()["id"]
        assert (await client.post(f"{API}/attempts/{answered}/submit", json={"answers": []})).is_success
        attempt = (await client.post(attempts)).json()["id"]
        locked = (await client.get(f"{API}/modules/{course.next_module}")).json()["materials"][0]["id"]
        paths = {
            "home": "/", "register": "/register", "registered": "/register/sent", "login": "/login",
            "forgotten": "/forgot-password", "confirmation": await confirmation(client), "reset": "/reset-password?token=unknown",
            "dead link": "/verify-email?token=unknown", "languages": "/languages", "path": "/languages/python",
            "module": f"/modules/{course.module}", "locked module": f"/modules/{course.next_module}",
            "film": f"/materials/{course.material('VIDEO')}", "article": f"/materials/{course.material('ARTICLE')}",
            "example": f"/materials/{course.material('CODE_EXAMPLE')}", "workshop": f"/materials/{course.material('INTERACTIVE')}",
            "exercise": f"/assignments/{course.assignment}", "submission": f"/submissions/{sent}", "run": f"/submissions/{run}",
            "quiz": f"/quizzes/{course.quiz}", "attempt": f"/attempts/{attempt}", "result": f"/attempts/{answered}/result",
            "dashboard": "/dashboard", "account": "/account", "profile": "/account/profile", "password": "/account/password",
            "sessions": "/account/sessions", "mailbox": "/mailbox", "reference": "/api/v1/docs", "missing": "/nowhere",
            "locked lesson": f"/materials/{locked}",
        }  # fmt: skip
        return client.headers["Authorization"].removeprefix("Bearer "), paths


async def confirmation(client: httpx.AsyncClient) -> str:
    """The address in the letter to somebody who has just registered."""
    email = f"grace-{uuid4().hex[:8]}@codezest.example"
    person = {"email": email, "password": PASSWORD, "first_name": "Grace", "last_name": "Hopper"}
    assert (await client.post(f"{API}/auth/register", json=person)).status_code == 201
    for _ in range(600):
        letter = (await client.get("/mailbox")).text.partition(email)[2]
        if found := re.search(r"/verify-email\?token=[\w-]+", letter):
            return found.group()
    raise AssertionError(f"no letter to {email}")


async def expect_accessible(page: Page) -> None:
    """In both themes on a desk, and on a phone, which must not scroll sideways."""
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert await violations(page, COLOURS) == [], "dark"
    await page.emulate_media(color_scheme="light")
    assert await violations(page) == [], "light"
    await expect_fits_a_phone(page)


async def expect_fits_a_phone(page: Page) -> None:
    await page.set_viewport_size(PHONE)
    assert await wider_than_the_screen(page) == []
    await unroll(page, PHONE["width"])
    assert await violations(page) == [], "phone"
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("name", [*OPEN, *SIGNED_IN])
async def test_every_page_is_accessible(profiles: Profiles, walked: tuple[str, Mapping[str, str]], name: str) -> None:
    token, paths = walked
    profiles.expected.append("Failed to load resource: the server responded with a status of 4")
    page = await profiles.page(None if name in OPEN else token, traced=False)
    await page.goto(paths[name])
    if await page.locator("code-editor").count():
        await expect(editor(page)).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect_accessible(page)


async def test_the_panes_of_an_exercise_on_a_phone(profiles: Profiles, walked: tuple[str, Mapping[str, str]]) -> None:
    token, paths = walked
    page = await profiles.page(token, traced=False, viewport=PHONE)
    await page.goto(paths["exercise"])
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


async def test_every_page_has_a_title_of_its_own(served: Product, walked: tuple[str, Mapping[str, str]]) -> None:
    token, paths = walked
    titles: dict[str, list[str]] = {}
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        for name, path in paths.items():
            headers = {} if name in OPEN else {"Authorization": f"Bearer {token}"}
            text = (await client.get(path, headers=headers)).text
            (title,) = re.findall(r"<title>\s*(.*?)\s*</title>", text, re.DOTALL)
            assert re.fullmatch(r"\S.* · CodeZest", title), (name, title)
            titles.setdefault(title, []).append(name)
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


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
