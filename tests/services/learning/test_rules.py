"""The pure decisions."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from codezest.services.learning import rules
from codezest.services.learning.questions import problems_of
from codezest_db.enums import MaterialType, QuestionType

from .question_samples import asked

IDS = [UUID(int=number) for number in range(1, 11)]


@pytest.mark.parametrize(
    ("done", "total", "expected"),
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (199, 200, 99), (7, 8, 87)],
)
def test_percent_is_rounded_down(done: int, total: int, expected: int) -> None:
    assert rules.percent(done, total) == expected


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Lambda Functions!", "lambda-functions"),
        ("  Über  Größe ", "uber-groe"),
        ("C++", "c"),
        ("日本", ""),
        ("a" * 200, "a" * 80),
        ("x" * 79 + " y", "x" * 79),
        ("--A--", "a"),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


def test_all_questions_keep_their_order_unless_shuffled() -> None:
    dice = random.Random(1)  # noqa: S311 - a test's dice
    assert rules.draw_questions(IDS, draw_count=None, shuffle=False, dice=dice) == IDS
    shuffled = rules.draw_questions(IDS, draw_count=None, shuffle=True, dice=dice)
    assert shuffled != IDS
    assert sorted(shuffled) == IDS


def test_drawn_questions_are_a_subset_in_order() -> None:
    dice = random.Random(2)  # noqa: S311 - a test's dice
    drawn = rules.draw_questions(IDS, draw_count=4, shuffle=False, dice=dice)
    assert len(drawn) == 4
    assert drawn == sorted(drawn)
    assert rules.draw_questions(IDS, draw_count=4, shuffle=False, dice=dice) != drawn
    assert rules.draw_questions(IDS, draw_count=99, shuffle=False, dice=dice) == IDS
    assert rules.draw_questions([], draw_count=3, shuffle=True, dice=dice) == []


def test_grace_after_the_deadline() -> None:
    deadline = datetime(2026, 1, 1, tzinfo=UTC)
    assert not rules.is_past(None, deadline)
    assert not rules.is_past(deadline, deadline)
    assert rules.is_past(deadline, deadline + timedelta(seconds=1))
    assert not rules.is_past(deadline, deadline + rules.SUBMIT_GRACE, grace=rules.SUBMIT_GRACE)


def test_cycles() -> None:
    a, b, c, d = IDS[:4]
    assert not rules.has_cycle({a: [b, c], b: [d], c: [d]}, a)
    assert rules.has_cycle({a: [b], b: [c], c: [a]}, a)
    assert not rules.has_cycle({b: [c], c: [b], a: [b]}, a), "a circle elsewhere is not this one's"


def test_a_revision_is_that_of_the_value() -> None:
    assert rules.revision_of([{"a": 1, "b": 2}]) == rules.revision_of([{"b": 2, "a": 1}])
    assert rules.revision_of([1, 2]) != rules.revision_of([2, 1])


@pytest.mark.parametrize(
    ("kind", "options", "right", "lack"),
    [
        (QuestionType.SINGLE_CHOICE, 2, 1, None),
        (QuestionType.SINGLE_CHOICE, 1, 1, "at least two options"),
        (QuestionType.SINGLE_CHOICE, 3, 0, "a right option"),
        (QuestionType.SINGLE_CHOICE, 3, 2, "exactly one right option"),
        (QuestionType.MULTIPLE_CHOICE, 3, 3, None),
        (QuestionType.MULTIPLE_CHOICE, 3, 0, "a right option"),
        (QuestionType.TRUE_FALSE, 3, 1, "exactly two options"),
        (QuestionType.TRUE_FALSE, 2, 2, "exactly one right option"),
    ],
)
def test_what_a_question_lacks(kind: QuestionType, options: int, right: int, lack: str | None) -> None:
    question = asked(kind, right=[number < right for number in range(options)])
    lacks = problems_of(question)
    assert lacks == ([] if lack is None else [lack])
    assert rules.missing_in_quiz([("?", lacks)], None) == ([] if lack is None else [f"“?”: {lack}"])


def test_a_bank_holds_what_is_drawn_from_it() -> None:
    assert rules.missing_in_quiz([], None, [("questions about loops", 2, 2)]) == []
    assert rules.missing_in_quiz([], None, [("questions about loops", 2, 1)]) == [
        "2 questions about loops in the bank; there are 1"]  # fmt: skip
    assert rules.missing_in_quiz([], None) == ["at least one question"]


@pytest.mark.parametrize("kind", list(MaterialType))
def test_every_kind_of_material_needs_something(kind: MaterialType) -> None:
    everything = dict.fromkeys(("video_url", "content", "code", "file_key", "quiz_id"), "x")
    nothing = dict.fromkeys(("video_url", "video_key", "content", "code", "file_url", "file_key", "quiz_id"))
    assert rules.missing_in_material(nothing | everything | {"type": kind}) == []
    assert len(rules.missing_in_material(nothing | {"type": kind})) == 1


def test_feedback_loses_what_it_says_of_hidden_tests() -> None:
    said = "Your program passed 1 of 2 tests.\nHidden test “b”: it crashed. ValueError: 'secret' (line 3)."
    assert rules.public_feedback(said, [None, "ValueError: 'secret' (line 3)."]) == (
        "Your program passed 1 of 2 tests.\nHidden test “b”: it crashed."
    )
