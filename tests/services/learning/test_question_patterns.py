"""Authors' patterns: the same answers as Python's own engine gives, without its worst cases."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codezest.services.learning.questions.automaton import PatternError
from codezest.services.learning.questions.patterns import compile_pattern

ATOMS = st.sampled_from(
    ["a", "b", ".", r"\d", r"\w", r"\s", r"\.", "[ab]", "[^a]", "[a-c1]", r"[\d-]", r"\W", "é", r"\n", "A"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)
TEXTS = st.text(st.sampled_from("abcAB1 .-é\n"), max_size=12)


@given(PATTERNS, TEXTS, st.booleans())
def test_patterns_mean_what_they_mean_elsewhere(source: str, text: str, ignore_case: bool) -> None:
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    try:
        pattern = compile_pattern(source, ignore_case=ignore_case)
    except PatternError as error:
        assert "too large" in str(error)  # noqa: PT017 - hypothesis decides whether it is raised
        return
    assert pattern.matches(text) == bool(re.fullmatch(source, text, flags))


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_pattern_or_refused(source: str) -> None:
    try:
        compile_pattern(source).matches("a" * 20)
    except PatternError as error:
        assert str(error)  # noqa: PT017 - as above


@pytest.mark.parametrize(
    ("source", "text"),
    [("(a+)+b", "a" * 500), ("(a|aa)+c", "a" * 500), ("(.*)(.*)(.*)(.*)x", "y" * 500), (r"(\w+\s?)*!", "word " * 100)],
    ids=ascii,
)
def test_what_makes_other_engines_run_for_hours(source: str, text: str) -> None:
    """Each of these takes exponential or high polynomial time when ways are tried one after the other."""
    pattern = compile_pattern(source)
    assert not pattern.matches(text)
    assert len(pattern.states) < 30


@pytest.mark.parametrize(
    "source",
    [
        r"(a)\1", "(?=a)", "(?P<x>a)", r"\bword\b", "a**", "(", ")", "[", "[z-a]", "a{5,2}", "a{,2}", "{2}", "*", "a^b",
        "a$b", "\\", "(?i)a", "((((a{99}){99}){99}){99})", "a{1000}", "x" * 201,
        "(" * 60 + "a" + ")" * 60,
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_refused(source: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(source)


@pytest.mark.parametrize("source", ["^ab$", "ab", "^ab", "ab$"], ids=str)
def test_a_pattern_stands_for_the_whole_text(source: str) -> None:
    assert compile_pattern(source).matches("ab")
    assert not compile_pattern(source).matches("xaby")
    assert compile_pattern(r"a\$").matches("a$")
