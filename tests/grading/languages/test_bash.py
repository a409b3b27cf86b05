"""Bash programs, ordinary and hostile."""

import pytest

from codezest.grading import Grader
from codezest.grading.languages import find_language
from codezest_db.enums import Verdict
from fixtures.programs import TIGHT, Run, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "bash")


ORDINARY = {
    "arithmetic": "((1 + 1 == 2)) && echo ok\n",
    "a pipeline": "printf 'b\\nok\\n' | sort -r | grep ok | head -n 1 | sed s/OK/no/ | awk '{ print $1 }'\n",
    "arrays": 'declare -A all=([a]=ok); list=(x y); echo "${all[a]}"\n',
    "a here string": 'read -r word <<< ok; echo "$word"\n',
    "files": "mkdir folder; echo ok > folder/file; cat folder/file\n",
    "in the background": "sleep 0.01 & wait; echo ok\n",
    "a time limit": "timeout 5 echo ok\n",
    "a time limit that is reached": "timeout 0.05 sleep 5 || echo ok\n",
    "traps": "trap 'echo ok' EXIT\n",
    "a function": 'f() { local word=$1; echo "$word"; }; f ok\n',
    "a here document": "cat <<END\nok\nEND\n",
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "AC", grade


async def test_input_arguments_files_and_unicode(run: Run) -> None:
    grade = await run(
        'read -r word; echo "$word$1$(cat in.txt)${#word}"\n',
        stdin="kůň\n",
        args=("ö",),
        files={"in.txt": "🐎"},
        expected="kůňö🐎3\n",
    )
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {"main.sh": "source parts/say.sh\nsay ok\n", "parts/say.sh": 'say() { echo "$1"; }\n'}
    grade = await run(sources)
    assert grade.verdict == "AC", grade


async def test_a_syntax_error_is_a_compile_error(run: Run) -> None:
    grade = await run("echo ok\nif true; then\n")
    assert grade.verdict == "CE", grade
    assert "main.sh: line 3: syntax error" in (grade.compile_output or "")


async def test_a_failed_command_is_explained(run: Run) -> None:
    grade = await run("set -e\nnonsense\n")
    assert grade.verdict == "RE", grade
    message = grade.outcomes[0].message or ""
    assert "nonsense: command not found (main.sh, line 2); exit status 127. The command is misspelt" in message


HOSTILE = {
    "endless loop": ("while :; do :; done", Verdict.TLE),
    "sleeps": ("sleep 60", Verdict.TLE),
    "stops itself": ("kill -STOP $$", Verdict.TLE),
    "fork bomb": ("bomb() { bomb | bomb & }; bomb; wait; while :; do :; done", Verdict.TLE),
    "ignores signals": ("trap '' TERM INT HUP; while :; do sleep 1; done", Verdict.TLE),
    "heap bomb": ("text=xxxxxxxxxxxxxxxx; while :; do text=$text$text; done", Verdict.MLE),
    "flood": ("yes flood", Verdict.OLE),
    "flood of errors": ("yes flood >&2", Verdict.OLE),
    "large file": ("yes > file", Verdict.RE),
    "TCP": ("exec 3<>/dev/tcp/127.0.0.1/22 && echo ok", Verdict.RE),
    "UDP": ("echo x > /dev/udp/8.8.8.8/53 && echo ok", Verdict.RE),
    "shadow": ("set -e; cat /etc/shadow; echo ok", Verdict.RE),
    "/proc": ("set -e; cat /proc/1/environ; echo ok", Verdict.RE),
    "writes to /usr": ("set -e; echo x > /usr/bin/bash; echo ok", Verdict.RE),
    "its own source": ("set -e; echo x > /program/main.sh; echo ok", Verdict.RE),
    "kills everybody": ("kill -9 -1; exit 1", Verdict.RE),
    "the first process": ("set -e; kill -9 1; kill -0 1 && exit 1; echo ok", Verdict.RE),
    "a device": ("set -e; mknod disk b 8 0; echo ok", Verdict.RE),
    "mounts": ("set -e; mount -t tmpfs none /tmp; echo ok", Verdict.RE),
    "a new namespace": ("set -e; unshare -r true; echo ok", Verdict.RE),
    "another root": ("set -e; chroot / true; echo ok", Verdict.RE),
    "more rights": ("set -e; su -c true; echo ok", Verdict.RE),
    "raises a limit": ("set -e; ulimit -u 10000; echo ok", Verdict.RE),
    "exec of nothing": ("exec /nonsense", Verdict.RE),
    "exit status": ("echo ok; exit 3", Verdict.RE),
    "leaves a process": ("(sleep 60 &) ; echo ok", Verdict.AC),
    "leaves a process in a session of its own": ("setsid sleep 60 & echo ok", Verdict.AC),
}


@pytest.mark.parametrize(("source", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(source: str, verdict: Verdict, run: Run) -> None:
    grade = await run(source, limits=TIGHT)
    assert grade.verdict is verdict, grade


@pytest.mark.parametrize(
    ("status", "stderr", "said"),
    [
        (127, "main.sh: line 2: sot: command not found\n", "misspelt"),
        (1, "main.sh: line 2: x: unbound variable\n", "before it is given a value"),
        (139, "", "not its own"),
        (4, "", "exit status 4"),
    ],
)
def test_crashes_are_explained(status: int, stderr: str, said: str) -> None:
    crash = find_language("bash").explain_crash(status, stderr)
    assert crash.verdict is Verdict.RE
    assert said in crash.message
