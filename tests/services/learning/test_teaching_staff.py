"""Who may do what in a course: its owner, its staff by role, and everybody else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest_db.enums import Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, number, problem

ROLES = ("owner", "co-instructor", "grader", "observer", "other instructor", "student", "admin")
VIEWERS = frozenset({"owner", "co-instructor", "grader", "observer", "admin"})
WRITERS = frozenset({"owner", "co-instructor", "admin"})
OWNERS = frozenset({"owner", "admin"})


@pytest.fixture(scope="module")
async def taught(
    person: People, teacher: Person, admin: Person, shelf: Shelf
) -> tuple[Mapping[str, Person], dict[str, str]]:
    """One person of each kind, and the ids of a course with a module and a material."""
    people = {
        "owner": teacher,
        "co-instructor": await person(Role.INSTRUCTOR),
        "grader": await person(Role.STUDENT),
        "observer": await person(Role.STUDENT),
        "other instructor": await person(Role.INSTRUCTOR),
        "student": await person(Role.STUDENT),
        "admin": admin,
    }
    course = (await teacher.post("/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})).json()
    for role in ("co-instructor", "grader", "observer"):
        body = {"who": str(people[role].id), "role": role.upper().replace("-", "_")}
        assert (await teacher.put(f"/teach/courses/{course['id']}/staff", body)).status_code == 200
    module = await shelf.module(MadePath(course["slug"], UUID(int=0), UUID(course["id"])))
    material = await shelf.material(module)
    return people, {"course": course["id"], "module": str(module), "material": str(material)}


CASES: list[tuple[str, str, Any, frozenset[str]]] = [
    ("GET", "/teach/courses/{course}", None, VIEWERS),
    ("GET", "/teach/courses/{course}/staff", None, VIEWERS),
    ("PATCH", "/teach/courses/{course}", {"subtitle": "Again"}, WRITERS),
    ("PATCH", "/teach/courses/{course}", {"price_minor": 700}, OWNERS),
    ("POST", "/teach/courses/{course}/modules", {"title": "More"}, WRITERS),
    ("POST", "/teach/courses/{course}/restored", {"kind": "MATERIAL", "id": "{material}"}, WRITERS),
    (
        "PUT",
        "/teach/courses/{course}/place",
        {"kind": "MATERIAL", "id": "{material}", "module_id": "{module}"},
        WRITERS,
    ),
    ("POST", "/teach/courses/{course}/copies", {}, WRITERS),
    ("PUT", "/teach/courses/{course}/status", {"status": "ARCHIVED"}, WRITERS),
    ("PUT", "/teach/courses/{course}/staff", {"who": "nobody-of-this-name", "role": "GRADER"}, OWNERS),
    ("PUT", "/teach/courses/{course}/owner", {"who": "nobody-of-this-name"}, OWNERS),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_each_role_does_what_it_may(
    method: str,
    path: str,
    body: Any,
    allowed: frozenset[str],
    taught: tuple[Mapping[str, Person], dict[str, str]],
    owner: asyncpg.Connection,
) -> None:
    people, ids = taught
    filled = {name: value.format(**ids) if isinstance(value, str) else value for name, value in (body or {}).items()}
    for role in ROLES:
        if "modules" in path:
            filled["title"] = f"More {uuid4().hex[:6]}"
        await owner.execute(
            "UPDATE learning.courses SET status = 'DRAFT', price_minor = 0 WHERE id = $1", UUID(ids["course"])
        )
        answer = await people[role].api.request(method, path.format(**ids), json=None if body is None else filled)
        if role in allowed:
            # Who may ask is told that there is nobody of that name.
            expected = {422} if "nobody-of-this-name" in str(body) else {200, 201}
            assert answer.status_code in expected, f"{role}: {answer.status_code} {answer.text}"
        else:
            assert answer.status_code in {403, 404}, f"{role}: {answer.status_code} {answer.text}"


async def test_staff_is_named_by_address_or_page_and_told_of(
    teacher: Person, person: People, owner: asyncpg.Connection
) -> None:
    course = (await teacher.post("/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})).json()
    path = f"/teach/courses/{course['id']}"
    helper, colleague = await person(Role.STUDENT), await person(Role.INSTRUCTOR)
    email = await owner.fetchval("SELECT email FROM auth.users WHERE id = $1", helper.id)
    handle = f"handle-{uuid4().hex[:8]}"
    await owner.execute(
        "INSERT INTO auth.user_profiles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET handle = $2",
        colleague.id, handle,
    )  # fmt: skip
    listed = await teacher.put(f"{path}/staff", {"who": str(email).upper(), "role": "OBSERVER"})
    assert [member["role"] for member in listed.json()["items"]] == ["OWNER", "OBSERVER"]
    assert (await teacher.put(f"{path}/staff", {"who": handle.upper(), "role": "CO_INSTRUCTOR"})).status_code == 200
    no_instructor = await teacher.put(f"{path}/staff", {"who": str(email), "role": "CO_INSTRUCTOR"})
    assert no_instructor.json()["errors"][0]["location"] == ["body", "who"]
    assert "instructor" in no_instructor.json()["detail"]
    assert (await teacher.put(f"{path}/staff", {"who": str(teacher.id), "role": "GRADER"})).status_code == 422
    assert [item["id"] for item in (await helper.get("/teach/courses")).json()["items"]] == [course["id"]]

    assert problem(await helper.delete(f"{path}/staff/{colleague.id}")) == (403, "forbidden")
    for _twice in range(2):
        assert (await helper.delete(f"{path}/staff/{helper.id}")).status_code in {204, 404}
    assert problem(await helper.get(path)) == (404, "not-found")

    handed = await teacher.put(f"{path}/owner", {"who": handle})
    assert [(member["role"], member["user"]["id"]) for member in handed.json()["items"]] == [
        ("OWNER", str(colleague.id)), ("CO_INSTRUCTOR", str(teacher.id)),
    ]  # fmt: skip
    assert problem(await teacher.put(f"{path}/owner", {"who": str(teacher.id)})) == (403, "forbidden")
    assert problem(await teacher.delete(path)) == (403, "forbidden")
    told = """SELECT count(*) FROM ops.outbox WHERE topic = 'learning.course_staff_changed' AND payload->>'course_id' = $1"""
    assert await number(owner, told, course["id"]) == 5
