"""What a person does on the pages, with scripts or without."""

import re
import time
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from e2e.course import Course
from fixtures.journey import PASSWORD

LETTER_SECONDS = 30


async def sign_up(page: Page) -> str:
    """Register, open the letter, confirm; returns the address."""
    email = f"ada-{uuid4().hex[:8]}@codezest.example"
    await page.goto("/")
    await page.get_by_role("banner").get_by_role("link", name="Sign up").click()
    await page.get_by_label("First name").fill("Ada")
    await page.get_by_label("Last name").fill("Lovelace")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    await page.get_by_role("link", name="Open the mailbox").click()
    await (await letter_to(page, email)).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
    await page.get_by_role("main").get_by_role("button").click()
    await expect(page).to_have_url(re.compile("/login"))
    await expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
    return email


async def letter_to(page: Page, email: str) -> Locator:
    """The letter on the mailbox page, which shows it once the worker has written it."""
    letter = page.locator(".card", has_text=email)
    deadline = time.monotonic() + LETTER_SECONDS
    while not await letter.count():
        assert time.monotonic() < deadline, f"no letter to {email}"
        await page.reload()
    return letter


async def log_in(page: Page, email: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Log in").click()


async def enrol(page: Page) -> None:
    """From wherever one is, by the list of languages."""
    await page.get_by_role("banner").get_by_role("link", name="Learn").click()
    await page.get_by_role("link", name="Python", exact=True).click()
    await page.get_by_role("button", name="Enrol in Python").click()
    await expect(page.get_by_text("You are enrolled. Your first module is open.")).to_be_visible()


async def expect_progress(page: Page, course: Course, done: int) -> None:
    """The module's page and the path's page say what is done, in whole percent rounded down."""
    await page.goto(f"/modules/{course.module}")
    percent = 100 * done // course.items
    await expect(page.get_by_role("img", name=f"Progress in {course.title}: {percent}%", exact=True)).to_be_visible()
    await expect(page.get_by_text(f"{done} of {course.items} steps done")).to_be_visible()
    await page.goto("/languages/python")
    percent = 100 * done // course.course_items
    await expect(page.get_by_role("img", name=f"Progress in Python: {percent}%", exact=True)).to_be_visible()


def editor(page: Page) -> Locator:
    """The text of the code editor, once scripts have made one."""
    return page.locator("code-editor .cm-content")


async def code_in(page: Page) -> str:
    """The program as the form would send it."""
    return await page.locator("code-editor textarea").input_value()


async def write_program(page: Page, code: str) -> None:
    """Replace what is in the editor."""
    await editor(page).click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text(code)
    await expect(page.locator("code-editor textarea")).to_have_value(code)


def results(page: Page) -> Locator:
    return page.locator("#results")


def rows_of_tests(page: Page) -> Locator:
    return results(page).locator(".test")
