"""From the raw facts of one run to its verdict. Pure."""

import signal
from dataclasses import dataclass

from codezest.grading.checkers import checker_for
from codezest.grading.display import shown
from codezest.grading.languages import Language
from codezest.grading.languages.native import SIGNAL_BASE
from codezest.grading.plan import PlannedTest
from codezest.grading.score import WORST_FIRST, score_of, status_of, worst
from codezest_db.enums import CheckerKind, Verdict
from codezest_sandbox import Ending, Limits, RunOutput

__all__ = ["NOT_RUN", "WORST_FIRST", "Judgement", "judge", "score_of", "status_of", "worst"]

NOT_RUN = "The test could not be run. This is our mistake, not yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict of one test and, unless accepted, why."""

    verdict: Verdict
    message: str | None = None
    earned: float | None = None
    """The share of the test's points, from 0 to 1; None: all for AC, else nothing."""

    @property
    def fraction(self) -> float:
        if self.earned is None:
            return 1.0 if self.verdict is Verdict.AC else 0.0
        return self.earned


def judge(planned: PlannedTest, language: Language, output: RunOutput) -> Judgement:
    """Judge one finished run. Limits come before crashes, crashes before wrong answers."""
    limits = planned.case.limits
    stopped = _limit_reached(output, limits)
    if stopped is not None:
        return stopped
    result = output.result
    status = SIGNAL_BASE + result.code if result.ending is Ending.SIGNAL else result.code
    if status != 0:
        stderr = language.clean_errors(shown(output.stderr, output.stderr_length, keep_end=True))
        crash = language.explain_crash(status, stderr)
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
        (
            result.ending is Ending.FILES,
            Verdict.OLE,
            f"The files your program made took more than {limits.file_bytes} bytes, or were too many.",
        ),
        (too_long, Verdict.OLE, f"Your program printed more than {limits.output_bytes} bytes."),
        (
            result.ending is Ending.MEMORY or result.memory_bytes > limits.memory_bytes,
            Verdict.MLE,
            f"Your program used more than {limits.memory_bytes / (1 << 20):g} MiB of memory.",
        ),
    )
    return next((Judgement(verdict=verdict, message=message) for met, verdict, message in checks if met), None)


def _compare(planned: PlannedTest, output: RunOutput) -> Judgement:
    test = planned.test
    if test.expected is None or test.checker is CheckerKind.CUSTOM:  # whose say comes later
        return Judgement(verdict=Verdict.AC)
    try:
        actual = output.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return Judgement(verdict=Verdict.WA, message="Your output is not text in UTF-8.")
    mismatch = checker_for(test.checker)(test.expected, actual, test.checker_options)
    if mismatch is None:
        return Judgement(verdict=Verdict.AC)
    return Judgement(verdict=Verdict.WA, message=mismatch.explain(reveal=test.visible))
