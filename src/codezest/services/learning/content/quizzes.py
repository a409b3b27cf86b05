"""Reads one quiz: a TOML file with its questions and options."""

from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid5

from codezest.services.learning.content.materials import item_status
from codezest.services.learning.content.model import OptionContent, QuestionContent, QuizContent
from codezest.services.learning.content.parsing import SLUG, Fields, read_toml
from codezest.services.learning.content.problems import Problems
from codezest_db.enums import Difficulty, QuestionType


class ChoiceType(StrEnum):
    """The types of question that are answered by choosing."""

    SINGLE_CHOICE = QuestionType.SINGLE_CHOICE
    MULTIPLE_CHOICE = QuestionType.MULTIPLE_CHOICE
    TRUE_FALSE = QuestionType.TRUE_FALSE


def load_quiz(path: Path, *, position: int, problems: Problems) -> QuizContent | None:
    """The quiz in ``path``, or None when nothing of it can be read."""
    fields = read_toml(path, problems)
    if fields is None:
        return None
    identity = fields.uuid()
    questions = tuple(_question(entry, identity) for entry in fields.tables("question"))
    if not questions:
        fields.problem(None, "there are no questions: add at least one [[question]]")
    _distinct(fields, [question.key for question in questions])
    passing_score = fields.integer("passing_score", low=0, high=100)
    draw_count = fields.integer("draw_count")
    if draw_count is not None and draw_count > len(questions):
        fields.problem("draw_count", f"`draw_count` is {draw_count}, but there are only {len(questions)} questions")
    quiz = QuizContent(
        id=identity,
        slug=fields.slug(path.stem),
        title=fields.text("title"),
        description=fields.optional_text("description"),
        status=item_status(fields),
        position=position,
        passing_score=70 if passing_score is None else passing_score,
        time_limit_minutes=fields.integer("time_limit_minutes"),
        attempt_limit=fields.integer("attempt_limit"),
        shuffle=fields.flag("shuffle", default=False),
        draw_count=draw_count,
        questions=questions,
    )
    fields.finish()
    return quiz


def _distinct(fields: Fields, keys: list[str]) -> None:
    for key in sorted({key for key in keys if key and keys.count(key) > 1}):
        fields.problem(None, f"the key {key!r} is used {keys.count(key)} times: each needs its own")


def _key(fields: Fields) -> str:
    key = fields.text("key")
    if key and not SLUG.fullmatch(key):
        fields.problem("key", f"`key` is {key!r}: use small letters and digits, with single hyphens between words")
    return key


def _question(fields: Fields, quiz: UUID) -> QuestionContent:
    key = _key(fields)
    identity = uuid5(quiz, f"question:{key}")
    kind = QuestionType(fields.choice("type", ChoiceType).value)
    if kind == QuestionType.TRUE_FALSE:
        options = _true_and_false(fields, identity)
    else:
        options = tuple(_option(entry, identity) for entry in fields.inline_tables("options"))
        _examine_options(fields, kind, options)
    question = QuestionContent(
        id=identity,
        key=key,
        type=kind,
        text=fields.text("text"),
        explanation=fields.text("explanation"),
        topic=fields.text("topic"),
        difficulty=fields.choice("difficulty", Difficulty, Difficulty.BEGINNER),
        points=fields.integer("points") or 1,
        options=options,
    )
    fields.finish()
    return question


def _true_and_false(fields: Fields, question: UUID) -> tuple[OptionContent, ...]:
    if "answer" not in fields.values:
        fields.problem(None, "a TRUE_FALSE question needs `answer = true` or `answer = false`")
    answer = fields.flag("answer", default=True)
    return tuple(
        OptionContent(id=uuid5(question, f"option:{key}"), key=key, text=key.capitalize(), is_correct=is_correct)
        for key, is_correct in (("true", answer), ("false", not answer))
    )


def _option(fields: Fields, question: UUID) -> OptionContent:
    key = _key(fields)
    option = OptionContent(
        id=uuid5(question, f"option:{key}"),
        key=key,
        text=fields.text("text"),
        is_correct=fields.flag("is_correct", default=False),
    )
    fields.finish()
    return option


def _examine_options(fields: Fields, kind: QuestionType, options: tuple[OptionContent, ...]) -> None:
    correct = sum(option.is_correct for option in options)
    if len(options) < 2:
        fields.problem(None, f"there are {len(options)} options: a question needs at least two")
    elif correct == 0:
        fields.problem("options", "no option is correct: mark the right one with is_correct = true")
    elif kind == QuestionType.SINGLE_CHOICE and correct > 1:
        fields.problem("options", f"{correct} options are correct: make it MULTIPLE_CHOICE, or leave one")
    texts = [option.text for option in options]
    if len(set(texts)) < len(texts):
        fields.problem("options", "two options have the same text")
    _distinct(fields, [option.key for option in options])
