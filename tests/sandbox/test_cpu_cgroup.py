"""CPU time of processes that nobody waits for: counted by the kernel where cgroups can be made, estimated elsewhere."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_sandbox import Ending, Limits, Tier
from codezest_sandbox.cgroup import MemoryGroup, MemoryGroups
from codezest_sandbox.cgroup_base import Base, make_base, remove_soon
from codezest_sandbox.connection import Case
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import find_interpreter
from codezest_sandbox.runtime import Build
from codezest_sandbox.watch import GroupTime

pytestmark = pytest.mark.sandbox

_DIRECTORY = os.O_PATH | os.O_DIRECTORY

_PYTHON_BURN = """
import os, resource, signal, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""

IGNORED_IN_PYTHON = (
    _PYTHON_BURN
    + """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range({children}):
    ended, held = os.pipe()
    if os.fork() == 0:
        burn({each})
        os._exit(0)
    os.close(held)
    os.read(ended, 1)
    os.close(ended)
print("ok")
"""
)

DOUBLE_FORK_IN_PYTHON = (
    _PYTHON_BURN
    + """
for _ in range(20):
    ended, held = os.pipe()
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            burn(0.05)
        os._exit(0)
    os.close(held)
    os.waitpid(child, 0)
    os.read(ended, 1)
    os.close(ended)
print("ok")
"""
)

_C_BURN = """
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void burn(long milliseconds) {
    struct timespec now;
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < milliseconds);
}
"""

IGNORED_IN_C = (
    _C_BURN
    + """
int main(void) {
    struct sigaction none = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &none, NULL);
    for (int i = 0; i < 3000; i++) {
        int ends[2];
        char nothing;
        if (pipe(ends)) return 1;
        if (fork() == 0) { burn(2); _exit(0); }
        close(ends[1]);
        if (read(ends[0], &nothing, 1)) return 1;
        close(ends[0]);
    }
    puts("ok");
}
"""
)

DOUBLE_FORK_IN_C = (
    _C_BURN
    + """
int main(void) {
    for (int i = 0; i < 20; i++) {
        int ends[2];
        char nothing;
        if (pipe(ends)) return 1;
        if (fork() == 0) {
            if (fork() == 0) burn(50);
            _exit(0);
        }
        close(ends[1]);
        wait(NULL);
        if (read(ends[0], &nothing, 1)) return 1;
        close(ends[0]);
    }
    puts("ok");
}
"""
)

NEARLY_TOO_LONG = (
    _PYTHON_BURN
    + """
def used():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
while used() < 0.8:
    child = os.fork()
    if child == 0:
        burn(0.003)
        os._exit(0)
    os.waitpid(child, 0)
print("ok")
"""
)

HIDDEN = {
    "ignored, Python": ("python", IGNORED_IN_PYTHON.format(children=2000, each=0.003)),
    "double fork, Python": ("python", DOUBLE_FORK_IN_PYTHON),
    "ignored, C": ("c", IGNORED_IN_C),
    "double fork, C": ("c", DOUBLE_FORK_IN_C),
}


@pytest.fixture
def base() -> Iterator[Base]:
    made = make_base(os.geteuid(), os.getpid())
    if made is None:
        pytest.skip("cgroups cannot be made here")
    yield made
    remove_soon(made.path)
    assert not made.path.exists()
    assert made.cpu_path is None or not made.cpu_path.exists()


def _new_group(base: Base) -> MemoryGroup:
    cpu_base = None if base.cpu_path is None else os.open(base.cpu_path, _DIRECTORY)
    group = MemoryGroups(os.open(base.path, _DIRECTORY), base.version, cpu_base).make()
    if group.cpu is None:
        pytest.skip("the kernel counts no CPU time of groups here")
    return group


def _burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def _in_child(work: Callable[[], None]) -> int:
    """Do it in a child and wait for that. Returns its status."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1]


def _burn_in_a_child_that_nobody_waits_for() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if os.fork() == 0:
        _burn(0.1)
        os._exit(0)
    with suppress(ChildProcessError):  # it blocks until all have ended, and then finds none
        os.wait()


def test_a_group_counts_what_nobody_waits_for(base: Base) -> None:
    group = _new_group(base)
    assert group.cpu is not None

    def hide() -> None:
        group.admit(os.getpid())
        _burn_in_a_child_that_nobody_waits_for()

    before = os.times().children_user
    assert _in_child(hide) == 0
    assert group.cpu.seconds() >= 0.1
    assert os.times().children_user - before < 0.1
    group.close()


def test_trusted_processes_of_a_group_are_not_counted(base: Base) -> None:
    group = _new_group(base)

    def supervise() -> None:
        group.admit(os.getpid())
        resident = os.fork()
        if resident == 0:
            _burn(0.3)
            signal.pause()
        counted = GroupTime.begin(group, [resident])
        assert counted is not None
        _burn(0.3)
        while time.clock_gettime((~resident << 3) | 2) < 0.3:
            time.sleep(0.01)
        assert counted.seconds() < 0.1
        assert _in_child(_burn_in_a_child_that_nobody_waits_for) == 0
        assert 0.1 <= counted.seconds() < 0.3
        os.kill(resident, signal.SIGKILL)
        os.waitpid(resident, 0)
        assert 0.1 <= counted.seconds() < 0.3

    assert _in_child(supervise) == 0
    group.close()


def test_without_a_group_nothing_is_counted() -> None:
    assert GroupTime.begin(None, []) is None


def test_bases_for_counting_are_removed_with_their_launchers(base: Base) -> None:
    if base.cpu_path is None:
        pytest.skip("CPU time is not counted in a hierarchy of its own here")
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    stale = base.cpu_path.parent / f"codezest-sandbox-{pid}"
    (stale / "sandbox-0").mkdir(parents=True)
    other = make_base(os.geteuid(), os.getppid())
    assert other is not None
    remove_soon(other.path)
    assert not stale.exists()
    assert base.cpu_path.exists()


async def _grade(grader: Grader, language: str, source: str, cpu_seconds: float) -> Grade:
    limits = GradingLimits(cpu_seconds=cpu_seconds, wall_seconds=60.0)
    return await grader.grade(
        GradingSpec(language=language, tests=(TestSpec(name="only", expected="ok\n"),), limits=limits), source
    )


@pytest.mark.parametrize(("language", "source"), HIDDEN.values(), ids=HIDDEN.keys())
async def test_hidden_cpu_counts(language: str, source: str, grader: Grader) -> None:
    """Each ends by itself well before the wall limit, and would print what is expected."""
    grade = await _grade(grader, language, source, cpu_seconds=0.5)
    assert grade.verdict == "TLE", grade
    assert grade.outcomes[0].time_ms >= 500


async def test_children_that_are_waited_for_count_once(grader: Grader) -> None:
    grade = await _grade(grader, "python", NEARLY_TOO_LONG, cpu_seconds=1.0)
    assert grade.verdict == "AC", grade
    assert 800 <= grade.outcomes[0].time_ms < 1000


async def test_hidden_children_within_the_limit_are_fine(grader: Grader) -> None:
    grade = await _grade(grader, "python", IGNORED_IN_PYTHON.format(children=40, each=0.003), cpu_seconds=1.0)
    assert grade.verdict == "AC", grade


ENDINGS = {
    "ignored": (IGNORED_IN_PYTHON.format(children=2000, each=0.005), Ending.CPU),
    "double fork": (DOUBLE_FORK_IN_PYTHON, Ending.CPU),
    "waited for": (NEARLY_TOO_LONG, Ending.EXIT),
    "within the limit": (IGNORED_IN_PYTHON.format(children=40, each=0.003), Ending.EXIT),
}


@pytest.mark.parametrize(("source", "ending"), ENDINGS.values(), ids=ENDINGS.keys())
async def test_without_groups_hidden_cpu_is_found(source: str, ending: Ending) -> None:
    limits = Limits(cpu_seconds=0.9, wall_seconds=60.0)
    launcher = Launcher(find_interpreter(), bound_memory=False)
    launcher.start()
    try:
        assert launcher.tier is Tier.NAMESPACES
        async with launcher.spawn() as sandbox:
            assert (await sandbox.prepare(Build(files={"main.py": source.encode()}, entry="main.py"), Limits())).ok
            (output,) = [output async for output in sandbox.run([Case(limits=limits)])]
    finally:
        launcher.close()
    assert output.result.ending is ending, output
