"""A course as the files of a content folder."""

from collections.abc import AsyncIterator
from typing import IO, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context, RequestContext
from codezest.kit.filenames import disposition
from codezest.services.learning.content.archive import CHUNK, packed
from codezest.services.learning.content.export_course import exported_alone
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course

router = APIRouter(tags=["authoring"])

ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The folder, packed.",
    }
}


@router.get("/courses/{course_id}/export", responses=ZIP, response_class=StreamingResponse)
async def export_course(context: Context, course_id: UUID) -> StreamingResponse:
    """The course, or the language whose path it is, as `codezest content` reads it, in a ZIP. The same content gives the same bytes."""
    return await export_answer(context, course_id)


async def export_answer(context: RequestContext, course_id: UUID) -> StreamingResponse:
    """The ZIP, in chunks from the disk; what cannot be read is said before the first of them.

    Raises:
        Unauthenticated, NotFound, Forbidden: the caller does not write this course.
    """
    await access_taught_course(context.database.pool("learning"), context.actor, course_id, Permission.AUTHOR)
    tree = await exported_alone(context.database, course_id, context.settings.content_dir)
    packing = packed(tree, context.resources.files)
    archive = await packing.__aenter__()
    size = await to_thread.run_sync(archive.seek, 0, 2)
    archive.seek(0)

    async def chunks() -> AsyncIterator[bytes]:
        try:
            async for chunk in _read(archive):
                yield chunk
        finally:
            await packing.__aexit__(None, None, None)

    return StreamingResponse(
        chunks(),
        media_type="application/zip",
        headers={
            "Content-Disposition": disposition(f"{tree.name}.zip", inline=False),
            "Content-Length": str(size),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _read(archive: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await to_thread.run_sync(archive.read, CHUNK):
        yield chunk
