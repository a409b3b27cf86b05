"""The commands that grade what is stored: `codezest grade reproduce` and `codezest regrade`, in a real sandbox."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning.jobs import grade_submission
from codezest_db.enums import Role, SubmissionPurpose
from codezest_db.ids import uuid7
from codezest_db.models.learning import Submission
from codezest_sandbox import Tier
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser

ADDS = "a, b = map(int, input().split())\nprint(a + b)\n"
TESTS = [
    {"name": "adds", "stdin": "1 2\n", "expected": "3\n"},
    {"name": "adds more", "stdin": "20 3\n", "expected": "24\n", "visible": False},
]

Codezest = Callable[..., tuple[int, str, str]]


@pytest.fixture
def codezest(settings: Settings) -> Codezest:
    """Runs the command against the test's database; returns exit status, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        environment = os.environ | {
            "CODEZEST_DATABASE_URL": settings.database_url,
            "CODEZEST_DATA_DIR": str(settings.data_dir),
            "CODEZEST_LOG_LEVEL": "warning",
        }
        done = subprocess.run(
            [sys.executable, "-m", "codezest.cli.main", *map(str, arguments)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
async def path(database: Database) -> MadePath:
    return await Shelf(database).path()


@pytest.fixture
async def assignment(database: Database, path: MadePath) -> UUID:
    shelf = Shelf(database)
    return await shelf.assignment(await shelf.module(path), tests=TESTS, title="Add", slug=f"add-{uuid7().hex[-8:]}")


@pytest.fixture
async def submission(database: Database, make_user: MakeUser, path: MadePath, assignment: UUID) -> UUID:
    """Graded by a test that expects something wrong."""
    user = await make_user(Role.STUDENT)
    await Shelf(database).enroll(path, user.id)
    submission = Submission(
        id=uuid7(), user_id=user.id, assignment_id=assignment, purpose=SubmissionPurpose.SUBMIT, code=ADDS,
        language="python", attempt_number=1,
    )  # fmt: skip
    async with database.write("learning") as session:
        session.add(submission)
    grader = Grader(required_tier=Tier.NAMESPACES, prewarmed=0)
    grader.start()
    try:
        await grade_submission(database, grader, submission.id)
    finally:
        grader.close()
    return submission.id


def test_what_nothing_happened_to_agrees(codezest: Codezest, submission: UUID) -> None:
    status, out, err = codezest("grade", "reproduce", submission)
    assert status == 0, out + err
    assert "the result is the same" in out
    found = json.loads(codezest("grade", "reproduce", submission, "--json")[1])
    assert (found["agrees"], found["differences"], found["surroundings"]) == (True, [], [])
    assert found["submission_id"] == str(submission)


async def test_old_tests_are_used_whatever_the_assignment_says_now(
    codezest: Codezest, submission: UUID, assignment: UUID, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE learning.assignment_tests SET expected = '23' WHERE assignment_id = $1", assignment)
    assert codezest("grade", "reproduce", submission)[0] == 0


async def test_every_difference_is_named(codezest: Codezest, submission: UUID, owner: asyncpg.Connection) -> None:
    await owner.execute(
        """UPDATE learning.submissions SET status = 'PASSED', verdict = 'AC', score = 100, runtime = 'CPython 2.7',
           grader_version = '0.0.1' WHERE id = $1""",
        submission,
    )
    await owner.execute(
        "UPDATE learning.submission_test_results SET verdict = 'AC', points = 1 WHERE submission_id = $1", submission
    )
    status, out, err = codezest("grade", "reproduce", submission, "--json")
    assert status == 1, err
    found = json.loads(out)
    assert {one["what"]: (one["stored"], one["now"]) for one in found["differences"]} == {
        "status": ("PASSED", "FAILED"),
        "verdict": ("AC", "WA"),
        "score": (100, 50),
        "test 2 'adds more': verdict": ("AC", "WA"),
        "test 2 'adds more': points": (1, 0),
    }
    assert [one["what"] for one in found["surroundings"]] == ["runtime", "grader version"]
    assert "CPython 2.7 then" in codezest("grade", "reproduce", submission)[1]


async def test_what_cannot_be_reproduced_says_why(
    codezest: Codezest, submission: UUID, owner: asyncpg.Connection
) -> None:
    assert codezest("grade", "reproduce", uuid7())[0] == 2
    await owner.execute("UPDATE learning.submissions SET spec_sha256 = NULL WHERE id = $1", submission)
    status, out, err = codezest("grade", "reproduce", submission)
    assert (status, out) == (2, "")
    assert "was not kept" in err
    told: dict[str, Any] = json.loads(codezest("grade", "reproduce", submission, "--json")[1])
    assert told["agrees"] is None
    assert "was not kept" in told["reason"]


async def test_a_regrade_by_command_needs_no_worker(
    codezest: Codezest, submission: UUID, assignment: UUID, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE learning.assignment_tests SET expected = '23' WHERE name = 'adds more'")
    slug = await owner.fetchval("SELECT slug FROM learning.assignments WHERE id = $1", assignment)
    status, out, err = codezest("regrade", slug, "--preview", "--reason", "20 and 3 are 23.")
    assert status == 0, out + err
    assert "READY" in out
    assert "FAILED WA 50/100 → PASSED AC 100/100; has passed; module 0 % → 100 %" in out
    score = "SELECT score FROM learning.submissions WHERE id = $1"
    assert await owner.fetchval(score, submission) == 50
    found = json.loads(codezest("regrade", assignment, "--preview", "--json")[1])
    assert found["id"] in out
    assert (found["status"], found["counts"]["changed"], found["reason"]) == ("READY", 1, "20 and 3 are 23.")
    assert codezest("regrade", "--apply", found["id"])[0] == 0
    assert await owner.fetchval(score, submission) == 100
    assert codezest("regrade", "--apply", found["id"])[0] == 0
    status, _, err = codezest("regrade", "--cancel", found["id"])
    assert (status, "applied" in err) == (1, True)
    assert codezest("grade", "reproduce", submission)[0] == 0


async def test_a_regrade_by_command_is_cancelled(codezest: Codezest, submission: UUID, assignment: UUID) -> None:
    assert str(submission)
    found = json.loads(codezest("regrade", assignment, "--preview", "--json")[1])
    assert found["counts"]["submissions"] == 0
    status, out, _ = codezest("regrade", "--cancel", found["id"])
    assert (status, "CANCELLED" in out) == (0, True)
    assert codezest("regrade", "--apply", found["id"])[0] == 1


def test_an_assignment_that_is_not_there_is_said(codezest: Codezest) -> None:
    status, _, err = codezest("regrade", "no-such-exercise", "--preview")
    assert (status, "no-such-exercise" in err) == (1, True)
    assert codezest("regrade", "--preview")[0] == 2
