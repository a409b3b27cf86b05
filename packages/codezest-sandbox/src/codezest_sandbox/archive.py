"""Several files in one memory file: a line of JSON that names them with their lengths, then their bytes, one after another.

Written and read on both sides of a sandbox's wall. What comes out of a sandbox is only trusted to be bytes: names and
lengths are checked against what was asked for and what arrived.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath


def check_name(name: str) -> None:
    """A relative path that stays where it is put.

    Raises:
        ValueError: it is absolute, empty, climbs, or holds a NUL.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise ValueError(f"{name!r} is no path below the working directory")


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive. Raises ValueError for a name that `check_name` refuses."""
    for name in files:
        check_name(name)
    index = [[name, len(content)] for name, content in files.items()]
    return b"".join([json.dumps(index).encode(), b"\n", *files.values()])


def unpack(archive: bytes) -> dict[str, bytes]:
    """What `pack` was given.

    Raises:
        ValueError: this is no archive, or not a whole one.
    """
    head, newline, body = archive.partition(b"\n")
    if not newline:
        raise ValueError("an archive begins with a line that names its files")
    files: dict[str, bytes] = {}
    start = 0
    for name, length in json.loads(head):
        check_name(name)
        files[name] = body[start : start + length]
        start += length
    if start != len(body):
        raise ValueError(f"the archive has {len(body)} bytes where its index promises {start}")
    return files
