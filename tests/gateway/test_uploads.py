"""Large bodies: where they may be sent, by whom, and that nothing on the way holds them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from codezest.gateway.app import Application
from codezest.gateway.bodies import body_limit, bounded, form_token
from codezest.kit.actor import ANONYMOUS
from codezest.kit.context import CSRF_COOKIE, SESSION_COOKIE
from codezest.kit.errors import PayloadTooLarge
from codezest.kit.settings import Settings
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn, client_for

MEGABYTE = 1 << 20
COURSE = "01900000-0000-7000-8000-000000000000"
BOUNDARY = "X-the-boundary"
UPLOAD_HEADERS = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def _form(token: str) -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n'
        'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    ).encode()


@pytest.mark.parametrize(
    "path",
    [f"/api/v1/courses/{COURSE}/uploads", f"/teach/courses/{COURSE}/files", f"/teach/materials/{COURSE}/uploads/video"],
)
async def test_only_authors_send_much_and_only_there(
    path: str, application: Application, student: SignedIn, instructor: SignedIn
) -> None:
    body = _form("x") + b"y" * (3 * MEGABYTE) + f"\r\n--{BOUNDARY}--\r\n".encode()

    async def status(person: SignedIn | None, at: str) -> int:
        headers = {**UPLOAD_HEADERS, **(person.headers if person else {})}
        async with client_for(application, headers=headers) as client:
            return (await client.post(at, content=body)).status_code

    assert await status(instructor, path) == 404  # let through, to a course that is not there
    assert await status(student, path) == 413
    assert await status(None, path) == 413
    assert await status(instructor, "/api/v1/languages") == 413
    assert await status(instructor, f"{path}/more") == 413


def test_each_place_has_its_own_limit() -> None:
    settings = Settings(upload_video_mb=700, upload_hand_in_mb=30)
    assert body_limit(settings, ANONYMOUS, f"/api/v1/courses/{COURSE}/uploads") == settings.body_limit_bytes
    assert body_limit(settings, ANONYMOUS, f"/api/v1/assignments/{COURSE}/files") == settings.body_limit_bytes


async def test_what_says_no_length_is_counted_as_it_is_read() -> None:
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        sent += 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    passed = await bounded(Headers({}), receive, 5_000, general=100)
    assert sent == 0
    for _ in range(5):
        await passed()
    with pytest.raises(PayloadTooLarge):
        await passed()
    with pytest.raises(PayloadTooLarge):
        await bounded(Headers({}), receive, 2_000, general=2_000)


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
async def test_the_token_is_found_at_the_head_and_no_byte_is_lost(size: int) -> None:
    body = _form("the-token") + bytes(range(256)) * 400
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    waiting = iter(pieces)
    read = 0

    async def receive() -> Message:
        nonlocal read
        piece = next(waiting)
        read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": read < len(body)}

    token, again = await form_token(Headers(UPLOAD_HEADERS), receive, 1 << 30)
    assert token == "the-token"
    assert read <= 300 + size
    found = b""
    while len(found) < len(body):
        found += (await again())["body"]
    assert found == body


async def test_a_file_without_a_token_is_not_read_to_its_end() -> None:
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1000
        return {"type": "http.request", "body": b"y" * 1000, "more_body": True}

    token, _again = await form_token(Headers(UPLOAD_HEADERS), receive, 1 << 30)
    assert token is None
    assert read <= 10_000


@pytest.fixture
async def browser(application: Application, make_user: MakeUser) -> AsyncIterator[httpx.AsyncClient]:
    """An instructor with cookies, as browsers have them."""
    person = await make_user(Role.INSTRUCTOR)
    async with client_for(application, cookies={SESSION_COOKIE: person.token}) as client:
        yield client


async def test_a_large_form_needs_the_token_too(browser: httpx.AsyncClient) -> None:
    path = f"/teach/courses/{COURSE}/files"
    body = _form("wrong") + b"y" * (3 * MEGABYTE) + f"\r\n--{BOUNDARY}--\r\n".encode()
    assert (await browser.post(path, content=body, headers=UPLOAD_HEADERS)).status_code == 403
    shown = (await browser.get("/account/profile")).text
    assert CSRF_COOKIE in browser.cookies
    token = shown.partition('name="csrf_token" value="')[2].partition('"')[0]
    body = _form(token) + b"y" * (3 * MEGABYTE) + f"\r\n--{BOUNDARY}--\r\n".encode()
    assert (await browser.post(path, content=body, headers=UPLOAD_HEADERS)).status_code == 404
