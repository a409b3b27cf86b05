"""Hostile values in every field of every request that those who teach can send, to things that are there.

Generated requests alone end at an id that nobody has. Here the ids are those of one course, so that what is sent arrives at
the action and at the tables behind it; whoever may not do it is refused, and nothing ever fails on our side.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest_db.enums import AssignmentKind, Role, StaffRole
from codezest_db.models.learning import CourseStaff
from factories.learning import Shelf

from .conftest import People, Person

API = "/api/v1"
TEXT = "%_\\'\"${7*7}{{7*7}}<b>../\u202egnp.exe\u2066\U0001f469\u200d\U0001f4bb"
NUMBER = 2**63
MOMENT = "9999-12-31T23:59:59-14:00"
WHOLE_ONLY = ("/assignments", "/attempts", "/materials", "/modules", "/options", "/questions", "/quizzes", "/tests")
"""Their fields have tables of hostile input of their own."""
LEFT_OUT = {"/teach/courses/{course_id}/copies", "/courses/{course_id}/bank/import"}
"""Each would copy all that the others have made."""


def sample(schema: Mapping[str, Any], schemas: Mapping[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """A value of the schema's shape, as hostile as it may be."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, ids, name)
    offered = [one for one in schema.get("anyOf", schema.get("oneOf", ())) if one.get("type") != "null"]
    if offered:
        return sample(offered[0], schemas, ids, name)
    match schema.get("type"):
        case "object":
            inner = schema.get("properties", {})
            return {one: sample(inner[one], schemas, ids, one) for one in inner} or {TEXT: 1}
        case "array":
            return [sample(schema.get("items", {}), schemas, ids, name)]
        case _:
            return leaf(schema, ids, name)


def leaf(schema: Mapping[str, Any], ids: Mapping[str, str], name: str) -> Any:
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[-1])
    by_format = {"uuid": ids.get(name, ids.get(f"{name}_id", ids["user_id"])), "date-time": MOMENT}
    by_type = {"integer": NUMBER, "number": NUMBER, "boolean": True, "string": TEXT}
    return by_format.get(schema.get("format", ""), by_type.get(schema.get("type", ""), {"a": [TEXT]}))


def one_by_one(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The whole, and each field alone: so that a field that is refused does not shield the others."""
    yield body
    if len(body) > 1:
        yield from ({name: value} for name, value in body.items())


@pytest.fixture(scope="module")
async def there(
    shelf: Shelf, person: People, teacher: Person, database: Database, owner: asyncpg.Connection
) -> tuple[list[Person], dict[str, str]]:
    """Those who send, and the ids of a course of theirs with one thing of every kind."""
    course = await shelf.course(instructor_id=teacher.id)
    graders = [await person(Role.STUDENT) for _ in range(2)]
    async with database.write("learning") as session:
        for one, role in zip(graders, (StaffRole.GRADER, StaffRole.OBSERVER), strict=True):
            session.add(CourseStaff(course_id=course.course_id, user_id=one.id, role=role))
    learner = await person(enrolled=course)
    module = await shelf.module(course)
    essay = await shelf.assignment(module, kind=AssignmentKind.TEXT, language=None, tests=[])
    exercise = await shelf.assignment(module)
    quiz = await shelf.quiz(module)
    attempt = (await learner.post(f"/quizzes/{quiz.id}/attempts")).json()
    answers = {"answers": [{"question_id": str(quiz.questions[0].id), "option_ids": []}]}
    assert (await learner.post(f"/attempts/{attempt['id']}/submit", answers)).status_code == 200
    ids: dict[str, Any] = {
        "course_id": course.course_id,
        "slug": course.slug,
        "module_id": module,
        "material_id": await shelf.material(module),
        "assignment_id": exercise,
        "quiz_id": quiz.id,
        "question_id": quiz.questions[0].id,
        "option_id": quiz.questions[0].right[0],
        "attempt_id": attempt["id"],
        "user_id": learner.id,
        "submission_id": (await learner.post(f"/assignments/{essay}/answers", {"text": "Words."})).json()["id"],
        "test_id": await owner.fetchval("SELECT id FROM learning.assignment_tests WHERE assignment_id = $1", exercise),
        "enrollment_id": await owner.fetchval("SELECT id FROM learning.enrollments WHERE user_id = $1", learner.id),
    }
    made = {"title": "R", "criteria": [{"title": "C", "levels": [{"title": "L", "points": 1}]}]}
    ids["rubric_id"] = (await teacher.post(f"/courses/{course.course_id}/rubrics", made)).json()["id"]
    new = {"name": "K", "starts_at": "2026-01-01T00:00:00Z"}
    ids["cohort_id"] = (await teacher.post(f"/courses/{course.course_id}/cohorts", new)).json()["id"]
    column = {"title": "Oral", "max_points": 10}
    layout = (await teacher.post(f"/courses/{course.course_id}/gradebook/columns", column)).json()
    ids["column_id"] = next(one["id"] for one in layout["columns"] if one["kind"] == "FILLED")
    found = await owner.fetchval("SELECT id FROM learning.versions WHERE course_id = $1 LIMIT 1", course.course_id)
    ids["version_id"] = found or uuid4()
    return [teacher, *graders, learner], {name: str(value) for name, value in ids.items()}


def operations(application: Application) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path below the API, and the schema of the body of whatever takes one about a course."""
    for path, methods in application.app.openapi()["paths"].items():
        rest = path.removeprefix(API)
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "{" in rest and rest not in LEFT_OUT and "application/json" in content:
                yield method.upper(), rest, content["application/json"]["schema"]


async def test_nothing_that_is_sent_to_a_course_fails_on_our_side(
    application: Application, there: tuple[list[Person], dict[str, str]]
) -> None:
    people, ids = there
    schemas = application.app.openapi()["components"]["schemas"]
    failed: list[str] = []
    reached = 0
    for method, path, schema in operations(application):
        try:
            url = path.format_map(ids)
        except KeyError:
            continue
        reached += 1
        whole = sample(schema, schemas, ids)
        for number, body in enumerate([whole] if path.startswith(WHOLE_ONLY) else one_by_one(whole)):
            for who in people if number == 0 else people[:1]:
                answer = await who.api.request(
                    method, url, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
                )
                if answer.status_code >= 500:
                    failed.append(f"{method} {path} {json.dumps(body)[:200]}: {answer.status_code}")
    assert reached > 60
    assert failed == []
