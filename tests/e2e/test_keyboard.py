"""Everything by keyboard alone: no mouse moves in these tests."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from e2e.conftest import Enrolled
from e2e.course import STARTER, Course
from e2e.profiles import Profiles
from e2e.steps import code_in, editor, results, rows_of_tests

MOST_STOPS = 120
FOCUS = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    if (!node || node === document.body) return null;
    const around = [];
    for (let at = node; at && around.length < 4; at = at.parentElement ?? at.getRootNode().host) around.push(at);
    const box = node.getBoundingClientRect();
    return {
        text: (node.getAttribute("aria-label") || node.textContent || node.name || "").trim().slice(0, 60),
        html: node.cloneNode(false).outerHTML,
        outlined: around.flatMap(at => [getComputedStyle(at), getComputedStyle(at, "::after")]).some(
            style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        editor: node.classList.contains("cm-content"),
    };
}"""


async def focus(page: Page) -> dict[str, Any]:
    found = await page.evaluate(FOCUS)
    assert found is not None, "nothing has the focus"
    return dict(found)


FRAMES = 120


async def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus is called so; the way there leads through the editor and out again."""
    for _ in range(MOST_STOPS):
        if await page.evaluate("() => document.activeElement?.shadowRoot?.activeElement != null"):
            await page.keyboard.press("Escape")
        await page.keyboard.press("Tab")
        found = await page.evaluate(FOCUS)
        if found is not None and found["text"].startswith(text):
            return
    raise AssertionError(f"Tab never reaches {text!r}")


async def stops(page: Page) -> list[dict[str, Any]]:
    """Everything that Tab reaches from the top of the page to its end."""
    found: list[dict[str, Any]] = []
    while len(found) < MOST_STOPS:
        if found and found[-1]["editor"]:
            await page.keyboard.press("Escape")
        await page.keyboard.press("Tab")
        stop = await page.evaluate(FOCUS)
        for _ in range(FRAMES):
            if stop is None or not stop["editor"] or stop["outlined"]:
                break
            # The editor draws its outline some frames after the focus has come.
            await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
            stop = await page.evaluate(FOCUS)
        if stop is None or (found and stop["html"] == found[0]["html"]):
            return found
        found.append(stop)
    raise AssertionError(f"Tab never leaves the page: {found[-3:]}")


async def test_the_skip_link_comes_first_and_leads_past_the_navigation(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/modules/{course.module}")
    await page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    await expect(link).to_be_focused()
    await expect(link).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    assert await page.locator("main :focus").count() == 1


@pytest.mark.parametrize("place", ["home", "path", "module", "lesson", "exercise", "quiz", "account"])
async def test_every_stop_of_the_tab_key_shows_where_it_is(
    profiles: Profiles, course: Course, enrolled: Enrolled, place: str
) -> None:
    page = await profiles.page(None if place == "home" else await enrolled())
    paths = {
        "home": "/",
        "path": "/languages/python",
        "module": f"/modules/{course.module}",
        "lesson": f"/materials/{course.material('INTERACTIVE')}",
        "exercise": f"/assignments/{course.assignment}",
        "quiz": f"/quizzes/{course.quiz}",
        "account": "/account",
    }
    await page.goto(paths[place])
    if place in {"lesson", "exercise"}:
        await expect(editor(page)).to_be_visible()
    found = await stops(page)
    assert len(found) > 5
    # A date is several stops in one element; the browser itself marks the button of its calendar.
    outlined = {stop["html"] for stop in found if stop["outlined"]}
    assert [stop["html"] for stop in found if stop["html"] not in outlined] == []
    assert [stop["html"] for stop in found if not stop["seen"]] == []


async def test_an_exercise_is_solved_by_keyboard(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/assignments/{course.assignment}")
    await expect(editor(page)).to_be_visible()
    await tab_to(page, "Hint 1 of")
    await page.keyboard.press("Enter")
    await expect(page.locator(".hints details").first).to_have_attribute("open", "")

    await tab_to(page, "Your program")
    assert await code_in(page) == STARTER
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.press("Delete")
    await page.keyboard.type("print(int(input()) // 2)")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await code_in(page) == "print(int(input()) // 2)\n    ", "Tab indents"
    await page.keyboard.press("Shift+Tab")

    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 3 tests passed")
    await expect(page.locator("#announcer")).to_have_text("0 of 3 tests passed")
    assert (await focus(page))["editor"], "the verdict leaves the focus where the learner types"

    await page.keyboard.press("ControlOrMeta+Shift+Enter")
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 8 tests passed")
    await expect(rows_of_tests(page)).to_have_count(8)

    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    assert (await focus(page))["text"].startswith("Your own input")
    await page.keyboard.press("Tab")
    assert (await focus(page))["text"].startswith("Run")
    await page.keyboard.press("Tab")
    assert (await focus(page))["text"].startswith("Submit")
    await tab_to(page, "A division without remainder")
    await page.keyboard.press("Enter")
    await expect(rows_of_tests(page).nth(1).get_by_role("group", name="Expected")).to_be_visible()


async def test_a_quiz_is_taken_by_keyboard(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/quizzes/{course.quiz}")
    await tab_to(page, "Start the quiz")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Question 1, open", exact=True)).to_be_visible()

    cards = page.locator(".question")
    for number in range(1, 11):
        card = cards.nth(number - 1)
        await expect(card).to_be_visible()
        options = card.locator("input[name^='answer-']")
        name = await options.first.get_attribute("name")
        assert name is not None
        right = course.questions[name.removeprefix("answer-")].right
        values = await options.evaluate_all("inputs => inputs.map(input => input.value)")
        if number == 1:
            await answer_without_digits(page, values.index(right[0]))
        else:
            for option in right:
                await page.keyboard.press(str(values.index(option) + 1))
        for option in right:
            await expect(card.locator(f"[value='{option}']")).to_be_checked()
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Hand in")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    await expect(page).to_have_url(re.compile("/result$"))


async def answer_without_digits(page: Page, index: int) -> None:
    """Into the first question's options by Tab, to the one at this place by Space and the arrow keys."""
    while not await page.evaluate("() => document.activeElement.name?.startsWith('answer-') ?? false"):
        await page.keyboard.press("Tab")
    assert (await focus(page))["outlined"]
    await page.keyboard.press("Space")
    for _ in range(index):
        await page.keyboard.press("ArrowDown")
