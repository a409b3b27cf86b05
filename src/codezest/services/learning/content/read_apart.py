"""Reads a content folder that somebody sent in, in a process apart (see `codezest.kit.apart`).

What comes back is data of this package alone: whatever happened in the other process, nothing else is made of its answer.
"""

import io
import json
import pickle
import sys
from pathlib import Path
from typing import Any

from codezest.kit.apart import Bounds, ask_apart, confine
from codezest.services.learning.content.load import read
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.problems import Problem

BOUNDS = Bounds(cpu_seconds=90, wall_seconds=180.0, address_space=2 << 30)
MOST_ANSWERED = 200 << 20
MOST_PROBLEMS = 200
_MODULE = "codezest.services.learning.content.read_apart"
_OURS = ("codezest.services.learning.content.model", "codezest_db.enums")
_FOREIGN = frozenset(
    {
        ("codezest.services.learning.content.example", "Example"),
        ("codezest.services.learning.content.loaded", "LoadedContent"),
        ("codezest.services.learning.content.problems", "Problem"),
        ("datetime", "datetime"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
        ("uuid", "UUID"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
    }
)


class ReadingFailed(Exception):
    """The folder asks for more than reading one may take."""


class _Plain(pickle.Unpickler):
    """Makes nothing but what content is made of."""

    def find_class(self, module: str, name: str) -> Any:
        ours = any(module == one or module.startswith(f"{one}.") for one in _OURS)
        if (ours and name.isidentifier() and name[:1].isupper()) or (module, name) in _FOREIGN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


async def read_apart(folder: Path) -> tuple[LoadedContent, list[Problem]]:
    """What `read` makes of the folder, with its problems in order, at most `MOST_PROBLEMS` of them.

    Raises:
        ReadingFailed: it took too long or too much.
    """
    answer = await ask_apart(_MODULE, json.dumps(str(folder)).encode(), bounds=BOUNDS)
    if not answer or len(answer) > MOST_ANSWERED:
        raise ReadingFailed
    try:
        content, problems = _Plain(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError) as error:
        raise ReadingFailed from error
    if not isinstance(content, LoadedContent) or not isinstance(problems, list):
        raise ReadingFailed
    return content, problems


def _answer() -> None:
    """What the process does."""
    confine(BOUNDS)
    folder = Path(json.loads(sys.stdin.buffer.read()))
    content, problems = read(folder)
    found = sorted(problems.found, key=lambda one: (one.path, one.line or 0, one.message))[:MOST_PROBLEMS]
    sys.stdout.buffer.write(pickle.dumps((content, found)))


if __name__ == "__main__":
    _answer()
