"""Materials, assignments with their tests, and quizzes, as authors write them. Questions: see `authoring_questions`."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.authoring import order_parts, write_item, write_tests
from codezest.services.learning.queries import authoring
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import (
    AuthoredAssignment,
    AuthoredMaterial,
    AuthoredQuiz,
    AuthoredTest,
)
from codezest.services.learning.schemas.authoring import MaterialChange, NewMaterial, NewQuiz, PartOrder, QuizChange
from codezest.services.learning.schemas.authoring_assignments import (
    AssignmentChange,
    NewAssignment,
    NewTest,
    TestChange,
    TestSet,
)
from codezest_db.models.learning import Assignment, Material, Quiz

router = APIRouter(tags=["authoring"])


async def _material(context: Context, material_id: UUID, status: int = 200) -> Response:
    body = await authoring.material_json(context.database.pool("learning"), context.actor, material_id)
    return json_answer(body, status=status)


async def _assignment(context: Context, assignment_id: UUID, status: int = 200) -> Response:
    body = await authoring.assignment_json(context.database.pool("learning"), context.actor, assignment_id)
    return json_answer(body, status=status)


async def _test(context: Context, test_id: UUID, status: int = 200) -> Response:
    body = await authoring.test_json(context.database.pool("learning"), context.actor, test_id)
    return json_answer(body, status=status)


async def _quiz(context: Context, quiz_id: UUID, status: int = 200) -> Response:
    body = await authoring.quiz_json(context.database.pool("learning"), context.actor, quiz_id)
    return json_answer(body, status=status)


@router.post("/modules/{module_id}/materials", response_model=AuthoredMaterial, status_code=201)
async def create_material(context: Context, module_id: UUID, new: NewMaterial) -> Response:
    """Add a material at the end of a module."""
    async with context.database.write("learning") as session:
        material_id = await write_item.create_material(session, context.actor, module_id, new)
    return await _material(context, material_id, 201)


@router.get("/materials/{material_id}/authoring", response_model=AuthoredMaterial)
async def read_material(context: Context, material_id: UUID) -> Response:
    """A material as it is stored, draft or not."""
    return await _material(context, material_id)


@router.patch("/materials/{material_id}", response_model=AuthoredMaterial)
async def change_material(context: Context, material_id: UUID, change: MaterialChange) -> Response:
    """Change what is named; `status` publishes."""
    async with context.database.write("learning") as session:
        await write_item.change_material(session, context.actor, material_id, change)
    return await _material(context, material_id)


@router.delete("/materials/{material_id}", status_code=204)
async def remove_material(context: Context, material_id: UUID) -> None:
    """Remove a material."""
    async with context.database.write("learning") as session:
        await write_item.remove_item(session, context.actor, Material, material_id)


@router.post("/modules/{module_id}/assignments", response_model=AuthoredAssignment, status_code=201)
async def create_assignment(context: Context, module_id: UUID, new: NewAssignment) -> Response:
    """Add an assignment at the end of a module."""
    async with context.database.write("learning") as session:
        assignment_id = await write_item.create_assignment(session, context.actor, module_id, new)
    return await _assignment(context, assignment_id, 201)


@router.get("/assignments/{assignment_id}/authoring", response_model=AuthoredAssignment)
async def read_assignment(context: Context, assignment_id: UUID) -> Response:
    """An assignment with all its tests and its solution."""
    return await _assignment(context, assignment_id)


@router.patch("/assignments/{assignment_id}", response_model=AuthoredAssignment)
async def change_assignment(context: Context, assignment_id: UUID, change: AssignmentChange) -> Response:
    """Change what is named; `status` publishes, if there are tests."""
    async with context.database.write("learning") as session:
        await write_item.change_assignment(session, context.actor, assignment_id, change)
    return await _assignment(context, assignment_id)


@router.delete("/assignments/{assignment_id}", status_code=204)
async def remove_assignment(context: Context, assignment_id: UUID) -> None:
    """Remove an assignment. What was handed in for it is kept."""
    async with context.database.write("learning") as session:
        await write_item.remove_item(session, context.actor, Assignment, assignment_id)


@router.put("/assignments/{assignment_id}/tests", response_model=AuthoredAssignment)
async def replace_tests(context: Context, assignment_id: UUID, tests: TestSet) -> Response:
    """Replace all tests."""
    async with context.database.write("learning") as session:
        await write_tests.replace_tests(session, context.actor, assignment_id, tests.tests)
    return await _assignment(context, assignment_id)


@router.put("/assignments/{assignment_id}/tests/order", response_model=AuthoredAssignment)
async def order_tests(context: Context, assignment_id: UUID, order: PartOrder) -> Response:
    """Put the tests in order: every one, once."""
    async with context.database.write("learning") as session:
        await order_parts.order_tests(session, context.actor, assignment_id, order.ids)
    return await _assignment(context, assignment_id)


@router.post("/assignments/{assignment_id}/tests", response_model=AuthoredTest, status_code=201)
async def add_test(context: Context, assignment_id: UUID, new: NewTest) -> Response:
    """Add a test behind the others."""
    async with context.database.write("learning") as session:
        test_id = await write_tests.add_test(session, context.actor, assignment_id, new)
    return await _test(context, test_id, 201)


@router.patch("/tests/{test_id}", response_model=AuthoredTest)
async def change_test(context: Context, test_id: UUID, change: TestChange) -> Response:
    """Change what is named."""
    async with context.database.write("learning") as session:
        await write_tests.change_test(session, context.actor, test_id, change)
    return await _test(context, test_id)


@router.delete("/tests/{test_id}", status_code=204)
async def remove_test(context: Context, test_id: UUID) -> None:
    """Delete a test. Results that it gave stay as they were."""
    async with context.database.write("learning") as session:
        await write_tests.remove_test(session, context.actor, test_id)


@router.post("/modules/{module_id}/quizzes", response_model=AuthoredQuiz, status_code=201)
async def create_quiz(context: Context, module_id: UUID, new: NewQuiz) -> Response:
    """Add a quiz at the end of a module."""
    async with context.database.write("learning") as session:
        quiz_id = await write_item.create_quiz(session, context.actor, module_id, new)
    return await _quiz(context, quiz_id, 201)


@router.get("/quizzes/{quiz_id}/authoring", response_model=AuthoredQuiz)
async def read_quiz(context: Context, quiz_id: UUID) -> Response:
    """A quiz with its questions and the right answers."""
    return await _quiz(context, quiz_id)


@router.patch("/quizzes/{quiz_id}", response_model=AuthoredQuiz)
async def change_quiz(context: Context, quiz_id: UUID, change: QuizChange) -> Response:
    """Change what is named; `status` publishes, if every question can be answered rightly."""
    async with context.database.write("learning") as session:
        await write_item.change_quiz(session, context.actor, quiz_id, change)
    return await _quiz(context, quiz_id)


@router.delete("/quizzes/{quiz_id}", status_code=204)
async def remove_quiz(context: Context, quiz_id: UUID) -> None:
    """Remove a quiz. Attempts at it are kept."""
    async with context.database.write("learning") as session:
        await write_item.remove_item(session, context.actor, Quiz, quiz_id)
