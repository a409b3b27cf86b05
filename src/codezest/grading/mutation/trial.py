"""Runs mutants against the tests of the assignment."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from codezest.grading.grade import Grade, TestOutcome
from codezest.grading.grader import Grader
from codezest.grading.mutation.mutants import Mutant
from codezest.grading.spec import GradingSpec
from codezest_db.enums import Verdict

_LEAST_SECONDS = 0.5
_TIMES_THE_SOLUTION = 10
_AT_A_TIME = 8
"""More than the grader runs: one is ready as another ends."""


class Fate(StrEnum):
    KILLED = "KILLED"
    """A test failed: the tests tell it from the solution."""
    SURVIVED = "SURVIVED"
    INVALID = "INVALID"
    """It does not compile, and says nothing about the tests."""
    NOT_RUN = "NOT_RUN"
    """The grader could not run it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedMutant:
    mutant: Mutant
    fate: Fate
    verdict: Verdict
    killer: str | None = None
    """Name of the test that failed first."""


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How the mutants of one solution fared."""

    tried: tuple[TriedMutant, ...] = field(repr=False)

    def count(self, fate: Fate) -> int:
        return sum(one.fate is fate for one in self.tried)

    @property
    def survivors(self) -> tuple[TriedMutant, ...]:
        return tuple(one for one in self.tried if one.fate is Fate.SURVIVED)

    @property
    def ratio(self) -> float:
        """Killed among those that compiled and could be run; 1 when there were none."""
        killed = self.count(Fate.KILLED)
        judged = killed + self.count(Fate.SURVIVED)
        return killed / judged if judged else 1.0


class _Killed(Exception):
    """A test failed; the others need not be run."""

    def __init__(self, outcome: TestOutcome) -> None:
        super().__init__(outcome.name)
        self.outcome = outcome


async def try_mutants(
    grader: Grader,
    spec: GradingSpec,
    found: Sequence[Mutant],
    *,
    solution: Grade,
    on_tried: Callable[[TriedMutant], None] | None = None,
) -> MutationScore:
    """Run every mutant until a test fails, several at a time.

    Args:
        grader: a started one.
        spec: the assignment's. Its static rules are left out: the question is what its tests notice.
        found: mutants of the solution.
        solution: how the solution itself fared. A mutant that computes much longer is looping, and is stopped.
        on_tried: called as each one ends, in no particular order.
    """
    hurried = _hurried(spec, solution)
    places = asyncio.Semaphore(_AT_A_TIME)

    async def one(mutant: Mutant) -> TriedMutant:
        async with places:
            tried = await _try(grader, hurried, mutant)
        if on_tried is not None:
            on_tried(tried)
        return tried

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(mutant)) for mutant in found]
    return MutationScore(tuple(task.result() for task in tasks))


async def _try(grader: Grader, spec: GradingSpec, mutant: Mutant) -> TriedMutant:
    def stop_at_a_failure(outcome: TestOutcome) -> None:
        if outcome.verdict not in {Verdict.AC, Verdict.IE}:
            raise _Killed(outcome)

    try:
        grade = await grader.grade(spec, _source(mutant.sources), stop_at_a_failure)
    except _Killed as killed:
        outcome = killed.outcome
        return TriedMutant(mutant=mutant, fate=Fate.KILLED, verdict=outcome.verdict, killer=outcome.name)
    fates = {Verdict.AC: Fate.SURVIVED, Verdict.CE: Fate.INVALID, Verdict.IE: Fate.NOT_RUN}
    return TriedMutant(mutant=mutant, fate=fates.get(grade.verdict, Fate.KILLED), verdict=grade.verdict)


def _source(sources: Mapping[str, str]) -> str | Mapping[str, str]:
    return next(iter(sources.values())) if len(sources) == 1 else sources


def _hurried(spec: GradingSpec, solution: Grade) -> GradingSpec:
    """The specification with less patience: what loops shall not take all the time that learners have."""
    slowest = max((outcome.time_ms for outcome in solution.outcomes), default=0) / 1000
    seconds = max(_LEAST_SECONDS, _TIMES_THE_SOLUTION * slowest)
    limits = spec.limits
    patience = limits.wall_seconds / limits.cpu_seconds
    tests = tuple(
        test if test.cpu_seconds is None else replace(test, cpu_seconds=min(test.cpu_seconds, seconds))
        for test in spec.tests
    )
    cpu_seconds = min(limits.cpu_seconds, seconds)
    wall_seconds = max(patience * cpu_seconds, min(limits.wall_seconds, 3.0))
    return replace(
        spec, tests=tests, rules=(), limits=replace(limits, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
    )
