"""A program of several files on the desk."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import expect

from e2e.axe import violations, wider_than_the_screen
from e2e.course import API, AUTHOR, Course
from e2e.desk import SAVED, notice, state
from e2e.profiles import Profiles
from fixtures.product import Product


@dataclass(frozen=True, slots=True)
class SeveralFiles:
    """An exercise that only its author sees, and the author's session."""

    token: str
    path: str


@pytest.fixture
async def several(served: Product, course: Course) -> AsyncIterator[SeveralFiles]:
    async with httpx.AsyncClient(base_url=f"{served.url}{API}", timeout=30) as author:
        token = (await author.post("/auth/login", json=AUTHOR)).raise_for_status().json()["token"]
        author.headers["Authorization"] = f"Bearer {token}"
        new = {
            "title": "A shop in two files",
            "language": "python",
            "instructions": "Print 3.",
            "starter_code": "import prices\nprint(prices.TOTAL)\n",
            "starter_files": {"prices.py": "TOTAL = 3\n"},
        }
        answer = await author.post(f"/modules/{course.module}/assignments", json=new)
        made = answer.raise_for_status().json()["id"]
        test = {"name": "three", "expected": "3\n"}
        (await author.post(f"/assignments/{made}/tests", json=test)).raise_for_status()
        yield SeveralFiles(token, f"/assignments/{made}")
        (await author.delete(f"/assignments/{made}")).raise_for_status()


async def test_files_come_and_go_on_the_desk(profiles: Profiles, several: SeveralFiles) -> None:
    page = await profiles.page(several.token)
    await page.goto(several.path)
    names = page.locator(".program-files summary code")
    await expect(names).to_have_text(["main.py", "prices.py"])
    await page.get_by_label("New file").fill("lib/more.py")
    await page.get_by_label("New file").press("Enter")
    await expect(names).to_have_text(["main.py", "lib/more.py", "prices.py"])

    await page.locator("summary", has_text="lib/more.py").click()
    await page.get_by_label("New name of lib/more.py").fill("other.py")
    await page.get_by_role("button", name="Rename").locator("visible=true").click()
    await expect(names).to_have_text(["main.py", "other.py", "prices.py"])

    await page.locator("summary", has_text="other.py").click()
    await page.get_by_role("button", name="Remove").locator("visible=true").click()
    await expect(names).to_have_text(["main.py", "prices.py"])
    await notice(page).get_by_role("button", name="Undo").click()
    await expect(names).to_have_text(["main.py", "other.py", "prices.py"])
    await expect(page.locator("details[open] .cm-content")).to_be_visible()
    await page.get_by_role("button", name="Remove").locator("visible=true").click()
    await expect(state(page)).to_have_text(SAVED)
    await page.reload()
    await expect(names).to_have_text(["main.py", "prices.py"])
    assert await violations(page) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.get_by_role("radio", name="Code").check(force=True)
    assert await wider_than_the_screen(page) == []


async def test_a_file_of_a_name_that_cannot_be(profiles: Profiles, several: SeveralFiles) -> None:
    profiles.expected.append("status of 422")
    page = await profiles.page(several.token)
    await page.goto(several.path)
    await page.get_by_label("New file").fill("../up.py")
    await page.get_by_role("button", name="Add the file").click()
    await expect(page.locator("#results")).to_contain_text(re.compile("is no path of a file here|match pattern|up.py"))
    await expect(page.locator(".program-files summary code")).to_have_text(["main.py", "prices.py"])
