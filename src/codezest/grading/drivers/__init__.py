"""Calling one function of a learner's program, by language: what is put around the source so that nobody writes boilerplate.

A driver runs in the learner's own process and is trusted with nothing: it reads the arguments from `CALL_FILE`, calls the
function and writes what it returned to descriptor 3, as JSON. Whoever writes there himself has only returned something.
The comparison is made outside.
"""

from collections.abc import Mapping
from typing import Protocol

from codezest.grading.drivers.cpp import drive_cpp
from codezest.grading.drivers.go import drive_go
from codezest.grading.drivers.javascript import drive_javascript, drive_typescript
from codezest.grading.drivers.python import drive_python

__all__ = ["CALL_FILE", "Driver", "driver_for"]

CALL_FILE = "codezest_call.json"
"""Beside the program: {"function": name, "arguments": [JSON values]}."""


class Driver(Protocol):
    """Puts what calls `function` around the sources. Returns the new sources and their entry."""

    def __call__(self, sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]: ...


_DRIVERS: dict[str, Driver] = {
    "cpp": drive_cpp,
    "go": drive_go,
    "javascript": drive_javascript,
    "python": drive_python,
    "typescript": drive_typescript,
}


def driver_for(language: str) -> Driver | None:
    """None where functions cannot be called without boilerplate of the learner's."""
    return _DRIVERS.get(language)
