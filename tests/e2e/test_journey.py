"""The whole journey as a person walks it, from the start page to a finished module and out again."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from e2e.course import SOLUTION, STARTER, WRONG, Course
from e2e.profiles import Profiles
from e2e.steps import code_in, enrol, expect_progress, log_in, results, rows_of_tests, sign_up, write_program

SLOWLY = f"import time\n\ntime.sleep(0.3)\n{WRONG}"
"""Slow enough for the tests to be seen ending one by one."""
HIDDEN_INPUT = "123456789012345678901"

PLAY = """video => new Promise((resolve, reject) => {
    video.addEventListener("error", () => reject(new Error(video.error?.message)));
    video.addEventListener("timeupdate", () => { if (video.currentTime > 0.5) resolve(video.currentTime); });
})"""
CUES = """track => new Promise((resolve, reject) => {
    const tell = () => resolve({ mode: track.track.mode, kind: track.kind, cues: track.track.cues.length });
    if (track.readyState === HTMLTrackElement.LOADED) tell();
    track.addEventListener("load", tell);
    track.addEventListener("error", () => reject(new Error("the captions do not load")));
})"""
WATCH_TESTS = """panel => {
    window.seen = [];
    new MutationObserver(() => {
        const rows = [...panel.querySelectorAll("[aria-busy] .test")];
        if (rows.length) window.seen.push([rows.filter(row => row.querySelector("[data-verdict]")).length, rows.length]);
    }).observe(panel, { childList: true, subtree: true });
}"""


async def test_from_the_start_page_to_a_finished_module(profiles: Profiles, course: Course) -> None:
    context = await profiles.open()
    page = await context.new_page()
    email = await sign_up(page)
    await log_in(page, email)
    await expect(page).to_have_url(re.compile("/dashboard$"))
    await enrol(page)
    overview = await context.new_page()
    await expect_progress(overview, course, 0)

    await page.get_by_role("link", name="Start learning").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(course.title)
    await page.get_by_role("link", name="Start", exact=True).click()
    for done, material in enumerate(course.materials, 1):
        await expect(page.get_by_role("heading", level=1)).to_have_text(material["title"])
        await study(page, material["material_type"])
        await page.get_by_role("button", name="Mark as complete").click()
        await expect(page.locator("#completion").get_by_text("Completed")).to_be_visible()
        await expect_progress(overview, course, done)
        await page.get_by_role("link", name=re.compile("^Next: ")).click()

    await solve_exercise(page)
    await expect_progress(overview, course, len(course.materials) + 1)
    await results(page).get_by_role("link", name=re.compile("^Next: ")).click()

    await page.get_by_role("button", name="Start the quiz").click()
    await take_quiz(page, course)
    await expect_progress(overview, course, course.items)

    await page.get_by_role("main").get_by_role("link", name="Back to the module").click()
    await expect(page.get_by_role("heading", name="Module completed")).to_be_visible()
    await page.goto(f"/modules/{course.next_module}")
    await expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()

    await page.get_by_role("banner").get_by_role("link", name="Dashboard", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Ada")
    line = page.locator("li", has=page.get_by_role("link", name=course.title, exact=True))
    await expect(line).to_contain_text(f"{course.items} of {course.items}")
    await expect(line.get_by_role("img", name="Done")).to_be_visible()
    await expect(page.get_by_role("link", name="Continue")).to_be_visible()

    await page.get_by_label("account of Ada Lovelace").click()
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_text("You are logged out.")).to_be_visible()
    await page.goto("/dashboard")
    assert urlsplit(page.url).path == "/login"


async def study(page: Page, kind: str) -> None:
    """Watch the film, read the text, run the program."""
    match kind:
        case "VIDEO":
            film = page.locator("video")
            captions = await film.locator("track").evaluate(CUES)
            assert (captions["kind"], captions["mode"]) == ("captions", "showing")
            assert captions["cues"] > 0
            playing = film.evaluate(PLAY)
            await film.click()
            assert await playing > 0
        case "ARTICLE":
            await expect(page.locator(".prose").first).to_be_visible()
        case "CODE_EXAMPLE":
            await page.get_by_role("button", name="Run").click()
            await expect(page.get_by_label("Output", exact=True)).to_contain_text("Hello, Ada")
        case "INTERACTIVE":
            await write_program(page, "print(input()[::-1])\n")
            await page.get_by_label("What the program reads, line by line").fill("tseZedoC")
            await page.get_by_role("button", name="Run").click()
            await expect(page.get_by_label("Output", exact=True)).to_have_text("CodeZest\n")
        case _:
            raise AssertionError(f"a {kind} in the sample course")


async def solve_exercise(page: Page) -> None:
    """Run the starting code, submit a wrong program, then the right one, all on one page that is never reloaded."""
    assert await code_in(page) == STARTER
    await page.evaluate("window.unbroken = true")
    await page.get_by_role("button", name="Run").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 3 tests passed")
    await expect(rows_of_tests(page)).to_have_count(3)
    await expect(results(page).get_by_text("Hidden test")).to_have_count(0)

    await write_program(page, SLOWLY)
    await results(page).evaluate(WATCH_TESTS)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 8 tests passed")
    seen: list[list[int]] = await page.evaluate("window.seen")
    assert any(0 < ended < total for ended, total in seen), "the verdict did not come test by test"
    await expect_failure_explained(page)

    await write_program(page, SOLUTION)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("All tests passed")
    await expect(results(page).get_by_text("100 / 100")).to_be_visible()
    await expect(page.locator("#announcer")).to_have_text("All tests passed")
    assert await page.evaluate("window.unbroken")


async def expect_failure_explained(page: Page) -> None:
    """The first visible test that failed stands open, its difference marked; hidden ones give nothing away."""
    rows = rows_of_tests(page)
    first = rows.filter(has_text="The example from the task")
    await expect(first.get_by_role("group", name="Expected")).to_contain_text("17 + 5 = 22")
    await expect(first.get_by_role("group", name="Your output")).to_contain_text("17.0 + 5.0 = 22.0")
    await expect(first.locator("mark").first).to_be_visible()
    hidden = rows.filter(has_text="Hidden test")
    await expect(hidden).to_have_count(5)
    await expect(hidden.filter(has_text="A very large number")).to_contain_text("Wrong answer")
    await expect(hidden.locator("details")).to_have_count(0)
    assert HIDDEN_INPUT not in await page.content()


async def take_quiz(page: Page, course: Course) -> None:
    """Answer all but the first question rightly, and read why."""
    asked: list[Any] = await page.locator(".question").evaluate_all(
        "cards => cards.map(card => card.querySelector('input').name.replace('answer-', ''))"
    )
    assert len(asked) == 10
    assert set(asked) == set(course.questions)
    for number, name in enumerate(asked, 1):
        question = course.questions[name]
        for option in question.right if number > 1 else question.wrong[:1]:
            await page.locator(f"label:has([value='{option}'])").click()
        await expect(page.get_by_role("link", name=f"Question {number}, answered", exact=True)).to_be_visible()
        if number < len(asked):
            await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Hand in").click()

    total = sum(question.points for question in course.questions.values())
    score = 100 * (total - course.questions[asked[0]].points) // total
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Passed with {score}%")
    await expect(page.locator(".question")).to_have_count(10)
    await expect(page.locator(".question .explanation")).to_have_count(10)
    await expect(page.get_by_text("Not correct", exact=True)).to_have_count(1)
    await expect(page.locator(".question").first.get_by_text("Not correct", exact=True)).to_be_visible()
