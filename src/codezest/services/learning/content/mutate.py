"""Asks how good an assignment's tests are: which small mistakes in its solution would they let pass?"""

from collections.abc import Callable
from dataclasses import dataclass, field

from codezest.grading import Grader, LanguageUnavailable, UnknownLanguageError
from codezest.grading.mutation import Fate, MutationScore, TriedMutant, mutants, try_mutants
from codezest.grading.rules import RuleError, TooComplex
from codezest.services.learning.content.check import grading_spec
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.model import AssignmentContent
from codezest.services.learning.grading_spec import source_of
from codezest_db.enums import AssignmentKind, Verdict

MOST_MUTANTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentMutation:
    """What became of the mutants of one assignment's solution."""

    name: str
    """``python/basics/calculator``."""
    folder: str
    """Of the solution, relative to the content."""
    score: MutationScore
    skipped: str | None = None
    """Why its solution was not mutated."""

    @property
    def lines(self) -> list[str]:
        """The ratio on a line, then each survivor with its change."""
        if self.skipped is not None:
            return [f"{self.name}: not mutated: {self.skipped}"]
        killed, survived = self.score.count(Fate.KILLED), self.score.count(Fate.SURVIVED)
        aside = [
            f"{count} {words}"
            for fate, words in ((Fate.INVALID, "did not compile"), (Fate.NOT_RUN, "could not be run"))
            if (count := self.score.count(fate))
        ]
        rest = f" ({', '.join(aside)})" if aside else ""
        summary = f"{self.name}: {killed} of {killed + survived} mutants killed, {self.score.ratio:.0%}{rest}"
        return [summary, *(line for tried in self.score.survivors for line in self._survivor(tried))]

    def _survivor(self, tried: TriedMutant) -> list[str]:
        mutant = tried.mutant
        changes = [line for line in mutant.diff.splitlines() if not line.startswith(("---", "+++"))]
        return [
            f"  lives: {self.folder}/{mutant.file}:{mutant.line}: {mutant.operator}",
            *(f"    {line}" for line in changes),
        ]


@dataclass(slots=True)
class MutationReport:
    assignments: list[AssignmentMutation] = field(default_factory=list[AssignmentMutation])

    def below(self, ratio: float) -> list[AssignmentMutation]:
        """Those whose tests kill a smaller share than asked for, or could not be asked."""
        return [one for one in self.assignments if one.skipped is not None or one.score.ratio < ratio]


async def mutate(
    content: LoadedContent,
    grader: Grader,
    *,
    most: int = MOST_MUTANTS,
    seed: int = 0,
    on_assignment: Callable[[AssignmentMutation], None] | None = None,
) -> MutationReport:
    """Try the mutants of every solution; the grader must have been started.

    Args:
        content: what was loaded and, as far as its solutions go, is right.
        grader: runs several mutants at a time.
        most: mutants of each solution.
        seed: decides which, when there are more.
        on_assignment: called as each assignment is done, in order.
    """
    report = MutationReport()
    for language in content.trees:
        for module in language.modules:
            for assignment in module.assignments:
                if assignment.kind is not AssignmentKind.CODE:
                    continue
                name = f"{language.slug}/{module.slug}/{assignment.slug}"
                folder = (assignment.path / "solution").relative_to(content.root).as_posix()
                score, skipped = await _score(assignment, grader, most=most, seed=seed)
                report.assignments.append(AssignmentMutation(name=name, folder=folder, score=score, skipped=skipped))
                if on_assignment is not None:
                    on_assignment(report.assignments[-1])
    return report


async def _score(
    assignment: AssignmentContent, grader: Grader, *, most: int, seed: int
) -> tuple[MutationScore, str | None]:
    spec = grading_spec(assignment)
    source = source_of(spec, assignment.solution_code, assignment.solution_files)
    try:
        solution = await grader.grade(spec, source)
        if solution.verdict is not Verdict.AC:
            return MutationScore(()), f"the solution gets {solution.verdict}"
        sources = {assignment.main: source} if isinstance(source, str) else source
        found = mutants(assignment.language, sources, most=most, seed=seed)
        return await try_mutants(grader, spec, found, solution=solution), None
    except (LanguageUnavailable, UnknownLanguageError, RuleError, TooComplex) as error:
        return MutationScore(()), str(error)
