"""A real sandbox for the tests below. Without isolation they fail: a skipped sandbox test proves nothing."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from fixtures.graders import grader
from fixtures.programs import left_running, standing_by
from fixtures.waiting import settles

__all__ = ["grader"]

MEBIBYTE = 1 << 20
TIGHT = GradingLimits(
    cpu_seconds=0.5, wall_seconds=2.0, memory_bytes=64 * MEBIBYTE, output_bytes=64 * 1024, file_bytes=MEBIBYTE
)
ROOMY = GradingLimits(cpu_seconds=10.0, wall_seconds=60.0)
MARK = "codezest-sandbox-leak"
"""Hostile programs use it in names of what they try to leave behind."""


@pytest.fixture
def grade(grader: Grader) -> Callable[..., Awaitable[Grade]]:
    """Grade a program by one test, which expects `ok` unless told otherwise."""

    async def run(
        source: str,
        *,
        stdin: str = "",
        expected: str | None = "ok\n",
        limits: GradingLimits = ROOMY,
        **test: Any,
    ) -> Grade:
        only = TestSpec(name="only", stdin=stdin, expected=expected, **test)
        return await grader.grade(GradingSpec(language="python", tests=(only,), limits=limits), source)

    return run


def children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


@pytest.fixture
def launcher_pid(grader: Grader) -> int:
    pid = grader.launcher_pid
    assert pid is not None
    return pid


@pytest.fixture
def face_hostile(
    grader: Grader, grade: Callable[..., Awaitable[Grade]], launcher_pid: int
) -> Callable[..., Awaitable[Grade]]:
    """Grade a hostile program, and see that neither the host nor the next submission notices."""

    def only_idle_sandboxes() -> bool:
        return left_running(grader) == [] and len(children(launcher_pid)) <= standing_by(grader)

    def left_behind() -> list[Path]:
        places = (Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"), Path.cwd())  # looked at, not used
        return [path for place in places if place.is_dir() for path in place.glob(f"*{MARK}*")]

    async def run(source: str, **options: Any) -> Grade:
        hostile = await grade(source, **{"limits": TIGHT, **options})
        following = await grade("print('ok')")
        assert following.verdict == "AC", following
        assert await settles(only_idle_sandboxes), "processes are left"
        assert left_behind() == []
        return hostile

    return run
