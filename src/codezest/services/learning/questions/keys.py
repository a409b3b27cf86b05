"""What authors write as the key of a question, by type."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
    field_validator,
)

from codezest.kit.schemas import ApiModel
from codezest.services.learning.questions.automaton import PatternError
from codezest.services.learning.questions.patterns import compile_pattern
from codezest.services.learning.questions.programs import CodeKey
from codezest_db.enums import QuestionType

MAX_NUMBER = 40
MAX_EXPONENT = 300

Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]
BlankName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]


def _as_number(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _is_number(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError("this is no number") from error
    if "_" in value:  # which decimals may hold anywhere, and answers nowhere
        raise ValueError("this is no number")
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError("this is no number that answers can be compared with")
    return value


def _not_negative(value: str) -> str:
    if Decimal(_is_number(value)) < 0:
        raise ValueError("this must not be below 0")
    return value


Number = Annotated[str, StringConstraints(max_length=MAX_NUMBER), BeforeValidator(_as_number)]


class AcceptedTexts(ApiModel):
    """Texts that count as right: as they stand, or by pattern."""

    accepted: list[Line] = Field(default=[], max_length=50, description="The first is shown as the right answer.")
    patterns: list[str] = Field(default=[], max_length=10, description="Regular expressions for the whole answer.")
    case_sensitive: StrictBool = False
    exact_spaces: StrictBool = Field(
        default=False, description="False: white space around does not count, and within any is as good as one space."
    )

    @field_validator("patterns")
    @classmethod
    def _readable(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                compile_pattern(pattern)
            except PatternError as error:
                raise ValueError(f"{pattern!r}: {error}") from error
        return patterns


class Blank(AcceptedTexts):
    accepted: list[Line] = Field(min_length=1, max_length=50, description="The first is shown as the right answer.")


class FillBlankKey(ApiModel):
    """For FILL_BLANK: what each {{name}} of the text takes."""

    blanks: dict[BlankName, Blank] = Field(min_length=1, max_length=30)


class Pair(ApiModel):
    prompt: Line = Field(description="Markdown.")
    match: Line = Field(description="Markdown. Several prompts may have the same.")


class MatchingKey(ApiModel):
    """For MATCHING."""

    pairs: list[Pair] = Field(min_length=2, max_length=30)
    distractors: list[Line] = Field(default=[], max_length=30, description="Offered as well, and never right.")


class OrderingKey(ApiModel):
    """For ORDERING."""

    items: list[Line] = Field(min_length=2, max_length=30, description="Markdown, in the right order.")


class NumericKey(ApiModel):
    """For NUMERIC: right is what lies within the larger of both tolerances."""

    value: Annotated[Number, Field(description="A number, or its text where digits matter.")]
    absolute: Annotated[Number, Field(description="How far off an answer may be.")] = "0"
    relative: Annotated[Number, Field(description="The same as a share of the value: 0.01 is one percent.")] = "0"
    units: dict[Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\d\s]\S*$")], Number] = (
        Field(
            default={}, max_length=20, description="How much one of it is in the unit of the value: {m: 1, cm: 0.01}."
        )
    )
    unit_required: StrictBool = False

    _value = field_validator("value")(_is_number)
    _tolerances = field_validator("absolute", "relative")(_not_negative)

    @field_validator("units")
    @classmethod
    def _factors(cls, units: dict[str, str]) -> dict[str, str]:
        for factor in units.values():
            if Decimal(_not_negative(factor)) == 0:
                raise ValueError("a unit cannot be 0 of another")
        return units


class ShortAnswerKey(AcceptedTexts):
    """For SHORT_ANSWER: what is not accepted here waits for somebody to mark it, or is wrong."""

    manual: StrictBool = Field(default=True, description="False: what is not accepted is wrong.")
    lines: StrictInt = Field(default=1, ge=1, le=20, description="How much room there is to write.")


TELLING = {
    "blanks": "FILL_BLANK",
    "pairs": "MATCHING",
    "items": "ORDERING",
    "value": "NUMERIC",
    "tests": "CODE",
    "solution": "CODE",
}


def _tag(value: Any) -> str:
    names: set[str] = set(value) if isinstance(value, dict) else set(getattr(type(value), "model_fields", ()))
    return next((tag for name, tag in TELLING.items() if name in names), "SHORT_ANSWER")


AnswerKey = Annotated[
    Annotated[FillBlankKey, Tag("FILL_BLANK")]
    | Annotated[MatchingKey, Tag("MATCHING")]
    | Annotated[OrderingKey, Tag("ORDERING")]
    | Annotated[NumericKey, Tag("NUMERIC")]
    | Annotated[ShortAnswerKey, Tag("SHORT_ANSWER")]
    | Annotated[CodeKey, Tag("CODE")],
    Discriminator(_tag),
]
"""Told apart by the field that each must have."""

KEYS: dict[QuestionType, type[ApiModel]] = {
    QuestionType.FILL_BLANK: FillBlankKey,
    QuestionType.MATCHING: MatchingKey,
    QuestionType.ORDERING: OrderingKey,
    QuestionType.NUMERIC: NumericKey,
    QuestionType.SHORT_ANSWER: ShortAnswerKey,
    QuestionType.CODE: CodeKey,
}
"""Types that have a key; the others have options."""

BLANK = re.compile(r"\{\{([a-z0-9_-]{1,32})\}\}")
"""A blank in the text of a question."""
