"""The state of one submission as the results panel shows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from codezest.grading.score import Mark, score_marks
from codezest.kit.actor import Actor
from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError
from codezest.services.learning.pages.calls import call_text
from codezest.services.learning.pages.outline import link_onward
from codezest.services.learning.policies import Reader
from codezest.services.learning.queries import items, work
from codezest.services.learning.schemas.items import AssignmentPlace, ExerciseTest
from codezest.services.learning.schemas.work import SubmissionDetail, TestResult
from codezest.web.comparison import compare_output
from codezest.web.explanations import explained
from codezest_db.enums import GroupPolicy, SubmissionPurpose, SubmissionStatus, Verdict

UNFINISHED = frozenset({SubmissionStatus.PENDING, SubmissionStatus.RUNNING})
EMPTY: dict[str, Any] = {"verdict": None, "points": 0, "max_points": 0, "time_ms": None, "memory_kb": None}


async def answer_program(context: RequestContext, submission_id: UUID) -> Response:
    """What a form that sent a program gets: the panel where it asked for a fragment, else the way to the result."""
    if context.partial:
        return await panel_response(context, submission_id)
    return context.redirect(f"/submissions/{submission_id}")


async def panel_response(context: RequestContext, submission_id: UUID) -> Response:
    """The panel alone.

    Raises:
        Unauthenticated, NotFound: see `policies.admit`.
    """
    async with context.database.reading("learning") as reader:
        found = await work.submission(reader, context.actor, submission_id)
        exercise = await exercise_of(reader, context.actor, found)
    return context.page(
        "learning/pages/submission/panel.html",
        submission=panel(found, exercise),
        next_link=onward(found, exercise),
        fresh=context.partial,
    )


async def exercise_of(reader: Reader, actor: Actor, found: SubmissionDetail) -> AssignmentPlace | None:
    """The exercise behind a submission, unless it is closed to the reader meanwhile."""
    if found.assignment_id is None:
        return None
    try:
        return await items.assignment_place(reader, actor, found.assignment_id)
    except AppError:
        return None


def onward(found: SubmissionDetail, exercise: AssignmentPlace | None) -> tuple[str, str] | None:
    """What a solved exercise offers next."""
    if exercise is None or found.status is not SubmissionStatus.PASSED:
        return None
    return link_onward(exercise)


def panel(found: SubmissionDetail, exercise: AssignmentPlace | None) -> dict[str, Any]:
    """The mapping that the `submission_panel` component takes. While it waits, its tests stand in it by name."""
    if found.status in UNFINISHED and exercise is not None and found.stdin is None:
        faced = [test for test in exercise.tests if test.visible or found.purpose is SubmissionPurpose.SUBMIT]
        tests = [_waiting(index, test) for index, test in enumerate(faced)]
    else:
        tests = [_ended(index, test, exercise) for index, test in enumerate(found.tests)]
    return {
        "id": found.id,
        "purpose": found.purpose,
        "only_run": found.purpose is SubmissionPurpose.PLAYGROUND or found.stdin is not None,
        "stdin": found.stdin,
        "status": found.status,
        "verdict": found.verdict,
        "score": found.score,
        "max_score": found.max_score,
        # Where the tests are listed, each says for itself what the feedback would repeat.
        "feedback": None if tests else explained(found.feedback),
        "compile_output": found.compile_output,
        "tests": tests,
        "groups": group_results(found.tests, exercise) if exercise is not None else [],
        "queue": found.queue,
    }


def group_results(tests: Sequence[TestResult], exercise: AssignmentPlace) -> list[dict[str, Any]]:
    """What each group of tests gave, by its policy: name, policy, points, max_points, passed, total."""
    described = {group.name: group for group in exercise.groups}
    shown: list[dict[str, Any]] = []
    for name in dict.fromkeys(test.group_name for test in tests if test.group_name):
        members = [test for test in tests if test.group_name == name]
        group = described.get(name)
        own = sum(test.max_points for test in members)
        worth = own if group is None or group.points is None else group.points
        marks = [
            Mark(verdict=test.verdict, points=test.max_points, fraction=test.fraction, group=name) for test in members
        ]
        shown.append(
            {
                "name": name,
                "policy": group.policy if group else GroupPolicy.SUM,
                "points": score_marks(marks, [group] if group else [], worth).score,
                "max_points": worth,
                "passed": sum(test.verdict is Verdict.AC for test in members),
                "total": len(members),
            }
        )
    return shown


def _waiting(index: int, test: ExerciseTest) -> dict[str, Any]:
    return EMPTY | {
        "index": index,
        "name": test.name,
        "visible": test.visible,
        "max_points": test.points,
        "kind_of_case": None if test.visible else test.kind_of_case,
    }


def _ended(index: int, test: TestResult, exercise: AssignmentPlace | None) -> dict[str, Any]:
    shown = test.model_dump() | {
        "index": index,
        "message": explained(test.message),
        "call": call_text(exercise.function_name if exercise else None, test.arguments),
    }
    if test.visible and test.verdict is Verdict.WA and test.expected is not None and test.arguments is None:
        shown["comparison"] = compare_output(test.expected, test.stdout or "")
    return shown
