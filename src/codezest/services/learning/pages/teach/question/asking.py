"""A stored question as learners are asked it, and what an answer to it earns."""

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from codezest.services.learning.pages.attempt.blanks import prompt_of
from codezest.services.learning.pages.prose import prose_or_none, short_prose
from codezest.services.learning.questions import kind_of
from codezest.services.learning.questions.asked import Answer, Asked, AskedOption, entry_in_words
from codezest.services.learning.schemas.attempts import OfferedField
from codezest.services.learning.schemas.teaching_assessments import StudioQuestion
from codezest.services.learning.schemas.work import AttemptQuestion

ORDER = "preview"
"""What shuffling depends on, in place of an attempt."""


def asked_of(stored: StudioQuestion) -> Asked:
    """With its key."""
    return Asked(
        id=stored.id,
        type=stored.type,
        text=stored.text,
        points=stored.points,
        options=tuple(
            AskedOption(id=option.id, text=option.text, is_correct=option.is_correct) for option in stored.options
        ),
        key=stored.answer_key or {},
        explanation=stored.explanation,
        topic=stored.topic,
        difficulty=stored.difficulty.value,
        media=stored.media,
    )


def card(stored: StudioQuestion, answer: Answer) -> dict[str, Any]:
    """The card that learners see, filled in with an answer."""
    asked = asked_of(stored)
    return {
        "id": stored.id,
        "type": stored.type,
        **prompt_of(_as_asked(stored, asked)),
        "points": stored.points,
        "media": stored.media,
        "options": [{"id": option.id, "text": short_prose(option.text)} for option in stored.options],
        "chosen": list(answer.option_ids),
        "entries": dict(answer.entries),
    }


def reviewed(stored: StudioQuestion, answer: Answer) -> dict[str, Any]:
    """The same card after grading, by the rules of the type itself."""
    asked = asked_of(stored)
    kind = kind_of(asked)
    graded, solution = kind.grade(asked, answer), kind.solution(asked)
    fraction = graded.fraction
    entries: list[dict[str, Any]] = []
    for field in kind.fields(asked, order=ORDER):
        given = answer.entries.get(field.name, "")
        right = solution.entries.get(field.name)
        entries.append(
            {
                "label": short_prose(field.label) if field.label else None,
                "given": entry_in_words(field, given),
                "right": entry_in_words(field, right) if right else None,
                "is_right": field.name in graded.right_fields,
            }
        )
    return {
        **card(stored, answer),
        "prompt": short_prose(stored.text),
        "options": [
            {"id": option.id, "text": short_prose(option.text), "is_correct": option.is_correct}
            for option in stored.options
        ],
        "entries": entries,
        "is_correct": None if fraction is None else fraction == 1,
        "points_earned": float(stored.points * (fraction or Fraction(0))),
        "explanation": prose_or_none(stored.explanation),
        "run": None,
        "time": None,
        "comment": None,
    }


def _as_asked(stored: StudioQuestion, asked: Asked) -> AttemptQuestion:
    return AttemptQuestion(
        id=stored.id,
        type=stored.type,
        text=stored.text,
        points=stored.points,
        difficulty=stored.difficulty,
        topic=stored.topic,
        media=stored.media,
        options=[],
        fields=[OfferedField.model_validate(asdict(field)) for field in kind_of(asked).fields(asked, order=ORDER)],
        review=None,
    )
