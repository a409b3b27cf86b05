"""Programs that reach for what is not theirs and fall over, or fall over by themselves."""

from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade

pytestmark = pytest.mark.sandbox

Face = Callable[..., Awaitable[Grade]]

CRASHES = {
    "many files": "for number in range(10 ** 6): open(f'file{number}', 'w').write('x')",
    "many folders": "import os\nfor number in range(10 ** 6): os.mkdir(f'folder{number}')",
    "disk full": """
for number in range(100):
    with open(f"file{number}", "wb") as file: file.write(b"x" * 500_000)
""",
    "descriptors": "kept = []\nwhile True: kept.append(open('/dev/null'))",
    "recursion": "def deeper(n): return deeper(n + 1)\ndeeper(0)",
    "recursion through methods": """
class Node:
    def __getattr__(self, name): return getattr(self, name + "x")
Node().y
""",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "abort": "import os\nos.abort()",
    "x32 system call": "import ctypes\nctypes.CDLL(None).syscall(0x40000000 | 39)\nprint('ok')",
    "kills everybody": "import os\nos.kill(-1, 9)\nprint('ok')",
    "kills itself": "import os\nos.kill(os.getpid(), 9)",
    "shadow": "print(open('/etc/shadow').read())",
    "writes to the root": "open('/codezest-sandbox-leak', 'w')",
    "writes to /usr": "open('/usr/codezest-sandbox-leak', 'w')",
    "writes to /var/tmp": "open('/var/tmp/codezest-sandbox-leak', 'w')",
    "shared memory": "open('/dev/shm/codezest-sandbox-leak', 'w')",
    "a disk": "open('/dev/sda', 'rb')",
    "/proc": "print(open('/proc/1/environ').read())",
    "/sys": "print(open('/sys/kernel/notes', 'rb').read())",
    "home": "import os\nprint(os.listdir('/root'), os.listdir('/home'))",
    "TCP": "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)",
    "UDP": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
    "netlink": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "name resolution": "import socket\nsocket.getaddrinfo('example.org', 80)",
    "abstract socket": "import socket\nsocket.socket(socket.AF_UNIX).bind('\\0codezest')",
    "naming a socket of a pair": """
import socket
one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind("\\0codezest")
""",
    "handing on descriptors": "import socket\none, other = socket.socketpair()\nsocket.send_fds(one, [b'x'], [0])",
    "prints at exit after a crash": "import atexit\natexit.register(lambda: print('ok'))\n1 / 0",
    "limits of the first process": """
import resource
resource.prlimit(1, resource.RLIMIT_NOFILE, (5, 5))
print("ok")
""",
    "more input than there is": "while True: input()",
    "exit status": "import sys\nprint('ok')\nsys.exit(3)",
    "exit message": "import sys\nprint('ok')\nsys.exit('something is wrong')",
    "opens a terminal": "open('/dev/tty')",
    "device node": "import os\nos.mknod('disk', 0o060666, os.makedev(8, 0))",
    "named pipe as device": "import os\nos.mknod('pipe', 0o020666, os.makedev(1, 1))",
    "changes the time": "import time\ntime.clock_settime(time.CLOCK_REALTIME, 0)",
    "renames the host": "import socket\nsocket.sethostname('codezest')",
}


@pytest.mark.parametrize("source", CRASHES.values(), ids=CRASHES.keys())
async def test_runtime_error(source: str, face_hostile: Face) -> None:
    grade = await face_hostile(source)
    assert grade.verdict == "RE", grade
    assert grade.status == "FAILED"
    assert grade.score == 0


async def test_overflowing_the_stack(face_hostile: Face) -> None:
    source = """
import sys
sys.setrecursionlimit(10 ** 8)
nested = []
for _ in range(1_000_000): nested = [nested]
def show(value): return "[" + "".join(map(show, value)) + "]"
show(nested)
print("ok")
"""
    outcome = (await face_hostile(source, memory_bytes=1 << 30, cpu_seconds=20.0)).outcomes[0]
    assert outcome.verdict == "RE"
    assert "endless recursion" in (outcome.message or "")


async def test_the_traceback_names_the_learners_file_and_line(face_hostile: Face) -> None:
    grade = await face_hostile("import json\n\njson.loads('{')\n")
    outcome = grade.outcomes[0]
    assert 'File "main.py", line 3' in outcome.stderr
    assert "json.loads('{')" in outcome.stderr
    assert "codezest" not in outcome.stderr
    assert "/root" not in outcome.stderr
    assert outcome.message is not None
    assert "JSONDecodeError" in outcome.message
    assert "line 3" in outcome.message


async def test_end_of_input_is_explained(face_hostile: Face) -> None:
    outcome = (await face_hostile("input()\ninput()\n", stdin="one\n")).outcomes[0]
    assert outcome.verdict == "RE"
    assert "more input than the test gives" in (outcome.message or "")


async def test_recursion_is_explained(face_hostile: Face) -> None:
    outcome = (await face_hostile(CRASHES["recursion"])).outcomes[0]
    assert "calls itself without end" in (outcome.message or "")
    assert "Previous line repeated" in outcome.stderr
