"""Other accounts, other interpreters, machines that cannot isolate: the grader in a process of its own."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
from codezest_sandbox import IsolationUnavailable
from codezest_sandbox.interpreter import find_interpreter

pytestmark = pytest.mark.sandbox

LIMITS = GradingLimits(cpu_seconds=20.0, wall_seconds=60.0)
SOURCES = [
    Path(__file__).parents[2] / part for part in ("src", "packages/codezest-sandbox/src", "packages/codezest-db/src")
]


def _run_as_child(code: str, python: str = sys.executable, *, before: tuple[str, ...] = ()) -> str:
    environment = {"PYTHONPATH": os.pathsep.join(map(str, SOURCES)), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*before, python, "-B", "-c", code], capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    return done.stdout + done.stderr


async def test_ends_with_its_parent(grader: Grader) -> None:
    code = """
import os, signal
from codezest.grading import Grader
grader = Grader()
grader.start()
print(grader.launcher_pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    launcher = int(await asyncio.to_thread(_run_as_child, code))
    for _ in range(2000):
        if not Path(f"/proc/{launcher}").exists():
            return
        await asyncio.sleep(0.01)
    pytest.fail("the launcher outlives its parent")


_SMOKE = """
import asyncio, os
from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
grader = Grader(python={python!r})
grader.start()
spec = GradingSpec(language="python", tests=(TestSpec(name="a", stdin="3", expected="9\\n"), TestSpec(name="b", stdin="0")),
    limits=GradingLimits(cpu_seconds=1, wall_seconds=60))
async def main():
    for source in ("print(9 // int(input()) * 3)", "while True: pass", "print('", "print(open('/etc/shadow').read())"):
        print((await grader.grade(spec, source)).verdict)
asyncio.run(main())
grader.close()
print(os.getuid(), grader.tier().name)
"""


async def test_works_for_an_ordinary_user(grader: Grader) -> None:
    python = "/usr/bin/python3"
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None or not Path(python).exists():
            pytest.skip("needs setpriv and a Python that everybody may read")
        before = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
    else:
        python = sys.executable
    said = await asyncio.to_thread(_run_as_child, _SMOKE.format(python=None), python, before=before)
    account = 65534 if before else os.getuid()
    assert said.split() == ["RE", "TLE", "CE", "RE", str(account), "NONE"], said


async def test_works_under_another_interpreter(grader: Grader) -> None:
    python = "/usr/bin/python3"
    if not Path(python).exists():
        pytest.skip("no system Python")
    other = Grader(python=python)
    try:
        other.start()
    except IsolationUnavailable as reason:
        pytest.skip(str(reason))
    try:
        spec = GradingSpec(language="python", tests=(TestSpec(name="only"),), limits=LIMITS)
        grade = await other.grade(spec, "import sys\nprint(sys.prefix, '%d.%d.%d' % sys.version_info[:3])")
    finally:
        other.close()
    prefix, version = grade.outcomes[0].stdout.split()
    assert prefix == "/usr"
    assert grade.runtime == f"CPython {version}"


async def test_refuses_where_isolation_cannot_be_had(grader: Grader) -> None:
    """In a user namespace that allows no further ones, as a hardened machine would."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("needs unshare")
    code = """
from codezest.grading import Grader
from codezest_sandbox import IsolationUnavailable, Tier, probe
open("/proc/sys/user/max_user_namespaces", "w").write("0")
assert probe().tier < Tier.NAMESPACES
try:
    Grader().start()
except IsolationUnavailable as reason:
    print(reason)
else:
    print("STARTED")
"""
    said = await asyncio.to_thread(_run_as_child, code, before=(unshare, "--user", "--map-root-user"))
    assert "STARTED" not in said
    assert "sysctl user.max_user_namespaces" in said


def test_a_missing_interpreter_is_named() -> None:
    with pytest.raises(IsolationUnavailable, match="/nowhere/python"):
        find_interpreter("/nowhere/python")
    with pytest.raises(IsolationUnavailable, match="/bin/true"):
        find_interpreter("/bin/true")
