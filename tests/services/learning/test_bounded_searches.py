"""What nearly everybody fits costs no more than what a few do: rows are counted here, not seconds."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.kit.pagination import LAST_ID
from codezest.services.auth.queries import users
from codezest.services.learning.queries import bank, gradebook, learner_search
from factories.learning import MadePath

from .conftest import Person

FIT, FEW, LOOKED_AT = 290, 20, 50


@pytest.fixture
async def crowd(monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection, path: MadePath) -> list[str]:
    """Learners who share a name, the last to enrol first, where so many are too many to be told at once."""
    for module, name, value in (
        (learner_search, "FEW", FEW),
        (learner_search, "LOOKED_AT_ONCE", LOOKED_AT),
        (learner_search, "MOST_LOOKED_AT", 2 * LOOKED_AT),
        (gradebook, "FEW", FEW),
        (users, "FEW", FEW),
        (users, "LOOKED_AT", LOOKED_AT),
        (bank, "LOOKED_AT", LOOKED_AT),
    ):
        monkeypatch.setattr(module, name, value)
    made = await owner.fetch(
        """WITH made AS (
            INSERT INTO auth.users (email, first_name, last_name)
            SELECT 'everyone' || n || '-' || $1 || '@crowd.example', 'Everyone', CASE WHEN n = 7 THEN 'Rarely' ELSE 'Alike' END
            FROM generate_series(1, $2::int) n RETURNING id)
        INSERT INTO learning.enrollments (user_id, course_id) SELECT id, $3 FROM made ORDER BY id RETURNING id""",
        str(path.course_id), FIT, path.course_id,
    )  # fmt: skip
    return sorted((str(one["id"]) for one in made), reverse=True)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


async def most_rows(database: Database, statement: str, *values: object) -> int:
    """The most rows that one part of the plan touched in all its turns, where nothing is so small that it is sorted whole."""
    async with database.pool("learning").acquire() as connection, connection.transaction():
        for shortcut in ("seqscan", "bitmapscan", "sort"):
            await connection.execute(f"SET LOCAL enable_{shortcut} = off")
        found = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
    return max(
        int((one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"])
        for one in nodes(json.loads(found)[0]["Plan"])
    )


async def paged(who: Person, url: str, name: str) -> tuple[list[str], int]:
    """All ids of a list and how many pages it took."""
    found: list[str] = []
    pages, cursor = 0, ""
    while True:
        page = (await who.get(f"{url}{cursor}")).json()
        found += [str(one[name]) for one in page["items"]]
        pages += 1
        if page["next_cursor"] is None:
            return found, pages
        cursor = f"&cursor={page['next_cursor']}"


async def test_a_name_that_everybody_has(
    crowd: list[str], path: MadePath, teacher: Person, database: Database, statements: list[str]
) -> None:
    course = f"/courses/{path.course_id}"
    statements.clear()
    first = (await teacher.get(f"{course}/learners?q=everyone&limit=100")).json()
    assert [one["id"] for one in first["items"]] == crowd[:100]
    assert len(statements) == 5, "who asks, whether they are few, twice the next, and the page"
    assert (await paged(teacher, f"{course}/learners?q=everyone&limit=70", "id"))[0] == crowd
    assert (await paged(teacher, f"{course}/gradebook?q=everyone&limit=70", "enrollment_id"))[0] == crowd
    rare, pages = await paged(teacher, f"{course}/learners?q=rarely&limit=70", "id")
    assert (len(rare), pages) == (1, 1), "few are found wherever they stand"
    unknown, pages = await paged(teacher, f"{course}/learners?q=.%3F.&limit=70", "id")
    assert (unknown, pages) == ([], 3), "no index knows signs; each page looks at so many and leads on"
    patterns = ["%everyone%"]
    values = path.course_id, patterns, LAST_ID, LOOKED_AT
    assert await most_rows(database, learner_search.LOOK, *values) <= LOOKED_AT
    told = await database.pool("learning").fetchrow(learner_search.FIND_FEW, path.course_id, patterns, patterns, FEW)
    assert told is None, "more than a few are not told"


async def test_an_order_that_is_not_possible_says_so(crowd: list[str], path: MadePath, teacher: Person) -> None:
    book = f"/courses/{path.course_id}/gradebook"
    for order in ("name", "highest"):
        page = (await teacher.get(f"{book}?q=everyone&limit=2&order={order}")).json()
        assert (page["order"], page["most_in_order"]) == ("newest", FEW)
        assert [one["enrollment_id"] for one in page["items"]] == crowd[:2]
        page = (await teacher.get(f"{book}?q=rarely&order={order}")).json()
        assert (page["order"], page["most_in_order"], len(page["items"])) == (order, None, 1)


async def test_accounts_that_all_fit(crowd: list[str], admin: Person) -> None:
    assert len(crowd) == FIT
    found, _pages = await paged(admin, "/users?search=everyone&limit=70", "id")
    assert len(found) == len(set(found)) >= FIT
    rare, pages = await paged(admin, "/users?search=rarely&limit=70", "id")
    assert rare
    assert pages == 1


async def test_a_bank_is_looked_through_in_parts(
    crowd: list[str], path: MadePath, teacher: Person, database: Database, owner: asyncpg.Connection
) -> None:
    assert crowd
    await owner.execute(
        """INSERT INTO learning.questions (course_id, type, text)
           SELECT $1, 'SHORT_ANSWER', CASE WHEN n = 3 THEN 'Rarely' ELSE 'Often' END FROM generate_series(1, $2::int) n""",
        path.course_id, FIT,
    )  # fmt: skip
    url = f"/courses/{path.course_id}/bank?limit=25"
    assert len((await paged(teacher, f"{url}&q=often", "id"))[0]) == FIT - 1
    found, pages = await paged(teacher, f"{url}&q=rarely", "id")
    assert (len(found), pages) == (1, FIT // LOOKED_AT + 1)
    wanted: tuple[UUID | str | int | None, ...] = (
        path.course_id,
        None,
        None,
        None,
        "rarely",
        LAST_ID,
        26,
        None,
        LOOKED_AT,
    )
    assert await most_rows(database, bank.BANK, *wanted) <= LOOKED_AT
