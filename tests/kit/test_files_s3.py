"""Stored files in an S3-compatible store, over HTTP: a server here that checks each signature and each length, as S3 does."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from codezest.kit.files import CHUNK_BYTES, FileMissing, Files
from codezest.kit.settings import Settings

KEY, SECRET, REGION, BUCKET = "AKIAEXAMPLE", "keep-this-quiet", "eu-central-1", "learners"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Bucket(BaseHTTPRequestHandler):
    """One bucket, addressed by path; signature version 4 of every request is computed anew and compared."""

    protocol_version = "HTTP/1.1"
    objects: ClassVar[dict[str, bytes]] = {}
    described: ClassVar[dict[str, dict[str, str]]] = {}
    """The headers with which each object is to be handed out."""
    refused: ClassVar[list[str]] = []

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the parameter
        """Silent."""

    def do_PUT(self) -> None:
        body = self._body()
        if body is not None:
            self.objects[self._name()] = body
            kept = ("Content-Type", "Content-Disposition")
            self.described[self._name()] = {name: self.headers[name] for name in kept if name in self.headers}
            self._answer(200, headers={"ETag": self._tag(body)})

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        if self._body() is not None:
            self.objects.pop(self._name(), None)
            self._answer(204)

    def do_POST(self) -> None:
        """Deletes of many at once, which is how clients ask for one, too."""
        body = self._body()
        if body is None:
            return
        keys = [one.text for one in ET.fromstring(body).iter() if one.tag.endswith("Key")]  # noqa: S314 - ours
        for key in keys:
            self.objects.pop(f"/{BUCKET}/{key}", None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())

    def _serve(self) -> None:
        if self._body() is None:
            return
        found = self.objects.get(self._name())
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        headers = {"ETag": self._tag(found), "Last-Modified": "Sat, 21 Nov 2026 00:00:00 GMT"}
        asked = self.headers.get("Range", "")
        if asked:
            first, last = (int(text) for text in asked.removeprefix("bytes=").split("-"))
            headers["Content-Range"] = f"bytes {first}-{min(last, len(found) - 1)}/{len(found)}"
            self._answer(206, found[first : last + 1], headers)
        else:
            self._answer(200, found, headers)

    def _body(self) -> bytes | None:
        """What was sent; None, and refused, where the signature does not hold."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self._signature(body) != self.headers.get("Authorization", "").rpartition("Signature=")[2]:
            self.refused.append(self.path)
            self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
            return None
        return body

    def _signature(self, body: bytes) -> str:
        given = self.headers.get("Authorization", "")
        names = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        content = self.headers.get("x-amz-content-sha256", "")
        if content not in {hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"} or "host" not in names:
            return "none"
        parts = urlsplit(self.path)
        query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(parse_qsl(parts.query, True)))
        lines = "".join(f"{name}:{' '.join(self.headers.get(name, '').split())}\n" for name in names)
        request = "\n".join([self.command, parts.path, query, lines, ";".join(names), content])
        moment = self.headers.get("x-amz-date", "")
        scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = _hmac(key, part)
        if f"Credential={KEY}/{scope}" not in given:
            return "none"
        return _hmac(key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}").hex()

    def _name(self) -> str:
        return urlsplit(self.path).path

    @staticmethod
    def _tag(content: bytes) -> str:
        return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as made:
        made.daemon_threads = True
        running = threading.Thread(target=made.serve_forever, daemon=True)
        running.start()
        for name, value in (
            ("ENDPOINT", f"http://127.0.0.1:{made.server_port}"),
            ("ALLOW_HTTP", "true"),
            ("ACCESS_KEY_ID", KEY),
            ("SECRET_ACCESS_KEY", SECRET),
            ("REGION", REGION),
        ):
            monkeypatch.setenv(f"AWS_{name}", value)
        Bucket.objects.clear()
        Bucket.refused.clear()
        yield Bucket
        made.shutdown()
        running.join()


@pytest.fixture
def files(server: type[Bucket], tmp_path: Path) -> Files:
    assert server.objects == {}
    return Files.of(Settings(data_dir=tmp_path, files_url=f"s3://{BUCKET}/site"))


async def test_a_file_is_kept_under_the_prefix_read_and_deleted(files: Files, server: type[Bucket]) -> None:
    await files.put("avatars/a.webp", b"hello")
    assert server.objects == {f"/{BUCKET}/site/avatars/a.webp": b"hello"}
    known = await files.stat("avatars/a.webp")
    assert (known.size, bool(known.etag)) == (5, True)
    assert b"".join([chunk async for chunk in files.read("avatars/a.webp")]) == b"hello"
    assert await files.read_range("avatars/a.webp", start=1, length=3) == b"ell"
    await files.delete("avatars/a.webp")
    assert server.objects == {}
    for attempt in (files.stat("avatars/a.webp"), files.copy_to("avatars/a.webp", BytesIO())):
        with pytest.raises(FileMissing):
            await attempt
    await files.delete("avatars/a.webp")
    assert server.refused == []


async def test_a_large_file_goes_from_disk_and_comes_back_whole(files: Files, tmp_path: Path) -> None:
    source, target = tmp_path / "source", BytesIO()
    source.write_bytes(bytes(range(256)) * (CHUNK_BYTES // 64))
    await files.put("large.zip", source)
    await files.copy_to("large.zip", target)
    assert target.getvalue() == source.read_bytes()


async def test_who_has_another_secret_is_let_at_nothing(
    server: type[Bucket], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guessed")
    strangers = Files.of(Settings(data_dir=tmp_path, files_url=f"s3://{BUCKET}/site"))
    with pytest.raises(Exception, match=r"SignatureDoesNotMatch|403|[Ff]orbidden|[Pp]ermission"):
        await strangers.put("a", b"x")
    assert (server.objects, len(server.refused)) == ({}, 1)


async def test_the_store_itself_hands_out_what_is_signed_for(files: Files, server: type[Bucket]) -> None:
    headers = {"Content-Type": "video/mp4", "Content-Disposition": "inline; filename*=UTF-8''a.mp4"}
    await files.put("uploads/a", b"0123456789", served_as=headers)
    assert server.refused == []
    assert server.described[f"/{BUCKET}/site/uploads/a"] == headers
    assert files.signs
    origin = (await files.with_origin()).origin
    address = urlsplit(await files.signed_address("uploads/a", lifetime=timedelta(hours=5)))
    assert (f"{address.scheme}://{address.netloc}", address.path) == (origin, f"/{BUCKET}/site/uploads/a")
    asked = dict(parse_qsl(address.query))
    assert asked["X-Amz-Expires"] == "18000"
    assert asked["X-Amz-Credential"].startswith(f"{KEY}/")
    assert len(asked["X-Amz-Signature"]) == 64
    assert [chunk async for chunk in files.read("uploads/a", start=2, end=5)] == [b"234"]
    assert server.refused == []
