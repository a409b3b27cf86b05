"""Checkers that authors write: what they may say, what becomes of those that fail, and what learners cannot do to them."""

from dataclasses import replace

import pytest

from codezest.grading import AuthorProgram, Grader, GradingSpec, TestSpec
from codezest.grading.author_program import AUTHOR_LIMITS
from codezest.grading.modes import custom_checker as custom
from codezest.grading.modes.custom_checker import ACCEPT, REFUSE, read_opinion
from codezest_db.enums import CheckerKind, SubmissionStatus, Verdict
from fixtures.graders import GradeIt

CUSTOM = CheckerKind.CUSTOM
DIVISOR = AuthorProgram(
    language="python",
    files={
        "checker.py": (
            "import sys\n"
            "number = int(open(sys.argv[1]).read())\n"
            "said = open(sys.argv[2]).read().split()\n"
            "if said and said[0].isdigit() and 1 < int(said[0]) < number and number % int(said[0]) == 0:\n"
            "    sys.exit(42)\n"
            "print('that does not divide', number)\n"
            "sys.exit(43)\n"
        )
    },
)


def python(text: str) -> AuthorProgram:
    return AuthorProgram(language="python", files={"checker.py": text})


def one_test(name: str = "only", **options: object) -> TestSpec:
    return TestSpec(name=name, checker=CUSTOM, **options)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("print(3)", Verdict.AC), ("print(5)", Verdict.AC), ("print(4)", Verdict.WA), ("pass", Verdict.WA)],
    ids=["three", "five", "four", "nothing"],
)
async def test_any_right_answer_is_accepted(grade_by: GradeIt, source: str, verdict: Verdict) -> None:
    result = await grade_by(source, one_test(stdin="15"), checker_program=DIVISOR)
    assert result.verdict is verdict
    assert result.outcomes[0].message == (None if verdict is Verdict.AC else "that does not divide 15")


async def test_a_hidden_test_does_not_tell_what_the_checker_said(grade_by: GradeIt) -> None:
    result = await grade_by("print(4)", one_test(stdin="15", visible=False), checker_program=DIVISOR)
    assert result.outcomes[0].verdict is Verdict.WA
    assert "15" not in (result.outcomes[0].message or "")


async def test_a_part_of_the_points(grade_by: GradeIt) -> None:
    checker = python("import sys\nprint('score', open('output.txt').read().strip())\nprint('nearly')\nsys.exit(42)")
    result = await grade_by("print(0.25)", one_test(points=8), checker_program=checker)
    (outcome,) = result.outcomes
    assert (outcome.verdict, outcome.points, outcome.message, result.score) == (Verdict.WA, 2, "nearly", 25)
    full = await grade_by("print(1.0)", one_test(points=8), checker_program=checker)
    assert (full.verdict, full.score) == (Verdict.AC, 100)


async def test_a_checker_is_only_asked_about_programs_that_ended_well(grade_by: GradeIt) -> None:
    accepts_all = python("raise SystemExit(42)")
    result = await grade_by("print('x'); raise SystemExit(3)", one_test(), checker_program=accepts_all)
    assert result.verdict is Verdict.RE


async def test_a_checker_sees_expected_output_and_the_seed(grade_by: GradeIt) -> None:
    checker = python(
        "import sys\n"
        "assert sys.argv[1:] == ['input.txt', 'output.txt', 'expected.txt', '7'], sys.argv\n"
        "sys.exit(42 + (open('expected.txt').read() != open('output.txt').read()))\n"
    )
    result = await grade_by("print('héllo')", one_test(expected="héllo\n"), checker_program=checker, seed=7)
    assert result.verdict is Verdict.AC, result


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        (python("raise RuntimeError('broken')"), "the checker failed on test 'only'"),
        (python("import sys; sys.exit(1)"), "the checker failed"),
        (python("pass"), "the checker failed"),
        (python("def ("), "the checker cannot be compiled"),
        (AuthorProgram(language="cobol", files={"x.cob": ""}), "cobol"),
        (None, "there is none"),
    ],
    ids=["crashes", "says one", "says nothing", "does not compile", "unknown language", "missing"],
)
async def test_a_broken_checker_is_nobodys_wrong_answer(
    grade_by: GradeIt, program: AuthorProgram | None, fault: str
) -> None:
    result = await grade_by("print(1)", one_test(), checker_program=program)
    assert (result.verdict, result.status) == (Verdict.IE, SubmissionStatus.ERROR)
    assert fault in (result.fault or "")


@pytest.mark.parametrize(
    "output",
    ["print('1\\n' * 200_000)", "print('9' * 900_000)"],
    ids=["many lines", "a huge number"],
)
async def test_an_output_that_overwhelms_the_checker_is_wrong(
    grader: Grader, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom, "AUTHOR_LIMITS", replace(AUTHOR_LIMITS, cpu_seconds=0.5))
    checker = python(
        "import sys\nsys.set_int_max_str_digits(0)\nwhile True: int(open('output.txt').read().split()[0])\n"
    )
    spec = GradingSpec(language="python", tests=(one_test(),), checker_program=checker)
    result = await grader.grade(spec, output)
    assert result.verdict is Verdict.WA
    assert "too much for this exercise's checker" in (result.outcomes[0].message or "")


async def test_the_learners_program_meets_neither_checker_nor_expectation(grade_by: GradeIt) -> None:
    source = (
        "import os\n"
        "found = [name for where in ('/tmp', '/program', '/sandbox', '/') for _, _, names in os.walk(where) for name in names]\n"
        "print(int('checker.py' in found or 'expected.txt' in found))\n"
    )
    checker = python("import sys; sys.exit(42 + int(open('output.txt').read()))")
    result = await grade_by(source, one_test(expected="secret"), checker_program=checker)
    assert result.verdict is Verdict.AC


@pytest.mark.parametrize(
    ("status", "said", "fraction", "message"),
    [
        (ACCEPT, b"", 1.0, None),
        (REFUSE, b"", 0.0, None),
        (ACCEPT, b"score 0.5\nclose", 0.5, "close"),
        (ACCEPT, b"score 17", 1.0, None),
        (REFUSE, b"score .25\n", 0.25, None),
        (ACCEPT, b"score 0x1", 1.0, "score 0x1"),
        (ACCEPT, b"score 0.5abc", 1.0, "score 0.5abc"),
        (REFUSE, b"\xff\x00", 0.0, "�␀"),
    ],
)
def test_opinions(status: int, said: bytes, fraction: float, message: str | None) -> None:
    opinion = read_opinion(status, said)
    assert (opinion.fraction, opinion.message) == (fraction, message)
