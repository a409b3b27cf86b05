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
