"""Reads one question, of whatever type, from a table of a TOML file."""

from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from codezest.services.learning.content.model import OptionContent, QuestionContent
from codezest.services.learning.content.parsing import SLUG, Fields
from codezest.services.learning.content.program_questions import read_program_key
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.questions import problems_of
from codezest.services.learning.questions.asked import Asked, AskedOption
from codezest.services.learning.questions.keys import KEYS
from codezest_db.enums import Difficulty, QuestionType
from codezest_db.models.learning import Option, Question

MEDIA = ("image_url", "image_alt", "video_url")


def read_question(fields: Fields, home: UUID) -> QuestionContent:
    """A question with its options or its key. `home` is the quiz or the course; with it, the key says who the question is."""
    key = read_key(fields)
    identity = _identity(fields, uuid5(home, f"question:{key}"))
    kind = fields.choice("type", QuestionType)
    answer_key: dict[str, Any] | None = None
    options: tuple[OptionContent, ...] = ()
    if kind in KEYS:
        answer_key = _answer_key(fields, kind)
    elif kind is QuestionType.TRUE_FALSE and "options" not in fields.values:
        options = _true_and_false(fields, identity)
    else:
        options = tuple(_option(entry, identity) for entry in fields.inline_tables("options"))
        _examine_options(fields, kind, options)
    stored = read_stored(fields, Question)
    if (kept := QuestionType(stored.get("type", kind))) in KEYS and stored.get("answer_key") is not None:
        _held(fields, kept, stored["answer_key"], at="stored")
    question = QuestionContent(
        id=identity,
        key=key,
        type=kind,
        text=fields.text("text"),
        explanation=fields.wanted_text("explanation"),
        topic=fields.wanted_text("topic"),
        difficulty=fields.choice("difficulty", Difficulty, Difficulty.BEGINNER),
        points=fields.integer("points") or 1,
        media=_media(fields),
        answer_key=answer_key,
        options=options,
        stored=stored,
        place=(fields.path, fields.first_line),
    )
    if answer_key is not None:
        for lack in problems_of(asked_of(question)):
            fields.advise(None, f"this question lacks {lack}")
    fields.finish()
    return question


def asked_of(question: QuestionContent) -> Asked:
    """The question as an attempt would ask it."""
    return Asked(
        id=question.id,
        type=question.type,
        text=question.text,
        points=question.points,
        options=tuple(
            AskedOption(id=option.id, text=option.text, is_correct=option.is_correct) for option in question.options
        ),
        key=question.answer_key or {},
    )


def read_key(fields: Fields) -> str:
    key = fields.text("key")
    if key and not SLUG.fullmatch(key):
        fields.problem("key", f"`key` is {key!r}: use small letters and digits, with single hyphens between words")
    return key


def distinct(fields: Fields, keys: list[str]) -> None:
    for key in sorted({key for key in keys if key and keys.count(key) > 1}):
        fields.problem(None, f"the key {key!r} is used {keys.count(key)} times: each needs its own")


def _identity(fields: Fields, derived: UUID) -> UUID:
    """What was authored in the browser has an identity already, and keeps it."""
    return fields.uuid() if "uuid" in fields.values else derived


def _media(fields: Fields) -> dict[str, Any] | None:
    found = {name: text for name in MEDIA if (text := fields.optional_text(name)) is not None}
    for name in ("image_url", "video_url"):
        if name in found and not found[name].startswith(("/", "http://", "https://")):
            fields.problem(
                name, f"`{name}` is no address: begin it with https:// or, for a file of media/, with /media/"
            )
    if "image_url" in found and "image_alt" not in found:
        fields.advise("image_url", "`image_alt` is missing: say what the image shows, for who cannot see it")
    return found or None


def _answer_key(fields: Fields, kind: QuestionType) -> dict[str, Any] | None:
    """What the type asks for, as ``learning.questions.answer_key`` holds it."""
    model = KEYS[kind]
    names = [name for name in model.model_fields if name in fields.values]
    fields.asked.update(model.model_fields)
    values: dict[str, Any] = {name: fields.values[name] for name in names}
    if kind is QuestionType.CODE:
        values = read_program_key(fields, values)
    if not values and fields.problems.lenient:
        return None
    if isinstance(values.get("blanks"), dict):
        values["blanks"] = {
            name: {"accepted": blank} if isinstance(blank, list) else blank for name, blank in values["blanks"].items()
        }
    return _held(fields, kind, values)


def _held(fields: Fields, kind: QuestionType, values: Any, *, at: str | None = None) -> dict[str, Any] | None:
    """The values as a key of this type; None, and a problem for each fault, where they are none. ``at`` is where they stand,
    unless each has a field of its own.
    """
    try:
        return KEYS[kind].model_validate(values).model_dump(mode="json", exclude_defaults=True)
    except ValidationError as error:
        for one in error.errors():
            place = [str(part) for part in one["loc"]]
            name = at or (place[0] if place and place[0] in fields.values else None)
            said = one["msg"].removeprefix("Value error, ")
            fields.problem(name, f"`{'.'.join(place) or kind}`: {said}")
        return None


def _true_and_false(fields: Fields, question: UUID) -> tuple[OptionContent, ...]:
    if "answer" not in fields.values:
        fields.problem(None, "a TRUE_FALSE question needs `answer = true` or `answer = false`")
    answer = fields.flag("answer", default=True)
    return tuple(
        OptionContent(id=uuid5(question, f"option:{key}"), key=key, text=key.capitalize(), is_correct=is_correct)
        for key, is_correct in (("true", answer), ("false", not answer))
    )


def _option(fields: Fields, question: UUID) -> OptionContent:
    key = read_key(fields)
    option = OptionContent(
        id=_identity(fields, uuid5(question, f"option:{key}")),
        key=key,
        text=fields.text("text"),
        is_correct=fields.flag("is_correct", default=False),
        stored=read_stored(fields, Option),
    )
    fields.finish()
    return option


def _examine_options(fields: Fields, kind: QuestionType, options: tuple[OptionContent, ...]) -> None:
    correct = sum(option.is_correct for option in options)
    if len(options) < 2:
        fields.advise(None, f"there are {len(options)} options: a question needs at least two")
    elif correct == 0:
        fields.advise("options", "no option is correct: mark the right one with is_correct = true")
    elif kind is QuestionType.TRUE_FALSE and (len(options), correct) != (2, 1):
        fields.advise("options", "a TRUE_FALSE question has two options, and one of them is correct")
    elif kind == QuestionType.SINGLE_CHOICE and correct > 1:
        fields.advise("options", f"{correct} options are correct: make it MULTIPLE_CHOICE, or leave one")
    texts = [option.text for option in options]
    if len(set(texts)) < len(texts):
        fields.advise("options", "two options have the same text")
    distinct(fields, [option.key for option in options])
