"""Submissions whose worker dies, whose result cannot be stored, whose grader hangs: bounded, and told to the learner."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

import asyncpg
import pytest

from codezest.grading import Grade, Grader, GradingSpec, TestOutcome, TestSpec
from codezest.grading import grader as grader_module
from codezest.grading.deadline import GRACE_SECONDS, deadline_seconds
from codezest.grading.modes import MODES, Submission
from codezest.grading.plan import PlannedTest
from codezest.grading.spec import AuthorProgram, GeneratedInput, GradingLimits
from codezest.kit.database import Database
from codezest.kit.turns import Turns
from codezest.services.learning import jobs
from codezest.services.learning.actions.begin_grading import GradingTask, begin_grading
from codezest.services.learning.actions.record_grade import record_grade
from codezest.services.learning.jobs import GAVE_UP, grade_submission, lost_before
from codezest.services.learning.retries import MAX_GRADING_ATTEMPTS
from codezest_db.enums import CheckerKind, GradingMode, Verdict
from factories.learning import MadePath, Shelf
from fixtures.graders import grader
from fixtures.scripted_grader import ScriptedGrader

from .conftest import Person

__all__ = ["grader"]

PATIENCE = 20.0
RIGHT = "print(int(input()) + 1)"
TESTS = [{"name": "one", "stdin": "1\n", "expected": "2\n"}, {"name": "two", "stdin": "2\n", "expected": "3\n"}]


@pytest.fixture
async def assignment(shelf: Shelf, path: MadePath) -> UUID:
    return await shelf.assignment(await shelf.module(path), tests=TESTS)


async def _submit(learner: Person, assignment: UUID, code: str) -> UUID:
    answer = await learner.post(f"/assignments/{assignment}/submissions", {"code": code})
    assert answer.status_code == 202, answer.text
    return UUID(answer.json()["id"])


async def _shown(learner: Person, submission: UUID) -> tuple[str, str | None, str | None]:
    shown = (await learner.get(f"/submissions/{submission}")).json()
    return shown["status"], shown["verdict"], shown["feedback"]


async def _begin(database: Database, submission: UUID) -> GradingTask | None:
    """What a worker does that dies right after."""
    async with database.write("learning") as session:
        return await begin_grading(session, submission)


async def test_a_submission_that_takes_its_workers_with_it_is_given_up(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(learner, assignment, "AC AC")
    for number in range(MAX_GRADING_ATTEMPTS):
        assert await lost_before(database, submission, attempt=1) is (number > 0)
        assert await _begin(database, submission) is not None
        assert (await _shown(learner, submission))[0] == "RUNNING"
    untouched = ScriptedGrader()
    await grade_submission(database, untouched, submission)
    assert await _shown(learner, submission) == ("ERROR", "IE", GAVE_UP)
    assert untouched.specs == []
    told = await owner.fetchval(
        "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.solution_graded' AND payload->>'submission_id' = $1",
        str(submission),
    )
    assert told == 1


async def test_lost_and_failed_attempts_count_together(
    database: Database, learner: Person, assignment: UUID, owner: asyncpg.Connection
) -> None:
    submission = await _submit(learner, assignment, "AC AC")
    for _ in range(MAX_GRADING_ATTEMPTS - 1):
        await _begin(database, submission)
    failing = ScriptedGrader()
    failing.failures = 1
    await grade_submission(database, failing, submission)
    assert await _shown(learner, submission) == ("ERROR", "IE", GAVE_UP)
    again = await owner.fetchval("SELECT count(*) FROM ops.pgqueuer WHERE dedupe_key LIKE $1", f"%{submission}:2")
    assert again == 0


async def test_a_handled_failure_is_no_lost_worker(database: Database, learner: Person, assignment: UUID) -> None:
    submission = await _submit(learner, assignment, "AC AC")
    failing = ScriptedGrader()
    failing.failures = 1
    await grade_submission(database, failing, submission)
    assert not await lost_before(database, submission, attempt=2)
    await _begin(database, submission)
    assert await lost_before(database, submission, attempt=2)


async def test_a_result_that_cannot_be_stored_is_no_reason_to_give_up(
    database: Database, learner: Person, assignment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = await _submit(learner, assignment, "AC AC")

    async def full(*_arguments: object) -> bool:
        raise asyncpg.DiskFullError("no space left on device")

    monkeypatch.setattr(jobs, "record_grade", full)
    for _ in range(2 * MAX_GRADING_ATTEMPTS):
        with pytest.raises(asyncpg.DiskFullError):
            await grade_submission(database, ScriptedGrader(), submission)
    monkeypatch.setattr(jobs, "record_grade", record_grade)
    await grade_submission(database, ScriptedGrader(), submission)
    assert (await _shown(learner, submission))[:2] == ("PASSED", "AC")


async def test_whoever_must_be_alone_is_and_keeps_nobody_out_for_ever() -> None:
    turns, order = Turns(3), list[str]()
    running: set[str] = set()

    async def run(name: str, turn: str) -> None:
        async with getattr(turns, turn)():
            running.add(name)
            assert turn != "alone" or running == {name}
            await asyncio.sleep(0.005)
            assert turn != "alone" or running == {name}
            running.remove(name)
            order.append(name)

    first = asyncio.create_task(run("first", "urgent"))
    await asyncio.sleep(0)
    tasks = [asyncio.create_task(run(f"alone {number}", "alone")) for number in range(2)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(run(f"late {number}", "urgent")) for number in range(4)]
    tasks += [asyncio.create_task(run("bulk", "patient"))]
    await asyncio.wait_for(asyncio.gather(first, *tasks), PATIENCE)
    assert order[:3] == ["first", "alone 0", "alone 1"]
    assert sorted(order[3:]) == ["bulk", "late 0", "late 1", "late 2", "late 3"]


async def test_whoever_leaves_before_being_alone_keeps_nobody_out() -> None:
    turns = Turns(2)

    async def alone() -> None:
        async with turns.alone():
            raise AssertionError("somebody else runs")

    async with turns.urgent():
        leaving = asyncio.create_task(alone())
        await asyncio.sleep(0.01)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        async with asyncio.timeout(PATIENCE), turns.urgent():
            pass


def _at_once(_spec: GradingSpec) -> float:
    return 0.05


async def test_a_grader_that_hangs_is_our_failure_and_is_tried_again(
    database: Database,
    learner: Person,
    assignment: UUID,
    owner: asyncpg.Connection,
    grader: Grader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submission = await _submit(learner, assignment, RIGHT)
    ended = asyncio.Event()

    async def hang(_submission: Submission, _planned: Sequence[PlannedTest]) -> AsyncGenerator[TestOutcome]:
        try:
            await asyncio.Event().wait()
            yield NotImplemented
        finally:
            ended.set()

    with monkeypatch.context() as patched:
        patched.setitem(MODES, GradingMode.STDIO, hang)
        patched.setattr(grader_module, "deadline_seconds", _at_once)
        await asyncio.wait_for(grade_submission(database, grader, submission), PATIENCE)
    assert ended.is_set()
    assert (await _shown(learner, submission))[0] == "RUNNING"
    queued = await owner.fetchval(
        "SELECT count(*) FROM ops.pgqueuer WHERE dedupe_key = $1", f"learning.grade:{submission}:2"
    )
    assert queued == 1
    # More of them than the grader has places: none was kept.
    with monkeypatch.context() as patched:
        patched.setitem(MODES, GradingMode.STDIO, hang)
        patched.setattr(grader_module, "deadline_seconds", _at_once)
        hung = [grader.grade(GradingSpec(language="python", tests=(TestSpec(name="x"),)), "pass") for _ in range(5)]
        ends: list[Grade | BaseException] = await asyncio.wait_for(
            asyncio.gather(*hung, return_exceptions=True), PATIENCE
        )
        assert [type(end) for end in ends] == [TimeoutError] * 5
    await asyncio.wait_for(grade_submission(database, grader, submission, attempt=2), PATIENCE)
    assert (await _shown(learner, submission))[:2] == ("PASSED", Verdict.AC)


def test_the_deadline_is_beyond_all_limits() -> None:
    limits = GradingLimits(cpu_seconds=2.0, wall_seconds=6.0)
    tests = (TestSpec(name="a"), TestSpec(name="b", cpu_seconds=4.0), TestSpec(name="c", wall_seconds=100.0))
    plain = deadline_seconds(GradingSpec(language="python", tests=tests, limits=limits))
    assert plain > GRACE_SECONDS + 6.0 + 12.0 + 100.0
    program = AuthorProgram(language="python", files={"main.py": ""})
    custom = tuple(
        TestSpec(name=name, checker=CheckerKind.CUSTOM, generator=GeneratedInput(program=program)) for name in "abc"
    )
    simple = tuple(TestSpec(name=name) for name in "abc")
    assert deadline_seconds(
        GradingSpec(language="python", tests=custom, limits=limits, checker_program=program)
    ) > deadline_seconds(GradingSpec(language="python", tests=simple, limits=limits))
    for mode in (GradingMode.INTERACTIVE, GradingMode.UNIT_TESTS):
        assert deadline_seconds(GradingSpec(language="python", tests=tests, limits=limits, mode=mode)) > plain
