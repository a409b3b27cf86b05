"""Programs that are refused, repeated, counted and numbered, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest_db.enums import AssignmentKind, EnrollmentStatus, PublicationStatus
from factories.learning import MadePath, Shelf

from .conftest import HIDDEN, TESTS, People, Person, Work, problem, read_submission, submit


@pytest.mark.parametrize("verb", ["run", "submissions"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "validation-failed")),
        ({"code": ""}, (422, "validation-failed")),
        ({"code": 5}, (422, "validation-failed")),
        ({"code": None}, (422, "validation-failed")),
        ({"code": "a\0b"}, (422, "validation-failed")),
        ({"code": "x", "more": 1}, (422, "validation-failed")),
        ({"code": "x" * (64 * 1024 + 1)}, (413, "code-too-large")),
        ({"code": "é" * (32 * 1024 + 1)}, (413, "code-too-large")),
        ({"code": "x" * 2_000_000}, (413, "payload-too-large")),
    ],
)
async def test_programs_that_are_not_accepted(
    assignment: UUID, learner: Person, verb: str, body: dict[str, Any], expected: tuple[int, str],
    owner: asyncpg.Connection,
) -> None:  # fmt: skip
    assert problem(await learner.post(f"/assignments/{assignment}/{verb}", body)) == expected
    assert await owner.fetchval("SELECT count(*) FROM learning.submissions WHERE user_id = $1", learner.id) == 0


@pytest.mark.parametrize("content", [b'{"code": "\\ud800"}', b'{"code": "\xff"}', b'{"code"', b"[]", b"\xff\xfe"])
async def test_bodies_that_are_no_text(assignment: UUID, learner: Person, content: bytes) -> None:
    response = await learner.api.post(
        f"/assignments/{assignment}/submissions", content=content, headers={"Content-Type": "application/json"}
    )
    assert problem(response)[0] in {400, 422}


async def test_a_program_of_exactly_the_limit_is_accepted(assignment: UUID, learner: Person) -> None:
    await submit(learner, assignment, "é" * (32 * 1024))


async def test_an_idempotency_key_makes_one_submission(
    assignment: UUID, learner: Person, person: People, path: MadePath, owner: asyncpg.Connection
) -> None:
    headers = {"Idempotency-Key": "key-1"}
    answers = await asyncio.gather(*(submit(learner, assignment, "AC AC", headers=headers) for _ in range(5)))
    assert len(set(answers)) == 1
    jobs = await owner.fetchval(
        "SELECT count(*) FROM ops.pgqueuer WHERE dedupe_key = $1", f"learning.grade:{answers[0]}:1"
    )
    assert jobs == 1
    other_body = await learner.post(f"/assignments/{assignment}/submissions", {"code": "WA WA"}, headers=headers)
    assert problem(other_body) == (422, "idempotency-key-reused")
    other_purpose = await learner.post(f"/assignments/{assignment}/run", {"code": "AC AC"}, headers=headers)
    assert problem(other_purpose) == (422, "idempotency-key-reused")
    somebody = await person(enrolled=path)
    assert await submit(somebody, assignment, "WA WA", headers=headers) not in answers
    for bad in ("", "x" * 256, "with space"):
        response = await learner.post(
            f"/assignments/{assignment}/submissions", {"code": "AC AC"}, headers={"Idempotency-Key": bad}
        )
        assert problem(response) == (422, "validation-failed")


async def test_parallel_submissions_are_numbered_without_gaps(assignment: UUID, learner: Person) -> None:
    submissions = await asyncio.gather(*(submit(learner, assignment, f"AC {n}") for n in range(12)))
    numbers = [(await read_submission(learner, submission)).attempt_number for submission in submissions]
    assert sorted(number or 0 for number in numbers) == list(range(1, 13))


async def test_at_most_fifty_programs_wait(assignment: UUID, learner: Person, work: Work) -> None:
    answers = await asyncio.gather(
        *(learner.post(f"/assignments/{assignment}/submissions", {"code": "AC AC"}) for _ in range(55))
    )
    accepted = [answer for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert len(accepted) == 50
    assert {problem(answer) for answer in refused} == {(429, "too-many-submissions")}
    assert refused[0].headers["retry-after"]
    assert problem(await learner.post(f"/assignments/{assignment}/run", {"code": "AC"})) == (
        429,
        "too-many-submissions",
    )
    await work(accepted[0].json()["id"])
    await submit(learner, assignment, "AC AC")


async def test_deadlines(shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection) -> None:
    late = await shelf.assignment(module, tests=TESTS)
    strict = await shelf.assignment(module, tests=TESTS, allow_late=False)
    await owner.execute(
        "UPDATE learning.assignments SET due_at = now() - interval '1 hour' WHERE id = ANY($1)", [late, strict]
    )
    assert (await read_submission(learner, await submit(learner, late, "AC AC"))).is_late
    assert problem(await learner.post(f"/assignments/{strict}/submissions", {"code": "AC AC"})) == (409, "past-due")
    assert (await learner.post(f"/assignments/{strict}/run", {"code": "AC"})).status_code == 202


async def test_assignments_that_take_no_program(shelf: Shelf, module: UUID, learner: Person) -> None:
    essay = await shelf.assignment(module, kind=AssignmentKind.TEXT, language=None, tests=[])
    all_hidden = await shelf.assignment(module, tests=[HIDDEN])
    untested = await shelf.assignment(module, tests=[])
    assert problem(await learner.post(f"/assignments/{essay}/submissions", {"code": "x"})) == (422, "not-runnable")
    assert problem(await learner.post(f"/assignments/{all_hidden}/run", {"code": "x"})) == (409, "nothing-to-run")
    assert problem(await learner.post(f"/assignments/{untested}/submissions", {"code": "x"})) == (409, "nothing-to-run")


@pytest.mark.parametrize("action", ["", "/run", "/submissions", "/submissions?read"])
async def test_assignments_that_are_closed_to_the_caller(
    shelf: Shelf, path: MadePath, module: UUID, assignment: UUID, learner: Person, person: People, nobody: Person,
    owner: asyncpg.Connection, action: str,
) -> None:  # fmt: skip
    async def ask(who: Person, target: UUID) -> tuple[int, str]:
        if action in {"/run", "/submissions"}:
            return problem(await who.post(f"/assignments/{target}{action}", {"code": "AC"}))
        return problem(await who.get(f"/assignments/{target}{action.partition('?')[0]}"))

    draft = await shelf.assignment(module, status=PublicationStatus.DRAFT)
    locked = await shelf.assignment(await shelf.module(path, prerequisites=[module]))
    archived = await shelf.path(status=PublicationStatus.ARCHIVED)
    gone = await shelf.assignment(await shelf.module(archived))
    await shelf.enroll(archived, learner.id)
    stranger, dropped = await person(), await person()
    await shelf.enroll(path, dropped.id, EnrollmentStatus.DROPPED)
    assert await ask(nobody, assignment) == (401, "unauthenticated")
    assert await ask(stranger, assignment) == (403, "not-enrolled")
    assert await ask(dropped, assignment) == (403, "not-enrolled")
    assert await ask(learner, locked) == (403, "module-locked")
    assert await ask(learner, draft) == (404, "not-found")
    assert await ask(learner, uuid4()) == (404, "not-found")
    assert await ask(learner, gone) == (410, "content-archived")
    targets = [assignment, draft, locked, gone]
    assert await owner.fetchval("SELECT count(*) FROM learning.submissions WHERE assignment_id = ANY($1)", targets) == 0
