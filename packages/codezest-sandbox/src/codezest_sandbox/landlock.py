"""Landlock: what a process and all it starts may do with files, sockets and other processes, given up by itself for good.

Each restriction is one more layer, and every layer has to agree. A layer made here handles every right that the kernel
knows: what no rule of it allows is refused.
"""

import os
import struct
from collections.abc import Iterable

from codezest_sandbox import kernel

LOWEST_VERSION = 6
"""The first that keeps processes from signalling those outside (Linux 6.12)."""

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ALL_OF_VERSION_6 = (1 << 16) - 1
"""Up to `ioctl` on devices, which is never allowed: no rule below names it."""
_IOCTL_DEVICE = 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

READ = _EXECUTE | _READ_FILE | _READ_DIR
"""To read, list and execute."""
LIST = _READ_DIR
REMOVE_DIRECTORY = 1 << 4
READ_AND_WRITE_FILES = _READ_FILE | _READ_DIR | _WRITE_FILE
ALL = _ALL_OF_VERSION_6 & ~_IOCTL_DEVICE
DEVICE = _READ_FILE | _WRITE_FILE

_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_PATH_BENEATH = 1

Rule = tuple[int, int]
"""A descriptor of a file, or of a directory with all below it, and the rights to it."""


class Layer:
    """A set of rules, to be put on any number of times, by this process and by its children."""

    def __init__(self, rules: Iterable[Rule], *, handled: int = _ALL_OF_VERSION_6) -> None:
        """Make the set. Raises OSError where the kernel does not know all of it.

        Args:
            rules: what is allowed; nothing else is.
            handled: the rights to files that are decided on; sockets and other processes always are.
        """
        attributes = struct.pack("QQQ", handled, _BIND_AND_CONNECT_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS)
        self.descriptor = kernel.landlock_create_ruleset(attributes)
        for descriptor, rights in rules:
            if not _is_directory(descriptor):
                rights &= _OF_FILES  # noqa: PLW2901  # the kernel refuses the others on a file
            kernel.landlock_add_rule(self.descriptor, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor))

    def put_on(self) -> None:
        """Binding for this process and all it starts. Needs `forbid_new_privileges` first."""
        kernel.landlock_restrict_self(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


def _is_directory(descriptor: int) -> bool:
    return os.fstat(descriptor).st_mode & 0o170000 == 0o040000


def keep_to_own_processes() -> None:
    """From now on signals reach those only that this process starts: `kill(-1)` ends them all, and nothing else.

    Raises:
        OSError: the kernel does not know how.
    """
    root = os.open("/", os.O_PATH | os.O_DIRECTORY)
    layer = Layer([(root, _REFER)], handled=_REFER)  # which every layer refuses that does not allow it
    layer.put_on()
    layer.close()
    os.close(root)


def is_bounded() -> bool:
    """Whether the parent, though it may belong to the same account, is out of reach of signals."""
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return True
    return False
