"""Stored explanations in the reader's language: those that grading really writes, and those that nobody knows."""

from collections.abc import Iterator

import pytest

from codezest.grading.checkers.mismatch import Mismatch
from codezest.grading.languages import find_language
from codezest.kit.i18n import READER, Reader
from codezest.web import explanations
from codezest.web.explanations import explained

TRACE = (
    'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\nZeroDivisionError: division by zero\n'
)


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    token = READER.set(Reader("es"))
    yield
    READER.reset(token)


def test_a_difference_is_explained() -> None:
    found = Mismatch(place="line 3", expected="a: b", actual="“c”")
    told = found.explain(reveal=True)
    assert explained(told) == "Tu salida no coincide en la línea 3: se esperaba “a: b”, se obtuvo ““c””."
    assert explained(found.explain(reveal=False)) == "Tu salida no es la que espera esta prueba."
    ends = Mismatch(place="word 7", expected="x", actual=None).explain(reveal=True)
    assert explained(ends) == "Tu salida termina antes de la palabra 7: se esperaba “x”."
    goes_on = Mismatch(place="line 2", expected=None, actual="%(x)s").explain(reveal=True)
    assert explained(goes_on) == "Tu salida sigue cuando debería terminar, en la línea 2: se obtuvo “%(x)s”."


def test_a_crash_is_explained_after_what_the_language_says() -> None:
    crash = find_language("python").explain_crash(1, TRACE)
    assert explained(crash.message) == "ZeroDivisionError: division by zero (line 3). Tu programa divide entre cero."
    ended = find_language("python").explain_crash(7, "")
    assert explained(ended.message) is not None
    assert "código de salida 7" in str(explained(ended.message))


@pytest.mark.parametrize("text", ["Close, but the sum is odd.", "KeyError: 'x'.", "", None])
def test_what_is_unknown_stays(text: str | None) -> None:
    assert explained(text) == text


def test_english_stays_as_it_was_stored() -> None:
    token = READER.set(Reader("en"))
    try:
        assert explained("Your program divides by zero.") == "Your program divides by zero."
    finally:
        READER.reset(token)


def test_every_sentence_has_a_translation() -> None:
    for sentence in (*explanations.WHOLE, *explanations.LAST):
        assert explained(sentence) != sentence
