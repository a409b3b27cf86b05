"""Who may do what: every route of the API against every kind of caller.

A route without a row in one of the tables of `authorization` fails the test, so that none is added without a decision. Each
request is well-formed and names things that exist, so that nothing but the caller decides the answer.
"""

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.files import Files
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn, client_for

from .authorization.arranging import arranged
from .authorization.rows import API, CALLERS
from .authorization.tables import PARTS, TABLE
from .authorization.world import World

Callers = dict[str, SignedIn | None]


@pytest.fixture(scope="module")
def kept() -> dict[str, tuple[Callers, World]]:
    """Of the rows that only read: they share one world and its people."""
    return {}


@pytest.fixture
async def callers(make_user: MakeUser, route: tuple[str, str], kept: dict[str, tuple[Callers, World]]) -> Callers:
    if route[0] in kept:
        return kept[route[0]][0]
    return {
        "anonymous": None,
        "student": await make_user(Role.STUDENT),
        "other student": await make_user(Role.STUDENT),
        "instructor": await make_user(Role.INSTRUCTOR),
        "other instructor": await make_user(Role.INSTRUCTOR),
        "admin": await make_user(Role.ADMIN),
    }


@pytest.fixture
async def world(
    application: Application, callers: Callers, route: tuple[str, str], kept: dict[str, tuple[Callers, World]]
) -> World:
    """Built anew for each row of the table that changes anything, so that what one row deletes no other misses.

    What administrators do to accounts and to the platform needs no course, so that none is built for it.
    """
    method, path = route
    if method in kept:
        return kept[method][1]
    admin, instructor, student = callers["admin"], callers["instructor"], callers["student"]
    assert admin is not None
    assert instructor is not None
    assert student is not None
    built = World(client_for(application, headers=admin.headers), instructor, student, Files.of(application.settings))
    if method != "GET" and path.startswith(("/admin/", "/users")) and "{content_id}" not in path:
        return built
    await built.build()
    async with client_for(application, headers=student.headers) as client:
        await client.post(f"{API}/languages/{built.ids['slug']}/enroll")
        sent = await client.post(
            f"{API}/assignments/{built.ids['assignment_id']}/submissions", json={"code": "print(1)"}
        )
        assert sent.status_code == 202, sent.text
        built.ids["submission_id"] = sent.json()["id"]
        attempt = await client.post(f"{API}/quizzes/{built.ids['quiz_id']}/attempts")
        assert attempt.status_code == 201, attempt.text
        built.ids["attempt_id"] = attempt.json()["id"]
    if method == "GET":
        kept[method] = callers, built
    return built


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
async def test_each_caller_gets_what_the_table_says(
    route: tuple[str, str],
    world: World,
    callers: Callers,
    application: Application,
    owner: asyncpg.Connection,
    make_user: MakeUser,
) -> None:
    method, path = route
    for caller, expected in zip(CALLERS, TABLE[route], strict=True):
        person = callers[caller]
        if route == ("POST", "/auth/logout") and person is not None:
            person = await make_user(person.role)  # its session ends here
        body = await arranged(route, world, owner, application)
        async with client_for(application, headers=person.headers if person else {}) as client:
            if path.endswith("/events"):
                # Staff may not watch for ever: a finished submission ends the stream at once.
                await owner.execute(
                    "UPDATE learning.submissions SET status = 'ERROR', graded_at = now() WHERE id = $1",
                    world.ids["submission_id"],
                )
            answer = await client.request(method, API + path.format(**world.ids), json=body)
        assert answer.status_code in expected, f"{caller}: {answer.status_code} {answer.text[:300]}"


def test_every_route_is_in_the_table(application: Application) -> None:
    assert sum(map(len, PARTS)) == len(TABLE), "a route has rows in two parts"
    document = application.app.openapi()
    routes = {
        (method.upper(), path.removeprefix(API)) for path, methods in document["paths"].items() for method in methods
    }
    assert routes == set(TABLE)
