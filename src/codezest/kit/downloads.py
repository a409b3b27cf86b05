"""Stored files as answers: named, typed by us, never guessed at by a browser, sent again only when they differ."""

from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import Headers

from codezest.kit.errors import NotFound
from codezest.kit.files import FileMissing, Files

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_ITS_OWNER = "private, no-store"


async def stored_file(
    files: Files,
    key: str,
    *,
    asked: Headers,
    media_type: str,
    filename: str,
    inline: bool = False,
    public: bool = False,
) -> Response:
    """The file of a key, in chunks as they are read.

    Args:
        files: where it lies.
        key: its key; what it names never changes.
        asked: the headers of the request.
        media_type: what it is, as we made or checked it.
        filename: how it is to be called when saved.
        inline: whether a page may show it. Nothing that somebody sent in as it is may be.
        public: whether anybody may keep it for good; else nobody may.

    Raises:
        NotFound: there is no such file.
    """
    try:
        found = await files.stat(key)
    except FileMissing:
        raise NotFound from None
    etag = f'"{(found.etag or key).strip(chr(34))}"'
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(filename, safe='')}"
    headers = {
        "Cache-Control": FOR_GOOD if public else FOR_ITS_OWNER,
        "Content-Disposition": disposition,
        "ETag": etag,
    }
    if etag in [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(found.size)
    return StreamingResponse(files.read(key), media_type=media_type, headers=headers)
