"""Ten-case Python grading against ten bare, unsandboxed runs of the same program, in one run and interleaved.

    python bench/grading.py

The bare side is what an unsafe judge would do at least: `python3 main.py` once a case, input by pipe, one after the other,
with an interpreter that has nothing but its standard library installed. Walls are medians over the rounds; compare the
ratios, since both sides share the machine's noise.
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
from pathlib import Path
from typing import Any

from codezest.grading import Grader, GradingSpec, TestSpec
from codezest_db.enums import Verdict

_SOURCE = "print(sum(int(word) for word in input().split()))\n"
_NUMBERS = [list(range(first, first + 100)) for first in range(0, 1000, 100)]
_SPEC = GradingSpec(
    language="python",
    tests=tuple(
        TestSpec(name=f"sum {index}", stdin=" ".join(map(str, numbers)) + "\n", expected=f"{sum(numbers)}\n")
        for index, numbers in enumerate(_NUMBERS)
    ),
)
_PAUSE_SECONDS = 0.05
"""Between two measurements, for the kernel to finish tearing down and the next sandbox to be ready."""


def _clean_interpreter(directory: Path) -> str:
    """A Python without installed packages: what start-up files of other packages cost is not ours to win by."""
    venv.create(directory, with_pip=False, symlinks=True)
    return str(directory / "bin/python3")


def _bare(python: str, program: Path) -> float:
    began = time.perf_counter()
    for test in _SPEC.tests:
        finished = subprocess.run([python, str(program)], input=test.stdin.encode(), capture_output=True, check=True)
        assert finished.stdout.decode() == test.expected
    return time.perf_counter() - began


async def _graded(grader: Grader) -> float:
    began = time.perf_counter()
    grade = await grader.grade(_SPEC, _SOURCE)
    elapsed = time.perf_counter() - began
    assert grade.verdict is Verdict.AC, grade
    return elapsed


async def _throughput(grader: Grader, submissions: int) -> float:
    """Submissions per second when they all arrive at once."""
    began = time.perf_counter()
    grades = await asyncio.gather(*(grader.grade(_SPEC, _SOURCE) for _ in range(submissions)))
    assert all(grade.verdict is Verdict.AC for grade in grades)
    return submissions / (time.perf_counter() - began)


async def _measure(rounds: int, submissions: int) -> dict[str, Any]:
    cold, ready = Grader(prewarmed=0), Grader(prewarmed=1)
    walls: dict[str, list[float]] = {"bare": [], "cold": [], "ready": []}
    began = time.perf_counter()
    cold.start()
    start_seconds = time.perf_counter() - began
    ready.start()
    try:
        with tempfile.TemporaryDirectory() as directory:
            python = _clean_interpreter(Path(directory, "clean"))
            program = Path(directory, "main.py")
            program.write_text(_SOURCE)
            for _ in range(rounds):
                walls["bare"].append(_bare(python, program))
                await asyncio.sleep(_PAUSE_SECONDS)
                walls["cold"].append(await _graded(cold))
                await asyncio.sleep(_PAUSE_SECONDS)
                walls["ready"].append(await _graded(ready))
                await asyncio.sleep(_PAUSE_SECONDS)
        per_second = await _throughput(ready, submissions)
        tier = ready.tier().name
    finally:
        cold.close()
        ready.close()
    medians = {name: statistics.median(values) * 1000 for name, values in walls.items()}
    return {
        "bare_ms": round(medians["bare"], 1),
        "graded_cold_ms": round(medians["cold"], 1),
        "graded_ready_ms": round(medians["ready"], 1),
        "ratio_cold": round(medians["cold"] / medians["bare"], 3),
        "ratio_ready": round(medians["ready"] / medians["bare"], 3),
        "submissions_per_second": round(per_second, 1),
        "cores": os.cpu_count(),
        "launcher_start_ms": round(start_seconds * 1000, 1),
        "tier": tier,
        "rounds": rounds,
    }


def run(rounds: int = 21, submissions: int = 100) -> dict[str, Any]:
    """All figures of one run. `graded_cold` includes making the sandbox; `graded_ready` uses one made ahead, never used."""
    return asyncio.run(_measure(rounds, submissions))


if __name__ == "__main__":
    figures = run()
    print(json.dumps(figures, indent=2))
    sys.exit(0 if figures["ratio_cold"] <= 0.4 else 1)
