"""The system calls that Python's standard library does not offer, each raising OSError on failure.

Only Linux has them; importing this module elsewhere raises ImportError.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

from codezest_sandbox import syscalls

if sys.platform != "linux":
    raise ImportError("codezest_sandbox.kernel needs Linux")

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
CLONE_NEWTIME = 0x00000080
ALL_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
_SIGCHLD = 17
_SIG_IGN = ctypes.c_void_p(1)
_CLONE_CHILD_CLEARTID = 0x00200000
_CLONE_CHILD_SETTID = 0x01000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_GET_TID_ADDRESS = 40
_PR_CAP_AMBIENT = 47
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_NO_CAPABILITIES_HEADER = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
_NO_CAPABILITIES = bytes(24)
_LOCKED_SECUREBITS = 0b101111  # NOROOT, NO_SETUID_FIXUP and KEEP_CAPS off, each locked

# A PyDLL keeps the GIL: between a fork and an exec there must be no other thread to hand it to.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.signal.restype = ctypes.c_void_p
_ulong = ctypes.c_ulong
_ON_AMD64 = syscalls.architecture() == syscalls.AMD64


def _checked(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _call(name: str, *arguments: object) -> int:
    return _checked(_libc.syscall(ctypes.c_long(syscalls.number(name)), *arguments), name)


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [text.encode() if text is not None else None for text in (source, target, kind, options)]
    _checked(
        _libc.mount(encoded[0], encoded[1], encoded[2], _ulong(flags), encoded[3]),
        f"mount {kind or source or 'flags'} on {target}",
    )


def set_mount_attributes(target: str, attributes: int) -> None:
    """Add attributes to a mount and to all below it."""
    packed = struct.pack("QQQQ", attributes, 0, 0, 0)
    _call("mount_setattr", _AT_FDCWD, target.encode(), _AT_RECURSIVE, packed, _ulong(len(packed)))


def detach(target: str) -> None:
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new_root: str, put_old: str) -> None:
    _call("pivot_root", new_root.encode(), put_old.encode())


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def set_host_name(name: str) -> None:
    encoded = name.encode()
    _checked(_libc.sethostname(encoded, _ulong(len(encoded))), "sethostname")


def close_from(first: int) -> None:
    _call("close_range", first, _ulong(0xFFFFFFFF), 0)


def close_all_but(kept: Iterable[int]) -> None:
    """Close every descriptor from 3 on that is not kept."""
    first = 3
    for descriptor in sorted(kept):
        if descriptor > first:
            _call("close_range", first, _ulong(descriptor - 1), 0)
        first = max(first, descriptor + 1)
    close_from(first)


def prctl(option: int, first: object = 0, second: object = 0) -> int:
    return _checked(_libc.prctl(option, first, second, 0, 0), f"prctl {option}")


def die_with_parent(signal_number: int) -> None:
    """Counts for the thread that forked, and is forgotten at exec."""
    prctl(_PR_SET_PDEATHSIG, _ulong(signal_number))


def set_dumpable(dumpable: bool) -> None:  # noqa: FBT001  # mirrors the call
    """Whether processes of the same user may look into this one."""
    prctl(_PR_SET_DUMPABLE, _ulong(int(dumpable)))


def forbid_new_privileges() -> None:
    prctl(_PR_SET_NO_NEW_PRIVS, _ulong(1))


def bar_capabilities() -> None:
    """Keep capabilities from ever being gained by an exec, here and in all children. Those held stay."""
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, _ulong(capability), 0, 0, 0) < 0:
            break
    _libc.prctl(_PR_CAP_AMBIENT, _ulong(4), 0, 0, 0)
    prctl(_PR_SET_SECUREBITS, _ulong(_LOCKED_SECUREBITS))


def drop_capabilities() -> None:
    """Give up every capability held."""
    _call("capset", _NO_CAPABILITIES_HEADER, _NO_CAPABILITIES)


class SeccompFilter:
    """A compiled filter, kept in memory so that installing it costs one call."""

    def __init__(self, program: bytes) -> None:
        self.program = program
        self._program = ctypes.create_string_buffer(program, len(program))
        address = ctypes.addressof(self._program)
        self._header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, address))

    def install(self) -> None:
        """Binding for this process and all it starts. Needs `forbid_new_privileges` first."""
        prctl(_PR_SET_SECCOMP, _ulong(_SECCOMP_MODE_FILTER), ctypes.byref(self._header))


def empty_file() -> int:
    """Descriptor of a memory file without content, closed at exec."""
    return os.memfd_create("empty", os.MFD_CLOEXEC)


class SignalGate:
    """A signal whose Python handler is kept, while the kernel is told to ignore it until the gate opens.

    The handler would be an exception in whatever process it hits. A fork inherits the gate as it is.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._handler = _libc.signal(number, _SIG_IGN)

    def open(self) -> None:
        _libc.signal(self._number, ctypes.c_void_p(self._handler))


def limit_allocator_arenas(count: int) -> None:
    """Each arena of glibc's malloc reserves 64 MiB of address space per thread, which RLIMIT_AS would count."""
    mallopt = getattr(_libc, "mallopt", None)
    if mallopt is not None:  # musl has none and needs none
        mallopt(-8, count)


def _thread_id_address() -> int:
    """Where the C library notes the id of the only thread, 0 when the kernel does not tell."""
    where = ctypes.c_void_p()
    known = _libc.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(where), 0, 0, 0) == 0
    return where.value or 0 if known else 0


_thread_id_note = _thread_id_address()


def fork_quietly(namespaces: int = 0) -> int:
    """Fork without a word to the C library or to Python, into new namespaces if any are given. Returns like os.fork.

    Only for a process with one thread, in which no lock can be held by another and so none needs mending. What runs at
    os.fork touches a hundred pages, each of which the child would have to copy: half of what a case costs. The child
    must see to its random numbers itself. The kernel keeps the C library's note of the thread's id right.
    """
    flags = namespaces | _SIGCHLD
    if _thread_id_note:
        flags |= _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID
    # amd64 takes (flags, stack, parent_tid, child_tid, tls), arm64 swaps the last two: tls is unused either way.
    note = _ulong(_thread_id_note)
    pointers = (0, note, 0) if _ON_AMD64 else (0, 0, note)
    return _call("clone", _ulong(flags), 0, *pointers)


def landlock_version() -> int:
    """The kernel's Landlock interface, 0 when there is none."""
    found = _libc.syscall(ctypes.c_long(syscalls.number("landlock_create_ruleset")), None, _ulong(0), 1)
    return max(0, int(found))


def landlock_create_ruleset(attributes: bytes) -> int:
    """Descriptor of a new set of rules, closed at exec."""
    return _call("landlock_create_ruleset", attributes, _ulong(len(attributes)), 0)


def landlock_add_rule(ruleset: int, kind: int, attributes: bytes) -> None:
    _call("landlock_add_rule", ruleset, kind, attributes, 0)


def landlock_restrict_self(ruleset: int) -> None:
    _call("landlock_restrict_self", ruleset, 0)


def adopt_orphans() -> None:
    """From now on, processes below this one that lose their parent become its children, and are waited for by it."""
    prctl(_PR_SET_CHILD_SUBREAPER, _ulong(1))
