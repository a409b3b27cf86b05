"""An attempt at a quiz as its learner sees it: never more of a question than its type shows, until it is over."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import STAFF, Reader, admit, caller
from codezest.services.learning.policies.terms import granted, terms
from codezest.services.learning.queries.analysis import (
    AttemptStanding,
    attempt_columns,
    attempt_joins,
    attempt_standing_of,
)
from codezest.services.learning.queries.asked import CONTENT
from codezest.services.learning.queries.question_runs import RUN, run_of
from codezest.services.learning.queries.work import ATTEMPT_SUMMARY
from codezest.services.learning.questions import kind_of
from codezest.services.learning.questions.asked import Answer, Asked, Field, entry_in_words, shuffled
from codezest.services.learning.rules.timing import Terms
from codezest.services.learning.schemas.terms import terms_now
from codezest.services.learning.schemas.work import AttemptDetail
from codezest_db.enums import QuestionType

KEPT_QUESTIONS = 1_000


def _statement(columns: str = "", joins: str = "") -> str:
    return f"""
SELECT CASE WHEN t.user_id = $2 OR {STAFF} THEN 'open' ELSE 'missing' END AS access, t.id, t.status,
    t.options_shuffled, {terms("QUIZ")}, json_build_object({ATTEMPT_SUMMARY},
    'title', i.title, 'module_id', m.id, 'passing_score', i.passing_score,
    'scoring', i.scoring, 'wrong_penalty_percent', i.wrong_penalty_percent,
    'seconds_left', CASE WHEN t.status = 'IN_PROGRESS' AND t.deadline_at IS NOT NULL
        THEN greatest(0, ceil(extract(epoch FROM t.deadline_at - now())))::int END,
    'saved', CASE WHEN t.status = 'IN_PROGRESS' THEN json_build_object('revision', t.saved_revision,
        'current', t.saved -> 'current', 'page', t.saved -> 'writer', 'questions', coalesce(t.saved -> 'questions', '{{}}')) END
    )::text AS head, (
        SELECT coalesce(json_agg(json_build_object('sha256', k.sha256, 'content', coalesce(k.content, {CONTENT}),
            'answer', CASE WHEN w.id IS NOT NULL AND t.status <> 'IN_PROGRESS' THEN json_build_object(
                'id', w.id, 'option_ids', w.option_ids, 'entries', w.entries, 'is_correct', w.is_correct,
                'run', (SELECT {RUN} FROM learning.question_runs r WHERE r.answer_id = w.id),
                'points', trim_scale(w.points), 'seconds_spent', w.seconds_spent, 'comment', (
                    SELECT mark.comment FROM learning.answer_marks mark WHERE mark.answer_id = w.id
                    ORDER BY mark.marked_at DESC, mark.id DESC LIMIT 1)) END)
            ORDER BY shown.place), '[]')
        FROM unnest(t.question_ids, t.snapshots) WITH ORDINALITY shown(id, sha256, place)
        JOIN learning.questions q ON q.id = shown.id
        LEFT JOIN learning.question_snapshots k ON k.sha256 = shown.sha256
        LEFT JOIN learning.quiz_answers w ON w.attempt_id = t.id AND w.question_id = q.id)::text AS questions{columns}
FROM learning.quiz_attempts t
JOIN learning.quizzes i ON i.id = t.quiz_id
JOIN learning.modules m ON m.id = i.module_id
JOIN learning.courses c ON c.id = m.course_id
{granted("QUIZ", learner="t.user_id")} {joins}
WHERE t.id = $1
"""


ATTEMPT = _statement()
WITH_STANDING = _statement(", " + attempt_columns("t"), attempt_joins("t"))


async def attempt_json(reader: Reader, actor: Actor, attempt_id: UUID) -> str:
    """An attempt with its questions; how each was answered and what is right, once it is over. An `AttemptDetail`.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    return json.dumps(await _attempt(reader, actor, attempt_id), ensure_ascii=False, default=_id_text)


def _id_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


async def attempt(reader: Reader, actor: Actor, attempt_id: UUID) -> AttemptDetail:
    return AttemptDetail.model_validate(await _attempt(reader, actor, attempt_id))


async def attempt_with_standing(
    reader: Reader, actor: Actor, attempt_id: UUID
) -> tuple[AttemptDetail, AttemptStanding]:
    """An attempt, and what the caller may see and do about its analysis."""
    row = await _row(reader, actor, WITH_STANDING, attempt_id)
    return AttemptDetail.model_validate(_detail(row)), attempt_standing_of(row)


async def _attempt(reader: Reader, actor: Actor, attempt_id: UUID) -> dict[str, Any]:
    return _detail(await _row(reader, actor, ATTEMPT, attempt_id))


async def _row(reader: Reader, actor: Actor, statement: str, attempt_id: UUID) -> Mapping[str, Any]:
    actor.require_user()
    row = await reader.fetchrow(statement, attempt_id, *caller(actor))
    admit(row)
    return row


def _detail(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["head"])
    order = str(row["id"])
    found["questions"] = [
        _question(_asked(one), one["answer"], order, shuffle_options=row["options_shuffled"])
        for one in json.loads(row["questions"])
    ]
    found["terms"] = terms_now(Terms.of(row))
    return found


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A question's content by its name, which is another one for any other content."""

    sha256: str
    content: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=KEPT_QUESTIONS)
def _kept(snapshot: _Snapshot) -> Asked:
    return Asked.of(snapshot.content)


def _asked(found: Mapping[str, Any]) -> Asked:
    """The question; kept, since everybody who takes a quiz is asked the same. Those with programs may be large, and are not."""
    content = found["content"]
    if found["sha256"] is None or content["type"] == QuestionType.CODE:
        return Asked.of(content)
    return _kept(_Snapshot(found["sha256"], content))


def _question(asked: Asked, answer: Mapping[str, Any] | None, order: str, *, shuffle_options: bool) -> dict[str, Any]:
    options = {option.id: option.text for option in asked.options}
    shown = shuffled(options, order) if shuffle_options else list(options)
    fields = kind_of(asked).fields(asked, order=order)
    return {
        "id": asked.id,
        "type": asked.type,
        "text": asked.text,
        "points": asked.points,
        "difficulty": asked.difficulty,
        "topic": asked.topic,
        "media": asked.media,
        "options": [{"id": option, "text": options[option]} for option in shown],
        "fields": [_field(field) for field in fields],
        "review": None if answer is None else _review(asked, answer, fields),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind,
        "label": field.label,
        "choices": [{"value": choice.value, "text": choice.text} for choice in field.choices],
        "lines": field.lines,
        "units": list(field.units),
        "program": None if field.program is None else asdict(field.program),
    }


def _review(asked: Asked, answer: Mapping[str, Any], fields: list[Field]) -> dict[str, Any]:
    kind = kind_of(asked)
    solution = kind.solution(asked)
    graded = kind.grade(asked, Answer(entries=answer["entries"]))
    return {
        "answer_id": answer["id"],
        "chosen_option_ids": answer["option_ids"],
        "correct_option_ids": list(solution.option_ids),
        "entries": [
            {
                "name": field.name,
                "given": entry_in_words(field, answer["entries"].get(field.name, "")),
                "right": entry_in_words(field, solution.entries[field.name])
                if field.name in solution.entries
                else None,
                "is_right": field.name in graded.right_fields or bool(answer["is_correct"]),
            }
            for field in fields
        ],
        "is_correct": answer["is_correct"],
        "points": answer["points"],
        "explanation": asked.explanation,
        "comment": answer["comment"],
        "seconds_spent": answer["seconds_spent"],
        "run": None if answer["run"] is None else run_of(answer["run"]),
    }
