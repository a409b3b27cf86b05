"""The editors of assignments without scripts: rows, refusals, two tabs, and the try that runs both programs."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.trying import try_assignment
from codezest_db.enums import PublicationStatus, Role, StaffRole
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, client_for
from fixtures.scripted_grader import ScriptedGrader

from .browser import FORM_TYPE, Browser, form_to, text_of
from .conftest import Open

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Writing:
    """One who teaches, a path of theirs with a module, and their client for the API."""

    browser: Browser
    api: httpx.AsyncClient
    path: MadePath
    module: UUID


@pytest.fixture(scope="module")
async def writing(application: Application, database: Database, make_user: MakeUser, visit: Open) -> Writing:
    user = await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    path = await shelf.path(instructor_id=user.id)
    return Writing(visit(user), client_for(application, headers=user.headers), path, await shelf.module(path))


@pytest.fixture
async def assignment(writing: Writing, database: Database) -> str:
    """A draft with a solution, a starter and two tests, everything in it that an editor could lose."""
    tests = [
        {
            "name": "small",
            "stdin": "1 2\r\n",
            "args": ["-v", ""],
            "files": {"a.txt": "x"},
            "expected": "3\n",
            "points": 2,
        },
        {
            "name": "hidden",
            "stdin": "5",
            "expected": None,
            "visible": False,
            "kind_of_case": "large",
            "checker_options": {"absolute": 0.5},
            "memory_bytes": 1_000_000_000,
            "group_name": "both",
        },
    ]
    made = await Shelf(database).assignment(
        writing.module,
        tests=tests,
        status=PublicationStatus.DRAFT,
        solution_code="AC WA",
        starter_code="WA AC",
        starter_files={"more.py": "x = 1\n"},
        hints=["First", "Second"],
        rules=[
            {"kind": "FORBID", "construct": "import:os", "query": None, "message": None, "at_least": None, "at_most": 2}
        ],
        test_groups=[{"name": "both", "policy": "ALL", "points": 4}],
        harness={
            "checker": None,
            "interactor": None,
            "unit_tests": {},
            "support_files": {"data.txt": "1"},
            "generators": {
                "make.py": {"language": "python", "entry": "make.py", "files": {"make.py": "print(1)"}},
                "two": {"language": "python", "entry": "b.py", "files": {"a.py": "", "b.py": "import a"}},
            },
        },
        checker_options={"header": 1},
    )
    return str(made)


async def press(
    browser: Browser, page: httpx.Response, address: str, button: tuple[str, str], given: dict[str, str] | None = None
) -> httpx.Response:
    """Send a form by a button that has a name."""
    fields = [(name, value) for name, value in form_to(page, address).fields if name not in (given or {})]
    data = urlencode([*fields, *(given or {}).items(), button])
    return await browser.client.post(address, content=data, headers=FORM_TYPE)


async def _stored(writing: Writing, assignment: str) -> dict[str, Any]:
    body = (await writing.api.get(f"{API}/assignments/{assignment}/authoring")).json()
    for test in body["tests"]:
        for name in ("id", "created_at", "updated_at"):
            del test[name]
    return {
        name: value
        for name, value in body.items()
        if name not in {"updated_at", "tests_revision", "revision", "harness"}
    } | {"harness": {key: value for key, value in body["harness"].items() if value}}


async def test_saving_what_was_not_touched_changes_nothing(writing: Writing, assignment: str) -> None:
    here = f"/teach/assignments/{assignment}"
    before = await _stored(writing, assignment)
    page = await writing.browser.read(here)
    saved = await writing.browser.follow(await writing.browser.send(page, f"{here}/save", {}))
    assert "Saved." in text_of(saved)
    assert await _stored(writing, assignment) == before


async def test_rows_are_added_copied_moved_and_removed_and_nothing_typed_is_lost(
    writing: Writing, assignment: str
) -> None:
    here, browser = f"/teach/assignments/{assignment}", writing.browser
    typed = {"title": "Typed <b>", "t-0-name": "smaller"}
    page = await browser.read(here)
    for wanted in ("copy:t:0", "down:t:0", "up:t:2", "add:t", "remove:h:0", "add:g", "nonsense", "remove:t:99"):
        page = await press(browser, page, f"{here}/save", ("do", wanted), typed)
        assert page.status_code == 200, page.text
        typed = {}
    fields = dict(form_to(page, f"{here}/save").fields)
    assert fields["title"] == "Typed <b>"
    assert [fields[f"t-{place}-name"] for place in range(4)] == ["smaller", "hidden", "smaller", ""]
    assert [fields[f"t-{place}-points"] for place in range(4)] == ["2", "1", "2", "1"]
    assert fields["h-0-text"] == "Second"
    assert "h-1-text" not in fields
    assert (await _stored(writing, assignment))["hints"] == ["First", "Second"], "nothing is stored by changing rows"
    refused = await browser.send(page, f"{here}/save", {"t-2-points": "many", "cpu_seconds": "0", "memory": ""})
    assert refused.status_code == 422
    fields = dict(form_to(refused, f"{here}/save").fields)
    assert (fields["t-2-points"], fields["cpu_seconds"], fields["title"]) == ("many", "0", "Typed <b>")
    refused = await browser.send(refused, f"{here}/save", {"memory": "64"})
    assert 'id="field-t-2-points-error"' in refused.text
    assert 'href="#field-t-2-points"' in refused.text
    assert 'id="field-t-3-name-error"' in refused.text
    page = await press(
        browser, refused, f"{here}/save", ("do", "remove:t:3"), {"t-2-points": "3", "cpu_seconds": "1.5"}
    )
    saved = await browser.follow(await browser.send(page, f"{here}/save", {}))
    assert "Saved." in text_of(saved)
    stored = (await writing.api.get(f"{API}/assignments/{assignment}/authoring")).json()
    assert [(test["name"], test["points"]) for test in stored["tests"]] == [
        ("smaller", 2),
        ("hidden", 1),
        ("smaller", 3),
    ]
    assert (stored["hints"], stored["cpu_seconds"], stored["memory_bytes"]) == (["Second"], 1.5, 64 << 20)
    refused = await browser.send(saved, f"{here}/save", {"t-1-group_name": "", "grading_mode": "UNIT_TESTS"})
    assert refused.status_code == 422
    assert "two tests are called" in text_of(refused)


async def test_the_mode_and_its_tests_are_changed_together(writing: Writing, assignment: str) -> None:
    here, browser = f"/teach/assignments/{assignment}", writing.browser
    page = await browser.read(here)
    page = await press(browser, page, f"{here}/save", ("do", "up:t:1"), {"grading_mode": "FUNCTION"})
    call = {
        "function_name": "add",
        "t-0-arguments": "[1, 2]",
        "t-1-arguments": '{"a": 1',
        "t-0-stdin": "",
        "t-1-stdin": "",
    }
    refused = await browser.send(page, f"{here}/save", {**call, "t-1-expected": "3"})
    assert refused.status_code == 422
    assert 'id="field-t-1-arguments-error"' in refused.text
    saved = await browser.send(refused, f"{here}/save", {"t-1-arguments": "[2, 3]", "t-0-any": ""})
    saved = await browser.follow(saved)
    stored = (await writing.api.get(f"{API}/assignments/{assignment}/authoring")).json()
    assert (stored["grading_mode"], stored["function_name"]) == ("FUNCTION", "add")
    assert [test["arguments"] for test in stored["tests"]] == [[1, 2], [2, 3]]


async def test_two_tabs(writing: Writing, assignment: str) -> None:
    here, browser = f"/teach/assignments/{assignment}", writing.browser
    first, second = await browser.read(here), await browser.read(here)
    await browser.follow(
        await browser.send(first, f"{here}/save", {"t-0-expected": "from the first tab", "title": "First"})
    )
    conflict = await browser.send(second, f"{here}/save", {"t-0-expected": "from the second tab", "title": "Second"})
    assert conflict.status_code == 409
    said = text_of(conflict)
    assert "This is what is stored now" in said
    assert "from the first tab" in said
    fields = dict(form_to(conflict, f"{here}/save").fields)
    assert (fields["title"], fields["t-0-expected"]) == ("Second", "from the second tab")
    await browser.follow(await browser.send(conflict, f"{here}/save", {}))
    assert (await _stored(writing, assignment))["title"] == "Second"


async def test_a_try_runs_both_programs_and_proposes_outputs(
    writing: Writing, assignment: str, database: Database
) -> None:
    here, browser = f"/teach/assignments/{assignment}", writing.browser
    nothing = await browser.read(f"{here}/try")
    assert "Nothing was tried yet" in text_of(nothing)
    page = await browser.read(here)
    waiting = await browser.follow(await press(browser, page, f"{here}/save", ("do", "try"), {"starter_code": "WA WA"}))
    assert str(waiting.url.path) == f"{here}/try"
    assert "still running" in text_of(waiting)
    trial = (await writing.api.get(f"{API}/assignments/{assignment}/trial")).json()
    again = await writing.api.post(f"{API}/assignments/{assignment}/trial")
    assert (again.status_code, again.json()["id"]) == (202, trial["id"]), "one that waits will do"
    stopped = await browser.follow(await browser.send(waiting, f"{here}/try/stop", {}))
    assert "Nothing was tried yet" in text_of(stopped)
    await try_assignment(database, ScriptedGrader(), UUID(trial["id"]))
    assert (await writing.api.get(f"{API}/assignments/{assignment}/trial")).json() is None, "withdrawn is withdrawn"
    assert (await writing.api.get(f"{API}/assignments/{assignment}/trial/events")).status_code == 404
    trial = (await writing.api.post(f"{API}/assignments/{assignment}/trial")).json()
    events = asyncio.create_task(writing.api.get(f"{API}/assignments/{assignment}/trial/events"))
    grader = ScriptedGrader()
    grader.gate = asyncio.Event()
    trying = asyncio.create_task(try_assignment(database, grader, UUID(trial["id"])))
    while not grader.specs:
        await asyncio.sleep(0.02)
    grader.gate.set()
    await trying
    told = (await events).text
    assert told.rstrip().endswith('event: final\ndata: {"status": "DONE"}')
    await try_assignment(database, ScriptedGrader(), UUID(trial["id"]))  # the job may run twice
    page = await browser.read(f"{here}/try")
    assert "The solution passes 1 of 2 tests. The starter fails 2." in text_of(page)
    assert "Fill expected from the solution" in text_of(page)
    refused = await browser.send(page, f"{here}/try/expected", {"test": []})
    assert refused.status_code == 422
    filled = await browser.follow(await browser.send(page, f"{here}/try/expected", {"test": ["1"]}))
    assert "1 test expects what the solution gave." in text_of(filled)
    stored = (await writing.api.get(f"{API}/assignments/{assignment}/authoring")).json()
    assert [test["expected"] for test in stored["tests"]] == ["3\n", "MARKER-of-hidden-output"]
    await writing.api.patch(f"{API}/assignments/{assignment}", json={"solution_code": "AC AC"})
    trial = (await writing.api.get(f"{API}/assignments/{assignment}/trial")).json()
    await try_assignment(database, ScriptedGrader(), UUID(trial["id"]))
    page = await browser.read(f"{here}/try")
    assert "The solution passes all 2 tests. The starter fails 2." in text_of(page)
    assert re.search(r"12 of \d+ ms", text_of(page))
    assert "limits of 0.5 s and 64 MiB would leave learners room" in text_of(page)
    trial = (await writing.api.get(f"{API}/assignments/{assignment}/trial")).json()
    assert trial["suggested"] == {"cpu_seconds": 0.5, "memory_bytes": 64 * 2**20}
    filled = await press(browser, await browser.read(here), f"{here}/save", ("do", "limits"), {"title": "Typed"})
    fields = dict(form_to(filled, f"{here}/save").fields)
    assert (fields["cpu_seconds"], fields["memory"], fields["title"]) == ("0.5", "64", "Typed")
    await writing.api.patch(f"{API}/assignments/{assignment}", json={"solution_code": "AC"})
    assert "have changed since" in text_of(await browser.read(f"{here}/try"))
    submissions = (await writing.api.get(f"{API}/assignments/{assignment}/submissions")).json()
    assert submissions.get("items", []) == []


async def test_what_cannot_be_tried_says_why(writing: Writing, database: Database) -> None:
    made = await Shelf(database).assignment(writing.module, tests=[], status=PublicationStatus.DRAFT, solution_code="x")
    refused = await writing.api.post(f"{API}/assignments/{made}/trial")
    assert (refused.status_code, refused.json()["type"].rsplit(":", 1)[1]) == (422, "not-runnable")
    page = await writing.browser.read(f"/teach/assignments/{made}/try")
    refused = await writing.browser.send(page, f"/teach/assignments/{made}/try", {})
    assert refused.status_code == 422
    assert "There are no tests to try it on yet." in text_of(refused)


async def test_observers_read_and_strangers_find_nothing(
    writing: Writing, assignment: str, make_user: MakeUser, visit: Open
) -> None:
    watcher, stranger = await make_user(Role.INSTRUCTOR), await make_user(Role.INSTRUCTOR)
    added = await writing.api.put(
        f"{API}/teach/courses/{writing.path.course_id}/staff",
        json={"who": str(watcher.id), "role": StaffRole.OBSERVER.value},
    )
    assert added.status_code == 200, added.text
    here = f"/teach/assignments/{assignment}"
    page = await visit(watcher).read(here)
    assert "Your role lets you read this" in text_of(page)
    assert not re.search(r'name="do"', page.text)
    fields = {"csrf_token": dict(form_to(page, f"{here}/save").fields)["csrf_token"]}
    assert (await visit(watcher).client.post(f"{here}/save", data=fields)).status_code in {403, 404}
    assert (await visit(watcher).open(f"{here}/try")).status_code == 403
    assert (await visit(stranger).open(here)).status_code == 404
