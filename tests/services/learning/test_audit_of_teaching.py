"""What those who teach, or administrators, do to learners' work and courses is found in the audit trail."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from codezest.kit.database import Database
from codezest.services.auth.subscribers import subscriptions
from codezest.worker.relay import relay_batch
from codezest_db.enums import AssignmentKind, QuestionType, Role, StaffRole
from factories.learning import AskedQuestion, MadePath, Shelf
from fixtures.teaching import give_role

from .conftest import People, Person


async def trail(owner: asyncpg.Connection, database: Database, who: Person) -> list[tuple[str, UUID, dict[str, Any]]]:
    """What stands there of somebody, the oldest first: act, subject, details."""
    while await relay_batch(database, subscriptions(database)):
        pass
    rows = await owner.fetch(
        "SELECT action, subject_id, details::text FROM auth.audit_entries WHERE actor_user_id = $1 ORDER BY id", who.id
    )
    return [(row["action"], row["subject_id"], json.loads(row["details"])) for row in rows]


async def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def test_grades_and_what_is_decided_about_them(
    shelf: Shelf, path: MadePath, module: UUID, person: People, teacher: Person, database: Database,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    learner = await person(enrolled=path)
    essay = await shelf.assignment(
        module, kind=AssignmentKind.TEXT, language=None, tests=[], title="Essay", max_score=50, hold_grades=True
    )
    work = (await done(await learner.post(f"/assignments/{essay}/answers", {"text": "One."})))["id"]
    await done(await teacher.post(f"/submissions/{work}/gradings", {"marks": 20}))
    await done(await teacher.post(f"/assignments/{essay}/grades/release"))
    for reason in ("Too strict.", "Right."):
        grade = (await learner.get(f"/submissions/{work}/grade")).json()["grading"]["id"]
        asked = await done(
            await learner.post(f"/submissions/{work}/regrade-requests", {"grading_id": grade, "reason": reason})
        )
        if reason == "Right.":
            await done(await teacher.post(f"/regrade-requests/{asked['id']}/decline", {"reply": "It stays."}))
        else:
            new = {"marks": 30, "seen": grade, "reason": "You are right."}
            await done(await teacher.post(f"/submissions/{work}/gradings", new))
    await done(await teacher.patch(f"/assignments/{essay}/grading", {"anonymous_grading": True, "hold_grades": True}))
    await done(await teacher.patch(f"/assignments/{essay}/grading", {"anonymous_grading": True}))
    grants = f"/courses/{path.course_id}/accommodations"
    granted = await done(
        await teacher.put(grants, {"user_id": str(learner.id), "extra_days": 2, "note": "Ill, and nobody's business."})
    )
    await done(await teacher.delete(f"{grants}/{granted['id']}"))
    found = await trail(owner, database, teacher)
    assert [act for act, _subject, _details in found] == [
        "work.graded", "grades.released", "work.regraded", "grade_request.accepted", "grade_request.declined",
        "grading.changed", "accommodation.granted", "accommodation.revoked",
    ]  # fmt: skip
    details = {act: details for act, _subject, details in found}
    subjects = {act: subject for act, subject, _details in found}
    assert subjects["work.regraded"] == UUID(work)
    said = details["work.regraded"]
    assert (said["former_marks"], said["marks"], said["max_marks"], said["reason"]) == (20, 30, 50, "You are right.")
    assert "former_marks" not in details["work.graded"]
    assert details["grades.released"]["grades"] == 1
    assert details["grade_request.declined"]["reply"] == "It stays."
    assert details["grading.changed"]["changes"] == {"anonymous_grading": True}
    assert subjects["accommodation.granted"] == learner.id
    writer = "SELECT user_id FROM learning.versions WHERE subject_id = $1 ORDER BY number DESC LIMIT 1"
    assert await owner.fetchval(writer, essay) == teacher.id
    assert details["accommodation.granted"]["granted"] == {"extra_days": 2}
    assert "business" not in json.dumps(details)


async def test_marks_of_answers_and_the_analysis_that_follows_them(
    shelf: Shelf, path: MadePath, module: UUID, person: People, database: Database, owner: asyncpg.Connection,
    teacher: Person,
) -> None:  # fmt: skip
    learner, grader = await person(enrolled=path), await person()
    await give_role(owner, path.course_id, grader.id, StaffRole.GRADER)
    quiz = await shelf.quiz(module, [AskedQuestion(type=QuestionType.SINGLE_CHOICE)], title="Loops")
    question = quiz.questions[0]
    attempt = (await done(await learner.post(f"/quizzes/{quiz.id}/attempts")))["id"]
    answer = {"question_id": str(question.id), "option_ids": [str(question.wrong[0])]}
    await done(await learner.post(f"/attempts/{attempt}/submit", {"answers": [answer]}))
    marks = f"/attempts/{attempt}/answers/{question.id}/marks"
    for points, percent, comment in ((1, 100, "Meant rightly."), (0, 0, None)):
        await done(await grader.post(marks, {"points": points, "comment": comment}))
        analysis = (await grader.get(f"/attempts/{attempt}/analysis")).json()
        assert [one["percent"] for one in analysis["performance_breakdown"]] == [percent]
    edit = {"insights": ["Read again."], "recommendations": [], "revision": analysis["revision"]}
    await done(await grader.put(f"/attempts/{attempt}/analysis", edit))
    await done(await grader.post(marks, {"points": 1}))
    kept = (await grader.get(f"/attempts/{attempt}/analysis")).json()
    assert (kept["insights"], kept["analysis_type"]) == (["Read again."], "HYBRID")
    await done(await grader.post(f"/attempts/{attempt}/analysis/approve", {"revision": kept["revision"]}))
    found = await trail(owner, database, grader)
    acts = ["answer.marked", "answer.marked", "analysis.edited", "answer.marked", "analysis.approved"]
    assert [act for act, _subject, _details in found] == acts
    first, second = found[0][2], found[1][2]
    assert (first["former_points"], first["points"], first["reason"]) == ("0.00", "1.00", "Meant rightly.")
    assert (second["former_points"], second["points"]) == ("1.00", "0.00")
    assert {subject for act, subject, _details in found if act == "answer.marked"} == {learner.id}


async def test_courses_and_who_comes_into_them(
    shelf: Shelf, person: People, database: Database, owner: asyncpg.Connection
) -> None:
    teacher = await person(Role.INSTRUCTOR)
    path = await shelf.course(instructor_id=teacher.id)
    learner = await person(enrolled=path)
    course = f"/courses/{path.course_id}"
    code = (await done(await teacher.post(f"{course}/codes", {})))["id"]
    for _again in range(2):
        await done(await teacher.delete(f"/codes/{code}"))
    new = {"name": "Autumn", "starts_at": "2030-01-01T00:00:00Z"}
    cohort = (await done(await teacher.post(f"{course}/cohorts", new)))["id"]
    await done(await teacher.patch(f"/cohorts/{cohort}", {"archived": False}))
    await done(await teacher.patch(f"{course}/enrolling", {"policy": "INVITED"}))
    listed = {"text": "somebody@codezest.example", "apply": True}
    await done(await teacher.post(f"{course}/learners/list", listed | {"apply": False}))
    await done(await teacher.post(f"{course}/learners/list", listed))
    invitation = (await teacher.get(f"{course}/invitations")).json()["items"][0]["id"]
    await done(await teacher.delete(f"/invitations/{invitation}"))
    one = await owner.fetchval("SELECT id::text FROM learning.enrollments WHERE user_id = $1", learner.id)
    move = {"change": "MOVE", "enrollment_ids": [one], "cohort_id": cohort}
    for _again in range(2):
        await done(await teacher.post(f"{course}/learners/change", move))
    await done(await teacher.put(f"{course}/gradebook/settings", {"passing_percent": 60}))
    policy = f"/teach{course}/analysis-policy"
    for _again in range(2):
        await done(await teacher.put(policy, {"policy": "OFF"}))
    found = await trail(owner, database, teacher)
    told = [(act, details.get("what"), details.get("act")) for act, _subject, details in found]
    assert told == [
        ("enrolling.changed", "CODE", "CREATED"),
        ("enrolling.changed", "CODE", "REVOKED"),
        ("enrolling.changed", "COHORT", "CREATED"),
        ("enrolling.changed", "COHORT", "CHANGED"),
        ("enrolling.changed", "RULES", "CHANGED"),
        ("learners.listed", None, None),
        ("enrolling.changed", "INVITATION", "REVOKED"),
        ("learners.listed", None, None),
        ("grading.changed", None, None),
        ("grading.changed", None, None),
    ]
    assert {subject for _act, subject, _details in found} == {path.course_id}
    assert "somebody@" not in json.dumps([details for _act, _subject, details in found])
    assert [(details["invited"], details["moved"]) for act, _subject, details in found if act == "learners.listed"] == [
        (1, 0), (0, 1),
    ]  # fmt: skip


async def test_reviews_that_were_reported(
    shelf: Shelf, person: People, database: Database, owner: asyncpg.Connection
) -> None:
    admin, teacher = await person(Role.ADMIN), await person(Role.INSTRUCTOR)
    path = await shelf.course(instructor_id=teacher.id)
    writer, reader = await person(enrolled=path), await person(enrolled=path)
    await owner.execute("UPDATE learning.enrollments SET completed_items = 1 WHERE course_id = $1", path.course_id)
    await done(await writer.put(f"/courses/{path.slug}/review", {"rating": 1, "text": "Rubbish."}))
    review = (await reader.get(f"/courses/{path.slug}/reviews")).json()["items"][0]["id"]
    for who in (reader, teacher):
        await done(await who.post(f"/reviews/{review}/report", {"reason": "Rude."}))
    url = f"/reviews/{review}/visibility"
    assert (await teacher.put(url, {"hidden": True})).status_code == 403
    for _again in range(2):
        await done(await admin.put(url, {"hidden": True, "reason": "It is."}))
    hidden = (await admin.get("/reviews/reported?hidden=true")).json()["items"]
    assert [one["review"]["id"] for one in hidden if one["course_slug"] == path.slug] == [review]
    await done(await admin.put(url, {"hidden": False}))
    found = await trail(owner, database, admin)
    assert [(act, subject) for act, subject, _details in found] == [
        ("review.hidden", UUID(review)), ("review.kept", UUID(review)),
    ]  # fmt: skip
    assert (found[0][2]["reason"], found[0][2]["settled_reports"]) == ("It is.", 2)
