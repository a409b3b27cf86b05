"""Ten-case grading in several languages against bare, unsandboxed runs of the same program, in one run and interleaved.

    python bench/grading.py [python|javascript|java|cpp ...]

The bare side is what an unsafe judge would do at least: compile with the plain compiler where there is one, then start the
program once a case, input by pipe, one after the other. Walls are medians over the rounds; compare the ratios, since both
sides share the machine's noise. `cold`: the sandbox is made on demand. `ready`: it was made ahead, and never used before.
Every submission differs from all others by a comment, so that nothing is taken from a cache of compiled programs; `again`
is the same text a second time.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.languages import Toolchain
from codezest_db.enums import Verdict

_NUMBERS = [list(range(first, first + 100)) for first in range(0, 1000, 100)]
_TESTS = tuple(
    TestSpec(name=f"sum {index}", stdin=" ".join(map(str, numbers)) + "\n", expected=f"{sum(numbers)}\n")
    for index, numbers in enumerate(_NUMBERS)
)
_LIMITS = GradingLimits(cpu_seconds=5.0, wall_seconds=20.0)
_PAUSE_SECONDS = 0.05
"""Between two measurements, for the kernel to finish tearing down and the next sandbox to be ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One language's program, and how it is run without any protection."""

    language: str
    file_name: str
    source: str
    comment: str
    compile: tuple[str, ...] = ()
    run: tuple[str, ...]
    bar: float
    aim: float


def _clean_python(directory: Path) -> str:
    """A Python without installed packages: what start-up files of other packages cost is not ours to win by."""
    venv.create(directory, with_pip=False, symlinks=True)
    return str(directory / "bin/python3")


def _node(grader: Grader) -> str:
    """The very node that grades, so that both sides run the same program."""
    found = grader.toolchains.get("javascript")
    if not isinstance(found, Toolchain):
        return "node"
    inner = found.facts.get("executable", "node")
    for name, path in found.trees.items():
        inner = inner.replace(f"/toolchains/{name}", path)
    return inner


def contests(grader: Grader, directory: Path) -> dict[str, Contest]:
    python = _clean_python(directory / "clean")
    entries = (
        Contest(
            language="python",
            file_name="main.py",
            source="print(sum(int(word) for word in input().split()))\n",
            comment="# {}\n",
            run=(python, "main.py"),
            bar=0.35,
            aim=0.2,
        ),
        Contest(
            language="javascript",
            file_name="main.js",
            source=(
                "const words = require('fs').readFileSync(0, 'utf8').trim().split(/\\s+/);\n"
                "console.log(words.reduce((sum, word) => sum + Number(word), 0));\n"
            ),
            comment="// {}\n",
            run=(_node(grader), "main.js"),
            bar=0.2,
            aim=0.12,
        ),
        Contest(
            language="java",
            file_name="Main.java",
            source=(
                "import java.util.Scanner;\n"
                "public class Main {\n"
                "    public static void main(String[] args) {\n"
                "        Scanner in = new Scanner(System.in);\n"
                "        long sum = 0;\n"
                "        while (in.hasNextLong()) sum += in.nextLong();\n"
                "        System.out.println(sum);\n"
                "    }\n"
                "}\n"
            ),
            comment="// {}\n",
            compile=("javac", "Main.java"),
            run=("java", "Main"),
            bar=0.12,
            aim=0.08,
        ),
        Contest(
            language="cpp",
            file_name="main.cpp",
            source=(
                "#include <iostream>\n"
                "int main() {\n"
                "    long sum = 0, value;\n"
                "    while (std::cin >> value) sum += value;\n"
                '    std::cout << sum << "\\n";\n'
                "}\n"
            ),
            comment="// {}\n",
            compile=("g++", "-O2", "main.cpp", "-o", "main"),
            run=("./main",),
            bar=1.1,
            aim=1.0,
        ),
    )
    return {contest.language: contest for contest in entries}


def _bare(contest: Contest, directory: Path, source: str) -> float:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NODE_", "PYTHON"))}
    (directory / contest.file_name).write_text(source)
    began = time.perf_counter()
    if contest.compile:
        subprocess.run(contest.compile, cwd=directory, check=True, env=environment)
    for test in _TESTS:
        finished = subprocess.run(
            contest.run, input=test.stdin.encode(), capture_output=True, check=True, cwd=directory, env=environment
        )
        assert finished.stdout.decode() == test.expected
    return time.perf_counter() - began


async def _graded(grader: Grader, contest: Contest, source: str) -> float:
    spec = GradingSpec(language=contest.language, tests=_TESTS, limits=_LIMITS)
    began = time.perf_counter()
    grade = await grader.grade(spec, source)
    elapsed = time.perf_counter() - began
    assert grade.verdict is Verdict.AC, grade
    return elapsed


async def _throughput(grader: Grader, contest: Contest, sources: Callable[[], str], submissions: int) -> float:
    """Submissions per second when they all arrive at once."""
    began = time.perf_counter()
    await asyncio.gather(*(_graded(grader, contest, sources()) for _ in range(submissions)))
    return submissions / (time.perf_counter() - began)


async def _measure_one(
    contest: Contest, graders: tuple[Grader, Grader], directory: Path, *, rounds: int, submissions: int
) -> dict[str, Any]:
    cold, ready = graders
    count = iter(range(10**9))

    def source() -> str:
        return contest.source + contest.comment.format(next(count))

    walls: dict[str, list[float]] = {"bare": [], "cold": [], "ready": [], "again": []}
    for grader in (cold, ready):
        await _graded(grader, contest, source())  # a service that is shared by all submissions starts with the first
        await asyncio.sleep(1)
    for _ in range(rounds):
        walls["bare"].append(_bare(contest, directory, source()))
        await asyncio.sleep(_PAUSE_SECONDS)
        walls["cold"].append(await _graded(cold, contest, same := source()))
        await asyncio.sleep(_PAUSE_SECONDS)
        walls["again"].append(await _graded(cold, contest, same))
        await asyncio.sleep(_PAUSE_SECONDS)
        walls["ready"].append(await _graded(ready, contest, source()))
        await asyncio.sleep(_PAUSE_SECONDS)
    medians = {name: statistics.median(values) * 1000 for name, values in walls.items()}
    return {
        **{f"{name}_ms": round(value, 1) for name, value in medians.items()},
        **{f"ratio_{name}": round(medians[name] / medians["bare"], 3) for name in ("cold", "ready", "again")},
        "bar": contest.bar,
        "aim": contest.aim,
        "submissions_per_second": round(await _throughput(ready, contest, source, submissions), 1),
        "version": getattr(ready.toolchains[contest.language], "version", ""),
    }


async def _measure(names: list[str], rounds: int, submissions: int) -> dict[str, Any]:
    cold, ready = Grader(prewarmed=0), Grader(prewarmed=1)
    cold.start()
    ready.start()
    results: dict[str, Any] = {"cores": os.cpu_count(), "tier": ready.tier().name, "rounds": rounds}
    try:
        with tempfile.TemporaryDirectory() as directory:
            all_contests = contests(cold, Path(directory))
            for name in names or all_contests:
                results[name] = await _measure_one(
                    all_contests[name], (cold, ready), Path(directory), rounds=rounds, submissions=submissions
                )
    finally:
        cold.close()
        ready.close()
    return results


def run(names: list[str] | None = None, rounds: int = 15, submissions: int = 60) -> dict[str, Any]:
    """All figures of one run, by language."""
    return asyncio.run(_measure(names or [], rounds, submissions))


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1:]), indent=2))
