"""INTERACTIVE: the learner's program and one of the author talk, each in a sandbox of its own, and the author's decides.

The interactor's input is what the learner's program prints, and the reverse. It starts in a directory with `input.txt` (the
test's standard input) and, where the test has one, `expected.txt`; arguments as a checker's. Exit status and score as a
checker's, except that it speaks of them on standard error.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from dataclasses import replace

from codezest.grading.author_program import AUTHOR_LIMITS, AuthorProgramFailed, AuthorRunner, author_compiler, describe
from codezest.grading.grade import TestOutcome
from codezest.grading.modes.custom_checker import ACCEPT, REFUSE, judge_opinion, read_opinion
from codezest.grading.modes.submission import Submission, judged, outcome_of
from codezest.grading.plan import PlannedTest
from codezest.grading.verdict import Judgement
from codezest_db.enums import Verdict
from codezest_sandbox import Ending, RunOutput
from codezest_sandbox.connection import Case, Sandbox

_LATER_SECONDS = 2.0
"""How much longer the interactor may live than the program it talks with, to have the last word."""


async def run_interactive(submission: Submission, planned: tuple[PlannedTest, ...]) -> AsyncGenerator[TestOutcome]:
    """Both sides start afresh for each test."""
    program = submission.spec.interactor
    if program is None:
        raise AuthorProgramFailed("the exercise is interactive, and has no program to talk with")
    compiler = author_compiler(submission.sandboxes, submission.compiler, program)
    async with await submission.sandbox() as sandbox:
        await submission.compile(sandbox)
        async with AuthorRunner(submission.sandboxes, compiler, program, "interactor") as interactor:
            for test in planned:
                yield await _talk(submission, sandbox, interactor, test)


async def _talk(
    submission: Submission, sandbox: Sandbox, interactor: AuthorRunner, planned: PlannedTest
) -> TestOutcome:
    to_learner, from_interactor = os.pipe()
    to_interactor, from_learner = os.pipe()
    test = planned.test
    files = {"input.txt": test.stdin} | ({} if test.expected is None else {"expected.txt": test.expected})
    theirs = Case(
        args=("input.txt", "", "expected.txt", str(planned.seed)),
        files=files,
        stdin_from=to_interactor,
        stdout_to=from_interactor,
        limits=replace(AUTHOR_LIMITS, wall_seconds=planned.case.limits.wall_seconds + _LATER_SECONDS),
    )
    learners = replace(planned.case, stdin_from=to_learner, stdout_to=from_learner)
    talking = (asyncio.ensure_future(interactor.run(theirs)), asyncio.ensure_future(_only(sandbox, learners)))
    try:
        await asyncio.sleep(0)  # both requests are sent: from here on the sandboxes hold the pipes' ends
        for end in (from_interactor, to_interactor, from_learner):
            os.close(end)
        opinion, output = await asyncio.gather(*talking)
    finally:
        for task in talking:
            task.cancel()
        os.close(to_learner)  # not earlier: an interactor that is left alone may still say what it thinks
    judgement = await judged(replace(planned, test=replace(test, expected=None)), submission.language, output)
    hung_up = judgement.verdict is Verdict.RE and opinion.result.ended_at < output.result.ended_at
    if judgement.verdict is Verdict.AC or hung_up:
        judgement = _opinion(test.name, opinion, visible=test.visible) or judgement
    return outcome_of(planned, submission.language, output, judgement)


async def _only(sandbox: Sandbox, case: Case) -> RunOutput:
    async for output in sandbox.run([case]):
        return output
    raise AssertionError("a sandbox answers once for each case")


def _opinion(name: str, finished: RunOutput, *, visible: bool) -> Judgement | None:
    """None: the interactor was hung up on, and has no opinion of its own."""
    result = finished.result
    if result.ending is Ending.EXIT and result.code in (ACCEPT, REFUSE):
        return judge_opinion(read_opinion(result.code, finished.stderr), visible=visible)
    if result.ending in (Ending.CPU, Ending.WALL, Ending.MEMORY) or result.killed_by is signal.SIGPIPE:
        return Judgement(verdict=Verdict.WA, message="The conversation did not come to its end.")
    raise AuthorProgramFailed(f"the interactor failed on test {name!r}: {describe(finished)}")
