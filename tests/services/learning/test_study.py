"""What is counted of a learner's days, and the badges that come of it."""

from uuid import UUID

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.award_badges import award_badges
from codezest.services.learning.badges import BADGES, Achieved, earned
from factories.learning import MadePath, Shelf

from .conftest import Person, Work, submit

DAYS = "SELECT steps, submissions, answers FROM learning.study_days WHERE user_id = $1 ORDER BY day"


async def _today(owner: asyncpg.Connection, learner: Person) -> tuple[int, int, int]:
    (row,) = await owner.fetch(DAYS, learner.id)
    return row["steps"], row["submissions"], row["answers"]


async def test_materials_count_once(shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection) -> None:
    material = await shelf.material(module)
    for _ in range(2):
        await learner.post(f"/materials/{material}/complete")
    assert await _today(owner, learner) == (1, 0, 0)


async def test_programs_count_each_and_solving_once(
    assignment: UUID, learner: Person, work: Work, owner: asyncpg.Connection
) -> None:
    for source in ("WA AC", "AC AC", "AC AC"):
        await work(await submit(learner, assignment, source))
    assert await _today(owner, learner) == (1, 3, 0)


async def test_quizzes_count_answers_each_and_passing_once(
    shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    quiz = await shelf.quiz(module)
    (question,) = quiz.questions
    for _ in range(2):
        attempt = (await learner.post(f"/quizzes/{quiz.id}/attempts")).json()
        body = {"answers": [{"question_id": str(question.id), "option_ids": [str(i) for i in question.right]}]}
        response = await learner.post(f"/attempts/{attempt['id']}/submit", body)
        assert response.json()["passed"] is True
    assert await _today(owner, learner) == (1, 0, 2)


async def test_the_day_is_the_learners_own(
    shelf: Shelf, module: UUID, path: MadePath, learner: Person, owner: asyncpg.Connection
) -> None:
    material = await shelf.material(module)
    days: set[object] = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: never the same day
        await learner.patch("/me", {"timezone": zone})
        await learner.post(f"/materials/{material}/complete")
        material = await shelf.material(module)
        days |= {
            row["day"]
            for row in await owner.fetch("SELECT day FROM learning.study_days WHERE user_id = $1", learner.id)
        }
    assert len(days) == 2


async def test_badges_are_given_once_and_announced(
    assignment: UUID, learner: Person, work: Work, database: Database, owner: asyncpg.Connection
) -> None:
    async with database.write("learning") as session:
        assert await award_badges(session, learner.id) == []
    await work(await submit(learner, assignment, "AC AC"))
    given: list[list[str]] = []
    for _ in range(2):
        async with database.write("learning") as session:
            given.append(sorted(await award_badges(session, learner.id)))
    assert given == [["first-course", "first-exercise", "first-module"], []]
    announced = await owner.fetch(
        "SELECT payload->>'badge' AS badge FROM ops.outbox WHERE topic = 'learning.badge_earned' AND payload->>'user_id' = $1",
        str(learner.id),
    )
    assert sorted(row["badge"] for row in announced) == ["first-course", "first-exercise", "first-module"]


async def test_days_in_a_row_are_counted_over_gaps(
    learner: Person, database: Database, owner: asyncpg.Connection
) -> None:
    for day in (1, 2, 3, 5, 6):
        await owner.execute(
            "INSERT INTO learning.study_days (user_id, day, steps) VALUES ($1, make_date(2026, 3, $2), 1)",
            learner.id,
            day,
        )
    async with database.write("learning") as session:
        assert await award_badges(session, learner.id) == ["three-days"]


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.key)
def test_nothing_earns_nothing_and_plenty_earns_all(badge: object) -> None:
    plenty = Achieved(
        solved=50, solved_at_once=5, perfect_quizzes=1, modules=1, courses=1, languages=2, longest_streak=30
    )
    assert earned(Achieved()) == []
    assert len(earned(plenty)) == len(BADGES)
    assert badge.key in earned(plenty)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
