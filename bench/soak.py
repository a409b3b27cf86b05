"""(e) Memory of the grading process over many submissions of mixed kinds.

    python bench/soak.py [submissions]

Two programs are watched: the process that holds the grader (this one) and its launcher. Resident set (RSS) and
proportional share (PSS) in MiB, at the start, at the end, and at their highest. The start is when every kind of submission has
been graded a few times, so that what is loaded once counts as there.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.languages import Toolchain
from codezest_db.enums import Verdict

SUBMISSIONS = 1_000
BAR_MIB = 50.0
ROUNDS_BEFORE = 4
AT_ONCE = 4
EVERY = 50
"""Submissions between two looks."""

_TESTS = tuple(
    TestSpec(name=f"sum {index}", stdin=f"{index} {index + 1}\n", expected=f"{2 * index + 1}\n") for index in range(4)
)
_LIMITS = GradingLimits(cpu_seconds=0.1, wall_seconds=2.0, memory_bytes=64 << 20)
_COMPILED_LIMITS = GradingLimits(cpu_seconds=5.0, wall_seconds=20.0)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of submission, and how it ends."""

    name: str
    verdict: Verdict
    source: str
    language: str = "python"


KINDS = (
    Kind("right", Verdict.AC, "print(sum(map(int, input().split())))  # {}\n"),
    Kind("wrong", Verdict.WA, "print({})\n"),
    Kind("crash", Verdict.RE, "raise RuntimeError({})\n"),
    Kind("no program", Verdict.CE, "def f(:  # {}\n"),
    Kind("flood", Verdict.OLE, "import sys\nwhile True: sys.stdout.write('{}' * 65536)\n"),
    Kind("right", Verdict.AC, "import collections, random, re  # {}\nprint(sum(map(int, input().split())))\n"),
    Kind("flood of errors", Verdict.OLE, "import sys\nwhile True: sys.stderr.write('{}' * 65536)\n"),
    Kind("memory", Verdict.MLE, "kept = [{}]\nwhile True: kept.append(bytearray(1 << 20))\n"),
    Kind("long messages", Verdict.WA, "print('{}' * 100000)\n"),
    Kind("endless", Verdict.TLE, "while True: pass  # {}\n"),
)
COMPILED = Kind(
    "compiled", Verdict.AC, '#include <cstdio>\nint main() {{ int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }} // {}\n', "cpp"
)  # fmt: skip
COMPILED_EVERY = 20
COMPILED_WRONG = Kind("no C++ program", Verdict.CE, "int main() {{ return {} }}\n", "cpp")


@dataclass(slots=True)
class Watched:
    """MiB of one process."""

    name: str
    rss: list[float] = field(default_factory=list[float])
    pss: list[float] = field(default_factory=list[float])

    def look(self, pid: int | None) -> None:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        values = {line.split()[0]: int(line.split()[1]) / 1024 for line in text.splitlines()[1:]}
        self.rss.append(values["Rss:"])
        self.pss.append(values["Pss:"])

    @property
    def grown(self) -> float:
        """By how much it is larger at its highest than at the start, in the worse of the two measures."""
        return max(max(values) - values[0] for values in (self.rss, self.pss))

    def __str__(self) -> str:
        parts = (
            f"{name} {values[0]:.1f} at the start, {values[-1]:.1f} at the end, {max(values):.1f} at the highest"
            for name, values in (("RSS", self.rss), ("PSS", self.pss))
        )
        return f"{self.name}: {'; '.join(parts)} MiB"


@dataclass(frozen=True, slots=True)
class Soaked:
    submissions: int
    seconds: float
    grading: Watched
    launcher: Watched

    @property
    def fine(self) -> bool:
        return max(self.grading.grown, self.launcher.grown) <= BAR_MIB


def _kinds(grader: Grader) -> Iterator[Kind]:
    compiled = cycle((COMPILED, COMPILED, COMPILED_WRONG))
    compiles = isinstance(grader.toolchains["cpp"], Toolchain)
    for number, kind in enumerate(cycle(KINDS), 1):
        yield next(compiled) if compiles and number % COMPILED_EVERY == 0 else kind


async def _grade(grader: Grader, kind: Kind, number: int) -> None:
    limits = _COMPILED_LIMITS if kind.language != "python" else _LIMITS
    grade = await grader.grade(
        GradingSpec(language=kind.language, tests=_TESTS, limits=limits), kind.source.format(number)
    )
    # A busy machine may find that a flood takes too much time rather than space.
    if grade.verdict is not kind.verdict and Verdict.TLE is not grade.verdict:
        raise AssertionError(f"{kind.name}: {grade.verdict} and not {kind.verdict}: {grade.feedback} {grade.fault}")


async def _batches(
    grader: Grader, kinds: Iterator[Kind], numbers: Iterator[int], submissions: int
) -> AsyncGenerator[int]:
    """Grade so many, a few at once; yields how many there have been after each few."""
    done = 0
    while done < submissions:
        size = min(EVERY, submissions - done)
        waiting = iter([(next(kinds), next(numbers)) for _ in range(size)])

        async def one_after_another(waiting: Iterator[tuple[Kind, int]] = waiting) -> None:
            for kind, number in waiting:
                await _grade(grader, kind, number)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(one_after_another())
        done += size
        yield done


async def measure(submissions: int) -> Soaked:
    grader = Grader()
    await asyncio.to_thread(grader.start)
    grading, launcher = Watched("grading process"), Watched("launcher")
    kinds, numbers = _kinds(grader), count()
    try:
        async for _ in _batches(grader, kinds, numbers, ROUNDS_BEFORE * COMPILED_EVERY):
            pass
        gc.collect()
        began = time.perf_counter()
        grading.look(os.getpid())
        launcher.look(grader.launcher_pid)
        async for _ in _batches(grader, kinds, numbers, submissions):
            grading.look(os.getpid())
            launcher.look(grader.launcher_pid)
        return Soaked(submissions, time.perf_counter() - began, grading, launcher)
    finally:
        await asyncio.to_thread(grader.close)


def run(submissions: int = SUBMISSIONS) -> Soaked:
    return asyncio.run(measure(submissions))


def main(arguments: list[str]) -> int:
    result = run(int(arguments[0]) if arguments else SUBMISSIONS)
    print(f"{result.submissions} submissions in {result.seconds:.0f} s")
    print(result.grading)
    print(result.launcher)
    for number in range(0, len(result.grading.rss), max(1, len(result.grading.rss) // 10)):
        print(
            f"  after {number * EVERY}: {result.grading.rss[number]:.1f} and {result.launcher.rss[number]:.1f} MiB RSS"
        )
    print(
        f"{'ok  ' if result.fine else 'MISS'}  grown by {result.grading.grown:.1f} and {result.launcher.grown:.1f} MiB, bar {BAR_MIB:.0f}"
    )
    return 0 if result.fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
