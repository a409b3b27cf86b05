"""Questions that are answered by a program, without running any: what is shown, what counts as an answer, what is kept of a run."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from codezest.grading import Grade, TestOutcome
from codezest.services.learning.grading_spec import question_spec
from codezest.services.learning.question_results import MOST_OUTPUT, result_of
from codezest.services.learning.questions import is_left_open, kind_of, problems_of
from codezest.services.learning.questions.asked import MAX_TEXT, Answer, FieldKind, misfit
from codezest.services.learning.questions.keys import AnswerKey
from codezest.services.learning.questions.programs import MAX_TESTS, CodeKey, graded_of, same_program
from codezest.services.learning.rules import MAX_CODE_BYTES
from codezest_db.enums import QuestionType, SubmissionStatus, Verdict

from .question_samples import asked

KEY: dict[str, Any] = {
    "language": "python",
    "starter": "x = 1\n",
    "solution": "SECRET",
    "tests": [
        {"input": "a", "expected": "b", "visible": True, "name": "one"},
        {"input": "SECRET-in", "expected": "SECRET-out", "points": 3},
    ],
}
ASKED = asked(QuestionType.CODE, KEY)
KIND = kind_of(ASKED)


def test_what_is_asked_says_nothing_of_hidden_tests_or_the_solution() -> None:
    (field,) = KIND.fields(ASKED, order="x")
    assert field.kind is FieldKind.CODE
    assert "SECRET" not in repr(field)
    assert field.program is not None
    assert (field.program.hidden, [sample.name for sample in field.program.samples]) == (1, ["one"])
    assert KIND.solution(ASKED).entries == {"code": "SECRET"}
    assert problems_of(ASKED) == []
    bare = asked(QuestionType.CODE)
    assert (KIND.fields(bare, order="x"), len(problems_of(bare)), KIND.solution(bare).is_empty) == ([], 1, True)
    unsolved = asked(QuestionType.CODE, KEY | {"solution": "x = 1"})
    assert problems_of(unsolved) == ["a right answer that earns all points"]


@pytest.mark.parametrize("code", ["", " \n\t", "x = 1", "x = 1  \r\n\n"], ids=range(4))
def test_the_starter_is_no_answer(code: str) -> None:
    answer = Answer(entries={"code": code})
    assert is_left_open(ASKED, answer)
    assert KIND.grade(ASKED, answer).fraction == 0


def test_a_program_waits_and_has_a_size() -> None:
    answer = Answer(entries={"code": "x = 2"})
    assert not is_left_open(ASKED, answer)
    assert KIND.grade(ASKED, answer).fraction is None
    fields = KIND.fields(ASKED, order="x")
    assert misfit(fields, {"code": "x" * (MAX_TEXT + 1)}) is None
    assert misfit(fields, {"code": "é" * (MAX_CODE_BYTES // 2)}) is None
    assert misfit(fields, {"code": "é" * (MAX_CODE_BYTES // 2) + "x"}) is not None
    assert misfit(fields, {"text": "x"}) is not None


@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_parts_are_weighed(one: int, other: int) -> None:
    earned, possible = sorted((one, other))
    graded = graded_of(earned, possible)
    assert graded.fraction == (Fraction(earned, possible) if possible else 0)
    assert bool(graded.right_fields) == (graded.fraction == 1)


@given(st.text(), st.text())
def test_programs_are_the_same_but_for_white_space_at_ends(one: str, other: str) -> None:
    assert same_program(one, one + " \n")
    assert same_program(one, other) == same_program(other, one)


@pytest.mark.parametrize(
    "change",
    [
        {"language": "cobol"},
        {"solution": "\n"},
        {"solution": "é" * (MAX_CODE_BYTES // 2 + 1)},
        {"tests": []},
        {"tests": [{"expected": "1"}] * (MAX_TESTS + 1)},
        {"tests": [{"expected": "1", "points": 101}]},
        {"tests": [{"expected": "x" * 60_000}] * 5},
        {"cpu_seconds": 0},
        {"checker": "CUSTOM"},
    ],
    ids=lambda change: "-".join(change) + str(len(str(change)) % 97),
)
def test_keys_are_bounded(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CodeKey.model_validate(KEY | change)


def test_the_api_tells_the_key_from_others() -> None:
    assert isinstance(TypeAdapter[Any](AnswerKey).validate_python(KEY), CodeKey)


def test_what_is_run_and_what_is_kept_of_it() -> None:
    key = CodeKey.model_validate(KEY | {"cpu_seconds": 4})
    samples = question_spec(key, visible_only=True)
    assert ([test.stdin for test in samples.tests], samples.limits.cpu_seconds) == (["a"], 4)
    assert samples.limits.wall_seconds > samples.limits.cpu_seconds
    spec = question_spec(key, visible_only=False)
    assert ([test.points for test in spec.tests], spec.max_score) == ([1, 3], 4)
    outcomes = tuple(
        TestOutcome(
            index=index,
            name=test.name,
            verdict=Verdict.WA,
            points=0,
            max_points=test.points,
            time_ms=1,
            memory_kb=1,
            visible=test.visible,
            stdout=f"{test.stdin}" + "y" * 2 * MOST_OUTPUT,
            stderr=test.stdin,
            message=test.expected,
        )
        for index, test in enumerate(spec.tests)
    )
    grade = Grade(
        verdict=Verdict.WA,
        status=SubmissionStatus.FAILED,
        score=0,
        outcomes=outcomes,
        feedback="SECRET",
        compile_output=None,
        runtime="CPython",
        tier="NAMESPACES",
    )
    kept = result_of(grade, spec, whole=False)
    assert "SECRET" not in json.dumps(kept)
    assert kept["tests"][1] == {"index": 1, "visible": False, "verdict": "WA", "points": 0, "max_points": 3}
    assert len(kept["tests"][0]["stdout"]) == MOST_OUTPUT
    assert result_of(grade, spec, whole=True)["tests"][1]["stdin"] == "SECRET-in"
