"""Work that is handed in late and graded by a person: what lateness leaves of the marks counts, everywhere alike."""

from datetime import timedelta
from uuid import UUID

from codezest.kit.clock import now
from codezest_db.enums import AssignmentKind, LatePolicy
from factories.learning import MadePath, Shelf

from .conftest import Person
from .test_hand_grading import desk, give, grade_of, hand_in


async def test_what_lateness_leaves_of_the_marks_decides(
    shelf: Shelf, module: UUID, path: MadePath, learner: Person, teacher: Person
) -> None:
    essay = await shelf.assignment(
        module, kind=AssignmentKind.TEXT, language=None, tests=[], max_score=50, passing_score=60,
        due_at=now() - timedelta(hours=30), late_policy=LatePolicy.PENALTY_PER_DAY, late_penalty_percent=10,
    )  # fmt: skip
    scale = {"kind": "PASS_FAIL", "grades": []}
    assert (await teacher.put(f"/courses/{path.course_id}/grading/settings", scale)).status_code == 200
    work = await hand_in(learner, essay, "Two days late.")
    assert (await desk(teacher, work)).late_penalty_percent == 20
    seen: str | None = None
    for marks, counted, enough in ((37, 29, False), (38, 30, True), (36, 28, False)):
        given = await give(teacher, work, marks=marks, seen=seen, reason="Looked at again." if seen else None)
        assert given.score == counted
        grade = await grade_of(learner, work)
        assert grade.grading is not None
        seen = str(grade.grading.id)
        assert (grade.grading.marks, grade.grading.grade, grade.accepted) == (
            marks,
            "PASS" if enough else "FAIL",
            enough,
        )
        assert (await learner.get(f"/assignments/{essay}")).json()["status"] == (
            "COMPLETED" if enough else "IN_PROGRESS"
        )
        progress = (await learner.get("/me/progress")).json()["items"][0]["enrollment"]
        assert progress["progress_percent"] == (100 if enough else 0)
        book = (await teacher.get(f"/courses/{path.course_id}/gradebook")).json()["items"][0]
        assert (book["percent"], book["cells"][0]["points"]) == (2 * counted, counted)
