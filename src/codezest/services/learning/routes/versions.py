"""Versions of what authors wrote."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.kit.pagination import Cursor, Page
from codezest.services.learning.actions.versions.restore_version import restore_version
from codezest.services.learning.line_diff import Line, Part, compare_programs
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import versions
from codezest.services.learning.schemas.versions import (
    ComparedField,
    ComparedLine,
    Restoring,
    VersionComparison,
    VersionDetail,
    VersionSummary,
)

router = APIRouter(tags=["authoring"])


@router.get("/courses/{course_id}/versions")
async def list_versions(
    context: Context,
    course_id: UUID,
    subject: Annotated[UUID | None, Query(description="Only of this course, module, item or question.")] = None,
    cursor: Cursor = None,
) -> Page[VersionSummary]:
    """What was written in a course, newest first. Who saves again within ten minutes adds to their version."""
    pool = context.database.pool("learning")
    await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    return await versions.versions_of_course(pool, course_id, subject_id=subject, cursor=cursor)


@router.get("/versions/{version_id}")
async def read_version(context: Context, version_id: UUID) -> VersionDetail:
    """A version with all that it says."""
    return (await versions.version(context.database.pool("learning"), context.actor, version_id))[1]


@router.get("/versions/{version_id}/comparison")
async def compare_versions(
    context: Context,
    version_id: UUID,
    other: Annotated[UUID | None, Query(description="One of the same subject; absent: the one before.")] = None,
) -> VersionComparison:
    """What `other` says, line by line, beside what this version says."""
    pool = context.database.pool("learning")
    _course, new = await versions.version(pool, context.actor, version_id)
    earlier = other or new.previous_id
    old = None if earlier is None else (await versions.version(pool, context.actor, earlier))[1]
    if old is not None and old.subject_id != new.subject_id:
        raise NotFound
    compared = compare_programs(versions.texts_of(old.snapshot if old else {}), versions.texts_of(new.snapshot))
    return VersionComparison(
        old=None if old is None else _summary(old),
        new=_summary(new),
        fields=[
            ComparedField(
                name=field.path,
                kind=field.kind,
                lines=[_line(line) for line in field.lines],
                truncated=field.truncated,
            )
            for field in compared
            if field.kind != "same"
        ],
    )


@router.post("/versions/{version_id}/restore", status_code=204)
async def restore(context: Context, version_id: UUID, body: Restoring) -> None:
    """Make its subject what it was, as a new version. `content-changed-elsewhere` where it was changed meanwhile."""
    async with context.database.write("learning") as session:
        await restore_version(session, context.actor, version_id, latest_digest=body.latest_digest)


def _summary(version: VersionDetail) -> VersionSummary:
    return VersionSummary.model_validate(version.model_dump(include=set(VersionSummary.model_fields)))


def _line(line: Line) -> ComparedLine:
    return ComparedLine(kind=line.kind, old=_text(line.old), new=_text(line.new), skipped=line.skipped)


def _text(parts: tuple[Part, ...]) -> str | None:
    return "".join(part.text for part in parts) if parts else None
