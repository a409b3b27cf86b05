"""How large a request's body may be, and reading it no further than needed.

Almost everything is small, and read whole. Where files are sent, more is let through to those who may send them, and passes
by in the pieces in which it comes: nothing here holds it.
"""

import re
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from codezest.gateway import csrf
from codezest.kit.actor import Actor
from codezest.kit.errors import PayloadTooLarge
from codezest.kit.settings import Settings
from codezest_db.enums import Role

MEGABYTE = 1 << 20
FRAME_BYTES = MEGABYTE
"""What the fields and boundaries around a file may take."""
_TOKEN_BYTES = 8 << 10
"""Our forms send their token first; what comes later than this is none."""

Allowance = Callable[[Settings, Actor], int]


def _avatar(_settings: Settings, actor: Actor) -> int:
    return 6 * MEGABYTE if actor.signed_in else 0


def _course_files(settings: Settings, actor: Actor) -> int:
    if actor.role not in {Role.ADMIN, Role.INSTRUCTOR}:
        return 0
    most = max(settings.upload_picture_mb, settings.upload_video_mb, settings.upload_document_mb)
    return most * MEGABYTE + FRAME_BYTES


def _imports(settings: Settings, actor: Actor) -> int:
    return settings.upload_import_mb * MEGABYTE + FRAME_BYTES if actor.role in {Role.ADMIN, Role.INSTRUCTOR} else 0


def _hand_ins(settings: Settings, actor: Actor) -> int:
    return settings.upload_hand_in_mb * MEGABYTE + FRAME_BYTES if actor.signed_in else 0


LARGE_BODIES: Sequence[tuple[re.Pattern[str], Allowance]] = (
    (re.compile(r"/account/profile/avatar|/api/v1/me/avatar"), _avatar),
    (re.compile(r"/api/v1/courses/[^/]+/uploads"), _course_files),
    (re.compile(r"/teach/courses/[^/]+/(?:files|image)"), _course_files),
    (re.compile(r"/teach/materials/[^/]+/uploads/[a-z]+"), _course_files),
    (re.compile(r"/api/v1/(?:courses/[^/]+|teach)/imports|/teach/(?:courses/[^/]+/)?import"), _imports),
    (re.compile(r"(?:/api/v1)?/assignments/[^/]+/(?:files|hand-in)"), _hand_ins),
)
"""Where more than the general limit may be sent, and by whom: the most bytes, or nothing more."""


def body_limit(settings: Settings, actor: Actor, path: str) -> int:
    """The most bytes that this request may send."""
    allowances = (allowance(settings, actor) for pattern, allowance in LARGE_BODIES if pattern.fullmatch(path))
    return max(settings.body_limit_bytes, *allowances, 0)


async def bounded(headers: Headers, receive: Receive, limit: int, *, general: int) -> Receive:
    """Refuse a body past the limit: by its announced length, which the server enforces, or by counting what comes.

    Up to the `general` limit it is counted before a handler runs; past that it is while the handler reads.

    Raises:
        PayloadTooLarge: it is larger, or says so in no way that can be read.
    """
    announced = headers.get("content-length")
    if announced is None:
        return replay(await read_body(receive, limit), receive) if limit <= general else _counted(receive, limit)
    # The length is looked at first: Python refuses to read thousands of digits.
    if not (announced.isascii() and announced.isdigit()) or len(announced) > 20 or int(announced) > limit:
        raise PayloadTooLarge(limit)
    return receive


async def form_token(headers: Headers, receive: Receive, limit: int) -> tuple[str | None, Receive]:
    """The form token that the body holds, and the body, to be read from its beginning.

    Raises:
        PayloadTooLarge: more came than was announced.
    """
    kind = headers.get("content-type", "")
    token_in = csrf.reader_of(kind)
    if token_in is None:
        return None, receive
    if not kind.strip().lower().startswith(csrf.UPLOAD_TYPE):
        body = await read_body(receive, limit)
        return token_in(body), replay(body, receive)
    seen: list[Message] = []
    beginning = b""
    while len(beginning) < _TOKEN_BYTES:
        message = await receive()
        seen.append(message)
        beginning += message.get("body", b"")[:_TOKEN_BYTES]
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
        if token_in(beginning) is not None:
            break
    return token_in(beginning), _again(seen, receive)


def _again(seen: Sequence[Message], receive: Receive) -> Receive:
    waiting = iter(seen)

    async def replayed() -> Message:
        return next(waiting, None) or await receive()

    return replayed


def _counted(receive: Receive, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise PayloadTooLarge(limit)
        return message

    return counted


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body.

    Raises:
        PayloadTooLarge: it is larger than the limit.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(chunks)
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise PayloadTooLarge(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever reads it next."""
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
