"""Reads quizzes, and a course's bank: TOML files with questions."""

from pathlib import Path
from typing import Any
from uuid import UUID

from codezest.services.learning.content.materials import item_status
from codezest.services.learning.content.model import QuestionContent, QuizContent
from codezest.services.learning.content.one_question import distinct, read_question
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.reading import read_toml
from codezest.services.learning.content.stored import read_stored
from codezest.services.learning.content.timing import read_timing, unnamed
from codezest_db.enums import Difficulty, Scoring
from codezest_db.models.learning import Quiz

MOST_DRAWN = 200


def load_quiz(path: Path, *, position: int, problems: Problems) -> QuizContent | None:
    """The quiz in ``path``, or None when nothing of it can be read."""
    fields = read_toml(path, problems)
    if fields is None:
        return None
    identity = fields.uuid()
    questions = tuple(read_question(entry, identity) for entry in fields.tables("question"))
    draws = tuple(_draw(entry) for entry in fields.tables("draw"))
    if not questions and not draws:
        fields.advise(None, "there are no questions: add at least one [[question]]")
    distinct(fields, [question.key for question in questions])
    passing_score = fields.integer("passing_score", low=0, high=100)
    draw_count = fields.integer("draw_count")
    if draw_count is not None and draw_count > len(questions):
        fields.advise("draw_count", f"`draw_count` is {draw_count}, but there are only {len(questions)} questions")
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
        shuffle_options=fields.flag("shuffle_options", default=False),
        draw_count=draw_count,
        draws=draws,
        scoring=fields.choice("scoring", Scoring, Scoring.ALL_OR_NOTHING),
        wrong_penalty_percent=fields.integer("wrong_penalty_percent", low=0, high=100) or 0,
        timing=read_timing(fields),
        questions=questions,
        unnamed=unnamed(fields),
        stored=read_stored(fields, Quiz),
    )
    fields.finish()
    return quiz


def _draw(fields: Fields) -> dict[str, Any]:
    """So many questions of the bank, as ``learning.quizzes.draws`` holds them."""
    count = fields.integer("count", high=MOST_DRAWN)
    if count is None:
        fields.problem(None, "`count` is missing: say how many questions are drawn")
    draw: dict[str, Any] = {"count": count or 1, "topic": fields.optional_text("topic"), "difficulty": None}
    if "difficulty" in fields.values:
        draw["difficulty"] = fields.choice("difficulty", Difficulty).value
    fields.asked.add("difficulty")
    fields.finish()
    return draw


def load_bank(folder: Path, home: UUID, quizzes: list[QuizContent], problems: Problems) -> tuple[QuestionContent, ...]:
    """The questions of ``folder/bank/*.toml``, and whether there are as many as the quizzes draw."""
    found: list[QuestionContent] = []
    for path in sorted((folder / "bank").glob("*.toml")):
        fields = read_toml(path, problems)
        if fields is None:
            continue
        found += [read_question(entry, home) for entry in fields.tables("question")]
        fields.finish()
        distinct(fields, [question.key for question in found])
    for quiz in quizzes:
        for draw in quiz.draws:
            there = sum(
                1
                for question in found
                if draw["topic"] in {None, question.topic} and draw["difficulty"] in {None, question.difficulty.value}
            )
            if there < draw["count"]:
                wanted = ", ".join(str(draw[name]) for name in ("topic", "difficulty") if draw[name]) or "any topic"
                message = f"the quiz {quiz.slug!r} draws {draw['count']} questions ({wanted}), but bank/ holds {there}"
                problems.advise(folder, None, message)
    return tuple(found)
