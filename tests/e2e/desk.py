"""The parts of the desk, and the ways to it."""

import re

from playwright.async_api import BrowserContext, Locator, Page, expect

from e2e.course import Course
from e2e.steps import editor

SAVED = re.compile("^Saved ")
OFFLINE = ["ERR_INTERNET_DISCONNECTED", "htmx:error: Failed to fetch"]


def state(page: Page) -> Locator:
    """Where the program is, in words."""
    return page.locator("[data-editor-state]")


def notice(page: Page) -> Locator:
    """The bar above the editor."""
    return page.locator("#desk-code > .editor-notice")


def program(page: Page) -> Locator:
    """What the form would send."""
    return page.locator("textarea[name=code]")


def coloured(page: Page) -> Locator:
    """The first word that has a colour, which shows that the language's rules have come."""
    return editor(page).locator(".cm-line > span").first


async def open_desk(context: BrowserContext, course: Course) -> Page:
    """A new tab with the exercise, once the editor is there."""
    page = await context.new_page()
    await page.goto(f"/assignments/{course.assignment}")
    await expect(editor(page)).to_be_visible()
    return page


async def open_settings(page: Page) -> Locator:
    """The dialog of the editor's settings."""
    await page.get_by_role("button", name="Editor settings").click()
    dialog = page.get_by_role("dialog", name="Editor settings")
    await expect(dialog).to_be_visible()
    return dialog
