"""Languages, their modules, and enrolling in them."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.drop_enrollment import drop_enrollment
from codezest.services.learning.actions.enroll import enroll
from codezest.services.learning.queries import catalog
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.routes.enrolled import ENROLLED_BEFORE, enrolled
from codezest.services.learning.schemas.catalog import (
    Enrollment,
    LanguageDetail,
    LanguageList,
    LanguageModules,
    ModuleDetail,
)
from codezest.services.learning.schemas.enrolling import EnrollmentChoice

router = APIRouter()


@router.get("/languages", response_model=LanguageList)
async def list_languages(context: Context) -> Response:
    """The languages on offer, with how the caller stands in each."""
    return json_answer(await catalog.languages_json(context.database.pool("learning"), context.actor))


@router.get("/languages/{slug}", response_model=LanguageDetail)
async def read_language(context: Context, slug: str) -> Response:
    """One language and its path."""
    return json_answer(await catalog.language_json(context.database.pool("learning"), context.actor, slug))


@router.get("/languages/{slug}/modules", response_model=LanguageModules)
async def list_modules(context: Context, slug: str) -> Response:
    """The modules of a language's path, with the caller's progress and what locks them."""
    return json_answer(await catalog.language_modules_json(context.database.pool("learning"), context.actor, slug))


@router.post(
    "/languages/{slug}/enroll",
    status_code=201,
    responses=ENROLLED_BEFORE,
)
async def enroll_in_language(
    context: Context, slug: str, response: Response, choice: EnrollmentChoice | None = None
) -> Enrollment:
    """Enrol. 201 the first time; enrolling again changes nothing, and takes up a path that was left."""
    async with context.database.write("learning") as session:
        enrollment, created = await enroll(session, context.actor, slug, cohort_id=choice.cohort_id if choice else None)
        return enrolled(response, enrollment, created=created)


@router.delete("/languages/{slug}/enroll", status_code=204)
async def leave_language(context: Context, slug: str) -> None:
    """Leave. What was achieved is kept."""
    async with context.database.write("learning") as session:
        await drop_enrollment(session, context.actor, slug)


@router.get("/modules/{module_id}", response_model=ModuleDetail)
async def read_module(context: Context, module_id: UUID) -> Response:
    """A module with its materials, assignments and quizzes, in one ordered list and by kind."""
    return json_answer(await catalog.module_json(context.database.pool("learning"), context.actor, module_id))
