"""What is known about a finished case: raw facts, no verdict."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """Why a case stopped running."""

    EXIT = "EXIT"
    """It ended by itself: `code` is its exit status."""
    SIGNAL = "SIGNAL"
    """A signal ended it: `code` is the signal's number."""
    CPU = "CPU"
    """Killed: the tree used up its CPU time."""
    WALL = "WALL"
    """Killed: too much time went by."""
    MEMORY = "MEMORY"
    """Killed: the tree used up its memory."""
    OUTPUT = "OUTPUT"
    """Killed: it went on writing to standard output or error beyond their limit, and took no notice of the kernel's."""
    FILES = "FILES"
    """Killed: the files it made took more room than it was given, and the kernel could not be asked to refuse that."""
    SETUP = "SETUP"
    """It never began: the sandbox could not be prepared. `detail` says why. Ours to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """Facts about one finished case, measured outside the processes that ran the program."""

    ending: Ending
    code: int = 0
    cpu_seconds: float = 0.0
    """User and system time of the whole tree."""
    wall_seconds: float = 0.0
    memory_bytes: int = 0
    """Peak resident memory beyond the idle interpreter; sampled for trees, exact for a single process.

    0 where a program took less than the process that became it had: the kernel keeps one peak for both, and a program of
    some milliseconds is over before it is looked at. That is some 20 MiB for a command, and nothing for an interpreter.
    """
    ended_at: float = 0.0
    """On the machine's monotonic clock, in seconds. Until then the sandbox kept open what the program was given to read and
    to write, so that whoever ends because it hung up has a later time.
    """
    detail: str = ""

    @property
    def killed_by(self) -> signal.Signals | None:
        return signal.Signals(self.code) if self.ending is Ending.SIGNAL and self.code in set(signal.Signals) else None

    def as_message(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}  # several times faster than asdict

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "CaseResult":
        facts: dict[str, Any] = {**message, "ending": Ending(message["ending"])}
        return cls(**facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedResult:
    """Whether the source could be prepared (compiled). `output` is what the compiler said, warnings included."""

    ok: bool
    output: str
    artifacts: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What was asked for of what compiling made, as far as it is there: bytes from inside, and no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutput:
    """A finished case with what it wrote. Both outputs are raw and bounded by the limits."""

    result: CaseResult
    stdout: bytes
    stdout_length: int
    """The length written, which may exceed that of `stdout`."""
    stderr: bytes
    stderr_length: int
