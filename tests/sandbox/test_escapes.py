"""Programs that probe their prison and still print what is expected: accepted, because they achieve nothing.

Each prints more than `ok`, and so fails, if an attempt succeeds.
"""

import errno
from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade
from codezest_sandbox.syscalls import number

pytestmark = pytest.mark.sandbox

Face = Callable[..., Awaitable[Grade]]

HARMLESS = {
    "daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(100)
    os._exit(0)
os.wait()
print("ok")
""",
    "child holds standard output": "import os, time\nprint('ok', flush=True)\nif os.fork() == 0: time.sleep(100)",
    "forges an answer on every descriptor": """
import os
for number in range(3, 2000):
    try:
        os.write(number, b'{"ending": "EXIT", "code": 0}')
        print("open", number)
    except OSError:
        pass
print("ok")
""",
    "symbolic links and locked folders": """
import os
os.symlink("/etc/passwd", "link")
os.symlink("/", "root")
os.mkdir("locked")
open("locked/file", "w").close()
os.chmod("locked", 0)
os.chmod(".", 0)
print("ok")
""",
    "raises its limits": """
import resource
for which in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
    try:
        resource.setrlimit(which, (resource.RLIM_INFINITY,) * 2)
        print("raised", which)
    except (ValueError, OSError):
        pass
print("ok")
""",
    "real-time priority": """
import os
for attempt in (
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    lambda: os.nice(-5),
    lambda: os.sched_setaffinity(1, {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
):
    try:
        attempt()
        print("allowed")
    except OSError:
        pass
print("ok")
""",
    "another account": """
import os
for attempt in (os.setuid, os.setgid, os.seteuid, lambda account: os.setgroups([account])):
    try:
        attempt(0)
        print("allowed")
    except OSError:
        pass
print("ok" if os.getuid() == 1000 else os.getuid())
""",
    "signals to the first process": """
import os, signal
for number in range(1, 65):
    try:
        os.kill(1, number)
    except OSError:
        pass
print("ok")
""",
    "terminal injection": """
import fcntl
for request in (0x5412, 0x541D, 0x540E):
    try:
        fcntl.ioctl(0, request, b"x")
        print("allowed", request)
    except OSError:
        pass
print("ok")
""",
    "shared memory between processes": """
from multiprocessing import shared_memory
try:
    shared_memory.SharedMemory("codezest-sandbox-leak", create=True, size=4096)
    print("made")
except OSError:
    pass
print("ok")
""",
    "setuid programs": """
import os, subprocess
for name in ("su", "mount", "passwd", "sudo"):
    path = f"/usr/bin/{name}"
    if os.path.exists(path):
        subprocess.run([path, "--help"], capture_output=True)
print("ok" if os.geteuid() == 1000 else "risen")
""",
    "uses what it finds in frames and on the heap": """
import gc, socket, sys
found = [thing for thing in gc.get_objects() if isinstance(thing, socket.socket)]
frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()):
        found += [thing for thing in list(getattr(value, '__dict__', {}).values()) if isinstance(thing, socket.socket)]
    frame = frame.f_back
for connection in found:
    try:
        connection.send(b'{"ending": "EXIT", "code": 0}')
        print("sent")
    except OSError:
        pass
print("ok")
""",
    "seals and signals on its output": """
import fcntl
for command in (1033, 8, 10, 1031):
    try:
        fcntl.fcntl(1, command, 1)
        print("allowed", command)
    except OSError:
        pass
print("ok")
""",
    "looks at the first process": """
import os
for path in ("/proc/1/mem", "/proc/self/maps", "/sandbox/../proc/1/fd"):
    if os.path.exists(path): print("found", path)
print("ok")
""",
}

REFUSED_CALLS: dict[str, tuple[object, ...]] = {
    "ptrace": (16, 1, 0, 0),
    "process_vm_readv": (1, 0, 0, 0, 0, 0),
    "pidfd_getfd": (3, 0, 0),
    "keyctl": (0, -3, 0),
    "add_key": (0, 0, 0, 0, 0),
    "bpf": (0, 0, 0),
    "io_uring_setup": (1, 0),
    "perf_event_open": (0, 0, 0, 0, 0),
    "userfaultfd": (0,),
    "unshare": (0x10000000,),
    "setns": (0, 0),
    "clone": (0x10000000 | 17, 0, 0, 0, 0),
    "mount": (0, 0, 0, 0, 0),
    "umount2": (0, 2),
    "chroot": (0,),
    "pivot_root": (0, 0),
    "open_tree": (-100, 0, 0),
    "move_mount": (0, 0, 0, 0, 0),
    "mount_setattr": (-100, 0, 0, 0, 0),
    "mq_open": (0, 66, 438, 0),
    "shmget": (0, 1 << 20, 0o1600),
    "personality": (0x0040000,),
    "splice": (0, 0, 1, 0, 1, 0),
    "seccomp": (1, 0, 0),
    "socket": (2, 1, 0),
    "execveat": (-100, 0, 0, 0, 0),
    "capset": (0, 0),
    "landlock_create_ruleset": (0, 0, 1),
    "prctl": (4, 0, 0, 0, 0),
}


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS.keys())
async def test_harmless(source: str, face_hostile: Face) -> None:
    grade = await face_hostile(source)
    assert grade.verdict == "AC", grade


async def test_dangerous_system_calls_are_refused(face_hostile: Face) -> None:
    attempts = {name: (number(name), *arguments) for name, arguments in REFUSED_CALLS.items()}
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, numbers in {attempts!r}.items():
    result = libc.syscall(*(ctypes.c_long(value) for value in numbers))
    if (result, ctypes.get_errno()) != (-1, {errno.EPERM}): print(name, result, ctypes.get_errno())
print("ok")
"""
    outcome = (await face_hostile(source)).outcomes[0]
    assert outcome.stdout == "ok\n"


async def test_calls_whose_arguments_cannot_be_checked_seem_absent(face_hostile: Face) -> None:
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print("ok" if (libc.syscall({number("clone3")}, 0, 0), ctypes.get_errno()) == (-1, {errno.ENOSYS}) else "allowed")
"""
    assert (await face_hostile(source)).verdict == "AC"


async def test_huge_input_that_nobody_reads(face_hostile: Face) -> None:
    assert (await face_hostile("print('ok')", stdin="x" * 5_000_000)).verdict == "AC"
