"""One who teaches writes an exercise with two tests, tries it, publishes it, and a learner solves it."""

import re

import httpx
from playwright.async_api import expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import AUTHOR, Course
from e2e.extremes import call
from e2e.profiles import Profiles
from e2e.steps import results, write_program
from fixtures.product import Product

PROGRAM = "a, b = map(int, input().split())\nprint(a + b)\n"


async def test_an_exercise_is_written_tried_and_solved(
    profiles: Profiles, course: Course, enrolled: Enrolled, served: Product
) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as author:
        teacher = (await call(author, "POST", "/auth/login", AUTHOR))["token"]
        author.headers["Authorization"] = f"Bearer {teacher}"
        new = {"title": "Add two numbers", "solution_code": PROGRAM, "starter_code": "print(0)\n"}
        made = (await call(author, "POST", f"/modules/{course.module}/assignments", new))["id"]
        page = await profiles.page(teacher)
        await page.set_viewport_size({"width": 360, "height": 740})
        await page.goto(f"/teach/assignments/{made}")
        await page.get_by_label("Instructions").fill("Print the **sum** of two numbers.")
        for name, typed in (("small", "1 2\n"), ("large", "7000 1\n")):
            await page.get_by_role("button", name="Add a test").click()
            row = page.locator("#rows-t .editor-row").last
            await expect(row.get_by_label("Name", exact=True)).to_be_focused()
            await row.get_by_label("Name", exact=True).fill(name)
            await row.get_by_role("textbox", name=re.compile("^Input")).fill(typed)
        await row.get_by_role("button", name="Move test 2 up").click()
        await expect(page.locator("#rows-t .editor-name")).to_have_text(["large", "small"])
        await expect(page.get_by_label("Instructions")).to_have_value("Print the **sum** of two numbers.")
        assert await violations(page) == []
        assert await wider_than_the_screen(page) == []

        await page.get_by_role("button", name="Save and try it").click()
        await expect(page.locator(".try-summary")).to_contain_text("The solution passes", timeout=30_000)
        await expect(page.get_by_text("still running")).to_have_count(0, timeout=30_000)
        for box in await page.get_by_role("checkbox").all():
            await box.check()
        await page.get_by_role("button", name="Fill expected from the solution").click()
        summary = page.locator(".try-summary")
        await expect(summary).to_have_text(
            re.compile(r"The solution passes all 2 tests\. The starter fails 2\."), timeout=30_000
        )
        assert await violations(page) == []
        assert await wider_than_the_screen(page) == []
        await page.get_by_role("link", name="Go on writing").click()
        await page.get_by_role("button", name="Save and publish").click()
        await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()

        learner = await profiles.page(await enrolled())
        await learner.goto(f"/assignments/{made}")
        await expect(learner.get_by_text("Print the sum of two numbers.")).to_be_visible()
        assert "map(int" not in await learner.content(), "learners never see the solution"
        await write_program(learner, PROGRAM)
        await learner.get_by_role("button", name="Submit").click()
        await expect(results(learner).get_by_role("heading", level=2)).to_have_text("All tests passed", timeout=30_000)
        await call(author, "DELETE", f"/assignments/{made}")
