"""From a specification to the cases the sandbox runs. Expected outputs stay on this side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codezest.grading.spec import GradingLimits, GradingSpec, TestSpec
from codezest_sandbox import Limits
from codezest_sandbox.connection import Case

_COMPILE_SECONDS = 10.0
_COMPILE_BYTES = 512 << 20
_COMPILE_FILE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTest:
    """A test and what the sandbox is told of it."""

    index: int
    test: TestSpec
    case: Case
    seed: int = 0
    """For programs of the author that take part."""


def plan(spec: GradingSpec, tests: Sequence[TestSpec] | None = None) -> tuple[PlannedTest, ...]:
    """What to run, visible tests first.

    Where tests share a process, as Java's may, whatever one leaves behind can only reach those that run after it; in
    this order nothing of a hidden test reaches anything that is shown.

    Args:
        spec: limits and seed.
        tests: of the specification, with their inputs made; as they stand there unless given.
    """
    planned = [
        PlannedTest(
            index=index,
            test=test,
            seed=spec.seed,
            case=Case(
                stdin=test.stdin.encode("utf-8", "replace"),
                args=test.args,
                files=test.files,
                limits=_limits_of(test, spec.limits),
            ),
        )
        for index, test in enumerate(spec.tests if tests is None else tests)
    ]
    return tuple(sorted(planned, key=lambda test: not test.test.visible))


def compile_limits_of(common: GradingLimits) -> Limits:
    """The compiler gets room of its own: a tight test must not turn into a compile error."""
    limits = _common(common)
    return replace(
        limits,
        cpu_seconds=max(limits.cpu_seconds, _COMPILE_SECONDS),
        wall_seconds=max(limits.wall_seconds, 2 * _COMPILE_SECONDS),
        memory_bytes=max(limits.memory_bytes, _COMPILE_BYTES),
        file_bytes=max(limits.file_bytes, _COMPILE_FILE_BYTES),
        output_bytes=64 * 1024,
    )


def _common(limits: GradingLimits) -> Limits:
    return Limits(
        cpu_seconds=limits.cpu_seconds,
        wall_seconds=limits.wall_seconds,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.output_bytes,
        file_bytes=limits.file_bytes,
        processes=limits.processes,
    )


def _limits_of(test: TestSpec, common: GradingLimits) -> Limits:
    """A test that is given more CPU time than the wall allows is given the wall as well."""
    cpu_seconds = common.cpu_seconds if test.cpu_seconds is None else test.cpu_seconds
    wall_seconds = common.wall_seconds if test.wall_seconds is None else test.wall_seconds
    if test.wall_seconds is None:
        wall_seconds = max(wall_seconds, cpu_seconds * common.wall_seconds / common.cpu_seconds)
    return replace(
        _common(common),
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        memory_bytes=common.memory_bytes if test.memory_bytes is None else test.memory_bytes,
        output_bytes=common.output_bytes if test.output_bytes is None else test.output_bytes,
    )
