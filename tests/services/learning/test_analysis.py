"""Analyses of programs: asked for, made, read, edited and approved, by whom and when."""

import json
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning import analysing
from codezest.services.learning.actions.analysis.note_failure import note_failure
from codezest.services.learning.actions.analysis.queue_analysis import ANALYSE, MOST_AN_HOUR, resume_analyses
from codezest.services.learning.actions.export_data import ROWS
from codezest.services.learning.actions.forget_learner import forget_learner
from codezest_db.enums import AnalysisPolicy, Role, StaffRole
from factories.learning import MadePath, Shelf
from fixtures.teaching import give_role

from .conftest import TESTS, People, Person, Work, problem, submit

Analyse = Callable[[], Awaitable[int]]
PROGRAM = "AC AC"
"""What the scripted grader accepts is no Python; as a program it cannot be read."""


@pytest.fixture
def analyse(database: Database, settings: Settings, owner: asyncpg.Connection) -> Analyse:
    """Does all queued analyses, each twice, as a worker would that died before it could say that it had finished."""
    (job,) = analysing.jobs(database, settings)

    async def run() -> int:
        rows = await owner.fetch("DELETE FROM ops.pgqueuer WHERE entrypoint = $1 RETURNING payload", ANALYSE)
        for row in rows:
            await job.handler(json.loads(row["payload"]))
            await job.handler(json.loads(row["payload"]))
        return len(rows)

    return run


@pytest.fixture
def tell(database: Database, owner: asyncpg.Connection) -> Callable[[str], Awaitable[None]]:
    """Hands the events of a topic to those who want to know, each twice."""

    async def run(topic: str) -> None:
        wanted = [one for one in analysing.subscriptions(database) if one.topic == topic]
        for row in await owner.fetch("DELETE FROM ops.outbox WHERE topic = $1 RETURNING payload", topic):
            for one in wanted:
                await one.handler(json.loads(row["payload"]))
                await one.handler(json.loads(row["payload"]))

    return run


async def policy(owner: asyncpg.Connection, path: MadePath, wanted: AnalysisPolicy) -> None:
    await owner.execute("UPDATE learning.courses SET analysis_policy = $2 WHERE id = $1", path.course_id, wanted.value)


async def rewritten(owner: asyncpg.Connection, submission: str, code: str) -> None:
    """Put a real program where the scripted grader read its verdicts."""
    await owner.execute("UPDATE learning.submissions SET code = $2 WHERE id = $1", UUID(submission), code)


CODE = """\
def total(numbers):
    \"\"\"The sum.\"\"\"
    unused = 1
    return sum(numbers)


print(total([1, 2]))
"""


async def test_a_graded_program_is_analysed_by_itself(
    shelf: Shelf, path: MadePath, learner: Person, teacher: Person, module: UUID, work: Work, analyse: Analyse,
    tell: Callable[[str], Awaitable[None]], owner: asyncpg.Connection, person: People,
) -> None:  # fmt: skip
    exercise = await shelf.assignment(module, tests=TESTS)
    submission = await submit(learner, exercise, PROGRAM)
    assert problem(await learner.post(f"/submissions/{submission}/analysis")) == (422, "not-analysable")
    await work(submission)
    await rewritten(owner, submission, CODE)
    assert problem(await learner.get(f"/submissions/{submission}/analysis")) == (404, "not-found")
    await tell("learning.solution_graded")
    assert await analyse() == 1
    found = (await learner.get(f"/submissions/{submission}/analysis")).json()
    assert (found["status"], found["analysis_type"], found["provider"]) == ("READY", "AI", "LOCAL")
    assert found["code_quality"] == {"readability": 10, "efficiency": 10, "best_practices": 9}
    assert found["overall_score"] == 96
    assert [(one["line"], one["rule"]) for one in found["evidence"]] == [(3, "unused-variable")]
    assert found["evidence"][0]["message"] == "unused: A variable that is not used"
    assert found["weaknesses"] == ["A variable that is not used (line 3)"]
    assert "It passes all 2 tests." in found["strengths"]
    assert found["review"] is None
    assert found["released_at"] is not None
    spanish = (await learner.get(f"/submissions/{submission}/analysis", headers={"Accept-Language": "es"})).json()
    assert spanish["code_quality"] == found["code_quality"]
    seen = (await teacher.get(f"/submissions/{submission}/analysis")).json()
    assert seen["review"]["needs_review"] is False
    stranger = await person(enrolled=path)
    assert problem(await stranger.get(f"/submissions/{submission}/analysis")) == (404, "not-found")
    assert problem(await stranger.post(f"/submissions/{submission}/analysis")) == (404, "not-found")
    assert problem(await learner.put(f"/submissions/{submission}/analysis", {"revision": 1})) == (404, "not-found")
    assert (await learner.put(f"/submissions/{submission}/analysis/helpful", {"helpful": True})).status_code == 204
    assert problem(await teacher.put(f"/submissions/{submission}/analysis/helpful", {"helpful": True}))[0] == 404
    assert (await learner.get(f"/submissions/{submission}/analysis")).json()["helpful"] is True


async def test_an_instructor_edits_and_approves(
    shelf: Shelf, path: MadePath, learner: Person, teacher: Person, module: UUID, work: Work, analyse: Analyse,
    tell: Callable[[str], Awaitable[None]], owner: asyncpg.Connection,
) -> None:  # fmt: skip
    await policy(owner, path, AnalysisPolicy.APPROVAL)
    exercise = await shelf.assignment(module, tests=TESTS)
    submission = await submit(learner, exercise, PROGRAM)
    await work(submission)
    await rewritten(owner, submission, CODE)
    await tell("learning.solution_graded")
    assert await analyse() == 1
    url = f"/submissions/{submission}/analysis"
    waiting = (await learner.get(url)).json()
    assert (waiting["status"], waiting["evidence"], waiting["overall_score"]) == ("QUEUED", [], None)
    assert waiting["weaknesses"] == waiting["strengths"] == []
    inbox = (await teacher.get(f"/teach/courses/{path.course_id}/analyses")).json()
    assert [(one["kind"], one["target_id"]) for one in inbox["items"]] == [("SUBMISSION", submission)]
    seen = (await teacher.get(url)).json()
    edit = {
        "revision": seen["revision"],
        "overall_score": 70,
        "code_quality": seen["code_quality"],
        "strengths": seen["strengths"][:1],
        "weaknesses": seen["weaknesses"],
        "suggestions": ["Look at line 3 once more."],
        "detailed_feedback": "Well begun.",
        "kept_evidence": [],
    }
    assert problem(await teacher.put(url, edit | {"revision": 0})) == (409, "analysis-changed")
    assert problem(await teacher.put(url, edit | {"overall_score": 101})) == (422, "validation-failed")
    saved = (await teacher.put(url, edit)).json()
    assert (saved["analysis_type"], saved["status"], saved["evidence"]) == ("HYBRID", "READY", [])
    assert saved["review"]["original"]["overall_score"] == 96
    assert saved["review"]["original"]["evidence"][0]["rule"] == "unused-variable"
    stored = await owner.fetchval(
        "SELECT weaknesses::text FROM learning.submission_analyses WHERE submission_id = $1", UUID(submission)
    )
    assert json.loads(str(stored))[0]["code"] == "rule:unused-variable"
    assert (await learner.get(url)).json()["suggestions"] == []
    assert problem(await teacher.post(f"{url}/approve", {"revision": 0})) == (409, "analysis-changed")
    approved = (await teacher.post(f"{url}/approve", {"revision": saved["revision"]})).json()
    assert (approved["status"], approved["approved_by"]) == ("APPROVED", str(teacher.id))
    again = await teacher.post(f"{url}/approve", {"revision": 0})
    assert (again.status_code, again.json()["revision"]) == (200, approved["revision"])
    shown = (await learner.get(url)).json()
    assert (shown["overall_score"], shown["suggestions"]) == (70, ["Look at line 3 once more."])
    assert shown["approved_by_name"] == "Test Person"
    assert shown["review"] is None
    assert (await teacher.get(f"/teach/courses/{path.course_id}/analyses")).json()["items"] == []
    assert (await teacher.post(url)).json()["analysis_type"] == "HYBRID"
    assert await analyse() == 0


async def test_an_instructor_writes_from_nothing_where_there_is_no_analysis(
    shelf: Shelf, path: MadePath, learner: Person, teacher: Person, module: UUID, work: Work, analyse: Analyse,
    tell: Callable[[str], Awaitable[None]], owner: asyncpg.Connection,
) -> None:  # fmt: skip
    await policy(owner, path, AnalysisPolicy.OFF)
    exercise = await shelf.assignment(module, tests=TESTS)
    submission = await submit(learner, exercise, PROGRAM)
    await work(submission)
    await tell("learning.solution_graded")
    await analyse()
    url = f"/submissions/{submission}/analysis"
    assert problem(await learner.post(url)) == (403, "forbidden")
    assert problem(await teacher.get(url)) == (404, "not-found")
    written = {"revision": 0, "weaknesses": ["It prints nothing."], "approve": True}
    made = (await teacher.put(url, written)).json()
    assert (made["analysis_type"], made["status"], made["provider"]) == ("MANUAL", "APPROVED", None)
    assert (await learner.get(url)).json()["weaknesses"] == ["It prints nothing."]


async def test_what_cannot_be_read_says_so_and_what_failed_can_be_asked_for_again(
    shelf: Shelf, learner: Person, teacher: Person, module: UUID, work: Work, analyse: Analyse, owner: asyncpg.Connection,
    database: Database,
) -> None:  # fmt: skip
    exercise = await shelf.assignment(module, tests=TESTS)
    submission = await submit(learner, exercise, "WA AC")
    await work(submission)
    url = f"/submissions/{submission}/analysis"
    assert (await learner.post(url)).json()["status"] == "QUEUED"
    assert (await learner.post(url)).status_code == 202
    await rewritten(owner, submission, "x" * 120_000)
    await owner.execute("UPDATE learning.submission_analyses SET requested_at = now() - interval '1 hour'")
    async with database.write("learning") as session:
        assert await resume_analyses(session) == 1
    assert await analyse() == 1
    failed = (await teacher.get(url)).json()
    assert (failed["status"], failed["review"]["fallback"], failed["review"]["needs_review"]) == (
        "FAILED",
        "too-large",
        True,
    )
    await rewritten(owner, submission, "def f(:\n")
    assert (await learner.post(url)).json()["status"] == "QUEUED"
    assert await analyse() == 1
    found = (await learner.get(url)).json()
    assert (found["status"], found["overall_score"], found["code_quality"]) == ("READY", None, None)
    assert found["weaknesses"][0].startswith("The program cannot be read here (line")
    await owner.execute(
        "UPDATE learning.submission_analyses SET requested_by = $1, requested_at = now() WHERE submission_id = $2",
        learner.id, UUID(submission),
    )  # fmt: skip
    for _ in range(MOST_AN_HOUR):
        await owner.execute(
            """WITH made AS (INSERT INTO learning.submissions (user_id, assignment_id, code, language, purpose, status, graded_at,
                   attempt_number) SELECT $1, $2, 'x', 'python', 'SUBMIT', 'FAILED', now(), count(*) + 1
                   FROM learning.submissions WHERE user_id = $1 RETURNING id)
               INSERT INTO learning.submission_analyses (submission_id, course_id, requested_by)
               SELECT made.id, a.course_id, $1 FROM made, learning.submission_analyses a WHERE a.submission_id = $3""",
            learner.id, exercise, UUID(submission),
        )  # fmt: skip
    last = await submit(learner, exercise, "WA AC")
    await work(last)
    assert problem(await learner.post(f"/submissions/{last}/analysis")) == (429, "too-many-analyses")
    assert (await teacher.post(f"/submissions/{last}/analysis")).status_code == 202


async def test_the_same_program_is_analysed_once(
    shelf: Shelf, path: MadePath, person: People, module: UUID, work: Work, analyse: Analyse, owner: asyncpg.Connection
) -> None:
    exercise = await shelf.assignment(module, tests=TESTS)
    urls: list[str] = []
    for text in (CODE, CODE.replace("\n", "  \n")):
        who = await person(enrolled=path)
        submission = await submit(who, exercise, PROGRAM)
        await work(submission)
        await rewritten(owner, submission, text)
        urls.append(f"/submissions/{submission}/analysis")
        await who.post(urls[-1])
        await analyse()
        # Only what was kept can say this of the second.
        await owner.execute(
            "UPDATE learning.submission_analyses SET detailed_feedback = 'kept' WHERE submission_id = $1",
            UUID(submission),
        ) if len(urls) == 1 else None
    assert (await who.get(urls[1])).json()["detailed_feedback"] == "kept"


async def test_policy_is_for_authors_and_lists_for_staff(
    person: People, path: MadePath, teacher: Person, learner: Person, owner: asyncpg.Connection
) -> None:
    observer, url = await person(Role.STUDENT), f"/teach/courses/{path.course_id}"
    await give_role(owner, path.course_id, observer.id, StaffRole.OBSERVER)
    assert (await observer.get(f"{url}/analyses")).json() == {"policy": "AUTOMATIC", "items": [], "next_cursor": None}
    assert problem(await observer.put(f"{url}/analysis-policy", {"policy": "OFF"})) == (403, "forbidden")
    assert problem(await learner.get(f"{url}/analyses")) == (404, "not-found")
    assert problem(await learner.put(f"{url}/analysis-policy", {"policy": "OFF"})) == (404, "not-found")
    assert (await teacher.put(f"{url}/analysis-policy", {"policy": "APPROVAL"})).json() == {"policy": "APPROVAL"}
    assert problem(await teacher.get(f"{url}/analyses?cursor=x")) == (400, "bad-request")


async def test_the_same_mistakes_are_counted_together(
    shelf: Shelf, path: MadePath, person: People, teacher: Person, module: UUID, work: Work, owner: asyncpg.Connection,
    tell: Callable[[str], Awaitable[None]],
) -> None:  # fmt: skip
    exercise = await shelf.assignment(module, tests=TESTS)
    learners = [await person(enrolled=path) for _ in range(3)]
    for who, verdicts in [
        (learners[0], "WA AC"),
        (learners[1], "WA AC"),
        (learners[1], "WA AC"),
        (learners[2], "TLE WA"),
    ]:
        await work(await submit(who, exercise, verdicts))
    await tell("learning.solution_graded")
    await work(await submit(learners[1], exercise, "AC AC"))
    await tell("learning.solution_graded")
    url = f"/teach/assignments/{exercise}/mistakes"
    found = (await teacher.get(url)).json()
    assert found["failures"] == 4
    shown = [
        (one["difference"], one["learners"], one["submissions"], one["passed_later"], one["failed_tests"])
        for one in found["items"]
    ]
    assert shown == [("other-text", 2, 3, 1, [0]), ("verdict-tle", 1, 1, 0, [0, 1])]
    assert found["items"][0]["text"] == "Another text is printed."
    assert found["items"][0]["example"]["expected"] == "3"
    assert found["items"][0]["example"]["actual"] == "visible output"
    assert b"MARKER" not in (await teacher.get(url)).content
    assert problem(await learners[0].get(url)) == (404, "not-found")
    await owner.execute(
        """UPDATE learning.submission_test_results SET verdict = 'AC', points = max_points WHERE submission_id IN (
               SELECT id FROM learning.submissions WHERE user_id = $1)""",
        learners[2].id,
    )
    await owner.execute(
        "UPDATE learning.submissions SET verdict = 'AC', status = 'PASSED' WHERE user_id = $1", learners[2].id
    )
    last = await owner.fetchval("SELECT id FROM learning.submissions WHERE user_id = $1", learners[2].id)
    await owner.execute(
        "INSERT INTO ops.outbox (topic, payload) VALUES ('learning.solution_regraded', $1::jsonb)",
        json.dumps({"submission_id": str(last)}),
    )
    await tell("learning.solution_regraded")
    assert (await teacher.get(url)).json()["failures"] == 3


async def test_nothing_is_left_of_a_learner_who_is_forgotten(
    shelf: Shelf, learner: Person, teacher: Person, module: UUID, work: Work, owner: asyncpg.Connection, database: Database,
) -> None:  # fmt: skip
    exercise = await shelf.assignment(module, tests=TESTS)
    submission = UUID(await submit(learner, exercise, "WA AC"))
    await work(submission)
    edit = {"revision": 0, "suggestions": ["About you."], "approve": True}
    assert (await teacher.put(f"/submissions/{submission}/analysis", edit)).status_code == 200
    async with database.write("learning") as session:
        await note_failure(session, submission)
    await owner.execute(
        "INSERT INTO learning.model_calls (user_id, submission_id, model) VALUES ($1, $2, 'm')", learner.id, submission
    )
    exported = await owner.fetch(ROWS["submission_analyses"], learner.id)
    assert "About you." in str(exported[0][0])
    async with database.write("learning") as session:
        while await forget_learner(session, learner.id):
            pass
    assert (
        await owner.fetchval("SELECT count(*) FROM learning.submission_analyses WHERE submission_id = $1", submission)
        == 0
    )
    assert await owner.fetchval("SELECT count(*) FROM learning.submission_failures WHERE user_id = $1", learner.id) == 0
    assert await owner.fetchval("SELECT count(*) FROM learning.model_calls WHERE user_id = $1", learner.id) == 0
    assert await owner.fetch(ROWS["submission_analyses"], learner.id) == []
