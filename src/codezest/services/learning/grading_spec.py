"""What a program is graded by, put together from the rows of its assignment. Pure: rows in, specification out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from codezest.grading import GradingLimits, GradingSpec, TestSpec
from codezest.grading.rules import StaticRule
from codezest.grading.spec import AuthorProgram, GeneratedInput, TestGroup
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.questions.programs import CodeKey, name_of_test
from codezest_db.enums import GradingMode, GroupPolicy
from codezest_db.models.learning import Assignment, AssignmentTest

PLAYGROUND_TEST = "Your program"


def assignment_spec(
    assignment: Assignment, tests: Sequence[AssignmentTest], *, language: str, max_score: int
) -> GradingSpec:
    """The specification of an assignment.

    Args:
        assignment: the row; what a test leaves open is taken from it.
        tests: those to grade by, in order: all, or the visible ones of a trial.
        language: key of the grader's language that the program is written in.
        max_score: what full marks are worth.
    """
    harness = assignment.harness
    return GradingSpec(
        language=language,
        tests=tuple(_test(assignment, test) for test in tests),
        limits=_limits(assignment),
        max_score=max_score,
        mode=assignment.grading_mode,
        function=assignment.function_name,
        checker_program=_program(harness.get("checker")),
        interactor=_program(harness.get("interactor")),
        unit_tests=dict(sorted((harness.get("unit_tests") or {}).items())),
        support_files=dict(sorted((harness.get("support_files") or {}).items())),
        rules=tuple(StaticRule(**rule) for rule in assignment.rules),
        groups=tuple(
            TestGroup(name=group["name"], policy=GroupPolicy(group["policy"]), points=group.get("points"))
            for group in assignment.test_groups
        ),
        seed=assignment.seed,
        strict=assignment.separate_processes,
    )


def own_input_spec(assignment: Assignment, *, language: str, stdin: str, max_score: int) -> GradingSpec:
    """The specification of one run of a learner's program on input of their own: within the assignment's limits, beside the
    author's files, and nothing else of it. No test takes part, so none can be found out.
    """
    return GradingSpec(
        language=language,
        tests=(TestSpec(name=PLAYGROUND_TEST, stdin=stdin, points=0),),
        limits=_limits(assignment),
        max_score=max_score,
        support_files=dict(sorted((assignment.harness.get("support_files") or {}).items())),
        strict=assignment.separate_processes,
    )


def playground_spec(*, language: str, stdin: str, max_score: int) -> GradingSpec:
    """The specification of a program that is only run, on the input given."""
    return GradingSpec(
        language=language, tests=(TestSpec(name=PLAYGROUND_TEST, stdin=stdin, points=0),), max_score=max_score
    )


def question_spec(key: CodeKey, *, visible_only: bool) -> GradingSpec:
    """The specification of a question that is answered by a program: all of its tests, or those that learners see."""
    tests = tuple(
        TestSpec(
            name=name_of_test(test, number),
            stdin=test.input,
            expected=test.expected,
            points=test.points,
            visible=test.visible,
            arguments=None if test.arguments is None else tuple(test.arguments),
        )
        for number, test in enumerate(key.tests, start=1)
        if test.visible or not visible_only
    )
    limits = GradingLimits()
    if key.cpu_seconds is not None:
        waits = limits.wall_seconds / limits.cpu_seconds
        limits = replace(limits, cpu_seconds=key.cpu_seconds, wall_seconds=key.cpu_seconds * waits)
    return GradingSpec(
        language=key.language,
        tests=tests,
        limits=limits,
        max_score=sum(test.points for test in tests),
        mode=GradingMode(key.mode),
        function=key.function,
        strict=True,
    )


def source_of(spec: GradingSpec, code: str, files: Mapping[str, str]) -> str | dict[str, str]:
    """A program as the grader takes it: its text, or the texts of its files by path, the entry first."""
    return {spec.entry or entry_of(spec.language): code, **files} if files else code


def _limits(assignment: Assignment) -> GradingLimits:
    return GradingLimits(
        cpu_seconds=assignment.cpu_seconds,
        wall_seconds=assignment.wall_seconds,
        memory_bytes=assignment.memory_bytes,
        output_bytes=assignment.output_bytes,
    )


def _test(assignment: Assignment, test: AssignmentTest) -> TestSpec:
    return TestSpec(
        name=test.name,
        stdin=test.stdin,
        args=tuple(test.args),
        files=test.files,
        expected=test.expected,
        points=test.points,
        visible=test.visible,
        checker=test.checker or assignment.checker,
        checker_options=assignment.checker_options if test.checker_options is None else test.checker_options,
        cpu_seconds=test.cpu_seconds,
        wall_seconds=test.wall_seconds,
        memory_bytes=test.memory_bytes,
        output_bytes=test.output_bytes,
        group=test.group_name,
        bonus=test.bonus,
        sample=test.sample,
        arguments=None if test.arguments is None else tuple(test.arguments),
        generator=_generated(assignment, test),
    )


def _program(stored: Mapping[str, Any] | None) -> AuthorProgram | None:
    """What a harness holds of one program: JSONB keeps no order, so the entry is named, and put first here."""
    if stored is None:
        return None
    entry, files = stored["entry"], stored["files"]
    return AuthorProgram(language=stored["language"], files={entry: files[entry], **dict(sorted(files.items()))})


def _generated(assignment: Assignment, test: AssignmentTest) -> GeneratedInput | None:
    if test.generator is None:
        return None
    program = _program(assignment.harness["generators"][test.generator["script"]])
    assert program is not None
    seed = test.generator.get("seed")
    return GeneratedInput(
        program=program,
        args=tuple(test.generator.get("args") or ()),
        seed=assignment.seed if seed is None else seed,
    )
