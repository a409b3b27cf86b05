"""What tests of the learning service ask for."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import jobs as queue
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning import jobs as learning_jobs
from codezest.services.learning.jobs import grade_submission
from codezest.services.learning.schemas.work import SubmissionDetail, SubmissionReceipt
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf
from fixtures.scripted_grader import ScriptedGrader
from fixtures.statements import recorded

from .regrading import OLD, Drain, Graded, Regrader


@pytest.fixture(scope="module")
def shelf(database: Database) -> Shelf:
    return Shelf(database)


@dataclass(frozen=True, slots=True)
class Person:
    """A user and a client that speaks for them; paths are below /api/v1."""

    id: UUID
    api: httpx.AsyncClient

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.api.get(path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        return await self.api.post(path, json=body, **options)

    async def patch(self, path: str, body: object) -> httpx.Response:
        return await self.api.patch(path, json=body)

    async def put(self, path: str, body: object) -> httpx.Response:
        return await self.api.put(path, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.api.delete(path)


People = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="module")
async def person(application: Application, make_user: Any) -> AsyncIterator[People]:
    """People to act as. Without a role, somebody without an account; `enrolled` takes a path."""
    clients: list[httpx.AsyncClient] = []
    shelf = Shelf(application.database)

    async def make(role: Role | None = Role.STUDENT, *, enrolled: MadePath | None = None) -> Person:
        user = await make_user(role) if role else None
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
        client = httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8000/api/v1", headers=user.headers if user else {}
        )
        clients.append(client)
        if enrolled is not None and user is not None:
            await shelf.enroll(enrolled, user.id)
        return Person(user.id if user else UUID(int=0), client)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture(scope="module")
async def nobody(person: People) -> Person:
    return await person(None)


def problem(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem; anything else than a problem fails."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["type"].rsplit(":", 1)[1]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement on tables of learning from now on, other than those that tests send by `owner`."""
    return recorded(monkeypatch, lambda query: "learning." in query)


async def number(owner: asyncpg.Connection, query: str, *args: object) -> int:
    """The one number a query gives."""
    found = await owner.fetchval(query, *args)
    assert isinstance(found, int)
    return found


@pytest.fixture(scope="module")
async def admin(person: People) -> Person:
    return await person(Role.ADMIN)


@pytest.fixture(scope="module")
async def teacher(person: People) -> Person:
    return await person(Role.INSTRUCTOR)


@pytest.fixture
async def path(shelf: Shelf, teacher: Person) -> MadePath:
    """A path of the test's own, taught by `teacher`."""
    return await shelf.path(instructor_id=teacher.id)


@pytest.fixture
async def module(shelf: Shelf, path: MadePath) -> UUID:
    """A module in it."""
    return await shelf.module(path)


@pytest.fixture
async def learner(person: People, path: MadePath) -> Person:
    """Somebody who takes it."""
    return await person(enrolled=path)


async def refreshes(owner: asyncpg.Connection, path: MadePath) -> int:
    """How often everybody's progress in a path was asked to be recounted."""
    return await number(
        owner,
        """SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'learning.refresh_progress'
           AND convert_from(payload, 'UTF8')::jsonb->>'course_id' = $1""",
        str(path.course_id),
    )


HIDDEN = {
    "name": "large numbers",
    "stdin": "MARKER-of-hidden-input",
    "expected": "MARKER-of-hidden-answer",
    "visible": False,
    "kind_of_case": "Both numbers are large.",
    "points": 3,
}


TESTS = [{"name": "small numbers", "stdin": "1 2", "expected": "3"}, HIDDEN]


Work = Callable[[UUID | str], Awaitable[None]]


@pytest.fixture
async def assignment(shelf: Shelf, module: UUID) -> UUID:
    return await shelf.assignment(module, tests=TESTS, solution_code="MARKER-of-solution", hints=["Add them."])


@pytest.fixture
def grader() -> ScriptedGrader:
    return ScriptedGrader()


@pytest.fixture
def work(database: Database, settings: Settings, grader: ScriptedGrader, owner: asyncpg.Connection) -> Work:
    """Does the queued jobs of one submission, those that doing them asks for as well, as a worker would."""
    (job,) = [job for job in learning_jobs.jobs(database, settings, grader) if job.name == "learning.grade"]

    async def run(submission_id: UUID | str) -> None:
        while rows := await owner.fetch(
            """DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.grade' AND dedupe_key LIKE $1
               RETURNING payload, priority""",
            f"learning.grade:{submission_id}:%",
        ):
            for row in rows:
                assert queue.ROUTINE < row["priority"] < queue.INTERACTIVE
                await job.handler(json.loads(row["payload"]))

    return run


async def submit(who: Person, assignment: UUID, code: str, **options: Any) -> str:
    response = await who.post(f"/assignments/{assignment}/submissions", {"code": code}, **options)
    assert response.status_code == 202, response.text
    receipt = SubmissionReceipt.model_validate_json(response.content)
    assert receipt.status == "PENDING"
    return str(receipt.id)


async def read_submission(who: Person, submission: str) -> SubmissionDetail:
    response = await who.get(f"/submissions/{submission}")
    assert response.status_code == 200, response.text
    assert b"MARKER" not in response.content
    return SubmissionDetail.model_validate_json(response.content)


@pytest.fixture
def regrader() -> Regrader:
    return Regrader()


@pytest.fixture
def drain(database: Database, settings: Settings, regrader: Regrader, owner: asyncpg.Connection) -> Drain:
    """Does the queued jobs of regrades until there are none, as a worker would."""
    (job,) = [job for job in learning_jobs.jobs(database, settings, regrader) if job.name == "learning.regrade"]

    async def run() -> None:
        while rows := await owner.fetch(
            "DELETE FROM ops.pgqueuer WHERE entrypoint = 'learning.regrade' RETURNING payload, priority"
        ):
            assert {row["priority"] < 0 for row in rows} == {True}
            await asyncio.gather(*(job.handler(json.loads(row["payload"])) for row in rows))

    return run


@pytest.fixture
async def exercise(shelf: Shelf, module: UUID) -> UUID:
    return await shelf.assignment(module, tests=OLD)


@pytest.fixture
async def graded(database: Database, exercise: UUID, regrader: Regrader) -> Graded:
    """Submits a program and has it graded; returns its id."""

    async def make(who: Person, code: str, *, of: UUID = exercise) -> str:
        submission = await submit(who, of, code)
        await grade_submission(database, regrader, UUID(submission))
        return submission

    return make
