"""The tier LANDLOCK, in a process as restricted as one in plain Docker, as root there and as an ordinary user."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from codezest_sandbox import kernel
from codezest_sandbox.landlock import LOWEST_VERSION
from sandbox.test_crashes import CRASHES
from sandbox.test_escapes import HARMLESS

pytestmark = pytest.mark.sandbox

TESTS = Path(__file__).parents[1]
SOURCES = (TESTS, TESTS.parent / "packages/codezest-sandbox/src")
SYSTEM_PYTHON = Path("/usr/bin/python3")
ORDINARY = 61234
"""An account that nobody has, so that whatever belongs to it was left by these tests."""

Case = Mapping[str, Any]

ORDINARY_PROGRAMS = {
    "reads and prints": ("print(sum(map(int, input().split())))", "1 2 3", "6\n"),
    "threads": ("import threading\nt = threading.Thread(target=print, args=('ok',))\nt.start()\nt.join()", "", "ok\n"),
    "subprocess": (
        "import subprocess\nprint(subprocess.run(['/bin/echo', 'ok'], capture_output=True).stdout)",
        "",
        "b'ok\\n'\n",
    ),
    "files": (
        (
            "import os, shutil\nopen('a', 'w').write('ok')\nos.mkdir('d')\nshutil.copy('a', 'd/b')\nos.rename('d/b', 'c')\n"
            "print(open('c').read(), sorted(set(os.listdir()) - {'main.py'}))"
        ),
        "",
        "ok ['a', 'c', 'd']\n",
    ),
    "temporary files": ("import tempfile\nwith tempfile.TemporaryFile() as f: print(f.write(b'abc'))", "", "3\n"),
    "asyncio": ("import asyncio\nasync def f(): return 'ok'\nprint(asyncio.run(f()))", "", "ok\n"),
    "sqlite": ("import sqlite3\nprint(sqlite3.connect('a.db').execute('select 1').fetchall())", "", "[(1,)]\n"),
    "C": ('#include <stdio.h>\nint main(void) { int a; scanf("%d", &a); printf("%d\\n", 2 * a); }', "21", "42\n"),
}

STOPPED = {
    "endless loop": ("while True: pass", "CPU"),
    "sleep": ("import time\ntime.sleep(100)", "WALL"),
    "heap": ("kept = []\nwhile True: kept.append(bytearray(1 << 20))", "MEMORY"),
    "many processes, each within the limit": (
        ("import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        block = b'x' * (40 << 20)\n        time.sleep(5)\n"
        "        os._exit(0)\ntime.sleep(5)"),
        "MEMORY",
    ),
    "burns CPU in children": ("import os\nfor _ in range(2):\n    if os.fork() == 0:\n        while True: pass\nos.wait()", "CPU"),
    "fork bomb": ("import os\nwhile True: os.fork()", "SIGNAL"),
    "fork bomb that survives": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", "SIGNAL MEMORY"),
    "processes that hop": (
        ("import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        while True:\n            if os.fork(): os._exit(0)\ntime.sleep(100)"),
        "SIGNAL",
    ),
    "endless output": ("while True: print('x' * 1000)", "SIGNAL"),
    "oversized file": ("with open('a', 'w') as f:\n    while True: f.write('x' * 100000)", "SIGNAL"),
    "many files": ("n = 0\nwhile True:\n    open(str(n), 'w').close()\n    n += 1", "FILES"),
    "many folders": ("import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')", "FILES EXIT"),
    "many large files": (
        "import time\nfor n in range(8): open(str(n), 'w').write('x' * 900000)\ntime.sleep(5)", "FILES"),
    "large files without a name": (
        ("import os, time\nkept = []\nfor n in range(8):\n    kept.append(open('a', 'wb', 0))\n    os.unlink('a')\n"
        "    kept[-1].write(b'x' * 900000)\ntime.sleep(5)"),
        "FILES",
    ),
    "large files in a locked folder": (
        ("import os, time\nos.mkdir('d')\nfor n in range(8): open(f'd/{n}', 'w').write('x' * 900000)\nos.chmod('d', 0)\n"
        "os.chmod('.', 0)\ntime.sleep(5)"),
        "FILES",
    ),
}  # fmt: skip

ESCAPES = {
    "signals to all": """
import os, signal
for pid in (-1, os.getppid(), -os.getppid(), *(pid for pid in range(1, 40000, 7) if pid != os.getpid())):
    try:
        os.kill(pid, signal.SIGSTOP if pid > 0 else 0)
        if pid > 0: print("signalled", pid)
    except OSError:
        pass
print("ok")
""",
    "kills everything": "import os, signal\nos.kill(-1, signal.SIGKILL)\nprint('ok')",
    "lists temporary files": """
import os
for path in ("..", "../..", "/tmp", "/proc", "/home", "/root", "/etc", "/var", "/dev"):
    try:
        print(path, os.listdir(path))
    except OSError:
        pass
print("ok")
""",
    "writes beside its directory": """
import os
for path in ("../found", "../build/found", "../../found", "/usr/found", "/var/tmp/found", "/dev/shm/found", "/found"):
    for attempt in (lambda: open(path, "w"), lambda: os.mkdir(path), lambda: os.symlink("x", path), lambda: os.link("a", path)):
        try:
            attempt()
            print("made", path)
        except OSError:
            pass
for attempt in (lambda: os.rename("../build", "b"), lambda: os.rename("../work", "../w"), lambda: os.rmdir("../build")):
    try:
        attempt()
        print("moved")
    except OSError:
        pass
print("ok")
""",
    "reads what is installed": """
import glob, os, sys
def readable(path):
    try:
        with open(path, "rb") as file: file.read(1)
        return True
    except OSError:
        return False
for pattern in ("/usr/lib/python3*/dist-packages/*", "/usr/local/lib/python3*/*-packages/*", "/etc/*"):
    for path in glob.glob(pattern)[:200]:
        if readable(path) and path != "/etc/ld.so.cache": print(path)
for path in ("/etc/shadow", "/etc/passwd", "/proc/1/environ", "/proc/self/maps", "/proc/self/environ", "/dev/tty", "/dev/mem"):
    if readable(path): print(path)
print("ok")
""",
    "truncates and changes what is not its own": """
import os
for path in ("/usr/bin/env", "/etc/passwd", "/usr/lib/os-release"):
    for attempt in (lambda: os.truncate(path, 0), lambda: os.open(path, os.O_WRONLY), lambda: os.unlink(path)):
        try:
            attempt()
            print("allowed", path)
        except OSError:
            pass
print("ok")
""",
    "daemon that holds standard output": """
import os, time
print("ok", flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(100)
    os._exit(0)
""",
    "deep folders": """
import os
for _ in range(900):
    os.mkdir("d")
    os.chdir("d")
print("ok")
""",
    "links that lead out": """
import os
for name in ("/", "/usr", "/etc", "..", "../build", "/tmp"): os.symlink(name, name.replace("/", "_") + "x")
os.mkdir("locked")
os.symlink("/etc", "locked/etc")
os.chmod("locked", 0)
print("ok")
""",
    "locks up its own directories": """
import os
for path in ("..", "../build", "."):
    try: os.chmod(path, 0)
    except OSError: pass
print("ok")
""",
}

LEAVES_A_TRACE = """
import os
first = not os.path.exists("trace") and not os.path.exists("../build/trace")
for path in ("..", "../build", "."):
    if int(os.stat(path).st_mtime) == 1000: first = False
print("clean" if first else "seen")
open("trace", "w").write("x")
for path in ("..", "../build", "."):
    try: os.utime(path, (1000, 1000))
    except OSError: pass
"""

NOT_HERE = {"another account", "setuid programs", "looks at the first process"}
"""These print another account's number, or see by name what they cannot open."""
ANOTHER_ENDING = {"many files": "FILES", "many folders": "FILES", "disk full": "FILES"}


def _programs() -> list[tuple[str, str, list[Case]]]:
    roomy = {"cpu_seconds": 5, "wall_seconds": 20}
    some: list[tuple[str, str, list[Case]]] = [("trace", LEAVES_A_TRACE, _cases(3))]
    for name, (source, stdin, _) in ORDINARY_PROGRAMS.items():
        some.append((f"ordinary: {name}", source, _cases(2, stdin=stdin, limits=roomy)))
    some += [(f"stopped: {name}", source, _cases(1)) for name, (source, _) in STOPPED.items()]
    some += [(f"escape: {name}", source, _cases(2)) for name, source in ESCAPES.items()]
    some += [(f"harmless: {name}", source, _cases(1)) for name, source in HARMLESS.items() if name not in NOT_HERE]
    some += [(f"crash: {name}", source, _cases(1)) for name, source in CRASHES.items()]
    return some


def _cases(count: int, **case: Any) -> list[Case]:
    return [case] * count


@pytest.fixture(scope="module", params=[0, ORDINARY], ids=["root", "user"])
def report(request: pytest.FixtureRequest) -> dict[str, Any]:
    account: int = request.param
    if kernel.landlock_version() < LOWEST_VERSION:
        pytest.skip("this kernel's Landlock does not bound signals")
    if os.geteuid() != 0 and account == 0:
        pytest.skip("root's side of it needs root")
    with tempfile.TemporaryDirectory(
        prefix="landlock-", dir="/var/tmp"
    ) as temporary:  # pytest's own is closed to others
        Path(temporary).chmod(0o1777)
        return _report(account, temporary)


def _report(account: int, temporary: str) -> dict[str, Any]:
    python = str(SYSTEM_PYTHON) if SYSTEM_PYTHON.exists() else sys.executable
    done = subprocess.run(
        [python, "-B", str(TESTS / "fixtures/landlock_driver.py"), str(account)],
        input=json.dumps(_programs()),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"PYTHONPATH": os.pathsep.join(map(str, SOURCES)), "PATH": os.environ["PATH"], "TMPDIR": temporary},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    found["by_name"] = {told["name"]: told for told in found["told"]}
    return found


def test_the_tier_is_found_and_told(report: dict[str, Any]) -> None:
    assert (report["tier"], report["probe"]) == ("LANDLOCK", "LANDLOCK")


@pytest.mark.parametrize("name", ORDINARY_PROGRAMS)
def test_ordinary_programs(report: dict[str, Any], name: str) -> None:
    told = report["by_name"][f"ordinary: {name}"]
    expected = ORDINARY_PROGRAMS[name][2]
    assert [(each["ending"], each["code"], each["stdout"]) for each in told["outcomes"]] == [
        ("EXIT", 0, expected)
    ] * 2, told


@pytest.mark.parametrize("name", STOPPED)
def test_what_takes_too_much_is_stopped(report: dict[str, Any], name: str) -> None:
    (outcome,) = report["by_name"][f"stopped: {name}"]["outcomes"]
    assert outcome["ending"] in STOPPED[name][1].split(), outcome


@pytest.mark.parametrize("name", ESCAPES)
def test_nothing_is_reached(report: dict[str, Any], name: str) -> None:
    told = report["by_name"][f"escape: {name}"]
    assert [(each["ending"], each["code"], each["stdout"]) for each in told["outcomes"]] == [("EXIT", 0, "ok\n")] * 2, (
        told
    )


@pytest.mark.parametrize("name", sorted(HARMLESS.keys() - NOT_HERE))
def test_harmless(report: dict[str, Any], name: str) -> None:
    (outcome,) = report["by_name"][f"harmless: {name}"]["outcomes"]
    assert (outcome["ending"], outcome["code"], outcome["stdout"]) == ("EXIT", 0, "ok\n"), outcome


@pytest.mark.parametrize("name", CRASHES)
def test_what_is_refused_ends_the_program(report: dict[str, Any], name: str) -> None:
    (outcome,) = report["by_name"][f"crash: {name}"]["outcomes"]
    if name in ANOTHER_ENDING:
        assert outcome["ending"] == ANOTHER_ENDING[name], outcome
    elif name != "kills everybody":
        assert outcome["ending"] in {"EXIT", "SIGNAL"}, outcome
        assert outcome["code"] != 0, outcome


def test_a_case_finds_nothing_of_the_one_before(report: dict[str, Any]) -> None:
    assert [each["stdout"] for each in report["by_name"]["trace"]["outcomes"]] == ["clean\n"] * 3


def test_places_have_the_names_they_have_elsewhere(report: dict[str, Any]) -> None:
    said = report["by_name"]["crash: writes to the root"]["outcomes"][0]["stderr"]
    assert "codezest-sandbox-leak" in said
    assert "/work" not in said


def test_after_each_a_fresh_sandbox_works(report: dict[str, Any]) -> None:
    for told in report["told"]:
        outcomes = [(each["ending"], each["code"], each["stdout"]) for each in told["following"]]
        assert outcomes == [("EXIT", 0, "42\n")], told["name"]


def test_nothing_is_left(report: dict[str, Any]) -> None:
    assert {told["name"]: (told["processes"], told["directories"]) for told in report["told"]} == {
        told["name"]: ([], []) for told in report["told"]
    }
    assert report["left"] == []
    assert report["processes"] == []
