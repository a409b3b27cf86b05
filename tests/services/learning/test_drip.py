"""Modules that open at a date, or some days after a learner's beginning; and who is not held up by that."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from codezest.kit.clock import now
from factories.learning import MadePath, Shelf

from .conftest import Person, problem


async def _seen(who: Person, module: UUID) -> dict[str, Any]:
    return (await who.get(f"/modules/{module}")).json()


async def test_a_date_closes_everything_in_a_module(
    shelf: Shelf, path: MadePath, teacher: Person, admin: Person, learner: Person, nobody: Person
) -> None:
    opens = (now() + timedelta(days=2)).replace(microsecond=0)
    module = await shelf.module(path, opens_at=opens)
    material, quiz = await shelf.material(module), await shelf.quiz(module)
    assignment = await shelf.assignment(module)
    for target in (f"/materials/{material}", f"/assignments/{assignment}", f"/quizzes/{quiz.id}"):
        assert problem(await learner.get(target)) == (403, "module-not-yet-open"), target
    for action in (
        f"/materials/{material}/view",
        f"/materials/{material}/complete",
        f"/assignments/{assignment}/submissions",
        f"/assignments/{assignment}/run",
        f"/quizzes/{quiz.id}/attempts",
    ):
        refused = await learner.post(action, {"code": "print(1)"} if "assignments" in action else None)
        assert problem(refused) == (403, "module-not-yet-open"), action
    # An outline gives nothing away, and says when: to learners and to who only looks. Staff go on.
    for who in (learner, nobody):
        shown = await _seen(who, module)
        assert (shown["locked"], datetime.fromisoformat(shown["opens_at"])) == (True, opens)
    for who in (teacher, admin):
        assert (await _seen(who, module))["locked"] is False
        assert (await who.get(f"/materials/{material}")).status_code == 200


async def test_the_moment_itself_is_in(
    shelf: Shelf, path: MadePath, learner: Person, owner: asyncpg.Connection
) -> None:
    module = await shelf.module(path, opens_after_days=30)
    material = await shelf.material(module)
    begins = "UPDATE learning.enrollments SET begins_at = now() - make_interval(hours => 24 * 30, secs => $2) WHERE user_id = $1"
    await owner.execute(begins, learner.id, -30.0)
    assert problem(await learner.get(f"/materials/{material}")) == (403, "module-not-yet-open")
    await owner.execute(begins, learner.id, 0.0)
    assert (await learner.get(f"/materials/{material}")).status_code == 200


async def test_dates_and_prerequisites_hold_together(
    shelf: Shelf, path: MadePath, teacher: Person, learner: Person
) -> None:
    first = await shelf.module(path)
    await shelf.material(first)
    second = await shelf.module(path, prerequisites=[first])
    material = await shelf.material(second)
    dated = {"opens_at": "2999-01-01T00:00:00+02:00", "opens_after_days": 3}
    assert (await teacher.patch(f"/modules/{second}", dated)).status_code == 200
    assert problem(await learner.get(f"/materials/{material}")) == (403, "module-not-yet-open")
    assert (await teacher.patch(f"/modules/{second}", {"opens_at": None, "opens_after_days": 0})).status_code == 200
    assert problem(await learner.get(f"/materials/{material}")) == (403, "module-locked")
    for refused in ({"opens_at": "2999-01-01T00:00:00"}, {"opens_after_days": -1}, {"opens_after_days": 4000}):
        assert problem(await teacher.patch(f"/modules/{second}", refused))[0] == 422


async def test_an_attempt_begun_before_may_be_finished(
    shelf: Shelf, path: MadePath, learner: Person, owner: asyncpg.Connection
) -> None:
    module = await shelf.module(path)
    quiz = await shelf.quiz(module)
    attempt = (await learner.post(f"/quizzes/{quiz.id}/attempts")).json()["id"]
    await owner.execute("UPDATE learning.modules SET opens_at = now() + interval '1 day' WHERE id = $1", module)
    assert (await learner.get(f"/attempts/{attempt}")).status_code == 200
