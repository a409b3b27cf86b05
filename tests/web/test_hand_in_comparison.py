"""Two attempts of what was handed in beside each other: for the learner, for who grades, and through the API."""

from typing import Any
from uuid import UUID

import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.queries.hand_in_changes import file_changes
from codezest_db.enums import AssignmentKind, Role
from codezest_db.models.learning import Course as CourseRow
from factories.learning import Shelf
from fixtures.accounts import MakeUser, SignedIn, client_for

from .browser import text_of
from .conftest import Learner, Open

API = "/api/v1"


def file(name: str, content: str, size: int = 1) -> dict[str, Any]:
    return {"given": name, "name": name, "size_bytes": size, "sha256": content}


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([], [file("a", "1")], [("a", None, "added")]),
        ([file("a", "1")], [], [("a", None, "removed")]),
        ([file("a", "1")], [file("a", "1")], [("a", None, "same")]),
        ([file("a", "1")], [file("a", "2")], [("a", None, "changed")]),
        ([file("a", "1")], [file("b", "1")], [("b", "a", "renamed")]),
        # A name that stays says which file is which, whatever else has the same content.
        ([file("a", "1"), file("b", "2")], [file("c", "1"), file("a", "1")],
         [("c", None, "added"), ("a", None, "same"), ("b", None, "removed")]),
        ([file("a", "1"), file("b", "1")], [file("c", "1"), file("d", "1"), file("e", "1")],
         [("c", "a", "renamed"), ("d", "b", "renamed"), ("e", None, "added")]),
        ([file("a", "1"), file("b", "2")], [file("b", "1"), file("a", "2")],
         [("b", None, "changed"), ("a", None, "changed")]),
    ],
    ids=["added", "removed", "same", "changed", "renamed", "name-first", "renamed-twice", "swapped"],
)  # fmt: skip
def test_files_are_paired_by_name_then_by_content(
    old: list[dict[str, Any]], new: list[dict[str, Any]], changes: list[tuple[str, str | None, str]]
) -> None:
    assert [(one.name, one.former_name, one.kind) for one in file_changes(old, new)] == changes


@pytest.fixture
async def teacher(make_user: MakeUser, learner: Learner, database: Database) -> SignedIn:
    user = await make_user(Role.INSTRUCTOR)
    async with database.write("learning") as session:
        (await session.get_one(CourseRow, learner.course.path.course_id)).instructor_user_id = user.id
    return user


async def test_attempts_are_compared(
    learner: Learner, teacher: SignedIn, visit: Open, database: Database, application: Application, make_user: MakeUser
) -> None:
    async def made(kind: AssignmentKind, position: int) -> UUID:
        return await Shelf(database).assignment(
            learner.course.module, kind=kind, language=None, tests=[], title=f"A {kind.lower()}", position=position
        )

    essay, project = await made(AssignmentKind.TEXT, 9), await made(AssignmentKind.FILE, 10)
    async with client_for(application, headers=learner.user.headers) as api:

        async def answer(assignment: UUID, text: str, *files: tuple[str, bytes]) -> str:
            for one in files:
                laid = await api.post(f"{API}/assignments/{assignment}/files", files={"file": one})
                assert laid.status_code == 201, laid.text
            sent = await api.post(f"{API}/assignments/{assignment}/answers", json={"text": text})
            assert sent.status_code == 201, sent.text
            return str(sent.json()["id"])

        first = await answer(essay, "Same line\nOld words here\n")
        alone = await learner.browser.read(f"/submissions/{first}/compare")
        assert "first attempt" in text_of(alone)
        second = await answer(essay, "Same line\nNew words here\n<b>More</b>\n")
        handed = await answer(project, "", ("one.txt", b"1"), ("two.txt", b"2"))
        again = await answer(project, "A note", ("one.txt", b"changed"), ("renamed.txt", b"2"))
        told = (await api.get(f"{API}/submissions/{second}/changes")).json()
        assert (told["old"]["id"], told["files"]) == (first, [])
        assert [(one["path"], one["added"], one["removed"]) for one in told["texts"]] == [("answer.md", 2, 1)]
        backwards = (await api.get(f"{API}/submissions/{first}/changes?since={second}")).json()
        assert [(one["added"], one["removed"]) for one in backwards["texts"]] == [(1, 2)]
        assert (await api.get(f"{API}/submissions/{second}/changes?since={handed}")).status_code == 404

    mine = await learner.browser.read(f"/submissions/{second}/compare")
    assert "&lt;b&gt;More&lt;/b&gt;" in mine.text
    assert f'href="/submissions/{second}/compare"' in (await learner.browser.read(f"/submissions/{second}")).text
    staff = visit(teacher)
    desk = await staff.read(f"/teach/submissions/{again}")
    assert f'href="/teach/submissions/{again}/compare?old={handed}"' in desk.text
    seen = await staff.read(f"/teach/submissions/{again}/compare?old={handed}")
    assert [
        words for words in ("one.txt", "Changed", "renamed.txt", "before: two.txt") if words not in text_of(seen)
    ] == []
    led = await staff.open(f"/submissions/{again}/compare")
    assert led.headers["location"].startswith(f"/teach/submissions/{again}/compare")
    stranger = visit(await make_user())
    assert (await stranger.open(f"/teach/submissions/{again}/compare")).status_code == 404
    assert (await stranger.open(f"/submissions/{again}/compare")).status_code == 404
