"""The editor as its reader wants it: keys, looks, or a plain text field."""

import re

from playwright.async_api import expect

from e2e.axe import violations
from e2e.conftest import Enrolled
from e2e.course import WRONG, Course
from e2e.desk import open_desk, open_settings, program
from e2e.profiles import Profiles
from e2e.steps import code_in, editor, write_program

CONTRAST_IS_KEPT = """async () => {
    const profile = await (await fetch("/api/v1/me/profile")).json();
    return profile.preferences.editor.theme === "contrast";
}"""


async def test_vim_keys(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    dialog = await open_settings(page)
    assert await violations(page) == []
    await dialog.get_by_label("Keys").select_option("vim")
    await dialog.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("button", name="Editor settings")).to_be_focused()
    await expect(page.locator(".cm-vimCursorLayer")).to_have_count(1)
    await editor(page).click()
    await page.keyboard.type("ggdGiprint(1)")
    await page.keyboard.press("Escape")
    await page.keyboard.type("x")
    await expect(program(page)).to_have_value("print(1")
    await page.reload()
    await expect(page.locator(".cm-vimCursorLayer")).to_have_count(1)
    await editor(page).click()
    await page.keyboard.type("dd")
    await expect(program(page)).to_have_value("")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(page.locator("code-editor :focus")).to_have_count(0)


async def test_emacs_keys(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    await write_program(page, "one two")
    dialog = await open_settings(page)
    async with page.expect_response(re.compile("keys-emacs")):
        await dialog.get_by_label("Keys").select_option("emacs")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await editor(page).click()
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Control+k")
    await expect(program(page)).to_have_value("")
    await page.keyboard.press("Control+y")
    await expect(program(page)).to_have_value("one two")


async def test_plain_mode_holds_on_every_device_and_tells_the_verdict(
    profiles: Profiles, course: Course, enrolled: Enrolled
) -> None:
    token = await enrolled()
    page = await open_desk(await profiles.open(token), course)
    async with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await page.get_by_role("button", name="Plain text").click()
    await expect(editor(page)).to_have_count(0)

    other = await profiles.page(token)
    await other.goto(f"/assignments/{course.assignment}")
    field = other.get_by_role("textbox", name="Your program")
    await expect(field).to_be_visible()
    await expect(other.get_by_role("button", name="Code editor")).to_be_visible()
    await expect(editor(other)).to_have_count(0)
    await field.fill(WRONG)
    await field.press("ControlOrMeta+Enter")
    await expect(other.locator("#announcer")).to_have_text("0 of 3 tests passed")
    await expect(field).to_be_focused()
    await field.press("Tab")
    await expect(field).not_to_be_focused()
    assert await violations(other) == []


async def test_looks_of_the_editor(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await open_desk(await profiles.open(await enrolled()), course)
    dialog = await open_settings(page)
    await dialog.get_by_label("Size of the letters").select_option("24")
    await dialog.get_by_label("Width of a tab").select_option("2")
    await dialog.get_by_label("Go on below when a line is too long").check()
    await dialog.get_by_label("Colours").select_option("contrast")
    await page.keyboard.press("Escape")
    await expect(page.locator("code-editor .cm-editor")).to_have_css("font-size", "24px")
    await expect(editor(page)).to_have_class(re.compile("cm-lineWrapping"))
    await write_program(page, "if True:")
    await page.keyboard.press("Enter")
    await page.keyboard.type("1")
    assert await code_in(page) == "if True:\n  1"
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == []
    while not await page.evaluate(CONTRAST_IS_KEPT):
        await page.wait_for_timeout(100)
    await page.evaluate("localStorage.clear()")  # as on another device: the account remembers all of it
    await page.reload()
    await expect(page.locator("code-editor .cm-editor")).to_have_css("font-size", "24px")
    await expect(editor(page)).to_have_class(re.compile("cm-lineWrapping"))
    dialog = await open_settings(page)
    await expect(dialog.get_by_label("Colours")).to_have_value("contrast")
