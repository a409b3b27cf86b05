"""Drafts and hints over HTTP, and runs on input of one's own."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.services.learning.grading_spec import PLAYGROUND_TEST
from codezest.services.learning.program_files import MAX_FILES_BYTES
from codezest.services.learning.rules import MAX_CODE_BYTES
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest_db.enums import GradingMode, Role
from factories.learning import MadePath, Shelf

from .conftest import TESTS, People, Person, Work, number, problem, read_submission, submit


async def save(who: Person, assignment: UUID | str, code: str, revision: int, **more: Any) -> dict[str, Any]:
    answer = await who.put(f"/assignments/{assignment}/draft", {"code": code, "revision": revision, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(who: Person, assignment: UUID | str) -> dict[str, Any] | None:
    return (await who.get(f"/assignments/{assignment}/draft")).json()["draft"]


async def test_a_draft_is_kept_as_it_stands(assignment: UUID, learner: Person) -> None:
    assert await read(learner, assignment) is None
    first = await save(learner, assignment, "", 0)
    second = await save(learner, assignment, "print(", first["revision"])
    assert (first["revision"], second["revision"]) == (1, 2)
    assert second["saved_at"] > first["saved_at"]
    kept = await read(learner, assignment)
    assert kept == {"code": "print(", "files": {}, **second}
    shown = AssignmentDetail.model_validate_json((await learner.get(f"/assignments/{assignment}")).content)
    assert shown.draft is not None
    assert (shown.draft.code, shown.draft.revision) == ("print(", 2)


async def test_an_older_revision_overwrites_nothing(assignment: UUID, learner: Person) -> None:
    url = f"/assignments/{assignment}/draft"
    await save(learner, assignment, "one", 0)
    await save(learner, assignment, "two", 1)
    for revision in (0, 1, 3):
        refused = await learner.put(url, {"code": "mine", "revision": revision})
        assert problem(refused) == (409, "draft-conflict")
        assert refused.json()["draft"] == await read(learner, assignment)
    assert (await save(learner, assignment, "mine", 2))["revision"] == 3


async def test_what_is_kept_already_is_no_conflict(assignment: UUID, learner: Person) -> None:
    kept = await save(learner, assignment, "one", 0)
    assert await save(learner, assignment, "one", 0) == kept


async def test_of_two_tabs_at_once_one_is_told(assignment: UUID, learner: Person) -> None:
    await save(learner, assignment, "start", 0)
    url = f"/assignments/{assignment}/draft"
    answers = await asyncio.gather(*(learner.put(url, {"code": text, "revision": 1}) for text in ("left", "right")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(text for text, answer in zip(("left", "right"), answers, strict=True) if answer.status_code == 200)
    kept = await read(learner, assignment)
    assert kept is not None
    assert (kept["code"], kept["revision"]) == (winner, 2)


async def test_the_first_saves_of_two_tabs_meet(assignment: UUID, learner: Person) -> None:
    url = f"/assignments/{assignment}/draft"
    answers = await asyncio.gather(*(learner.put(url, {"code": text, "revision": 0}) for text in ("left", "right")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_drafts_are_nobody_elses(assignment: UUID, learner: Person, path: MadePath, person: People) -> None:
    await save(learner, assignment, "mine", 0)
    other = await person(enrolled=path)
    assert await read(other, assignment) is None
    await save(other, assignment, "theirs", 0)
    kept = await read(learner, assignment)
    assert kept is not None
    assert kept["code"] == "mine"


async def test_what_cannot_be_kept_is_refused(shelf: Shelf, module: UUID, learner: Person) -> None:
    one = await shelf.assignment(module, tests=TESTS)
    several = await shelf.assignment(module, tests=TESTS, starter_files={"a.py": ""}, position=7)
    bodies: list[tuple[UUID, dict[str, Any], tuple[int, str]]] = [
        (one, {"code": "x" * (MAX_CODE_BYTES + 1)}, (413, "code-too-large")),
        (one, {"code": "x", "files": {"a.py": ""}}, (422, "validation-failed")),
        (one, {"code": "\0"}, (422, "validation-failed")),
        (one, {"code": "x", "revision": -1}, (422, "validation-failed")),
        (one, {"code": "x", "revision": "1"}, (422, "validation-failed")),
        (several, {"code": "x", "files": {"../a.py": ""}}, (422, "validation-failed")),
        (several, {"code": "x", "files": {"main.py": ""}}, (422, "validation-failed")),
        (several, {"code": "x", "files": {"a.py": "y" * MAX_FILES_BYTES}}, (413, "code-too-large")),
    ]
    for assignment, body, expected in bodies:
        answer = await learner.put(f"/assignments/{assignment}/draft", {"revision": 0} | body)
        assert problem(answer) == expected, body
    assert await read(learner, one) is None


async def test_files_of_a_draft_come_and_go(shelf: Shelf, module: UUID, learner: Person) -> None:
    assignment = await shelf.assignment(module, tests=TESTS, starter_files={"a.py": "# a"})
    await save(learner, assignment, "x", 0, files={"a.py": "# a", "b.py": "# b"})
    await save(learner, assignment, "x", 1, files={"b.py": "# b"})
    kept = await read(learner, assignment)
    assert kept is not None
    assert (kept["files"], kept["revision"]) == ({"b.py": "# b"}, 2)


async def test_a_submission_leaves_the_draft_alone(assignment: UUID, learner: Person) -> None:
    await save(learner, assignment, "draft", 0)
    sent = await submit(learner, assignment, "AC AC")
    kept = await read(learner, assignment)
    assert kept is not None
    assert kept["code"] == "draft"
    shown = AssignmentDetail.model_validate_json((await learner.get(f"/assignments/{assignment}")).content)
    assert (shown.latest_code, str(shown.latest_id)) == ("AC AC", sent)


@pytest.fixture
async def hinted(shelf: Shelf, module: UUID) -> str:
    made = await shelf.assignment(module, tests=TESTS, hints=["HINT-one", "HINT-two", "HINT-three"])
    return f"/assignments/{made}"


async def test_hints_come_one_after_the_other(hinted: str, learner: Person, owner: asyncpg.Connection) -> None:
    url = f"{hinted}/hints"
    assert (await learner.get(url)).json() == {"items": [], "total": 3}
    assert problem(await learner.post(url, {"position": 1})) == (409, "hint-out-of-order")
    first, again = [await learner.post(url, {"position": 0}) for _time in range(2)]
    assert first.json() == again.json() == {"items": ["HINT-one"], "total": 3}
    shown = await learner.get(hinted)
    assert (shown.json()["hints"], shown.json()["hint_count"]) == (["HINT-one"], 3)
    for answer in (first, shown, await learner.get(url)):
        assert "HINT-two" not in answer.text
        assert "HINT-three" not in answer.text
    await learner.post(url, {"position": 1})
    assert (await learner.post(url, {"position": 2})).json()["items"] == ["HINT-one", "HINT-two", "HINT-three"]
    assert problem(await learner.post(url, {"position": 3})) == (404, "not-found")
    for position in (-1, "0", None, 2**40):
        assert problem(await learner.post(url, {"position": position}))[0] == 422
    assert await number(owner, "SELECT count(*) FROM learning.revealed_hints WHERE user_id = $1", learner.id) == 3


async def test_a_hint_asked_for_twice_at_once_is_one(hinted: str, learner: Person, owner: asyncpg.Connection) -> None:
    answers = await asyncio.gather(*(learner.post(f"{hinted}/hints", {"position": 0}) for _time in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert await number(owner, "SELECT count(*) FROM learning.revealed_hints WHERE user_id = $1", learner.id) == 1


async def test_hints_of_one_are_not_anothers_and_authors_see_all(
    hinted: str, learner: Person, path: MadePath, person: People, teacher: Person
) -> None:
    await learner.post(f"{hinted}/hints", {"position": 0})
    other = await person(enrolled=path)
    assert (await other.get(f"{hinted}/hints")).json()["items"] == []
    assert (await teacher.get(hinted)).json()["hints"] == []
    assert len((await teacher.get(f"{hinted}/authoring")).json()["hints"]) == 3
    stranger = await person(Role.STUDENT)
    assert problem(await stranger.post(f"{hinted}/hints", {"position": 0})) == (403, "not-enrolled")


async def test_a_run_on_ones_own_input_faces_no_test(
    assignment: UUID, learner: Person, work: Work, owner: asyncpg.Connection
) -> None:
    sent = await learner.post(f"/assignments/{assignment}/run", {"code": "AC", "stdin": "7\n"})
    assert sent.status_code == 202, sent.text
    submission = sent.json()["id"]
    waiting = await read_submission(learner, submission)
    assert (waiting.total_tests, waiting.purpose, waiting.stdin) == (1, "RUN", "7\n")
    await work(submission)
    graded = await read_submission(learner, submission)
    (result,) = graded.tests
    assert (result.name, result.stdin, result.expected, result.max_points) == (PLAYGROUND_TEST, "7\n", None, 0)
    assert graded.spec_sha256 is None
    assert (await learner.get(f"/assignments/{assignment}/submissions")).json()["items"] == []
    assert await number(owner, "SELECT count(*) FROM learning.module_progress WHERE user_id = $1", learner.id) == 0


async def test_an_empty_input_is_an_input(assignment: UUID, learner: Person) -> None:
    sent = await learner.post(f"/assignments/{assignment}/run", {"code": "AC", "stdin": ""})
    assert (await read_submission(learner, sent.json()["id"])).total_tests == 1


async def test_a_repeated_run_asks_for_the_same_input(assignment: UUID, learner: Person) -> None:
    url, headers = f"/assignments/{assignment}/run", {"Idempotency-Key": "input"}
    first = await learner.post(url, {"code": "AC", "stdin": "1"}, headers=headers)
    again = await learner.post(url, {"code": "AC", "stdin": "1"}, headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    for body in ({"code": "AC", "stdin": "2"}, {"code": "AC"}):
        assert problem(await learner.post(url, body, headers=headers)) == (422, "idempotency-key-reused")


async def test_input_is_for_programs_that_read(shelf: Shelf, module: UUID, learner: Person, assignment: UUID) -> None:
    called = await shelf.assignment(
        module,
        grading_mode=GradingMode.FUNCTION,
        function_name="add",
        tests=[{"name": "seen", "arguments": [1], "expected": "1"}],
        position=5,
    )
    run = {"code": "AC", "stdin": "1"}
    assert problem(await learner.post(f"/assignments/{called}/run", run)) == (422, "not-runnable")
    large = {"code": "AC", "stdin": "x" * (MAX_CODE_BYTES + 1)}
    assert problem(await learner.post(f"/assignments/{assignment}/run", large)) == (413, "code-too-large")
    refused = await learner.post(f"/assignments/{assignment}/submissions", run)
    assert problem(refused) == (422, "validation-failed")


async def test_input_may_be_given_where_every_test_is_hidden(shelf: Shelf, module: UUID, learner: Person) -> None:
    hidden = await shelf.assignment(module, tests=[TESTS[1]], position=6)
    assert problem(await learner.post(f"/assignments/{hidden}/run", {"code": "AC"})) == (409, "nothing-to-run")
    sent = await learner.post(f"/assignments/{hidden}/run", {"code": "AC", "stdin": "1"})
    assert sent.status_code == 202
    assert "MARKER" not in (await learner.get(f"/submissions/{sent.json()['id']}")).text
