"""Stored files: in a folder, under keys that stay in it."""

from io import BytesIO
from pathlib import Path

import pytest

from codezest.kit.files import CHUNK_BYTES, FileMissing, Files
from codezest.kit.settings import Settings


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files.of(Settings(data_dir=tmp_path))


async def test_a_file_is_kept_read_and_deleted(files: Files, tmp_path: Path) -> None:
    await files.put("avatars/a.webp", b"hello")
    assert (tmp_path / "files" / "avatars" / "a.webp").read_bytes() == b"hello"
    known = await files.stat("avatars/a.webp")
    assert known.size == 5
    assert known.etag
    assert [chunk async for chunk in files.read("avatars/a.webp")] == [b"hello"]
    await files.delete("avatars/a.webp")
    with pytest.raises(FileMissing):
        await files.stat("avatars/a.webp")
    with pytest.raises(FileMissing):
        [chunk async for chunk in files.read("avatars/a.webp")]
    await files.delete("avatars/a.webp")


async def test_what_replaces_a_file_has_another_tag(files: Files) -> None:
    await files.put("a", b"one")
    before = (await files.stat("a")).etag
    await files.put("a", b"three")
    assert (await files.stat("a")).etag != before


async def test_a_large_file_comes_in_chunks_from_disk_to_disk(files: Files, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(range(256)) * (CHUNK_BYTES // 64))
    await files.put("large.zip", source)
    assert len([chunk async for chunk in files.read("large.zip")]) > 1
    target = BytesIO()
    await files.copy_to("large.zip", target)
    assert target.getvalue() == source.read_bytes()


@pytest.mark.parametrize(
    ("start", "length", "found"), [(0, 2, b"he"), (1, 3, b"ell"), (3, 99, b"lo"), (5, 1, b""), (9, 1, b""), (0, 0, b"")]
)
async def test_a_range_is_read(files: Files, start: int, length: int, found: bytes) -> None:
    await files.put("a", b"hello")
    assert await files.read_range("a", start=start, length=length) == found


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        "A",
        "a b",
        "a\\b",
        "a\0",
        "ä",
        "a..b",
        "a\n",
        "x" * 201,
    ],
)
async def test_a_key_that_could_lead_elsewhere_is_refused(files: Files, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await files.put(key, b"")
    with pytest.raises(ValueError, match="not a key"):
        await files.stat(key)
    with pytest.raises(ValueError, match="not a key"):
        await files.delete(key)


def test_only_known_kinds_of_stores_are_taken(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="s3://"):
        Files.of(Settings(data_dir=tmp_path, files_url="https://example.org/bucket"))
    assert Files.of(Settings(data_dir=tmp_path, files_url="s3://bucket/prefix"))
