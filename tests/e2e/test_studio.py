"""One who teaches writes a course: begins it, puts its steps in order by keyboard and by mouse, writes with a preview that
follows, in two tabs at once, and takes a deletion back.
"""

import re

import httpx
from playwright.async_api import expect

from e2e.axe import violations
from e2e.course import API, AUTHOR
from e2e.extremes import call
from e2e.profiles import Profiles
from e2e.taught import make_taught
from fixtures.product import Product

CONFLICT = "Failed to load resource: the server responded with a status of 409"


async def test_a_course_is_written(profiles: Profiles, served: Product) -> None:
    profiles.expected.append(CONFLICT)
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as author:
        token = (await call(author, "POST", "/auth/login", AUTHOR))["token"]
        author.headers["Authorization"] = f"Bearer {token}"
        taught = await make_taught(author, "Trees")
        page = await profiles.page(token)
        await page.goto(taught.path)
        rows = page.locator(".outline-items").first.locator(".outline-title")
        await expect(rows).to_have_text(
            [
                "Article Trees",
                "Video Trees",
                "Interactive Trees",
                "Pdf Trees",
                "Quiz Trees",
                "Count the leaves",
                "Do you know trees",
            ]
        )

        # By keyboard: the focus stays with the row, so that it goes on and on.
        await expect(page.locator("#outline[data-ordered]")).to_be_visible()
        await page.get_by_role("link", name="Interactive Trees", exact=True).focus()
        await page.keyboard.press("Alt+ArrowUp")
        await expect(rows.nth(1)).to_have_text("Interactive Trees")
        await expect(page.get_by_role("button", name="Move up: Interactive Trees")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(rows.first).to_have_text("Interactive Trees")
        await expect(page.locator("#announcer")).to_have_text("Moved up.")

        # By mouse, into the other module.
        grip = page.locator(".outline-item", has_text="Count the leaves").locator("[data-grip]")
        await grip.drag_to(page.locator(".outline-module").nth(1).locator(".outline-head"))
        await expect(page.locator(".outline-items").nth(1).locator(".outline-title")).to_have_text(["Count the leaves"])

        # A deletion asks nothing and is taken back.
        await page.get_by_role("link", name="More about: Pdf Trees").click()
        await page.get_by_role("region", name="Pdf Trees").get_by_role("button", name="Delete").click()
        await expect(rows.filter(has_text="Pdf Trees")).to_have_count(0)
        await expect(page.get_by_role("button", name="Undo")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(rows.filter(has_text="Pdf Trees")).to_have_count(1)
        assert await violations(page) == []

        await page.get_by_role("link", name="Article Trees", exact=True).click()
        text = page.get_by_role("textbox", name=re.compile("^Text"))
        await page.get_by_role("button", name="Preview").click()
        shown = page.get_by_role("region", name="Preview")
        await expect(shown.get_by_role("heading", name="Text")).to_be_visible()
        other = await page.context.new_page()
        await other.goto(f"/teach/materials/{taught.materials['ARTICLE']}")
        await text.fill("## Leaves\n\nA **leaf** has no children.")
        await expect(shown.get_by_role("heading", name="Leaves")).to_be_visible()
        await expect(page.locator("[data-editor-state]")).to_contain_text("Saved")
        kept = await author.get(f"{API}/materials/{taught.materials['ARTICLE']}/authoring")
        assert kept.json()["content"] == "## Leaves\n\nA **leaf** has no children."

        await other.get_by_role("textbox", name=re.compile("^Text")).fill("From another tab")
        await expect(other.get_by_role("alert")).to_contain_text("saved this meanwhile")
        kept = await author.get(f"{API}/materials/{taught.materials['ARTICLE']}/authoring")
        assert "leaf" in kept.json()["content"]
        await other.reload()
        await other.get_by_role("button", name="Bring them back").click()
        await expect(other.get_by_role("textbox", name=re.compile("^Text"))).to_have_value("From another tab")
        assert await violations(page) == []
