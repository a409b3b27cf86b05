"""The grader in a process as restricted as one in plain Docker, and what is left when it is killed there."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest_sandbox import kernel
from codezest_sandbox.landlock import LOWEST_VERSION

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[2]
PARTS = ("src", "packages/codezest-sandbox/src", "packages/codezest-db/src", "tests")
SYSTEM_PYTHON = Path("/usr/bin/python3")


@pytest.fixture
def temporary() -> Iterator[Path]:
    if kernel.landlock_version() < LOWEST_VERSION:
        pytest.skip("this kernel's Landlock does not bound signals")
    with tempfile.TemporaryDirectory(prefix="landlock-", dir="/var/tmp") as made:  # open to other accounts
        path = Path(made)
        path.chmod(0o1777)
        yield path


def _in_docker(code: str, temporary: Path) -> str:
    """What a process says that is confined before it runs `code`, in which PYTHON is an interpreter for all accounts."""
    python = str(SYSTEM_PYTHON) if SYSTEM_PYTHON.exists() else sys.executable
    before = f"from fixtures.docker_like import confine\nconfine(0)\nPYTHON = {python!r}\n"
    path = os.pathsep.join(str(ROOT / part) for part in PARTS)
    done = subprocess.run(
        [sys.executable, "-B", "-c", before + code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": path, "PATH": os.environ["PATH"], "TMPDIR": str(temporary)},
    )
    return done.stdout + done.stderr


_GRADE = """
import asyncio
from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.languages import Missing
from codezest_sandbox import Tier
grader = Grader(required_tier=Tier.LANDLOCK, python=PYTHON)
grader.start()
limits = GradingLimits(cpu_seconds=0.5, wall_seconds=2, file_bytes=1 << 20)
def spec(language): return GradingSpec(language=language, tests=(TestSpec(name="a", stdin="3", expected="9\\n"),), limits=limits)
PROGRAMS = ("print(int(input()) ** 2)", "while True: pass", "print('", "open('/etc/shadow')",
    "for n in range(99): open(str(n), 'w').write('x' * 99999)", "import os\\nwhile True: os.fork()")
async def main():
    for source in PROGRAMS:
        grade = await grader.grade(spec("python"), source)
        print(grade.verdict, grade.tier)
    print((await grader.grade(spec("bash"), "read n; echo $((n * n))")).verdict)
asyncio.run(main())
print([found.why for found in grader.toolchains.values() if isinstance(found, Missing) and "namespaces" in found.why][:1])
grader.close()
"""


def test_verdicts(temporary: Path) -> None:
    said = _in_docker(_GRADE, temporary).splitlines()
    verdicts = [line.split()[0] for line in said[:7]]
    # Whether forks run out of processes or of time first depends on how many processors serve them.
    assert verdicts.pop(5) in {"RE", "TLE"}, said
    assert verdicts == ["AC", "TLE", "CE", "RE", "OLE", "AC"], said
    assert {line.split()[1] for line in said[:6]} == {"LANDLOCK"}
    assert list(temporary.iterdir()) == []


def test_it_has_to_be_asked_for(temporary: Path) -> None:
    code = """
from codezest.grading import Grader
from codezest_sandbox import IsolationUnavailable
try:
    Grader(python=PYTHON).start()
except IsolationUnavailable as reason:
    print(reason)
else:
    print("STARTED")
"""
    said = _in_docker(code, temporary)
    assert "STARTED" not in said
    assert "CODEZEST_SANDBOX_TIER=LANDLOCK" in said
    assert "--security-opt seccomp=unconfined" in said


_BUSY = """
import asyncio, os, signal
from codezest_sandbox import Limits, Tier
from codezest_sandbox.connection import Case
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import find_interpreter
from codezest_sandbox.runtime import Build
launcher = Launcher(find_interpreter(PYTHON), lowest_tier=Tier.LANDLOCK)
launcher.start()
SOURCE = b'''
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(300)
open("started", "w").close()
time.sleep(300)
'''
def below(pid):
    try: children = open(f"/proc/{pid}/task/{pid}/children").read().split()
    except OSError: children = []
    return [int(found) for child in children for found in (child, *below(child))]
async def main():
    sandbox = launcher.spawn()
    await sandbox.prepare(Build(files={"main.py": SOURCE}, entry="main.py"), Limits())
    running = asyncio.ensure_future(anext(sandbox.run([Case(limits=Limits(wall_seconds=300))])))
    while len(below(launcher.pid)) < 9: await asyncio.sleep(0.01)
    print(launcher.pid, *below(launcher.pid), flush=True)
    os.kill(VICTIM(launcher), signal.SIGKILL)
    if VICTIM(launcher) != os.getpid(): launcher.close()
    os._exit(0)
"""


@pytest.mark.parametrize(
    "victim",
    ["os.getpid()", "below(launcher.pid)[0]", "launcher.pid"],
    ids=["the grader", "the launcher", "the launcher's keeper"],
)
async def test_nothing_is_left_when_it_is_killed(victim: str, temporary: Path) -> None:
    code = f"VICTIM = lambda launcher: {victim}\n{_BUSY}asyncio.run(main())\n"
    said = await asyncio.to_thread(_in_docker, code, temporary)
    pids = [int(word) for word in said.split()]
    assert len(pids) >= 10, said
    for _ in range(2000):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids) and not list(temporary.iterdir()):
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"left: {[pid for pid in pids if Path(f'/proc/{pid}').exists()]} {list(temporary.iterdir())}")
