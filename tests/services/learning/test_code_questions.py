"""Questions that are answered by a program, over HTTP and with the real grader: graded once, in parts, and never told too early."""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.grading import Grader
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning import jobs as learning_jobs
from codezest.services.learning.actions.expire_attempts import expire_attempts
from factories.learning import MadePath
from fixtures.graders import grader

from .conftest import People, Person, problem

__all__ = ["grader"]

pytestmark = pytest.mark.sandbox

SECRET = "SECRET"
KEY: dict[str, Any] = {
    "language": "python",
    "starter": "number = int(input())\n",
    "solution": "SECRET_solution = 2\nprint(int(input()) * SECRET_solution)\n",
    "cpu_seconds": 0.5,
    "tests": [
        {"name": "two", "input": "2\n", "expected": "4\n", "visible": True},
        {"name": "SECRET-name", "input": "77770\n", "expected": "155540\n", "points": 2},
        {"name": "SECRET-below-zero", "input": "-77770\n", "expected": "-155540\n"},
    ],
}
SECRETS = ("SECRET", "7777", "15554")
IDS_AND_TIMES = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+")
RIGHT = "print(2 * int(input()))"
PARTLY = "print(abs(2 * int(input())))"

Work = Callable[[], Awaitable[int]]


@pytest.fixture
def work(database: Database, settings: Settings, grader: Grader, owner: asyncpg.Connection) -> Work:
    """Runs all queued programs of questions, as a worker would; returns how many jobs there were."""
    (job,) = [job for job in learning_jobs.jobs(database, settings, grader) if job.name == "learning.run_question"]

    async def run() -> int:
        done = 0
        while rows := await owner.fetch(
            "DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.run_question' RETURNING payload"
        ):
            for row in rows:
                await job.handler(json.loads(row["payload"]))
                done += 1
        return done

    return run


async def quiz_of(teacher: Person, module: UUID, key: dict[str, Any] = KEY, *, count: int = 1, **columns: Any) -> str:
    """A published quiz of so many questions of four points that are answered by a program."""
    made = (await teacher.post(f"/modules/{module}/quizzes", {"title": f"Programs {uuid4()}", **columns})).json()["id"]
    for number in range(count):
        body = {"type": "CODE", "text": f"Double it ({number})", "points": 4, "answer_key": key, "explanation": "WHY"}
        answer = await teacher.post(f"/quizzes/{made}/questions", body)
        assert answer.status_code == 201, answer.text
    published = await teacher.patch(f"/quizzes/{made}", {"status": "PUBLISHED"})
    assert published.status_code == 200, published.text
    return str(made)


def secrets_in(text: str, secrets: Sequence[str] = SECRETS) -> list[str]:
    """Those that stand in an answer, whose ids and times may hold any digits."""
    told = IDS_AND_TIMES.sub("", text)
    return [secret for secret in secrets if secret in told]


async def start(who: Person, quiz: str) -> dict[str, Any]:
    response = await who.post(f"/quizzes/{quiz}/attempts")
    assert response.status_code == 201, response.text
    assert secrets_in(response.text, (*SECRETS, "WHY")) == []
    return dict(response.json())


async def hand_in(who: Person, attempt: dict[str, Any], *codes: str) -> dict[str, Any]:
    answers = [
        {"question_id": question["id"], "entries": {"code": code}}
        for question, code in zip(attempt["questions"], codes, strict=False)
    ]
    response = await who.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})
    assert response.status_code == 200, response.text
    return dict(response.json())


async def read(who: Person, attempt: dict[str, Any]) -> dict[str, Any]:
    return dict((await who.get(f"/attempts/{attempt['id']}")).json())


async def test_what_a_learner_sees_tries_and_gets(
    teacher: Person, module: UUID, learner: Person, person: People, path: MadePath, work: Work
) -> None:
    attempt = await start(learner, await quiz_of(teacher, module, scoring="PARTIAL"))
    (question,) = attempt["questions"]
    (field,) = question["fields"]
    assert (field["name"], field["kind"]) == ("code", "CODE")
    assert field["program"] == {
        "language": "python",
        "function": None,
        "starter": KEY["starter"],
        "samples": [{"name": "two", "input": "2\n", "arguments": None, "expected": "4\n"}],
        "hidden": 2,
    }
    here = f"/attempts/{attempt['id']}/questions/{question['id']}/run"
    assert problem(await learner.get(here)) == (404, "not-found")
    assert problem(await learner.post(here, {"code": "  \n"})) == (422, "not-runnable")
    assert problem(await learner.post(here, {"code": "é" * 40_000}))[0] == 413
    asked = await learner.post(here, {"code": "print(5)"})
    assert (asked.status_code, asked.json()["status"]) == (202, "PENDING")
    await work()
    tried = await learner.get(here)
    shown = tried.json()
    assert (shown["status"], shown["verdict"], shown["hidden"], len(shown["tests"])) == ("DONE", "WA", 0, 1)
    assert (shown["tests"][0]["stdin"], shown["tests"][0]["expected"], shown["tests"][0]["stdout"]) == (
        "2\n", "4\n", "5\n")  # fmt: skip
    assert secrets_in(tried.text) == []
    other = await person(enrolled=path)
    assert problem(await other.get(here)) == (404, "not-found")
    assert problem(await other.post(here, {"code": "print(1)"})) == (404, "not-found")

    spy = "import sys\nprint(open(__file__).read(), sys.argv, file=sys.stderr)\ntext = input()\nprint(text)\n" + PARTLY.replace("input()", "text")  # fmt: skip
    done = await hand_in(learner, attempt, spy.replace("print(text)\n", ""))
    review = done["questions"][0]["review"]
    assert (done["status"], done["score"], review["is_correct"], review["run"]["status"]) == (
        "SUBMITTED", None, None, "PENDING")  # fmt: skip
    assert problem(await learner.post(here, {"code": RIGHT}))[0] == 409
    assert await work() == 1
    after = await learner.get(f"/attempts/{attempt['id']}")
    done = after.json()
    review = done["questions"][0]["review"]
    assert (done["status"], done["score"], review["points"], review["is_correct"]) == ("GRADED", 75, 3, False)
    run = review["run"]
    assert (run["verdict"], run["hidden"], run["hidden_passed"]) == ("WA", 2, 1)
    assert [(test["name"], test["verdict"]) for test in run["tests"]] == [("two", "AC")]
    # What is right is told where it is explained; of hidden tests nothing ever.
    assert (review["entries"][0]["right"], review["explanation"]) == (KEY["solution"], "WHY")
    assert secrets_in(after.text, ("SECRET-", "7777", "15554")) == []


@pytest.mark.parametrize(
    ("code", "verdict", "points"),
    [
        (RIGHT, "AC", 4),
        ("print(2 *", "CE", -2),
        ("while True: pass", "TLE", -2),
        ("import os\nos.kill(os.getppid(), 9)\nwhile True: os.fork()", None, -2),
        ("", None, 0),
        (KEY["starter"] + "  \r\n", None, 0),
    ],
    ids=["right", "compile error", "endless", "hostile", "empty", "starter"],
)
async def test_verdicts_and_points(
    teacher: Person, module: UUID, learner: Person, work: Work, code: str, verdict: str | None, points: int
) -> None:
    quiz = await quiz_of(teacher, module, wrong_penalty_percent=50)
    await work()
    attempt = await start(learner, quiz)
    await hand_in(learner, attempt, code)
    assert await work() == (1 if points else 0)
    done = await read(learner, attempt)
    review = done["questions"][0]["review"]
    assert (done["status"], done["score"], review["points"]) == ("GRADED", 100 if points == 4 else 0, points)
    assert (review["run"] is None) == (points == 0)
    if verdict is not None:
        assert review["run"]["verdict"] == verdict


async def test_an_expired_attempt_is_graded_as_it_was_asked_and_saved(
    teacher: Person, module: UUID, learner: Person, work: Work, owner: asyncpg.Connection, database: Database
) -> None:
    quiz = await quiz_of(teacher, module, time_limit_minutes=5, count=2)
    attempt = await start(learner, quiz)
    kept = {question["id"]: {"entries": {"code": RIGHT}} for question in attempt["questions"]}
    saved = await learner.put(f"/attempts/{attempt['id']}/saved", {"revision": 0, "questions": kept})
    assert saved.status_code == 200, saved.text
    other = {**KEY, "tests": [{"input": "1\n", "expected": "1\n"}], "solution": "print(1)"}
    for question in attempt["questions"]:
        changed = await teacher.patch(f"/questions/{question['id']}", {"answer_key": other})
        assert changed.status_code == 200, changed.text
    await owner.execute(
        """UPDATE learning.quiz_attempts SET started_at = now() - interval '1 hour', deadline_at = now() - interval '1 minute'
           WHERE id = $1""",
        UUID(attempt["id"]),
    )
    async with database.write("learning") as session:
        assert await expire_attempts(session, attempt_id=UUID(attempt["id"])) == 1
    waiting = await owner.fetch(
        "SELECT turn FROM learning.question_runs WHERE attempt_id = $1 ORDER BY turn", UUID(attempt["id"])
    )
    assert len({row["turn"] for row in waiting}) == 2, "a learner has one program in each round"
    await work()
    done = await read(learner, attempt)
    assert (done["status"], done["score"]) == ("EXPIRED", 100)


async def test_a_solution_is_checked_whenever_it_changes(teacher: Person, module: UUID, work: Work) -> None:
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Checked"})).json()["id"]
    wrong = {**KEY, "solution": "print(4)"}
    body = {"type": "CODE", "text": "Double it", "answer_key": wrong}
    question = (await teacher.post(f"/quizzes/{quiz}/questions", body)).json()["id"]
    here = f"/questions/{question}/check"
    assert (await teacher.get(here)).json()["status"] == "PENDING"
    await work()
    found = (await teacher.get(here)).json()
    assert (found["status"], found["current"]) == ("DONE", True)
    assert [test["verdict"] for test in found["tests"]] == ["AC", "WA", "WA"]
    assert found["tests"][1]["stdout"] == "4\n", "its author may know"
    refused = await teacher.patch(f"/quizzes/{quiz}", {"status": "PUBLISHED"})
    assert problem(refused) == (422, "not-ready")
    assert "a solution that passes its tests" in refused.text
    assert (await teacher.patch(f"/questions/{question}", {"answer_key": KEY})).status_code == 200
    assert not (await teacher.get(here)).json()["current"] or (await teacher.get(here)).json()["status"] == "PENDING"
    await work()
    assert (await teacher.get(here)).json()["verdict"] == "AC"
    assert (await teacher.patch(f"/quizzes/{quiz}", {"status": "PUBLISHED"})).status_code == 200
    assert (await teacher.patch(f"/questions/{question}", {"topic": "Numbers"})).status_code == 200
    assert await work() == 0, "what is asked besides changes no key"
    assert (await teacher.post(here)).json()["status"] == "PENDING"
    assert await work() == 1
    for key in (
        {**KEY, "tests": []},
        {**KEY, "language": "cobol"},
        {**KEY, "solution": " "},
        {**KEY, "cpu_seconds": 1000},
        {**KEY, "tests": [{"expected": "1", "points": 0}]},
    ):
        answer = await teacher.patch(f"/questions/{question}", {"answer_key": key})
        assert answer.status_code == 422, key


async def test_what_comes_back_or_is_copied_is_checked_too(
    teacher: Person, work: Work, owner: asyncpg.Connection
) -> None:
    course = (await teacher.post("/teach/courses", {"title": f"Checked {uuid4()}"})).json()["id"]
    module = (await teacher.post(f"/teach/courses/{course}/modules", {"title": "Checked"})).json()["id"]
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Checked"})).json()["id"]
    body = {"type": "CODE", "text": "Double it", "answer_key": {**KEY, "solution": RIGHT}}
    question = (await teacher.post(f"/quizzes/{quiz}/questions", body)).json()["id"]
    banked = (await teacher.post(f"/courses/{course}/bank", body)).json()["id"]
    assert await work() == 2
    age = "UPDATE learning.versions SET created_at = created_at - interval '1 hour' WHERE subject_id = $1"
    await owner.execute(age, UUID(quiz))
    changed = await teacher.patch(f"/questions/{question}", {"answer_key": {**KEY, "solution": PARTLY}})
    assert changed.status_code == 200
    assert await work() == 1
    versions = (await teacher.get(f"/courses/{course}/versions?subject={quiz}")).json()["items"]
    assert (await teacher.post(f"/versions/{versions[1]['id']}/restore", {})).status_code == 204
    assert (await teacher.get(f"/questions/{question}/check")).json()["status"] == "PENDING"
    assert await work() == 1, "what stands in the bank was checked, and is what it was"
    assert (await teacher.get(f"/questions/{question}/check")).json()["verdict"] == "AC"
    assert (await teacher.get(f"/questions/{banked}/check")).json()["verdict"] == "AC"
    copied = await teacher.post(f"/teach/courses/{course}/copies", {})
    assert copied.status_code == 201, copied.text
    assert await work() == 2


async def test_one_is_drawn_from_the_bank_and_counted_with_the_others(
    teacher: Person, module: UUID, path: MadePath, learner: Person, work: Work
) -> None:
    body = {"type": "CODE", "text": "Double it", "points": 4, "answer_key": KEY, "topic": "numbers"}
    made = await teacher.post(f"/courses/{path.course_id}/bank", body)
    assert made.status_code == 201, made.text
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Drawn"})).json()["id"]
    ready = await teacher.patch(
        f"/quizzes/{quiz}", {"draws": [{"count": 1, "topic": "numbers"}], "status": "PUBLISHED"}
    )
    assert ready.status_code == 200, ready.text
    attempt = await start(learner, quiz)
    await hand_in(learner, attempt, RIGHT)
    await work()
    assert (await read(learner, attempt))["score"] == 100
    (counted,) = (await teacher.get(f"/quizzes/{quiz}/statistics")).json()["questions"]
    assert (counted["type"], counted["learners"], counted["difficulty"]) == ("CODE", 1, 1)
    wrong = await teacher.patch(f"/questions/{made.json()['id']}", {"answer_key": {**KEY, "solution": "print(1)"}})
    assert wrong.status_code == 200, "only running it tells"
    await work()
    assert problem(await teacher.patch(f"/questions/{made.json()['id']}", {"topic": "x"})) == (422, "not-ready")

    assert problem(await learner.post(f"/quizzes/{quiz}/attempts")) == (422, "not-ready"), "it is not drawn any more"
    lacking = await teacher.patch(f"/quizzes/{quiz}", {"title": "Still drawn"})
    assert lacking.json()["missing"] == ["1 questions about “numbers” in the bank; there are 0"]
    sound = body | {"text": "Double it again", "answer_key": {**KEY, "starter": "pass"}}
    other = (await teacher.post(f"/courses/{path.course_id}/bank", sound)).json()["id"]
    await work()
    for _ in range(3):
        attempt = await start(learner, quiz)
        assert [question["id"] for question in attempt["questions"]] == [other]
        await hand_in(learner, attempt, RIGHT)
