"""A ZIP that somebody sends is taken apart within its bounds, or not at all."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from codezest.services.learning.content.archive import ArchiveRefused, unpack

MOST = 10_000


def packed(files: dict[str, bytes], *, mode: int = stat.S_IFREG | 0o644) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = mode << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    target.seek(0)
    return target


def test_files_are_written(tmp_path: Path) -> None:
    unpack(packed({"a/course.toml": b"x", "a/modules/01-b/module.toml": b"\r\n"}), tmp_path, most_bytes=MOST)
    assert (tmp_path / "a/modules/01-b/module.toml").read_bytes() == b"\r\n"


BAD: dict[str, tuple[io.BytesIO, str]] = {
    "no ZIP": (io.BytesIO(b"PK nonsense"), "broken"),
    "above": (packed({"../a": b""}), "path"),
    "within and above": (packed({"a/../../b": b""}), "path"),
    "absolute": (packed({"/etc/x": b""}), "path"),
    "a drive": (packed({"C:\\x": b""}), "path"),
    "hidden": (packed({"a/.git/config": b""}), "path"),
    "a link": (packed({"a": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), "not-a-file"),
    "a bomb": (packed({"a": bytes(MOST + 1)}), "too-large"),
    "many that are a bomb together": (packed({f"a{n}": bytes(MOST // 4) for n in range(5)}), "too-large"),
    "one name in two cases": (packed({"a/b": b"", "A/b": b""}), "same-names"),
}


@pytest.mark.parametrize(("sent", "reason"), BAD.values(), ids=BAD)
def test_what_is_refused_leaves_nothing_outside(sent: io.BytesIO, reason: str, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(ArchiveRefused) as caught:
        unpack(sent, inner, most_bytes=MOST)
    assert caught.value.reason == reason
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert list(inner.iterdir()) == []
