"""What a question is, whatever its type: as it was asked, as it is shown, as it is answered."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol, TypeVar
from uuid import UUID

from codezest.services.learning.rules import MAX_CODE_BYTES
from codezest_db.enums import QuestionType

MAX_LINE = 500
"""Characters of an answer that fits one line."""
MAX_TEXT = 10_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOption:
    id: UUID
    text: str
    is_correct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the key to it."""

    id: UUID
    type: QuestionType
    text: str
    points: int
    options: tuple[AskedOption, ...] = ()
    key: Mapping[str, Any] = field(default_factory=dict[str, Any])
    explanation: str | None = None
    topic: str | None = None
    difficulty: str = "BEGINNER"
    media: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Asked":
        """From a snapshot, or from the same made of rows."""
        return cls(
            id=UUID(content["id"]),
            type=QuestionType(content["type"]),
            text=content["text"],
            points=content["points"],
            options=tuple(
                AskedOption(id=UUID(option["id"]), text=option["text"], is_correct=option["is_correct"])
                for option in content["options"]
            ),
            key=content["answer_key"] or {},
            explanation=content["explanation"],
            topic=content["topic"],
            difficulty=content["difficulty"],
            media=content["media"],
        )


def sha256_of(content: Mapping[str, Any]) -> str:
    """Names a question's content; the same for the same."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


CODE = "code"
"""The name of the entry that is a program."""


def most_characters(name: str) -> int:
    """How long an entry of this name may be, whatever its question turns out to be."""
    return MAX_CODE_BYTES if name == CODE else MAX_TEXT


class FieldKind(StrEnum):
    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    NUMBER = "NUMBER"
    SELECT = "SELECT"
    CODE = "CODE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    text: str
    """Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTest:
    """A test that learners see."""

    name: str
    input: str
    expected: str
    arguments: Sequence[Any] | None = None
    """Of the function that is called; `expected` is then the JSON it returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramField:
    """What a program is written in, from, and for."""

    language: str
    function: str | None = None
    """What is called, where the program is not run as a whole."""
    starter: str
    samples: tuple[SampleTest, ...]
    hidden: int
    """How many tests there are besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in. `name` is that of the entry it makes."""

    name: str
    kind: FieldKind
    label: str | None = None
    """Markdown; None: it stands in the text (a blank), or the question itself is the label."""
    choices: tuple[Choice, ...] = ()
    lines: int = 1
    units: tuple[str, ...] = ()
    program: ProgramField | None = None
    """Of a CODE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a learner answered: options chosen, or entries by the name of their field."""

    option_ids: Sequence[UUID] = ()
    entries: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_empty(self) -> bool:
        return not self.option_ids and not any(entry.strip() for entry in self.entries.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """How right an answer is. `fraction` is from 0 to 1; None: somebody has to look at it."""

    fraction: Fraction | None
    right_fields: frozenset[str] = frozenset()


WRONG = Graded(fraction=Fraction(0))


class QuestionKind(Protocol):
    """All that a type of question decides."""

    def problems(self, asked: Asked) -> list[str]:
        """What keeps the question from being answered rightly; empty when it is ready."""
        ...

    def fields(self, asked: Asked, *, order: str) -> list[Field]:
        """What learners fill in, without a trace of the key. `order` is what shuffling depends on, such as an attempt's id."""
        ...

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        """Whatever the answer is, even one that fits no field."""
        ...

    def solution(self, asked: Asked) -> Answer:
        """An answer that earns everything; what review shows as right. Empty where only a person can tell."""
        ...


def shuffled(items: Iterable[Item], order: str, *, by: Mapping[Item, str] | None = None) -> list[Item]:
    """The items in an order that depends on `order` and on what they are (`by`, else their text), never on where they stood."""

    def place(item: Item) -> bytes:
        return hashlib.sha256(f"{order}:{item if by is None else by[item]}".encode()).digest()

    return sorted(items, key=place)


def token_of(question_id: UUID, text: str) -> str:
    """What stands for a text in forms. Equal texts have equal tokens, so that it says nothing about where the text belongs."""
    return hashlib.sha256(f"{question_id}:{text}".encode()).hexdigest()[:12]


def misfit(fields: Sequence[Field], entries: Mapping[str, str]) -> str | None:
    """Why entries are none of these fields'; None when they fit."""
    known = {one.name: one for one in fields}
    for name, entry in entries.items():
        one = known.get(name)
        if one is None:
            return f"There is no field {name[:40]!r}."
        if one.kind is FieldKind.SELECT:
            if entry and entry not in {choice.value for choice in one.choices}:
                return "This is none of the choices."
        elif one.kind is FieldKind.CODE:
            if len(entry.encode()) > MAX_CODE_BYTES:
                return "This program is too long."
        elif len(entry) > (MAX_TEXT if one.kind is FieldKind.LONG_TEXT else MAX_LINE):
            return "This is too long for an answer."
    return None


def entry_in_words(one: Field, entry: str) -> str:
    """An entry as it is read: of a selection its text."""
    return next((choice.text for choice in one.choices if choice.value == entry), entry)
