"""What is written in the studio is never lost, goes where it is dragged, and takes pictures in."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Dialog, Error, Page, Route, expect

from e2e.axe import violations, wider_than_the_screen
from e2e.course import AUTHOR, Course
from e2e.extremes import call
from e2e.profiles import Profiles
from fixtures.product import Product

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f000500"
    "01ff89995d1d0000000049454e44ae426082"
)
BRING = """(area, [how, hex, text]) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    data.items.add(new File([bytes], "image.png", { type: "image/png" }));
    if (text) data.setData("text/plain", text);
    const options = { bubbles: true, cancelable: true };
    const event = how === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: data })
        : new DragEvent("drop", { ...options, dataTransfer: data });
    return area.dispatchEvent(event);
}"""
"""Paste or drop a picture as a file, with words besides where some are given; whether it is left to the browser."""
OPTIONS = [{"text": "a", "is_correct": True}, {"text": "b"}]


@pytest.fixture
async def author(served: Product) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {(await call(client, 'POST', '/auth/login', AUTHOR))['token']}"
        yield client


async def page_of(profiles: Profiles, author: httpx.AsyncClient, *, routed: bool = False) -> Page:
    return await profiles.page(author.headers["Authorization"].removeprefix("Bearer "), routed=routed)


async def test_rows_and_questions_are_dragged(profiles: Profiles, course: Course, author: httpx.AsyncClient) -> None:
    profiles.expected.append("status of 409")
    quiz = (await call(author, "POST", f"/modules/{course.module}/quizzes", {"title": "Order" * 40}))["id"]
    for text in ("One", "Two", "Three"):
        await call(author, "POST", f"/quizzes/{quiz}/questions", {"text": text, "options": OPTIONS})
    page = await page_of(profiles, author)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(f"/teach/quizzes/{quiz}")
    names, grips = page.locator("#questions .editor-name"), page.locator("#questions [data-grip]")
    await expect(page.locator("#questions[data-ordered]")).to_be_visible()
    await grips.nth(2).drag_to(page.locator("#questions .editor-row").first, target_position={"x": 20, "y": 4})
    await expect(names).to_have_text(["Three", "One", "Two"])
    await expect(page.locator("#announcer")).to_have_text("Moved to place 1 of 3.")
    await page.get_by_role("button", name="Move question 1 down").focus()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(names).to_have_text(["One", "Three", "Two"])
    await expect(page.get_by_role("button", name="Move question 2 down")).to_be_focused()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(names).to_have_text(["One", "Two", "Three"])
    await expect(page.get_by_role("button", name="Move question 3 up")).to_be_focused()
    assert await violations(page) == []
    assert await wider_than_the_screen(page) == []

    elsewhere = await page_of(profiles, author)
    await elsewhere.goto(f"/teach/quizzes/{quiz}")
    await page.get_by_role("button", name="Move question 3 up").click()
    await expect(names).to_have_text(["One", "Three", "Two"])
    await elsewhere.get_by_role("button", name="Move question 2 up").click()
    await expect(elsewhere.get_by_text("The order has changed", exact=True)).to_be_visible()
    await expect(elsewhere.locator("#questions .editor-name")).to_have_text(["One", "Three", "Two"])

    await names.first.click()
    await expect(page.locator("#rows-o[data-ordered]")).to_be_visible()
    option = page.locator("#rows-o textarea")
    await option.nth(1).fill("typed, not saved")
    await (
        page.locator("#rows-o [data-grip]")
        .nth(1)
        .drag_to(page.locator("#rows-o .editor-row").first, target_position={"x": 20, "y": 4})
    )
    await expect(option.first).to_have_value("typed, not saved")
    await call(author, "DELETE", f"/quizzes/{quiz}")


async def test_what_was_typed_survives_and_takes_pictures_in(
    profiles: Profiles, course: Course, author: httpx.AsyncClient, tmp_path: Path
) -> None:
    profiles.expected.append("status of 409")
    new = {"title": "Kept", "starter_code": "print(0)\n"}
    made = (await call(author, "POST", f"/modules/{course.module}/assignments", new))["id"]
    here = f"/teach/assignments/{made}"
    crashed = await page_of(profiles, author, routed=True)
    await crashed.goto(here)
    await crashed.get_by_label("Instructions").fill("Half a sentence")
    await crashed.get_by_role("button", name="Add a test").click()
    await crashed.locator("#rows-t").get_by_label("Name", exact=True).fill("never saved")
    await expect(crashed.locator("[data-editor-state]")).to_have_text("Not saved yet. Kept in this browser")
    page = await crashed.context.new_page()
    await crashed.close()

    await page.goto(here)
    await expect(page.locator("[data-kept]").get_by_text("You have unsaved changes from")).to_be_visible()
    await expect(page.get_by_label("Instructions")).to_have_value("")
    await call(author, "PATCH", f"/assignments/{made}", {"description": "From elsewhere"})
    await page.get_by_role("button", name="Bring them back").click()
    text = page.get_by_label("Instructions")
    await expect(text).to_have_value("Half a sentence")
    await expect(page.locator("#rows-t .editor-name")).to_have_text(["never saved"])
    assert await violations(page) == []

    await text.select_text()
    await page.keyboard.press("Control+b")
    await expect(text).to_have_value("**Half a sentence**")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("[data-preview-pane] strong")).to_have_text("Half a sentence")
    picture = tmp_path / "tree.png"
    picture.write_bytes(PICTURE)
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/uploads", hold)
    await page.get_by_role("button", name="Picture or file").click()
    tools = page.get_by_role("group", name="Picture or file")
    await tools.get_by_label("Send one").set_input_files(picture)
    await tools.get_by_role("button", name="Stop").click()
    await expect(tools.get_by_text("Stopped. Nothing was kept.")).to_be_visible()
    await page.unroute("**/uploads")
    await tools.get_by_label("Send one").set_input_files(picture)
    await tools.get_by_label("What it shows").fill("A tree")
    await tools.get_by_role("button", name="Put it into the text").click()
    await expect(text).to_have_value(re.compile(r"!\[A tree\]\(/uploads/[\w-]+\)"))
    assert await violations(page) == []

    for how, alt in (("paste", "Pasted"), ("drop", "Dropped")):
        await text.press("ControlOrMeta+End")
        await text.evaluate(BRING, [how, PICTURE.hex()])
        await expect(tools.get_by_label("What it shows")).to_be_focused()
        await page.keyboard.type(alt)
        await page.keyboard.press("Enter")
        await expect(text).to_have_value(re.compile(rf"!\[{alt}\]\(/uploads/[\w-]+\)$"))
        await expect(text).to_be_focused()
    # What is both, as a word processor puts it on the clipboard, comes in as text.
    assert await text.evaluate(BRING, ["paste", PICTURE.hex(), "words"]), "left to the browser"

    # Leaving asks, as long as something would be lost.
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    with pytest.raises(Error, match="ERR_ABORTED"):
        await page.goto("/dashboard")
    assert asked == ["beforeunload"]
    await expect(text).to_have_value(re.compile("Half a sentence"))

    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("This is what is stored now")).to_be_visible()
    await expect(page.get_by_label("Instructions")).to_have_value(re.compile("Half a sentence"))
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    await page.reload()
    assert asked == ["beforeunload"], "nothing is lost now, so nothing is asked"
    page.remove_listener("dialog", stay)
    await expect(page.locator("[data-kept]")).to_have_count(0)
    await page.get_by_label("Instructions").fill("Left behind")
    await expect(page.locator("[data-editor-state]")).to_have_text("Not saved yet. Kept in this browser")
    await call(author, "DELETE", f"/assignments/{made}")
    await page.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
    await expect(page).not_to_have_url(re.compile("/teach/"))
    kept = await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('codezest:form:'))")
    assert kept == []
