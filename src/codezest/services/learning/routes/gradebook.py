"""The gradebook of a course, for those who teach it; and a learner's own grade."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.gradebook.change_settings import add_column, change_gradebook, remove_column
from codezest.services.learning.actions.gradebook.read_marks import read_marks
from codezest.services.learning.actions.gradebook.set_entry import set_entry
from codezest.services.learning.queries import gradebook as queries
from codezest.services.learning.queries.gradebook_csv import gradebook_csv, gradebook_head
from codezest.services.learning.schemas.gradebook import (
    GradebookPage,
    GradebookSettingsIn,
    Layout,
    LearnersStanding,
    MarkList,
    MarkListOutcome,
    NewColumn,
    NewEntry,
    Order,
)

router = APIRouter(tags=["teaching"])
learning = APIRouter()

CSV_HEADERS = {"Cache-Control": "no-store"}


@learning.get("/courses/{slug}/grades")
async def read_own_grade(context: Context, slug: str) -> LearnersStanding:
    """The caller's own grade and how it came about; what is not released counts for nothing yet."""
    return (await queries.own_standing(context.database.pool("learning"), context.actor, slug))[1]


@router.get("/courses/{course_id}/gradebook")
async def read_gradebook(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    course_id: UUID,
    cohort_id: UUID | None = None,
    q: Annotated[str, Query(max_length=100, description="Part of the name.")] = "",
    order: Order = "newest",
    column_id: Annotated[UUID | None, Query(description="Goes by its results; none: by the whole grade.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> GradebookPage:
    """Learners with their results, the last to enrol first, by name or by results.

    Where too many fit to be put in order, they come the last first, and `order` says so.
    """
    wanted = queries.WantedLearners(cohort_id=cohort_id, words=q, order=order, column_id=column_id)
    pool = context.database.pool("learning")
    return (await queries.gradebook(pool, context.actor, course_id, wanted, cursor=cursor, limit=limit))[1]


@router.get("/courses/{course_id}/gradebook/settings")
async def read_settings(context: Context, course_id: UUID) -> Layout:
    """How grades come about."""
    return (await queries.gradebook_layout(context.database.pool("learning"), context.actor, course_id))[1]


@router.put("/courses/{course_id}/gradebook/settings")
async def replace_settings(context: Context, course_id: UUID, wanted: GradebookSettingsIn) -> Layout:
    """Replace how grades come about; marks stay."""
    async with context.database.write("learning") as session:
        await change_gradebook(session, context.actor, course_id, wanted)
    return (await queries.gradebook_layout(context.database.pool("learning"), context.actor, course_id))[1]


@router.post("/courses/{course_id}/gradebook/columns", status_code=201)
async def make_column(context: Context, course_id: UUID, new: NewColumn) -> Layout:
    """Make a column that people fill in."""
    async with context.database.write("learning") as session:
        await add_column(session, context.actor, course_id, new)
    return (await queries.gradebook_layout(context.database.pool("learning"), context.actor, course_id))[1]


@router.delete("/courses/{course_id}/gradebook/columns/{column_id}", status_code=204)
async def delete_column(context: Context, course_id: UUID, column_id: UUID) -> None:
    """Take such a column out; its marks are kept."""
    async with context.database.write("learning") as session:
        await remove_column(session, context.actor, course_id, column_id)


@router.get("/courses/{course_id}/gradebook/learners/{user_id}")
async def read_learner(context: Context, course_id: UUID, user_id: UUID) -> LearnersStanding:
    """One learner's results, how the grade came about, and all that people have set."""
    return (await queries.learners_standing(context.database.pool("learning"), context.actor, course_id, user_id))[1]


@router.post("/courses/{course_id}/gradebook/entries", status_code=201)
async def add_entry(context: Context, course_id: UUID, new: NewEntry) -> LearnersStanding:
    """Set a mark, excuse, clear, or take the last of these back; nothing is overwritten."""
    async with context.database.write("learning") as session:
        await set_entry(session, context.actor, course_id, new)
    pool = context.database.pool("learning")
    return (await queries.learners_standing(pool, context.actor, course_id, new.user_id))[1]


@router.post("/courses/{course_id}/gradebook/list")
async def read_list(context: Context, course_id: UUID, wanted: MarkList) -> MarkListOutcome:
    """Say what a table of marks changes or, with `apply`, change it as one set."""
    async with context.database.write("learning") as session:
        return await read_marks(session, context.actor, course_id, wanted)


@router.get("/courses/{course_id}/gradebook.csv", response_class=StreamingResponse)
async def export_gradebook(context: Context, course_id: UUID) -> StreamingResponse:
    """All learners as CSV, in UTF-8 with its mark."""
    pool = context.database.pool("learning")
    book, head = await gradebook_head(pool, context.actor, course_id)

    async def body() -> AsyncIterator[str]:
        yield head
        async for lines in gradebook_csv(pool, course_id, book):
            yield lines

    headers = CSV_HEADERS | {"Content-Disposition": 'attachment; filename="grades.csv"'}
    return StreamingResponse(body(), media_type="text/csv; charset=utf-8", headers=headers)
