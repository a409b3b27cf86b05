"""Windows, due dates, what lateness costs and what single learners are granted, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from codezest_db.enums import AttemptStatus, Role, StaffRole
from factories.learning import MadePath, MadeQuiz, Shelf
from fixtures.teaching import give_role

from .conftest import HIDDEN, TESTS, People, Person, Work, problem, submit

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PER_DAY = {"late_policy": "PENALTY_PER_DAY", "late_penalty_percent": 10, "late_floor_percent": 50}


def _ago(span: timedelta) -> str:
    return (datetime.now(UTC) - span).isoformat()


def _right(quiz: MadeQuiz) -> dict[str, Any]:
    return {
        "answers": [
            {"question_id": str(question.id), "option_ids": [str(option) for option in question.right]}
            for question in quiz.questions
        ]
    }


async def test_a_late_attempt_loses_its_share_and_says_so(
    teacher: Person, shelf: Shelf, module: UUID, learner: Person
) -> None:
    quiz = await shelf.quiz(module, passing_score=90)
    url = f"/quizzes/{quiz.id}"
    assert (await teacher.patch(url, {"due_at": _ago(DAY + HOUR), **PER_DAY})).status_code == 200
    shown = (await learner.get(url)).json()["terms"]
    assert (shown["window"], shown["days_late"], shown["penalty_now_percent"]) == ("OPEN", 2, 20)
    attempt = (await learner.post(f"{url}/attempts")).json()
    assert attempt["terms"]["penalty_now_percent"] == 20
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", _right(quiz))).json()
    assert (done["is_late"], done["raw_score"], done["late_penalty_percent"], done["score"], done["passed"]) == (
        True, 100, 20, 80, False)  # fmt: skip
    assert (done["points"], done["max_points"]) == (1, 1), "points stay as they were earned"
    await teacher.patch(url, {"late_policy": "NO_PENALTY"})
    attempt = (await learner.post(f"{url}/attempts")).json()
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", _right(quiz))).json()
    assert (done["is_late"], done["raw_score"], done["late_penalty_percent"], done["score"]) == (True, None, 0, 100)
    await teacher.patch(url, {"late_policy": "CUT_OFF"})
    assert problem(await learner.post(f"{url}/attempts")) == (409, "past-due")
    assert (await teacher.post(f"{url}/attempts")).status_code == 201, "staff try it out at any time"


async def test_windows_of_a_quiz(
    teacher: Person, shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    quiz = await shelf.quiz(module, time_limit_minutes=60)
    url = f"/quizzes/{quiz.id}"
    await teacher.patch(url, {"available_from": _ago(-HOUR)})
    assert (await learner.get(url)).json()["terms"]["window"] == "UPCOMING"
    refused = await learner.post(f"{url}/attempts")
    assert problem(refused) == (403, "item-not-yet-open")
    assert problem(await teacher.patch(url, {"available_until": _ago(HOUR)})) == (422, "validation-failed")
    closing = _ago(-HOUR / 2)
    await teacher.patch(url, {"available_from": _ago(HOUR), "available_until": closing})
    attempt = (await learner.post(f"{url}/attempts")).json()
    assert datetime.fromisoformat(attempt["deadline_at"]) == datetime.fromisoformat(closing), (
        "it ends when the quiz closes"
    )
    await teacher.patch(url, {"available_until": _ago(HOUR / 2)})
    running = await learner.post(f"{url}/attempts")
    assert (running.status_code, running.json()["id"]) == (200, attempt["id"]), "what is under way goes on"
    await learner.post(f"/attempts/{attempt['id']}/submit", _right(quiz))
    assert problem(await learner.post(f"{url}/attempts")) == (409, "item-closed")
    assert await owner.fetchval("SELECT count(*) FROM learning.quiz_attempts WHERE quiz_id = $1", quiz.id) == 1


async def test_a_late_program_loses_its_share(
    teacher: Person, shelf: Shelf, module: UUID, learner: Person, work: Work
) -> None:
    assignment = await shelf.assignment(module, tests=TESTS)
    url = f"/assignments/{assignment}"
    changed = (await teacher.patch(url, {"due_at": _ago(HOUR), **PER_DAY})).json()
    assert (changed["late_policy"], changed["allow_late"]) == ("PENALTY_PER_DAY", True)
    shown = (await learner.get(url)).json()
    assert (shown["allow_late"], shown["terms"]["days_late"], shown["terms"]["penalty_now_percent"]) == (True, 1, 10)
    sent = await submit(learner, assignment, "WA AC")
    await work(sent)
    graded = (await learner.get(f"/submissions/{sent}")).json()
    assert (graded["is_late"], graded["late_penalty_percent"]) == (True, 10)
    assert (graded["raw_score"], graded["score"]) == (75, 67)
    for change, allowed in (
        ({"late_policy": "CUT_OFF"}, False),
        ({"allow_late": True}, True),
        ({"allow_late": False}, False),
    ):
        assert (await teacher.patch(url, change)).json()["allow_late"] is allowed
        assert (await learner.get(url)).json()["allow_late"] is allowed
    assert (await teacher.get(f"{url}/authoring")).json()["late_policy"] == "CUT_OFF"
    assert problem(await learner.post(f"{url}/submissions", {"code": "print(1)"})) == (409, "past-due")
    await teacher.patch(url, {"allow_late": True, "available_until": _ago(HOUR / 2)})
    assert problem(await learner.post(f"{url}/submissions", {"code": "print(1)"})) == (409, "item-closed")
    assert (await learner.post(f"{url}/run", {"code": "print(1)"})).status_code == 202
    await teacher.patch(url, {"available_from": _ago(-HOUR), "available_until": None})
    for refused in (await learner.get(url), await learner.post(f"{url}/run", {"code": "print(1)"})):
        assert problem(refused) == (403, "item-not-yet-open")
        assert str(HIDDEN["name"]) not in refused.text


async def test_what_is_granted_to_one_learner(
    teacher: Person,
    shelf: Shelf,
    module: UUID,
    path: MadePath,
    learner: Person,
    person: People,
    owner: asyncpg.Connection,
) -> None:
    other = await person(enrolled=path)
    quiz = await shelf.quiz(
        module, time_limit_minutes=30, attempt_limit=1, due_at=datetime.now(UTC) - HOUR, late_policy="CUT_OFF"
    )
    grants = f"/courses/{path.course_id}/accommodations"
    url = f"/quizzes/{quiz.id}"
    first = await teacher.put(grants, {"user_id": str(learner.id), "extra_time_percent": 50, "extra_days": 1})
    assert (first.status_code, first.json()["item"], first.json()["extra_attempts"]) == (201, None, 0)
    attempt = (await learner.post(f"{url}/attempts")).json()
    began, ends = (datetime.fromisoformat(attempt[name]) for name in ("started_at", "deadline_at"))
    assert ends - began == timedelta(minutes=45)
    assert problem(await other.post(f"{url}/attempts")) == (409, "past-due")

    more = {"user_id": str(learner.id), "quiz_id": str(quiz.id), "extra_minutes": 60, "extra_attempts": 1,
            "due_at": _ago(-DAY), "note": "As agreed."}  # fmt: skip
    assert (await teacher.put(grants, more)).status_code == 201
    longer = (await learner.get(f"/attempts/{attempt['id']}")).json()
    assert datetime.fromisoformat(longer["deadline_at"]) - began == timedelta(minutes=90), (
        "a running attempt has it at once"
    )
    again = await teacher.put(grants, more | {"extra_minutes": 10})
    assert again.status_code == 200, "it takes the place of the former"
    assert (await learner.get(f"/attempts/{attempt['id']}")).json()["deadline_at"] == longer["deadline_at"]
    shown = (await learner.get(url)).json()
    assert (shown["time_limit_minutes"], shown["attempt_limit"], shown["attempts_left"]) == (40, 2, 1)
    assert shown["terms"]["is_accommodated"]
    assert "As agreed" not in str(shown)
    assert not (await other.get(url)).json()["terms"]["is_accommodated"]
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", _right(quiz))).json()
    assert (done["status"], done["is_late"]) == (AttemptStatus.GRADED, False)
    assert (await learner.post(f"{url}/attempts")).status_code == 201

    listed = (await teacher.get(grants)).json()["items"]
    assert [one["item"] for one in listed] == ["Quiz", None]
    assert (await teacher.get(grants, params={"user_id": str(other.id)})).json()["items"] == []
    stranger = await person()
    elsewhere = await shelf.quiz(await shelf.module(await shelf.path()))
    for wrong in (
        {"user_id": str(stranger.id)},
        {"user_id": str(learner.id), "quiz_id": str(elsewhere.id)},
        {"user_id": str(learner.id), "assignment_id": str(uuid4())},
        {"user_id": str(learner.id), "quiz_id": str(quiz.id), "assignment_id": str(uuid4())},
        {"user_id": str(learner.id), "due_at": _ago(HOUR)},
        {"user_id": str(learner.id), "extra_minutes": -1},
        {"user_id": str(learner.id), "extra_time_percent": 1_001},
    ):
        assert problem(await teacher.put(grants, wrong)) == (422, "validation-failed")
    for refused in (learner, await person(Role.INSTRUCTOR)):
        assert problem(await refused.get(grants)) == (404, "not-found")
        assert problem(await refused.put(grants, more)) == (404, "not-found")
    grader = await person()
    observer = await person()
    await give_role(owner, path.course_id, grader.id, StaffRole.GRADER)
    await give_role(owner, path.course_id, observer.id, StaffRole.OBSERVER)
    assert (await grader.get(grants)).status_code == 200
    assert problem(await observer.get(grants)) == (403, "forbidden")
    assert (await grader.delete(f"{grants}/{listed[0]['id']}")).status_code == 204
    assert problem(await grader.delete(f"{grants}/{listed[0]['id']}")) == (404, "not-found")
