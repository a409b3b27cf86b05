"""The desk without scripts: the draft, hints, runs on one's own input, files, and what is refused."""

from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.kit.database import Database
from factories.learning import Shelf

from .browser import Browser, form_to, text_of
from .conftest import Grade, Learner

HINTS = ["MARKER-first <b>", "MARKER-second", "MARKER-third"]


@pytest.fixture
async def desk(database: Database, module: UUID) -> str:
    """An exercise of one file with three hints."""
    made = await Shelf(database).assignment(
        module, starter_code="# start", hints=HINTS, tests=[{"name": "adds", "stdin": "1 2", "expected": "3"}]
    )
    return f"/assignments/{made}"


@pytest.fixture
async def several(database: Database, module: UUID) -> str:
    """One of two files."""
    made = await Shelf(database).assignment(
        module,
        starter_code="import tools",
        starter_files={"tools.py": "# tools"},
        tests=[{"name": "adds", "stdin": "1 2", "expected": "3"}],
        position=1,
    )
    return f"/assignments/{made}"


def fields_of(page: httpx.Response, desk: str) -> dict[str, str]:
    return dict(form_to(page, f"{desk}/draft").fields)


async def test_a_program_is_saved_as_it_stands(browser: Browser, desk: str) -> None:
    page = await browser.read(desk)
    assert fields_of(page, desk)["revision"] == "0"
    saved = await browser.follow(await browser.send(page, f"{desk}/draft", {"code": "half a"}))
    assert "Your program is saved." in text_of(saved)
    assert fields_of(saved, desk) | {"csrf_token": ""} == {
        "csrf_token": "", "revision": "1", "code": "half a", "stdin": "",
    }  # fmt: skip


async def test_a_stale_page_overwrites_nothing(browser: Browser, desk: str) -> None:
    old = await browser.read(desk)
    await browser.send(await browser.read(desk), f"{desk}/draft", {"code": "newer"})
    answer = await browser.send(old, f"{desk}/draft", {"code": "mine"})
    assert answer.status_code == 409
    assert "Changed in another tab or on another device" in text_of(answer)
    assert fields_of(answer, desk)["code"] == "mine"
    assert fields_of(await browser.read(desk), desk)["code"] == "newer"

    beside = await browser.send(answer, f"{desk}/compare")
    assert beside.status_code == 200
    assert "Taken out: newer" in text_of(beside)
    assert "Put in: mine" in text_of(beside)

    kept = await browser.follow(await browser.send(answer, f"{desk}/draft"))
    assert fields_of(kept, desk)["code"] == "mine"


async def test_a_run_saves_what_it_ran(browser: Browser, desk: str) -> None:
    await browser.send(await browser.read(desk), f"{desk}/run", {"code": "AC"})
    page = await browser.read(desk)
    assert (fields_of(page, desk)["code"], fields_of(page, desk)["revision"]) == ("AC", "1")


async def test_a_run_from_a_stale_page_leaves_the_newer_draft(browser: Browser, desk: str) -> None:
    old = await browser.read(desk)
    await browser.send(await browser.read(desk), f"{desk}/draft", {"code": "newer"})
    sent = await browser.send(old, f"{desk}/submit", {"code": "AC"})
    assert sent.status_code == 303
    page = await browser.read(desk)
    assert fields_of(page, desk)["code"] == "newer"
    assert "You ran or submitted another program after this draft was saved." in text_of(page)
    submission = sent.headers["location"].rsplit("/", 1)[1]
    looked = await browser.read(f"{desk}?program={submission}")
    assert fields_of(looked, desk)["code"] == "AC"
    assert "Attempt 1" in text_of(looked)
    beside = await browser.read(f"{desk}/compare?old=draft&new={submission}")
    assert "Taken out: newer" in text_of(beside)


async def test_an_earlier_program_is_put_back_and_the_draft_stays(browser: Browser, desk: str) -> None:
    first = await browser.send(await browser.read(desk), f"{desk}/submit", {"code": "AC first"})
    await browser.send(await browser.read(desk), f"{desk}/draft", {"code": "later"})
    submission = first.headers["location"].rsplit("/", 1)[1]
    for wanted, code in ((submission, "AC first"), ("starter", "# start")):
        page = await browser.read(f"{desk}?program={wanted}")
        assert fields_of(page, desk)["code"] == code
        assert fields_of(await browser.read(desk), desk)["code"] == "later"
    await browser.send(page, f"{desk}/draft")
    assert fields_of(await browser.read(desk), desk)["code"] == "# start"


@pytest.mark.parametrize("wanted", ["nothing", "01890000-0000-7000-8000-000000000000", "draft"])
async def test_a_program_that_is_not_there(browser: Browser, desk: str, wanted: str) -> None:
    for address in (f"{desk}?program={wanted}", f"{desk}/compare?old={wanted}", f"{desk}/compare?new={wanted}"):
        assert (await browser.open(address)).status_code == 404


async def test_programs_of_others_and_of_other_exercises_are_not_there(
    browser: Browser, learner: Learner, desk: str
) -> None:
    theirs = f"/assignments/{learner.course.exercise}"
    sent = await learner.browser.send(await learner.browser.read(theirs), f"{theirs}/submit", {"code": "AC AC"})
    submission = sent.headers["location"].rsplit("/", 1)[1]
    assert (await learner.browser.read(f"{theirs}?program={submission}")).status_code == 200
    for asked in (browser, learner.browser):
        assert (await asked.open(f"{desk}?program={submission}")).status_code in {403, 404}


async def test_hints_are_shown_one_at_a_time(browser: Browser, desk: str) -> None:
    page = await browser.read(desk)
    for number, hint in enumerate(HINTS):
        later = [text for text in HINTS[number:] if text[:12] in page.text]
        assert later == []
        answer = await browser.send(page, f"{desk}/hints")
        assert answer.status_code == 303
        page = await browser.read(desk)
        assert hint[:12] in page.text
        assert "<b>" not in page.text
    assert f'action="{desk}/hints"' not in page.text


async def test_a_hint_is_asked_for_by_a_fragment_too(browser: Browser, desk: str) -> None:
    page = await browser.read(desk)
    answer = await browser.send(page, f"{desk}/hints", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert ("MARKER-first" in answer.text, "MARKER-second" in answer.text) == (True, False)


@pytest.mark.parametrize("position", ["1", "9", "x", ""])
async def test_no_hint_out_of_order(browser: Browser, desk: str, position: str, owner: asyncpg.Connection) -> None:
    answer = await browser.send(await browser.read(desk), f"{desk}/hints", {"position": position})
    assert answer.status_code in {404, 409, 422}
    assert "MARKER" not in answer.text
    assignment = UUID(desk.rsplit("/", 1)[1])
    count = "SELECT count(*) FROM learning.revealed_hints WHERE assignment_id = $1"
    assert await owner.fetchval(count, assignment) == 0


async def test_a_run_on_ones_own_input(browser: Browser, desk: str, grade: Grade) -> None:
    page = await browser.read(desk)
    sent = await browser.send(page, f"{desk}/try", {"code": "AC", "stdin": "seven\n8"})
    waiting = await browser.follow(sent)
    assert "adds" not in text_of(waiting)
    await grade(sent.headers["location"])
    shown = text_of(await browser.read(sent.headers["location"]))
    assert "Finished" in shown
    assert "Your input seven 8" in shown
    assert "All visible tests passed" not in shown


async def test_files_are_added_renamed_and_removed(browser: Browser, several: str) -> None:
    change = f"{several}/files"
    page = await browser.read(several)
    sent = {"code": "import more", "new_file": "lib/more.py", "do": "add"}
    page = await browser.follow(await post_button(browser, page, change, sent))
    fields = dict(form_to(page, change).fields)
    assert (fields["code"], fields["file:lib/more.py"], fields["file:tools.py"]) == ("import more", "", "# tools")

    sent = {"file:lib/more.py": "# more", "name:lib/more.py": "other.py", "do": "rename:lib/more.py"}
    page = await browser.follow(await post_button(browser, page, change, sent))
    fields = dict(form_to(page, change).fields)
    assert fields["file:other.py"] == "# more"
    assert "file:lib/more.py" not in fields

    page = await browser.follow(await post_button(browser, page, change, {"do": "remove:tools.py"}))
    fields = dict(form_to(page, change).fields)
    assert [name for name in fields if name.startswith("file:")] == ["file:other.py"]
    assert fields["code"] == "import more"


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "add", "new_file": ""},
        {"do": "add", "new_file": "tools.py"},
        {"do": "add", "new_file": "main.py"},
        {"do": "add", "new_file": "../x"},
        {"do": "add", "new_file": "tools.py/x"},
        {"do": "rename:tools.py", "name:tools.py": ""},
        {"do": "rename:tools.py", "name:tools.py": "main.py"},
        {"do": "rename:missing.py"},
        {"do": "remove:missing.py"},
        {"do": "remove:main.py"},
        {"do": "paint:tools.py"},
        {"do": ""},
    ],
    ids=range(12),
)
async def test_files_that_cannot_be(browser: Browser, several: str, sent: dict[str, str]) -> None:
    change = f"{several}/files"
    page = await browser.read(several)
    answer = await post_button(browser, page, change, {"code": "kept", **sent})
    assert answer.status_code == 422
    fields = dict(form_to(answer, change).fields)
    assert (fields["code"], fields["file:tools.py"]) == ("kept", "# tools")
    assert fields_of(await browser.read(several), several)["code"] == "import tools"


async def test_one_file_is_one_file(browser: Browser, desk: str) -> None:
    page = await browser.read(desk)
    assert f"{desk}/files" not in page.text
    token = fields_of(page, desk)["csrf_token"]
    body = {"csrf_token": token, "code": "x", "do": "add", "new_file": "a.py", "revision": "0"}
    answer = await browser.client.post(f"{desk}/files", data=body)
    assert answer.status_code == 422


async def post_button(browser: Browser, page: httpx.Response, address: str, given: dict[str, str]) -> httpx.Response:
    """Send the form with the value of the button that was pressed."""
    fields = dict(form_to(page, address).fields) | given
    return await browser.client.post(address, data=fields)


async def test_points_of_each_group_are_shown(browser: Browser, database: Database, module: UUID, grade: Grade) -> None:
    made = await Shelf(database).assignment(
        module,
        test_groups=[{"name": "whole", "policy": "ALL", "points": 6}, {"name": "parts", "policy": "SUM", "points": 4}],
        tests=[
            {"name": "a", "stdin": "1", "expected": "1", "group_name": "whole"},
            {"name": "b", "stdin": "1", "expected": "1", "group_name": "whole", "visible": False},
            {"name": "c", "stdin": "1", "expected": "1", "group_name": "parts"},
            {"name": "d", "stdin": "1", "expected": "1", "group_name": "parts"},
        ],
        position=2,
    )
    desk = f"/assignments/{made}"
    sent = await browser.send(await browser.read(desk), f"{desk}/submit", {"code": "AC WA AC WA"})
    await grade(sent.headers["location"])
    shown = text_of(await browser.read(sent.headers["location"]))
    assert "whole 1 of 2 tests · counts only as a whole 0 of 6 points" in shown
    assert "parts 1 of 2 tests 2 of 4 points" in shown


async def test_success_is_celebrated_once(browser: Browser, desk: str, grade: Grade) -> None:
    sent = await browser.send(await browser.read(desk), f"{desk}/submit", {"code": "AC"})
    await grade(sent.headers["location"])
    panel = await browser.open(f"{sent.headers['location']}/panel", headers={"HX-Request": "true"})
    assert "celebrate" in panel.text
    for address in (desk, sent.headers["location"]):
        page = await browser.read(address)
        assert "All tests passed" in page.text
        assert "celebrate" not in page.text


async def test_what_is_typed_stays_text(browser: Browser, desk: str) -> None:
    ugly = "</script><script>alert(1)</script></textarea>"
    page = await browser.read(desk)
    await browser.send(page, f"{desk}/draft", {"code": ugly})
    sent = await browser.send(await browser.read(desk), f"{desk}/submit", {"code": f"AC {ugly}"})
    submission = sent.headers["location"].rsplit("/", 1)[1]
    for address in (desk, f"{desk}?program=starter", f"{desk}/compare?old=starter&new={submission}"):
        shown = await browser.read(address)
        assert "<script>alert" not in shown.text
        assert "alert(1)" in shown.text
