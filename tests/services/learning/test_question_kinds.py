"""Grading of every type of question: what is right earns all, nothing earns more, and nothing gives the key away."""

import json
import random
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from codezest.services.learning.questions import KINDS, kind_of, problems_of
from codezest.services.learning.questions.asked import Answer, Asked, FieldKind, misfit
from codezest.services.learning.questions.keys import AnswerKey, NumericKey
from codezest.services.learning.questions.numeric import measure, number_in
from codezest_db.enums import QuestionType

from .question_samples import SAMPLES, asked, questions

KEY: TypeAdapter[Any] = TypeAdapter(AnswerKey)
ANYTHING = st.dictionaries(st.text(max_size=12), st.text(max_size=60), max_size=5)


def test_every_type_has_a_class() -> None:
    assert set(KINDS) == set(QuestionType)


@given(questions())
def test_the_solution_earns_everything(question: Asked) -> None:
    assert problems_of(question) == []
    kind = kind_of(question)
    solution = kind.solution(question)
    graded = kind.grade(question, solution)
    assert graded.fraction == 1
    fields = kind.fields(question, order="x")
    assert graded.right_fields == {field.name for field in fields}
    assert misfit(fields, solution.entries) is None


@given(questions(), st.data())
def test_whatever_is_answered_earns_between_nothing_and_all(question: Asked, data: st.DataObject) -> None:
    kind = kind_of(question)
    fields = kind.fields(question, order="x")
    known = st.fixed_dictionaries({}, optional={
        field.name: st.sampled_from([choice.value for choice in field.choices]) if field.choices else st.text(max_size=30)
        for field in fields
    })  # fmt: skip
    ids = [option.id for option in question.options] or [UUID(int=1)]
    answer = Answer(
        option_ids=data.draw(st.lists(st.sampled_from([*ids, UUID(int=9)]), max_size=9)),
        entries=data.draw(st.one_of(known, ANYTHING)),
    )
    fraction = kind.grade(question, answer).fraction
    assert fraction is None or 0 <= fraction <= 1
    assert fraction is not None or question.type is QuestionType.SHORT_ANSWER
    assert kind.grade(question, Answer()).fraction == 0, "nothing is worth nothing"


@given(questions(), st.randoms(use_true_random=False))
def test_one_more_right_thing_is_never_worth_less(question: Asked, dice: random.Random) -> None:
    """Blanks and pairs one by one; options one right one after the other."""
    kind = kind_of(question)
    solution = kind.solution(question)
    if question.type is QuestionType.ORDERING:
        return
    options, names = list(solution.option_ids), list(solution.entries)
    dice.shuffle(options)
    dice.shuffle(names)
    steps = [
        kind.grade(
            question, Answer(option_ids=options[:n], entries={name: solution.entries[name] for name in names[:n]})
        )
        for n in range(len(options) + len(names) + 1)
    ]
    found = [step.fraction for step in steps if step.fraction is not None]
    assert found == sorted(found)
    assert found[-1] == 1


@given(st.permutations(range(4)))
def test_an_order_is_worth_what_is_in_order(places: list[int]) -> None:
    question = SAMPLES["ordering"]
    names = list(kind_of(question).solution(question).entries)
    entries = {name: str(place + 1) for name, place in zip(names, places, strict=True)}
    fraction = kind_of(question).grade(question, Answer(entries=entries)).fraction
    kept = max(
        len(run)
        for chosen in range(16)
        if (run := [place for bit, place in enumerate(places) if chosen >> bit & 1]) == sorted(run)
    )
    assert fraction == Fraction(kept - 1, 3)


@pytest.mark.parametrize("question", SAMPLES.values(), ids=list(SAMPLES))
def test_what_learners_fill_in_says_nothing_of_the_key(question: Asked) -> None:
    kind = kind_of(question)
    orders = {tuple(field.name for field in kind.fields(question, order=str(seed))) for seed in range(20)}
    if question.type in {QuestionType.MATCHING, QuestionType.ORDERING}:
        assert len(orders) > 3, "every attempt has its own order"
    shown = json.dumps([
        {"name": field.name, "label": field.label, "choices": [(choice.value, choice.text) for choice in field.choices]}
        for field in kind.fields(question, order="1")
    ])  # fmt: skip
    if question.type is QuestionType.MATCHING:
        assert all(prompt in shown for prompt in ("int", "str", "float"))
        for pair in question.key["pairs"]:
            prompt = next(field for field in kind.fields(question, order="1") if field.label == pair["prompt"])
            match = next(choice for choice in prompt.choices if choice.text == pair["match"])
            assert prompt.name != match.value
    elif question.type is not QuestionType.ORDERING:
        assert all(word not in shown for word in ("colour", "def", "9.81", "a loop"))


def test_selections_and_lengths_are_held_to_the_fields() -> None:
    fields = kind_of(SAMPLES["matching"]).fields(SAMPLES["matching"], order="x")
    assert all(field.kind is FieldKind.SELECT and len(field.choices) == 3 for field in fields)
    assert misfit(fields, {fields[0].name: ""}) is None
    assert misfit(fields, {fields[0].name: "int"}) is not None
    assert misfit(fields, {"another": ""}) is not None
    (short,) = kind_of(SAMPLES["short"]).fields(SAMPLES["short"], order="x")
    assert misfit([short], {"text": "x" * 10_000}) is None
    assert misfit([short], {"text": "x" * 10_001}) is not None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("9.81", True), ("9,81", True), (" 9.80 ", True), ("9.82 m/s²", True), ("9.82m/s2", True), ("981e-2", True),
        ("0.981x10^1", True), ("+9.81", True), ("\u0669,\u0668\u0661", True), ("981/100", True), ("9.8201", False),
        ("-9.81", False), ("9.81 km", False), ("", False), ("nine", False), ("9.8.1", False), ("1e999999", False),
        ("9.81" + "0" * 80, False), ("1/0", False), ("NaN", False), ("inf", False), ("٩" * 9, False), ("9,8,1", False),
    ],
    ids=str,
)  # fmt: skip
def test_numbers(text: str, *, right: bool) -> None:
    question = SAMPLES["numeric"]
    assert kind_of(question).grade(question, Answer(entries={"value": text})).fraction == int(right)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000.5", Fraction(2001, 2)), ("1.000,5", Fraction(2001, 2)), ("1,000", Fraction(1)), ("1,000,000", Fraction(10**6)),
        ("1'000", Fraction(1000)), (".5", Fraction(1, 2)), ("3/4", Fraction(3, 4)), ("10,00.5", None), ("1,5.2,1", None),
    ],
    ids=str,
)  # fmt: skip
def test_points_and_commas(text: str, number: Fraction | None) -> None:
    assert number_in(text) == number


whole_numbers = st.integers(min_value=0, max_value=10**9)


@given(sign=st.sampled_from(["", "+", "-", "- ", "\u2212"]), whole=whole_numbers, below=whole_numbers, more=whole_numbers,
    gap=st.sampled_from([" ", "  ", "\u00a0", "\u202f", "\t"]), slash=st.sampled_from(["/", " / ", "\u2044", "\u2215"]),
    unit=st.sampled_from(["", "m", " m"]))  # fmt: skip
def test_mixed_numbers(sign: str, whole: int, below: int, more: int, gap: str, slash: str, unit: str) -> None:
    denominator = below + more + 1
    value = whole + Fraction(below, denominator)
    key = NumericKey.model_validate({"value": "0", "units": {"m": "1"}})
    expected = -value if sign and sign[0] in "-\u2212" else value
    assert measure(key, f"{sign}{whole}{gap}{below}{slash}{denominator}{unit}") == expected
    together = measure(key, f"{sign}{below}{slash}{denominator}{unit}")
    assert together is not None
    assert abs(together) == value - whole


@given(whole=whole_numbers, numerator=whole_numbers, divisor=whole_numbers)
def test_a_fraction_behind_a_number_is_never_taken_for_its_digits(whole: int, numerator: int, divisor: int) -> None:
    key = NumericKey.model_validate({"value": "0"})
    read = measure(key, f"{whole} {numerator}/{divisor}")
    if numerator < divisor:
        assert read == whole + Fraction(numerator, divisor)
    else:
        thousands = len(str(numerator)) == 3 and whole < 1000 and divisor
        assert read == (Fraction(whole * 1000 + numerator, divisor) if thousands else None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1\u00bd", Fraction(3, 2)), ("\u00bd", Fraction(1, 2)), ("-2 \u00be m", Fraction(-11, 4)), ("1 000 1/2", Fraction(2001, 2)),
        ("1 000/3", Fraction(1000, 3)), ("1 005/8", Fraction(1005, 8)), ("12 345", Fraction(12345)), ("1,5 1/2", None),
        ("1.5 1/2", None), ("1e3 1/2", None), ("1 3/2", None), ("1 1/0", None), ("2 3 1/2", None), ("1 1/2 3", None),
        ("1 1/2.5", None), ("1/2 1/2", None), ("1 \u00bd \u00bd", None), ("1 -1/2", None), ("1/2 3", None), ("1/1 000", Fraction(1, 1000)), ("3 / 4", Fraction(3, 4)),
    ],
    ids=ascii,
)  # fmt: skip
def test_fractions_beside_numbers(text: str, number: Fraction | None) -> None:
    assert measure(NumericKey.model_validate({"value": "0", "units": {"m": "1"}}), text) == number


def test_units_and_tolerances() -> None:
    key = {"value": "1.5", "relative": "0.1", "units": {"cm": "0.01", "m": "1"}, "unit_required": True}
    question = asked(QuestionType.NUMERIC, key)
    kind = kind_of(question)
    for text, right in (("150 cm", 1), ("165cm", 1), ("1.35 m", 1), ("166 cm", 0), ("1.5", 0), ("1500 mm", 0)):
        assert kind.grade(question, Answer(entries={"value": text})).fraction == right, text
    only_cm = asked(QuestionType.NUMERIC, {"value": 1.5, "units": {"cm": "0.01"}, "unit_required": True})
    assert problems_of(only_cm) == []


@pytest.mark.parametrize(
    ("given_text", "right"),
    [
        ("def", True), ("  def ", True), ("Def", False), ("", False), ("d\u0435f", False), ("de\u0301f", False),
    ],
    ids=ascii,
)  # fmt: skip
def test_blanks(given_text: str, *, right: bool) -> None:
    question = SAMPLES["blanks"]
    graded = kind_of(question).grade(question, Answer(entries={"1": given_text, "end": "COLOR"}))
    assert graded.fraction == Fraction(1 + right, 2)
    assert graded.right_fields == {"end", "1"} if right else {"end"}


def test_short_answers_wait_for_somebody() -> None:
    question = asked(QuestionType.SHORT_ANSWER, {"accepted": ["42"], "patterns": ["forty[ -]two"]})
    kind = kind_of(question)
    for text, fraction in (("42", 1), ("Forty-Two", 1), ("about 42", None), ("  ", 0), ("x" * 9_000, None)):
        assert kind.grade(question, Answer(entries={"text": text})).fraction == fraction
    assert kind_of(SAMPLES["short"]).grade(SAMPLES["short"], Answer(entries={"text": "about 42"})).fraction == 0


@pytest.mark.parametrize(
    ("question", "lack"),
    [
        (asked(QuestionType.FILL_BLANK, {"blanks": {"1": {"accepted": ["x"]}}}, text="none"), "the blank {{1}} in the text"),
        (asked(QuestionType.FILL_BLANK, {"blanks": {"1": {"accepted": ["x"]}}}, text="{{1}}{{2}}"), "what the blank {{2}} takes"),
        (asked(QuestionType.FILL_BLANK, {"blanks": {"1": {"accepted": ["x"]}}}, text="{{1}}{{1}}"), "the blank {{1}} stands twice in the text"),
        (asked(QuestionType.FILL_BLANK), "a blank in the text, such as {{1}}"),
        (asked(QuestionType.MATCHING), "at least two pairs"),
        (asked(QuestionType.MATCHING, {"pairs": [{"prompt": "a", "match": "b"}] * 2}), "prompts that differ"),
        (asked(QuestionType.ORDERING, {"items": ["a", "a"]}), "things to put in order that differ"),
        (asked(QuestionType.NUMERIC), "the right number"),
        (asked(QuestionType.SHORT_ANSWER, {"manual": False}), "an accepted answer, or that somebody marks the others"),
        (asked(QuestionType.TRUE_FALSE, right=[True, False, False]), "exactly two options"),
        (asked(QuestionType.ORDERING, {"items": ["a", "b"]}, right=[True]), "no options: its answer is not chosen from a list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_question_lacks(question: Asked, lack: str) -> None:
    assert lack in problems_of(question)


@pytest.mark.parametrize(
    "key",
    [
        {"blanks": {}}, {"blanks": {"A b": {"accepted": ["x"]}}}, {"blanks": {"1": {"accepted": []}}}, {"unknown": 1},
        {"blanks": {"1": {"accepted": ["x"], "patterns": ["(a"]}}}, {"pairs": [{"prompt": "a", "match": " "}] * 2},
        {"items": ["one"]}, {"value": "NaN"}, {"value": "1e999"}, {"value": True}, {"value": "1", "absolute": "-1"},
        {"value": "1", "units": {"m": 0}}, {"lines": 0}, {"accepted": ["\0"]}, [], "x", None,
    ],
    ids=repr,
)  # fmt: skip
def test_keys_that_are_refused(key: Any) -> None:
    with pytest.raises(ValidationError):
        KEY.validate_python(key)
