"""What learners see of a submission that was graded again."""

import html
from uuid import UUID

import asyncpg

from codezest.kit.database import Database
from codezest.services.learning.actions.regrade.begin_regrade import begin_regrade
from codezest.services.learning.actions.regrade.close_regrade import apply_regrade, lock_regrade
from codezest.services.learning.regrading import regrade_some
from codezest_db.models.learning import Assignment
from fixtures.scripted_grader import ScriptedGrader

from .browser import text_of
from .conftest import Grade, Learner

REASON = "The <first> test is worth more."


async def _regrade(database: Database, assignment: UUID, reason: str) -> None:
    async with database.write("learning") as session:
        row = await session.get_one(Assignment, assignment, with_for_update={"key_share": True})
        regrade = await begin_regrade(session, row, requested_by=None, reason=reason)
    await regrade_some(database, ScriptedGrader(), regrade)
    async with database.write("learning") as session:
        await apply_regrade(session, await lock_regrade(session, regrade), applied_by=None)


async def test_a_result_that_changed_says_when_why_and_what_it_was(
    learner: Learner, database: Database, grade: Grade, owner: asyncpg.Connection
) -> None:
    exercise = f"/assignments/{learner.course.exercise}"
    sent = await learner.browser.send(await learner.browser.read(exercise), f"{exercise}/submit", {"code": "AC WA"})
    await grade(sent.headers["location"])
    address = sent.headers["location"]
    assert "graded again" not in text_of(await learner.browser.read(address))

    await owner.execute("UPDATE learning.assignments SET cpu_seconds = 1.5 WHERE id = $1", learner.course.exercise)
    await _regrade(database, learner.course.exercise, "Nothing changes by this.")
    assert "graded again" not in text_of(await learner.browser.read(address))

    await owner.execute(
        "UPDATE learning.assignment_tests SET points = 9 WHERE assignment_id = $1 AND position = 0",
        learner.course.exercise,
    )
    await _regrade(database, learner.course.exercise, REASON)
    page = await learner.browser.read(address)
    shown = text_of(page)
    assert "This submission was graded again" in shown
    assert REASON in html.unescape(page.text)
    assert REASON not in page.text
    assert "66 of 100 points" in shown
    assert "Nothing changes" not in shown
    detail = await learner.browser.client.get(f"/api/v1{address}")
    assert [former["changed"] for former in detail.json()["former_results"]] == [True, False]
