"""Where questions that are answered by programs leave traces: gradebook and its table, statistics, copies, versions, files, search,
and what is erased with an account.
"""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.services.learning.actions.forget_learner import forget_learner, is_work_unfinished
from codezest.services.learning.running_questions import run_question
from factories.learning import MadePath
from fixtures.scripted_grader import ScriptedGrader

from .conftest import People, Person, number
from .importing import Work, apply, exported, look, plain, read_here, send
from .test_code_functions import KEY as CALLED
from .test_code_questions import KEY, hand_in, quiz_of, read, start
from .test_versions import age, authored, versions_of

__all__ = ["apply", "look", "read_here"]

LATE: dict[str, Any] = {"late_policy": "PENALTY_PER_DAY", "late_penalty_percent": 10}


async def run_all(database: Database, owner: asyncpg.Connection, attempt: str) -> int:
    """What a worker would do with an attempt's answers: their texts say how each test ends."""
    rows = await owner.fetch(
        "SELECT id FROM learning.question_runs WHERE attempt_id = $1 AND status = 'PENDING'", UUID(attempt)
    )
    for row in rows:
        await run_question(database, ScriptedGrader(), row["id"])
    return len(rows)


async def cell_of(teacher: Person, path: MadePath, learner: Person) -> tuple[str, float | None]:
    """State and percent of a learner's only result."""
    standing = (await teacher.get(f"/courses/{path.course_id}/gradebook/learners/{learner.id}")).json()
    (cell,) = standing["row"]["cells"]
    return cell["state"], cell["percent"]


@pytest.mark.parametrize("key", [KEY, CALLED], ids=["program", "function"])
async def test_points_by_weight_and_less_when_late(
    teacher: Person,
    module: UUID,
    path: MadePath,
    person: People,
    owner: asyncpg.Connection,
    database: Database,
    key: dict[str, Any],
) -> None:
    learners = [await person(enrolled=path) for _ in range(2)]
    due = (now() - timedelta(hours=36)).isoformat()
    quiz = await quiz_of(teacher, module, key, scoring="PARTIAL", due_at=due, **LATE)
    attempts = [await start(learner, quiz) for learner in learners]
    for learner, attempt, code in zip(learners, attempts, ("WA AC WA", "AC AC AC"), strict=True):
        await hand_in(learner, attempt, code)
        assert await cell_of(teacher, path, learner) == ("WAITING", None)
        assert await run_all(database, owner, attempt["id"]) == 1
    done = [await read(learner, attempt) for learner, attempt in zip(learners, attempts, strict=True)]
    # Of the weights 1, 2, 1 the first has two; each of two days begun late costs a tenth.
    assert [(one["raw_score"], one["score"], one["questions"][0]["review"]["points"]) for one in done] == [
        (50, 40, 2),
        (100, 80, 4),
    ]
    assert [await cell_of(teacher, path, learner) for learner in learners] == [("SCORED", 40.0), ("SCORED", 80.0)]
    table = (await teacher.get(f"/courses/{path.course_id}/gradebook.csv")).content.decode()
    head, *rows = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    column = next(place for place, name in enumerate(head) if name.startswith("Programs"))
    assert sorted(row[column] for row in rows) == ["40.0", "80.0"]

    found = (await teacher.get(f"/quizzes/{quiz}/statistics")).json()
    (counted,) = found["questions"]
    assert (counted["type"], counted["learners"], counted["difficulty"]) == ("CODE", 2, 0.75)
    table = (await teacher.get(f"/courses/{path.course_id}/statistics.csv")).content.decode()
    assert "Double it (0)" in table
    assert "0.75" in table or "0,75" in table or "75" in table


@pytest.mark.usefixtures("read_here")
async def test_copies_versions_and_files_keep_the_key(
    teacher: Person, owner: asyncpg.Connection, look: Work, apply: Work
) -> None:
    course, module = await authored(teacher)
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Called"})).json()["id"]
    ids: list[str] = []
    for text, key in (("Called", CALLED), ("Run", KEY)):
        body = {"type": "CODE", "text": text, "answer_key": key}
        made = await teacher.post(f"/quizzes/{quiz}/questions", body)
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    kept = {row["text"]: row["key"] for row in await _keys(owner, course)}
    assert kept.keys() == {"Called", "Run"}

    copied = await teacher.post(f"/questions/{ids[0]}/copies", {"course_id": course})
    assert (copied.status_code, copied.json()["answer_key"]) == (201, CALLED)
    found = (await teacher.get(f"/courses/{course}/bank?q=calle")).json()["items"]
    assert [one["id"] for one in found] == [copied.json()["id"]]
    assert (await teacher.get(f"/courses/{course}/bank?q=double")).json()["items"] == [], "programs are no text"
    taken = await teacher.post(f"/courses/{course}/bank/import", {"quiz_id": quiz})
    assert taken.json() == {"copied": 1}, "the one that stands there already is left out"
    other = (await teacher.post(f"/teach/courses/{course}/copies", {})).json()["id"]
    keys = [(row["text"], row["key"]) for row in await _keys(owner, other)]
    assert keys == [(text, kept[text]) for text in ("Called", "Called", "Run", "Run")]

    await age(owner, quiz)
    changed = {**CALLED, "function": "twice", "tests": CALLED["tests"][:1]}
    assert (await teacher.patch(f"/questions/{ids[0]}", {"answer_key": changed})).status_code == 200
    newest, before = (await versions_of(teacher, course, quiz))[:2]
    compared = await teacher.get(f"/versions/{newest['id']}/comparison?other={before['id']}")
    assert compared.status_code == 200, compared.text
    assert "twice" in compared.text
    assert "155540" in compared.text
    assert (await teacher.post(f"/versions/{before['id']}/restore", {})).status_code == 204
    assert (await teacher.get(f"/questions/{ids[0]}/authoring")).json()["answer_key"] == CALLED

    restored = [(row["text"], row["key"]) for row in await _keys(owner, course)]
    assert restored == keys
    files = await exported(teacher, course)
    found = await look(await send(teacher, files))
    assert found["status"] == "READY", found
    applied = await apply(found["id"])
    assert applied["status"] == "APPLIED", applied
    brought = [(row["text"], row["key"]) for row in await _keys(owner, applied["target_id"])]
    assert brought == keys
    assert plain(await exported(teacher, applied["target_id"])) == plain(files)


async def _keys(owner: asyncpg.Connection, course: str) -> list[asyncpg.Record]:
    """Text and key of all questions of a course, in order."""
    return await owner.fetch(
        """SELECT q.text, q.answer_key::text AS key FROM learning.questions q
           LEFT JOIN learning.quizzes z ON z.id = q.quiz_id LEFT JOIN learning.modules m ON m.id = z.module_id
           WHERE coalesce(q.course_id, m.course_id) = $1 AND q.deleted_at IS NULL ORDER BY q.text, q.id""",
        UUID(course),
    )


async def test_what_is_erased_with_an_account(
    teacher: Person, module: UUID, path: MadePath, learner: Person, owner: asyncpg.Connection, database: Database
) -> None:
    quiz = await quiz_of(teacher, module, CALLED, scoring="PARTIAL")
    done = await start(learner, quiz)
    await hand_in(learner, done, "AC WA AC")
    await run_all(database, owner, done["id"])
    running = await start(learner, quiz)
    await hand_in(learner, running, "AC AC AC")
    tried = await start(learner, quiz)
    here = f"/attempts/{tried['id']}/questions/{tried['questions'][0]['id']}/run"
    assert (await learner.post(here, {"code": "AC"})).status_code == 202
    await run_all(database, owner, tried["id"])
    left = "SELECT count(*) FROM learning.question_runs WHERE user_id = $1"
    assert await number(owner, left, learner.id) == 3

    async def forget() -> bool:
        async with database.write("learning") as session:
            while await forget_learner(session, learner.id):
                pass
            return await is_work_unfinished(session, learner.id)

    assert await forget(), "one waits for its verdict"
    assert await number(owner, left, learner.id) == 1
    assert await run_all(database, owner, running["id"]) == 1
    scores = "SELECT array_agg(score ORDER BY attempt_number) FROM learning.quiz_attempts WHERE user_id = $1"
    known = await owner.fetchval(scores, learner.id)
    assert known is not None
    assert known[:2] == [50, 100], "verdicts stay"
    assert not await forget()
    assert await number(owner, left, learner.id) == 0
    typed = """SELECT count(*) FROM learning.quiz_answers a JOIN learning.quiz_attempts t ON t.id = a.attempt_id
        WHERE t.user_id = $1 AND a.entries <> '{}'"""
    assert await number(owner, typed, learner.id) == 0
    queue = (await teacher.get(f"/courses/{path.course_id}/grading?status=answers")).json()
    assert queue["attempts"] == [], "nobody is asked to mark what is gone"
