"""Languages and modules, as authors write them over HTTP, and who may write at all."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.services.learning.schemas.authored import (
    AuthoredLanguage,
    AuthoredModule,
)
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem, refreshes


async def test_an_administrator_writes_a_language(
    admin: Person, teacher: Person, nobody: Person, person: People
) -> None:
    name = f"C++ {uuid4().hex[:8]}"
    created = await admin.post("/languages", {"name": name, "instructor_user_id": str(teacher.id), "tags": ["fast"]})
    assert created.status_code == 201
    language = AuthoredLanguage.model_validate_json(created.content)
    assert language.slug == name.lower().replace("++", "").replace(" ", "-")
    assert (language.title, language.status, language.tags) == (f"Learn {name}", "DRAFT", ["fast"])
    url = f"/languages/{language.slug}"
    assert problem(await nobody.get(url)) == (404, "not-found")
    changed = await admin.patch(url, {"status": "PUBLISHED", "description": "Fast.", "slug": f"{language.slug}-x"})
    assert changed.status_code == 200
    url = f"{url}-x"
    assert changed.json()["published_at"] is not None
    assert (await nobody.get(url)).json()["description"] == "Fast."
    learner = await person()
    await learner.post(f"{url}/enroll")
    assert (await admin.patch(url, {"status": "ARCHIVED"})).status_code == 200
    assert problem(await learner.get(url)) == (410, "content-archived")
    assert (await admin.delete(url)).status_code == 204
    assert problem(await admin.get(f"{url}/authoring")) == (404, "not-found")
    assert problem(await learner.get(url)) == (404, "not-found")
    assert (await admin.post("/languages", {"name": name})).status_code == 201, "a deleted name is free again"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "   "},
        {"name": None},
        {"name": "x" * 201},
        {"name": "Fine", "slug": "Not Fine"},
        {"name": "Fine", "slug": None},
        {"name": "Fine", "runtime": "brainfuck"},
        {"name": "Fine", "difficulty": "EASY"},
        {"name": "Fine", "position": -1},
        {"name": "Fine", "position": 10**12},
        {"name": "Fine", "instructor_user_id": "00000000-0000-0000-0000-000000000000"},
        {"name": "Fine", "status": "LOST"},
        {"name": "Fine", "owner": "me"},
        {"name": "日本"},
        {"name": "a\0b"},
    ],
)
async def test_languages_that_are_not_accepted(admin: Person, body: dict[str, Any]) -> None:
    assert problem(await admin.post("/languages", body)) == (422, "validation-failed")


async def test_names_and_slugs_are_taken_once(admin: Person, path: MadePath, shelf: Shelf, module: UUID) -> None:
    taken = await admin.post("/languages", {"name": "Other", "slug": path.slug})
    assert problem(taken) == (409, "slug-taken")
    same_name = await admin.post("/languages", {"name": path.slug, "slug": f"other-{uuid4().hex}"})
    assert (problem(same_name), same_name.json()["field"]) == ((409, "slug-taken"), "name")
    one = await admin.post(f"/languages/{path.slug}/modules", {"title": "One"})
    assert problem(await admin.post(f"/languages/{path.slug}/modules", {"title": "One"})) == (409, "slug-taken")
    two = await admin.post(f"/languages/{path.slug}/modules", {"title": "Two"})
    assert problem(await admin.patch(f"/modules/{two.json()['id']}", {"slug": one.json()["slug"]})) == (
        409,
        "slug-taken",
    )
    for kind, body in (
        ("materials", {"title": "Same", "type": "ARTICLE"}),
        ("assignments", {"title": "Same"}),
        ("quizzes", {"title": "Same"}),
    ):
        assert (await admin.post(f"/modules/{module}/{kind}", body)).status_code == 201
        assert problem(await admin.post(f"/modules/{module}/{kind}", body)) == (409, "slug-taken")


async def test_an_instructor_writes_modules_of_their_own_course(
    teacher: Person, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    url = f"/languages/{path.slug}/modules"
    first = AuthoredModule.model_validate_json(
        (await teacher.post(url, {"title": "First", "syllabus": ["read"]})).content
    )
    body = {"title": "Second", "prerequisite_ids": [str(first.id)], "status": "PUBLISHED"}
    second = AuthoredModule.model_validate_json((await teacher.post(url, body)).content)
    assert (first.status, first.position, second.position, second.prerequisite_ids) == ("DRAFT", 0, 1, [first.id])
    assert await refreshes(owner, path) == 1
    learner = await person(enrolled=path)
    assert [item["id"] for item in (await learner.get(url)).json()["items"]] == [str(second.id)]
    changed = await teacher.patch(f"/modules/{first.id}", {"status": "PUBLISHED", "description": None})
    assert (changed.status_code, changed.json()["status"]) == (200, "PUBLISHED")
    assert await refreshes(owner, path) == 2
    await teacher.patch(f"/modules/{first.id}", {"title": "Renamed"})
    assert await refreshes(owner, path) == 2, "a new title changes nobody's progress"

    ordered = await teacher.put(f"{url}/order", {"ids": [str(second.id), str(first.id)]})
    tree = AuthoredLanguage.model_validate_json(ordered.content)
    assert [module.id for module in tree.modules] == [second.id, first.id]
    for wrong in ([str(first.id)], [str(first.id)] * 2, [str(first.id), str(second.id), str(uuid4())], []):
        assert problem(await teacher.put(f"{url}/order", {"ids": wrong})) == (422, "validation-failed")

    assert (await teacher.delete(f"/modules/{first.id}")).status_code == 204
    assert await refreshes(owner, path) == 3
    assert problem(await teacher.get(f"/modules/{first.id}/authoring")) == (404, "not-found")
    assert problem(await teacher.delete(f"/modules/{first.id}")) == (404, "not-found")
    left = AuthoredModule.model_validate_json((await teacher.get(f"/modules/{second.id}/authoring")).content)
    assert left.prerequisite_ids == []
    assert not (await learner.get(url)).json()["items"][0]["locked"]


async def test_prerequisites_stay_within_the_course_and_never_circle(
    teacher: Person, shelf: Shelf, path: MadePath
) -> None:
    one = await shelf.module(path)
    two = await shelf.module(path, prerequisites=[one])
    three = await shelf.module(path, prerequisites=[two])
    elsewhere = await shelf.module(await shelf.path())
    for wrong in (three, two, one, elsewhere, uuid4()):
        refused = await teacher.patch(f"/modules/{one}", {"prerequisite_ids": [str(wrong)]})
        assert problem(refused) == (422, "prerequisite-refused")
    accepted = await teacher.patch(f"/modules/{three}", {"prerequisite_ids": [str(one), str(one)]})
    assert accepted.json()["prerequisite_ids"] == [str(one)]


async def test_authoring_is_refused_to_everybody_else(
    shelf: Shelf,
    teacher: Person,
    person: People,
    nobody: Person,
    path: MadePath,
    module: UUID,
    owner: asyncpg.Connection,
) -> None:
    learner, other_teacher = await person(enrolled=path), await person(Role.INSTRUCTOR)
    material, assignment = await shelf.material(module), await shelf.assignment(module)
    quiz = await shelf.quiz(module)
    test = await owner.fetchval("SELECT id FROM learning.assignment_tests WHERE assignment_id = $1", assignment)
    question, option = quiz.questions[0].id, quiz.questions[0].right[0]
    new_test, new_question = {"name": "n"}, {"text": "t"}
    requests: list[tuple[str, str, object]] = [
        ("POST", f"/languages/{path.slug}/modules", {"title": "t"}),
        ("PUT", f"/languages/{path.slug}/modules/order", {"ids": [str(module)]}),
        ("GET", f"/languages/{path.slug}/authoring", None),
        ("GET", f"/modules/{module}/authoring", None),
        ("PATCH", f"/modules/{module}", {"title": "t"}),
        ("DELETE", f"/modules/{module}", None),
        ("PUT", f"/modules/{module}/order", {"items": []}),
        ("POST", f"/modules/{module}/materials", {"title": "t", "type": "ARTICLE"}),
        ("POST", f"/modules/{module}/assignments", {"title": "t"}),
        ("POST", f"/modules/{module}/quizzes", {"title": "t"}),
        ("GET", f"/materials/{material}/authoring", None),
        ("PATCH", f"/materials/{material}", {"title": "t"}),
        ("DELETE", f"/materials/{material}", None),
        ("GET", f"/assignments/{assignment}/authoring", None),
        ("PATCH", f"/assignments/{assignment}", {"title": "t"}),
        ("DELETE", f"/assignments/{assignment}", None),
        ("PUT", f"/assignments/{assignment}/tests", {"tests": [new_test]}),
        ("POST", f"/assignments/{assignment}/tests", new_test),
        ("PATCH", f"/tests/{test}", new_test),
        ("DELETE", f"/tests/{test}", None),
        ("GET", f"/quizzes/{quiz.id}/authoring", None),
        ("PATCH", f"/quizzes/{quiz.id}", {"title": "t"}),
        ("DELETE", f"/quizzes/{quiz.id}", None),
        ("POST", f"/quizzes/{quiz.id}/questions", new_question),
        ("PATCH", f"/questions/{question}", new_question),
        ("DELETE", f"/questions/{question}", None),
        ("POST", f"/questions/{question}/options", new_question),
        ("PATCH", f"/options/{option}", new_question),
        ("DELETE", f"/options/{option}", None),
    ]
    admin_only: list[tuple[str, str, object]] = [
        ("POST", "/languages", {"name": "n"}),
        ("PATCH", f"/languages/{path.slug}", {"name": "n"}),
        ("DELETE", f"/languages/{path.slug}", None),
    ]
    before = (await teacher.get(f"/languages/{path.slug}/authoring")).json()
    for method, url, body in (*requests, *admin_only):
        for who, expected in (
            (nobody, (401, "unauthenticated")),
            (learner, (403, "forbidden")),
            (other_teacher, (403, "forbidden") if (method, url, body) in admin_only else (404, "not-found")),
        ):
            answer = await who.api.request(method, url, json=body)
            assert problem(answer) == expected, f"{method} {url}"
    for method, url, body in admin_only:
        assert problem(await teacher.api.request(method, url, json=body)) == (403, "forbidden")
    assert (await teacher.get(f"/languages/{path.slug}/authoring")).json() == before
    for method, url, body in requests:
        if method in {"GET", "PATCH"}:
            assert (await teacher.api.request(method, url, json=body)).status_code == 200, f"{method} {url}"


async def test_unknown_ids_are_not_found(admin: Person) -> None:
    for kind in ("modules", "materials", "assignments", "tests", "quizzes", "questions", "options"):
        assert problem(await admin.patch(f"/{kind}/{uuid4()}", {})) == (404, "not-found")
        assert problem(await admin.delete(f"/{kind}/{uuid4()}")) == (404, "not-found")
    assert problem(await admin.patch("/languages/nowhere", {})) == (404, "not-found")
