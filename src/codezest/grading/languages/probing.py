"""Looking for toolchains on this machine. Nothing here raises; what is not found is None."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_SECONDS = 0.8
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

CLEAN_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": ""}
"""For compilers and programs inside: an interpreter from outside /usr must not lend them its libraries."""


def machine() -> str:
    """The architecture as toolchains name it: amd64, arm64, or whatever the kernel says."""
    return _MACHINES.get(platform.machine(), platform.machine())


def visible_inside(path: Path) -> bool:
    """Whether a sandbox sees the path where the host has it."""
    return path.is_relative_to("/usr") and not path.is_relative_to("/usr/local")


def system_program(name: str) -> Path | None:
    """A program of the distribution, which sandboxes see where it is. Where it is a link, the link counts."""
    path = Path("/usr/bin", name)
    try:
        return path if os.access(path, os.X_OK) and visible_inside(path.resolve()) else None
    except OSError:
        return None


def programs(name: str, folders: Iterable[str | Path] = ()) -> Iterator[Path]:
    """Every program of that name below PATH and in `folders`, links resolved, each once."""
    seen: set[Path] = set()
    for folder in [*os.get_exec_path(), *folders]:
        try:
            path = Path(folder, name).resolve()
            if path not in seen and path.is_file() and os.access(path, os.X_OK):
                seen.add(path)
                yield path
        except (OSError, ValueError, RuntimeError):
            continue


def is_script(path: Path) -> bool:
    """Whether it is a script: version managers put scripts in PATH that look for the real program at every start."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return True


@cache
def output_of(*command: str) -> str | None:
    """What a command prints, asked once for each process; None when it fails or takes long."""
    try:
        done = subprocess.run(  # noqa: S603  # our own commands, by full path
            command,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            env={**CLEAN_ENVIRONMENT, "HOME": str(Path("/"))},
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def version_in(text: str | None) -> str | None:
    """The first thing in a text that looks like a version."""
    found = _VERSION.search(text or "")
    return found[0] if found else None
