"""Questions answered by a program without scripts: written and checked by an author, tried, handed in, graded, marked by hand."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.question_runs.record_run import fail_run
from codezest.services.learning.running_questions import run_question
from codezest_db.enums import QuestionType, Role
from fixtures.accounts import MakeUser
from fixtures.scripted_grader import ScriptedGrader

from .browser import FORM_TYPE, form_to, text_of
from .conftest import Learner, Open
from .test_editors import press

KEY: dict[str, Any] = {
    "language": "python",
    "starter": "def f():\n    pass",
    "solution": "AC AC",
    "tests": [
        {"name": "<b>one</b>", "input": "1 & 2\n", "expected": "3\n", "visible": True},
        {"input": "SECRET-in\n", "expected": "SECRET-out\n", "points": 2},
    ],
}
HTMX = {"HX-Request": "true"}


async def _run_all(database: Database, owner: asyncpg.Connection) -> None:
    """What a worker would do; a program's text says how each test ends."""
    for row in await owner.fetch("SELECT id FROM learning.question_runs WHERE status = 'PENDING' ORDER BY id"):
        await run_question(database, ScriptedGrader(), row["id"])


@pytest.fixture
async def quiz(database: Database, learner: Learner, owner: asyncpg.Connection) -> tuple[str, str]:
    """A published quiz with one such question, and the question's id."""
    quiz_id = await owner.fetchval(
        """INSERT INTO learning.quizzes (module_id, title, slug, status, scoring)
           VALUES ($1, 'Programs', 'programs', 'PUBLISHED', 'PARTIAL') RETURNING id""",
        learner.course.module,
    )
    question_id = await owner.fetchval(
        """INSERT INTO learning.questions (quiz_id, type, text, points, explanation, answer_key)
           VALUES ($1, 'CODE', 'Add **them**', 3, 'WHY', $2) RETURNING id""",
        quiz_id,
        json.dumps(KEY),
    )
    return str(quiz_id), str(question_id)


async def _begin(learner: Learner, quiz: str) -> tuple[str, httpx.Response]:
    browser = learner.browser
    start = await browser.read(f"/quizzes/{quiz}")
    attempt = str((await browser.send(start, f"/quizzes/{quiz}/attempts")).headers["location"])
    return attempt, await browser.read(attempt)


async def test_a_question_as_learners_are_asked_it(learner: Learner, quiz: tuple[str, str]) -> None:
    browser, (quiz_id, question) = learner.browser, quiz
    attempt, page = await _begin(learner, quiz_id)
    assert not [secret for secret in ("SECRET", "WHY", "AC AC") if secret in page.text]
    shown = text_of(page)
    assert "<b>one</b>" in shown
    assert "1 & 2" in shown
    assert "and 1 hidden one" in shown
    assert "0 of 1 answered" in shown
    field = f"answer-{question}:code"
    assert dict(form_to(page, f"{attempt}/submit").fields)[field] == KEY["starter"]

    kept = await browser.follow(await browser.send(page, f"{attempt}/save", {}))
    assert "0 of 1 answered" in text_of(kept), "what one starts from is no answer"


async def test_running_the_sample_tests(
    learner: Learner, quiz: tuple[str, str], database: Database, owner: asyncpg.Connection
) -> None:
    browser, (quiz_id, question) = learner.browser, quiz
    attempt, page = await _begin(learner, quiz_id)
    field = f"answer-{question}:code"

    async def run(code: str, *, headers: dict[str, str] | None = None) -> httpx.Response:
        form = dict(form_to(page, f"{attempt}/submit").fields) | {field: code, "run": question}
        return await browser.client.post(f"{attempt}/run", content=urlencode(form), headers=FORM_TYPE | (headers or {}))

    answer = await run("WA")
    assert str(answer.headers["location"]).endswith(f"#tried-{question}")
    page = await browser.follow(answer)
    assert "The program is waiting for its turn." in text_of(page)
    assert "1 of 1 answered" in text_of(page), "it is kept on the way"
    await _run_all(database, owner)
    page = await browser.read(attempt)
    assert "0 of 1 test passed" in text_of(page)
    assert "It differs." in text_of(page)
    assert "SECRET" not in page.text
    empty = await browser.follow(await run(" "))
    assert "There is no program yet. Write one first." in text_of(empty)
    page = empty
    fragment = await run("AC", headers=HTMX)
    assert (fragment.status_code, "<html" in fragment.text, "hx-get" in fragment.text) == (200, False, True)
    await _run_all(database, owner)
    here = f"{attempt}/questions/{question}/run"
    fragment = await browser.client.get(here, headers=HTMX)
    assert "data-say" in fragment.text
    assert "1 of 1 test passed" in text_of(fragment)
    assert (await browser.open(here)).status_code == 303
    problem = await run("", headers=HTMX)
    assert "There is no program yet." in text_of(problem)
    assert (await browser.client.post(f"{attempt}/run", content="run=x", headers=FORM_TYPE)).status_code in {403, 404}

    done = await browser.follow(await browser.send(page, f"{attempt}/submit", {field: "AC WA"}))
    shown = text_of(done)
    assert "Handed in, being graded" in shown
    assert "1 program of yours is running through its tests." in shown
    assert "Is being graded" in shown
    listed = text_of(await browser.read(f"/quizzes/{quiz_id}"))
    assert ("Is being graded" in listed, "Waits to be marked" in listed) == (True, False)
    waiting = await browser.client.get(f"{attempt}/grading", headers=HTMX)
    assert "1 program of yours" in text_of(waiting)
    await _run_all(database, owner)
    ended = await browser.client.get(f"{attempt}/grading", headers=HTMX)
    assert f'hx-get="{attempt}/result"' in ended.text
    assert (await browser.open(f"{attempt}/grading")).status_code == 303
    assert "Is being graded" not in text_of(await browser.read(f"/quizzes/{quiz_id}"))
    result = await browser.read(f"{attempt}/result")
    shown = text_of(result)
    assert "Partly correct" in shown
    assert "1 of 3 points" in shown
    assert "1 of 1 test passed, hidden tests: 0 of 1" in shown
    assert "AC AC" in shown, "the solution stands with the explanation"
    assert "SECRET" not in result.text


async def test_one_that_cannot_be_run_is_marked_by_a_person(
    learner: Learner,
    quiz: tuple[str, str],
    database: Database,
    owner: asyncpg.Connection,
    make_user: MakeUser,
    visit: Open,
) -> None:
    browser, (quiz_id, question) = learner.browser, quiz
    attempt, page = await _begin(learner, quiz_id)
    code = "print('<script>')\n    indented"
    await browser.send(page, f"{attempt}/submit", {f"answer-{question}:code": code})
    attempt_id = UUID(attempt.rsplit("/", 1)[-1])
    run_id = await owner.fetchval("SELECT id FROM learning.question_runs WHERE attempt_id = $1", attempt_id)
    assert isinstance(run_id, UUID)
    async with database.write("learning") as session:
        assert await fail_run(session, run_id, "not-run-here")
    assert "Handed in, waiting to be marked" in text_of(await browser.read(f"{attempt}/result"))
    teacher = visit(await make_user(Role.ADMIN))
    marking = await teacher.read(f"/teach{attempt}")
    assert "&lt;script&gt;" in marking.text
    assert "not run on this server" in text_of(marking)
    await teacher.send(marking, f"/teach{attempt}/answers/{question}", {"points": "3"})
    assert "Passed with 100%" in text_of(await browser.read(f"{attempt}/result"))


async def test_an_author_writes_and_checks_one(
    make_user: MakeUser, visit: Open, learner: Learner, database: Database, owner: asyncpg.Connection
) -> None:
    browser = visit(await make_user(Role.ADMIN))
    quiz = str(
        await owner.fetchval(
            "INSERT INTO learning.quizzes (module_id, title, slug) VALUES ($1, 'Draft', 'draft-quiz') RETURNING id",
            learner.course.module,
        )
    )
    new = f"/teach/quizzes/{quiz}/questions"
    page = await browser.read(f"{new}/new?type={QuestionType.CODE}")
    typed = {"text": "Double it", "solution": "AC WA AC", "starter": "# begin", "cpu_seconds": "1,5"}
    page = await press(browser, page, f"{new}/create", ("do", "add:t"), typed | {"t-0-expected": "2"})
    fields = dict(form_to(page, f"{new}/create").fields)
    assert (fields["solution"], fields["t-0-expected"], fields["t-2-points"]) == ("AC WA AC", "2", "1")
    refused = await browser.send(page, f"{new}/create", {"t-1-points": "0", "t-1-expected": "4", "t-2-expected": "6"})
    assert refused.status_code == 422
    assert 'href="#field-t-1-points"' in refused.text
    refused = await browser.send(refused, f"{new}/create", {"t-1-points": "2", "cpu_seconds": "soon"})
    assert 'href="#field-cpu_seconds"' in refused.text
    page = await browser.follow(
        await browser.send(refused, f"{new}/create", {"cpu_seconds": "1,5", "t-2-visible": "on"})
    )
    here = page.url.path
    assert "The tests are still running." in text_of(page)
    await _run_all(database, owner)
    page = await browser.read(here)
    assert "2 of 3 tests passed" in text_of(page)
    assert "Learners cannot be asked this before its solution passes every test." in text_of(page)
    key = await owner.fetchval("SELECT answer_key FROM learning.questions WHERE id = $1", UUID(here.rsplit("/", 1)[-1]))
    stored = json.loads(str(key))
    assert stored["cpu_seconds"] == 1.5
    assert [(test["expected"], test.get("points", 1), test.get("visible")) for test in stored["tests"]] == [
        ("2", 1, True),
        ("4", 2, None),
        ("6", 1, True),
    ]
    quiz_page = await browser.read(f"/teach/quizzes/{quiz}")
    refused = await press(browser, quiz_page, f"/teach/quizzes/{quiz}/save", ("status", "PUBLISHED"), {})
    assert "a solution that passes its tests" in text_of(refused)
    page = await browser.follow(await browser.send(page, f"{here}/save", {"solution": "AC AC AC"}))
    await _run_all(database, owner)
    page = await browser.read(here)
    assert "3 of 3 tests passed" in text_of(page)
    page = await browser.follow(await browser.send(page, f"{here}/check", {}))
    assert "The tests are still running." in text_of(page)
    published = await press(browser, quiz_page, f"/teach/quizzes/{quiz}/save", ("status", "PUBLISHED"), {})
    assert published.status_code == 303, text_of(published)


async def test_a_function_is_asked_for_and_written(
    make_user: MakeUser, visit: Open, learner: Learner, database: Database, owner: asyncpg.Connection
) -> None:
    browser = visit(await make_user(Role.ADMIN))
    quiz = str(
        await owner.fetchval(
            """INSERT INTO learning.quizzes (module_id, title, slug, scoring) VALUES ($1, 'Called', 'called', 'PARTIAL')
               RETURNING id""",
            learner.course.module,
        )
    )
    new = f"/teach/quizzes/{quiz}/questions"
    page = await browser.read(f"{new}/new?type={QuestionType.CODE}")
    typed = {"text": "Double it", "solution": "AC AC", "mode": "FUNCTION", "language": "sql", "t-0-arguments": "2]"}
    refused = await browser.send(page, f"{new}/create", typed)
    assert refused.status_code == 422
    assert 'href="#field-t-0-arguments"' in refused.text
    fields = dict(form_to(refused, f"{new}/create").fields)
    assert (fields["mode"], fields["t-0-arguments"], fields["solution"]) == ("FUNCTION", "2]", "AC AC")
    typed = {"t-0-arguments": '[2, "é"]', "t-1-arguments": "[]", "t-1-expected": "four"}
    refused = await browser.send(refused, f"{new}/create", typed)
    for name, said in (
        ("mode", "Functions cannot be called in this language."),
        ("function", "Name the function that the tests call."),
        ("t-0-expected", 'Use JSON, such as 3, "text" or [1, 2].'),
        ("t-1-expected", 'Use JSON, such as 3, "text" or [1, 2].'),
    ):
        assert f'href="#field-{name}"' in refused.text
        assert said in text_of(refused)
    typed = {
        "language": "python",
        "function": "double",
        "t-0-expected": "4",
        "t-1-expected": '"<b>"',
        "t-0-visible": "on",
    }
    page = await browser.follow(await browser.send(refused, f"{new}/create", typed))
    here = page.url.path
    key = await owner.fetchval("SELECT answer_key FROM learning.questions WHERE id = $1", UUID(here.rsplit("/", 1)[-1]))
    assert json.loads(str(key)) == {
        "language": "python",
        "mode": "FUNCTION",
        "function": "double",
        "solution": "AC AC",
        "tests": [
            {"arguments": [2, "é"], "expected": "4", "visible": True},
            {"arguments": [], "expected": '"<b>"'},
        ],
    }
    await _run_all(database, owner)
    page = await browser.read(here)
    shown = text_of(page)
    assert "2 of 2 tests passed" in shown
    assert 'double(2, "é")' in shown
    assert "Tests call this function of yours, and compare what it returns:" in shown
    fields = dict(form_to(page, f"{here}/save").fields)
    assert (fields["t-0-arguments"], fields["t-1-arguments"], fields["mode"]) == ('[2, "é"]', "[]", "FUNCTION")
    # Back to a program as a whole: what belongs to the function does not count any more.
    page = await browser.follow(await browser.send(page, f"{here}/save", {"mode": "STDIO"}))
    key = await owner.fetchval("SELECT answer_key FROM learning.questions WHERE id = $1", UUID(here.rsplit("/", 1)[-1]))
    assert json.loads(str(key))["tests"][0] == {"expected": "4", "visible": True}
    typed = {"mode": "FUNCTION", "function": "double", "t-0-arguments": "[2]", "t-1-arguments": "[3]"}
    page = await browser.follow(await browser.send(page, f"{here}/save", typed))
    await _run_all(database, owner)
    quiz_page = await browser.read(f"/teach/quizzes/{quiz}")
    published = await press(browser, quiz_page, f"/teach/quizzes/{quiz}/save", ("status", "PUBLISHED"), {})
    assert published.status_code == 303, text_of(published)

    attempt, page = await _begin(learner, quiz)
    shown = text_of(page)
    assert "double(2)" in shown
    assert "double(3)" not in shown
    question = here.rsplit("/", 1)[-1]
    await learner.browser.send(page, f"{attempt}/submit", {f"answer-{question}:code": "WA AC"})
    await _run_all(database, owner)
    result = text_of(await learner.browser.read(f"{attempt}/result"))
    assert "0 of 1 test passed, hidden tests: 1 of 1" in result
    assert "double(2)" in result
    assert "double(3)" not in result
