"""Stored files as answers: whole, in ranges, signed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse

from codezest.kit.downloads import Served, Span, serve_file, span_of
from codezest.kit.errors import NotFound
from codezest.kit.files import Files
from codezest.kit.settings import Settings
from codezest.kit.signed_files import STEP, LinkExpired, file_address, opened_address

KEY = b"a key of no worth, for tests alone"
NOON = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
FILM = Served(media_type="video/mp4", filename="Fül m.mp4", inline=True, cache="private, max-age=60")


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("0", "0", Span(0, 1)),
        ("0", "", Span(0, 10)),
        ("3", "5", Span(3, 6)),
        ("3", "99", Span(3, 10)),
        ("", "4", Span(6, 10)),
        ("", "99", Span(0, 10)),
        ("10", "", None),
        ("5", "3", None),
        ("", "0", None),
        ("", "", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(first: str, last: str, span: Span | None) -> None:
    assert span_of(first, last, 10) == span


async def test_a_film_plays_and_seeks(tmp_path: Path) -> None:
    files = Files.of(Settings(data_dir=tmp_path))
    await files.put("uploads/film", b"0123456789")

    async def ask(*, head: bool = False, **asked: str) -> tuple[int, bytes, Headers]:
        headers = Headers({name.replace("_", "-"): value for name, value in asked.items()})
        answer = await serve_file(files, "uploads/film", FILM, asked=headers, head=head)
        if isinstance(answer, StreamingResponse):
            content = b"".join([bytes(chunk) async for chunk in answer.body_iterator if not isinstance(chunk, str)])
        else:
            content = bytes(answer.body)
        return answer.status_code, content, answer.headers

    status, content, headers = await ask()
    assert (status, content, headers["content-length"], headers["accept-ranges"]) == (200, b"0123456789", "10", "bytes")
    assert headers["content-disposition"] == "inline; filename*=UTF-8''F%C3%BCl%20m.mp4"
    assert "sandbox" in headers["content-security-policy"]
    etag = headers["etag"]

    status, content, headers = await ask(range="bytes=2-4")
    assert (status, content, headers["content-range"], headers["content-length"]) == (206, b"234", "bytes 2-4/10", "3")
    assert (await ask(range="bytes=-3"))[:2] == (206, b"789")
    assert (await ask(range="bytes=7-"))[:2] == (206, b"789")
    assert (await ask(range="bytes=2-4", if_range=etag))[:2] == (206, b"234")
    assert (await ask(range="bytes=2-4", if_range='"another"'))[:2] == (200, b"0123456789")
    assert (await ask(range="bytes=0-1,4-5"))[:2] == (200, b"0123456789")
    assert (await ask(range="lines=1-2"))[:2] == (200, b"0123456789")
    status, content, headers = await ask(range="bytes=10-")
    assert (status, content, headers["content-range"]) == (416, b"", "bytes */10")
    assert (await ask(if_none_match=etag))[:2] == (304, b"")
    status, content, headers = await ask(head=True, range="bytes=0-1")
    assert (status, content, headers["content-length"]) == (206, b"", "2")
    with pytest.raises(NotFound):
        await serve_file(files, "uploads/none", FILM, asked=Headers({}))


def _parts(address: str) -> dict[str, str]:
    names = ("signature", "until", "how", "folder", "stored", "name")
    return dict(zip(names, address.removeprefix("/files/").split("/"), strict=True))


def test_an_address_is_good_for_one_file_and_a_while() -> None:
    address = file_address(KEY, "uploads/1", "film.mp4", inline=True, moment=NOON)
    found = opened_address(KEY, _parts(address), moment=NOON)
    assert (found.key, found.name, found.inline, found.media_type) == ("uploads/1", "film.mp4", True, "video/mp4")
    assert STEP <= found.until - NOON <= 2 * STEP
    assert file_address(KEY, "uploads/1", "film.mp4", inline=True, moment=NOON + timedelta(minutes=20)) == address
    with pytest.raises(LinkExpired):
        opened_address(KEY, _parts(address), moment=found.until)
    for part, other in [
        ("stored", "2"),
        ("folder", "hand-ins"),
        ("until", "9999999999"),
        ("how", "save"),
        ("name", "film.webm"),
    ]:
        with pytest.raises(NotFound):
            opened_address(KEY, {**_parts(address), part: other}, moment=NOON)
    with pytest.raises(NotFound):
        opened_address(b"another key", _parts(address), moment=NOON)


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "slides.docx", "archive.zip", "photo.jpg"])
def test_what_could_act_is_never_shown(name: str) -> None:
    address = file_address(KEY, "uploads/1", name, inline=True, moment=NOON)
    assert opened_address(KEY, _parts(address), moment=NOON).inline is False
