"""Stored files as answers: named, typed by us, never guessed at by a browser, sent again only when they differ."""

import re
from dataclasses import dataclass

from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import Headers

from codezest.kit.errors import NotFound
from codezest.kit.filenames import disposition
from codezest.kit.files import FileMissing, Files

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_ITS_OWNER = "private, no-store"
ALONE = (
    "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
"""The policy of a file that is opened by itself."""
FRAMED = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """How a stored file is handed out."""

    media_type: str
    """What it is, as we made or checked it."""
    filename: str
    """How it is to be called when saved."""
    inline: bool = False
    """Whether a page may show it. Nothing that somebody sent in as it is may be, unless its format does nothing."""
    cache: str = FOR_ITS_OWNER
    framed: bool = False
    """Whether pages of ours may show it in a frame. Browsers show no PDF in a sandbox; a PDF does nothing to a site."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file from `start` up to, and not including, `end`."""

    start: int
    end: int


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
    cache = FOR_GOOD if public else FOR_ITS_OWNER
    served = Served(media_type=media_type, filename=filename, inline=inline, cache=cache)
    return await serve_file(files, key, served, asked=asked)


async def serve_file(files: Files, key: str, served: Served, *, asked: Headers, head: bool = False) -> Response:
    """The file, or the one range of it that is asked for (RFC 9110, section 14).

    Of several ranges the whole file is sent, which a server is free to do. With `head` only what would be said of it.

    Raises:
        NotFound: there is no such file.
    """
    try:
        found = await files.stat(key)
    except FileMissing:
        raise NotFound from None
    etag = f'"{(found.etag or key).strip(chr(34))}"'
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": served.cache,
        "Content-Disposition": disposition(served.filename, inline=served.inline),
        "Content-Security-Policy": FRAMED if served.framed else ALONE,
        "X-Frame-Options": "SAMEORIGIN" if served.framed else "DENY",
        "ETag": etag,
    }
    if etag in [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    status, span = 200, Span(0, found.size)
    wanted = asked.get("range")
    if wanted is not None and asked.get("if-range", etag) == etag and (part := _RANGE.fullmatch(wanted.strip())):
        asked_span = span_of(part[1], part[2], found.size)
        if asked_span is None:
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{found.size}"})
        status, span = 206, asked_span
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{found.size}"
    headers["Content-Length"] = str(span.end - span.start)
    if head or span.start == span.end:
        return Response(status_code=status, headers=headers, media_type=served.media_type)
    content = files.read(key, start=span.start, end=span.end)
    return StreamingResponse(content, status, headers=headers, media_type=served.media_type)


def span_of(first: str, last: str, size: int) -> Span | None:
    """What `bytes=first-last` means for a file of this size; either may be empty. None where that is nothing of it."""
    if not first:
        length = min(int(last or 0), size)
        return Span(size - length, size) if length else None
    start = int(first)
    end = size if not last else min(int(last) + 1, size)
    return Span(start, end) if start < end else None
