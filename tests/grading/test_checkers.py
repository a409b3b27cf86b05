"""Checkers: what they let pass, what they refuse, and that nothing makes them work without bounds."""

from collections.abc import Mapping
from typing import Any

import pytest

from codezest.grading.checkers import checker_for
from codezest_db.enums import CheckerKind

OURS = [kind for kind in CheckerKind if kind is not CheckerKind.CUSTOM]

ACCEPTED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("EXACT", "a b\n", "a b\n", {}),
    ("EXACT", "a b\n", "a b", {}),
    ("EXACT", "a b", "a b\n", {}),
    ("EXACT", "", "", {}),
    ("EXACT", "", "\n", {}),
    ("TOKENS", "1 2\n3\n", "1\n2   3", {}),
    ("TOKENS", "", " \n\t\n", {}),
    ("TOKENS", "é", "é", {}),
    ("FLOAT", "3.14159265", "3.1415926", {}),
    ("FLOAT", "1e-9", "0", {}),
    ("FLOAT", "100", "100.0", {}),
    ("FLOAT", "1e3 x", "1000 x", {}),
    ("FLOAT", "10", "10.4", {"absolute": 0.5}),
    ("FLOAT", "1000", "1009", {"relative": 0.01}),
    ("FLOAT", "nan", "nan", {}),
    ("FLOAT", "-.5", "-0.5", {}),
    ("FLOAT", "1" * 500, "1" * 500, {}),
    ("UNORDERED_LINES", "a\nb\na\n", "a\na\nb", {}),
    ("UNORDERED_LINES", "a\nb\n", "b  \na\n\n", {}),
    ("UNORDERED_LINES", "", "\n", {}),
]

REFUSED: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("EXACT", "a\nb\n", "a\nc\n", {}, "line 2: expected “b”, got “c”"),
    ("EXACT", "a\n", "a\n\n", {}, "line 2"),
    ("EXACT", "a\nb\n", "a\n", {}, "ends before"),
    ("EXACT", "a b", "a  b", {}, "line 1"),
    ("EXACT", "a", "", {}, "expected “a”"),
    ("EXACT", "ok", "ok\0", {}, "got “ok␀”"),
    ("EXACT", "x" * 200, "y" * 200, {}, "…"),
    ("TOKENS", "1 2 3", "1 2", {}, "ends before word 3"),
    ("TOKENS", "1 2", "1 2 3", {}, "goes on"),
    ("TOKENS", "1 2", "1 4", {}, "word 2: expected “2”, got “4”"),
    ("FLOAT", "1", "1.1", {}, "word 1"),
    ("FLOAT", "1", "one", {}, "word 1"),
    ("FLOAT", "1", "1_0", {}, "word 1"),
    ("FLOAT", "1", "\u0661", {}, "word 1"),
    ("FLOAT", "1", "nan", {}, "word 1"),
    ("FLOAT", "1", "inf", {}, "word 1"),
    ("FLOAT", "1e400", "1e500", {}, "word 1"),
    ("FLOAT", "1 2", "1", {}, "ends before word 2"),
    ("FLOAT", "1" * 500, "1" * 499 + "2", {}, "word 1"),
    ("UNORDERED_LINES", "a\nb", "a\na", {}, "line 2"),
    ("UNORDERED_LINES", "a\nb", "a", {}, "number of lines"),
    ("UNORDERED_LINES", "a", "", {}, "number of lines"),
]


@pytest.mark.parametrize(("kind", "expected", "actual", "options"), ACCEPTED)
def test_accepts(kind: str, expected: str, actual: str, options: Mapping[str, Any]) -> None:
    assert checker_for(CheckerKind(kind))(expected, actual, options) is None


@pytest.mark.parametrize(("kind", "expected", "actual", "options", "said"), REFUSED)
def test_refuses_and_says_where(kind: str, expected: str, actual: str, options: Mapping[str, Any], said: str) -> None:
    mismatch = checker_for(CheckerKind(kind))(expected, actual, options)
    assert mismatch is not None
    assert said in mismatch.explain(reveal=True)


@pytest.mark.parametrize("kind", OURS)
def test_a_hidden_test_reveals_nothing(kind: CheckerKind) -> None:
    mismatch = checker_for(kind)("secret 1", "wrong 2", {})
    assert mismatch is not None
    said = mismatch.explain(reveal=False)
    assert "secret" not in said
    assert "1" not in said


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize(
    "actual",
    ["\n" * 10_000_000, "x" * 10_000_000, "9" * 10_000_000, "1 " * 5_000_000, "1e999999 " * 100_000],
    ids=["lines", "one word", "one number", "words", "overflowing numbers"],
)
def test_floods_are_refused(kind: CheckerKind, actual: str) -> None:
    """Quadratic or unbounded work would not end within the suite's patience."""
    assert checker_for(kind)("1 2 3\n4\n", actual, {}) is not None


@pytest.mark.parametrize("kind", OURS)
def test_large_equal_texts_are_accepted(kind: CheckerKind) -> None:
    text = "12345 6789\n" * 200_000
    assert checker_for(kind)(text, text, {}) is None


def test_messages_stay_short_whatever_the_output() -> None:
    for kind in OURS:
        mismatch = checker_for(kind)("x" * 1_000_000, "\x1b" * 1_000_000, {})
        assert mismatch is not None
        said = mismatch.explain(reveal=True)
        assert len(said) < 400
        assert "\x1b" not in said


@pytest.mark.parametrize(
    ("kind", "expected", "actual", "options", "accepted"),
    [
        ("UNORDERED_LINES", "id\n1\n2", "id\n2\n1", {"header": 1}, True),
        ("UNORDERED_LINES", "id\n1\n2", "1\nid\n2", {"header": 1}, False),
        ("UNORDERED_LINES", "1\n1\n2", "1\n2\n1", {"header": 1}, True),
        ("FLOAT", "a,0.5\n", "a,0.50000001\n", {"separator": ","}, True),
        ("FLOAT", "a,0.5\n", "a,0.6\n", {"separator": ","}, False),
        ("TOKENS", "a;b-c", "a b c", {"separator": ";-"}, True),
        ("TOKENS", "a^b]c", "a b c", {"separator": "^]"}, True),
    ],
)
def test_options(kind: str, expected: str, actual: str, options: dict[str, Any], accepted: bool) -> None:
    assert (checker_for(CheckerKind(kind))(expected, actual, options) is None) is accepted
