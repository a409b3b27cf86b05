"""How long grading one submission may take as a whole."""

from codezest.grading.author_program import AUTHOR_LIMITS
from codezest.grading.plan import compile_limits_of, plan
from codezest.grading.spec import GradingLimits, GradingSpec
from codezest_db.enums import CheckerKind, GradingMode

GRACE_SECONDS = 60.0
"""For everything but the programs: making sandboxes, reading results, a machine that is busy."""
GRACE_SECONDS_PER_TEST = 2.0


def deadline_seconds(spec: GradingSpec) -> float:
    """More than any grading takes that goes as it should: all wall limits in sum, the author's programs included.

    What is not done by then hangs, which is our fault and never the learner's.
    """
    compiling = compile_limits_of(spec.limits).wall_seconds
    author_compiling = compile_limits_of(GradingLimits()).wall_seconds
    generators = {id(test.generator.program) for test in spec.tests if test.generator is not None}
    authors = len(generators) + sum(program is not None for program in (spec.checker_program, spec.interactor))
    seconds = GRACE_SECONDS + compiling + author_compiling * authors
    for planned in plan(spec):
        runs_of_author = (planned.test.checker is CheckerKind.CUSTOM) + 2 * (planned.test.generator is not None)
        seconds += planned.case.limits.wall_seconds + GRACE_SECONDS_PER_TEST
        if spec.mode is GradingMode.INTERACTIVE:
            runs_of_author += 1
        elif spec.mode is GradingMode.UNIT_TESTS:  # a test that falls may cost both sides a new sandbox
            runs_of_author += 1
            seconds += 2 * compiling
        seconds += AUTHOR_LIMITS.wall_seconds * runs_of_author
    return seconds
