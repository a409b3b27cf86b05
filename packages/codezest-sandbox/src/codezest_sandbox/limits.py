"""What one case may use, and the form in which it crosses into the sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one case. Seconds and bytes; each limit must be positive."""

    cpu_seconds: float = 2.0
    """CPU time of the whole process tree, user and system together."""
    wall_seconds: float = 6.0
    """Elapsed time from the fork to the end of the main process."""
    memory_bytes: int = 128 * MEBIBYTE
    """Resident memory of the whole tree beyond that of the idle interpreter."""
    output_bytes: int = MEBIBYTE
    """Length of standard output, and separately of standard error."""
    file_bytes: int = 8 * MEBIBYTE
    """Size of the writable file system, hence of any one file in it."""
    processes: int = 32
    """Processes and threads alive at once."""
    open_files: int = 64
    """File descriptors of one process."""

    def __post_init__(self) -> None:
        for name, value in self.as_message().items():
            if not value > 0:
                raise ValueError(f"{name} must be positive, not {value}")

    @property
    def largest_write(self) -> int:
        """RLIMIT_FSIZE. One number binds files and the memory files that stand for standard output and error."""
        return max(self.output_bytes + 1, self.file_bytes)

    def as_message(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}  # several times faster than asdict

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "Limits":
        return cls(**message)
