"""JSON that PostgreSQL writes is what the documented models say: nothing missing, nothing more."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.jobs import grade_submission
from codezest.services.learning.schemas import authored, catalog, items, progress, work
from codezest_db.enums import MaterialType, Role
from factories.learning import Shelf
from fixtures.scripted_grader import ScriptedGrader

from .conftest import People


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    return [_shape(item) for item in value] if isinstance(value, list) else value is None


def _holds(model: type[BaseModel], response: httpx.Response) -> None:
    assert response.status_code in {200, 201}, response.text
    assert _shape(model.model_validate_json(response.content).model_dump(mode="json")) == _shape(response.json())


async def test_answers_are_what_their_models_say(shelf: Shelf, person: People, database: Database) -> None:
    teacher = await person(Role.INSTRUCTOR)
    path = await shelf.path(instructor_id=teacher.id)
    module = await shelf.module(path)
    await shelf.module(path, prerequisites=[module])
    material = await shelf.material(module, type=MaterialType.CODE_EXAMPLE, code="print(1)")
    assignment = await shelf.assignment(module)
    quiz = await shelf.quiz(module)
    learner = await person(enrolled=path)
    sent = await learner.post(f"/assignments/{assignment}/submissions", {"code": "AC"})
    await grade_submission(database, ScriptedGrader(), sent.json()["id"])

    _holds(catalog.LanguageList, await learner.get("/languages"))
    _holds(catalog.LanguageDetail, await learner.get(f"/languages/{path.slug}"))
    _holds(catalog.LanguageModules, await learner.get(f"/languages/{path.slug}/modules"))
    _holds(catalog.Enrollment, await learner.post(f"/languages/{path.slug}/enroll"))
    _holds(catalog.ModuleDetail, await learner.get(f"/modules/{module}"))
    _holds(items.MaterialDetail, await learner.get(f"/materials/{material}"))
    _holds(progress.MaterialProgress, await learner.post(f"/materials/{material}/view"))
    _holds(progress.MaterialProgress, await learner.post(f"/materials/{material}/complete"))
    _holds(items.QuizDetail, await learner.get(f"/quizzes/{quiz.id}"))
    attempt = await learner.post(f"/quizzes/{quiz.id}/attempts")
    _holds(work.AttemptDetail, attempt)
    _holds(work.AttemptDetail, await learner.post(f"/attempts/{attempt.json()['id']}/submit", {"answers": []}))
    _holds(work.AttemptDetail, await learner.get(f"/attempts/{attempt.json()['id']}"))
    _holds(work.SubmissionDetail, await learner.get(f"/submissions/{sent.json()['id']}"))
    _holds(work.SubmissionPage, await learner.get(f"/assignments/{assignment}/submissions"))
    _holds(progress.MyProgress, await learner.get("/me/progress"))
    _holds(progress.EnrollmentList, await learner.get("/me/enrollments"))
    _holds(authored.AuthoredLanguage, await teacher.get(f"/languages/{path.slug}/authoring"))
    _holds(authored.AuthoredModule, await teacher.get(f"/modules/{module}/authoring"))
    _holds(authored.AuthoredMaterial, await teacher.get(f"/materials/{material}/authoring"))
    _holds(authored.AuthoredAssignment, await teacher.get(f"/assignments/{assignment}/authoring"))
    _holds(authored.AuthoredQuiz, await teacher.get(f"/quizzes/{quiz.id}/authoring"))
    new_test = {"name": "n"}
    _holds(authored.AuthoredTest, await teacher.post(f"/assignments/{assignment}/tests", new_test))
    new_question = {"text": "?", "options": [{"text": "a", "is_correct": True}, {"text": "b"}]}
    _holds(authored.AuthoredQuestion, await teacher.post(f"/quizzes/{quiz.id}/questions", new_question))


async def test_an_assignment_and_its_tests_are_what_their_models_say(shelf: Shelf, person: People) -> None:
    path = await shelf.path()
    hidden = {"name": "hidden", "visible": False}
    assignment = await shelf.assignment(await shelf.module(path), tests=[{"name": "shown", "expected": "1"}, hidden])
    learner = await person(enrolled=path)
    response = await learner.get(f"/assignments/{assignment}")
    shown = items.AssignmentDetail.model_validate_json(response.content).model_dump(mode="json", exclude_unset=True)
    assert _shape(shown) == _shape(response.json())


@pytest.mark.parametrize("suffix", ["", "/events"])
async def test_reading_a_submission_documents_its_answer(application: Application, suffix: str) -> None:
    document = application.app.openapi()
    answers = document["paths"][f"/api/v1/submissions/{{submission_id}}{suffix}"]["get"]["responses"]
    assert set(answers["200"]["content"]) == {"text/event-stream" if suffix else "application/json"}
    assert {"401", "404", "422", "429"} <= set(answers)


async def test_every_operation_says_what_it_answers_with(application: Application) -> None:
    document = application.app.openapi()
    for url, methods in document["paths"].items():
        for method, operation in methods.items():
            if not set(operation.get("tags", ())) & {"learning", "authoring"}:
                continue
            done = [status for status in operation["responses"] if status.startswith("2")]
            assert done, f"{method} {url}"
            for status in done:
                content = operation["responses"][status].get("content", {})
                schemas = [part.get("schema") for part in content.values()]
                assert status == "204" or all(schemas), f"{method} {url}"
                assert status == "204" or schemas, f"{method} {url}"


def unbounded_in(
    components: dict[str, Any], schema: dict[str, Any], where: str, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The whole numbers of a schema that may be as large as one likes."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name and name not in seen:
        yield from unbounded_in(components, components[name], name, seen | {name})
    if schema.get("type") == "integer" and not schema.keys() & {"maximum", "exclusiveMaximum", "enum", "const"}:
        yield where
    parts = {**schema.get("properties", {}), "[]": schema.get("items"), "{}": schema.get("additionalProperties")}
    inner = [(f"{where}.{part}", one) for part, one in parts.items() if isinstance(one, dict)]
    inner += [(where, one) for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())]
    for place, one in inner:
        yield from unbounded_in(components, one, place, seen)


async def test_every_number_that_is_sent_is_bounded(application: Application) -> None:
    """What is larger than a column holds is refused before the database sees it."""
    document = application.app.openapi()
    found: list[str] = []
    for url, methods in document["paths"].items():
        for method, operation in methods.items():
            sent = [one["schema"] for one in operation.get("parameters", ())]
            sent += [one["schema"] for one in operation.get("requestBody", {}).get("content", {}).values()]
            for schema in sent:
                found += unbounded_in(document["components"]["schemas"], schema, f"{method} {url}")
    assert found == []
