"""Grading an assignment's submissions anew: seen first, then applied as one set, or not at all."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem
from .regrading import NEW, OLD, REASON, Drain, Graded, begin, change_tests, events, percents, read, shown


async def test_a_preview_shows_what_would_change_and_changes_nothing(
    teacher: Person, learner: Person, person: People, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    other = await person(enrolled=path)
    half, passed = await graded(learner, "one=WA two=AC"), await graded(other, "one=AC two=AC")
    before = await shown(learner, half)
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    assert (begun["status"], begun["counts"]["submissions"], begun["reason"]) == ("PREVIEWING", 2, REASON)
    await drain()
    ready = await read(teacher, begun)
    assert ready["status"] == "READY"
    assert ready["counts"] == {
        "submissions": 2, "graded": 2, "changed": 1, "not_run": 0, "learners": 2, "newly_passed": 0,
        "no_longer_passed": 0, "best_score_changed": 1, "progress_changed": 0,
    }  # fmt: skip
    (changed,) = (await read(teacher, begun, changed=True))["items"]
    assert changed["submission_id"] == half
    assert changed["user_name"] == "Test Person"
    assert (changed["before"]["score"], changed["after"]["score"]) == (50, 80)
    assert (changed["learner"]["best_score_before"], changed["learner"]["best_score_after"]) == (50, 80)
    assert [item["submission_id"] for item in (await read(teacher, begun, changed=False))["items"]] == [passed]
    assert await shown(learner, half) == before
    assert await events(owner, "solution_regraded", half) == 0


async def test_applying_replaces_results_keeps_the_former_and_recounts(
    teacher: Person, learner: Person, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    submission = await graded(learner, "one=AC two=AC three=WA")
    assert await percents(owner, learner, path) == (100, 100)
    former = await shown(learner, submission)
    await change_tests(teacher, exercise, [*OLD, {"name": "three", "expected": "3", "points": 2}])
    begun = await begin(teacher, exercise)
    await drain()
    ready = await read(teacher, begun)
    assert (ready["counts"]["no_longer_passed"], ready["counts"]["progress_changed"]) == (1, 1)
    foreseen = ready["items"][0]["learner"]
    assert [foreseen[f"{what}_percent_{when}"] for what in ("module", "course") for when in ("before", "after")] == [
        100, 0, 100, 0,
    ]  # fmt: skip
    applied = await teacher.post(f"/regrades/{begun['id']}/apply")
    assert applied.status_code == 200, applied.text
    assert applied.json()["status"] == "APPLIED"
    assert applied.json()["items"][0]["learner"] == foreseen
    now = await shown(learner, submission)
    assert (now["status"], now["verdict"], now["score"]) == ("FAILED", "WA", 50)
    assert [(test["name"], test["verdict"]) for test in now["tests"]] == [("one", "AC"), ("two", "AC"), ("three", "WA")]
    assert now["spec_sha256"] == begun["spec_sha256"] != former["spec_sha256"]
    assert await percents(owner, learner, path) == (0, 0)
    (result,) = now["former_results"]
    assert (result["reason"], result["changed"], result["status"], result["score"]) == (REASON, True, "PASSED", 100)
    answer = await learner.get(f"/submissions/{submission}/former-gradings")
    (kept,) = answer.json()["items"]
    assert b"MARKER" not in answer.content
    assert kept["tests"] == former["tests"]
    assert {key: kept[key] for key in ("verdict", "score", "feedback", "runtime", "spec_sha256")} == {
        key: former[key] for key in ("verdict", "score", "feedback", "runtime", "spec_sha256")
    }
    assert await events(owner, "solution_regraded", submission) == 1
    assert await events(owner, "solution_graded", submission) == 1

    again = await teacher.post(f"/regrades/{begun['id']}/apply")
    assert again.json() == applied.json()
    assert await shown(learner, submission) == now
    assert await events(owner, "solution_regraded", submission) == 1


async def test_another_submission_that_passes_keeps_the_learner_passed(
    teacher: Person, learner: Person, path: MadePath, exercise: UUID, graded: Graded, drain: Drain,
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    loses = await graded(learner, "one=AC two=AC three=WA")
    await change_tests(teacher, exercise, [*OLD, {"name": "three", "expected": "3"}])
    begun = await begin(teacher, exercise)
    keeps = await graded(learner, "one=AC two=AC three=AC")  # sent while the regrade is under way
    await drain()
    ready = await read(teacher, begun)
    assert [item["submission_id"] for item in ready["items"]] == [loses]
    assert ready["counts"]["no_longer_passed"] == 0
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).json()["status"] == "APPLIED"
    assert (await shown(learner, loses))["status"] == "FAILED"
    assert (await shown(learner, keeps))["former_results"] == []
    assert await percents(owner, learner, path) == (100, 100)


async def test_cancelling_leaves_everything_as_it_was(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain
) -> None:
    submission = await graded(learner, "one=WA two=AC")
    before = await shown(learner, submission)
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    for _ in range(2):
        assert (await teacher.post(f"/regrades/{begun['id']}/cancel")).json()["status"] == "CANCELLED"
    assert problem(await teacher.post(f"/regrades/{begun['id']}/apply")) == (409, "regrade-closed")
    assert await shown(learner, submission) == before


async def test_a_regrade_that_is_not_ready_is_not_applied_and_one_that_was_is_not_cancelled(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain
) -> None:
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    assert problem(await teacher.post(f"/regrades/{begun['id']}/apply")) == (409, "regrade-not-ready")
    await drain()
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    assert problem(await teacher.post(f"/regrades/{begun['id']}/cancel")) == (409, "regrade-closed")


@pytest.mark.parametrize("change", [{"cpu_seconds": 1.5}, {"checker": "TOKENS"}, {"max_score": 40}], ids=str)
async def test_limits_checker_and_points_are_part_of_what_is_graded_by(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain, change: dict[str, Any]
) -> None:
    submission = await graded(learner, "one=WA two=AC")
    assert (await begin(teacher, exercise))["counts"]["submissions"] == 0
    await drain()
    assert (await teacher.patch(f"/assignments/{exercise}", change)).status_code == 200
    begun = await begin(teacher, exercise)
    assert begun["counts"]["submissions"] == 1
    await drain()
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code == 200
    now = await shown(learner, submission)
    assert (now["score"], now["max_score"]) == ((20, 40) if "max_score" in change else (50, 100))


async def test_pages_of_a_regrade_neither_repeat_nor_omit(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain
) -> None:
    sent = [await graded(learner, "one=WA two=AC") for _ in range(3)]
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    first = await read(teacher, begun, limit=2)
    second = await read(teacher, begun, limit=2, cursor=first["next_cursor"])
    assert [item["submission_id"] for item in first["items"] + second["items"]] == sent
    assert second["next_cursor"] is None


async def test_what_cannot_be_regraded_is_refused(
    teacher: Person, person: People, shelf: Shelf, module: UUID, exercise: UUID
) -> None:
    empty = await shelf.assignment(module, tests=[])
    assert problem(await teacher.post(f"/assignments/{empty}/regrades", {"reason": REASON})) == (409, "nothing-to-run")
    text = await shelf.assignment(module, tests=[], kind="TEXT", language=None)
    assert problem(await teacher.post(f"/assignments/{text}/regrades", {"reason": REASON})) == (422, "not-runnable")
    blank = await teacher.post(f"/assignments/{exercise}/regrades", {"reason": "  "})
    assert problem(blank) == (422, "validation-failed")
    absent = UUID(int=5)
    for path in (f"/regrades/{absent}/apply", f"/regrades/{absent}/cancel", f"/assignments/{absent}/regrades"):
        assert problem(await teacher.post(path, {"reason": REASON} if "assign" in path else None))[0] == 404
    assert problem(await teacher.get(f"/regrades/{absent}"))[0] == 404


async def test_results_of_a_regrade_name_every_column(
    teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain, owner: asyncpg.Connection
) -> None:
    """They become rows as they are: a column that is missing would be null instead of its default."""
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, NEW)
    begun = await begin(teacher, exercise)
    await drain()
    missing = await owner.fetch(
        """SELECT c.column_name FROM information_schema.columns c
           WHERE c.table_schema = 'learning' AND c.table_name = 'submission_test_results'
             AND c.column_name NOT IN ('id', 'submission_id') AND NOT (
               SELECT r.tests->0 ? c.column_name FROM learning.regrade_results r WHERE r.regrade_id = $1)""",
        UUID(begun["id"]),
    )
    assert missing == []
