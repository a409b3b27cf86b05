"""What tests of regrades do and ask."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import httpx

from factories.learning import MadePath
from fixtures.scripted_grader import ScriptedGrader

OLD = [
    {"name": "one", "expected": "1", "points": 1},
    {"name": "two", "expected": "2", "stdin": "MARKER", "visible": False, "kind_of_case": "Big.", "points": 1},
]
NEW = [{"name": "two", "expected": "2", "points": 4}, {"name": "one", "expected": "1", "points": 1}]
REASON = "Test two was worth too little."


class Regrader(ScriptedGrader):
    """Judges by the names of the tests: a program is what each is worth, such as `one=AC two=WA`."""

    async def grade(self, spec: Any, source: Any, on_outcome: Any = None) -> Any:
        told = dict(word.split("=") for word in source.split())
        words = " ".join(told[test.name] for test in spec.tests)
        return await super().grade(spec, words, on_outcome)


class Asks(Protocol):
    """A person of the tests, as far as it is used here."""

    @property
    def id(self) -> UUID: ...
    async def get(self, path: str, **options: Any) -> httpx.Response: ...
    async def post(self, path: str, body: object = None, **options: Any) -> httpx.Response: ...
    async def put(self, path: str, body: object) -> httpx.Response: ...


Drain = Callable[[], Awaitable[None]]
Graded = Callable[..., Awaitable[str]]


async def begin(who: Asks, assignment: UUID, reason: str = REASON) -> dict[str, Any]:
    answer = await who.post(f"/assignments/{assignment}/regrades", {"reason": reason})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def read(who: Asks, regrade: dict[str, Any], **query: Any) -> dict[str, Any]:
    answer = await who.get(f"/regrades/{regrade['id']}", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def change_tests(who: Asks, assignment: UUID, tests: list[dict[str, Any]]) -> None:
    assert (await who.put(f"/assignments/{assignment}/tests", {"tests": tests})).status_code == 200


async def shown(who: Asks, submission: str) -> dict[str, Any]:
    """All of a submission but how many tests the assignment has now."""
    found = dict((await who.get(f"/submissions/{submission}")).json())
    del found["total_tests"]
    return found


async def events(owner: asyncpg.Connection, topic: str, submission: str) -> int:
    found = await owner.fetchval(
        "SELECT count(*) FROM ops.outbox WHERE topic = $1 AND payload->>'submission_id' = $2",
        f"learning.{topic}", submission,
    )  # fmt: skip
    assert isinstance(found, int)
    return found


async def percents(owner: asyncpg.Connection, who: Asks, path: MadePath) -> tuple[int, int]:
    row = await owner.fetchrow(
        """SELECT p.progress_percent AS module, e.progress_percent AS course
           FROM learning.enrollments e
           LEFT JOIN (learning.module_progress p JOIN learning.modules m ON m.id = p.module_id)
             ON m.course_id = e.course_id AND p.user_id = e.user_id
           WHERE e.user_id = $1 AND e.course_id = $2""",
        who.id, path.course_id,
    )  # fmt: skip
    assert row is not None
    return row["module"], row["course"]
