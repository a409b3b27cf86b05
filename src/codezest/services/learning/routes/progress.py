"""How far the caller is."""

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.queries import progress
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.progress import EnrollmentList, MyProgress

router = APIRouter()


@router.get("/me/progress", response_model=MyProgress)
async def my_progress(context: Context) -> Response:
    """Every course the caller takes: modules, and what is in them."""
    return json_answer(await progress.my_progress_json(context.database.pool("learning"), context.actor))


@router.get("/me/enrollments", response_model=EnrollmentList)
async def my_enrollments(context: Context) -> Response:
    """Every course the caller takes or took."""
    return json_answer(await progress.my_enrollments_json(context.database.pool("learning"), context.actor))
