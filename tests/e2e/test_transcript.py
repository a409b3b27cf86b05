"""The exercise journey as a screen reader tells it, kept as a text that a person can read and judge.

`CODEZEST_WRITE_TRANSCRIPTS=1 pytest tests/e2e/test_transcript.py` writes the text anew; read what has changed before it is
committed.
"""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from e2e.conftest import Enrolled
from e2e.course import SOLUTION, WRONG, Course
from e2e.profiles import Profiles
from e2e.spoken import Reader
from e2e.steps import editor, results, write_program

TRANSCRIPT = Path(__file__).parent / "transcripts" / "exercise.txt"
IN_BETWEEN = (
    "Sending your code", "Waiting for a free grader", "Running", "Tests: ", "Number ", "Expected wait", "Kept in this browser",
    "Saved", "Saving",
)  # fmt: skip
"""Said while one waits, as often as the wait is long."""


class Journey:
    """The transcript as it grows."""

    def __init__(self, page: Page, reader: Reader) -> None:
        self.page = page
        self.lines: list[str] = []
        self._reader = reader

    async def tell(self, what: str, selector: str) -> None:
        """What was done, what was announced, and what then stands there."""
        self.lines += ["", f"## {what}", ""]
        said = [text for text in await self._reader.announced() if not text.startswith(IN_BETWEEN)]
        self.lines += [f"(announced) {text}" for text in dict.fromkeys(said)]
        self.lines += await self._reader.read(selector)


async def test_the_exercise_as_a_screen_reader_tells_it(profiles: Profiles, course: Course, enrolled: Enrolled) -> None:
    page = await profiles.page(await enrolled(), traced=False)
    journey = Journey(page, await Reader.of(page))
    await page.goto(f"/assignments/{course.assignment}")
    await expect(editor(page)).to_be_visible()
    await journey.tell("Opens the exercise", "main")

    await write_program(page, WRONG)
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.locator("#announcer")).to_have_text("0 of 3 tests passed")
    await journey.tell("Writes a program that is wrong, and runs it", "#results")

    await write_program(page, SOLUTION)
    await page.keyboard.press("ControlOrMeta+Shift+Enter")
    await expect(results(page).get_by_role("heading", level=2)).to_have_text("All tests passed")
    await expect(page.locator("#announcer")).to_have_text("All tests passed")
    await journey.tell("Writes the right one, and submits it", "#results")

    told = "\n".join(["# The exercise, told", *journey.lines, ""])
    if os.environ.get("CODEZEST_WRITE_TRANSCRIPTS"):
        TRANSCRIPT.write_text(told, encoding="utf-8")
    assert told.splitlines() == TRANSCRIPT.read_text(encoding="utf-8").splitlines()


async def test_what_has_no_name_is_told_as_such(profiles: Profiles) -> None:
    page = await profiles.page(traced=False)
    reader = await Reader.of(page)
    await page.goto("/languages")
    await page.evaluate("""() => {
        document.querySelector("main").innerHTML = "<h2>One</h2><p>Two <b>three</b></p><button></button><p hidden>Four</p>";
        document.querySelector("#announcer").textContent = "Five";
    }""")
    assert await reader.read("main") == ["heading 2: One", "Two three", "button:"]
    assert await reader.announced() == ["Five"]
