"""The gradebook over HTTP: what counts, what people set in it, and what each may see."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.services.learning.schemas.gradebook import GradebookPage, LearnersStanding, MarkListOutcome
from codezest_db.enums import AssignmentKind, Role, StaffRole
from codezest_db.models.learning import CourseStaff
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem


@pytest.fixture
async def grader_of(database: Database, path: MadePath, person: People) -> Person:
    made = await person(Role.STUDENT)
    async with database.write("learning") as session:
        session.add(CourseStaff(course_id=path.course_id, user_id=made.id, role=StaffRole.GRADER))
    return made


async def submitted(owner: asyncpg.Connection, who: UUID, assignment: UUID, score: int | None, number: int = 1) -> UUID:
    """A submission with that score, as a program leaves it; None: it waits."""
    made = await owner.fetchval(
        """INSERT INTO learning.submissions (user_id, assignment_id, code, language, status, score, max_score,
               attempt_number, graded_at)
           VALUES ($1, $2, 'x', 'python', $3, $4, 100, $5, now()) RETURNING id""",
        who, assignment, "PENDING" if score is None else "FAILED", score, number,
    )  # fmt: skip
    assert isinstance(made, UUID)
    return made


async def attempted(owner: asyncpg.Connection, who: UUID, quiz: UUID, score: int, number: int = 1) -> UUID:
    made = await owner.fetchval(
        """INSERT INTO learning.quiz_attempts (user_id, quiz_id, attempt_number, status, score, points, max_points,
               passed, completed_at)
           VALUES ($1, $2, $3, 'GRADED', $4, 0, 1, false, now()) RETURNING id""",
        who, quiz, number, score,
    )  # fmt: skip
    assert isinstance(made, UUID)
    return made


async def read_book(who: Person, path: MadePath, query: str = "") -> GradebookPage:
    answer = await who.get(f"/courses/{path.course_id}/gradebook{query}")
    assert answer.status_code == 200, answer.text
    return GradebookPage.model_validate_json(answer.content)


async def standing_of(who: Person, path: MadePath, learner: Person) -> LearnersStanding:
    answer = await who.get(f"/courses/{path.course_id}/gradebook/learners/{learner.id}")
    assert answer.status_code == 200, answer.text
    return LearnersStanding.model_validate_json(answer.content)


async def own(who: Person, path: MadePath) -> LearnersStanding:
    answer = await who.get(f"/courses/{path.slug}/grades")
    assert answer.status_code == 200, answer.text
    return LearnersStanding.model_validate_json(answer.content)


def states(standing: LearnersStanding) -> list[tuple[str, float | None]]:
    return [(cell.state.value, cell.percent) for cell in standing.row.cells]


async def test_results_settings_and_what_is_due(
    shelf: Shelf,
    path: MadePath,
    module: UUID,
    learner: Person,
    teacher: Person,
    grader_of: Person,
    owner: asyncpg.Connection,
) -> None:
    first = await shelf.assignment(module, title="First", position=1)
    late = await shelf.assignment(module, title="Late", position=2, due_at=now() - timedelta(days=2))
    waits = await shelf.assignment(module, title="Waits", position=3)
    quiz = (await shelf.quiz(module, title="Quiz", position=4)).id
    await shelf.assignment(module, title="Open", position=5)
    await submitted(owner, learner.id, first, 80)
    await submitted(owner, learner.id, first, 40, 2)
    await submitted(owner, learner.id, waits, None)
    await attempted(owner, learner.id, quiz, 90)

    found = await standing_of(teacher, path, learner)
    assert states(found) == [
        ("SCORED", 80.0), ("MISSING", None), ("WAITING", None), ("SCORED", 90.0), ("OPEN", None)]  # fmt: skip
    assert found.row.percent == 56.7
    assert [step.code for step in found.steps] == ["category", "pending", "total"]
    settings = f"/courses/{path.course_id}/gradebook/settings"
    layout = (await teacher.get(settings)).json()
    wanted: dict[str, Any] = {
        "counted_attempt": "LAST",
        "revision": layout["revision"],
        "categories": [
            {"name": "Exercises", "weight": 75, "drop_lowest": 1, "takes_assignments": True},
            {"name": "Quizzes", "weight": 25, "takes_quizzes": True},
        ],
    }
    assert problem(await grader_of.put(settings, wanted)) == (403, "forbidden")
    changed = (await teacher.put(settings, wanted)).json()
    assert [one["name"] for one in changed["categories"]] == ["Exercises", "Quizzes"]
    assert problem(await teacher.put(settings, wanted)) == (409, "content-changed-elsewhere")
    # The last attempt has 40; the missing one is dropped: 40 · 3/4 + 90 · 1/4.
    assert (await standing_of(teacher, path, learner)).row.percent == 52.5
    given = f"/courses/{path.course_id}/accommodations"
    assert (await teacher.put(given, {"user_id": str(learner.id), "extra_days": 5})).status_code == 201
    assert states(await standing_of(teacher, path, learner))[1] == ("OPEN", None)
    kept = [{"id": one["id"], "name": one["name"], "weight": 1} for one in changed["categories"]]
    placed = [
        {"id": str(late), "counts": False},
        {"id": str(quiz), "extra_percent": 10},
        {"id": str(waits), "category": 1},
    ]
    again = await teacher.put(settings, {"categories": kept, "columns": placed, "missing_work": "AT_ONCE"})
    assert again.status_code == 200, again.text
    assert [one["id"] for one in again.json()["categories"]] == [one["id"] for one in changed["categories"]]
    # Nothing takes exercises any more, and what waits is not missing: only extra credit is left, which alone is no grade.
    assert (await standing_of(teacher, path, learner)).row.percent is None
    strange = {"categories": [{"id": str(UUID(int=1)), "name": "x", "weight": 1}]}
    assert problem(await teacher.put(settings, strange)) == (422, "validation-failed")
    assert problem(await teacher.put(settings, {"columns": [{"id": str(UUID(int=1))}]})) == (422, "validation-failed")


async def test_marks_and_excuses_have_a_history(
    shelf: Shelf,
    path: MadePath,
    module: UUID,
    learner: Person,
    teacher: Person,
    grader_of: Person,
    owner: asyncpg.Connection,
) -> None:
    exercise = await shelf.assignment(module, title="Exercise")
    await submitted(owner, learner.id, exercise, 20)
    base = f"/courses/{path.course_id}/gradebook"
    made = await teacher.post(f"{base}/columns", {"title": "Talk", "max_points": 8, "visible": False})
    assert made.status_code == 201, made.text
    talk = made.json()["columns"][-1]["id"]
    assert problem(await grader_of.post(f"{base}/columns", {"title": "Mine"})) == (403, "forbidden")

    def entry(column: object, **more: Any) -> dict[str, Any]:
        return {"user_id": str(learner.id), "column_id": str(column), **more}

    marked = await grader_of.post(f"{base}/entries", entry(talk, action="MARK", points=6))
    assert marked.status_code == 201, marked.text
    assert marked.json()["row"]["percent"] == 47.5
    assert problem(await grader_of.post(f"{base}/entries", entry(talk, action="MARK", points=9, seen=1)))[0] == 422
    assert problem(await grader_of.post(f"{base}/entries", entry(talk, action="MARK", points=7)))[1] == (
        "content-changed-elsewhere"
    )
    silent = entry(exercise, action="EXCUSE")
    assert problem(await grader_of.post(f"{base}/entries", silent)) == (422, "validation-failed")
    excused = await grader_of.post(f"{base}/entries", silent | {"reason": "Was ill."})
    assert excused.json()["row"]["percent"] == 75.0
    # What learners do not see counts for nothing yet, and other people's reasons are not theirs to read.
    mine = await own(learner, path)
    assert (states(mine), mine.row.percent, mine.entries) == ([("EXCUSED", None)], None, [])
    undone = await grader_of.post(f"{base}/entries", entry(exercise, action="UNDO", seen=1))
    assert undone.json()["row"]["percent"] == 47.5
    history = [(one["kind"], one["reason"], one["revision"]) for one in undone.json()["entries"]]
    assert history == [("CLEAR", None, 2), ("EXCUSE", "Was ill.", 1), ("MARK", None, 1)]
    assert (await own(learner, path)).row.percent == 20.0
    assert problem(await learner.post(f"{base}/entries", silent)) == (404, "not-found")
    assert problem(await teacher.get(f"{base}/learners/{teacher.id}")) == (404, "not-found")
    assert problem(await teacher.get(f"/courses/{path.slug}/grades")) == (404, "not-found")
    stranger = entry(talk, action="MARK", points=1) | {"user_id": str(teacher.id)}
    assert problem(await grader_of.post(f"{base}/entries", stranger)) == (422, "validation-failed")
    topics = await owner.fetchval("SELECT count(*) FROM ops.outbox WHERE topic = 'learning.grade_entry_set'")
    assert topics == 3
    assert (await teacher.delete(f"{base}/columns/{talk}")).status_code == 204
    assert (await teacher.delete(f"{base}/columns/{talk}")).status_code == 204
    assert (await standing_of(teacher, path, learner)).row.percent == 20.0


async def test_unreleased_and_anonymous_grades_stay_hidden(
    shelf: Shelf, path: MadePath, module: UUID, learner: Person, teacher: Person
) -> None:
    essay = await shelf.assignment(
        module, kind=AssignmentKind.TEXT, language=None, tests=[], title="Essay", max_score=50, hold_grades=True
    )
    sent = await learner.post(f"/assignments/{essay}/answers", {"text": "One."})
    graded = await teacher.post(f"/submissions/{sent.json()['id']}/gradings", {"marks": 40})
    assert graded.status_code == 201, graded.text
    held = await standing_of(teacher, path, learner)
    assert [(cell.percent, cell.held, cell.submission_id is None) for cell in held.row.cells] == [(80.0, True, False)]
    mine = await own(learner, path)
    assert (states(mine), mine.row.percent) == ([("WAITING", None)], None)
    assert (await teacher.patch(f"/assignments/{essay}/grading", {"anonymous_grading": True})).status_code == 204
    hidden = await standing_of(teacher, path, learner)
    assert [(cell.percent, cell.held, cell.submission_id) for cell in hidden.row.cells] == [(None, False, None)]
    (_head, line) = (await teacher.get(f"/courses/{path.course_id}/gradebook.csv")).text.splitlines()
    assert "40" not in line.partition(",")[2], "behind the id, in which any digits may stand"


async def test_pages_filters_and_tables(
    shelf: Shelf, path: MadePath, module: UUID, person: People, teacher: Person, statements: list[str]
) -> None:
    learners = [await person(enrolled=path) for _ in range(5)]
    await shelf.assignment(module, title="=SUM(A1)")
    statements.clear()
    page = await read_book(teacher, path, "?limit=2")
    assert len(statements) == 3
    assert [row.user_id for row in page.items] == [learners[4].id, learners[3].id]
    following = await read_book(teacher, path, f"?limit=2&cursor={page.next_cursor}")
    assert [row.user_id for row in following.items] == [learners[2].id, learners[1].id]
    named: list[UUID] = []
    cursor: str | None = None
    while True:
        one = await read_book(teacher, path, f"?limit=2&order=name{f'&cursor={cursor}' if cursor else ''}")
        named += [row.user_id for row in one.items]
        if (cursor := one.next_cursor) is None:
            break
    assert sorted(named) == sorted(one.id for one in learners)
    assert problem(await teacher.get(f"/courses/{path.course_id}/gradebook?cursor=nonsense")) == (400, "bad-request")

    base = f"/courses/{path.course_id}/gradebook"
    talk = (await teacher.post(f"{base}/columns", {"title": "Talk", "max_points": 10})).json()["columns"][-1]["id"]
    text = (await teacher.get(f"{base}.csv")).content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 6
    assert rows[0][5].startswith("'=SUM(A1)")
    assert rows[0][6] == f"Talk [{talk}]"
    for row, mark in zip(rows[1:], ["7,5", "EXCUSE", "11", "", "3"], strict=True):
        row[6] = mark
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";").writerows([*rows, ["nobody"]])

    async def ordered(order: str, by: str = "") -> list[UUID]:
        """In pages of two, so that each begins where the one before ended."""
        found: list[UUID] = []
        cursor = ""
        while True:
            page = await read_book(teacher, path, f"?limit=2&order={order}{by}{cursor}")
            assert page.order == order
            found += [row.user_id for row in page.items]
            if page.next_cursor is None:
                return found
            cursor = f"&cursor={page.next_cursor}"

    nothing = [learners[3].id, learners[2].id, learners[1].id]
    assert problem(await teacher.get(f"{base}?order=highest&column_id={learners[0].id}")) == (404, "not-found")

    async def read_in(table: str, *, apply: bool = False) -> MarkListOutcome:
        answer = await teacher.post(f"{base}/list", {"text": table, "apply": apply})
        assert answer.status_code == 200, answer.text
        return MarkListOutcome.model_validate_json(answer.content)

    seen = await read_in(sheet.getvalue(), apply=True)
    assert not seen.applied
    assert [(one.line, one.after) for one in seen.changes] == [(2, "7.5"), (3, "EXCUSE"), (6, "3")]
    assert [one.line for one in seen.problems] == [4, 7]
    good = "\n".join(line for place, line in enumerate(sheet.getvalue().splitlines()) if place not in {3, 6})
    assert not (await read_in(good)).applied
    assert (await read_in(good, apply=True)).applied
    again = await read_in(good, apply=True)
    assert (again.changes, again.unchanged) == ([], 3)
    percents = {row.user_id: row.percent for row in (await read_book(teacher, path)).items}
    assert await ordered("highest") == [learners[4].id, learners[0].id, *nothing]
    assert await ordered("lowest", f"&column_id={talk}") == [learners[0].id, learners[4].id, *nothing]
    looked_at = await read_in(f"learner id,Talk\n{learners[1].id},2")
    await teacher.post(
        f"{base}/entries", {"user_id": str(learners[1].id), "column_id": talk, "action": "MARK", "points": 9}
    )
    late = {"text": f"learner id,Talk\n{learners[1].id},2", "apply": True, "plan": looked_at.plan}
    told = MarkListOutcome.model_validate_json((await teacher.post(f"{base}/list", late)).content)
    assert (told.applied, told.outdated, [one.before for one in told.changes]) == (False, True, ["9"])
    assert [percents[one.id] for one in reversed(learners)] == [75.0, None, None, None, 30.0]
    for wrong in ("", "a,b\n1,2", f'learner id,Talk\n"{learners[0].id},1', "learner id,Nothing\nx,1"):
        assert problem(await teacher.post(f"{base}/list", {"text": wrong})) == (422, "validation-failed"), wrong
