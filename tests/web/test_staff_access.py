"""Pages for those who teach and who administer: nobody else gets in, whatever page is added."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi.routing import iter_route_contexts

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest_db.enums import Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser

from .browser import Browser, token_of
from .conftest import MakeCourse, Open

FOR_ANY_TEACHER = {
    ("GET", "/teach"),
    ("GET", "/teach/courses/new"),
    ("POST", "/teach/courses/new/create"),
    ("GET", "/teach/import"),
    ("POST", "/teach/import"),
}
"""Pages of no single course."""
FOR_ANYBODY = {("GET", "/teach"), ("POST", "/teach/preview")}
"""The first is empty for who is part of no course's staff; the second shows its sender what was sent."""
WORDS = {"status": "PUBLISHED", "policy": "APPROVAL"}
"""What forms take only in words of their own."""
OUTSIDERS = ("anonymous", "student", "learner", "other teacher")


def _fitting(annotation: Any) -> str:
    """A value that is well-formed, so that nothing but the caller decides the answer."""
    if annotation is UUID:
        return str(uuid4())
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return str(next(iter(annotation)).value)
    return f"MATERIAL:{uuid4()}"


def staff_routes() -> dict[tuple[str, str], dict[str, str]]:
    """Method and path of every page below `/teach` and `/admin`, with the fields that its form must have."""
    application = Application(Settings(), "postgresql://unused")
    found: dict[tuple[str, str], dict[str, str]] = {}
    for one in iter_route_contexts(application.app.routes):
        path = str(one.path)
        if not re.match(r"/(teach|admin)(/|$)", path):
            continue
        for method in {"GET", "POST"} & set(getattr(one, "methods", ()) or ()):
            wanted = [field for field in one.dependant.body_params if field.field_info.is_required()]
            found[method, path] = {field.name: _fitting(field.field_info.annotation) for field in wanted}
    return dict(sorted(found.items()))


ROUTES = staff_routes()


@dataclass(frozen=True, slots=True)
class Cast:
    """A course with all that addresses name, its owner, and those who have no business in it."""

    ids: Mapping[str, str]
    browsers: Mapping[str, Browser]

    def address(self, path: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], str(uuid4())), path)


@pytest.fixture(scope="module")
async def cast(
    database: Database, owner: asyncpg.Connection, make_user: MakeUser, make_course: MakeCourse, visit: Open
) -> Cast:
    course = await make_course()
    path = course.path
    teacher, learner = await make_user(Role.INSTRUCTOR), await make_user(Role.STUDENT)
    await owner.execute("UPDATE learning.courses SET instructor_user_id = $1 WHERE id = $2", teacher.id, path.course_id)
    await Shelf(database).enroll(path, learner.id)
    cohort = await owner.fetchval(
        "INSERT INTO learning.cohorts (course_id, name, starts_at) VALUES ($1, 'One', now()) RETURNING id",
        path.course_id,
    )
    question = await owner.fetchval("SELECT id FROM learning.questions WHERE quiz_id = $1 LIMIT 1", course.quiz.id)
    ids = {
        "course_id": path.course_id,
        "module_id": course.module,
        "material_id": course.article,
        "assignment_id": course.exercise,
        "quiz_id": course.quiz.id,
        "question_id": question,
        "cohort_id": cohort,
        "user_id": learner.id,
    }
    browsers = {
        "anonymous": visit(None),
        "student": visit(await make_user(Role.STUDENT)),
        "learner": visit(learner),
        "other teacher": visit(await make_user(Role.INSTRUCTOR)),
        "owner": visit(teacher),
        "administrator": visit(await make_user(Role.ADMIN)),
    }
    return Cast({name: str(value) for name, value in ids.items()}, browsers)


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_nobody_else_gets_in(cast: Cast, who: str) -> None:
    browser = cast.browsers[who]
    token = token_of(await browser.read("/languages"))
    wrong: list[str] = []
    for (method, path), fields in ROUTES.items():
        if (method, path) in FOR_ANYBODY and who != "anonymous":
            continue
        if (method, path) in FOR_ANY_TEACHER and who == "other teacher":
            continue
        address = cast.address(path)
        if method == "GET":
            answer = await browser.open(address)
        else:
            answer = await browser.client.post(address, data=fields | WORDS | {"csrf_token": token})
        let_in = answer.status_code not in {401, 403, 404}
        if let_in and who == "anonymous":
            let_in = answer.status_code != 303 or not answer.headers["location"].startswith("/login?next=")
        if let_in:
            wrong.append(f"{method} {path}: {answer.status_code} {answer.headers.get('location', '')}")
    assert not wrong, "\n".join(wrong)


async def test_who_owns_a_course_sees_each_of_its_pages(cast: Cast) -> None:
    """What is refused above is there: outsiders are kept out by who they are, and not by an address that leads nowhere."""
    seen = 0
    for method, path in ROUTES:
        if method == "GET" and path.startswith("/teach/") and set(re.findall(r"\{(\w+)\}", path)) <= cast.ids.keys():
            answer = await cast.browsers["owner"].open(cast.address(path))
            assert answer.status_code in {200, 303}, path
            seen += 1
    assert seen > len(ROUTES) // 8


async def test_teaching_opens_nothing_of_administration(cast: Cast) -> None:
    for method, path in ROUTES:
        if method == "GET" and path.startswith("/admin") and "{" not in path:
            assert (await cast.browsers["administrator"].open(path)).status_code in {200, 303}, path
            assert (await cast.browsers["owner"].open(path)).status_code in {403, 404}, path
