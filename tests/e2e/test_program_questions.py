"""A quiz with a question that is answered by a program: taken in an editor, and where no script runs."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import AUTHOR, Course
from e2e.extremes import call
from e2e.profiles import Profiles
from fixtures.product import Product

QUESTION: dict[str, Any] = {
    "type": "CODE",
    "text": "Read a number and print **twice** that number.",
    "points": 4,
    "explanation": "Multiply it by two.",
    "answer_key": {
        "language": "python",
        "starter": "number = int(input())\n",
        "solution": "print(2 * int(input()))\n",
        "tests": [
            {"name": "Two", "input": "2\n", "expected": "4\n", "visible": True},
            {"name": "Below zero", "input": "-3\n", "expected": "-6\n", "visible": True},
            {"name": "SECRET", "input": "7777\n", "expected": "15554\n", "points": 2},
        ],
    },
}
RUN_BUTTON = "Run the sample tests"


@pytest.fixture
async def quiz(served: Product, course: Course) -> AsyncIterator[str]:
    """The address of a published quiz, which is deleted again."""
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as author:
        author.headers["Authorization"] = f"Bearer {(await call(author, 'POST', '/auth/login', AUTHOR))['token']}"
        new = {"title": "Small programs", "scoring": "PARTIAL", "passing_score": 50}
        made = (await call(author, "POST", f"/modules/{course.module}/quizzes", new))["id"]
        await call(author, "POST", f"/quizzes/{made}/questions", QUESTION)
        await call(author, "PATCH", f"/quizzes/{made}", {"status": "PUBLISHED"})
        yield f"/quizzes/{made}"
        await call(author, "DELETE", f"/quizzes/{made}")


async def _nothing_is_told(page: Page) -> None:
    content = await page.content()
    assert not [secret for secret in ("SECRET", "7777", "2 * int", "Multiply it") if secret in content]


async def test_a_program_is_tried_and_graded(profiles: Profiles, enrolled: Enrolled, quiz: str) -> None:
    page = await profiles.page(await enrolled())
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(quiz)
    await page.get_by_role("button", name="Start the quiz").click()
    await expect(page.get_by_text("0 of 1 answered")).to_be_visible()
    await _nothing_is_told(page)
    editor = page.locator(".cm-content")
    await editor.click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("print(number + 2)  # f is no key here")
    await expect(page.get_by_text("1 of 1 answered")).to_be_visible()
    await page.get_by_role("button", name=RUN_BUTTON).click()
    await expect(page.locator(".program-tried")).to_contain_text("1 of 2 tests passed", timeout=30_000)
    await expect(page.get_by_text("1 of 2 tests passed")).to_have_count(2)  # once for who does not look at it
    assert await violations(page) == []
    assert await wider_than_the_screen(page) == []
    await page.reload()
    await expect(editor).to_contain_text("print(number + 2)")
    await _nothing_is_told(page)
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("25%, not passed yet", timeout=30_000)
    await expect(page.get_by_text("1 of 2 tests passed, hidden tests: 0 of 1")).to_be_visible()
    await expect(page.get_by_text("Partly correct")).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.get_by_text("A program that passes all tests").click()
    await expect(page.get_by_text("print(2 * int(input()))")).to_be_visible()
    assert await violations(page) == []
    assert await wider_than_the_screen(page) == []


async def test_the_same_without_scripts(profiles: Profiles, enrolled: Enrolled, quiz: str) -> None:
    page = await profiles.page(await enrolled(), java_script_enabled=False)
    await page.goto(quiz)
    await page.get_by_role("button", name="Start the quiz").click()
    program = page.get_by_role("textbox", name="Your program")
    await expect(program).to_have_value("number = int(input())\n")
    await program.fill("print(int(input()) * 2)\n")
    await page.get_by_role("button", name=RUN_BUTTON).click()
    await expect(program).to_have_value("print(int(input()) * 2)\n")
    await _until(page, "2 of 2 tests passed")
    await page.get_by_role("button", name="Hand in").click()
    await _until(page, "Passed with 100%")
    await expect(page.get_by_text("2 of 2 tests passed, hidden tests: 1 of 1")).to_be_visible()


async def _until(page: Page, text: str) -> None:
    """Look again until it is there, by the page's own link."""
    for _time in range(60):
        if await page.get_by_text(text).count():
            return
        await page.get_by_role("link", name="Look again").click()
        await page.wait_for_timeout(300)
    await expect(page.get_by_text(text)).to_be_visible()
