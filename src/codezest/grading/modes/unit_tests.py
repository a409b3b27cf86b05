"""UNIT_TESTS: the author's test functions, in a sandbox of their own, use the learner's code in another.

A test of the specification names a test function; several parametrised ones may share its name, and all must pass. The tests
share a process on each side, so long as that of the learner lives; `strict` gives every test a pair of its own.
"""

import asyncio
import json
import re
import socket
import struct
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from typing import Any

from codezest.grading.author_program import AUTHOR_LIMITS, AuthorProgramFailed, AuthorRunner, describe
from codezest.grading.compiling import CompileFailed, Compiler
from codezest.grading.display import shown
from codezest.grading.grade import TestOutcome
from codezest.grading.harness import HARNESSES, Harness
from codezest.grading.modes.submission import Submission
from codezest.grading.plan import PlannedTest, compile_limits_of
from codezest.grading.score import Mark, earned_points
from codezest.grading.spec import AuthorProgram
from codezest.grading.verdict import Judgement, judge
from codezest_db.enums import Verdict
from codezest_sandbox import Ending, Limits, RunOutput
from codezest_sandbox.connection import Case, Sandbox

_LATER_SECONDS = 10.0
"""How much longer the tests may live than the code they test."""
_FAREWELL_SECONDS = 1.0
"""How long the learner's process may take to end when the tests have."""
_HIDDEN = {
    Verdict.WA: "The test is not content with your program.",
    Verdict.RE: "Your program failed in this test.",
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """What came of one run of both sides."""

    reports: Sequence[dict[str, Any]]
    broken: dict[str, Any] | None
    tests: RunOutput
    learners: RunOutput | None
    """None: it went on when the tests had ended, and was cut off."""


async def run_unit_tests(submission: Submission, planned: tuple[PlannedTest, ...]) -> AsyncGenerator[TestOutcome]:
    """Outcomes in the order planned. See `Mode` for what is raised."""
    harness = HARNESSES.get(submission.spec.language)
    if harness is None or not submission.spec.unit_tests:
        raise AuthorProgramFailed("there are no unit tests, or none can be run in this language")
    async with AsyncExitStack() as stack:
        compiler = replace(submission.compiler, language=harness.language_for(submission.language), service=None)
        learners = _Learners(submission, compiler, harness)
        stack.push_async_callback(learners.close)
        sandbox = await learners.ready()  # the learner's own mistakes come first
        shape = await _shape(harness, sandbox)
        try:
            side = harness.tests(submission.spec.unit_tests, submission.sources, submission.entry, shape)
        except ValueError as error:
            raise CompileFailed("A name in your program is one that the tests could not use.\n") from error
        files = {side.entry: side.files[side.entry], **side.files}
        program = AuthorProgram(language=harness.language, files=files)
        runner = AuthorRunner(submission.sandboxes, compiler, program, "unit tests")
        try:
            tests = await stack.enter_async_context(runner)
        except AuthorProgramFailed as error:
            if not harness.describes:
                raise
            raise CompileFailed(_not_fitting(str(error))) from error
        left = list(planned)
        alone = submission.spec.strict
        while left:
            batch = left[:1] if alone else _together_in_order(harness, left)
            pair = await _run_pair(harness, submission, learners, tests, batch, shape)
            outcomes = _outcomes(submission, batch, pair)
            for outcome in outcomes:
                yield outcome
            ended = {outcome.index for outcome in outcomes}
            left = [test for test in left if test.index not in ended]
            # Where the tests themselves came to no end, each may only use up its own time from here on, and not that of all.
            alone = alone or pair.tests.result.ending in (Ending.CPU, Ending.WALL)


def _together_in_order(harness: Harness, left: Sequence[PlannedTest]) -> Sequence[PlannedTest]:
    """Tests that may share processes: what a hidden one hands to the learner's code must not reach what is shown later."""
    if harness.keeps_order:
        return left
    return [test for test in left if test.test.visible is left[0].test.visible]


class _Learners:
    """The learner's sandbox, made anew when its process had to be cut off."""

    def __init__(self, submission: Submission, compiler: Compiler, harness: Harness) -> None:
        self._submission = submission
        self._compiler = compiler
        self._side = harness.learners(submission.sources, submission.entry)
        self._sandbox: Sandbox | None = None

    async def ready(self) -> Sandbox:
        """Raises CompileFailed, SandboxDied."""
        if self._sandbox is None:
            self._sandbox = await self._submission.sandboxes.take(self._compiler.language)
            limits = compile_limits_of(self._submission.spec.limits)
            said = await self._compiler.compile(self._sandbox, self._side.files, self._side.entry, limits)
            if not self._submission.said:
                self._submission.said.append(said)
        return self._sandbox

    async def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


async def _shape(harness: Harness, sandbox: Sandbox) -> str:
    """Of the learner's classes, as their side describes them without running them."""
    if not harness.describes:
        return ""
    output = await _only(sandbox, Case(args=harness.describes, limits=AUTHOR_LIMITS))
    if output.result.ending is not Ending.EXIT or output.result.code:
        raise AuthorProgramFailed(f"the classes cannot be described: {describe(output)}")
    return output.stdout.decode(errors="replace")


def _not_fitting(said: str) -> str:
    """Why tests do not fit classes, without a line of the tests."""
    kept = [line.strip() for line in said.splitlines() if line.strip().startswith(("symbol:", "location:"))]
    told = "\n".join(dict.fromkeys(kept))
    return f"The tests use something of your program that is not there, or is of another type.\n{told}\n"


async def _run_pair(  # noqa: PLR0917  # one place where two processes meet
    harness: Harness,
    submission: Submission,
    learners: _Learners,
    tests: AuthorRunner,
    batch: Sequence[PlannedTest],
    shape: str,
) -> _Pair:
    sandbox = await learners.ready()
    spec = submission.spec
    limits = _together([test.case.limits for test in batch])
    asked = [(test.test.name, test.case.limits.wall_seconds) for test in batch]
    request = harness.request(asked, spec.unit_tests, submission.sources, shape)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    longest = max(seconds for _, seconds in asked)
    patience = struct.pack("ll", int(longest), int(longest % 1 * 1e6) + 1)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # where a runner cannot wait with a time limit
        ours.setsockopt(socket.SOL_SOCKET, option, patience)
    with ours, theirs:
        later = replace(
            AUTHOR_LIMITS, wall_seconds=limits.wall_seconds + _LATER_SECONDS, cpu_seconds=limits.wall_seconds
        )
        testing = asyncio.ensure_future(tests.run(_joined(harness, Case(args=request, limits=later), ours)))
        tested = asyncio.ensure_future(_only(sandbox, _joined(harness, Case(limits=limits), theirs)))
        await asyncio.sleep(0)  # both requests are sent: from here on only the sandboxes hold the ends
    try:
        output = await testing
        done, _ = await asyncio.wait([tested], timeout=_FAREWELL_SECONDS)
        if not done:
            await learners.close()
    finally:
        testing.cancel()
        tested.cancel()
    reports = _reports(output.stderr if harness.link_is_standard else output.stdout)
    broken = next((report for report in reports if "broken" in report), None)
    return _Pair(
        reports=[report for report in reports if "outcome" in report],
        broken=broken,
        tests=output,
        learners=tested.result() if done else None,
    )


async def _only(sandbox: Sandbox, case: Case) -> RunOutput:
    async with aclosing(sandbox.run([case])) as outputs:
        async for output in outputs:
            return output
    raise AssertionError("a sandbox answers once for each case")


def _together(limits: Sequence[Limits]) -> Limits:
    """Of one process for several tests. How long each may take is watched by the tests' side."""
    return replace(
        limits[0],
        cpu_seconds=sum(limit.cpu_seconds for limit in limits),
        wall_seconds=sum(limit.wall_seconds for limit in limits) + _LATER_SECONDS,
        memory_bytes=max(limit.memory_bytes for limit in limits),
        output_bytes=max(limit.output_bytes for limit in limits),
    )


def _joined(harness: Harness, case: Case, end: socket.socket) -> Case:
    if harness.link_is_standard:
        return replace(case, stdin_from=end.fileno(), stdout_to=end.fileno())
    return replace(case, link=end.fileno())


def _reports(said: bytes) -> list[dict[str, Any]]:
    """Written by our own runner: what is no report was cut off by a limit."""
    reports: list[dict[str, Any]] = []
    for line in said.decode(errors="replace").split("\n")[:-1]:
        try:
            reports.append(json.loads(line))
        except ValueError:
            break
    return reports


def _outcomes(submission: Submission, batch: Sequence[PlannedTest], pair: _Pair) -> list[TestOutcome]:
    """Of at least one test of the batch; the others are to be run again."""
    by_name = {report["test"]: report for report in pair.reports}
    if pair.broken is not None:
        by_name.pop(pair.broken["test"], None)  # another test of that name has passed before
    told = [test for test in batch if test.test.name in by_name]
    outcomes = [_outcome(test, _judged(by_name[test.test.name]), by_name[test.test.name], pair) for test in told]
    rest = [test for test in batch if test.test.name not in by_name]
    if not rest:
        return outcomes
    broken = pair.broken or {"broken": "tests ended", "test": rest[0].test.name}
    if broken["broken"] == "tests":
        raise AuthorProgramFailed(f"the unit tests cannot be run: {broken.get('message')}")
    if not pair.reports and pair.broken is None and pair.tests.result.ending is Ending.EXIT:
        raise AuthorProgramFailed(f"the unit tests reported nothing: {describe(pair.tests)}")
    fallen = [test for test in rest if test.test.name == broken["test"]] or rest  # at import, every test falls
    return outcomes + [_outcome(test, _fallen(submission, test, broken, pair), broken, pair) for test in fallen]


def _judged(report: dict[str, Any]) -> Judgement:
    message = str(report.get("message") or "")
    if report["outcome"] == "passed":
        return Judgement(verdict=Verdict.AC)
    if report["outcome"] == "missing":
        raise AuthorProgramFailed(f"there is no test function {report['test']!r}. {message}")
    if report["outcome"] == "skipped":
        return Judgement(verdict=Verdict.WA, message=f"The test was skipped. {message}")
    return Judgement(verdict=Verdict.RE if report["kind"] == "raised" else Verdict.WA, message=message)


def _fallen(submission: Submission, planned: PlannedTest, broken: dict[str, Any], pair: _Pair) -> Judgement:
    """Of a test in which one of the two processes was lost."""
    how = broken["broken"]
    if how == "late":
        seconds = planned.case.limits.wall_seconds
        return Judgement(verdict=Verdict.TLE, message=f"Your program did not answer within {seconds:g} s.")
    if how == "nonsense":
        return Judgement(verdict=Verdict.RE, message="Your program disturbed its connection with the tests.")
    if how == "hidden":
        name = re.split(r"[.$]", str(broken["message"]))[-1]
        return Judgement(verdict=Verdict.RE, message=f"Your class {name} has the name of a class that the tests use.")
    if how == "tests ended":
        return Judgement(verdict=Verdict.RE, message="The test could not go on with what your program returned.")
    if pair.learners is not None:
        case = replace(planned.case, limits=_together([planned.case.limits]))
        test = replace(planned.test, expected=None)
        judgement = judge(replace(planned, case=case, test=test), submission.language, pair.learners)
        if judgement.verdict is not Verdict.AC:
            return judgement
    return Judgement(verdict=Verdict.RE, message="Your program ended in the middle of the test.")


def _outcome(planned: PlannedTest, judgement: Judgement, report: dict[str, Any], pair: _Pair) -> TestOutcome:
    test = planned.test
    message = judgement.message
    if not test.visible and message is not None:
        message = _HIDDEN.get(judgement.verdict, message)
    printed = str(report.get("printed") or "") if test.visible else ""
    mark = Mark(verdict=judgement.verdict, points=test.points, fraction=judgement.fraction)
    return TestOutcome(
        index=planned.index,
        name=test.name,
        verdict=judgement.verdict,
        points=earned_points(mark),
        max_points=test.points,
        time_ms=round(float(report.get("seconds") or 0) * 1000),
        memory_kb=0 if pair.learners is None else pair.learners.result.memory_bytes // 1024,
        visible=test.visible,
        stdout=shown(printed.encode(errors="replace")),
        stderr="",
        group=test.group,
        bonus=test.bonus,
        fraction=judgement.earned,
        message=None if message is None else shown(message.encode(errors="replace")),
    )
