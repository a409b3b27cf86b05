"""What is typed on the desk is kept, whatever happens, and no tab or device overwrites another."""

import asyncio
import re

import pytest
from playwright.async_api import Error, Route, expect

from e2e.axe import violations, wider_than_the_screen
from e2e.conftest import Enrolled
from e2e.course import SOLUTION, STARTER, WRONG, Course
from e2e.desk import OFFLINE, SAVED, coloured, notice, open_desk, program, state
from e2e.profiles import Profiles
from e2e.steps import editor, results, write_program

CONFLICT = "status of 409"


async def test_every_pause_in_typing_is_saved_for_every_device(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await open_desk(await profiles.open(token), course)
    await write_program(page, WRONG)
    await expect(state(page)).to_have_text(SAVED)
    await page.reload()
    await expect(program(page)).to_have_value(WRONG)

    elsewhere = await open_desk(await profiles.open(token), course)
    await expect(program(elsewhere)).to_have_value(WRONG)
    await expect(editor(elsewhere)).to_contain_text("float")


async def test_what_was_typed_in_the_last_moment_is_there_after_a_reload(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    for code in (WRONG, SOLUTION):
        await write_program(page, code)
        await page.reload()
        await expect(program(page)).to_have_value(code)


async def test_two_tabs_never_overwrite_each_other(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    context = await profiles.open(await enrolled())
    first, second = await open_desk(context, course), await open_desk(context, course)
    await write_program(first, "print('first')\n")
    await expect(state(first)).to_have_text(SAVED)

    # The other tab has heard of it; what is typed there now is kept, but not sent.
    await expect(notice(second)).to_contain_text("Changed in another tab or on another device at")
    await write_program(second, "print('second')\n")
    await expect(state(second)).to_have_text("Kept in this browser")
    assert await violations(second) == []
    async with context.expect_page() as opened:
        await notice(second).get_by_role("button", name="Compare").click()
    beside = await opened.value
    await expect(beside.locator("del")).to_contain_text("first")
    await expect(beside.locator("ins")).to_contain_text("second")

    await notice(second).get_by_role("button", name="Keep this one").click()
    await expect(state(second)).to_have_text(SAVED)
    await expect(notice(second)).to_have_count(0)

    await expect(notice(first)).to_be_visible()
    await expect(program(first)).to_have_value("print('first')\n")
    await notice(first).get_by_role("button", name="Take the other").click()
    await expect(program(first)).to_have_value("print('second')\n")
    await expect(editor(first)).to_contain_text("second")
    await notice(first).get_by_role("button", name="Undo").click()
    await expect(program(first)).to_have_value("print('first')\n")


async def test_another_device_is_noticed_when_saving(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected.append(CONFLICT)
    token = await enrolled()
    here = await open_desk(await profiles.open(token), course)
    there = await open_desk(await profiles.open(token), course)
    await write_program(there, "print('there')\n")
    await expect(state(there)).to_have_text(SAVED)
    await write_program(here, "print('here')\n")
    await expect(notice(here)).to_contain_text("Changed in another tab or on another device at")
    # Without a decision, nothing is lost either: the draft is the other one, and this one is offered again.
    await here.reload()
    await expect(program(here)).to_have_value("print('there')\n")
    await expect(notice(here)).to_contain_text("This browser has other, unsaved changes from")
    await notice(here).get_by_role("button", name="Bring them back").click()
    await expect(program(here)).to_have_value("print('here')\n")
    await expect(state(here)).to_have_text(SAVED)
    await there.reload()
    await expect(program(there)).to_have_value("print('here')\n")


async def test_typing_goes_on_without_a_connection(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected += OFFLINE
    context = await profiles.open(await enrolled())
    page = await open_desk(context, course)
    await expect(coloured(page)).to_be_visible()
    await context.set_offline(True)
    await write_program(page, WRONG)
    await expect(state(page)).to_have_text("Offline: kept in this browser")
    await context.set_offline(False)
    await expect(state(page)).to_have_text(SAVED)
    await page.reload()
    await expect(program(page)).to_have_value(WRONG)


async def test_colours_come_with_the_connection(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    profiles.expected.append("ERR_FAILED")
    context = await profiles.open(await enrolled(), routed=True)
    missed = 0

    async def miss_once(route: Route) -> None:
        nonlocal missed
        missed += 1
        await (route.abort() if missed == 1 else route.continue_())

    await context.route("**/lang-python-*.js", miss_once)
    page = await open_desk(context, course)
    await write_program(page, SOLUTION)
    await expect(program(page)).to_have_value(SOLUTION)
    await expect(coloured(page)).to_be_visible()
    assert missed == 2


async def test_a_crash_without_a_connection_loses_nothing(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    profiles.expected.append("ERR_FAILED")
    context = await profiles.open(await enrolled(), routed=True)
    page = await open_desk(context, course)
    server = asyncio.Event()

    async def reach(route: Route) -> None:
        await (route.continue_() if server.is_set() else route.abort())

    await context.route("**/draft", reach)
    await write_program(page, WRONG)
    await expect(state(page)).to_have_text("Offline: kept in this browser")
    with pytest.raises(Error):
        await page.goto("chrome://crash")
    server.set()

    again = await open_desk(context, course)
    await expect(notice(again)).to_contain_text("Your unsent changes are back.")
    await expect(program(again)).to_have_value(WRONG)
    await expect(state(again)).to_have_text(SAVED)
    await notice(again).get_by_role("button", name="Discard them").click()
    await expect(program(again)).to_have_value(STARTER)


async def test_attempts_are_compared_and_put_back(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    for code, verdict in ((WRONG, "0 of 8 tests passed"), (SOLUTION, "All tests passed")):
        await write_program(page, code)
        await page.keyboard.press("ControlOrMeta+Shift+Enter")
        await expect(results(page).get_by_role("heading", level=2)).to_have_text(verdict)
    await page.reload()
    await page.get_by_role("link", name="Put back attempt 1 into the editor").click()
    await expect(program(page)).to_have_value(WRONG)
    await expect(state(page)).to_have_text(SAVED)
    await notice(page).get_by_role("button", name="Undo").click()
    await expect(program(page)).to_have_value(SOLUTION)
    await expect(editor(page)).to_contain_text("int(input())")

    await page.get_by_role("link", name="Compare attempt 1").click()
    await expect(page.locator("del").first).to_contain_text("float")
    await expect(page.locator("ins").first).to_contain_text("int")
    await expect(page.locator("ins mark").first).to_have_text("int")
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []
    twin = page.locator("code.diff-twin").first
    await expect(twin).to_be_visible()
    await page.set_viewport_size({"width": 320, "height": 640})
    await expect(twin).to_be_hidden()
    assert await wider_than_the_screen(page) == []
    await page.get_by_label("After").select_option(label="Attempt 2")
    await page.get_by_role("button", name="Compare").click()
    await expect(page).to_have_url(re.compile("new="))


async def test_the_starter_comes_back_and_goes_again(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, WRONG)
    await page.get_by_role("button", name="Start over").click()
    await expect(program(page)).to_have_value(STARTER)
    await page.get_by_role("button", name="Undo").click()
    await expect(program(page)).to_have_value(WRONG)
