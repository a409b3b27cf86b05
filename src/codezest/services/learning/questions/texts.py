"""Questions that are answered by typing text: blanks, and short answers."""

import unicodedata
from fractions import Fraction

from codezest.kit.i18n import gettext as _
from codezest.services.learning.questions.asked import (
    MAX_LINE,
    WRONG,
    Answer,
    Asked,
    Field,
    FieldKind,
    Graded,
)
from codezest.services.learning.questions.keys import BLANK, AcceptedTexts, FillBlankKey, ShortAnswerKey
from codezest.services.learning.questions.patterns import compile_pattern

TEXT = "text"


def is_accepted(key: AcceptedTexts, text: str) -> bool:
    """Whether a text is one of those that count. Longer ones than a line are compared, but held against no pattern."""
    given = _plain(key, text)
    if not given:
        return False
    if _folded(key, given) in {_folded(key, _plain(key, accepted)) for accepted in key.accepted}:
        return True
    return len(given) <= MAX_LINE and any(
        compile_pattern(pattern, ignore_case=not key.case_sensitive).matches(given) for pattern in key.patterns
    )


def _plain(key: AcceptedTexts, text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return text if key.exact_spaces else " ".join(text.split())


def _folded(key: AcceptedTexts, text: str) -> str:
    return text if key.case_sensitive else unicodedata.normalize("NFC", text.casefold())


class FillBlank:
    """Every blank counts the same."""

    def problems(self, asked: Asked) -> list[str]:
        names = BLANK.findall(asked.text)
        keys = _blanks(asked)
        found = [_("the blank {{%(name)s}} stands twice in the text") % {"name": name}
                 for name in sorted({name for name in names if names.count(name) > 1})]  # fmt: skip
        found += [_("what the blank {{%(name)s}} takes") % {"name": name} for name in names if name not in keys]
        found += [_("the blank {{%(name)s}} in the text") % {"name": name} for name in keys if name not in names]
        return found or ([] if names else [_("a blank in the text, such as {{1}}")])

    def fields(self, asked: Asked, *, order: str) -> list[Field]:  # noqa: ARG002 - the interface
        blanks = _blanks(asked)
        names = [name for name in dict.fromkeys(BLANK.findall(asked.text)) if name in blanks]
        return [Field(name=name, kind=FieldKind.TEXT) for name in names]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        blanks = _blanks(asked)
        right = frozenset(name for name, key in blanks.items() if is_accepted(key, answer.entries.get(name, "")))
        return Graded(fraction=Fraction(len(right), len(blanks)), right_fields=right) if blanks else WRONG

    def solution(self, asked: Asked) -> Answer:
        return Answer(entries={name: key.accepted[0] for name, key in _blanks(asked).items()})


def _blanks(asked: Asked) -> dict[str, AcceptedTexts]:
    return dict(FillBlankKey.model_validate(asked.key).blanks) if asked.key else {}


class ShortAnswer:
    """Accepted at once, or looked at by a person."""

    def problems(self, asked: Asked) -> list[str]:
        key = _short(asked)
        if key.manual or key.accepted:
            return []
        return [_("an accepted answer, or that somebody marks the others")]

    def fields(self, asked: Asked, *, order: str) -> list[Field]:  # noqa: ARG002 - the interface
        return [Field(name=TEXT, kind=FieldKind.LONG_TEXT, lines=_short(asked).lines)]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        key = _short(asked)
        text = answer.entries.get(TEXT, "")
        if not text.strip():
            return WRONG
        if is_accepted(key, text):
            return Graded(fraction=Fraction(1), right_fields=frozenset({TEXT}))
        return Graded(fraction=None) if key.manual else WRONG

    def solution(self, asked: Asked) -> Answer:
        accepted = _short(asked).accepted
        return Answer(entries={TEXT: accepted[0]} if accepted else {})


def _short(asked: Asked) -> ShortAnswerKey:
    return ShortAnswerKey.model_validate(asked.key)
