"""Choose what an attempt asks, and keep it as it is."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning import rules
from codezest.services.learning.actions.drawable import BANKED, drawable
from codezest.services.learning.queries.asked import CONTENT
from codezest.services.learning.questions.asked import Asked, sha256_of
from codezest_db.models.learning import Question, QuestionSnapshot, Quiz, QuizAttempt

CONTENTS = text(f"""
SELECT ({CONTENT})::text AS content
FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY chosen(id, place)
JOIN learning.questions q ON q.id = chosen.id ORDER BY chosen.place
""")

ASKED = text(f"""
SELECT coalesce(k.content, {CONTENT})::text AS content
FROM learning.quiz_attempts t
CROSS JOIN LATERAL unnest(t.question_ids, t.snapshots) WITH ORDINALITY shown(id, sha256, place)
JOIN learning.questions q ON q.id = shown.id
LEFT JOIN learning.question_snapshots k ON k.sha256 = shown.sha256
WHERE t.id = :id ORDER BY shown.place
""")


async def draw_questions(session: AsyncSession, quiz: Quiz, course_id: UUID) -> list[UUID]:
    """The questions of one attempt in the order shown: the quiz's own, then what it draws from the course's bank."""
    dice = random.SystemRandom()
    own = await session.scalars(
        select(Question.id)
        .where(Question.quiz_id == quiz.id, Question.deleted_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    chosen = rules.draw_questions(own.all(), draw_count=quiz.draw_count, shuffle=False, dice=dice)
    for draw in quiz.draws:
        chosen += await _drawn(session, draw, course_id, chosen)
    if quiz.shuffle:
        dice.shuffle(chosen)
    return chosen


async def _drawn(
    session: AsyncSession, draw: dict[str, Any], course_id: UUID, chosen: Sequence[UUID]
) -> Sequence[UUID]:
    bank = drawable(course_id, draw).where(BANKED.id.not_in(chosen))
    return (await session.scalars(bank.order_by(func.random()).limit(draw["count"]))).all()


async def keep_as_asked(session: AsyncSession, ids: Sequence[UUID]) -> list[str]:
    """Keep the questions as they are now, unless they are kept so already; returns the keys of their snapshots."""
    contents = [json.loads(row) for row in (await session.scalars(CONTENTS, {"ids": list(ids)})).all()]
    rows = [
        {"sha256": sha256_of(content), "question_id": UUID(content["id"]), "content": content} for content in contents
    ]
    if rows:
        await session.execute(insert(QuestionSnapshot).values(rows).on_conflict_do_nothing())
    return [str(row["sha256"]) for row in rows]


async def asked_in(session: AsyncSession, attempt: QuizAttempt) -> dict[UUID, Asked]:
    """The attempt's questions as it asked them, in the order shown."""
    found = [Asked.of(json.loads(row)) for row in (await session.scalars(ASKED, {"id": attempt.id})).all()]
    return {asked.id: asked for asked in found}
