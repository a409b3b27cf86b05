"""What happens to work in progress when tabs, sessions, graders and patience run out: nothing of it is lost."""

import re

import httpx
from playwright.async_api import Page, expect

from e2e.conftest import GRADERS, Enrolled
from e2e.course import API, SOLUTION, STARTER, Course
from e2e.desk import coloured
from e2e.profiles import Profiles
from e2e.steps import code_in, editor, log_in, results, write_program
from fixtures.journey import register_and_sign_in
from fixtures.product import Product

DRAFT = "# Half a thought,\n# not sent yet.\n"
SLEEPER = "import time\n\ntime.sleep(3)\n"


async def start_quiz(page: Page, course: Course) -> None:
    await page.goto(f"/quizzes/{course.quiz}")
    await page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
    await expect(page.get_by_role("link", name="Question 1, open", exact=True)).to_be_visible()


async def choose(page: Page, option: str) -> None:
    await page.locator(f"label:has([value='{option}'])").click()


async def test_the_second_tab_of_an_attempt_is_told_that_the_first_counts(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    context = await profiles.open(await enrolled())
    first, second = await context.new_page(), await context.new_page()
    await start_quiz(first, course)
    await second.goto(first.url)
    question = course.questions[await name_of_question(first)]
    await choose(first, question.right[0])
    await choose(second, question.wrong[0])

    await first.get_by_role("button", name="Next").click()
    await hand_in(first)
    heading = first.get_by_role("heading", level=1)
    await expect(heading).to_contain_text("not passed yet")
    score = await heading.inner_text()
    assert not score.startswith("0%")

    await hand_in(second)
    await expect(second.get_by_text("These answers were handed in before; the first ones count.")).to_be_visible()
    await expect(second.get_by_role("heading", level=1)).to_have_text(score)
    await expect(second.locator(".question").first).to_contain_text("Your answer, correct")


async def name_of_question(page: Page) -> str:
    name = await page.locator(".question input").first.get_attribute("name")
    assert name is not None
    return name.removeprefix("answer-")


async def hand_in(page: Page) -> None:
    """Hand in an attempt with open questions: the page asks once more, at the first of them."""
    button = page.get_by_role("button", name="Hand in")
    await button.click()
    await expect(page.locator("#toasts")).to_contain_text("still open")
    await expect(page).not_to_have_url(re.compile("/result$"))
    await button.click()
    await expect(page).to_have_url(re.compile("/result$"))


async def test_answers_survive_a_reload_in_mid_quiz(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await start_quiz(page, course)
    question = course.questions[await name_of_question(page)]
    await choose(page, question.right[0])
    await expect(page.get_by_role("link", name="Question 1, answered", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("link", name="Question 1, answered", exact=True)).to_be_visible()
    await expect(page.locator(f"[value='{question.right[0]}']")).to_be_checked()
    await expect(page.get_by_role("link", name="Question 2, open", exact=True)).to_be_visible()

    # Coming back by way of the quiz's own page leads to the same attempt.
    attempt = page.url
    await page.goto(f"/quizzes/{course.quiz}")
    await page.get_by_role("link", name="Go on with it").click()
    await expect(page).to_have_url(attempt)
    await expect(page.locator(f"[value='{question.right[0]}']")).to_be_checked()


async def test_a_program_survives_a_reload_at_once(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/assignments/{course.assignment}")
    await write_program(page, DRAFT)
    await page.reload()
    await expect(page.locator("code-editor textarea")).to_have_value(DRAFT)
    await expect(editor(page)).to_contain_text("Half a thought")

    await page.get_by_role("button", name="Start over").click()
    await expect(page.locator("code-editor textarea")).to_have_value(STARTER)


async def test_while_every_grader_is_busy_a_submission_waits_in_sight(
    profiles: Profiles, served: Product, course: Course, enrolled: Enrolled
) -> None:
    page = await profiles.page(await enrolled())
    await page.goto(f"/assignments/{course.assignment}")
    await write_program(page, SOLUTION)
    async with httpx.AsyncClient(base_url=f"{served.url}{API}", timeout=30) as others:
        for _ in range(GRADERS):
            headers = {"Authorization": f"Bearer {await enrolled()}"}
            program = {"code": SLEEPER}
            sent = await others.post(f"/assignments/{course.assignment}/run", json=program, headers=headers)
            assert sent.status_code == 202
    await page.get_by_role("button", name="Submit").click()
    await expect(
        results(page).get_by_role("heading", name=re.compile("Waiting for a free grader|Running"))
    ).to_be_visible()
    await expect(results(page).get_by_text("Waiting", exact=True)).to_have_count(8)
    await expect(results(page).get_by_role("heading", name="All tests passed")).to_be_visible(timeout=60_000)


async def test_a_session_that_ends_before_submit_costs_no_code(
    profiles: Profiles, served: Product, course: Course
) -> None:
    profiles.expected.append("status of 401")
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        email = (await register_and_sign_in(client))["email"]
        assert (await client.post(f"{API}/languages/python/enroll")).status_code == 201
        page = await profiles.page(client.headers["Authorization"].removeprefix("Bearer "))
        await page.goto(f"/assignments/{course.assignment}")
        await write_program(page, SOLUTION)
        assert (await client.post(f"{API}/auth/logout")).is_success

    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_text("Your code is kept in this browser.")).to_be_visible()
    assert await code_in(page) == SOLUTION
    await expect(editor(page)).to_contain_text("a = int(input())")

    await results(page).get_by_role("link", name="Log in").click()
    await log_in(page, email)
    await expect(page).to_have_url(re.compile(f"/assignments/{course.assignment}$"))
    await expect(page.locator("code-editor textarea")).to_have_value(SOLUTION)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", name="All tests passed")).to_be_visible()


async def test_without_a_connection_the_page_says_so_and_keeps_the_code(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    profiles.expected += ["ERR_INTERNET_DISCONNECTED", "htmx:error: Failed to fetch"]
    context = await profiles.open(await enrolled())
    page = await context.new_page()
    await page.goto(f"/assignments/{course.assignment}")
    await write_program(page, SOLUTION)
    await expect(coloured(page)).to_be_visible()
    await context.set_offline(True)
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("No connection. Nothing is lost; please try again.")).to_be_visible()
    assert await code_in(page) == SOLUTION
    await context.set_offline(False)
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", name="All tests passed")).to_be_visible()
