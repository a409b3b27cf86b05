"""What the grading page shows of one piece of work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse

from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.remarks import numbered, threads
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, refusal
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.grading.filters import query_of
from codezest.services.learning.pages.teach.submission.form import LEVEL, NOTE, POINTS
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.queries import grading_queue, hand_grading, work
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.grading_queue import QueueFilter
from codezest.services.learning.schemas.hand_grading import GradingDesk, GradingDetail
from codezest_db.enums import AssignmentKind, RegradeRequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What a form sent, to be shown once more."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    remarks: Mapping[str, str] = field(default_factory=dict[str, str])
    error: FormRefused | AppError | None = None


async def grading_page(
    context: RequestContext, submission_id: UUID, wanted: QueueFilter, again: Again | None = None
) -> HTMLResponse:
    """The page; for scripts that have sent a remark, the work alone.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    pool = context.database.pool("learning")
    course, found = await hand_grading.grading_desk(pool, context.actor, submission_id)
    previous, following = await grading_queue.neighbours(pool, context.actor, submission_id, course.id)
    problem = refusal(again.error) if again and again.error else dict(NO_ERRORS)
    latest = found.gradings[0] if found.gradings else None
    whole = not (context.partial and again is not None)
    tested = None
    if found.kind is AssignmentKind.CODE:
        tested = await work.submission(pool, context.actor, submission_id)
    return context.page(
        f"learning/pages/teach/submission/{'template' if whole else 'work'}.html",
        **frame(course, "grading"),
        **problem,
        work=found,
        files=work_files(found),
        rendered=prose_or_none(found.texts.get(grades.TEXT_NAME)) if found.kind is not AssignmentKind.CODE else None,
        tested=tested,
        may_grade=Permission.GRADE in course.permissions and not found.own,
        grading_now=found.claim is not None and found.claim.mine,
        latest=latest,
        history=[(one, prose_or_none(one.feedback)) for one in found.gradings],
        open_request=next((one for one in found.requests if one.status is RegradeRequestStatus.OPEN), None),
        values=again.values if again and again.values else _values_of(found, latest),
        remarks=again.remarks if again else {},
        sent=again is not None,
        here=f"/teach/submissions/{submission_id}",
        filters=query_of(wanted),
        queue=f"/teach/courses/{course.id}/grading{query_of(wanted)}",
        previous=previous,
        following=following,
        said=_("The remark is kept.") if again and again.error is None else "",
        level=LEVEL,
        points=POINTS,
        note=NOTE,
    )


def _values_of(found: GradingDesk, latest: GradingDetail | None) -> dict[str, str]:
    """What the form holds at first: the grade that is to be adjusted, or nothing."""
    if latest is None or not latest.is_manual:
        return {}
    values = {"marks": str(latest.marks), "feedback": latest.feedback or "", "reason": ""}
    if found.rubric is None or latest.rubric is None or latest.rubric.id != found.rubric.id:
        return values
    for key, score in latest.scores.items():
        values[LEVEL + key] = score["level"] or ""
        values[NOTE + key] = score["note"] or ""
        if score["level"] is None and score["points"] is not None:
            values[POINTS + key] = str(score["points"])
    return values


def work_files(found: GradingDesk) -> list[dict[str, Any]]:
    """What has lines, each with the remarks that end on it."""
    return [
        {
            "number": number,
            "path": path,
            "prose": found.language is None,
            "lines": numbered(text, found.language, [one for one in found.comments if one.path == path]),
            "threads": threads([one for one in found.comments if one.path == path], found.comments),
        }
        for number, (path, text) in enumerate(found.texts.items())
    ]
