"""Pure decisions of the learning service: no database, no clock of their own."""

import hashlib
import json
import random
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from codezest_db.enums import MaterialType, QuestionType

MAX_CODE_BYTES = 64 * 1024
"""The largest program, and the largest input of a material's cell, in bytes of UTF-8."""
MAX_UNFINISHED = 50
"""Programs of one learner that may wait or run at once."""
SUBMIT_GRACE = timedelta(seconds=5)
"""How late the answers of an attempt may arrive: what a slow connection takes."""

ONE_ANSWER_TYPES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.TRUE_FALSE})
MAIN_CELL = "main"
"""What the one cell that a material has is called."""
RUNNABLE_MATERIALS = frozenset({MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE})


def percent(done: int, total: int) -> int:
    """Whole percent, rounded down, so that 100 means all; 0 of nothing is 0."""
    return 100 * done // total if total else 0


def slug_of(title: str) -> str:
    """A title as part of an address: `Lambda Functions!` → `lambda-functions`. Empty when nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-")


def draw_questions(ids: Sequence[UUID], *, draw_count: int | None, shuffle: bool, dice: random.Random) -> list[UUID]:
    """The questions of one attempt in the order shown. `ids` are all of the quiz, in its order."""
    drawn = set(ids if draw_count is None else dice.sample(list(ids), min(draw_count, len(ids))))
    chosen = [question for question in ids if question in drawn]
    if shuffle:
        dice.shuffle(chosen)
    return chosen


def is_past(deadline: datetime | None, moment: datetime, *, grace: timedelta = timedelta()) -> bool:
    return deadline is not None and moment > deadline + grace


def has_cycle(edges: Mapping[UUID, Collection[UUID]], start: UUID) -> bool:
    """Whether following the edges from `start` leads back to it."""
    seen: set[UUID] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node == start:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(edges.get(node, ()))
    return False


def revision_of(value: Any) -> str:
    """A short hash of a JSON value, the same for equal values."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]


def missing_in_quiz(
    questions: Sequence[tuple[str, Sequence[str]]], draw_count: int | None, draws: Sequence[tuple[str, int, int]] = ()
) -> list[str]:
    """What a quiz lacks before learners may see it; empty when it is ready.

    Args:
        questions: the text of each of its own, and what it lacks.
        draw_count: how many of them an attempt asks.
        draws: what is drawn from the bank, in words, how many of it, and how many there are.
    """
    if not questions and not draws:
        return ["at least one question"]
    missing = [f"“{text[:60]}”: {lack}" for text, lacks in questions for lack in lacks]
    missing += [f"{count} {what} in the bank; there are {there}" for what, count, there in draws if there < count]
    if draw_count is not None and draw_count > len(questions):
        missing.append(f"{draw_count} questions to draw from; there are {len(questions)}")
    return missing


def missing_in_material(material: Mapping[str, Any]) -> list[str]:
    """What a material (its columns) lacks before learners may see it; empty when it is ready."""
    needs: dict[MaterialType, tuple[tuple[str, ...], str]] = {
        MaterialType.VIDEO: (("video_url", "video_key"), "a video"),
        MaterialType.ARTICLE: (("content",), "a text"),
        MaterialType.CODE_EXAMPLE: (("code",), "a program"),
        MaterialType.INTERACTIVE: (("code", "content"), "a program or a text"),
        MaterialType.PDF: (("file_url", "file_key"), "a file"),
        MaterialType.DOCX: (("file_url", "file_key"), "a file"),
        MaterialType.QUIZ: (("quiz_id",), "the quiz it shows"),
    }
    columns, lack = needs[MaterialType(material["type"])]
    return [] if any(material[column] for column in columns) else [lack]


def public_feedback(feedback: str, hidden_messages: Sequence[str | None]) -> str:
    """The feedback without what was said of hidden tests: a crash message may quote the input that caused it."""
    for message in hidden_messages:
        if message:
            feedback = feedback.replace(message, "")
    return feedback.strip()
