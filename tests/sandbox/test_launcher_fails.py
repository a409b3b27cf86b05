"""A launcher that does not start: tried again where the machine allows it, refused where it does not."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator

import pytest

from codezest.grading import Grader, GradingSpec, LauncherFailed, TestSpec
from codezest.grading import sandboxes as sandboxes_module
from codezest_sandbox import IsolationUnavailable, ProbeReport, SandboxDied, Tier, host, probe
from codezest_sandbox.report import NEEDED, Finding

pytestmark = pytest.mark.sandbox

OK = GradingSpec(language="python", tests=(TestSpec(name="one", expected="ok\n"),))
CANNOT = ProbeReport(findings=(Finding(name="namespaces", ok=False, required=True, why="forbidden"),))


class Shortage:
    """While it lasts, no process of the sandbox's can be started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lasts = False
        self.tries = 0
        self._popen = subprocess.Popen
        monkeypatch.setattr(subprocess, "Popen", self)

    def __call__(self, *arguments: object, **options: object) -> object:
        if not self.lasts:
            return self._popen(*arguments, **options)  # pyright: ignore[reportCallIssue, reportArgumentType]
        self.tries += 1
        raise BlockingIOError(11, "Resource temporarily unavailable")


class Look:
    """Stands for the probe, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, report: ProbeReport) -> None:
        self.report = report
        self.threads: list[str] = []
        monkeypatch.setattr(sandboxes_module, "probe", self)

    def __call__(self) -> ProbeReport:
        self.threads.append(threading.current_thread().name)
        return self.report


@pytest.fixture
def grader() -> Iterator[Grader]:
    made = Grader(concurrency=1)
    yield made
    made.close()


@pytest.fixture
def shortage(monkeypatch: pytest.MonkeyPatch) -> Shortage:
    return Shortage(monkeypatch)


def _kill(grader: Grader) -> None:
    assert grader.launcher_pid is not None
    os.kill(grader.launcher_pid, signal.SIGKILL)
    os.waitid(os.P_PID, grader.launcher_pid, os.WEXITED | os.WNOWAIT)


async def test_one_that_cannot_start_for_the_moment_is_our_fault_and_starts_later(
    grader: Grader, shortage: Shortage, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Look(monkeypatch, probe())
    grader.start()
    _kill(grader)
    shortage.lasts = True
    for _ in range(3):
        grade = await grader.grade(OK, "print('ok')")
        assert (grade.verdict, grade.author_fault) == ("IE", False)
        assert grade.fault is not None
        assert "Resource temporarily unavailable" in grade.fault
    assert shortage.tries >= 3
    assert len(look.threads) == 1  # not again within seconds
    assert "MainThread" not in look.threads
    shortage.lasts = False
    assert (await grader.grade(OK, "print('ok')")).verdict == "AC"


async def test_a_machine_that_does_not_isolate_any_more_refuses_at_once(
    grader: Grader, shortage: Shortage, monkeypatch: pytest.MonkeyPatch
) -> None:
    grader.start()
    _kill(grader)
    shortage.lasts = True
    Look(monkeypatch, CANNOT)
    with pytest.raises(IsolationUnavailable, match="Resource temporarily unavailable"):
        await grader.grade(OK, "print('ok')")


async def test_a_first_start_may_fail_and_be_tried_again(
    grader: Grader, shortage: Shortage, monkeypatch: pytest.MonkeyPatch
) -> None:
    Look(monkeypatch, probe())
    with pytest.raises(IsolationUnavailable, match="not started"):
        await grader.grade(OK, "print('ok')")
    shortage.lasts = True
    with pytest.raises(LauncherFailed):
        grader.start()
    with pytest.raises(SandboxDied):  # and not refused
        await grader.grade(OK, "print('ok')")
    shortage.lasts = False
    grader.start()
    assert (await grader.grade(OK, "print('ok')")).verdict == "AC"


def test_an_interpreter_that_is_none_is_refused(shortage: Shortage) -> None:
    assert not shortage.lasts
    with pytest.raises(IsolationUnavailable) as refused:
        Grader(python="/nowhere/python3").start()
    assert not isinstance(refused.value, LauncherFailed)


def test_a_first_start_where_nothing_isolates_is_refused(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Look(monkeypatch, CANNOT)

    def fail(_launcher: host.Launcher) -> None:
        raise IsolationUnavailable("the kernel refuses")

    monkeypatch.setattr(host.Launcher, "start", fail)
    with pytest.raises(IsolationUnavailable, match="the kernel refuses") as refused:
        grader.start()
    assert not isinstance(refused.value, LauncherFailed)
    assert len(look.threads) == 1


def test_a_look_that_fails_itself_excludes_nothing(shortage: Shortage, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_arguments: object, **_options: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "run", no_memory)
    assert not shortage.lasts
    report = probe()
    assert report.tier is Tier.NONE
    assert not report.excludes(Tier.LANDLOCK)
    assert not report.excludes(Tier.NAMESPACES)


@pytest.mark.parametrize(
    ("missing", "excluded"),
    [
        ((), []),
        (("namespaces",), [Tier.NAMESPACES, Tier.NAMESPACES_CGROUP]),
        (("landlock",), []),
        (("memory cgroup",), [Tier.NAMESPACES_CGROUP]),
        (("seccomp",), [Tier.LANDLOCK, Tier.NAMESPACES, Tier.NAMESPACES_CGROUP]),
        (("namespaces", "landlock"), [Tier.LANDLOCK, Tier.NAMESPACES, Tier.NAMESPACES_CGROUP]),
    ],
    ids=lambda value: "+".join(map(str, value)) or "none",
)
def test_what_is_missing_excludes_the_tiers_that_need_it(missing: tuple[str, ...], excluded: list[Tier]) -> None:
    names = sorted(frozenset[str]().union(*NEEDED.values()))
    findings = tuple(Finding(name=name, ok=name not in missing, required=True, why="") for name in names)
    report = ProbeReport(findings=findings)
    assert [tier for tier in NEEDED if report.excludes(tier)] == excluded
