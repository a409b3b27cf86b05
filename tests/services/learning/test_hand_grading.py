"""Texts and files handed in, queued, claimed and graded by people, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.schemas.hand_grading import GradingDesk, LearnersGrade
from codezest.services.learning.schemas.work import SubmissionDetail
from codezest_db.enums import AssignmentKind, Role, StaffRole
from codezest_db.models.learning import CourseStaff
from factories.learning import MadePath, Shelf

from .conftest import People, Person, Work, problem, submit

RUBRIC = {
    "title": "Essays",
    "criteria": [
        {"title": "Argument", "levels": [{"title": "Clear", "points": 4}, {"title": "Vague", "points": 1}]},
        {"title": "Language", "levels": [{"title": "Poor", "points": 0}, {"title": "Good", "points": 6}]},
    ],
}


@pytest.fixture
async def essay(shelf: Shelf, module: UUID) -> UUID:
    return await shelf.assignment(
        module, kind=AssignmentKind.TEXT, language=None, tests=[], title="Essay", max_score=50
    )


@pytest.fixture
async def staff(database: Database, path: MadePath, person: People) -> dict[StaffRole, Person]:
    made = {role: await person(Role.INSTRUCTOR) for role in StaffRole}
    async with database.write("learning") as session:
        session.add_all(CourseStaff(course_id=path.course_id, user_id=one.id, role=role) for role, one in made.items())
    return made


async def hand_in(who: Person, essay: UUID, text: str, **options: Any) -> str:
    answer = await who.post(f"/assignments/{essay}/answers", {"text": text}, **options)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def desk(who: Person, submission: str) -> GradingDesk:
    answer = await who.get(f"/submissions/{submission}/grading")
    assert answer.status_code == 200, answer.text
    return GradingDesk.model_validate_json(answer.content)


async def grade_of(who: Person, submission: str) -> LearnersGrade:
    answer = await who.get(f"/submissions/{submission}/grade")
    assert answer.status_code == 200, answer.text
    return LearnersGrade.model_validate_json(answer.content)


async def give(who: Person, submission: str, **grading: Any) -> GradingDesk:
    answer = await who.post(f"/submissions/{submission}/gradings", grading)
    assert answer.status_code == 201, answer.text
    return GradingDesk.model_validate_json(answer.content)


async def use_rubric(teacher: Person, path: MadePath, essay: UUID) -> dict[str, Any]:
    made = (await teacher.post(f"/courses/{path.course_id}/rubrics", RUBRIC)).json()
    assert (await teacher.patch(f"/assignments/{essay}/grading", {"rubric_id": made["id"]})).status_code == 204
    return made


async def test_a_text_is_handed_in_graded_and_seen(
    essay: UUID, path: MadePath, learner: Person, teacher: Person, owner: asyncpg.Connection
) -> None:
    assert problem(await learner.post(f"/assignments/{essay}/answers", {"text": " \n"})) == (422, "validation-failed")
    assert problem(await learner.post(f"/assignments/{essay}/submissions", {"code": "x"})) == (422, "not-runnable")
    key = {"headers": {"Idempotency-Key": "once"}}
    first = await hand_in(learner, essay, "One **draft**.", **key)
    assert await hand_in(learner, essay, "One **draft**.", **key) == first
    second = await hand_in(learner, essay, "Two.")
    shown = SubmissionDetail.model_validate_json((await learner.get(f"/submissions/{second}")).content)
    assert (shown.status, shown.attempt_number, shown.text_answer, shown.code) == ("SUBMITTED", 2, "Two.", None)
    receipt = (await learner.get(f"/submissions/{second}/receipt")).json()
    assert (receipt["files"], receipt["sequence"]) == (["answer.md"], 2)

    queue = (await teacher.get(f"/courses/{path.course_id}/grading")).json()
    assert [item["submission_id"] for item in queue["items"]] == [second]
    assert queue["counts"] == {"waiting": 1, "graded": 0, "requests": 0, "answers": 0}
    assert [choice["title"] for choice in queue["assignments"]] == ["Essay"]
    seen = await desk(teacher, second)
    assert (seen.texts, seen.state, seen.learner.user_id, seen.claim) == (
        {"answer.md": "Two."}, "WAITING", learner.id, None)  # fmt: skip
    assert [(one.attempt_number, one.state) for one in seen.attempts] == [(2, "WAITING"), (1, "SUPERSEDED")]
    before = await grade_of(learner, second)
    assert (before.state, before.grading) == ("WAITING", None)
    scale = {"kind": "LETTERS", "grades": [{"name": "A", "from_percent": 80}, {"name": "B", "from_percent": 0}]}
    assert (await teacher.put(f"/courses/{path.course_id}/grading/settings", scale)).status_code == 200

    assert problem(await teacher.post(f"/submissions/{second}/gradings", {})) == (422, "validation-failed")
    assert problem(await teacher.post(f"/submissions/{second}/gradings", {"marks": 51})) == (422, "validation-failed")
    graded = await give(teacher, second, marks=40, feedback="Good, but *short*.")
    assert (graded.state, graded.status, graded.score, graded.claim) == ("RELEASED", "GRADED", 40, None)
    after = await grade_of(learner, second)
    assert after.grading is not None
    assert (after.state, after.grading.marks, after.grading.grade, after.accepted) == ("GRADED", 40, "A", True)
    mine = (await learner.get("/me/progress")).json()["items"][0]
    assert mine["enrollment"]["status"] == "COMPLETED"

    stale = {"marks": 10, "reason": "Too kind."}
    assert problem(await teacher.post(f"/submissions/{second}/gradings", stale)) == (409, "grading-stale")
    silent = {"marks": 10, "seen": str(after.grading.id)}
    assert problem(await teacher.post(f"/submissions/{second}/gradings", silent)) == (422, "validation-failed")
    again = await give(teacher, second, **silent, reason="Too kind.")
    assert [(one.marks, one.grade, one.reason) for one in again.gradings] == [(10, "B", "Too kind."), (40, "A", None)]
    lower = await grade_of(learner, second)
    assert (lower.accepted, [one.marks for one in lower.earlier]) == (False, [40])
    assert (await learner.get("/me/progress")).json()["items"][0]["enrollment"]["status"] == "ACTIVE"
    topics = await owner.fetch("SELECT topic FROM ops.outbox WHERE payload->>'submission_id' = $1 ORDER BY id", second)
    graded_twice = ["learning.work_graded", "learning.grade_given"] * 2
    assert [row["topic"] for row in topics] == ["learning.solution_submitted", *graded_twice]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with owner.transaction():
            await owner.execute("SET LOCAL ROLE codezest_learning")
            await owner.execute("UPDATE learning.gradings SET marks = 50")


async def test_no_work_is_given_to_two_graders(
    essay: UUID,
    path: MadePath,
    teacher: Person,
    staff: dict[StaffRole, Person],
    person: People,
    owner: asyncpg.Connection,
) -> None:
    for _ in range(5):
        await hand_in(await person(enrolled=path), essay, "Words.")
    graders = [teacher, staff[StaffRole.GRADER], staff[StaffRole.CO_INSTRUCTOR]]
    url = f"/courses/{path.course_id}/grading/next"
    taken = await asyncio.gather(*(who.post(url) for who in graders * 2))
    assert {answer.status_code for answer in taken} == {200}
    given = [answer.json()["submission_id"] for answer in taken]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not {given[one], given[one + 3]} & {given[other], given[other + 3]} - {None}
    held = await owner.fetch("SELECT submission_id, user_id FROM learning.grading_claims WHERE released_at IS NULL")
    assert len({row["submission_id"] for row in held}) == len(held) >= 3
    mine = str(next(row["submission_id"] for row in held if row["user_id"] == teacher.id))
    grader = staff[StaffRole.GRADER]
    assert problem(await grader.post(f"/submissions/{mine}/gradings", {"marks": 1})) == (409, "work-claimed")
    assert problem(await grader.put(f"/submissions/{mine}/claim", None)) == (409, "work-claimed")
    claim = (await desk(grader, mine)).claim
    assert claim is not None
    assert claim.mine is False
    assert (await teacher.put(f"/submissions/{mine}/claim", None)).status_code == 200
    await owner.execute("UPDATE learning.grading_claims SET expires_at = now() WHERE submission_id = $1", UUID(mine))
    assert (await grader.put(f"/submissions/{mine}/claim", None)).status_code == 200
    assert problem(await teacher.post(f"/submissions/{mine}/gradings", {"marks": 1})) == (409, "work-claimed")
    assert (await grader.delete(f"/submissions/{mine}/claim?skip=true")).status_code == 204
    assert (await give(teacher, mine, marks=1)).state == "RELEASED"


async def test_what_is_skipped_comes_last(essay: UUID, path: MadePath, teacher: Person, person: People) -> None:
    first, second = [await hand_in(await person(enrolled=path), essay, "Words.") for _ in range(2)]
    url = f"/courses/{path.course_id}/grading/next"
    assert (await teacher.post(url)).json() == {"submission_id": first, "only_skipped": False}
    await teacher.delete(f"/submissions/{first}/claim?skip=true")
    assert (await teacher.post(url)).json()["submission_id"] == second
    await give(teacher, second, marks=5)
    assert (await teacher.post(url)).json() == {"submission_id": first, "only_skipped": True}
    other = await teacher.post(f"{url}?assignment_id={uuid4()}")
    assert other.json() == {"submission_id": None, "only_skipped": False}
    page = (await teacher.get(f"/courses/{path.course_id}/grading?status=graded")).json()
    assert [(item["submission_id"], item["marks"]) for item in page["items"]] == [(second, 5)]


async def test_a_rubric_gives_the_marks_and_its_used_version_stays(
    essay: UUID, path: MadePath, learner: Person, teacher: Person
) -> None:
    rubric = await use_rubric(teacher, path, essay)
    assert rubric["max_points"] == 10
    argument, language = rubric["criteria"]
    assert [level["title"] for level in language["levels"]] == ["Good", "Poor"]
    submission = await hand_in(learner, essay, "Words.")
    scores: dict[str, Any] = {argument["id"]: {"level": argument["levels"][0]["id"], "note": "Well built."}}
    url = f"/submissions/{submission}/gradings"
    new = {"rubric_id": rubric["id"], "scores": scores}
    assert problem(await teacher.post(url, new)) == (422, "validation-failed")
    assert problem(await teacher.post(url, new | {"scores": {"unknown": {"points": 1}}})) == (422, "validation-failed")
    assert problem(await teacher.post(url, {"marks": 1})) == (409, "rubric-changed")
    scores[language["id"]] = {"points": 7}
    assert problem(await teacher.post(url, new)) == (422, "validation-failed")
    scores[language["id"]] = {"points": 3}
    graded = (await give(teacher, submission, **new)).gradings[0]
    assert (graded.marks, graded.max_marks) == (35, 50)
    assert graded.scores[argument["id"]] == {"level": argument["levels"][0]["id"], "points": 4, "note": "Well built."}

    change = {"title": "Essays", "criteria": rubric["criteria"][:1], "version": 1}
    follows = (await teacher.put(f"/rubrics/{rubric['id']}", change)).json()
    assert (follows["version"], follows["assignments"], follows["used"]) == (2, ["Essay"], False)
    assert follows["id"] != rubric["id"]
    assert problem(await teacher.put(f"/rubrics/{rubric['id']}", change)) == (409, "rubric-changed")
    kept = await grade_of(learner, submission)
    assert kept.grading is not None
    assert kept.grading.rubric is not None
    assert (len(kept.grading.rubric.criteria), kept.grading.rubric.archived) == (2, True)
    again = (await teacher.put(f"/rubrics/{follows['id']}", change | {"version": 2})).json()
    assert (again["id"], again["version"]) == (follows["id"], 3)
    assert (await teacher.delete(f"/rubrics/{again['id']}")).status_code == 204
    assert (await teacher.get(f"/courses/{path.course_id}/rubrics")).json() == {"items": []}


async def test_held_grades_and_names_are_hidden_until_the_release(
    essay: UUID, path: MadePath, learner: Person, teacher: Person, person: People
) -> None:
    settings = {"anonymous_grading": True, "hold_grades": True}
    assert (await teacher.patch(f"/assignments/{essay}/grading", settings)).status_code == 204
    other = await person(enrolled=path)
    works = [await hand_in(learner, essay, "Mine."), await hand_in(other, essay, "Theirs.")]
    again = await hand_in(learner, essay, "Mine again.")
    names = [(await desk(teacher, work)).learner.name for work in (*works, again)]
    assert names == ["Learner 1", "Learner 2", "Learner 1"]
    for url in (f"/submissions/{again}/grading", f"/submissions/{again}", f"/courses/{path.course_id}/grading"):
        page = await teacher.get(url)
        assert page.status_code == 200
        assert str(learner.id) not in page.text
    graded = await give(teacher, again, marks=45, feedback="Fine.")
    assert (graded.state, graded.status, graded.score) == ("HELD", "SUBMITTED", None)
    comment = {"path": "answer.md", "first_line": 1, "last_line": 1, "text": "Here."}
    assert (await teacher.post(f"/submissions/{again}/comments", comment)).status_code == 201
    hidden = await grade_of(learner, again)
    assert (hidden.state, hidden.grading, hidden.comments, hidden.earlier) == ("WAITING", None, [], [])
    exercise = (await learner.get(f"/assignments/{essay}")).json()
    assert (exercise["status"], exercise["latest"]["score"]) == ("IN_PROGRESS", None)
    released = await teacher.post(f"/assignments/{essay}/grades/release")
    assert released.json() == {"released": 1}
    assert (await teacher.post(f"/assignments/{essay}/grades/release")).json() == {"released": 0}
    shown = await grade_of(learner, again)
    assert shown.grading is not None
    assert (shown.grading.marks, [one.text for one in shown.comments]) == (45, ["Here."])
    assert (await desk(teacher, again)).learner.user_id == learner.id
    assert (await learner.get(f"/assignments/{essay}")).json()["status"] == "COMPLETED"


async def test_a_program_may_be_graded_by_hand_as_well(
    assignment: UUID, path: MadePath, learner: Person, teacher: Person, work: Work
) -> None:
    assert (await teacher.patch(f"/assignments/{assignment}/grading", {"graded_by_hand": True})).status_code == 204
    submission = await submit(learner, assignment, "WA AC")
    assert problem(await teacher.post(f"/submissions/{submission}/gradings", {"marks": 1})) == (409, "work-unfinished")
    await work(submission)
    queue = (await teacher.get(f"/courses/{path.course_id}/grading")).json()
    assert [item["submission_id"] for item in queue["items"]] == [submission]
    graded = await give(teacher, submission, marks=90)
    assert graded.texts == {"main.py": "WA AC"}
    assert [(one.marks, one.is_manual) for one in graded.gradings] == [(90, True), (75, False)]
    assert (await learner.get(f"/assignments/{assignment}")).json()["status"] == "COMPLETED"


async def test_files_are_laid_ready_and_handed_in(
    shelf: Shelf, module: UUID, learner: Person, teacher: Person, person: People
) -> None:
    assignment = await shelf.assignment(module, kind=AssignmentKind.FILE, language=None, tests=[])
    url = f"/assignments/{assignment}/files"

    async def lay(content: bytes, name: str) -> Any:
        return await learner.api.post(url, files={"file": (name, content)})

    assert problem(await learner.post(f"/assignments/{assignment}/answers", {"text": "x"})) == (
        422,
        "validation-failed",
    )
    assert problem(await lay(b"\x00\x01\x02", "notes.txt")) == (422, "upload-refused")
    made = [await lay(b"one\n", "../../notes.md"), await lay(b"two\n", "notes.md"), await lay(b"%PDF-1.7 x", "a.exe")]
    assert [answer.status_code for answer in made] == [201, 201, 201]
    assert [answer.json()["name"] for answer in made] == ["notes.md", "notes (2).md", "a.pdf"]
    assert (await lay(b"two\n", "notes (2).md")).json()["id"] == made[1].json()["id"]
    stranger = await person()
    assert problem(await stranger.delete(f"/hand-in-files/{made[0].json()['id']}")) == (404, "not-found")
    assert (await learner.delete(f"/hand-in-files/{made[0].json()['id']}")).status_code == 204
    submission = await hand_in(learner, assignment, "A note.")
    assert problem(await learner.delete(f"/hand-in-files/{made[1].json()['id']}")) == (404, "not-found")
    seen = await desk(teacher, submission)
    assert [file.name for file in seen.files] == ["notes (2).md", "a.pdf"]
    assert seen.texts == {"answer.md": "A note."}
    for who, expected in ((learner, 200), (teacher, 200), (stranger, 404)):
        answer = await who.get(f"/submissions/{submission}/files/1")
        assert answer.status_code == expected
    assert answer.status_code == 404
    saved = await teacher.get(f"/submissions/{submission}/files/1")
    assert saved.content == b"two\n"
    assert saved.headers["content-disposition"].startswith("attachment")
    receipt = (await learner.get(f"/submissions/{submission}/receipt")).json()
    assert receipt["files"] == ["answer.md", "files/a.pdf", "files/notes (2).md"]
