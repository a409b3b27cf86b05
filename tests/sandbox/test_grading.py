"""Whole submissions through the grader: several tests, points, progress, compile errors."""

import pytest

from codezest.grading import Grader, GradingLimits, GradingSpec, TestOutcome, TestSpec
from codezest.grading.languages import languages
from codezest_db.enums import CheckerKind

pytestmark = pytest.mark.sandbox

LIMITS = GradingLimits(cpu_seconds=5.0, wall_seconds=60.0)


async def test_several_tests_with_points(grader: Grader) -> None:
    tests = (
        TestSpec(name="one", stdin="1\n", expected="1\n", points=1),
        TestSpec(name="two", stdin="2\n", expected="4\n", points=3, visible=False),
        TestSpec(name="three", stdin="x\n", expected="9\n", points=1),
        TestSpec(name="four", stdin="4\n", expected="16.0000001", points=5, checker=CheckerKind.FLOAT),
    )
    told: list[TestOutcome] = []
    spec = GradingSpec(language="python", tests=tests, limits=LIMITS, max_score=20)
    grade = await grader.grade(spec, "print(int(input()) ** 2)", told.append)
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "AC", "RE", "AC"]
    assert [outcome.points for outcome in grade.outcomes] == [1, 3, 0, 5]
    assert [outcome.visible for outcome in told] == [True, True, True, False]  # hidden tests run last
    assert tuple(sorted(told, key=lambda outcome: outcome.index)) == grade.outcomes
    assert (grade.verdict, grade.status, grade.score) == ("RE", "FAILED", 18)
    assert grade.tier in {"NAMESPACES", "NAMESPACES_CGROUP"}
    assert grade.runtime.startswith("CPython 3.")
    assert "passed 3 of 4" in grade.feedback


async def test_no_tests_at_all(grader: Grader) -> None:
    grade = await grader.grade(GradingSpec(language="python", tests=(), limits=LIMITS, max_score=7), "x = 1")
    assert (grade.verdict, grade.status, grade.score, grade.outcomes) == ("AC", "PASSED", 7, ())
    assert (await grader.grade(GradingSpec(language="python", tests=()), "x = (")).verdict == "CE"


async def test_more_tests_than_are_sent_ahead(grader: Grader) -> None:
    tests = tuple(TestSpec(name=str(number), stdin=f"{number}\n", expected=f"{number}\n") for number in range(120))
    grade = await grader.grade(GradingSpec(language="python", tests=tests, limits=LIMITS), "print(input())")
    assert grade.score == 100
    assert [outcome.index for outcome in grade.outcomes] == list(range(120))


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.key)
async def test_each_language_passes_its_own_test(grader: Grader, language: object) -> None:
    (found,) = [each for each in languages() if each is language]
    test = TestSpec(name="self", stdin=found.self_test.stdin, expected=found.self_test.expected)
    grade = await grader.grade(GradingSpec(language=found.key, tests=(test,), limits=LIMITS), found.self_test.source)
    assert grade.status == "PASSED"


async def test_large_outputs_are_compared(grader: Grader) -> None:
    test = TestSpec(name="large", expected="\n".join(map(str, range(100_000))), checker=CheckerKind.TOKENS)
    grade = await grader.grade(
        GradingSpec(language="python", tests=(test,), limits=LIMITS), "for n in range(100_000): print(n)"
    )
    assert grade.status == "PASSED"
    assert "more bytes not shown" in grade.outcomes[0].stdout


async def test_a_failing_listener_ends_the_grade_and_not_the_grader(grader: Grader) -> None:
    def fail(outcome: TestOutcome) -> None:
        raise LookupError(outcome.name)

    spec = GradingSpec(language="python", tests=(TestSpec(name="a"), TestSpec(name="b")), limits=LIMITS)
    with pytest.raises(LookupError):
        await grader.grade(spec, "print(1)", fail)
    assert (await grader.grade(spec, "print(1)")).status == "PASSED"


async def test_a_program_that_is_large_once_compiled_is_a_compile_error(grader: Grader) -> None:
    """Not an internal error, which would be tried again. Constants are folded: 80 KB of source become 86 MB."""
    texts = ",".join(f'"{chr(0x4E00 + index)}"*4096' for index in range(7000))
    grade = await grader.grade(GradingSpec(language="python", tests=(TestSpec(name="one"),)), f"x = [{texts}]")
    assert grade.verdict == "CE", grade
    assert "too large" in (grade.compile_output or "")
