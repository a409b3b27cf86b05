"""CUSTOM: a program of the author decides, in a sandbox of its own.

It starts in a directory with `input.txt`, `output.txt` (what the learner's program printed) and, where the test has one,
`expected.txt`; its arguments are these names, then the seed. It accepts by exit status 42 and refuses by 43, as in the
Kattis problem format, so that a crash is never taken for an opinion: anything else is a fault of the checker, for which
nobody's program is blamed. The first line of its output may say `score 0.25`: the share of the test's points. What else
it prints is told to the learner.
"""

import re
from dataclasses import dataclass

from codezest.grading.author_program import AUTHOR_LIMITS, AuthorProgramFailed, AuthorRunner, describe
from codezest.grading.display import shown
from codezest.grading.plan import PlannedTest
from codezest.grading.verdict import Judgement
from codezest_db.enums import Verdict
from codezest_sandbox import Ending, RunOutput
from codezest_sandbox.connection import Case

_SCORE = re.compile(r"score[ \t]+(\d+(?:\.\d+)?|\.\d+)[ \t]*(?:\n|$)")
_LONGEST_MESSAGE = 2000
ACCEPT, REFUSE = 42, 43


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an author's program said of a run."""

    accepted: bool
    fraction: float
    message: str | None


def read_opinion(status: int, said: bytes) -> Opinion:
    """Read exit status and words. Status is ACCEPT or REFUSE.

    An accepted run earns everything unless a score is named; a refused one nothing. A score of 1 or more is everything.
    """
    text = shown(said[: 4 * _LONGEST_MESSAGE]).strip()
    accepted = status == ACCEPT
    fraction = 1.0 if accepted else 0.0
    score = _SCORE.match(text)
    if score is not None:
        fraction = min(1.0, float(score[1]))
        text = text[score.end() :].strip()
    return Opinion(accepted, fraction, text[:_LONGEST_MESSAGE] or None)


def judge_opinion(opinion: Opinion, *, visible: bool) -> Judgement:
    """AC only for all of the points: what is worth a part is not right."""
    message = opinion.message if visible else None
    if opinion.accepted and opinion.fraction >= 1.0:
        return Judgement(verdict=Verdict.AC)
    fallback = "Your answer is right in part." if opinion.fraction > 0 else "Your answer is not right."
    return Judgement(verdict=Verdict.WA, message=message or fallback, earned=opinion.fraction)


async def judge_by_checker(checker: AuthorRunner, planned: PlannedTest, output: RunOutput) -> Judgement:
    """Ask the checker about a program that ended normally.

    Raises:
        AuthorProgramFailed: the checker crashed.
        SandboxDied: see there.
    """
    test = planned.test
    try:
        printed = output.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return Judgement(verdict=Verdict.WA, message="Your output is not text in UTF-8.")
    files = {"input.txt": test.stdin, "output.txt": printed}
    if test.expected is not None:
        files["expected.txt"] = test.expected
    args = ("input.txt", "output.txt", "expected.txt", str(planned.seed))
    finished = await checker.run(Case(args=args, files=files, limits=AUTHOR_LIMITS))
    result = finished.result
    if result.ending in (Ending.CPU, Ending.WALL, Ending.MEMORY):
        # A program cannot gain by an output that no checker can read, and must not be tried again for ever.
        return Judgement(verdict=Verdict.WA, message="Your output is too much for this exercise's checker.")
    if result.ending is not Ending.EXIT or result.code not in (ACCEPT, REFUSE):
        raise AuthorProgramFailed(f"the checker failed on test {test.name!r}: {describe(finished)}")
    return judge_opinion(read_opinion(result.code, finished.stdout), visible=test.visible)
