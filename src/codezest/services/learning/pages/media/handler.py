"""Films, captions and pictures of the courses, from the content folder."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.pages.routing import page_router

router: APIRouter = page_router()

# Only what a course may hold: its sources lie in the same folder and are not for readers.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".avif": "image/avif",
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".gif": "image/gif",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".mp4": "video/mp4",
        ".pdf": "application/pdf",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".vtt": "text/vtt; charset=utf-8",
        ".webm": "video/webm",
        ".webp": "image/webp",
    }
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# A week, not for good: an author may replace a film under its old name.
CACHE = "public, max-age=604800, stale-while-revalidate=86400"


def media_file(content: Path, language: str, name: str) -> Path | None:
    """The file behind an address, or None where there is none that readers may have."""
    if not NAME.fullmatch(language) or not NAME.fullmatch(name):
        return None
    folder = (content / language / "media").resolve()
    path = (folder / name).resolve()
    return path if path.parent == folder and path.is_file() else None


@router.api_route("/media/{language}/{name}", methods=["GET", "HEAD"])
async def media(language: str, name: str, request: Request, context: Context) -> Response:
    """One file, or the range of it that a player asks for."""
    media_type = TYPES.get(PurePosixPath(name).suffix.lower())
    path = await to_thread.run_sync(media_file, context.settings.content_dir, language, name) if media_type else None
    if path is None:
        raise NotFound
    found = await to_thread.run_sync(path.stat)
    if not stat.S_ISREG(found.st_mode):
        raise NotFound
    response = FileResponse(path, media_type=media_type, stat_result=found, headers={"Cache-Control": CACHE})
    if _is_known(request.headers, response.headers["etag"]):
        kept = {name: response.headers[name] for name in ("cache-control", "etag", "last-modified")}
        return Response(status_code=304, headers=kept)
    return response


def _is_known(headers: Headers, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return etag in tags
