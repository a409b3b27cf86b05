"""What a driver is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

CALL_FILE = "codezest_call.json"
"""Beside the program: {"function": name, "arguments": [JSON values]}."""


class UncallableError(Exception):
    """The function is not there, or has a signature that cannot be called. The message is for the learner."""


class Drive(Protocol):
    """Puts what calls `function` around the sources. Returns the new sources and their entry.

    Sources that cannot compile may be returned as they are: the compiler's words are better than any of ours.

    Raises:
        UncallableError: see there.
    """

    def __call__(self, sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]: ...


class Exchange(Enum):
    """How arguments and returned value travel."""

    DESCRIPTOR = "The call lies in CALL_FILE, and what was returned is written to descriptor 3."
    STREAMS = """\
Standard input begins with a line of a mark, the length of the call in bytes, and that call; then comes the test's own
input. Standard output holds the mark twice, with what was returned between. For programs of which several share a
process that has no file and no descriptor of a single case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """For one language."""

    drive: Drive
    exchange: Exchange = Exchange.DESCRIPTOR
