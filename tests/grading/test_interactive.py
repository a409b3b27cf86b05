"""Two programs that talk: who is to blame when the conversation fails."""

import pytest

from codezest.grading import AuthorProgram, GradingLimits, TestSpec
from codezest_db.enums import GradingMode, SubmissionStatus, Verdict
from fixtures.graders import GradeIt

GUESS = AuthorProgram(
    language="python",
    files={
        "interactor.py": (
            "import sys\n"
            "secret = int(open('input.txt').read())\n"
            "for asked in range(1, 9):\n"
            "    line = sys.stdin.readline()\n"
            "    if not line:\n"
            "        print('you stopped asking', file=sys.stderr); sys.exit(43)\n"
            "    guess = int(line)\n"
            "    print('=' if guess == secret else '<' if secret < guess else '>', flush=True)\n"
            "    if guess == secret:\n"
            "        sys.exit(42)\n"
            "print('more than eight questions', file=sys.stderr)\n"
            "sys.exit(43)\n"
        )
    },
)
HALVING = (
    "low, high = 0, 255\n"
    "while True:\n"
    "    middle = (low + high) // 2\n"
    "    print(middle, flush=True)\n"
    "    answer = input()\n"
    "    if answer == '=': break\n"
    "    if answer == '<': high = middle - 1\n"
    "    else: low = middle + 1\n"
)
LIMITS = GradingLimits(cpu_seconds=1.0, wall_seconds=2.0)
SECRETS = tuple(TestSpec(name=str(secret), stdin=str(secret)) for secret in (0, 100, 254))


async def talk(grade_by: GradeIt, source: str, interactor: AuthorProgram = GUESS) -> tuple[Verdict, str | None]:
    result = await grade_by(source, SECRETS[1], mode=GradingMode.INTERACTIVE, interactor=interactor, limits=LIMITS)
    return result.verdict, result.outcomes[0].message


async def test_a_good_conversation(grade_by: GradeIt) -> None:
    result = await grade_by(HALVING, *SECRETS, mode=GradingMode.INTERACTIVE, interactor=GUESS)
    assert [outcome.verdict for outcome in result.outcomes] == [Verdict.AC] * 3, result


@pytest.mark.parametrize(
    ("source", "verdict", "message"),
    [
        ("for n in range(20):\n print(n, flush=True)\n input()", Verdict.WA, "more than eight questions"),
        ("print(1, flush=True)", Verdict.WA, "you stopped asking"),
        ("input()", Verdict.TLE, None),
        ("print(50, flush=True); raise ValueError('oops')", Verdict.RE, None),
        ("while True: pass", Verdict.TLE, None),
        ("print(50)\nwhile True: pass", Verdict.TLE, None),
        ("import os; os.kill(os.getpid(), 9)", Verdict.RE, None),
        ("print(100, flush=True)\nwhile True: pass", Verdict.TLE, None),
    ],
    ids=["too many", "stops", "waits for ever", "crashes", "loops", "never flushes", "dies", "loops when done"],
)
async def test_who_is_to_blame(grade_by: GradeIt, source: str, verdict: Verdict, message: str | None) -> None:
    found, said = await talk(grade_by, source)
    assert found is verdict, said
    assert message is None or said == message


async def test_a_flood_ends(grade_by: GradeIt) -> None:
    deaf = AuthorProgram(language="python", files={"i.py": "import time; time.sleep(30)"})
    verdict, _ = await talk(grade_by, "while True: print('x' * 1000)", deaf)
    assert verdict is Verdict.TLE


async def test_a_broken_interactor_is_ours(grade_by: GradeIt) -> None:
    broken = AuthorProgram(language="python", files={"i.py": "1/0"})
    result = await grade_by(HALVING, SECRETS[0], mode=GradingMode.INTERACTIVE, interactor=broken)
    assert (result.verdict, result.status) == (Verdict.IE, SubmissionStatus.ERROR)
    assert "ZeroDivisionError" in (result.fault or "")


async def test_a_partial_score(grade_by: GradeIt) -> None:
    half = AuthorProgram(
        language="python",
        files={"i.py": "import sys\nsys.stdin.read()\nprint('score 0.5', file=sys.stderr)\nsys.exit(42)"},
    )
    result = await grade_by("pass", TestSpec(name="only", points=4), mode=GradingMode.INTERACTIVE, interactor=half)
    assert (result.outcomes[0].points, result.score) == (2, 50)
