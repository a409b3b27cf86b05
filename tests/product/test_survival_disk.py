"""Programs are graded on although the disk of the worker's temporary and data folders is full."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.product import ROOT

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

FIXTURES = ROOT / "tests" / "fixtures"

GRADE_ALL = """
import asyncio, json, sys
from pathlib import Path
sys.path.insert(0, {fixtures!r})
from small_disk import fill
from codezest.grading import Grader, GradingSpec, TestSpec
from codezest.grading.languages import Toolchain

fill(Path({folder!r}))
try:
    (Path({folder!r}) / "more").write_bytes(b"x")
except OSError:
    pass
else:
    raise SystemExit("the disk is not full")

PROGRAMS = {{
    "python": "open('note', 'w').write('x' * 5000); print(input())",
    "c": '#include <stdio.h>\\nint main(void) {{ char line[9]; puts(fgets(line, 9, stdin)); }}',
    "bash": "cat",
}}

async def main():
    grader = Grader()
    grader.start()
    try:
        for language, source in PROGRAMS.items():
            if isinstance(grader.toolchains[language], Toolchain):
                for again in range(2):
                    spec = GradingSpec(language=language, tests=(TestSpec(name="one", stdin="1\\n"),))
                    grade = await grader.grade(spec, source)
                    print(json.dumps([language, grade.verdict.value, grade.fault]))
    finally:
        grader.close()

asyncio.run(main())
"""


def test_a_full_disk_does_not_keep_programs_from_being_graded(tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    script = GRADE_ALL.format(fixtures=str(FIXTURES), folder=str(folder))
    finished = subprocess.run(
        [sys.executable, str(FIXTURES / "small_disk.py"), "1", str(folder), sys.executable, "-c", script],
        env={"TMPDIR": str(folder), "CODEZEST_DATA_DIR": str(folder), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    grades = [json.loads(line) for line in finished.stdout.splitlines()]
    assert ["python", "AC", None] in grades
    assert {(verdict, fault) for _, verdict, fault in grades} == {("AC", None)}
