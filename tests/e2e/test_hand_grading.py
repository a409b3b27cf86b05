"""A text goes from its desk to a grade: saved while it is written, graded by keys, read by its learner."""

import re

import httpx
from playwright.async_api import expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import AUTHOR, Course
from e2e.extremes import call
from e2e.hand_graded import Essay, essay_for_a_while
from e2e.profiles import Profiles
from fixtures.product import Product


async def test_a_text_is_written_graded_by_keys_and_read(
    profiles: Profiles, course: Course, enrolled: Enrolled, served: Product
) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as author:
        teacher = (await call(author, "POST", "/auth/login", AUTHOR))["token"]
        author.headers["Authorization"] = f"Bearer {teacher}"
        async with essay_for_a_while(author, course.module) as essay:
            await _write_grade_and_read(profiles, await enrolled(), teacher, essay)


async def _write_grade_and_read(profiles: Profiles, learner: str, teacher: str, essay: Essay) -> None:
    writing = await profiles.page(learner)
    await writing.goto(f"/assignments/{essay.assignment}")
    answer = writing.get_by_label("Your answer")
    async with writing.expect_response(lambda one: one.url.endswith("/hand-in") and one.ok):
        await answer.fill("A for loop.\nA while loop.")
    await writing.reload()
    await expect(answer).to_have_value("A for loop.\nA while loop.")
    await writing.get_by_role("button", name="Hand in").click()
    await expect(writing.get_by_text("A person will grade it")).to_be_visible()

    grading = await profiles.page(teacher)
    await grading.goto(f"/teach/courses/{essay.course}/grading?assignment={essay.assignment}")
    await grading.get_by_role("button", name="Grade next").click()
    await expect(grading).to_have_url(re.compile("/teach/submissions/"))
    assert await violations(grading) == []
    await grading.keyboard.press("1")
    await expect(grading.get_by_role("radio", name=re.compile("Convincing"))).to_be_checked()
    await grading.keyboard.press("2")
    await expect(grading.get_by_role("radio", name=re.compile("Unclear"))).to_be_checked()
    await expect(grading.get_by_text("6 of 8 points: 60 marks")).to_be_visible()
    await grading.get_by_label("Feedback").fill("Say **more**.")
    await grading.locator("[data-line-number]").nth(1).click()
    await expect(grading.get_by_label("From line")).to_have_value("2")
    await grading.get_by_role("textbox", name="Remark", exact=True).fill("Why <while>?")
    await grading.get_by_role("button", name="Add the remark").click()
    await expect(grading.locator(".remarks")).to_contain_text("Why <while>?")
    await expect(grading.get_by_label("Feedback")).to_have_value("Say **more**.")
    await grading.keyboard.press("Control+Enter")
    await expect(grading.get_by_text("Nothing else waits", exact=False)).to_be_visible()

    await writing.set_viewport_size({"width": 360, "height": 740})
    await writing.reload()
    await expect(writing.get_by_text("60 of 80")).to_be_visible()
    await expect(writing.locator(".remarks")).to_contain_text("Why <while>?")
    assert await violations(writing) == []
    assert await wider_than_the_screen(writing) == []
