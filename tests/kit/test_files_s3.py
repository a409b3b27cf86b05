"""Stored files in an S3-compatible store, over HTTP, held against what S3 itself would refuse."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from codezest.kit.files import CHUNK_BYTES, FileMissing, Files, FilesUnavailable
from codezest.kit.settings import Settings
from fixtures.aws_signature import KEY
from fixtures.object_store import BUCKET, LEAST_PART, ObjectStore, object_store


def files_at(tmp_path: Path, bucket: str = BUCKET) -> Files:
    return Files.of(Settings(data_dir=tmp_path, files_url=f"s3://{bucket}/site", files_timeout_seconds=1))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store() as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def files(store: ObjectStore, tmp_path: Path) -> Files:
    assert store.objects == {}
    return files_at(tmp_path)


async def test_a_file_is_kept_under_the_prefix_read_and_deleted(files: Files, store: ObjectStore) -> None:
    await files.put("avatars/a.webp", b"hello")
    assert {key: one.content for key, one in store.objects.items()} == {"site/avatars/a.webp": b"hello"}
    known = await files.stat("avatars/a.webp")
    assert (known.size, bool(known.etag)) == (5, True)
    assert b"".join([chunk async for chunk in files.read("avatars/a.webp")]) == b"hello"
    assert await files.read_range("avatars/a.webp", start=1, length=3) == b"ell"
    await files.copy("avatars/a.webp", "avatars/b.webp")
    soon = datetime.now(UTC) + timedelta(minutes=1)
    listed = [key async for keys in files.listed("avatars", before=soon) for key in keys]
    assert listed == ["avatars/a.webp", "avatars/b.webp"]
    await files.delete("avatars/b.webp")
    await files.delete("avatars/a.webp")
    assert (store.objects, store.refused) == ({}, [])
    for attempt in (files.stat("avatars/a.webp"), files.copy_to("avatars/a.webp", BytesIO())):
        with pytest.raises(FileMissing):
            await attempt
    await files.delete("avatars/a.webp")
    assert {code for _method, code in store.refused} == {"NoSuchKey"}


async def test_a_large_file_goes_from_disk_in_parts_and_comes_back_whole(
    files: Files, store: ObjectStore, tmp_path: Path
) -> None:
    source, target = tmp_path / "source", BytesIO()
    source.write_bytes(bytes(range(256)) * ((2 * LEAST_PART + CHUNK_BYTES) // 256))
    await files.put("large.zip", source, served_as={"Content-Type": "application/zip"})
    assert (store.parts, store.refused) == ({}, [])
    assert store.objects["site/large.zip"].headers == {"Content-Type": "application/zip"}
    await files.copy_to("large.zip", target)
    assert target.getvalue() == source.read_bytes()


async def test_who_has_another_secret_is_let_at_nothing(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guessed")
    with pytest.raises(FilesUnavailable):
        await files_at(tmp_path).put("a", b"x")
    assert (store.objects, store.refused) == ({}, [("PUT", "SignatureDoesNotMatch")])


async def test_a_bucket_that_is_not_there_is_no_missing_file(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(FilesUnavailable):
        await files_at(tmp_path, "elsewhere").put("a", b"x")
    assert store.refused == [("PUT", "NoSuchBucket")]


@pytest.mark.parametrize("outage", [503, 403, 0], ids=["overloaded", "refuses", "silent"])
async def test_a_store_that_fails_is_told_from_a_file_that_is_not_there(
    files: Files, store: ObjectStore, outage: int
) -> None:
    await files.put("a", b"hello")
    store.outage = outage
    with pytest.raises(FilesUnavailable) as refused:
        await files.stat("a")
    assert refused.value.headers == {"Retry-After": "30"}
    if outage:
        with pytest.raises(FilesUnavailable):
            _ = [chunk async for chunk in files.read("a")]
        await files.discard("a")
    store.outage = None
    assert (await files.stat("a")).size == 5


async def test_the_store_itself_hands_out_what_is_signed_for(files: Files, store: ObjectStore) -> None:
    headers = {"Content-Type": "video/mp4", "Content-Disposition": "inline; filename*=UTF-8''a.mp4"}
    await files.put("uploads/a", b"0123456789", served_as=headers)
    assert store.refused == []
    assert store.objects["site/uploads/a"].headers == headers
    assert files.signs
    origin = (await files.with_origin()).origin
    signed = await files.signed_address("uploads/a", lifetime=timedelta(hours=5))
    address = urlsplit(signed)
    assert (f"{address.scheme}://{address.netloc}", address.path) == (origin, f"/{BUCKET}/site/uploads/a")
    asked = dict(parse_qsl(address.query))
    assert asked["X-Amz-Expires"] == "18000"
    assert asked["X-Amz-Credential"].startswith(f"{KEY}/")
    async with httpx.AsyncClient() as browser:
        part = await browser.get(signed, headers={"Range": "bytes=2-4"})
        assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
        assert part.headers["Content-Type"] == "video/mp4"
        assert (await browser.get(signed.replace("uploads/a", "uploads/b"))).status_code == 403
        assert (await browser.get(signed.replace("18000", "36000"))).status_code == 403
        assert (await browser.put(signed, content=b"x")).status_code == 403
        past = asked["X-Amz-Date"].replace(asked["X-Amz-Date"][:4], "2020", 1)
        assert (await browser.get(signed.replace(asked["X-Amz-Date"], past))).status_code == 403
    assert [chunk async for chunk in files.read("uploads/a", start=2, end=5)] == [b"234"]
