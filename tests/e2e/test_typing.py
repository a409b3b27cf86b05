"""Typing where scripts are late, where a selection is typed over, and where a browser fills fields in again."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from e2e.conftest import Enrolled
from e2e.course import SOLUTION, Course
from e2e.desk import SAVED, coloured, open_desk, program, state
from e2e.profiles import Profiles
from e2e.steps import code_in, editor, write_program

PASTE = """(content, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
}"""


@asynccontextmanager
async def late_scripts(context: BrowserContext) -> AsyncGenerator[asyncio.Event]:
    """Pages stand without their scripts until the event is set."""
    come = asyncio.Event()

    async def hold(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await context.route("**/app-*.js", hold)
    yield come
    await context.unroute("**/app-*.js")


async def test_typing_over_a_selection_breaks_no_policy(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    """The profile's complaints are what is asked for: that there are none."""
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, SOLUTION)
    await expect(coloured(page)).to_be_visible()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("import math")
    assert await code_in(page) == "import math"
    await expect(coloured(page)).to_be_visible()
    await page.keyboard.press("ControlOrMeta+a")
    await editor(page).evaluate(PASTE, "def f():\n    return 1\n")
    assert await code_in(page) == "def f():\n    return 1\n"
    await expect(coloured(page)).to_be_visible()

    # What pairs brackets pairs them round a selection, too.
    await page.keyboard.press("ControlOrMeta+Home")
    await page.keyboard.press("Shift+ControlOrMeta+ArrowRight")
    await page.keyboard.type("(")
    assert (await code_in(page)).startswith("(def) f")
    await page.keyboard.press("ControlOrMeta+z")
    assert (await code_in(page)).startswith("def f")

    # A word that is composed, as with an accent, and one that is put in whole.
    session = await page.context.new_cdp_session(page)
    await page.keyboard.press("ControlOrMeta+Home")
    await page.keyboard.press("Shift+ControlOrMeta+ArrowRight")
    composing = {"text": "é", "selectionStart": 1, "selectionEnd": 1}
    await session.send("Input.imeSetComposition", composing)
    await session.send("Input.insertText", {"text": "été"})
    await expect(program(page)).to_have_value("été f():\n    return 1\n")
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text("import os; del os")
    await expect(program(page)).to_have_value("import os; del os")
    await expect(state(page)).to_have_text(SAVED)


async def test_a_program_that_is_begun_before_scripts_come_goes_on(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    context = await profiles.open(await enrolled(), routed=True)
    page = await context.new_page()
    async with late_scripts(context) as come:
        await page.goto(f"/assignments/{course.assignment}", wait_until="commit")
        await program(page).press("ControlOrMeta+a")
        await program(page).press_sequentially("print(1)")
        await program(page).press("ArrowLeft")
        come.set()
        await expect(editor(page)).to_be_focused()
    await page.keyboard.type("2")
    await expect(program(page)).to_have_value("print(12)")
    await expect(state(page)).to_have_text(SAVED)
    await page.reload()
    await expect(program(page)).to_have_value("print(12)")


async def test_answers_that_are_given_before_scripts_come_are_kept(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    context = await profiles.open(token, routed=True)
    page = await context.new_page()
    await page.goto(f"/quizzes/{course.quiz}")
    await page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    await page.locator("#question-1 .choice").nth(1).click()
    await expect(answered(page, 1)).to_be_visible()
    attempt = page.url.partition("#")[0]

    async with late_scripts(context) as come:
        await page.goto("about:blank")
        await page.goto(attempt, wait_until="commit")
        await page.locator("#question-2 .choice").nth(2).click()
        await page.locator("#question-1 .choice").nth(0).click()
        async with page.expect_response(lambda answer: answer.url.endswith("/saved") and answer.ok):
            come.set()
            await expect(answered(page, 2)).to_be_visible()
            await page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    await expect_chosen(page, {1: 0, 2: 2})


def answered(page: Page, number: int) -> Locator:
    return page.get_by_role("link", name=f"Question {number}, answered", exact=True)


async def expect_chosen(page: Page, places: dict[int, int]) -> None:
    for number, place in places.items():
        await expect(page.locator(f"#question-{number} input[name^='answer-']").nth(place)).to_be_checked()


async def test_a_draft_that_went_on_elsewhere_is_not_overwritten_by_coming_back(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await open_desk(await profiles.open(token), course)
    await write_program(page, "print('here')\n")
    await expect(state(page)).to_have_text(SAVED)
    await page.goto("/dashboard")
    there = await open_desk(await profiles.open(token), course)
    await write_program(there, "print('there')\n")
    await expect(state(there)).to_have_text(SAVED)
    await page.go_back()
    await expect(program(page)).to_have_value("print('there')\n")
    await expect(editor(page)).to_contain_text("there")
    await there.reload()
    await expect(program(there)).to_have_value("print('there')\n")


async def test_answers_that_went_on_elsewhere_are_not_overwritten_by_coming_back(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await (await profiles.open(token)).new_page()
    await page.goto(f"/quizzes/{course.quiz}")
    await page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    attempt = page.url.partition("#")[0]
    await choose(page, 1, 0)
    await page.goto("/dashboard")
    there = await (await profiles.open(token)).new_page()
    await there.goto(attempt)
    await choose(there, 1, 1)
    await page.go_back()
    await expect_chosen(page, {1: 1})
    await choose(page, 2, 2)
    await there.reload()
    await expect_chosen(there, {1: 1, 2: 2})


async def choose(page: Page, number: int, place: int) -> None:
    """Give an answer, and have it on the server, as when the tab is left."""
    await page.get_by_role("link", name=re.compile(f"^Question {number},")).click()
    await page.locator(f"#question-{number} .choice").nth(place).click()
    await expect(answered(page, number)).to_be_visible()
    async with page.expect_response(lambda answer: answer.url.endswith("/saved") and answer.ok):
        await page.evaluate("window.dispatchEvent(new Event('pagehide'))")


async def test_what_is_selected_can_be_dragged(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, "second = 2\nfirst = 1\n")
    await expect(coloured(page)).to_be_visible()
    lines = editor(page).locator(".cm-line")
    for keys in ("ControlOrMeta+Home", "ArrowDown", "Shift+ControlOrMeta+ArrowRight"):
        await page.keyboard.press(keys)
    selected = await lines.nth(1).bounding_box()
    to = await lines.nth(0).bounding_box()
    assert selected
    assert to
    await page.mouse.move(selected["x"] + 20, selected["y"] + 8)
    await page.mouse.down()
    # A drag begins within a few pixels; a mouse that leaps further selects.
    await page.mouse.move(selected["x"] + 25, selected["y"] + 8, steps=5)
    await page.mouse.move(to["x"] + 200, to["y"] + 8, steps=8)
    await page.mouse.up()
    await expect(program(page)).to_have_value("second = 2first\n = 1\n")
    await page.keyboard.press("ControlOrMeta+z")
    await expect(program(page)).to_have_value("second = 2\nfirst = 1\n")
    await expect(state(page)).to_have_text(SAVED)
