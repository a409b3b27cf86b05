"""The same journey where no script runs: plain forms and links, a page for every answer."""

import re

from playwright.async_api import Page, expect

from e2e.course import SOLUTION, STARTER, WRONG, Course
from e2e.profiles import Profiles
from e2e.steps import enrol, expect_progress, log_in, results, rows_of_tests, sign_up


async def test_everything_can_be_learned_without_scripts(profiles: Profiles, course: Course) -> None:
    context = await profiles.open(java_script_enabled=False)
    page = await context.new_page()
    email = await sign_up(page)
    await log_in(page, email)
    await enrol(page)
    await page.get_by_role("link", name="Start learning").click()
    await page.get_by_role("link", name="Start", exact=True).click()
    overview = await context.new_page()

    for done, material in enumerate(course.materials, 1):
        await expect(page.get_by_role("heading", level=1)).to_have_text(material["title"])
        if material["material_type"] == "INTERACTIVE":
            await run_cell(page)
        await page.get_by_role("button", name="Mark as complete").click()
        await expect(page.get_by_text("Completed. Your progress is kept.")).to_be_visible()
        await expect_progress(overview, course, done)
        await page.get_by_role("link", name=re.compile("^Next: ")).click()

    await solve_exercise(page)
    await expect_progress(overview, course, len(course.materials) + 1)
    await results(page).get_by_role("link", name=re.compile("^Next: ")).click()

    await page.get_by_role("button", name="Start the quiz").click()
    for question in course.questions.values():
        for option in question.right:
            await page.locator(f"label:has([value='{option}'])").click()
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Passed with 100%")
    await expect(page.locator(".explanation")).to_have_count(len(course.questions))
    await expect_progress(overview, course, course.items)

    await page.goto("/dashboard")
    await page.get_by_label("account of Ada Lovelace").click()
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_text("You are logged out.")).to_be_visible()


async def run_cell(page: Page) -> None:
    """The program of a lesson: its output stands on a page of its own, which leads back."""
    lesson = page.url
    await page.get_by_role("textbox", name="Program", exact=True).fill("print(input()[::-1])\n")
    await page.get_by_label("What the program reads, line by line").fill("tseZedoC")
    await page.get_by_role("button", name="Run").click()
    await expect(page.get_by_label("Output", exact=True)).to_have_text("CodeZest\n")
    await page.get_by_role("link", name="Back to the lesson").click()
    await expect(page).to_have_url(lesson)


async def solve_exercise(page: Page) -> None:
    """Run, submit a wrong program, submit the right one. The page of a waiting submission asks again by itself."""
    program = page.get_by_role("textbox", name="Your program")
    await expect(program).to_have_value(STARTER)
    await page.get_by_role("button", name="Run").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 3 tests passed")
    await expect(rows_of_tests(page)).to_have_count(3)

    await page.get_by_role("link", name="Back to the exercise").click()
    await program.fill(WRONG)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("0 of 8 tests passed")
    await expect(results(page).get_by_role("group", name="Your output").first).to_contain_text("17.0 + 5.0 = 22.0")
    await expect(results(page).get_by_text("Hidden test")).to_have_count(5)

    await page.get_by_role("link", name="Back to the exercise").click()
    await expect(program).to_have_value(WRONG)
    await program.fill(SOLUTION)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("All tests passed")
    await expect(results(page).get_by_text("100 / 100")).to_be_visible()
