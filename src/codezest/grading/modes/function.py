"""FUNCTION: one function of the learner's is called with a test's arguments, and what it returns is compared."""

import json
import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

from codezest.grading.author_program import AuthorProgramFailed
from codezest.grading.checkers.returned import compare_returned
from codezest.grading.display import one_line, shown
from codezest.grading.drivers import CALL_FILE, driver_for
from codezest.grading.grade import TestOutcome
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
    sources, entry = driver(submission.sources, submission.entry, spec.function)
    returned = [os.memfd_create("returned", os.MFD_CLOEXEC) for _ in planned]
    try:
        async with AsyncExitStack() as stack:
            driven = replace(submission, sources=sources, entry=entry)
            checker = await checker_of(submission, planned, stack)
            cases = [
                replace(test.case, link=descriptor, files={**test.case.files, CALL_FILE: _call(spec.function, test)})
                for test, descriptor in zip(planned, returned, strict=True)
            ]
            outputs = await stack.enter_async_context(aclosing(run_in_lanes(driven, cases)))
            waiting = iter(zip(planned, returned, strict=True))
            async for output in outputs:
                test, descriptor = next(waiting)
                text = os.pread(descriptor, test.case.limits.output_bytes, 0)
                judgement = await judged(_without_expectation(test), submission.language, output)
                if judgement.verdict is Verdict.AC:
                    judgement = _judge_returned(test, text)
                    if checker is not None and test.test.checker is CheckerKind.CUSTOM and text:
                        judgement = await judge_by_checker(checker, test, replace(output, stdout=text))
                yield outcome_of(test, submission.language, _showing(output, text), judgement)
    finally:
        for descriptor in returned:
            os.close(descriptor)


def _call(function: str, planned: PlannedTest) -> str:
    return json.dumps({"function": function, "arguments": planned.test.arguments or ()})


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
