"""Static rules decide before anything is run."""

from codezest.grading import TestSpec
from codezest.grading.rules import RuleKind, StaticRule
from codezest_db.enums import SubmissionStatus, Verdict
from fixtures.graders import GradeIt

NO_LOOPS = StaticRule(kind=RuleKind.FORBID, construct="loop", message="Solve it without a loop.")
RECURSIVE = StaticRule(kind=RuleKind.REQUIRE, construct="recursion")
TESTS = (TestSpec(name="only", expected="6\n"),)


async def test_what_is_forbidden_is_not_run(grade_by: GradeIt) -> None:
    result = await grade_by("print(6)\nfor _ in range(3):\n    pass\n", *TESTS, rules=(NO_LOOPS,))
    assert (result.verdict, result.status, result.score) == (Verdict.WA, SubmissionStatus.FAILED, 0)
    assert result.outcomes == ()
    assert "Solve it without a loop." in result.feedback
    assert "Line 2" in result.feedback


async def test_what_is_required_and_there(grade_by: GradeIt) -> None:
    source = "def down(n):\n    return n and n + down(n - 1)\nprint(down(3))\n"
    result = await grade_by(source, *TESTS, rules=(NO_LOOPS, RECURSIVE))
    assert result.verdict is Verdict.AC, result
    missing = await grade_by("print(6)", *TESTS, rules=(RECURSIVE,))
    assert missing.verdict is Verdict.WA


async def test_what_does_not_compile_is_told_as_such(grade_by: GradeIt) -> None:
    result = await grade_by("print(6", *TESTS, rules=(NO_LOOPS,))
    assert result.verdict is Verdict.CE
