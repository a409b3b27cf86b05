"""From raw facts to verdict, status, score and words."""

import signal
from typing import Any

import pytest

from codezest.grading import GradingLimits, GradingSpec, TestOutcome, TestSpec
from codezest.grading.feedback import feedback_for, feedback_for_compile_error
from codezest.grading.languages import find_language
from codezest.grading.plan import compile_limits_of, plan
from codezest.grading.verdict import WORST_FIRST, Judgement, judge, score_of, status_of, worst
from codezest_db.enums import SubmissionStatus, Verdict
from codezest_sandbox import CaseResult, Ending, RunOutput

AC, WA, TLE, MLE, OLE, RE, CE, IE = (Verdict(name) for name in ["AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "IE"])

TRACEBACK = b"""Traceback (most recent call last):
  File "main.py", line 7, in <module>
    print(1 / 0)
ZeroDivisionError: division by zero
"""


def judged(
    stdout: bytes = b"ok\n", stderr: bytes = b"", expected: str | None = "ok\n", visible: bool = True, **facts: Any
) -> Judgement:
    test = TestSpec(name="only", expected=expected, visible=visible)
    (planned,) = plan(GradingSpec(language="python", tests=(test,), limits=GradingLimits(output_bytes=1000)))
    facts.setdefault("ending", Ending.EXIT)
    output = RunOutput(
        result=CaseResult(**facts),
        stdout=stdout[:1000],
        stdout_length=len(stdout),
        stderr=stderr[:1000],
        stderr_length=len(stderr),
    )
    return judge(planned, find_language("python"), output)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, AC),
        ({"stdout": b"no\n"}, WA),
        ({"stdout": b"ok\xff"}, WA),
        ({"stdout": b"no\n", "expected": None}, AC),
        ({"stdout": b"ok\xff", "expected": None}, AC),
        ({"code": 1}, RE),
        ({"code": 1, "stderr": TRACEBACK}, RE),
        ({"code": 1, "expected": None}, RE),
        ({"code": 1, "stderr": b"Traceback (most recent call last):\nMemoryError\n"}, MLE),
        ({"code": 1, "stderr": b"Traceback (most recent call last):\nMemoryError: too big\n"}, MLE),
        (
            {"code": 1, "stderr": b"Traceback (most recent call last):\nOSError: [Errno 12] Cannot allocate memory\n"},
            MLE,
        ),
        ({"ending": Ending.SIGNAL, "code": signal.SIGSEGV}, RE),
        ({"ending": Ending.SIGNAL, "code": signal.SIGKILL}, RE),
        ({"ending": Ending.SIGNAL, "code": signal.SIGXCPU}, TLE),
        ({"ending": Ending.SIGNAL, "code": signal.SIGXFSZ}, OLE),
        ({"ending": Ending.SIGNAL, "code": 64}, RE),
        ({"ending": Ending.CPU}, TLE),
        ({"cpu_seconds": 2.01}, TLE),
        ({"cpu_seconds": 1.99}, AC),
        ({"ending": Ending.WALL}, TLE),
        ({"ending": Ending.MEMORY}, MLE),
        ({"memory_bytes": 1 << 30}, MLE),
        ({"stdout": b"x" * 1001}, OLE),
        ({"stderr": b"x" * 1001}, OLE),
        ({"stdout": b"x" * 1001, "code": 1}, OLE),
        ({"ending": Ending.CPU, "stdout": b"x" * 1001}, TLE),
        ({"ending": Ending.SETUP, "detail": "no room"}, IE),
    ],
)
def test_verdict(facts: dict[str, Any], verdict: Verdict) -> None:
    judgement = judged(**facts)
    assert judgement.verdict is verdict
    assert (judgement.message is None) == (verdict is AC)


def test_a_crash_is_explained_by_its_traceback() -> None:
    message = judged(code=1, stderr=TRACEBACK).message
    assert message == "ZeroDivisionError: division by zero (line 7). Your program divides by zero."


def test_an_exit_status_is_named() -> None:
    assert "exit status 3" in (judged(code=3).message or "")


def test_internal_details_are_not_told() -> None:
    assert "no room" not in (judged(ending=Ending.SETUP, detail="no room").message or "")


@pytest.mark.parametrize(
    ("verdicts", "overall", "status"),
    [
        ([], AC, "PASSED"),
        ([AC, AC], AC, "PASSED"),
        ([AC, WA], WA, "FAILED"),
        ([WA, TLE, AC], TLE, "FAILED"),
        ([RE, TLE, WA, MLE, OLE], RE, "FAILED"),
        ([CE], CE, "FAILED"),
        ([AC, IE, WA], IE, "ERROR"),
    ],
)
def test_the_worst_decides(verdicts: list[Verdict], overall: Verdict, status: str) -> None:
    assert worst(verdicts) is overall
    assert status_of(verdicts) is SubmissionStatus(status)


def test_every_verdict_has_its_rank() -> None:
    assert set(WORST_FIRST) == set(Verdict)


@pytest.mark.parametrize(
    ("verdicts", "points", "max_score", "score"),
    [
        ([AC, AC], [1, 1], 100, 100),
        ([AC, WA], [1, 1], 100, 50),
        ([AC, AC, WA], [1, 1, 1], 100, 66),
        ([AC, WA], [99_999, 1], 100, 99),
        ([AC, WA], [5, 0], 100, 99),
        ([WA], [3], 100, 0),
        ([AC, WA], [0, 0], 100, 0),
        ([AC, AC], [0, 0], 100, 100),
        ([], [], 10, 10),
        ([AC, WA], [1, 1], 0, 0),
        ([AC, WA], [1, 1], 1, 0),
    ],
)
def test_score(verdicts: list[Verdict], points: list[int], max_score: int, score: int) -> None:
    assert score_of(verdicts, points, max_score) == score


def _outcome(
    verdict: Verdict, name: str = "adds", *, visible: bool = True, message: str | None = "Why."
) -> TestOutcome:
    return TestOutcome(
        index=0, name=name, verdict=verdict, points=0, max_points=1, time_ms=1, memory_kb=1, visible=visible,
        stdout="", stderr="", message=message,
    )  # fmt: skip


def test_feedback() -> None:
    assert "no tests" in feedback_for([])
    assert feedback_for([_outcome(AC)]) == "Well done: your program passed the test."
    assert "all 2 tests" in feedback_for([_outcome(AC), _outcome(AC)])
    said = feedback_for([_outcome(AC), _outcome(WA, "hides", visible=False), _outcome(TLE, "counts")])
    assert said == "Your program passed 1 of 3 tests.\nTest “counts”: too slow. Why."
    assert "Hidden test “hides”: wrong answer." in feedback_for([_outcome(WA, "hides", visible=False)])
    assert "our mistake" in feedback_for([_outcome(AC), _outcome(IE)])


def test_feedback_for_a_compile_error_ends_with_the_error() -> None:
    assert feedback_for_compile_error('  File "main.py", line 1\n    (\n    ^\nSyntaxError: bad\n').endswith(
        "SyntaxError: bad"
    )


def test_limits_of_a_test_override_those_of_the_assignment() -> None:
    limits = GradingLimits(cpu_seconds=1.0, wall_seconds=3.0, memory_bytes=1000)
    tests = (
        TestSpec(name="a"),
        TestSpec(name="b", cpu_seconds=5.0),
        TestSpec(name="c", wall_seconds=1.0, memory_bytes=7),
    )
    a, b, c = (planned.case.limits for planned in plan(GradingSpec(language="python", tests=tests, limits=limits)))
    assert (a.cpu_seconds, a.wall_seconds, a.memory_bytes) == (1.0, 3.0, 1000)
    assert (b.cpu_seconds, b.wall_seconds) == (5.0, 15.0)
    assert (c.cpu_seconds, c.wall_seconds, c.memory_bytes) == (1.0, 1.0, 7)


def test_the_plan_holds_no_expected_output() -> None:
    spec = GradingSpec(language="python", tests=(TestSpec(name="a", stdin="in", expected="secret"),))
    assert "secret" not in repr(plan(spec)[0].case)


def test_the_compiler_has_room_of_its_own() -> None:
    spec = GradingSpec(language="python", tests=(), limits=GradingLimits(cpu_seconds=0.1, memory_bytes=1 << 20))
    assert compile_limits_of(spec.limits).cpu_seconds >= 5
    assert compile_limits_of(spec.limits).memory_bytes >= 128 << 20


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
def test_files_stay_in_the_working_directory(name: str) -> None:
    with pytest.raises(ValueError, match="working directory"):
        TestSpec(name="t", files={name: "x"})


def test_points_are_not_negative() -> None:
    with pytest.raises(ValueError, match="points"):
        TestSpec(name="t", points=-1)
