"""Materials, assignments and their tests, as authors write them over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.services.learning.schemas.authored import (
    AuthoredAssignment,
    AuthoredMaterial,
    AuthoredModule,
)
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem, refreshes


async def test_materials(
    teacher: Person, module: UUID, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    url = f"/modules/{module}/materials"
    created = await teacher.post(url, {"title": "Read this", "type": "ARTICLE"})
    material = AuthoredMaterial.model_validate_json(created.content)
    assert (material.slug, material.status, material.position) == ("read-this", "DRAFT", 0)
    refused = await teacher.patch(f"/materials/{material.id}", {"status": "PUBLISHED"})
    assert (problem(refused), refused.json()["missing"]) == ((422, "not-ready"), ["a text"])
    assert (await teacher.get(f"/materials/{material.id}/authoring")).json()["status"] == "DRAFT"
    learner = await person(enrolled=path)
    assert problem(await learner.get(f"/materials/{material.id}")) == (404, "not-found")
    await teacher.patch(f"/materials/{material.id}", {"status": "PUBLISHED", "content": "# Hello"})
    assert (await learner.get(f"/materials/{material.id}")).json()["content"] == "# Hello"
    assert problem(await teacher.patch(f"/materials/{material.id}", {"content": None})) == (422, "not-ready")
    assert await refreshes(owner, path) == 1
    for index, (kind, columns) in enumerate(
        (
            ("VIDEO", {"video_url": "https://videos.example/1.webm"}),
            ("CODE_EXAMPLE", {"code": "print(1)"}),
            ("INTERACTIVE", {"content": "Try it."}),
            ("PDF", {"file_url": "/files/one.pdf"}),
            ("DOCX", {"file_url": "/files/one.docx"}),
        ),
        start=1,
    ):
        bare = {"title": kind, "type": kind, "status": "PUBLISHED"}
        assert problem(await teacher.post(url, bare)) == (422, "not-ready")
        made = await teacher.post(url, bare | columns)
        assert (made.status_code, made.json()["position"]) == (201, index)
    assert (await teacher.delete(f"/materials/{material.id}")).status_code == 204
    assert problem(await learner.get(f"/materials/{material.id}")) == (404, "not-found")
    assert await refreshes(owner, path) == 7


async def test_a_material_shows_a_quiz_of_its_course_only(teacher: Person, shelf: Shelf, module: UUID) -> None:
    quiz = await shelf.quiz(module)
    foreign = await shelf.quiz(await shelf.module(await shelf.path()))
    url = f"/modules/{module}/materials"
    body = {"title": "Quiz", "type": "QUIZ", "status": "PUBLISHED"}
    assert problem(await teacher.post(url, body)) == (422, "not-ready")
    for wrong in (foreign.id, uuid4()):
        assert problem(await teacher.post(url, body | {"quiz_id": str(wrong)})) == (422, "validation-failed")
    article = {"title": "Article", "type": "ARTICLE", "quiz_id": str(quiz.id)}
    assert problem(await teacher.post(url, article)) == (422, "validation-failed")
    made = await teacher.post(url, body | {"quiz_id": str(quiz.id)})
    assert made.status_code == 201
    assert problem(await teacher.patch(f"/materials/{made.json()['id']}", {"quiz_id": None})) == (422, "not-ready")
    assert problem(await teacher.patch(f"/materials/{made.json()['id']}", {"type": "ARTICLE"})) == (
        422,
        "validation-failed",
    )


async def test_items_are_ordered_across_kinds(teacher: Person, shelf: Shelf, module: UUID, path: MadePath) -> None:
    material = await teacher.post(f"/modules/{module}/materials", {"title": "M", "type": "ARTICLE"})
    assignment = await teacher.post(f"/modules/{module}/assignments", {"title": "A"})
    quiz = await teacher.post(f"/modules/{module}/quizzes", {"title": "Q"})
    items = [
        {"kind": kind, "id": made.json()["id"]}
        for kind, made in (("QUIZ", quiz), ("MATERIAL", material), ("ASSIGNMENT", assignment))
    ]
    assert [made.json()["position"] for made in (material, assignment, quiz)] == [0, 1, 2]
    ordered = await teacher.put(f"/modules/{module}/order", {"items": items})
    tree = AuthoredModule.model_validate_json(ordered.content)
    assert [(item.kind, str(item.id)) for item in tree.items] == [(item["kind"], item["id"]) for item in items]
    foreign = {"kind": "QUIZ", "id": str((await shelf.quiz(await shelf.module(path))).id)}
    wrong_kind = {"kind": "QUIZ", "id": items[1]["id"]}
    for wrong in (items[:2], [*items, items[0]], [*items, foreign], [items[0], wrong_kind, items[2]]):
        assert problem(await teacher.put(f"/modules/{module}/order", {"items": wrong})) == (422, "validation-failed")


async def test_an_assignment_is_published_once_it_has_tests(
    teacher: Person, module: UUID, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    created = await teacher.post(f"/modules/{module}/assignments", {"title": "Add", "hints": ["Use +."]})
    assignment = AuthoredAssignment.model_validate_json(created.content)
    assert (assignment.language, assignment.kind, assignment.tests) == ("python", "CODE", [])
    url = f"/assignments/{assignment.id}"
    refused = await teacher.patch(url, {"status": "PUBLISHED"})
    assert (problem(refused), refused.json()["missing"]) == ((422, "not-ready"), ["at least one test"])
    no_points = {"tests": [{"name": "one", "points": 0}]}
    assert (await teacher.put(f"{url}/tests", no_points)).status_code == 200
    assert problem(await teacher.patch(url, {"status": "PUBLISHED"})) == (422, "not-ready")

    body = {
        "tests": [
            {"name": "one", "stdin": "1 2\n", "expected": "3\n"},
            {
                "name": "two", "expected": "0.5", "checker": "FLOAT", "checker_options": {"absolute": 0.1},
                "visible": False, "points": 4, "kind_of_case": "A fraction.", "args": ["-x"],
                "files": {"data/in.txt": "1"}, "cpu_seconds": 0.5, "memory_bytes": 64 << 20,
            },
        ]
    }  # fmt: skip
    written = AuthoredAssignment.model_validate_json((await teacher.put(f"{url}/tests", body)).content)
    assert [test.position for test in written.tests] == [0, 1]
    assert (written.tests[1].checker_options, written.tests[1].files) == ({"absolute": 0.1}, {"data/in.txt": "1"})
    assert (await teacher.patch(url, {"status": "PUBLISHED"})).status_code == 200
    assert await refreshes(owner, path) == 1
    learner = await person(enrolled=path)
    assert [test["name"] for test in (await learner.get(url)).json()["tests"]] == ["one", "two"]

    again = AuthoredAssignment.model_validate_json((await teacher.put(f"{url}/tests", body)).content)
    assert again.tests_revision == written.tests_revision, "the same tests are the same revision"
    assert problem(await teacher.put(f"{url}/tests", {"tests": []})) == (422, "not-ready")
    added = await teacher.post(f"{url}/tests", {"name": "three", "expected": "x"})
    assert (added.status_code, added.json()["position"]) == (201, 2)
    after = (await teacher.get(f"{url}/authoring")).json()
    assert after["tests_revision"] != written.tests_revision
    changed = await teacher.patch(f"/tests/{added.json()['id']}", {"expected": None, "name": "third"})
    assert (changed.json()["expected"], changed.json()["name"]) == (None, "third")
    for test in after["tests"][1:]:
        assert (await teacher.delete(f"/tests/{test['id']}")).status_code == 204
    last = after["tests"][0]["id"]
    assert problem(await teacher.delete(f"/tests/{last}")) == (422, "not-ready")
    assert problem(await teacher.patch(f"/tests/{last}", {"points": 0})) == (422, "not-ready")
    assert (await teacher.delete(url)).status_code == 204
    assert problem(await teacher.delete(f"/tests/{last}")) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        {"max_score": 0},
        {"language": "brainfuck"},
        {"language": None},
        {"cpu_seconds": 0},
        {"cpu_seconds": 1e9},
        {"memory_bytes": 5},
        {"due_at": "2026-01-01T00:00:00"},
        {"due_at": "soon"},
        {"due_at": "9999-12-31T23:59:59-23:59"},
        {"due_at": "0001-01-01T00:00:00+23:59"},
        {"checker_options": {"exact": True}},
        {"checker_options": {"absolute": -1}},
        {"checker": "GUESS"},
        {"hints": [""]},
        {"hints": None},
        {"title": None},
        {"status": "ARCHIVED"},
        {"module_id": "x"},
    ],
)
async def test_assignments_that_are_not_accepted(
    teacher: Person, shelf: Shelf, module: UUID, body: dict[str, Any]
) -> None:
    assignment = await shelf.assignment(module)
    before = (await teacher.get(f"/assignments/{assignment}/authoring")).json()
    assert problem(await teacher.patch(f"/assignments/{assignment}", body)) == (422, "validation-failed")
    assert problem(await teacher.post(f"/modules/{module}/assignments", {"title": "New"} | body)) == (
        422, "validation-failed")  # fmt: skip
    assert (await teacher.get(f"/assignments/{assignment}/authoring")).json() == before


@pytest.mark.parametrize(
    "test",
    [
        {},
        {"name": ""},
        {"name": "x", "points": -1},
        {"name": "x", "files": {"../up": "1"}},
        {"name": "x", "files": {"/etc/passwd": "1"}},
        {"name": "x", "files": {"": "1"}},
        {"name": "x", "stdin": None},
        {"name": "x", "checker": "MAGIC"},
        {"name": "x", "wall_seconds": 0},
        {"name": "x", "secret": True},
    ],
)
async def test_tests_that_are_not_accepted(teacher: Person, shelf: Shelf, module: UUID, test: dict[str, Any]) -> None:
    assignment = await shelf.assignment(module)
    for answer in (
        await teacher.post(f"/assignments/{assignment}/tests", test),
        await teacher.put(f"/assignments/{assignment}/tests", {"tests": [test]}),
    ):
        assert problem(answer) == (422, "validation-failed")


async def test_two_authors_never_leave_a_published_assignment_without_tests(
    teacher: Person, admin: Person, shelf: Shelf, module: UUID, owner: asyncpg.Connection
) -> None:
    for _ in range(5):
        assignment = await shelf.assignment(module, tests=[{"name": "a"}, {"name": "b"}])
        rows = await owner.fetch("SELECT id FROM learning.assignment_tests WHERE assignment_id = $1", assignment)
        answers = await asyncio.gather(
            *(who.delete(f"/tests/{row[0]}") for who, row in zip((teacher, admin), rows, strict=True))
        )
        assert sorted(answer.status_code for answer in answers) == [204, 422]


async def test_an_empty_change_changes_nothing(teacher: Person, shelf: Shelf, module: UUID) -> None:
    material = await shelf.material(module)
    before = (await teacher.get(f"/materials/{material}/authoring")).json()
    assert (await teacher.patch(f"/materials/{material}", {})).json() == before
