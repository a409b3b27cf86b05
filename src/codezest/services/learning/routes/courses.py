"""The catalogue of courses, and enrolling in one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.drop_enrollment import drop_course
from codezest.services.learning.actions.enroll import enroll_in_course
from codezest.services.learning.queries import courses
from codezest.services.learning.queries.search import LONGEST_QUERY
from codezest.services.learning.routes.enrolled import ENROLLED_BEFORE, enrolled
from codezest.services.learning.schemas.catalog import Enrollment
from codezest.services.learning.schemas.courses import CourseDetail, CourseOrder, CoursePage
from codezest.services.learning.schemas.enrolling import EnrollmentChoice

router = APIRouter()

Chosen = Annotated[list[str] | None, Query(max_length=20, description="Any of these; none lets all through.")]


@router.get("/courses")
async def list_courses(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    q: Annotated[
        str, Query(max_length=LONGEST_QUERY, description="Words, of which each may be the beginning of one.")
    ] = "",
    level: Chosen = None,
    category: Chosen = None,
    language: Chosen = None,
    spoken: Chosen = None,
    price: Chosen = None,
    order: CourseOrder = "relevance",
    page: Annotated[int, Query(ge=1, le=courses.LAST_PAGE)] = 1,
) -> CoursePage:
    """The courses on offer, and by how many of them each further filter would leave."""
    wanted = courses.Wanted(
        query=q,
        levels=level or (),
        categories=category or (),
        languages=language or (),
        spoken=spoken or (),
        prices=price or (),
        order=order,
        page=page,
    )
    return await courses.catalogue(context.database.pool("learning"), context.actor, wanted)


@router.get("/courses/{slug}")
async def read_course(context: Context, slug: str) -> CourseDetail:
    """One course with its modules."""
    return await courses.course(context.database.pool("learning"), context.actor, slug)


@router.post(
    "/courses/{slug}/enroll",
    status_code=201,
    responses=ENROLLED_BEFORE,
)
async def enroll_in(
    context: Context, slug: str, response: Response, choice: EnrollmentChoice | None = None
) -> Enrollment:
    """Enrol. 201 the first time; a course that has a price waits, PENDING, until it is activated."""
    async with context.database.write("learning") as session:
        enrollment, created = await enroll_in_course(
            session, context.actor, slug, cohort_id=choice.cohort_id if choice else None
        )
        return enrolled(response, enrollment, created=created)


@router.delete("/courses/{slug}/enroll", status_code=204)
async def leave(context: Context, slug: str) -> None:
    """Leave. What was achieved is kept."""
    async with context.database.write("learning") as session:
        await drop_course(session, context.actor, slug)
