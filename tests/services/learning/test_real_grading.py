"""From the request to the verdict with the real grader, a hostile program included."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.services.learning.jobs import grade_submission
from codezest.services.learning.schemas.work import SubmissionDetail
from codezest_db.enums import MaterialType
from factories.learning import MadePath, Shelf

from .conftest import People, Person

pytestmark = pytest.mark.sandbox

TESTS = [
    {"name": "small", "stdin": "1 2\n", "expected": "3\n"},
    {"name": "large", "stdin": "7777777 1\n", "expected": "7777778\n", "visible": False, "points": 3},
]
SOLUTION = "a, b = map(int, input().split())\nprint(a + b)\n"


@pytest.fixture(scope="module")
async def grader() -> AsyncIterator[Grader]:
    made = Grader()
    await asyncio.to_thread(made.start)
    yield made
    await asyncio.to_thread(made.close)


@pytest.fixture
async def path(shelf: Shelf) -> MadePath:
    return await shelf.path()


@pytest.fixture
async def assignment(shelf: Shelf, path: MadePath) -> UUID:
    return await shelf.assignment(await shelf.module(path), tests=TESTS)


@pytest.fixture
async def learner(person: People, path: MadePath) -> Person:
    return await person(enrolled=path)


async def _graded(database: Database, grader: Grader, learner: Person, url: str, body: object) -> SubmissionDetail:
    submission = (await learner.post(url, body)).json()["id"]
    await grade_submission(database, grader, UUID(submission))
    response = await learner.get(f"/submissions/{submission}")
    assert b"777777" not in response.content, "hidden input, or what follows from it, is shown"
    return SubmissionDetail.model_validate_json(response.content)


@pytest.mark.parametrize(
    ("code", "verdicts", "score"),
    [
        (SOLUTION, ["AC", "AC"], 100),
        ("print(3)", ["AC", "WA"], 25),
        ("raise SystemExit(input())", ["RE", "RE"], 0),
        ("a = input()\nif a != '1 2': raise ValueError(a)\nprint(3)", ["AC", "RE"], 25),
        ("import sys\na = input()\nprint(3)\nsys.stderr.write(a * 3)", ["AC", "WA"], 25),
        ("while True: pass", ["TLE", "TLE"], 0),
    ],
)
async def test_submissions(
    database: Database, grader: Grader, learner: Person, assignment: UUID, code: str, verdicts: list[str], score: int
) -> None:
    shown = await _graded(database, grader, learner, f"/assignments/{assignment}/submissions", {"code": code})
    assert [test.verdict for test in shown.tests] == verdicts
    assert shown.score == score
    assert shown.status == ("PASSED" if score == 100 else "FAILED")
    assert shown.runtime
    assert shown.sandbox_tier


async def test_a_program_that_is_no_python(
    database: Database, grader: Grader, learner: Person, assignment: UUID
) -> None:
    shown = await _graded(database, grader, learner, f"/assignments/{assignment}/submissions", {"code": "print("})
    assert (shown.status, shown.verdict, shown.score, shown.tests) == ("FAILED", "CE", 0, [])
    assert shown.compile_output


async def test_a_materials_cell(
    database: Database, grader: Grader, learner: Person, shelf: Shelf, path: MadePath
) -> None:
    material = await shelf.material(await shelf.module(path), type=MaterialType.INTERACTIVE, code="")
    body = {"code": "print(input()[::-1])", "stdin": "olleh"}
    shown = await _graded(database, grader, learner, f"/materials/{material}/run", body)
    assert (shown.status, shown.tests[0].stdout) == ("PASSED", "hello\n")
