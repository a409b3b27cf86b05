"""Exercises of several files, and what learners see of the other kinds, over HTTP."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.services.learning.program_files import MAX_FILES, MAX_FILES_BYTES
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest_db.enums import CheckerKind, GradingMode
from factories.learning import Shelf

from .conftest import TESTS, Person, Work, problem, read_submission

SECRET = "MARKER-of-author"
PROGRAM = {"language": "python", "entry": "p.py", "files": {"p.py": SECRET}}
HARNESS: dict[str, Any] = {
    "checker": PROGRAM,
    "interactor": PROGRAM,
    "unit_tests": {"test_x.py": SECRET},
    "support_files": {"given.py": SECRET},
    "generators": {"p.py": PROGRAM},
}


@pytest.fixture
async def several(shelf: Shelf, module: UUID) -> str:
    """An exercise of two files and a support file."""
    assignment = await shelf.assignment(
        module,
        tests=TESTS,
        starter_code="import lib.tools",
        starter_files={"lib/tools.py": "# tools"},
        solution_code=SECRET,
        solution_files={"lib/tools.py": SECRET},
        harness=HARNESS,
    )
    return f"/assignments/{assignment}"


async def test_several_files_are_kept_and_shown_again(
    several: str, learner: Person, work: Work, owner: asyncpg.Connection
) -> None:
    shown = AssignmentDetail.model_validate_json((await learner.get(several)).content)
    assert (shown.several_files, shown.entry, shown.starter_code) == (True, "main.py", "import lib.tools")
    assert (shown.starter_files, shown.latest_files) == ({"lib/tools.py": "# tools"}, None)
    files = {"main.py": "AC AC", "lib/tools.py": "# mine", "empty.py": ""}
    sent = await learner.post(f"{several}/submissions", {"files": files})
    assert sent.status_code == 202, sent.text
    submission = sent.json()["id"]
    await work(submission)
    graded = await read_submission(learner, submission)
    assert (graded.status, graded.code) == ("PASSED", "AC AC")
    assert graded.files == {"lib/tools.py": "# mine", "empty.py": ""}
    stored = await owner.fetchrow("SELECT code, files FROM learning.submissions WHERE id = $1", UUID(submission))
    assert stored is not None
    assert stored["code"] == "AC AC"
    after = AssignmentDetail.model_validate_json((await learner.get(several)).content)
    assert (after.latest_code, after.latest_files) == ("AC AC", graded.files)


async def test_the_entry_may_be_sent_by_itself(several: str, learner: Person) -> None:
    for body in ({"code": "AC AC"}, {"code": "AC AC", "files": {"lib/tools.py": ""}}, {"files": {"main.py": "AC AC"}}):
        assert (await learner.post(f"{several}/submissions", body)).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"files": {}},
        {"files": {"lib/tools.py": "x"}},
        {"files": {"main.py": ""}},
        {"code": "x", "files": {"main.py": "x"}},
        {"code": "x", "files": {"given.py": "x"}},
        {"code": "x", "files": {"given.py/x": "x"}},
        {"code": "x", "files": {"../x": "x"}},
        {"code": "x", "files": {"/etc/passwd": "x"}},
        {"code": "x", "files": {"main.py/x": "x"}},
        {"code": "x", "files": {"a": "x", "a/b": "x"}},
        {"code": "x", "files": {"a.py": "x\0"}},
        {"code": "x", "files": {"a.py": None}},
        {"code": "x", "files": {f"{number}.py": "" for number in range(MAX_FILES)}},
    ],
    ids=range(14),
)
async def test_what_is_no_program_is_refused(several: str, learner: Person, body: dict[str, Any]) -> None:
    for action in ("submissions", "run"):
        assert problem(await learner.post(f"{several}/{action}", body)) == (422, "validation-failed")


async def test_all_files_together_are_bounded(several: str, learner: Person) -> None:
    most = {"main.py": "AC AC", "a.py": "ä" * ((MAX_FILES_BYTES - 5) // 2)}
    assert (await learner.post(f"{several}/submissions", {"files": most})).status_code == 202
    more = most | {"b.py": "xx"}
    assert problem(await learner.post(f"{several}/submissions", {"files": more})) == (413, "code-too-large")


async def test_an_exercise_of_one_file_takes_one(assignment: UUID, learner: Person) -> None:
    url = f"/assignments/{assignment}/submissions"
    assert (await learner.post(url, {"files": {"main.py": "AC AC"}})).status_code == 202
    refused = await learner.post(url, {"code": "AC AC", "files": {"a.py": ""}})
    assert problem(refused) == (422, "validation-failed")
    assert "one file, main.py" in refused.json()["detail"]


async def test_a_repeated_request_asks_for_the_same_files(several: str, learner: Person) -> None:
    url, headers = f"{several}/submissions", {"Idempotency-Key": "files"}
    body = {"code": "AC AC", "files": {"a.py": "1"}}
    first = await learner.post(url, body, headers=headers)
    again = await learner.post(url, body, headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    other = await learner.post(url, body | {"files": {"a.py": "2"}}, headers=headers)
    assert problem(other) == (422, "idempotency-key-reused")


async def test_of_the_authors_programs_nothing_is_shown(
    shelf: Shelf, module: UUID, learner: Person, work: Work
) -> None:
    assignment = await shelf.assignment(
        module,
        grading_mode=GradingMode.FUNCTION,
        function_name="add",
        harness=HARNESS,
        checker=CheckerKind.CUSTOM,
        solution_code=SECRET,
        seed=987_654,
        rules=[{"kind": "FORBID", "query": f"({SECRET})", "construct": None, "message": "No loops."}],
        test_groups=[{"name": "basics", "policy": "ALL", "points": 5}],
        tests=[
            {"name": "seen", "arguments": [1, 2], "expected": "3", "group_name": "basics", "sample": True},
            {
                "name": "hidden", "arguments": [SECRET], "expected": f'"{SECRET}"', "visible": False, "bonus": True,
                "kind_of_case": "Texts.",
            },
            {"name": "made", "arguments": [], "generator": {"script": "p.py", "args": [SECRET], "seed": 987_654}},
        ],
    )  # fmt: skip
    url = f"/assignments/{assignment}"
    response = await learner.get(url)
    shown = AssignmentDetail.model_validate_json(response.content)
    seen, hidden, made = shown.tests
    assert (shown.mode, shown.function_name, shown.several_files) == ("FUNCTION", "add", False)
    assert (seen.arguments, seen.expected, seen.group_name, seen.sample) == ([1, 2], "3", "basics", True)
    assert (hidden.arguments, hidden.expected, hidden.bonus, hidden.kind_of_case) == (None, None, True, "Texts.")
    assert (made.generated, seen.generated) == (True, False)
    assert [rule.message for rule in shown.rules] == ["No loops."]
    assert shown.groups[0].points == 5
    sent = await learner.post(f"{url}/submissions", {"code": "AC AC AC"})
    submission = sent.json()["id"]
    await work(submission)
    graded = await learner.get(f"/submissions/{submission}")
    for answer in (response, sent, graded):
        assert SECRET not in answer.text
        assert "987654" not in answer.text
    results = (await read_submission(learner, submission)).tests
    assert [(test.arguments, test.group_name, test.bonus) for test in results] == [
        ([1, 2], "basics", False),
        (None, None, True),
        ([], None, False),
    ]
