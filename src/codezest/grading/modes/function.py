"""FUNCTION: one function of the learner's is called with a test's arguments, and what it returns is compared."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

from codezest.grading.author_program import AuthorProgramFailed
from codezest.grading.checkers.returned import compare_returned
from codezest.grading.compiling import CompileFailed
from codezest.grading.display import one_line, shown
from codezest.grading.drivers import UncallableError, driver_for
from codezest.grading.grade import TestOutcome
from codezest.grading.modes.calls import Calls
from codezest.grading.modes.custom_checker import judge_by_checker
from codezest.grading.modes.lanes import run_in_lanes
from codezest.grading.modes.submission import Submission, checker_of, judged, outcome_of
from codezest.grading.plan import PlannedTest
from codezest.grading.verdict import Judgement
from codezest_db.enums import CheckerKind, Verdict
from codezest_sandbox import RunOutput

_NOTHING_RETURNED = "Your program ended before the function returned."


async def run_function(submission: Submission, planned: tuple[PlannedTest, ...]) -> AsyncGenerator[TestOutcome]:
    """A process for each call. What the program prints is shown, and not compared."""
    spec = submission.spec
    driver = driver_for(spec.language)
    if driver is None or spec.function is None:
        raise AuthorProgramFailed(f"functions cannot be called in {submission.language.name}, or none is named")
    try:
        sources, entry = await asyncio.to_thread(driver.drive, submission.sources, submission.entry, spec.function)
    except UncallableError as error:
        raise CompileFailed(shown(f"{error}\n".encode(errors="replace"))) from error
    async with AsyncExitStack() as stack:
        calls = stack.enter_context(Calls(spec.function, planned, driver.exchange))
        driven = replace(submission, sources=sources, entry=entry)
        checker = await checker_of(submission, planned, stack)
        outputs = await stack.enter_async_context(aclosing(run_in_lanes(driven, calls.cases())))
        position = 0
        async for raw in outputs:
            test, returned = planned[position], calls.returned(position, raw)
            text, output = returned.text, returned.output
            judgement = await judged(_without_expectation(test), submission.language, raw)
            if judgement.verdict is Verdict.AC:
                judgement = _judge_returned(test, text)
                if checker is not None and test.test.checker is CheckerKind.CUSTOM and text:
                    judgement = await judge_by_checker(checker, test, replace(output, stdout=text))
            yield outcome_of(test, submission.language, _showing(output, text), judgement)
            position += 1


def _without_expectation(planned: PlannedTest) -> PlannedTest:
    """For the facts alone: limits and crashes."""
    return replace(planned, test=replace(planned.test, expected=None, checker=CheckerKind.EXACT))


def _judge_returned(planned: PlannedTest, text: bytes) -> Judgement:
    test = planned.test
    if not text:
        return Judgement(verdict=Verdict.WA, message=_NOTHING_RETURNED)
    if test.expected is None or test.checker is CheckerKind.CUSTOM:
        return Judgement(verdict=Verdict.AC)
    if compare_returned(test.expected, text, test.checker, test.checker_options):
        return Judgement(verdict=Verdict.AC)
    if not test.visible:
        return Judgement(verdict=Verdict.WA, message="The function did not return what was expected.")
    actual = one_line(text.decode(errors="replace"))
    arguments = ", ".join(one_line(json.dumps(value)) for value in test.arguments or ())
    return Judgement(
        verdict=Verdict.WA,
        message=f"Called with ({arguments}), the function returned {actual}; expected was {one_line(test.expected)}.",
    )


def _showing(output: RunOutput, text: bytes) -> RunOutput:
    """What the learner is shown as output: what was printed, and what was returned."""
    if not text:
        return output
    line = f"→ {shown(text)}\n".encode()
    return replace(output, stdout=output.stdout + line, stdout_length=output.stdout_length + len(line))
