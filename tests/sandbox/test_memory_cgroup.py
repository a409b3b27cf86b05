"""The kernel's bound on memory, where cgroups can be made. Elsewhere the tier below is what there is, and is tested."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest.grading import Grader
from codezest_sandbox import Ending, Limits, Tier
from codezest_sandbox.cgroup import MemoryGroup, MemoryGroups
from codezest_sandbox.cgroup_base import Base, make_base, remove, remove_soon
from codezest_sandbox.connection import Case
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import find_interpreter
from codezest_sandbox.runtime import Build

pytestmark = pytest.mark.sandbox


@pytest.fixture
def base() -> Iterator[Base]:
    made = make_base(os.geteuid(), os.getpid())
    if made is None:
        pytest.skip("memory cgroups cannot be made here")
    yield made
    remove_soon(made.path)
    assert not made.path.exists()


def _fork_into(group: MemoryGroup, megabytes: int) -> int:
    """Wait status of a process that takes so much memory within the group."""
    pid = os.fork()
    if pid == 0:
        try:
            group.admit(os.getpid())
            block = bytearray(megabytes << 20)
            for place in range(0, len(block), 4096):
                block[place] = 1
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


def _groups(base: Base) -> MemoryGroups:
    return MemoryGroups(os.open(base.path, os.O_PATH | os.O_DIRECTORY), base.version)


def test_the_kernel_kills_beyond_the_limit_and_we_hear_of_it(base: Base) -> None:
    group = _groups(base).make()
    group.arm(16 << 20)
    assert not group.killed()
    assert os.WIFEXITED(_fork_into(group, 8))
    assert not group.killed()
    status = _fork_into(group, 256)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert group.killed()
    assert not group.killed()
    group.close()


def test_empty_groups_are_removed(base: Base) -> None:
    groups = _groups(base)
    group = groups.make()
    assert any(child.is_dir() for child in base.path.iterdir())
    group.close()
    groups.remove_empty()
    assert not [child for child in base.path.iterdir() if child.is_dir()]


def test_bases_of_dead_launchers_are_removed(base: Base) -> None:
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    stale = base.path.parent / f"codezest-sandbox-{dead}"
    stale.mkdir()
    (stale / "sandbox-0").mkdir()
    other = make_base(os.geteuid(), os.getppid())
    assert other is not None
    remove(other.path)
    assert not stale.exists()


def test_the_grader_uses_them_and_leaves_none(base: Base) -> None:
    grader = Grader()
    grader.start()
    assert grader.tier() is Tier.NAMESPACES_CGROUP
    mine = base.path.parent / f"codezest-sandbox-{grader.launcher_pid}"
    assert mine.is_dir()
    grader.close()
    assert not mine.exists()


async def test_every_program_is_born_into_its_own_group(base: Base) -> None:
    launcher = Launcher(find_interpreter())
    launcher.start()

    def group_of(pid: int) -> str:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        return next(line for line in lines if ":memory:" in line or line.startswith("0::")).rpartition("/")[2]

    try:
        assert launcher.pid is not None
        groups: set[str] = set()
        for _ in range(2):
            async with launcher.spawn() as sandbox:
                assert (await sandbox.prepare(Build(files={"main.py": b"pass"}, entry="main.py"), Limits())).ok
                children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()
                newest = max(map(int, children))
                groups.add(group_of(newest))
        assert len(groups) == 2
        assert all(name.startswith("sandbox-") for name in groups)
    finally:
        launcher.close()


_ALONE = "kept = []\nwhile True: kept.append(bytearray(1 << 20))"
_MANY = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(40 << 20)
        for place in range(0, len(block), 4096): block[place] = 1
        time.sleep(5)
        os._exit(0)
time.sleep(5)
"""


@pytest.mark.parametrize("source", [_ALONE, _MANY], ids=["one process", "many processes"])
async def test_without_them_memory_is_still_limited(grader: Grader, source: str) -> None:
    launcher = Launcher(find_interpreter(), bound_memory=False)
    launcher.start()
    try:
        assert launcher.tier is Tier.NAMESPACES
        limits = Limits(memory_bytes=64 << 20, cpu_seconds=5.0, wall_seconds=30.0)
        async with launcher.spawn() as sandbox:
            assert (await sandbox.prepare(Build(files={"main.py": source.encode()}, entry="main.py"), Limits())).ok
            (output,) = [output async for output in sandbox.run([Case(limits=limits)])]
    finally:
        launcher.close()
    out_of_memory = output.stderr.rstrip().endswith(b"MemoryError")
    assert output.result.ending is Ending.MEMORY or output.result.memory_bytes > limits.memory_bytes or out_of_memory
    assert output.result.memory_bytes < 256 << 20


def _main_thread_ends(megabytes: int, processes: int) -> str:
    return f"""
import ctypes, os, threading, time
kept = []
def grow():
    for _ in range({megabytes}):
        kept.append(b"x" * (1 << 20))
    time.sleep(2)
    print("ok", flush=True)
    os._exit(0)
for _ in range({processes - 1}):
    if os.fork() == 0:
        break
threading.Thread(target=grow).start()
ctypes.CDLL(None).pthread_exit(None)
"""


WITHOUT_MAIN_THREAD = {
    "too much": (_main_thread_ends(80, 1), Ending.MEMORY),
    "too much in two processes": (_main_thread_ends(45, 2), Ending.MEMORY),
    "little": (_main_thread_ends(30, 1), Ending.EXIT),
}


@pytest.mark.parametrize(("source", "ending"), WITHOUT_MAIN_THREAD.values(), ids=WITHOUT_MAIN_THREAD.keys())
async def test_memory_is_found_when_the_main_thread_has_ended(source: str, ending: Ending) -> None:
    """/proc shows none under the name of such a process. No group bounds it here."""
    launcher = Launcher(find_interpreter(), bound_memory=False)
    launcher.start()
    try:
        limits = Limits(memory_bytes=64 << 20, cpu_seconds=5.0, wall_seconds=30.0)
        async with launcher.spawn() as sandbox:
            assert (await sandbox.prepare(Build(files={"main.py": source.encode()}, entry="main.py"), Limits())).ok
            (output,) = [output async for output in sandbox.run([Case(limits=limits)])]
    finally:
        launcher.close()
    assert output.result.ending is ending, output


async def test_every_sandbox_is_counted_in_a_group_of_its_own(base: Base) -> None:
    if base.cpu_path is None:
        pytest.skip("CPU time is not counted in a hierarchy of its own here")
    launcher = Launcher(find_interpreter())
    launcher.start()
    try:
        groups = base.cpu_path.parent / f"codezest-sandbox-{launcher.pid}"
        async with launcher.spawn() as sandbox, launcher.spawn() as other:
            for made in (sandbox, other):
                assert (await made.prepare(Build(files={"main.py": b"pass"}, entry="main.py"), Limits())).ok
            taken = [(group / "cgroup.procs").read_text().split() for group in groups.iterdir() if group.is_dir()]
        assert [str(launcher.pid)] in taken
        assert len([members for members in taken if len(members) == 1]) >= 3
    finally:
        launcher.close()
    assert not groups.exists()


async def test_where_groups_count_a_limit_on_cpu_is_exact(base: Base) -> None:
    """Children too short to be met, two at a time."""
    if base.version == 1 and base.cpu_path is None:
        pytest.skip("the kernel counts no CPU time of groups here")
    source = """
import os, signal, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.fork()
for _ in range(2000):
    ended, held = os.pipe()
    if os.fork() == 0:
        burn(0.003)
        os._exit(0)
    os.close(held)
    os.read(ended, 1)
    os.close(ended)
"""
    launcher = Launcher(find_interpreter())
    launcher.start()
    try:
        async with launcher.spawn() as sandbox:
            assert (await sandbox.prepare(Build(files={"main.py": source.encode()}, entry="main.py"), Limits())).ok
            limits = Limits(cpu_seconds=1.0, wall_seconds=60.0)
            (output,) = [output async for output in sandbox.run([Case(limits=limits)])]
    finally:
        launcher.close()
    assert output.result.ending is Ending.CPU
    assert 1.0 <= output.result.cpu_seconds < 1.25  # 1.05 where the supervisor gets a processor at once
