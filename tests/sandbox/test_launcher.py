"""The launcher's life: killed, restarted, abandoned, asked by many at once, run by an ordinary user."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest.grading import Grader, GradingLimits, GradingSpec, TestOutcome, TestSpec
from codezest_sandbox import IsolationUnavailable, Limits, SandboxDied, Tier
from codezest_sandbox.connection import Case
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import find_interpreter
from codezest_sandbox.runtime import Build

pytestmark = pytest.mark.sandbox

LIMITS = GradingLimits(cpu_seconds=20.0, wall_seconds=60.0)
OK = GradingSpec(language="python", tests=(TestSpec(name="only", expected="ok\n"),), limits=LIMITS)
SLEEP = GradingSpec(
    language="python", tests=tuple(TestSpec(name=str(index), expected="ok\n") for index in range(3)), limits=LIMITS
)
SOURCES = [
    Path(__file__).parents[2] / part for part in ("src", "packages/codezest-sandbox/src", "packages/codezest-db/src")
]


@pytest.fixture
def own_grader(grader: Grader) -> Iterator[Grader]:
    """One that may be broken."""
    made = Grader(concurrency=4, prewarmed=1)
    made.start()
    yield made
    made.close()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def _until(condition: object, what: str) -> None:
    assert callable(condition)
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail(what)


async def test_killed_while_idle_goes_unnoticed(own_grader: Grader) -> None:
    first = own_grader.launcher_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await _until(lambda: not _alive(first), "the launcher lives on")
    assert (await own_grader.grade(OK, "print('ok')")).verdict == "AC"
    assert own_grader.launcher_pid != first


async def test_killed_in_mid_grade_is_an_internal_error_and_the_next_works(own_grader: Grader) -> None:
    launcher = own_grader.launcher_pid
    assert launcher is not None
    ended: list[TestOutcome] = []

    def kill_after_the_first(outcome: TestOutcome) -> None:
        ended.append(outcome)
        if len(ended) == 1:
            os.kill(launcher, signal.SIGKILL)

    source = "import time\ntime.sleep(0.3)\nprint('ok')"
    grade = await own_grader.grade(SLEEP, source, kill_after_the_first)
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "IE", "IE"]
    assert (grade.verdict, grade.status) == ("IE", "ERROR")
    assert [outcome.index for outcome in ended] == [0, 1, 2]
    assert "our mistake" in grade.feedback
    assert (await own_grader.grade(OK, "print('ok')")).verdict == "AC"


async def test_a_killed_sandbox_is_replaced(own_grader: Grader) -> None:
    launcher = own_grader.launcher_pid
    assert launcher is not None
    await _until(lambda: len(_children(launcher)) > 0, "no sandbox is ready")
    sandboxes = _children(launcher)
    for sandbox in sandboxes:
        with contextlib.suppress(ProcessLookupError):  # one that tested the launcher may just be ending
            os.kill(sandbox, signal.SIGKILL)
    await _until(lambda: not any(map(_alive, sandboxes)), "the sandbox lives on")
    assert (await own_grader.grade(OK, "print('ok')")).verdict == "AC"
    assert own_grader.launcher_pid == launcher


async def test_killing_the_launcher_kills_what_it_runs(own_grader: Grader) -> None:
    launcher = own_grader.launcher_pid
    assert launcher is not None
    grading = asyncio.ensure_future(own_grader.grade(OK, "import time\ntime.sleep(30)"))
    await _until(lambda: any(_children(sandbox) for sandbox in _children(launcher)), "nothing runs")
    sandboxes = _children(launcher)
    programs = [program for sandbox in sandboxes for program in _children(sandbox)]
    os.kill(launcher, signal.SIGKILL)
    await _until(lambda: not any(map(_alive, [*sandboxes, *programs])), "programs outlive the launcher")
    grading.cancel()
    await asyncio.gather(grading, return_exceptions=True)


async def test_cancelling_a_grade_ends_its_program(own_grader: Grader) -> None:
    launcher = own_grader.launcher_pid
    assert launcher is not None
    grading = asyncio.ensure_future(own_grader.grade(OK, "import time\ntime.sleep(30)"))
    await _until(lambda: any(_children(sandbox) for sandbox in _children(launcher)), "nothing runs")
    grading.cancel()
    await asyncio.gather(grading, return_exceptions=True)
    await _until(lambda: not any(_children(sandbox) for sandbox in _children(launcher)), "the program runs on")
    assert (await own_grader.grade(OK, "print('ok')")).verdict == "AC"


async def test_cancelling_a_grade_that_restarts_the_launcher_leaves_a_whole_one(own_grader: Grader) -> None:
    first = own_grader.launcher_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await _until(lambda: not _alive(first), "the launcher lives on")
    restarting = asyncio.create_task(own_grader.grade(OK, "print('ok')"))
    await asyncio.sleep(0)
    restarting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await restarting
    second = own_grader.launcher_pid
    assert second not in (None, first)
    assert (await own_grader.grade(OK, "print('ok')")).verdict == "AC"
    assert own_grader.launcher_pid == second


async def test_the_tier_is_required_again_when_the_launcher_is_restarted(
    own_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_grader.launcher_pid
    assert first is not None
    start = Launcher.start

    def start_weaker(launcher: Launcher) -> None:
        start(launcher)
        launcher.tier = Tier.LANDLOCK

    monkeypatch.setattr(Launcher, "start", start_weaker)
    os.kill(first, signal.SIGKILL)
    await _until(lambda: not _alive(first), "the launcher lives on")
    with pytest.raises(IsolationUnavailable, match="LANDLOCK is what there is"):
        await own_grader.grade(OK, "print('ok')")
    assert own_grader.launcher_pid is None


async def test_many_at_once(own_grader: Grader) -> None:
    """Never more than `concurrency` run, and each gets its own answer."""
    running: set[int] = set()
    most = 0

    async def one(number: int) -> None:
        nonlocal most
        expected = TestSpec(name="only", stdin=f"{number}\n", expected=f"{number}\n")
        spec = GradingSpec(language="python", tests=(expected,), limits=LIMITS)
        grade = await own_grader.grade(spec, "print(input())")
        assert grade.verdict == "AC"

    async def watch() -> None:
        nonlocal most
        launcher = own_grader.launcher_pid
        assert launcher is not None
        while True:
            running.clear()
            running.update(sandbox for sandbox in _children(launcher) if _children(sandbox))
            most = max(most, len(running))
            await asyncio.sleep(0.005)

    watching = asyncio.ensure_future(watch())
    await asyncio.gather(*(one(number) for number in range(30)))
    watching.cancel()
    assert 1 <= most <= 4


async def test_nothing_leaks_over_many_grades(own_grader: Grader) -> None:
    launcher = own_grader.launcher_pid
    assert launcher is not None

    def descriptors(pid: int) -> int:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))

    def idle() -> bool:
        return len(_children(launcher)) == 1

    await own_grader.grade(OK, "print('ok')")
    await _until(idle, "sandboxes stay")
    await asyncio.sleep(0.5)  # the launcher still holds what it has just given the sandbox
    before = descriptors(os.getpid()), descriptors(launcher)
    for count in range(200):
        source = ("print('ok')", "print(", "1 / 0", "import os\nif os.fork() == 0: os.pause()\nprint('ok')")[count % 4]
        await own_grader.grade(OK, source)
    await _until(idle, "sandboxes stay")
    await _until(lambda: (descriptors(os.getpid()), descriptors(launcher)) == before, "descriptors stay")
    assert own_grader.launcher_pid == launcher


async def test_a_sandbox_is_never_used_twice(own_grader: Grader) -> None:
    """Process ids count up within a sandbox. One that was ready has rehearsed once, then one child compiles."""
    spec = GradingSpec(language="python", tests=(TestSpec(name="only"),), limits=LIMITS)
    outputs = [(await own_grader.grade(spec, "import os\nprint(os.getpid())")).outcomes[0].stdout for _ in range(5)]
    assert set(outputs) <= {"3\n", "4\n"}


async def test_an_unstarted_grader_refuses() -> None:
    with pytest.raises(IsolationUnavailable):
        await Grader().grade(OK, "print('ok')")
    assert Grader().tier() is Tier.NONE


async def test_a_tier_that_is_not_there_is_refused(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Launcher.start

    def weaker(launcher: Launcher) -> None:
        start(launcher)
        launcher.tier = Tier.LANDLOCK

    monkeypatch.setattr(Launcher, "start", weaker)
    made = Grader(required_tier=Tier.NAMESPACES)
    with pytest.raises(IsolationUnavailable, match="NAMESPACES is required"):
        made.start()
    assert made.launcher_pid is None


async def test_a_silent_sandbox_is_given_up(grader: Grader) -> None:
    """A stopped sandbox process answers nothing."""
    launcher = Launcher(find_interpreter())
    launcher.start()
    try:
        assert launcher.pid is not None
        pid = launcher.pid
        async with launcher.spawn() as sandbox:
            assert (await sandbox.prepare(Build(files={"main.py": b"pass"}, entry="main.py"), Limits())).ok
            (first,) = _children(pid)
            os.kill(first, signal.SIGSTOP)
            running = sandbox.run([Case(limits=Limits(wall_seconds=0.1))], grace_seconds=0.2)
            with pytest.raises(SandboxDied, match="no answer"):
                await anext(running)
    finally:
        launcher.close()


async def test_whoever_is_hung_up_on_ends_later(grader: Grader) -> None:
    """Whichever answer is read first."""
    launcher = Launcher(find_interpreter())
    launcher.start()
    build = Build(files={"main.py": b"import sys; sys.stdin.read()"}, entry="main.py")
    try:
        async with launcher.spawn() as leaving, launcher.spawn() as left:
            for sandbox in (leaving, left):
                assert (await sandbox.prepare(build, Limits())).ok
            for _ in range(5):
                listening, speaking = os.pipe()
                leaves = asyncio.ensure_future(anext(leaving.run([Case(stdout_to=speaking)])))
                await asyncio.sleep(0)  # the request is sent: its sandbox alone keeps the pipe from ending
                os.close(speaking)
                stayed = await anext(left.run([Case(stdin_from=listening)]))
                os.close(listening)
                assert 0 < (await leaves).result.ended_at < stayed.result.ended_at
    finally:
        launcher.close()
