"""Who may grade, remark and ask for another look; and what is left of it when an account goes."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.export_data import KNOWN_TABLES, OTHER_TABLES, ROWS
from codezest.services.learning.actions.forget_learner import forget_learner
from codezest_db.enums import AssignmentKind, StaffRole
from factories.learning import MadePath, Shelf
from fixtures.teaching import give_role

from .conftest import People, Person, problem
from .test_hand_grading import give, grade_of, hand_in

TEXT = "First line\nsecond line\n"
REMARK = {"path": "answer.md", "first_line": 2, "last_line": 1, "text": "<b>Why</b> here?"}


@pytest.fixture
async def essay(shelf: Shelf, module: UUID) -> UUID:
    return await shelf.assignment(module, kind=AssignmentKind.TEXT, language=None, tests=[], max_score=50)


async def ask(who: Person, submission: str, grading: object, reason: str = "The second line answers it.") -> Any:
    return await who.post(f"/submissions/{submission}/regrade-requests", {"grading_id": str(grading), "reason": reason})


async def test_each_role_does_what_it_may(
    essay: UUID, path: MadePath, learner: Person, teacher: Person, person: People, owner: asyncpg.Connection
) -> None:
    submission = await hand_in(learner, essay, TEXT)
    roles = {role: await person() for role in (StaffRole.GRADER, StaffRole.OBSERVER)}
    for role, one in roles.items():
        await give_role(owner, path.course_id, one.id, role)
    rubric = {"title": "R", "criteria": [{"title": "C", "levels": [{"title": "L", "points": 1}]}]}
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"/courses/{path.course_id}/grading", None),
        ("GET", f"/submissions/{submission}/grading", None),
        ("PUT", f"/submissions/{submission}/claim", None),
        ("POST", f"/submissions/{submission}/comments", REMARK),
        ("DELETE", f"/submissions/{submission}/claim", None),
        ("POST", f"/courses/{path.course_id}/grading/next", None),
        ("POST", f"/submissions/{submission}/gradings", {"marks": 1, "seen": str(uuid4())}),
        ("POST", f"/courses/{path.course_id}/rubrics", rubric),
        ("PATCH", f"/assignments/{essay}/grading", {"hold_grades": False}),
        ("PUT", f"/courses/{path.course_id}/grading/settings", {}),
        ("POST", f"/assignments/{essay}/grades/release", None),
    ]

    async def statuses(who: Person) -> list[int]:
        return [(await who.api.request(method, url, json=body)).status_code for method, url, body in asked]

    assert await statuses(roles[StaffRole.OBSERVER]) == [200, 200, *[403] * 9]
    assert await statuses(roles[StaffRole.GRADER]) == [200, 200, 200, 201, 204, 200, 409, *[403] * 4]
    await owner.execute("UPDATE learning.grading_claims SET released_at = now() WHERE released_at IS NULL")
    assert await statuses(teacher) == [200, 200, 200, 201, 204, 200, 409, 201, 204, 200, 200]
    assert await statuses(await person()) == [404] * 11
    assert await statuses(learner) == [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]


async def test_nobody_grades_their_own_work(
    essay: UUID, path: MadePath, learner: Person, owner: asyncpg.Connection
) -> None:
    submission = await hand_in(learner, essay, TEXT)
    await give_role(owner, path.course_id, learner.id, StaffRole.GRADER)
    assert problem(await learner.put(f"/submissions/{submission}/claim", None)) == (403, "own-work")
    assert problem(await learner.post(f"/submissions/{submission}/gradings", {"marks": 50})) == (403, "own-work")
    taken = await learner.post(f"/courses/{path.course_id}/grading/next")
    assert taken.json()["submission_id"] is None


async def test_remarks_stand_on_lines_and_are_answered(
    essay: UUID, learner: Person, teacher: Person, person: People, path: MadePath
) -> None:
    submission = await hand_in(learner, essay, TEXT)
    url = f"/submissions/{submission}/comments"
    for wrong in ({"path": "other.md"}, {"last_line": 3}, {"text": " "}, {"first_line": None}, {"text": "x" * 4001}):
        assert problem(await teacher.post(url, REMARK | wrong)) == (422, "validation-failed")
    made = (await teacher.post(url, REMARK)).json()
    assert (made["first_line"], made["last_line"]) == (1, 2)
    answer = {"parent_id": made["id"], "text": "Because."}
    assert problem(await learner.post(url, answer)) == (404, "not-found")
    await give(teacher, submission, marks=20)
    assert problem(await learner.post(url, REMARK)) == (403, "own-work")
    classmate = await person(enrolled=path)
    assert problem(await classmate.post(url, answer)) == (404, "not-found")
    assert (await learner.post(url, answer)).status_code == 201
    seen = await grade_of(learner, submission)
    assert [(one.text, one.by_learner, one.mine) for one in seen.comments] == [
        ("<b>Why</b> here?", False, False), ("Because.", True, True),
    ]  # fmt: skip
    assert problem(await teacher.delete(f"/comments/{made['id']}")) == (403, "forbidden")
    assert problem(await learner.delete(f"/comments/{made['id']}")) == (404, "not-found")
    assert (await learner.delete(f"/comments/{seen.comments[1].id}")).status_code == 204
    assert (await teacher.delete(f"/comments/{made['id']}")).status_code == 204
    assert (await grade_of(learner, submission)).comments == []


async def test_a_grade_may_be_asked_about_once_and_in_time(
    essay: UUID, path: MadePath, learner: Person, teacher: Person, person: People, owner: asyncpg.Connection
) -> None:
    submission = await hand_in(learner, essay, TEXT)
    assert problem(await ask(learner, submission, uuid4())) == (404, "not-found")
    first = (await give(teacher, submission, marks=20)).gradings[0]
    assert problem(await ask(learner, submission, uuid4())) == (409, "grading-stale")
    assert problem(await ask(await person(enrolled=path), submission, first.id)) == (404, "not-found")
    made = await ask(learner, submission, first.id)
    assert made.status_code == 201
    assert (await ask(learner, submission, first.id)).json() == made.json()
    assert problem(await ask(learner, submission, first.id, "Again.")) == (409, "request-refused")
    queue = (await teacher.get(f"/courses/{path.course_id}/grading?status=requests")).json()
    assert [(item["request_id"], item["request_reason"]) for item in queue["items"]] == [
        (made.json()["id"], "The second line answers it.")
    ]
    url = f"/regrade-requests/{made.json()['id']}/decline"
    assert problem(await teacher.post(url, {"reply": ""})) == (422, "validation-failed")
    assert (await teacher.post(url, {"reply": "It does not."})).json()["status"] == "DECLINED"
    assert problem(await teacher.post(url, {"reply": "Really."})) == (409, "request-refused")
    (declined,) = (await grade_of(learner, submission)).requests
    assert (declined.status, declined.reply) == ("DECLINED", "It does not.")

    second = (await give(teacher, submission, marks=25, seen=str(first.id), reason="Found more.")).gradings[0]
    assert (await grade_of(learner, submission)).asked_until is not None
    assert (await ask(learner, submission, second.id)).status_code == 201
    third = (await give(teacher, submission, marks=30, seen=str(second.id), reason="You are right.")).gradings[0]
    accepted = (await grade_of(learner, submission)).requests[0]
    assert (accepted.status, accepted.reply) == ("ACCEPTED", "You are right.")
    await owner.execute(
        "UPDATE learning.hand_gradings SET released_at = now() - $2::interval WHERE submission_id = $1",
        UUID(submission), timedelta(days=14, minutes=1),
    )  # fmt: skip
    assert problem(await ask(learner, submission, third.id)) == (409, "request-refused")
    assert (await grade_of(learner, submission)).asked_until is None
    await teacher.patch(f"/assignments/{essay}/grading", {"regrade_days": 15})
    assert (await ask(learner, submission, third.id)).status_code == 201


async def test_of_a_deleted_account_numbers_are_left(
    essay: UUID, learner: Person, teacher: Person, database: Database, owner: asyncpg.Connection
) -> None:
    submission = await hand_in(learner, essay, TEXT)
    await teacher.post(f"/submissions/{submission}/comments", REMARK)
    grading = (await give(teacher, submission, marks=20, feedback="You wrote: First line")).gradings[0]
    await ask(learner, submission, grading.id)
    await owner.execute("UPDATE auth.users SET deleted_at = now() WHERE id = $1", learner.id)
    for remaining in (1, 0):
        async with database.write("learning") as session:
            assert await forget_learner(session, learner.id) == remaining
    kept = await owner.fetchrow(
        """SELECT s.code, s.text_answer, s.score, s.feedback, s.status, g.marks, g.feedback AS said, q.reason,
               (SELECT count(*) FROM learning.line_comments k WHERE k.submission_id = s.id) AS comments
           FROM learning.submissions s JOIN learning.gradings g ON g.submission_id = s.id
           JOIN learning.regrade_requests q ON q.submission_id = s.id WHERE s.id = $1""",
        UUID(submission),
    )
    assert kept is not None
    assert dict(kept) == {
        "code": None, "text_answer": "", "score": 20, "feedback": None, "status": "GRADED", "marks": 20, "said": None,
        "reason": "", "comments": 0,
    }  # fmt: skip


async def test_a_download_of_all_data_holds_what_is_released_and_nothing_else(
    essay: UUID, learner: Person, teacher: Person, owner: asyncpg.Connection
) -> None:
    await teacher.patch(f"/assignments/{essay}/grading", {"hold_grades": True})
    submission = await hand_in(learner, essay, TEXT)
    await teacher.post(f"/submissions/{submission}/comments", REMARK)
    await give(teacher, submission, marks=20, feedback="Held.")

    async def exported() -> dict[str, Any]:
        (row,) = await owner.fetch(ROWS["submissions"], learner.id)
        return json.loads(row[0])

    before = await exported()
    assert (before["grades"], before["comments"], before["text_answer"]) == ([], [], TEXT)
    await teacher.post(f"/assignments/{essay}/grades/release")
    after = await exported()
    assert [(one["marks"], one["feedback"]) for one in after["grades"]] == [(20, "Held.")]
    assert [one["text"] for one in after["comments"]] == [REMARK["text"]]
    assert str(teacher.id) not in json.dumps(after)
    others = await owner.fetch(OTHER_TABLES, list(KNOWN_TABLES))
    assert "hand_gradings" not in {row[0] for row in others}
