"""Questions of every type, as rows would give them, and hypothesis strategies for them."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from codezest.services.learning.questions.asked import Asked, AskedOption
from codezest_db.enums import QuestionType

ID = UUID(int=7)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="\\"), min_size=1, max_size=12)
DISTINCT = st.lists(WORDS.filter(lambda word: bool(word.strip())), min_size=2, max_size=6, unique_by=lambda word: " ".join(word.casefold().split()))  # fmt: skip


def asked(
    kind: QuestionType, key: dict[str, Any] | None = None, *, text: str = "?", right: list[bool] | None = None
) -> Asked:
    """A question of three points; `right` says of each option whether it is."""
    options = tuple(
        AskedOption(id=UUID(int=100 + number), text=f"option {number}", is_correct=correct)
        for number, correct in enumerate(right or [])
    )
    return Asked(id=ID, type=kind, text=text, points=3, options=options, key=key or {})


SAMPLES: dict[str, Asked] = {
    "single": asked(QuestionType.SINGLE_CHOICE, right=[True, False, False]),
    "multiple": asked(QuestionType.MULTIPLE_CHOICE, right=[True, True, False, False]),
    "true-false": asked(QuestionType.TRUE_FALSE, right=[False, True]),
    "blanks": asked(
        QuestionType.FILL_BLANK,
        {"blanks": {"1": {"accepted": ["def"], "case_sensitive": True}, "end": {"accepted": ["colour"], "patterns": ["colou?r"]}}},
        text="`{{1}} f():` has a {{end}}",
    ),
    "matching": asked(
        QuestionType.MATCHING,
        {
            "pairs": [{"prompt": "1", "match": "int"}, {"prompt": "'a'", "match": "str"}, {"prompt": "2", "match": "int"}],
            "distractors": ["float"],
        },
    ),
    "ordering": asked(QuestionType.ORDERING, {"items": ["read", "think", "write", "test"]}),
    "numeric": asked(QuestionType.NUMERIC, {"value": "9.81", "absolute": "0.01", "units": {"m/s²": "1"}}),
    "short": asked(QuestionType.SHORT_ANSWER, {"accepted": ["a loop"], "manual": False}),
}  # fmt: skip


def _options(kind: QuestionType) -> st.SearchStrategy[Asked]:
    if kind is QuestionType.MULTIPLE_CHOICE:
        return st.lists(st.booleans(), min_size=2, max_size=8).filter(any).map(lambda right: asked(kind, right=right))
    numbers = st.just(2) if kind is QuestionType.TRUE_FALSE else st.integers(2, 6)
    places = numbers.flatmap(lambda number: st.integers(0, number - 1).map(lambda place: (number, place)))
    return places.map(lambda pair: asked(kind, right=[place == pair[1] for place in range(pair[0])]))


def _blanks(words: list[str], strict: dict[str, bool]) -> Asked:
    blanks = {str(number): {"accepted": [word], **strict} for number, word in enumerate(words, 1)}
    return asked(QuestionType.FILL_BLANK, {"blanks": blanks}, text=" ".join(f"{{{{{name}}}}}" for name in blanks))


def _pairs(words: list[str]) -> Asked:
    pairs = [{"prompt": f"p{number}", "match": word} for number, word in enumerate(words)]
    return asked(QuestionType.MATCHING, {"pairs": pairs})


def _number(value: object, absolute: str, relative: str) -> Asked:
    return asked(QuestionType.NUMERIC, {"value": str(value), "absolute": absolute, "relative": relative})


def _short(word: str, manual: bool) -> Asked:
    return asked(QuestionType.SHORT_ANSWER, {"accepted": [word], "manual": manual})


def questions() -> st.SearchStrategy[Asked]:
    """Questions that `problems_of` finds nothing wrong with, of every type."""
    strict = st.fixed_dictionaries({"case_sensitive": st.booleans(), "exact_spaces": st.booleans()})
    one_word = WORDS.filter(lambda word: bool(word.strip()))
    return st.one_of(
        *map(_options, (QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE)),
        st.builds(_blanks, DISTINCT, strict),
        st.builds(_pairs, DISTINCT),
        DISTINCT.map(lambda items: asked(QuestionType.ORDERING, {"items": items})),
        st.builds(
            _number,
            st.decimals(-1000, 1000, places=3, allow_nan=False),
            st.sampled_from(["0", "0.5"]),
            st.sampled_from(["0", "0.1"]),
        ),
        st.builds(
            _short,
            one_word,
            st.booleans(),
        ),
    )
