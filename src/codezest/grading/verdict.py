"""From raw facts to verdicts, status and score. Pure."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from codezest.grading.checkers import checker_for
from codezest.grading.display import shown
from codezest.grading.languages import Language
from codezest.grading.plan import PlannedTest
from codezest_db.enums import SubmissionStatus, Verdict
from codezest_sandbox import Ending, Limits, RunOutput

WORST_FIRST = (
    Verdict.IE,
    Verdict.CE,
    Verdict.RE,
    Verdict.MLE,
    Verdict.OLE,
    Verdict.TLE,
    Verdict.WA,
    Verdict.AC,
)


NOT_RUN = "The test could not be run. This is our mistake, not yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict of one test and, unless accepted, why."""

    verdict: Verdict
    message: str | None = None


def judge(planned: PlannedTest, language: Language, output: RunOutput) -> Judgement:
    """Judge one finished run. Limits come before crashes, crashes before wrong answers."""
    limits = planned.case.limits
    stopped = _limit_reached(output, limits)
    if stopped is not None:
        return stopped
    result = output.result
    if result.ending is Ending.SIGNAL:
        return Judgement(verdict=Verdict.RE, message=_explain_signal(result.killed_by))
    if result.code != 0:
        stderr = language.clean_errors(shown(output.stderr, output.stderr_length, keep_end=True))
        crash = language.explain_crash(result.code, stderr)
        return Judgement(verdict=crash.verdict, message=crash.message)
    return _compare(planned, output)


def _limit_reached(output: RunOutput, limits: Limits) -> Judgement | None:
    result = output.result
    too_long = max(output.stdout_length, output.stderr_length) > limits.output_bytes
    checks = (
        (result.ending is Ending.SETUP, Verdict.IE, NOT_RUN),
        (
            result.ending is Ending.CPU
            or result.killed_by is signal.SIGXCPU
            or result.cpu_seconds > limits.cpu_seconds,  # it ended before anybody looked
            Verdict.TLE,
            f"Your program was stopped after {limits.cpu_seconds:g} s of computing.",
        ),
        (
            result.ending is Ending.WALL,
            Verdict.TLE,
            f"Your program was stopped because it did not end within {limits.wall_seconds:g} s.",
        ),
        (
            result.killed_by is signal.SIGXFSZ and not too_long,
            Verdict.OLE,
            f"Your program wrote a file of more than {limits.largest_write} bytes.",
        ),
        (too_long, Verdict.OLE, f"Your program printed more than {limits.output_bytes} bytes."),
        (
            result.ending is Ending.MEMORY or result.memory_bytes > limits.memory_bytes,
            Verdict.MLE,
            f"Your program used more than {limits.memory_bytes / (1 << 20):g} MiB of memory.",
        ),
    )
    return next((Judgement(verdict=verdict, message=message) for met, verdict, message in checks if met), None)


def _explain_signal(number: signal.Signals | None) -> str:
    if number in (signal.SIGSEGV, signal.SIGBUS):
        return "Your program crashed: it touched memory that is not its own, often after endless recursion."
    if number is signal.SIGSYS:
        return "Your program was stopped: it called the system in a way that is not allowed here."
    name = number.name if number is not None else "an unknown signal"
    return f"Your program was ended by {name}."


def _compare(planned: PlannedTest, output: RunOutput) -> Judgement:
    test = planned.test
    if test.expected is None:
        return Judgement(verdict=Verdict.AC)
    try:
        actual = output.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return Judgement(verdict=Verdict.WA, message="Your output is not text in UTF-8.")
    mismatch = checker_for(test.checker)(test.expected, actual, test.checker_options)
    if mismatch is None:
        return Judgement(verdict=Verdict.AC)
    return Judgement(verdict=Verdict.WA, message=mismatch.explain(reveal=test.visible))


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """AC for none at all: nothing was asked."""
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.AC)


def status_of(verdicts: Sequence[Verdict]) -> SubmissionStatus:
    """All accepted: PASSED. Any internal error: ERROR, to be tried again. Otherwise, compile errors included: FAILED."""
    if Verdict.IE in verdicts:
        return SubmissionStatus.ERROR
    return SubmissionStatus.PASSED if worst(verdicts) is Verdict.AC else SubmissionStatus.FAILED


def score_of(verdicts: Sequence[Verdict], points: Sequence[int], max_score: int) -> int:
    """Points earned as a share of `max_score`, rounded down; all of it only when every test is accepted."""
    if all(verdict is Verdict.AC for verdict in verdicts):
        return max_score
    total = sum(points)
    earned = sum(value for verdict, value in zip(verdicts, points, strict=True) if verdict is Verdict.AC)
    if total == 0:
        return 0
    return min(max_score * earned // total, max(max_score - 1, 0))
