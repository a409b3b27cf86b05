"""The text of a question as markup, with a place for each of its blanks."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from codezest.services.learning.pages.calls import call_text
from codezest.services.learning.pages.prose import plain_text, prose, short_prose
from codezest.services.learning.questions.keys import BLANK
from codezest.services.learning.schemas.attempts import OfferedField, OfferedProgram
from codezest.services.learning.schemas.work import AttemptQuestion
from codezest_db.enums import QuestionType

FIRST = 0xE000
"""A blank is one character of the private use area while the text is rendered, so that nothing takes it apart."""
LAST = 0xE0FF
_PRIVATE = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")
_TAG = re.compile(r"<[^>]*>")


def prompt_of(question: AttemptQuestion) -> dict[str, Any]:
    """`prompt`: rendered markup; `parts`: of a text with blanks, pairs of markup and the field that follows it (the last: None);
    `fields`: those that stand below the text, as mappings with rendered labels.
    """
    if question.type is not QuestionType.FILL_BLANK:
        return {
            "prompt": short_prose(question.text),
            "parts": [],
            "fields": [_field(field) for field in question.fields],
        }
    by_name = {field.name: number for number, field in enumerate(question.fields)}
    html = _TAG.sub(lambda tag: _PRIVATE.sub("", tag[0]), prose(_marked(question.text, by_name)))
    pieces = _PRIVATE.split(html)
    numbers = [ord(mark) - FIRST for mark in _PRIVATE.findall(html)]
    fields = [_field(field, number) for number, field in enumerate(question.fields, 1)]
    found = [fields[number] for number in numbers]
    # The pieces come from one sanitised document, taken apart between tags only.
    parts = [(Markup(piece), field) for piece, field in zip(pieces, [*found, None], strict=True)]  # noqa: S704
    left = [field for number, field in enumerate(fields) if number not in numbers]
    return {"prompt": Markup(), "parts": parts, "fields": left}


def _marked(text: str, by_name: Mapping[str, int]) -> str:
    """The text with a mark in place of each blank, the first time it stands there."""
    seen: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        name = match[1]
        if name not in by_name or name in seen:
            return match[0]
        seen.add(name)
        return chr(FIRST + by_name[name])

    return BLANK.sub(mark, _PRIVATE.sub("", text))


def _field(field: OfferedField, number: int = 0) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind,
        "number": number,
        "label": short_prose(field.label) if field.label else None,
        "choices": [{"value": choice.value, "text": plain_text(choice.text)} for choice in field.choices],
        "lines": field.lines,
        "units": field.units,
        "program": _program(field.program) if field.program else None,
    }


def _program(program: OfferedProgram) -> dict[str, Any]:
    """As the component `program_entry` takes it; a sample's `call` is the call that it makes."""
    samples = [
        sample.model_dump() | {"call": call_text(program.function, sample.arguments)} for sample in program.samples
    ]
    return program.model_dump() | {"samples": samples}
