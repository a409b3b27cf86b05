"""See with one's own eyes that a sandbox isolates, before any learner's program is let in.

A program tries what must not work and prints what it found. The launcher takes no requests unless every line is as
expected.
"""

import json
import os
import socket
from collections.abc import Callable

from codezest_sandbox.archive import pack
from codezest_sandbox.limits import Limits
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Build, prepare_message
from codezest_sandbox.tiers import IsolationUnavailable

_ANSWER_SECONDS = 15.0
_LARGEST_MESSAGE = 1 << 16

_PROGRAM = b"""
import os, socket
def refused(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError:
        return True
    return False
print("network", refused(socket.socket))
print("host files", refused(open, "/etc/shadow") and refused(os.listdir, "/proc") and refused(os.listdir, "/home"))
print("read only", refused(open, "/usr/found", "w") and refused(open, "/found", "w"))
print("alone", refused(os.kill, os.getppid(), 0) or (refused(os.kill, os.getppid() + 100000, 0) and os.getppid() == 1))
print("rights", refused(os.chroot, "/tmp") and refused(os.unshare, 0x10000000) if hasattr(os, "unshare") else True)
print("descriptors", all(refused(os.fstat, number) for number in range(3, 64)))
"""
_EXPECTED = {"network", "host files", "read only", "alone", "rights", "descriptors"}

_IN_THE_OPEN = b"""
import ctypes, time
place = os.path.dirname(os.getcwd())
libc = ctypes.CDLL(None, use_errno=True)
print("own directory", not refused(open, "found", "w") and not refused(os.unlink, "found"))
print("temporary files", refused(os.listdir, os.path.dirname(place)) and refused(os.mkdir, place + "/found"))
print("program files", refused(open, place + "/build/found", "w") and refused(os.rename, place + "/build", place + "/work/x"))
print("unreachable", all(refused(os.kill, number, 0) for number in (os.getppid(), -os.getpgid(os.getppid()))))
print("no change", refused(open, "/proc/self/comm", "w") and refused(open, "/proc/self/maps"))
"""
"""What must hold beside where the file system is the host's."""
_EXPECTED_IN_THE_OPEN = {"own directory", "temporary files", "program files", "unreachable", "no change"}
_IDLE_PROGRAM = b"pass\n"


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("selftest")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _ask(connection: socket.socket, request: dict[str, object], descriptors: list[int]) -> CaseResult:
    socket.send_fds(connection, [json.dumps(request).encode()], descriptors)
    answer = connection.recv(_LARGEST_MESSAGE)
    if not answer:
        raise IsolationUnavailable("the first sandbox ended at once; its messages are on standard error")
    return CaseResult.from_message(json.loads(answer))


def _run_once(spawn: Callable[[int], None], program: bytes) -> tuple[CaseResult, str]:
    connection, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    descriptors = [_memory_file(text) for text in (pack({"main.py": program}), b"", b"", b"", b"", b"")]
    source, said, built, *streams = descriptors
    limits = Limits().as_message()
    try:
        with connection:
            connection.settimeout(_ANSWER_SECONDS)
            with other_end:
                spawn(other_end.fileno())
            prepared = _ask(
                connection, prepare_message(Build(files={}, entry="main.py"), limits), [source, said, built]
            )
            if prepared.ending is not Ending.EXIT or prepared.code:
                raise IsolationUnavailable(f"the first sandbox cannot be set up: {prepared.detail or prepared.ending}")
            request: dict[str, object] = {"do": "case", "limits": limits, "idle": 0, "extras": [], "room": [0, 0]}
            result = _ask(connection, request, streams)
        return result, os.pread(streams[1], 65536, 0).decode() + os.pread(streams[2], 65536, 0).decode()
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def check_isolation(spawn: Callable[[int], None], *, has_namespaces: bool = True) -> int:
    """Returns the resident memory, in bytes, of a program that does nothing.

    Args:
        spawn: forks a sandbox that answers on the socket it is given.
        has_namespaces: whether a sandbox has a root and process ids of its own.

    Raises:
        IsolationUnavailable: a sandbox cannot be set up, or does not hold.
    """
    expected = _EXPECTED if has_namespaces else _EXPECTED | _EXPECTED_IN_THE_OPEN
    result, output = _run_once(spawn, _PROGRAM if has_namespaces else _PROGRAM + _IN_THE_OPEN)
    held = {line.removesuffix(" True") for line in output.splitlines() if line.endswith(" True")}
    if result.ending is not Ending.EXIT or result.code or held != expected:
        raise IsolationUnavailable(f"the sandbox does not hold: {sorted(expected - held)} {result.detail} {output!r}")
    idle, _ = _run_once(spawn, _IDLE_PROGRAM)
    return idle.memory_bytes
