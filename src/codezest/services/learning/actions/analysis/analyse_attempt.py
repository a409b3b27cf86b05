"""Analyse a graded attempt at a quiz. By rules alone, in the transaction of whoever asks."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.analysers.analyser import Note, note
from codezest.services.learning.analysers.attempts import MOST_TOPICS, Answered, analyse_answers
from codezest.services.learning.errors import NotAnalysable
from codezest.services.learning.policies import caller
from codezest.services.learning.policies.permissions import Permission, holds
from codezest_db.enums import AnalysisPolicy, AnalysisProvider, AnalysisStatus, AnalysisType
from codezest_db.models.learning import QuizAnalysis

VERSION = "local-1"
MATERIALS_A_TOPIC = 2
"""Looked for; the second stands in where the first is recommended for another topic already."""

ATTEMPT = f"""
SELECT t.user_id, t.status, t.time_taken_seconds, i.title, m.id AS module_id, m.course_id, c.analysis_policy,
    t.user_id = $2 AS mine, {holds(Permission.GRADE)} AS may_grade
FROM learning.quiz_attempts t
JOIN learning.quizzes i ON i.id = t.quiz_id
JOIN learning.modules m ON m.id = i.module_id
JOIN learning.courses c ON c.id = m.course_id
WHERE t.id = $1
"""  # noqa: S608 - put together from constants
ANSWERS = """
SELECT nullif(q.topic, '') AS topic, coalesce(w.points, 0)::float8 AS points, q.points::float8 AS max_points,
    coalesce(w.is_correct, false) AS is_correct, w.is_correct IS NULL AND w.id IS NOT NULL AS ungraded, w.seconds_spent,
    coalesce(cardinality(w.option_ids), 0) > 0 OR coalesce(w.text_answer, '') <> '' AS answered
FROM learning.quiz_attempts t
CROSS JOIN LATERAL unnest(t.question_ids) WITH ORDINALITY shown(id, place)
JOIN learning.questions q ON q.id = shown.id
LEFT JOIN learning.quiz_answers w ON w.attempt_id = t.id AND w.question_id = q.id
WHERE t.id = $1 ORDER BY shown.place
"""
MATERIALS = """
SELECT wanted.topic, found.id, found.title
FROM unnest($2::text[]) WITH ORDINALITY wanted(topic, place)
CROSS JOIN LATERAL (
    SELECT plainto_tsquery('learning.forms', wanted.topic) || plainto_tsquery('learning.words', wanted.topic) AS words) asked
CROSS JOIN LATERAL (
    SELECT x.id, x.title
    FROM learning.materials x
    JOIN learning.modules n ON n.id = x.module_id
    LEFT JOIN learning.search_entries e ON e.target_id = x.id
    WHERE n.course_id = $1 AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
      AND n.status = 'PUBLISHED' AND n.deleted_at IS NULL
      -- What comes later may be locked still, and has not been read for the first time.
      AND n.position <= (SELECT own.position FROM learning.modules own WHERE own.id = $3)
      AND (strpos(lower(x.title), lower(wanted.topic)) > 0 OR e.words @@ asked.words)
    ORDER BY strpos(lower(x.title), lower(wanted.topic)) > 0 DESC, n.id = $3 DESC,
        ts_rank(coalesce(e.words, ''), asked.words) DESC, n.position, x.position, x.id
    LIMIT $4) found
ORDER BY wanted.place
"""
FINAL = frozenset({"GRADED", "EXPIRED", "LATE"})


async def analyse_attempt(session: AsyncSession, attempt_id: UUID) -> bool:
    """Analyse an attempt as it now stands, where its course wants that; tells whether it did.

    What somebody has edited or approved stays as it is.
    """
    row = await (await driver_connection(session)).fetchrow(ATTEMPT, attempt_id, None, None)
    if row is None or row["status"] not in FINAL or row["analysis_policy"] == AnalysisPolicy.OFF:
        return False
    await _analyse(session, attempt_id, row)
    return True


async def request_attempt_analysis(session: AsyncSession, actor: Actor, attempt_id: UUID) -> None:
    """The same for one who took the attempt, or who grades it and may have it where the course has none.

    Raises:
        Unauthenticated, NotFound, Forbidden: as of submissions.
        NotAnalysable: the attempt is not graded yet.
    """
    actor.require_user()
    row = await (await driver_connection(session)).fetchrow(ATTEMPT, attempt_id, *caller(actor))
    if row is None or not (row["mine"] or row["may_grade"]):
        raise NotFound
    if row["analysis_policy"] == AnalysisPolicy.OFF and not row["may_grade"]:
        raise Forbidden(_("This course gives no feedback of this kind."))
    if row["status"] not in FINAL:
        raise NotAnalysable(_("This attempt is not graded yet."))
    await _analyse(session, attempt_id, row)


async def _analyse(session: AsyncSession, attempt_id: UUID, row: Any) -> None:
    connection = await driver_connection(session)
    answers = [
        Answered(
            topic=one["topic"] or row["title"],
            points=one["points"],
            max_points=one["max_points"],
            right=one["is_correct"],
            answered=one["answered"],
            seconds=one["seconds_spent"],
        )
        for one in await connection.fetch(ANSWERS, attempt_id)
        if not one["ungraded"]  # by hand, later: then it is analysed again
    ]
    found = analyse_answers(answers, seconds_taken=row["time_taken_seconds"], ran_out=row["status"] == "EXPIRED")
    topics = found.weak[:MOST_TOPICS]
    materials = await connection.fetch(MATERIALS, row["course_id"], topics, row["module_id"], MATERIALS_A_TOPIC)
    values: dict[str, Any] = {
        "performance_breakdown": dict(found.breakdown),
        "strong_topics": found.strong,
        "weak_topics": found.weak,
        "recommendations": _recommendations(topics, materials),
        "insights": found.insights,
        "avg_time_per_question": found.average_seconds,
        "time_management": found.time_management,
        "ai_model": VERSION,
        "provider": AnalysisProvider.LOCAL,
        "status": AnalysisStatus.READY,
    }
    await _store(session, attempt_id, row["course_id"], AnalysisPolicy(row["analysis_policy"]), values)


async def _store(
    session: AsyncSession, attempt_id: UUID, course_id: UUID, policy: AnalysisPolicy, values: dict[str, Any]
) -> None:
    await session.execute(
        insert(QuizAnalysis)
        .values(attempt_id=attempt_id, course_id=course_id)
        .on_conflict_do_nothing(index_elements=["attempt_id"])
    )
    analysis = await session.scalar(select(QuizAnalysis).where(QuizAnalysis.attempt_id == attempt_id).with_for_update())
    assert analysis is not None
    if analysis.analysis_type is not AnalysisType.AI or analysis.status is AnalysisStatus.APPROVED:
        return
    changed = any(getattr(analysis, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(analysis, name, value)
    if policy is AnalysisPolicy.AUTOMATIC:
        analysis.released_at = analysis.released_at or now()
    elif analysis.released_at is None:
        analysis.needs_review = True
    analysis.revision += int(changed)


def _recommendations(topics: list[str], materials: list[Any]) -> list[Note]:
    found: list[Note] = []
    named: set[UUID] = set()
    for topic in topics:
        fitting = next((one for one in materials if one["topic"] == topic and one["id"] not in named), None)
        if fitting is None:
            found.append(note("quiz-practise", topic=topic))
            continue
        named.add(fitting["id"])
        found.append(note("quiz-read", topic=topic, title=fitting["title"], material_id=str(fitting["id"])))
    return found
