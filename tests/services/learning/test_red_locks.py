"""Two people at the same thing: nobody is refused because each waits for what the other holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.hand_grading import give_grade
from codezest.services.learning.actions.hand_grading.queue_work import add_work
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.repository import lock_enrollment
from codezest_db.enums import AssignmentKind, Role, StaffRole
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    CourseStaff,
    HandGrading,
    Module,
    Option,
    Question,
    Quiz,
    Submission,
)
from factories.learning import MadePath, Shelf

from .conftest import People, Person, Work, problem, submit
from .regrading import NEW, Drain, Graded, begin, change_tests, shown

PARENTS = {Module: Course, AssignmentTest: Assignment, Question: Quiz, Option: Quiz}
LOCK = "SELECT id FROM learning.%s WHERE id = :id FOR NO KEY UPDATE NOWAIT"


async def until_somebody_waits(database: Database) -> None:
    waiting = """SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE NOT l.granted AND a.datname = current_database()"""
    async with asyncio.timeout(20):
        while not await database.pool("learning").fetchval(waiting):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("model", PARENTS, ids=lambda model: model.__tablename__)
async def test_authors_lock_what_holds_a_thing_before_the_thing(
    model: type[Module], database: Database, owner: asyncpg.Connection, shelf: Shelf, teacher: Person, module: UUID,
    path: MadePath,
) -> None:  # fmt: skip
    """Whoever orders or replaces the parts of something holds the whole, and then takes the parts."""
    quiz = await shelf.quiz(module)
    assignment = await shelf.assignment(module)
    question = quiz.questions[0]
    test = await owner.fetchval("SELECT id FROM learning.assignment_tests WHERE assignment_id = $1", assignment)
    assert isinstance(test, UUID)
    ids = {
        Module: module,
        AssignmentTest: test,
        Question: question.id,
        Option: question.right[0],
    }
    homes = {Course: path.course_id, Assignment: assignment, Quiz: quiz.id}
    actor = Actor(user_id=teacher.id, role=Role.INSTRUCTOR)

    async def change_part() -> None:
        async with database.write("learning") as session:
            await access_authored(session, actor, model, ids[model])

    async with database.write("learning") as session:
        await session.execute(text(LOCK % PARENTS[model].__tablename__), {"id": homes[PARENTS[model]]})
        other = asyncio.create_task(change_part())
        await until_somebody_waits(database)
        assert await session.scalar(text(LOCK % model.__tablename__), {"id": ids[model]}) == ids[model]
    await other


@pytest.fixture
async def during_grading(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[list[Callable[[], Awaitable[httpx.Response]]]]:
    """What is asked for while a grade is being given, when the work is locked and nothing is written yet."""
    asked: list[Callable[[], Awaitable[httpx.Response]]] = []

    async def meanwhile(session: AsyncSession, submission: Submission, *, course_id: UUID) -> HandGrading:
        work = await add_work(session, submission, course_id=course_id)
        running = [asyncio.ensure_future(one()) for one in asked]
        asked[:] = [partial(asyncio.shield, one) for one in running]
        await asyncio.sleep(0.3)
        return work

    monkeypatch.setattr(give_grade, "add_work", meanwhile)
    yield asked
    monkeypatch.undo()


async def test_who_asks_for_work_does_not_wait_for_whoever_grades_it(
    database: Database, shelf: Shelf, teacher: Person, module: UUID, path: MadePath, learner: Person, person: People,
    during_grading: list[Callable[[], Awaitable[httpx.Response]]],
) -> None:  # fmt: skip
    """The first grader's claim has run out meanwhile, so that the queue offers the very work that is being graded."""
    essay = await shelf.assignment(module, kind=AssignmentKind.TEXT, language=None, tests=[], max_score=10)
    handed = (await learner.post(f"/assignments/{essay}/answers", {"text": "Words."})).json()["id"]
    grader = await person(Role.STUDENT)
    async with database.write("learning") as session:
        session.add(CourseStaff(course_id=path.course_id, user_id=grader.id, role=StaffRole.GRADER))
    during_grading.append(lambda: grader.post(f"/courses/{path.course_id}/grading/next"))
    graded = await teacher.post(f"/submissions/{handed}/gradings", {"marks": 3})
    assert graded.status_code == 201, graded.text
    answer = await during_grading[0]()
    assert (answer.status_code, answer.json()["submission_id"]) == (200, None), answer.text

    # A learner asks about the grade at the moment at which it is changed: about one that is gone, or before it goes.
    seen = graded.json()["gradings"][0]["id"]
    asked = {"grading_id": seen, "reason": "Please."}
    during_grading[:] = [lambda: learner.post(f"/submissions/{handed}/regrade-requests", asked)]
    again = await teacher.post(f"/submissions/{handed}/gradings", {"marks": 4, "seen": seen, "reason": "Kinder."})
    assert again.status_code == 201, again.text
    assert problem(await during_grading[0]()) == (409, "grading-stale")


async def test_a_regrade_never_overwrites_the_grade_that_is_being_given(
    database: Database, teacher: Person, learner: Person, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    during_grading: list[Callable[[], Awaitable[httpx.Response]]],
) -> None:  # fmt: skip
    """Both write the work and what its learner has reached: whoever comes second waits at the work, and looks at it again."""
    submission = await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    async with database.write("learning") as session:
        await session.execute(text(LOCK % "submissions"), {"id": submission})
        applying = asyncio.ensure_future(teacher.post(f"/regrades/{begun['id']}/apply"))
        await until_somebody_waits(database)
        await session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        assert await lock_enrollment(session, learner.id, path.course_id) is not None
        applying.cancel()
    await asyncio.wait([applying])

    during_grading.append(lambda: teacher.post(f"/regrades/{begun['id']}/apply"))
    by_hand = await teacher.post(f"/submissions/{submission}/gradings", {"marks": 3, "reason": "I looked."})
    assert by_hand.status_code == 201, by_hand.text
    assert problem(await during_grading[0]()) == (409, "regrade-stale")
    kept = await shown(learner, submission)
    assert (kept["status"], kept["score"]) == ("GRADED", 3)


@pytest.mark.parametrize("what", ["quiz", "exercise"])
async def test_a_lesson_is_completed_while_something_else_is_graded(
    what: str, database: Database, owner: asyncpg.Connection, shelf: Shelf, module: UUID, path: MadePath,
    learner: Person, work: Work,
) -> None:  # fmt: skip
    """In another tab of the same learner: both count for the same day and the same course."""
    if what == "quiz":
        quiz = await shelf.quiz(module)
        attempt = (await learner.post(f"/quizzes/{quiz.id}/attempts")).json()
        chosen = {"question_id": str(quiz.questions[0].id), "option_ids": [str(quiz.questions[0].right[0])]}
        grading = learner.post(f"/attempts/{attempt['id']}/submit", {"answers": [chosen]})
    else:
        grading = work(await submit(learner, await shelf.assignment(module), "AC"))
    async with database.write("learning") as session:
        await lock_enrollment(session, learner.id, path.course_id)
        other = asyncio.ensure_future(grading)
        await until_somebody_waits(database)
        await session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        await count_study(session, learner.id, "UTC", steps=1)
    await other
    steps = await owner.fetchval("SELECT sum(steps) FROM learning.study_days WHERE user_id = $1", learner.id)
    assert steps == 2
