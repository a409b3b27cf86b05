"""Questions that are answered by a function: refused with the field at fault, asked, called and graded call by call."""

from typing import Any
from uuid import UUID

import pytest

from fixtures.graders import grader

from .conftest import Person, problem
from .test_code_questions import Work, hand_in, quiz_of, read, secrets_in, start, work

__all__ = ["grader", "work"]

pytestmark = pytest.mark.sandbox

KEY: dict[str, Any] = {
    "language": "python",
    "mode": "FUNCTION",
    "function": "double",
    "starter": "def double(thing):\n    ...\n",
    "solution": "def double(thing):\n    return thing * 2  # SECRET_solution\n",
    "tests": [
        {"name": "two", "arguments": [2], "expected": "4", "visible": True},
        {"name": "SECRET-name", "arguments": [77770], "expected": "155540", "points": 2},
        {"arguments": [["SECRET", {"7777": None}]], "expected": '["SECRET", {"7777": null}, "SECRET", {"7777": null}]'},
    ],
}


async def test_a_function_is_called_and_graded(teacher: Person, module: UUID, learner: Person, work: Work) -> None:
    quiz = await quiz_of(teacher, module, KEY, scoring="PARTIAL")
    assert await work() == 1, "the solution is checked by itself"
    attempt = await start(learner, quiz)
    (question,) = attempt["questions"]
    check = (await teacher.get(f"/questions/{question['id']}/check")).json()
    assert (check["verdict"], check["function"], [test["verdict"] for test in check["tests"]]) == (
        "AC", "double", ["AC"] * 3)  # fmt: skip
    assert [test["arguments"] for test in check["tests"]] == [test["arguments"] for test in KEY["tests"]]
    assert question["fields"][0]["program"] == {
        "language": "python",
        "function": "double",
        "starter": KEY["starter"],
        "samples": [{"name": "two", "input": "", "arguments": [2], "expected": "4"}],
        "hidden": 2,
    }
    here = f"/attempts/{attempt['id']}/questions/{question['id']}/run"
    for code, verdict, said in (
        (
            "def double(thing):\n    print('seen')\n    return thing + 3",
            "WA",
            "Called with (2), the function returned 5",
        ),
        ("print(4)", "RE", "double"),
        ("def double(thing):\n    return 2 *", "CE", ""),
    ):
        assert (await learner.post(here, {"code": code})).status_code == 202
        await work()
        tried = await learner.get(here)
        assert tried.json()["verdict"] == verdict, tried.text
        assert said in tried.text
        assert secrets_in(tried.text) == []
    assert (
        await learner.post(here, {"code": "def double(thing):\n    print('seen')\n    return 4"})
    ).status_code == 202
    await work()
    (test,) = (await learner.get(here)).json()["tests"]
    assert (test["arguments"], test["expected"], test["stdout"], test["verdict"]) == ([2], "4", "seen\n→ 4\n", "AC")

    spy = "import sys\ndef double(thing):\n    print(thing, file=sys.stderr)\n    return thing * 2 if thing == 2 or thing == 77_770 else None\n"
    await hand_in(learner, attempt, spy)
    assert await work() == 1
    after = await learner.get(f"/attempts/{attempt['id']}")
    review = after.json()["questions"][0]["review"]
    assert (after.json()["score"], review["points"], review["is_correct"]) == (75, 3, False)
    assert (review["run"]["hidden"], review["run"]["hidden_passed"]) == (2, 1)
    assert review["entries"][0]["right"] == KEY["solution"]
    assert secrets_in(after.text, ("SECRET-", "7777", "15554")) == []


async def test_what_is_left_as_it_begins_is_no_answer(
    teacher: Person, module: UUID, learner: Person, work: Work
) -> None:
    quiz = await quiz_of(teacher, module, KEY)
    await work()
    attempt = await start(learner, quiz)
    await hand_in(learner, attempt, KEY["starter"])
    assert await work() == 0
    assert (await read(learner, attempt))["score"] == 0


REFUSED: dict[str, tuple[dict[str, Any], list[list[Any]]]] = {
    "a language without": ({"language": "sql"}, [["mode"]]),
    "no name": ({"function": None}, [["function"]]),
    "a name that is none": ({"function": "no name"}, [["function"]]),
    "a name within another": ({"function": "one.other"}, [["function"]]),
    "another mode": ({"mode": "UNIT_TESTS"}, [["mode"]]),
    "the wrong mode": (
        {"mode": "STDIO"},
        [["function"], ["tests", 0, "arguments"], ["tests", 1, "arguments"], ["tests", 2, "arguments"]],
    ),
    "no arguments": ({"tests": [KEY["tests"][0], {"expected": "1"}]}, [["tests", 1, "arguments"]]),
    "arguments that are no list": (
        {"tests": [{"arguments": {"a": 1}, "expected": "1"}]},
        [["tests", 0, "arguments"]],
    ),
    "too many arguments": ({"tests": [{"arguments": [1] * 51, "expected": "1"}]}, [["tests", 0, "arguments"]]),
    "no JSON": ({"tests": [{"arguments": [1], "expected": "one"}]}, [["tests", 0, "expected"]]),
    "no number of JSON": ({"tests": [{"arguments": [1], "expected": "NaN"}]}, [["tests", 0, "expected"]]),
    "too much together": ({"tests": [{"arguments": ["x" * 150_000], "expected": "1"}] * 2}, [[]]),
}


async def test_what_cannot_be_called_is_refused_where_it_stands(teacher: Person, module: UUID) -> None:
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Called"})).json()["id"]
    body = {"type": "CODE", "text": "Double it", "answer_key": KEY}
    made = await teacher.post(f"/quizzes/{quiz}/questions", body)
    assert made.status_code == 201, made.text
    here = f"/questions/{made.json()['id']}"
    for name, (change, places) in REFUSED.items():
        answer = await teacher.patch(here, {"answer_key": {**KEY, **change}})
        assert problem(answer) == (422, "validation-failed"), name
        found = [one["location"][one["location"].index("CODE") + 1 :] for one in answer.json()["errors"]]
        assert found == places, (name, answer.text)
    assert (await teacher.get(f"{here}/authoring")).json()["answer_key"] == KEY, "as it was written"


@pytest.mark.parametrize("language", ["javascript", "typescript", "cpp", "go"])
async def test_other_languages_are_taken(teacher: Person, module: UUID, language: str) -> None:
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Called"})).json()["id"]
    body = {"type": "CODE", "text": "Double it", "answer_key": {**KEY, "language": language}}
    assert (await teacher.post(f"/quizzes/{quiz}/questions", body)).status_code == 201
