"""Courses as their staff keeps them: settings, state, order, staff. What is in a module: see `authoring_items`."""

from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from codezest.kit import markdown
from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.kit.pagination import Cursor, Page
from codezest.services.learning.actions.authoring import order_content, write_module
from codezest.services.learning.actions.teaching import (
    change_course,
    create_course,
    duplicate_course,
    place_content,
    publish_course,
    remove_course,
    restore_content,
    staff,
)
from codezest.services.learning.queries import authoring
from codezest.services.learning.queries.search import LONGEST_QUERY
from codezest.services.learning.queries.taught import WantedCourses, staff_of_course, taught_courses
from codezest.services.learning.queries.teaching import outline_of_course
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import AuthoredModule
from codezest.services.learning.schemas.authoring import ModuleOrder, NewModule
from codezest.services.learning.schemas.teaching import (
    CopyOfCourse,
    CourseChange,
    CourseOutline,
    CourseRole,
    CourseStaffList,
    CourseStatusChange,
    MarkdownText,
    NewCourse,
    NewPlace,
    OwnerChange,
    RenderedText,
    Restored,
    StaffChange,
    TaughtCourseSummary,
)
from codezest_db.enums import PublicationStatus

router = APIRouter(prefix="/teach", tags=["teaching"])


async def _outline(context: Context, course_id: UUID) -> CourseOutline:
    _course, outline = await outline_of_course(context.database.pool("learning"), context.actor, course_id)
    return outline


async def _staff(context: Context, course_id: UUID) -> CourseStaffList:
    _course, members = await staff_of_course(context.database.pool("learning"), context.actor, course_id)
    return CourseStaffList(items=members)


@router.get("/courses")
async def list_courses(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    status: PublicationStatus | None = None,
    role: CourseRole | None = None,
    everybody: Annotated[bool, Query(description="Those of others too. Administrators only.")] = False,  # noqa: FBT002 - of the address
    cursor: Cursor = None,
) -> Page[TaughtCourseSummary]:
    """The courses you own, co-teach, grade or observe, the newest first."""
    wanted = WantedCourses(query=q, status=status, role=role, everybody=everybody, cursor=cursor)
    return await taught_courses(context.database.pool("learning"), context.actor, wanted)


@router.post("/courses", status_code=201)
async def begin_course(context: Context, new: NewCourse) -> CourseOutline:
    """Begin a course of your own, as a draft."""
    async with context.database.write("learning") as session:
        course_id = await create_course.create_course(session, context.actor, new)
    return await _outline(context, course_id)


@router.get("/courses/{course_id}")
async def read_course(context: Context, course_id: UUID) -> CourseOutline:
    """A course with its settings, its modules and items, drafts included, and what it lacks."""
    return await _outline(context, course_id)


@router.patch("/courses/{course_id}")
async def edit_course(context: Context, course_id: UUID, change: CourseChange) -> CourseOutline:
    """Change what is named. The owner alone changes what it costs."""
    async with context.database.write("learning") as session:
        await change_course.change_course(session, context.actor, course_id, change)
    return await _outline(context, course_id)


@router.delete("/courses/{course_id}", status_code=204)
async def delete_course(context: Context, course_id: UUID) -> None:
    """Delete a course that nobody takes. It can be restored."""
    async with context.database.write("learning") as session:
        await remove_course.remove_course(session, context.actor, course_id)


@router.post("/courses/{course_id}/restore")
async def undelete_course(context: Context, course_id: UUID) -> CourseOutline:
    """Bring a deleted course of your own back."""
    async with context.database.write("learning") as session:
        await remove_course.restore_course(session, context.actor, course_id)
    return await _outline(context, course_id)


@router.put("/courses/{course_id}/status")
async def change_course_status(context: Context, course_id: UUID, change: CourseStatusChange) -> CourseOutline:
    """Publish it, make it a draft again, or archive it."""
    async with context.database.write("learning") as session:
        await publish_course.change_status(session, context.actor, course_id, change.status)
    return await _outline(context, course_id)


@router.post("/courses/{course_id}/copies", status_code=201)
async def copy_course(context: Context, course_id: UUID, copy: CopyOfCourse) -> CourseOutline:
    """Make a draft of your own of everything that the course holds, without its learners."""
    async with context.database.write("learning") as session:
        new_id = await duplicate_course.duplicate_course(session, context.actor, course_id, title=copy.title)
    return await _outline(context, new_id)


@router.post("/courses/{course_id}/modules", response_model=AuthoredModule, status_code=201)
async def create_module(context: Context, course_id: UUID, new: NewModule) -> Response:
    """Add a module at the end."""
    async with context.database.write("learning") as session:
        module_id = await write_module.create_module_in(session, context.actor, course_id, new)
    body = await authoring.module_json(context.database.pool("learning"), context.actor, module_id)
    return json_answer(body, status=201)


@router.put("/courses/{course_id}/modules/order")
async def order_modules(context: Context, course_id: UUID, order: ModuleOrder) -> CourseOutline:
    """Put the modules in order: every one, once."""
    async with context.database.write("learning") as session:
        await order_content.order_modules_in(session, context.actor, course_id, order.ids)
    return await _outline(context, course_id)


@router.put("/courses/{course_id}/place")
async def place_item(context: Context, course_id: UUID, place: NewPlace) -> CourseOutline:
    """Put one item somewhere else, into another module too."""
    async with context.database.write("learning") as session:
        found = await place_content.place_item(
            session, context.actor, place.kind, place.id, module_id=place.module_id, before=place.before
        )
        if found != course_id:
            raise NotFound
    return await _outline(context, course_id)


@router.post("/courses/{course_id}/restored")
async def restore(context: Context, course_id: UUID, restored: Restored) -> CourseOutline:
    """Bring a deleted module or item back."""
    async with context.database.write("learning") as session:
        await restore_content.restore_content(session, context.actor, course_id, restored.kind, restored.id)
    return await _outline(context, course_id)


@router.get("/courses/{course_id}/staff")
async def list_staff(context: Context, course_id: UUID) -> CourseStaffList:
    """Who teaches in it, its owner first."""
    return await _staff(context, course_id)


@router.put("/courses/{course_id}/staff")
async def set_staff(context: Context, course_id: UUID, change: StaffChange) -> CourseStaffList:
    """Give somebody a role, or another one than they had. The owner's act."""
    async with context.database.write("learning") as session:
        await staff.set_staff(session, context.actor, course_id, change.who, change.role)
    return await _staff(context, course_id)


@router.delete("/courses/{course_id}/staff/{user_id}", status_code=204)
async def remove_staff(context: Context, course_id: UUID, user_id: UUID) -> None:
    """Take somebody's role away: the owner anybody's, everybody their own."""
    async with context.database.write("learning") as session:
        await staff.remove_staff(session, context.actor, course_id, user_id)


@router.put("/courses/{course_id}/owner")
async def transfer_course(context: Context, course_id: UUID, change: OwnerChange) -> CourseStaffList:
    """Make somebody else the owner; who was it stays as a co-instructor."""
    async with context.database.write("learning") as session:
        await staff.transfer_course(session, context.actor, course_id, change.who)
    return await _staff(context, course_id)


@router.post("/preview")
async def preview(context: Context, text: MarkdownText) -> RenderedText:
    """Markdown as its readers will see it."""
    context.actor.require_user()
    # Apart from the requests of others: a long text takes a while.
    return RenderedText(html=await to_thread.run_sync(markdown.render, text.markdown))
