"""STDIO: the program reads standard input and prints; what it printed is compared, or judged by the author's checker."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

from codezest.grading.grade import TestOutcome
from codezest.grading.modes.custom_checker import judge_by_checker
from codezest.grading.modes.lanes import run_in_lanes
from codezest.grading.modes.submission import Submission, checker_of, judged, outcome_of
from codezest.grading.plan import PlannedTest
from codezest_db.enums import CheckerKind, Verdict


async def run_stdio(submission: Submission, planned: tuple[PlannedTest, ...]) -> AsyncGenerator[TestOutcome]:
    """One process for each test, each in a working directory of its own."""
    async with AsyncExitStack() as stack:
        checker = await checker_of(submission, planned, stack)
        waiting = iter(planned)
        outputs = await stack.enter_async_context(aclosing(run_in_lanes(submission, [test.case for test in planned])))
        async for output in outputs:
            test = next(waiting)
            judgement = await judged(test, submission.language, output)
            if checker is not None and judgement.verdict is Verdict.AC and test.test.checker is CheckerKind.CUSTOM:
                judgement = await judge_by_checker(checker, test, output)
            yield outcome_of(test, submission.language, output, judgement)
