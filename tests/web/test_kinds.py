"""The desk of exercises of several files, and of those whose tests call a function, without scripts."""

from uuid import UUID

import pytest

from codezest.kit.database import Database
from codezest_db.enums import GradingMode
from factories.learning import Shelf

from .browser import Browser, form_to, text_of
from .conftest import Grade

TOOLS = "file:lib/tools.py"
SECRET = "MARKER-of-author"
UGLY = "</textarea><b>x"


@pytest.fixture
async def desk(database: Database, module: UUID) -> str:
    """An exercise of two files."""
    made = await Shelf(database).assignment(
        module,
        starter_code="import lib.tools",
        starter_files={"lib/tools.py": UGLY},
        solution_files={"lib/tools.py": SECRET},
        harness={"support_files": {"given.py": SECRET}},
        tests=[{"name": "adds", "stdin": "1 2", "expected": "3"}],
    )
    return f"/assignments/{made}"


async def test_every_file_has_its_field_and_is_sent(browser: Browser, desk: str, grade: Grade) -> None:
    page = await browser.read(desk)
    fields = dict(form_to(page, f"{desk}/submit").fields)
    assert (fields["code"], fields[TOOLS]) == ("import lib.tools", UGLY)
    assert UGLY not in page.text
    sent = await browser.send(page, f"{desk}/submit", {"code": "AC", TOOLS: "# mine\n"})
    await grade(sent.headers["location"])
    shown = await browser.follow(sent)
    assert "lib/tools.py" in text_of(shown)
    assert "# mine" in text_of(shown)
    again = dict(form_to(await browser.read(desk), f"{desk}/run").fields)
    assert (again["code"], again[TOOLS]) == ("AC", "# mine\n")
    for one in (page, shown):
        assert SECRET not in one.text


async def test_what_is_refused_stays_in_its_fields(browser: Browser, desk: str) -> None:
    page = await browser.read(desk)
    given = {"code": "", TOOLS: "# mine"}
    for action in ("run", "submit"):
        answer = await browser.send(page, f"{desk}/{action}", dict(given))
        assert answer.status_code == 422
        fields = dict(form_to(answer, f"{desk}/{action}").fields)
        assert {name: fields[name] for name in given} == given


async def test_a_call_is_shown_as_such(browser: Browser, module: UUID, database: Database, grade: Grade) -> None:
    made = await Shelf(database).assignment(
        module,
        grading_mode=GradingMode.FUNCTION,
        function_name="add",
        rules=[
            {"kind": "FORBID", "construct": "loop", "message": None},
            {"kind": "REQUIRE", "construct": "recursion", "message": "Call yourself."},
        ],
        tests=[
            {"name": "seen", "arguments": [1, "é<b>"], "expected": "3", "sample": True, "bonus": False},
            {"name": "hidden", "arguments": [SECRET], "visible": False, "bonus": True, "kind_of_case": "Texts."},
        ],
    )
    desk = f"/assignments/{made}"
    page = await browser.read(desk)
    said = text_of(page)
    for text in ('add(1, "é<b>")', "Sample", "Bonus", "Not allowed: loop", "Call yourself."):
        assert text in said
    sent = await browser.send(page, f"{desk}/submit", {"code": "WA AC"})
    await grade(sent.headers["location"])
    shown = await browser.follow(sent)
    assert 'add(1, "é<b>")' in text_of(shown)
    for one in (page, shown):
        assert SECRET not in one.text
        assert "é<b>" not in one.text
