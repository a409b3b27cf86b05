"""Running and submitting programs, over HTTP; grading itself is the subject of tests/grading."""

from uuid import UUID, uuid4

import asyncpg

from codezest.services.learning.schemas.items import AssignmentDetail
from codezest.services.learning.schemas.work import SubmissionPage
from codezest_db.enums import MaterialType, PublicationStatus, Role
from factories.learning import MadePath, Shelf
from fixtures.scripted_grader import CRASH, SECRET, ScriptedGrader

from .conftest import TESTS, People, Person, Work, problem, read_submission, submit


async def test_an_assignment_shows_visible_tests_and_names_hidden_ones(assignment: UUID, learner: Person) -> None:
    response = await learner.get(f"/assignments/{assignment}")
    assert b"MARKER" not in response.content
    shown = AssignmentDetail.model_validate_json(response.content)
    visible, hidden = shown.tests
    assert (visible.name, visible.stdin, visible.expected, visible.points) == ("small numbers", "1 2", "3", 1)
    assert (hidden.name, hidden.kind_of_case, hidden.points) == ("large numbers", "Both numbers are large.", 3)
    assert (hidden.stdin, hidden.expected, hidden.visible) == (None, None, False)
    assert (shown.hints, shown.hint_count, shown.runtime, shown.limits.cpu_seconds) == ([], 1, "python", 2)
    assert (shown.status, shown.best, shown.latest, shown.latest_code) == ("NOT_STARTED", None, None, None)


async def test_a_submission_is_graded_and_counts(
    assignment: UUID, path: MadePath, learner: Person, work: Work, owner: asyncpg.Connection
) -> None:
    failed = await submit(learner, assignment, "WA AC")
    waiting = await read_submission(learner, failed)
    assert (waiting.status, waiting.score, waiting.tests, waiting.total_tests) == ("PENDING", None, [], 2)
    await work(failed)
    graded = await read_submission(learner, failed)
    assert (graded.status, graded.verdict, graded.score, graded.max_score) == ("FAILED", "WA", 75, 100)
    assert (graded.runtime, graded.sandbox_tier, graded.tests_revision) == ("CPython 3.11", "NAMESPACES", "first")
    assert graded.graded_at is not None
    assert graded.started_at is not None
    visible, hidden = graded.tests
    assert (visible.verdict, visible.points, visible.stdin, visible.expected) == ("WA", 0, "1 2", "3")
    assert (visible.stdout, visible.message, visible.time_ms, visible.memory_kb) == (
        "visible output",
        "It differs.",
        12,
        345,
    )
    assert (hidden.verdict, hidden.points, hidden.max_points, hidden.kind_of_case) == (
        "AC", 3, 3, "Both numbers are large.")  # fmt: skip
    assert {hidden.stdin, hidden.expected, hidden.stdout, hidden.stderr, hidden.message, hidden.time_ms} == {None}
    assert (await learner.get("/me/progress")).json()["items"][0]["enrollment"]["progress_percent"] == 0

    passed = await submit(learner, assignment, "AC AC")
    await work(passed)
    assert (await read_submission(learner, passed)).status == "PASSED"
    mine = (await learner.get("/me/progress")).json()["items"][0]
    assert (mine["enrollment"]["status"], mine["modules"][0]["items"][0]["status"]) == ("COMPLETED", "COMPLETED")
    shown = AssignmentDetail.model_validate_json((await learner.get(f"/assignments/{assignment}")).content)
    assert shown.best is not None
    assert shown.latest is not None
    assert (str(shown.best.id), str(shown.latest.id), shown.submission_count) == (passed, passed, 2)
    assert (shown.latest_code, shown.status) == ("AC AC", "COMPLETED")
    topics = await owner.fetch(
        "SELECT topic, count(*) AS n FROM ops.outbox WHERE payload->>'user_id' = $1 GROUP BY topic", str(learner.id)
    )
    assert {row["topic"]: row["n"] for row in topics} == {
        "learning.solution_submitted": 2,
        "learning.solution_graded": 2,
        "learning.module_completed": 1,
        "learning.course_completed": 1,
    }


async def test_what_a_crash_says_of_hidden_input_stays_hidden(
    assignment: UUID, learner: Person, work: Work, owner: asyncpg.Connection
) -> None:
    submission = await submit(learner, assignment, "AC RE")
    await work(submission)
    shown = await read_submission(learner, submission)
    assert shown.feedback is not None
    assert "large numbers" in shown.feedback
    stored = await owner.fetch("SELECT r::text FROM learning.submission_test_results r WHERE submission_id = $1",
                               UUID(submission))  # fmt: skip
    assert len(stored) == 2
    assert not any(SECRET in row[0] or CRASH in row[0] for row in stored)


async def test_a_run_uses_visible_tests_only_and_does_not_count(
    assignment: UUID, learner: Person, work: Work, grader: ScriptedGrader, owner: asyncpg.Connection
) -> None:
    response = await learner.post(f"/assignments/{assignment}/run", {"code": "AC"})
    assert response.status_code == 202
    submission = response.json()["id"]
    await work(submission)
    shown = await read_submission(learner, submission)
    assert (shown.purpose, shown.status, shown.attempt_number, len(shown.tests)) == ("RUN", "PASSED", None, 1)
    assert [test.name for test in grader.specs[-1].tests] == ["small numbers"]
    assert (await learner.get("/me/progress")).json()["items"][0]["enrollment"]["progress_percent"] == 0
    detail = (await learner.get(f"/assignments/{assignment}")).json()
    assert (detail["submission_count"], detail["best"], detail["latest_code"]) == (0, None, "AC")
    assert (await learner.get(f"/assignments/{assignment}/submissions")).json()["items"] == []
    assert await owner.fetchval("SELECT count(*) FROM ops.outbox WHERE payload->>'user_id' = $1", str(learner.id)) == 0


async def test_a_materials_cell_runs_on_the_given_input(
    shelf: Shelf, module: UUID, learner: Person, work: Work, grader: ScriptedGrader
) -> None:
    material = await shelf.material(module, type=MaterialType.INTERACTIVE, code="print(input())")
    response = await learner.post(f"/materials/{material}/run", {"code": "AC", "stdin": "hello"})
    assert response.status_code == 202
    await work(response.json()["id"])
    shown = await read_submission(learner, response.json()["id"])
    assert (shown.purpose, shown.material_id, shown.stdin, shown.status) == ("PLAYGROUND", material, "hello", "PASSED")
    assert (shown.tests[0].stdout, shown.tests[0].visible) == ("visible output", True)
    (test,) = grader.specs[-1].tests
    assert (test.stdin, test.expected, test.visible) == ("hello", None, True)


async def test_an_article_cannot_be_run(shelf: Shelf, module: UUID, learner: Person) -> None:
    article = await shelf.material(module)
    assert problem(await learner.post(f"/materials/{article}/run", {"code": "x"})) == (422, "not-runnable")
    no_runtime = await shelf.path(runtime=None)
    material = await shelf.material(await shelf.module(no_runtime), type=MaterialType.CODE_EXAMPLE, code="x")
    await shelf.enroll(no_runtime, learner.id)
    assert problem(await learner.post(f"/materials/{material}/run", {"code": "x"})) == (422, "not-runnable")


async def test_my_submissions_are_paged(assignment: UUID, learner: Person, person: People, path: MadePath) -> None:
    other = await person(enrolled=path)
    await submit(other, assignment, "AC AC")
    made = [await submit(learner, assignment, "AC AC") for _ in range(5)]
    url = f"/assignments/{assignment}/submissions"
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = SubmissionPage.model_validate_json((await learner.get(url, params=params)).content)
        seen += [str(item.id) for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == made[::-1]
    assert problem(await learner.get(url, params={"cursor": "nonsense"})) == (400, "bad-request")
    assert problem(await learner.get(url, params={"limit": 0})) == (422, "validation-failed")


async def test_submissions_are_seen_by_their_owner_and_the_courses_staff(
    shelf: Shelf, person: People, nobody: Person
) -> None:
    teacher, other_teacher, admin = (
        await person(Role.INSTRUCTOR),
        await person(Role.INSTRUCTOR),
        await person(Role.ADMIN),
    )
    path = await shelf.path(instructor_id=teacher.id)
    assignment = await shelf.assignment(await shelf.module(path), tests=TESTS)
    learner, classmate = await person(enrolled=path), await person(enrolled=path)
    submission = await submit(learner, assignment, "AC AC")
    for allowed in (learner, teacher, admin):
        assert (await allowed.get(f"/submissions/{submission}")).status_code == 200
    for url in (f"/submissions/{submission}", f"/submissions/{submission}/events"):
        for outside in (classmate, other_teacher):
            assert problem(await outside.get(url)) == (404, "not-found")
        assert problem(await nobody.get(url)) == (401, "unauthenticated")
    assert problem(await learner.get(f"/submissions/{uuid4()}")) == (404, "not-found")
    assert problem(await learner.get(f"/submissions/{uuid4()}/events")) == (404, "not-found")


async def test_staff_try_their_own_drafts(shelf: Shelf, person: People, work: Work) -> None:
    teacher = await person(Role.INSTRUCTOR)
    path = await shelf.path(instructor_id=teacher.id, status=PublicationStatus.DRAFT)
    assignment = await shelf.assignment(await shelf.module(path), tests=TESTS, status=PublicationStatus.DRAFT)
    submission = await submit(teacher, assignment, "AC AC")
    await work(submission)
    assert (await read_submission(teacher, submission)).status == "PASSED"
