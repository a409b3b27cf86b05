"""Questions that are answered by a number. All comparing is exact."""

import re
import unicodedata
from fractions import Fraction

from codezest.kit.i18n import gettext as _
from codezest.services.learning.questions.asked import WRONG, Answer, Asked, Field, FieldKind, Graded
from codezest.services.learning.questions.keys import NumericKey

VALUE = "value"
MAX_LENGTH = 64
MAX_EXPONENT = 400
_NUMBER = re.compile(r"([+-]?)(\d[\d.,']*|[.,]\d+)(?:(?:[eE]|[x*·]10\^)([+-]?\d{1,4}))?(?:/(\d{1,20}))?")
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u00d7": "x", "\u2044": "/", "\u2215": "/"})
_MIXED = re.compile(r"([+-]?) ?(\d{1,3}(?:[ ']\d{3})+|\d+) (\d{1,20}) ?/ ?(\d{1,20})(?! ?\d)")
_APART = re.compile(r"[\d.,'] \d+ ?/ ?\d|/ ?\d+ (?!\d{3}(?!\d))\d")
"""A fraction with a space between it and another part of a number."""
_GROUPED = re.compile(r"[+-]? ?\d{1,3}(?: \d{3})+ ?/")


class Numeric:
    def problems(self, asked: Asked) -> list[str]:
        key = _key(asked)
        if key is None:
            return [_("the right number")]
        return [_("a unit, since one is required")] if key.unit_required and not key.units else []

    def fields(self, asked: Asked, *, order: str) -> list[Field]:  # noqa: ARG002 - the interface
        key = _key(asked)
        return [Field(name=VALUE, kind=FieldKind.NUMBER, units=tuple(key.units) if key else ())]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        key = _key(asked)
        given = measure(key, answer.entries.get(VALUE, "")) if key else None
        if key is None or given is None:
            return WRONG
        value = Fraction(key.value)
        tolerance = max(Fraction(key.absolute), abs(value) * Fraction(key.relative))
        if abs(given - value) > tolerance:
            return WRONG
        return Graded(fraction=Fraction(1), right_fields=frozenset({VALUE}))

    def solution(self, asked: Asked) -> Answer:
        key = _key(asked)
        if key is None:
            return Answer()
        unit = next((name for name, factor in key.units.items() if Fraction(factor) == 1), None)
        if unit is None and key.unit_required:
            unit, factor = next(iter(key.units.items()), ("", "1"))
            number = Fraction(key.value) / Fraction(factor)
            return Answer(entries={VALUE: f"{_written(number)} {unit}"})
        return Answer(entries={VALUE: f"{key.value} {unit}" if unit else key.value})


def _written(number: Fraction) -> str:
    whole = number.denominator == 1
    return str(number.numerator) if whole else f"{number.numerator}/{number.denominator}"


def _key(asked: Asked) -> NumericKey | None:
    return NumericKey.model_validate(asked.key) if asked.key else None


def measure(key: NumericKey, text: str) -> Fraction | None:
    """The number in a text, in the unit of the key; None when there is none, or its unit is not one of the key's."""
    plain = written_together(text)
    if plain is None:
        return None
    number, factor = plain, None
    units = [(_squeezed(unit), worth) for unit, worth in key.units.items()]
    for unit, worth in sorted(units, key=lambda pair: -len(pair[0])):
        if plain.endswith(unit):
            number, factor = plain.removesuffix(unit), Fraction(worth)
            break
    if factor is None and key.unit_required:
        return None
    value = number_in(number)
    return None if value is None else value * (1 if factor is None else factor)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_SIGNS)


def written_together(text: str) -> str | None:
    """A text without its spaces; None where it is empty or too long, or would become another number without them.

    `1 1/2` and `1½` are one and a half, and become `3/2`; `1 000/3` is a thousand thirds.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return None
    parted = "".join(f" {sign}" if unicodedata.decomposition(sign).startswith("<fraction>") else sign for sign in text)
    spaced = " ".join(unicodedata.normalize("NFKC", parted).split()).translate(_SIGNS)
    mixed = _MIXED.match(spaced)
    if mixed is not None and int(mixed[3]) < int(mixed[4]) and len(str(int(mixed[3]))) == len(mixed[3]):
        sign, whole, numerator, denominator = mixed.groups()
        total = int(re.sub("[ ']", "", whole)) * int(denominator) + int(numerator)
        spaced = f"{sign}{total}/{denominator}{spaced[mixed.end() :]}"
    elif _APART.search(spaced) and not _GROUPED.match(spaced):
        return None
    plain = _squeezed(spaced)
    return plain if 0 < len(plain) <= MAX_LENGTH else None


def number_in(text: str) -> Fraction | None:
    """What is written: `1,5` and `1.5`, `1 000,5`, `1,000.5`, `1.5e3`, `1.5x10^3`, `3/4`. A comma alone is a decimal comma."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, digits, exponent, divisor = match.groups()
    plain = _with_point(digits.replace("'", ""))
    if plain is None or (divisor is not None and int(divisor) == 0):
        return None
    power = int(exponent or 0)
    if abs(power) > MAX_EXPONENT:
        return None
    value = Fraction(plain) * Fraction(10) ** power / int(divisor or 1)
    return -value if sign == "-" else value


def _with_point(digits: str) -> str | None:
    """Digits with one decimal point at most; None when commas and points stand where no number has them."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal, thousands = (".", ",") if digits.rfind(".") > digits.rfind(",") else (",", ".")
        whole, mark, rest = digits.partition(decimal)
        if decimal in rest or not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
            return None
        digits = whole.replace(thousands, "") + mark + rest
    elif points > 1 or commas > 1:
        mark = "." if points else ","
        if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", digits):
            return None
        digits = digits.replace(mark, "")
    return digits.replace(",", ".")
