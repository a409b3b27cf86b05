"""Proves content by running it: solutions pass, starters fail, wrong solutions fail for exactly the reason they name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codezest.grading import (
    Grade,
    Grader,
    GradingLimits,
    GradingSpec,
    LanguageUnavailable,
    TestSpec,
    UnknownLanguageError,
)
from codezest.services.learning.content.columns import assignment_columns, test_columns
from codezest.services.learning.content.example import Example
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.model import (
    AssignmentContent,
    CourseContent,
    LanguageContent,
    QuestionContent,
    WrongSolution,
)
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.grading_spec import assignment_spec, question_spec, source_of
from codezest.services.learning.questions.programs import CodeKey, code_key
from codezest_db.enums import AssignmentKind, Verdict
from codezest_db.models.learning import Assignment, AssignmentTest

EXAMPLE_POINTS = 1


@dataclass(slots=True)
class CheckReport:
    """What was proven, and what was not."""

    problems: list[Problem] = field(default_factory=list[Problem])
    solutions: int = 0
    starters: int = 0
    wrong: int = 0
    examples: int = 0
    questions: int = 0
    runtimes: set[str] = field(default_factory=set[str])

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def lines(self) -> list[str]:
        summary = (
            f"{self.solutions} solutions, {self.starters} starters, {self.wrong} wrong solutions, "
            f"{self.examples} examples and the solutions of {self.questions} questions were run ({', '.join(sorted(self.runtimes)) or 'nothing to run'})"
        )
        verdict = "all as they should be" if self.ok else f"{len(self.problems)} not as they should be"
        return [*map(str, self.problems), f"{summary}: {verdict}"]


async def check(content: LoadedContent, grader: Grader) -> CheckReport:
    """Run every program of the content; the grader must have been started."""
    checker = _Checker(content.root, grader)
    for language in content.trees:
        await checker.language(language)
    return checker.report


class _Checker:
    def __init__(self, root: Path, grader: Grader) -> None:
        self._root = root
        self._grader = grader
        self.report = CheckReport()

    def _problem(self, path: Path, line: int | None, message: str) -> None:
        self.report.problems.append(Problem(path.relative_to(self._root).as_posix(), line, message))

    async def _grade(self, spec: GradingSpec, source: str | Mapping[str, str]) -> Grade:
        grade = await self._grader.grade(spec, source)
        self.report.runtimes.add(grade.runtime)
        return grade

    async def language(self, language: LanguageContent | CourseContent) -> None:
        for module in language.modules:
            for material in module.materials:
                for example in material.examples:
                    try:
                        await self._example(example, language.runtime)
                    except (LanguageUnavailable, UnknownLanguageError) as error:
                        self._problem(example.path, example.line, f"this program cannot be run: {error}")
            for assignment in module.assignments:
                try:
                    await self._assignment(assignment)
                except (LanguageUnavailable, UnknownLanguageError) as error:
                    self._problem(assignment.path / "assignment.toml", None, f"its programs cannot be run: {error}")

            for quiz in module.quizzes:
                await self._questions(quiz.questions)
        await self._questions(language.bank)

    async def _questions(self, questions: Sequence[QuestionContent]) -> None:
        for question in questions:
            key = code_key(question.type, question.stored.get("answer_key", question.answer_key))
            if key is None or question.place is None:
                continue
            try:
                await self._program_question(question.place, question.key, key)
            except (LanguageUnavailable, UnknownLanguageError) as error:
                self._problem(*question.place, f"the programs of {question.key!r} cannot be run: {error}")

    async def _program_question(self, place: tuple[Path, int], name: str, key: CodeKey) -> None:
        spec = question_spec(key, visible_only=False)
        solution = await self._grade(spec, key.solution)
        self.report.questions += 1
        if solution.verdict is not Verdict.AC:
            failed = [repr(outcome.name) for outcome in solution.outcomes if outcome.verdict is not Verdict.AC]
            tests = ", ".join(failed) or "every test"
            self._problem(*place, f"the solution of {name!r} fails {tests}: {_reason(solution)}")
        if key.starter.strip() and (await self._grade(spec, key.starter)).verdict is Verdict.AC:
            self._problem(*place, f"the starter of {name!r} passes every test: leave something for the learner to do")

    async def _example(self, example: Example, runtime: str) -> None:
        test = TestSpec(name="example", stdin=example.stdin, expected=example.expected, points=EXAMPLE_POINTS)
        spec = GradingSpec(language=runtime, tests=(test,), limits=GradingLimits(), max_score=EXAMPLE_POINTS)
        grade = await self._grade(spec, example.code)
        self.report.examples += 1
        if grade.verdict == Verdict.WA:
            printed = grade.outcomes[0].stdout
            message = f"this program prints {printed!r}, but the text says {example.expected!r}: correct one of them"
            self._problem(example.path, example.line, message)
        elif grade.verdict != Verdict.AC:
            self._problem(example.path, example.line, f"this program does not end normally: {_reason(grade)}")

    async def _assignment(self, assignment: AssignmentContent) -> None:
        if assignment.kind is not AssignmentKind.CODE:
            return
        spec = grading_spec(assignment)
        solution = await self._grade(spec, source_of(spec, assignment.solution_code, assignment.solution_files))
        self.report.solutions += 1
        for name, verdict in _failures(assignment, solution):
            path = assignment.path / "solution" / assignment.main
            self._problem(path, None, f"the solution fails the test {name!r} with {verdict}: {_reason(solution)}")
        starter = await self._grade(spec, source_of(spec, assignment.starter_code, assignment.starter_files))
        self.report.starters += 1
        if not list(_failures(assignment, starter)):
            path = assignment.path / "start" / assignment.main
            self._problem(path, None, "the starter passes every test: leave something for the learner to do")
        for wrong in assignment.wrong:
            await self._wrong(assignment, wrong, spec)

    async def _wrong(self, assignment: AssignmentContent, wrong: WrongSolution, spec: GradingSpec) -> None:
        grade = await self._grade(spec, source_of(spec, wrong.code, wrong.files))
        self.report.wrong += 1
        path = assignment.path / "wrong" / wrong.name
        failed = dict(_failures(assignment, grade))
        for key in wrong.fails:
            if key not in failed:
                self._problem(path, None, f"it passes the test {key!r}, which assignment.toml says it fails")
        for key, verdict in failed.items():
            if key not in wrong.fails:
                message = (
                    f"it fails the test {key!r} with {verdict}, which assignment.toml does not say: {_reason(grade)}"
                )
                self._problem(path, None, message)
            elif verdict != wrong.verdict:
                message = f"it fails the test {key!r} with {verdict}, but assignment.toml says {wrong.verdict}"
                self._problem(path, None, message)


def grading_spec(assignment: AssignmentContent) -> GradingSpec:
    """What an assignment is graded by as it stands in the folder: the same as once it is stored."""
    row = Assignment(**assignment_columns(assignment, assignment.id))
    tests = [AssignmentTest(**test_columns(test, position)) for position, test in enumerate(assignment.tests, start=1)]
    return assignment_spec(row, tests, language=assignment.language, max_score=assignment.max_score)


def _failures(assignment: AssignmentContent, grade: Grade) -> Iterator[tuple[str, Verdict]]:
    """Key and verdict of every test that was not accepted; a program that does not compile fails them all."""
    verdicts = {outcome.index: outcome.verdict for outcome in grade.outcomes}
    for index, test in enumerate(assignment.tests):
        verdict = verdicts.get(index, grade.verdict)
        if verdict != Verdict.AC:
            yield test.key, verdict


def _reason(grade: Grade) -> str:
    """The last thing the program said about its failure."""
    if grade.compile_output:
        return grade.compile_output.strip().splitlines()[-1]
    for outcome in grade.outcomes:
        if outcome.verdict != Verdict.AC:
            said = outcome.stderr.strip().splitlines()
            return outcome.message or (said[-1] if said else f"it printed {outcome.stdout!r}")
    return str(grade.verdict)
