"""Programs of questions: tried on the visible tests during an attempt, and an author's solution checked on all of them."""

from uuid import UUID

from fastapi import APIRouter

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.actions.queue_question import queue_sample, request_check
from codezest.services.learning.queries.question_runs import sample_runs, solution_check
from codezest.services.learning.schemas.question_runs import ProgramRun, ProgramToTry, SolutionCheck

learning = APIRouter()
authoring = APIRouter(tags=["authoring"])


@learning.post("/attempts/{attempt_id}/questions/{question_id}/run", status_code=202)
async def try_program(context: Context, attempt_id: UUID, question_id: UUID, program: ProgramToTry) -> ProgramRun:
    """Run a program on the tests that its question shows. It counts for nothing, and takes the place of the one before.

    What comes of it is read at the same address.
    """
    async with context.database.write("learning") as session:
        await queue_sample(session, context.actor, attempt_id, question_id, program.code)
    return await _tried(context, attempt_id, question_id)


@learning.get("/attempts/{attempt_id}/questions/{question_id}/run")
async def read_run(context: Context, attempt_id: UUID, question_id: UUID) -> ProgramRun:
    """What the caller tried last; it is kept for a day."""
    return await _tried(context, attempt_id, question_id)


async def _tried(context: Context, attempt_id: UUID, question_id: UUID) -> ProgramRun:
    found = await sample_runs(context.database.pool("learning"), context.actor, attempt_id, question_id)
    if question_id not in found:
        raise NotFound
    return found[question_id]


@authoring.post("/questions/{question_id}/check", status_code=202)
async def begin_check(context: Context, question_id: UUID) -> SolutionCheck:
    """Run the solution of a CODE question on all of its tests. That is done by itself whenever it changes."""
    async with context.database.write("learning") as session:
        await request_check(session, context.actor, question_id)
    found = await solution_check(context.database.pool("learning"), context.actor, question_id)
    if found is None:  # the question was deleted in the meantime
        raise NotFound
    return found


@authoring.get("/questions/{question_id}/check")
async def read_check(context: Context, question_id: UUID) -> SolutionCheck | None:
    """The latest run of the solution. Null: there was none."""
    return await solution_check(context.database.pool("learning"), context.actor, question_id)
