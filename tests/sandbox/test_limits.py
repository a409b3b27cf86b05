"""Programs that take more time, memory or space than they are given."""

from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade, GradingLimits

pytestmark = pytest.mark.sandbox

Face = Callable[..., Awaitable[Grade]]

TOO_SLOW = {
    "endless loop": "while True: pass",
    "sleep": "import time\ntime.sleep(100)",
    "stops itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "ignores every signal": """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True: pass
""",
    "catches everything": """
while True:
    try:
        while True: pass
    except BaseException:
        pass
""",
    "burns CPU in children": """
import os
for _ in range(2):
    if os.fork() == 0:
        while True: pass
os.wait()
""",
    "burns CPU in children nobody waits for": """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(20):
    if os.fork() == 0:
        end = time.process_time() + 0.1
        while time.process_time() < end: pass
        os._exit(0)
    time.sleep(0.11)
print("ok")
""",
    "burns CPU in orphans": """
import os, time
for _ in range(20):
    if os.fork() == 0:
        if os.fork() == 0:
            end = time.process_time() + 0.1
            while time.process_time() < end: pass
        os._exit(0)
    os.wait()
    time.sleep(0.11)
print("ok")
""",
    "burns CPU in threads": """
import threading
def burn():
    while True: pass
for _ in range(4): threading.Thread(target=burn).start()
""",
    "catastrophic regular expression": "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    "huge power": "print(len(str(10 ** (10 ** 8))))",
    "reads a pipe nobody writes to": "import os\nr, w = os.pipe()\nos.read(r, 1)",
    "stuck at exit": "import atexit, time\natexit.register(time.sleep, 100)\nprint('ok')",
    "thread that never ends": "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\nprint('ok')",
}

TOO_SLOW_OR_CRASH = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "fork bomb that survives": """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
    "thread bomb": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(100,)).start()",
}

TOO_BIG = {
    "heap": "kept = []\nwhile True: kept.append(bytearray(1 << 20))",
    "one huge object": "text = 'a' * 10 ** 10",
    "caught and carried on": """
kept = []
try:
    while True: kept.append(bytearray(1 << 20))
except MemoryError:
    kept.clear()
print("ok")
""",
    "a little over the limit": """
block = bytearray(90 << 20)
for place in range(0, len(block), 4096): block[place] = 1
print("ok")
""",
    "shared mapping": "import mmap\nmmap.mmap(-1, 1 << 30)\nprint('ok')",
    "many small shared mappings": """
import mmap
kept = []
while True:
    block = mmap.mmap(-1, 1 << 16)
    block[:] = b'x' * (1 << 16)
    kept.append(block)
""",
    "memory file": """
import os
kept = []
while True:
    kept.append(os.memfd_create("x"))
    os.write(kept[-1], b"x" * (1 << 20))
""",
    "many processes, each within the limit": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(40 << 20)
        for place in range(0, len(block), 4096): block[place] = 1
        time.sleep(5)
        os._exit(0)
time.sleep(5)
""",
    "huge literal": "block = (1,) * 10 ** 9",
}

TOO_MUCH_OUTPUT = {
    "standard output": "while True: print('x' * 1000)",
    "standard error": "import sys\nwhile True: sys.stderr.write('x' * 1000)",
    "by a child": """
import os
if os.fork() == 0:
    while True: os.write(1, b"x" * 10000)
os.wait()
print("ok")
""",
    "ignoring the signal": """
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    while True: os.write(1, b"x" * 10000)
except OSError:
    pass
""",
    "grown without writing": "import os\nos.ftruncate(1, 1 << 40)",
    "oversized file": "file = open('big', 'wb')\nwhile True: file.write(b'x' * 100000)",
    "a little over the limit": "print('x' * (64 * 1024))",
}


@pytest.mark.parametrize("source", TOO_SLOW.values(), ids=TOO_SLOW.keys())
async def test_time_limit(source: str, face_hostile: Face) -> None:
    assert (await face_hostile(source)).verdict == "TLE"


@pytest.mark.parametrize("source", TOO_SLOW_OR_CRASH.values(), ids=TOO_SLOW_OR_CRASH.keys())
async def test_bombs(source: str, face_hostile: Face) -> None:
    # Memory enough for all the processes that are allowed: what is tested is the bound on time and on their number.
    limits = GradingLimits(cpu_seconds=0.5, wall_seconds=2.0, memory_bytes=512 << 20, output_bytes=64 * 1024)
    assert (await face_hostile(source, limits=limits)).verdict in {"TLE", "RE"}


@pytest.mark.parametrize("source", TOO_BIG.values(), ids=TOO_BIG.keys())
async def test_memory_limit(source: str, face_hostile: Face) -> None:
    assert (await face_hostile(source)).verdict == "MLE"


@pytest.mark.parametrize("source", TOO_MUCH_OUTPUT.values(), ids=TOO_MUCH_OUTPUT.keys())
async def test_output_limit(source: str, face_hostile: Face) -> None:
    grade = await face_hostile(source)
    assert grade.verdict == "OLE"
    assert len(grade.outcomes[0].stdout) + len(grade.outcomes[0].stderr) < 40_000


async def test_output_at_the_limit_is_fine(face_hostile: Face) -> None:
    text = "x" * (64 * 1024 - 1) + "\n"
    assert (await face_hostile(f"print('x' * {64 * 1024 - 1})", expected=text)).verdict == "AC"


async def test_memory_within_the_limit_is_fine(face_hostile: Face) -> None:
    source = "block = bytearray(50 << 20)\nfor place in range(0, len(block), 4096): block[place] = 1\nprint('ok')"
    outcome = (await face_hostile(source)).outcomes[0]
    assert outcome.verdict == "AC"
    assert 49 * 1024 <= outcome.memory_kb < 64 * 1024


async def test_memory_shared_by_a_fork_counts_once(face_hostile: Face) -> None:
    source = """
import os, time
block = bytearray(40 << 20)
for place in range(0, len(block), 4096): block[place] = 1
for _ in range(4):
    if os.fork() == 0:
        time.sleep(0.3)
        os._exit(0)
for _ in range(4): os.wait()
print("ok")
"""
    assert (await face_hostile(source)).verdict == "AC"


async def test_cpu_of_hidden_children_is_counted(face_hostile: Face) -> None:
    source = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        end = time.process_time() + 0.1
        while time.process_time() < end: pass
        os._exit(0)
for _ in range(3): os.wait()
print("ok")
"""
    outcome = (await face_hostile(source)).outcomes[0]
    assert outcome.verdict == "AC"
    assert outcome.time_ms >= 300


async def test_cpu_of_a_process_left_behind_is_counted(face_hostile: Face) -> None:
    source = """
import os, time
if os.fork() == 0:
    end = time.process_time() + 0.3
    while time.process_time() < end: pass
    open("done", "w").close()
    while True: time.sleep(1)
while not os.path.exists("done"): time.sleep(0.01)
print("ok")
"""
    outcome = (await face_hostile(source)).outcomes[0]
    assert outcome.verdict == "AC"
    assert outcome.time_ms >= 300


async def test_a_test_may_have_limits_of_its_own(face_hostile: Face) -> None:
    source = "import time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass\nprint('ok')"
    assert (await face_hostile(source)).verdict == "TLE"
    assert (await face_hostile(source, cpu_seconds=5.0, wall_seconds=60.0)).verdict == "AC"
    block = "block = b'x' * (100 << 20)\nprint('ok')"
    assert (await face_hostile(block)).verdict == "MLE"
    assert (await face_hostile(block, memory_bytes=256 << 20)).verdict == "AC"


async def test_cpu_of_children_too_short_to_be_seen_is_counted(face_hostile: Face) -> None:
    """Each ends before the clock of the process table ticks; their parent waits for them."""
    source = """
import os, time
for _ in range(400):
    child = os.fork()
    if child == 0:
        end = time.process_time() + 0.006
        while time.process_time() < end: pass
        os._exit(0)
    os.waitpid(child, 0)
print("ok")
"""
    grade = await face_hostile(source, limits=GradingLimits(cpu_seconds=0.5, wall_seconds=60.0))
    assert grade.verdict == "TLE", grade
    assert grade.outcomes[0].time_ms < 2000  # it was stopped, and not only judged at its end
