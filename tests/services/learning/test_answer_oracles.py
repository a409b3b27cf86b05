"""What answers earn, against whole numbers, trying all ways, and Python's own reading of numbers."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from codezest.services.learning.actions.grade_attempt import Place, points_of
from codezest.services.learning.questions import kind_of
from codezest.services.learning.questions.asked import Answer, Asked, Graded
from codezest.services.learning.questions.automaton import PatternError
from codezest.services.learning.questions.keys import NumericKey
from codezest.services.learning.questions.numeric import measure, number_in
from codezest.services.learning.questions.patterns import compile_pattern
from codezest.services.learning.questions.programs import graded_of
from codezest.services.learning.rules.scoring import percent_of, total
from codezest_db.enums import QuestionType, Scoring

from .question_samples import asked

QUICK = settings(derandomize=True, deadline=None, max_examples=150)
PLACE = UUID(int=1)


def graded(question: Asked, **answer: object) -> Graded:
    return kind_of(question).grade(question, Answer(**answer))  # pyright: ignore[reportArgumentType]


def fraction_of(question: Asked, **answer: object) -> Fraction:
    found = graded(question, **answer).fraction
    assert found is not None
    return found


@QUICK
@given(st.integers(-500, 500), st.integers(0, 40), st.integers(0, 30), st.integers(-3, 3), st.booleans())
def test_a_number_is_right_up_to_the_edge_and_not_beyond(
    value: int, absolute: int, relative: int, beyond: int, above: bool
) -> None:
    """In thousandths, so that every edge is a whole number; the answer stands at the edge or a thousandth beside it."""
    edge = max(absolute * 10_000, abs(value) * relative * 10)  # in hundred-thousandths
    given_value = value * 1_000 + (edge + beyond if above else -edge - beyond)
    key = {
        "value": f"{Decimal(value) / 100}", "absolute": f"{Decimal(absolute) / 10}", "relative": f"{Decimal(relative) / 100}",
    }  # fmt: skip
    question = asked(QuestionType.NUMERIC, key)
    right = abs(given_value - value * 1_000) <= edge
    text = f"{Decimal(given_value) / 100_000:f}"
    for written in (text, text.replace(".", ","), text.replace("-", "\u2212"), f"  {text} ", f"{given_value}/100000"):
        assert fraction_of(question, entries={"value": written}) == int(right), written
    mirrored = asked(QuestionType.NUMERIC, key | {"value": f"{-Decimal(value) / 100}"})
    assert fraction_of(mirrored, entries={"value": f"{-Decimal(given_value) / 100_000:f}"}) == int(right)


UNITS = {"m": "1", "cm": "0.01", "km": "1000", "㎜": "0.001", "Ω": "7", "s⁻¹": "3", "%": "0.5"}


@QUICK
@given(
    st.permutations(list(UNITS)),
    st.integers(-999, 999),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["", " ", "\u00a0"]),
)
def test_units_count_in_whatever_order_they_are_written(order: list[str], number: int, unit: str, gap: str) -> None:
    key = NumericKey(value="1", units={name: UNITS[name] for name in order}, unit_required=True)
    expected = Fraction(number) * Fraction(UNITS[unit])
    assert measure(key, f"{number}{gap}{unit}") == expected
    assert measure(key, f"{number}{gap}{ {'㎜': 'mm', 's⁻¹': 's-1'}.get(unit, unit) }") == expected
    assert measure(key, str(number)) is None
    assert measure(key, f"{number} parsec") is None


@QUICK
@given(st.text("0123456789_.eE+- ,٣", min_size=1, max_size=12))
def test_what_a_key_takes_for_a_number_is_right_as_an_answer(text: str) -> None:
    """Otherwise nobody could give the answer that is shown as the right one."""
    try:
        key = NumericKey(value=text)
    except ValidationError:
        return
    assert measure(key, key.value) == Fraction(key.value) == Fraction(Decimal(text))


@pytest.mark.parametrize("key", [{"value": "1_000"}, {"value": "1__0"}, {"value": "1", "absolute": "_1"}, {"value": "1", "units": {" ": "1"}}, {"value": "1", "units": {"m": "1_0"}}], ids=repr)  # fmt: skip
def test_keys_that_no_answer_can_be_held_against(key: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NumericKey.model_validate(key)


@QUICK
@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.sampled_from([",", ".", "'", " "]))
def test_thousands_may_be_set_apart(number: int, places: int, mark: str) -> None:
    decimal = "," if mark == "." else "."
    whole, part = divmod(abs(number), 10**places)
    assume(part or not places)
    apart = f"{whole:,}".replace(",", mark)
    text = ("-" if number < 0 else "") + apart + (decimal + f"{part:0{places}}" if places else "")
    assume(places or mark not in ",." or apart.count(mark) != 1)  # a comma or point that stands alone is a decimal one
    assert number_in(text.replace(" ", "")) == Fraction(number, 10**places)


@QUICK
@given(st.lists(st.integers(0, 6), min_size=2, max_size=6))
def test_an_order_is_worth_its_longest_part_that_is_in_order(places: list[int]) -> None:
    """Some left out (0), some at the same place: by trying every choice of things."""
    question = asked(QuestionType.ORDERING, {"items": [f"step {number}" for number in range(len(places))]})
    names = list(kind_of(question).solution(question).entries)
    entries = {name: str(place) for name, place in zip(names, places, strict=True) if place}
    usable = [place for place in places if 0 < place <= len(places)]
    longest = max(
        (size for size in range(1, len(usable) + 1) for chosen in combinations(usable, size)
         if all(one < other for one, other in pairwise(chosen))), default=0,
    )  # fmt: skip
    found = graded(question, entries=entries)
    assert found.fraction == Fraction(max(0, longest - 1), len(places) - 1)
    assert found.right_fields == {name for at, name in enumerate(names, 1) if entries.get(name) == str(at)}
    assert (found.fraction == 1) == (len(found.right_fields) == len(names))


def test_every_order_of_five_is_worth_as_much_as_its_mirror() -> None:
    """What is read from its end, with the places counted from the end, is the same order."""
    question = asked(QuestionType.ORDERING, {"items": list("abcde")})
    names = list(kind_of(question).solution(question).entries)
    worth: dict[tuple[int, ...], Fraction] = {}
    for places in permutations(range(1, 6)):
        entries = {name: str(place) for name, place in zip(names, places, strict=True)}
        worth[places] = fraction_of(question, entries=entries)
    for places, fraction in worth.items():
        assert worth[tuple(6 - place for place in reversed(places))] == fraction
        inverse = tuple(places.index(place) + 1 for place in range(1, 6))
        assert worth[inverse] == fraction
    assert min(worth.values()) == 0
    assert [places for places, fraction in worth.items() if fraction == 1] == [(1, 2, 3, 4, 5)]


@QUICK
@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_pairs_count_alike_however_they_are_ordered(matches: list[int], chosen: list[int]) -> None:
    pairs = [{"prompt": f"p{at}", "match": f"m{match}"} for at, match in enumerate(matches)]
    worth: set[Fraction] = set()
    for order in (pairs, pairs[::-1]):
        question = asked(QuestionType.MATCHING, {"pairs": order, "distractors": ["m4"]})
        fields = kind_of(question).fields(question, order="seed")
        entries: dict[str, str] = {}
        for field in fields:
            assert field.label is not None
            wanted = f"m{chosen[int(field.label[1:])]}"
            values = [choice.value for choice in field.choices if choice.text == wanted]
            if values:
                entries[field.name] = values[0]
        worth.add(fraction_of(question, entries=entries))
        for name in list(entries):
            without = {key: value for key, value in entries.items() if key != name}
            assert fraction_of(question, entries=without) <= min(worth)
    right = sum(match == choice for match, choice in zip(matches, chosen, strict=False))
    assert worth == {Fraction(right, len(matches))}


ANSWERS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 8), st.integers(1, 8), st.booleans()).filter(lambda one: one[1] <= one[2]),
    min_size=1, max_size=7,
)  # fmt: skip


@QUICK
@given(ANSWERS, st.sampled_from(Scoring), st.integers(0, 100))
def test_programs_earn_the_share_of_their_tests_weights(
    answers: list[tuple[int, int, int, bool]], scoring: Scoring, penalty: int
) -> None:
    """In ten-thousandths of a point, by cases. A question that was left out is one that no program was sent for."""
    place = Place(course_id=PLACE, module_id=PLACE, passing_score=50, scoring=scoring, wrong_penalty_percent=penalty)
    key = {"language": "python", "solution": "pass", "tests": [{"expected": "1"}]}
    sums, possible, earned = 0, 0, list[int]()
    for points, passed, weight, empty in answers:
        question = Asked(id=PLACE, type=QuestionType.CODE, text="?", points=points, options=(), key=key)
        answer = Answer(entries={} if empty else {"code": "print(1)"})
        passed_here = 0 if empty else passed
        got = points_of(question, answer, graded_of(passed_here, weight), place)
        if passed_here == weight:
            expected = points * 100
        elif passed_here and scoring is Scoring.PARTIAL:
            expected = (points * 100 * passed_here) // weight
        else:
            expected = 0 if empty else -points * penalty
        assert got == Decimal(expected) / 100
        assert -points <= got <= points
        better = points_of(question, answer, graded_of(min(weight, passed_here + 1), weight), place)
        assert better >= got
        sums, possible = sums + expected, possible + points
        earned.append(expected)
    assert percent_of(total(earned), possible) == max(0, sums) // possible
    assert 0 <= percent_of(total(earned), possible) <= 100


@QUICK
@given(st.lists(st.booleans(), min_size=2, max_size=7).filter(any), st.data())
def test_options_count_for_and_against(right: list[bool], data: st.DataObject) -> None:
    question = asked(QuestionType.MULTIPLE_CHOICE, right=right)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(right), max_size=len(right)))
    ids = [option.id for option, is_chosen in zip(question.options, chosen, strict=True) if is_chosen]
    score = sum((1 if correct else -1) for correct, is_chosen in zip(right, chosen, strict=True) if is_chosen)
    fraction = fraction_of(question, option_ids=ids)
    assert fraction == max(Fraction(0), Fraction(score, sum(right)))
    assert (fraction == 1) == (chosen == right)
    assert fraction_of(question, option_ids=[*reversed(ids), *ids]) == fraction
    wrong = next((option.id for option, correct in zip(question.options, right, strict=True) if not correct), None)
    if wrong is not None:
        assert fraction_of(question, option_ids=[*ids, wrong]) <= fraction


NOTHING = st.recursive(
    st.sampled_from(["()", "(?:)", "(a{0})", "(|)"]),
    lambda inner: st.tuples(inner, st.sampled_from(["{100}", "{50,}", "*", "+", "{0}", "?"])).map(
        lambda pair: f"({pair[0]}){pair[1]}"
    ),
    max_leaves=10,
)


@QUICK
@given(NOTHING, st.sampled_from(["", "b", "bb"]))
def test_repeating_nothing_takes_no_time(source: str, text: str) -> None:
    try:
        pattern = compile_pattern(f"{source}b")
    except PatternError as error:
        assert "too large" in str(error)  # noqa: PT017 - hypothesis decides whether it is raised
        return
    assert pattern.matches(text) == (text == "b")


def test_what_would_be_repeated_for_longer_than_anybody_lives() -> None:
    source = "()"
    while len(source) < 170:
        source = f"({source}){{99}}"
    pattern = compile_pattern(f"{source}x")
    assert (len(pattern.states), pattern.matches("x"), pattern.matches("")) == (2, True, False)


@pytest.mark.parametrize("text", ["ß", "ﬁ", "ŉ", "a", "Z", "é", "0"], ids=ascii)
@pytest.mark.parametrize("source", ["[A-Z]", "[a-z]", "[^A-Z]", "[à-ö]", "[0-Z]", "."])
def test_letters_that_are_two_in_the_other_case_are_in_no_range(source: str, text: str) -> None:
    assert compile_pattern(source, ignore_case=True).matches(text) == bool(re.fullmatch(source, text, re.IGNORECASE))
