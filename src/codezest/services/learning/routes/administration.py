"""All courses together, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, Page, PageSize
from codezest.services.learning.actions import restore_deleted as restoring
from codezest.services.learning.queries import administration
from codezest.services.learning.schemas.administration import CourseRow, DeletedKind, DeletedOut, EnrollmentRow
from codezest_db.enums import PublicationStatus

router = APIRouter(prefix="/admin", tags=["administration"])

Search = Annotated[str | None, Query(max_length=100, description="Part of the title or the address.")]


@router.get("/courses")
async def list_courses(
    context: Context,
    *,
    search: Search = None,
    status: PublicationStatus | None = None,
    owner_id: UUID | None = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> Page[CourseRow]:
    """Courses and paths of every state and owner, or of one, the newest first. Administrators only."""
    pool = context.database.pool("learning")
    return await administration.every_course(
        pool, context.actor, search=search, status=status, owner_id=owner_id, cursor=cursor, limit=limit
    )


@router.get("/deleted")
async def list_deleted(
    context: Context, kind: DeletedKind | None = None, cursor: Cursor = None, limit: PageSize = 20
) -> Page[DeletedOut]:
    """What was deleted and can be restored, the last first. Administrators only."""
    pool = context.database.pool("learning")
    return await administration.deleted_content(pool, context.actor, kind=kind, cursor=cursor, limit=limit)


@router.post("/deleted/{content_id}/restore", status_code=204)
async def restore(content_id: UUID, context: Context) -> None:
    """Undo a deletion. Administrators only."""
    async with context.database.write("learning") as session:
        await restoring.restore_deleted(session, context.actor, content_id)


@router.get("/enrollments")
async def list_enrollments(
    context: Context,
    *,
    user_id: UUID | None = None,
    pending: bool = False,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> Page[EnrollmentRow]:
    """Enrolments of one person, those that wait to be activated, or all, the newest first. Administrators only."""
    pool = context.database.pool("learning")
    return await administration.every_enrollment(
        pool, context.actor, user_id=user_id, pending=pending, cursor=cursor, limit=limit
    )
