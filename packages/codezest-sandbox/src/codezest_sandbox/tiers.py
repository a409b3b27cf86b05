"""How strong the isolation is, and the errors that say when it is not strong enough.

SandboxError
├── IsolationUnavailable   this machine cannot isolate; the message says what to change
└── SandboxDied            a launcher or a sandbox ended before its work did; the work may be tried again
"""

from enum import IntEnum


class Tier(IntEnum):
    """Ordered: a higher tier isolates at least as well as every lower one."""

    NONE = 0
    """No isolation. Nothing is ever run at this tier."""
    LANDLOCK = 1
    """Landlock, seccomp and resource limits on a shared file system, for containers that forbid namespaces. Only where it is
    asked for."""
    NAMESPACES = 2
    """Namespaces, a root of its own, seccomp, resource limits; memory of a whole process tree is measured by sampling."""
    NAMESPACES_CGROUP = 3
    """NAMESPACES, and the kernel itself bounds the memory of the whole process tree."""


class SandboxError(Exception):
    """Anything this package raises."""


class IsolationUnavailable(SandboxError):  # it names a state of the machine, not a mistake
    """Isolation of the required tier cannot be had here; nothing has been run."""


class SandboxDied(SandboxError):  # as above
    """The launcher or the sandbox was gone, or silent, before the answer arrived."""
