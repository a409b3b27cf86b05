"""The desk in a browser: keys, panes, hints, input of one's own, on every screen and without scripts."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import SOLUTION, WRONG, Course
from e2e.desk import open_desk
from e2e.profiles import Profiles
from e2e.steps import editor, results, write_program

MOST_BYTES = 220_000
"""On the wire, the page and its editor together."""
PHONE = {"width": 320, "height": 640}


async def test_run_and_submit_by_key_from_anywhere(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, SOLUTION)
    await page.locator("#desk-task").focus()
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(results(page).get_by_role("heading", name="All visible tests passed")).to_be_visible()
    await expect(page.locator("#desk-task")).to_be_focused()
    await page.keyboard.press("ControlOrMeta+Shift+Enter")
    await expect(results(page).get_by_role("heading", name="All tests passed")).to_be_visible()
    await expect(page.locator("#announcer")).to_have_text("All tests passed")
    await expect(results(page).get_by_role("link", name=re.compile("^Next: "))).to_be_visible()
    await expect(results(page).locator(".celebrate")).to_have_count(1)
    await page.reload()
    await expect(results(page).get_by_role("heading", name="All tests passed")).to_be_visible()
    await expect(results(page).locator(".celebrate")).to_have_count(0)


async def test_a_program_is_run_on_ones_own_input(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, "import sys\nprint(input()[::-1])\nprint('careful', file=sys.stderr)\n")
    await page.get_by_text("Your own input").click()
    await page.get_by_label("What the program reads, line by line").fill("tseZedoC\n")
    await page.get_by_role("button", name="Run with my own input").click()
    await expect(results(page).get_by_label("Output", exact=True)).to_have_text("CodeZest\n")
    await expect(results(page).get_by_label("Error output")).to_have_text("careful\n")
    await expect(results(page).get_by_label("Your input")).to_have_text("tseZedoC\n")
    assert await violations(page) == []


@pytest.mark.parametrize("width", [1440, 1000])
async def test_panes_are_resized_by_keyboard_and_stay_so(
    profiles: Profiles, course: Course, enrolled: Enrolled, width: int
) -> None:
    context = await profiles.open(await enrolled(), viewport={"width": width, "height": 800})
    page = await open_desk(context, course)
    task = page.get_by_role("separator", name="Width of the task")
    before = int(await task.get_attribute("aria-valuenow") or 0)
    await task.focus()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(task).to_have_attribute("aria-valuenow", str(before + 10))
    await page.keyboard.press("ArrowLeft")
    await expect(task).to_have_attribute("aria-valuenow", str(before + 8))

    side = page.get_by_role("separator", name="Size of the results")
    stacked = width < 1200
    await expect(side).to_have_attribute("aria-orientation", "horizontal" if stacked else "vertical")
    size = int(await side.get_attribute("aria-valuenow") or 0)
    await side.focus()
    await page.keyboard.press("ArrowUp" if stacked else "ArrowLeft")
    await expect(side).to_have_attribute("aria-valuenow", str(size + 2))
    await page.keyboard.press("Home")
    await expect(side).to_have_attribute("aria-valuenow", re.compile("^1[5-9]$|^2"))
    assert await violations(page) == []

    await page.reload()
    await expect(task).to_have_attribute("aria-valuenow", str(before + 8))
    await task.focus()
    await page.keyboard.press("Enter")
    await expect(task).to_have_attribute("aria-valuenow", str(before))


@pytest.mark.parametrize("size", [(1440, 900), (1000, 700)], ids=str)
async def test_the_panes_scroll_and_the_page_does_not(
    profiles: Profiles, course: Course, enrolled: Enrolled, size: tuple[int, int]
) -> None:
    context = await profiles.open(await enrolled(), viewport={"width": size[0], "height": size[1]})
    page = await open_desk(context, course)
    assert await page.evaluate("document.documentElement.scrollHeight") == size[1]
    await write_program(page, "print('Nothing')\n")
    await page.get_by_role("button", name="Submit").click()
    await expect(results(page).get_by_role("heading", name="0 of 8 tests passed")).to_be_visible()
    assert await page.evaluate("[document.documentElement.scrollHeight, scrollY]") == [size[1], 0]


async def test_panes_are_resized_by_pointer(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    context = await profiles.open(await enrolled(), viewport={"width": 1440, "height": 800})
    page = await open_desk(context, course)
    box = await page.locator("#desk-task").bounding_box()
    divider = await page.get_by_role("separator", name="Width of the task").bounding_box()
    assert box is not None
    assert divider is not None
    x, y = divider["x"] + divider["width"] / 2, 400
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 144, y, steps=4)
    await page.mouse.up()
    after = await page.locator("#desk-task").bounding_box()
    assert after is not None
    assert abs(after["width"] - box["width"] - 144) < 16
    await page.reload()
    again = await page.locator("#desk-task").bounding_box()
    assert again is not None
    assert abs(again["width"] - after["width"]) < 16, "remembered by this browser"
    await page.get_by_role("separator", name="Width of the task").dblclick()
    usual = await page.locator("#desk-task").bounding_box()
    assert usual is not None
    assert abs(usual["width"] - box["width"]) < 2
    await page.reload()
    assert await page.locator("#desk-task").bounding_box() == usual


async def test_hints_one_at_a_time_by_keyboard(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    hints = page.locator(".hints details")
    await expect(hints).to_have_count(0)
    await page.get_by_role("button", name="Hint 1 of 4").focus()
    await page.keyboard.press("Enter")
    await expect(hints).to_have_count(1)
    await expect(hints.first).to_have_attribute("open", "")
    await expect(hints.first.locator("summary")).to_be_focused()
    await expect(page.get_by_role("button", name="Hint 2 of 4")).to_be_visible()
    await page.reload()
    await expect(hints).to_have_count(1)


@pytest.mark.parametrize("pane", ["Task", "Code", "Results"])
async def test_the_desk_on_the_smallest_screen(
    profiles: Profiles, course: Course, enrolled: Enrolled, pane: str
) -> None:
    context = await profiles.open(
        await enrolled(), viewport=PHONE, traced=False, reduced_motion="reduce", forced_colors="active"
    )
    page = await context.new_page()
    await page.goto(f"/assignments/{course.assignment}")
    await page.get_by_role("radio", name=pane).check(force=True)
    if pane == "Code":
        await expect(editor(page)).to_be_visible()  # it is made when its pane is shown, and moves what lies below
    assert await wider_than_the_screen(page) == []
    assert await violations(page) == []


async def test_the_desk_without_scripts(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), java_script_enabled=False)
    await page.goto(f"/assignments/{course.assignment}")
    await page.get_by_role("textbox", name="Your program").fill(WRONG)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Your program is saved.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Your program")).to_have_value(WRONG)
    await page.get_by_role("button", name="Hint 1 of 4").click()
    await expect(page.locator(".hints details")).to_have_count(1)
    await expect(page.get_by_role("separator")).to_have_count(0)
    await page.get_by_text("Your own input").click()
    await page.get_by_label("What the program reads, line by line").fill("3\n4\n")
    await page.get_by_role("button", name="Run with my own input").click()
    await expect(results(page).get_by_label("Output", exact=True)).to_contain_text("3.0 + 4.0 = 7.0")


async def test_the_desk_with_its_editor_is_light(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    context = await profiles.open(await enrolled(), traced=False)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    sizes: list[int] = []

    def count(event: dict[str, Any]) -> None:
        sizes.append(int(event["encodedDataLength"]))

    session.on("Network.loadingFinished", count)
    await page.goto(f"/assignments/{course.assignment}")
    await expect(editor(page)).to_be_visible()
    await expect(page.locator("code-editor .cm-line span").first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert len(sizes) > 8
    assert sum(sizes) <= MOST_BYTES, sizes
