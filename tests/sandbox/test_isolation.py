"""Nothing flows between cases, between submissions, or out of the host."""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec

pytestmark = pytest.mark.sandbox

GradeProgram = Callable[..., Awaitable[Grade]]


async def _outputs(grader: Grader, source: str, tests: int = 2) -> list[str]:
    spec = GradingSpec(language="python", tests=tuple(TestSpec(name=f"{index}") for index in range(tests)))
    grade = await grader.grade(spec, source)
    assert grade.verdict == "AC", grade
    return [outcome.stdout for outcome in grade.outcomes]


async def test_expected_output_is_nowhere_inside(grader: Grader) -> None:
    """A program that looks through its whole memory and file system finds its input, and not what is expected of it."""
    wanted, given = secrets.token_hex(16), secrets.token_hex(16)
    source = """
import ctypes, os, sys
given = sys.stdin.read().strip().encode()
halves = [bytes.fromhex(part) for part in sys.argv[1:]]
wanted = bytes(one ^ other for one, other in zip(*halves)).hex().encode()
found = set()
def look(text, place):
    if wanted in text.replace(wanted_here, b""): found.add(("wanted", place))
wanted_here = b"\\0" * 40
for top in ("/tmp", "/etc", "/dev", "/sandbox"):
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path): look(open(path, "rb").read(), path)
look("".join(os.environ.values()).encode(), "environment")
import gc
for thing in gc.get_objects():
    if isinstance(thing, dict):
        for value in thing.values():
            if isinstance(value, str): look(value.encode(errors="replace"), "heap") if value.encode(errors="replace") != wanted else None
for number in range(3, 256):
    try:
        look(os.pread(number, 1 << 16, 0), number)
    except OSError:
        pass
print(sorted(found, key=str))
"""
    key = secrets.token_bytes(16)
    masked = bytes(one ^ other for one, other in zip(bytes.fromhex(wanted), key, strict=True))
    test = TestSpec(name="secret", stdin=given, args=(masked.hex(), key.hex()), expected=wanted)
    grade = await grader.grade(GradingSpec(language="python", tests=(test,)), source)
    assert grade.verdict == "WA"
    assert grade.outcomes[0].stdout == "[]\n", grade


async def test_hidden_tests_are_explained_without_what_they_expect(grader: Grader) -> None:
    secret = secrets.token_hex(8)
    tests = (TestSpec(name="hidden", expected=secret, visible=False), TestSpec(name="open", expected=secret))
    hidden, visible = (await grader.grade(GradingSpec(language="python", tests=tests), "print('x')")).outcomes
    assert secret not in str(hidden)
    assert secret in (visible.message or "")


async def test_cases_share_no_files(grader: Grader) -> None:
    source = """
import os
print(sorted(os.listdir()), sorted(os.listdir("/tmp")))
open("left", "w").write("x")
os.mkdir("locked")
os.chmod("locked", 0)
os.chmod(".", 0)
"""
    first, second = await _outputs(grader, source)
    assert first == second == "['main.py'] ['main.py']\n"


async def test_cases_share_no_files_however_much_is_left(grader: Grader) -> None:
    source = """
import os
state = os.statvfs(".")
print(os.listdir(), (state.f_blocks - state.f_bfree) * state.f_frsize)
open("left", "wb").write(b"x" * 5_000_000)
"""
    first, *others = await _outputs(grader, source, tests=4)
    assert others == [first] * 3
    assert first.startswith("['main.py']")


async def test_cases_share_no_processes(grader: Grader) -> None:
    source = """
import os, time
alive = []
for pid in range(2, 300):
    try:
        os.kill(pid, 0)
        alive.append(pid)
    except ProcessLookupError:
        pass
print(alive == [os.getpid()])
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        time.sleep(100)
"""
    assert await _outputs(grader, source, tests=3) == ["True\n"] * 3


async def test_cases_share_no_memory(grader: Grader) -> None:
    source = "import sys, math\nprint(hasattr(math, 'left'))\nmath.left = 1\nsys.modules['json'] = None"
    assert await _outputs(grader, source) == ["False\n"] * 2


async def test_arguments_and_files_of_a_case_are_not_in_the_memory_of_the_next(grader: Grader) -> None:
    """A visible test must not be able to print what a hidden one was given. The first shows that the search finds it."""
    word = secrets.token_hex(8)
    masked = bytes(byte ^ 255 for byte in word.encode()).hex()
    source = f"""
import ctypes, gc, json
wanted = bytes(byte ^ 255 for byte in bytes.fromhex("{masked}"))
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
page, state, found = 4096, (ctypes.c_ubyte * 1)(), set()
def mapped(place):
    return libc.mincore(ctypes.c_void_p(place), ctypes.c_size_t(page), state) == 0
def look(first, last):
    for place in range(first, last, page):
        if mapped(place):
            content = ctypes.string_at(place, page)
            position = content.find(wanted)
            while position >= 0:
                following = content[position + len(wanted):][:2]
                if following[:1] == b"-" and following[1:] in (b"a", b"f"): found.add(following[1:].decode())
                position = content.find(wanted, position + 1)
heap = top = libc.sbrk(0)
while mapped(heap - page): heap -= page
look(heap, top)
chunks = {{id(thing) >> 20 for thing in gc.get_objects()}}
for chunk in sorted({{near for chunk in chunks for near in (chunk - 1, chunk, chunk + 1)}}): look(chunk << 20, chunk + 1 << 20)
print(*sorted(found))
"""
    given = TestSpec(
        name="given",
        args=tuple(f"{word}-a{index}" for index in range(300)),
        files={f"{index}": f"{word}-f{index}" * 30 for index in range(20)},
        visible=False,
    )
    limits = GradingLimits(cpu_seconds=20.0, wall_seconds=60.0)
    spec = GradingSpec(language="python", tests=(given, TestSpec(name="next")), limits=limits)
    first, following = (await grader.grade(spec, source)).outcomes
    assert "a" in first.stdout, first
    assert following.stdout == "\n", following


async def test_a_case_cannot_end_the_sandbox_for_the_next(grader: Grader) -> None:
    source = """
import os, signal
for number in range(1, 65):
    try:
        os.kill(1, number)
    except OSError:
        pass
try:
    os.kill(-1, 9)
except OSError:
    pass
print("here")
"""
    assert await _outputs(grader, source, tests=3) == ["here\n"] * 3


async def test_submissions_share_nothing(grader: Grader) -> None:
    source = "import os, math\nprint(os.listdir(), hasattr(math, 'left'))\nopen('left', 'w').close()\nmath.left = 1"
    first = await _outputs(grader, source, tests=1)
    assert await _outputs(grader, source, tests=1) == first


async def test_random_numbers_differ_between_cases_and_hashes_do_not(grader: Grader) -> None:
    source = "import random\nprint(random.random())"
    numbers = await _outputs(grader, source, tests=3) + await _outputs(grader, source, tests=3)
    assert len(set(numbers)) == 6
    hashes = await _outputs(grader, "print(hash('text'))") + await _outputs(grader, "print(hash('text'))")
    assert len(set(hashes)) == 1


async def test_the_environment_is_bare(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEZEST_SECRET", "x")
    (output, _) = await _outputs(grader, "import os\nprint(sorted(os.environ))")
    assert set(eval(output)) <= {  # noqa: S307  # printed by ourselves
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHASHSEED",
        "TMPDIR",
        "USER",
    }


async def test_the_file_system_is_small(grader: Grader) -> None:
    source = """
import os, sys
print(sorted(os.listdir("/")))
print(sorted(os.listdir("/dev")))
print(sorted(os.listdir("/etc")))
for folder in sys.path:
    for name in ("site-packages", "dist-packages"):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and os.listdir(path): print("installed packages are visible", path)
"""
    (output, _) = await _outputs(grader, source)
    root, devices, settings, *rest = output.splitlines()
    trees = [tree for found in grader.toolchains.values() for tree in getattr(found, "trees", {})]
    parts = {Path(tree).name for tree in trees if tree.startswith("/etc/")}  # what toolchains keep there
    allowed = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "program", "python", "sandbox", "sbin", "tmp"}
    allowed |= {"toolchains", "typescript", "usr"}
    assert set(eval(root)) <= allowed  # noqa: S307  # printed by ourselves
    assert devices == "['full', 'null', 'random', 'urandom', 'zero']"
    assert set(eval(settings)) <= {"group", "hosts", "ld.so.cache", "nsswitch.conf", "passwd", *parts}  # noqa: S307
    assert rest == []


async def test_the_program_has_no_rights(grader: Grader) -> None:
    """Not root anywhere: the host knows these processes as an account that owns nothing."""
    source = """
import ctypes, os
libc = ctypes.CDLL(None)
print(os.getresuid(), os.getresgid())
print([libc.prctl(23, number, 0, 0, 0) for number in range(41)])
print(libc.prctl(39, 0, 0, 0, 0))
"""
    (output, _) = await _outputs(grader, source)
    assert output == f"(1000, 1000, 1000) (1000, 1000, 1000)\n{[0] * 41}\n1\n"
