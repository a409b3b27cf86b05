"""What a person said of a submission, as its learner sees it."""

from collections.abc import Mapping
from typing import Any

from codezest.kit.actor import Actor
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.remarks import numbered, threads
from codezest.services.learning.pages.teach.forms import NO_ERRORS
from codezest.services.learning.policies import Reader
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.queries import hand_grading
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.hand_grading import LearnersGrade
from codezest.services.learning.schemas.work import SubmissionDetail
from codezest_db.enums import SubmissionStatus


async def graded_by_hand(
    reader: Reader, actor: Actor, found: SubmissionDetail, talk: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The values that `grade.html` needs; none where there is nothing of the kind, or the reader is not its learner."""
    values: dict[str, Any] = {"by_hand": None, "rendered": prose_or_none(found.text_answer), **NO_ERRORS}
    if found.assignment_id is None or found.user_id != actor.user_id:
        return values
    if found.code is not None and found.status is not SubmissionStatus.GRADED:
        return values
    grade = await hand_grading.learners_grade(reader, actor, found.id)
    return values | {
        "by_hand": grade,
        "feedback_text": prose_or_none(grade.grading.feedback) if grade.grading else None,
        "earlier": [(one, prose_or_none(one.feedback)) for one in grade.earlier],
        "remarked": _remarked(found, grade),
        "typed": {},
        **(talk or {}),
    }


def _remarked(found: SubmissionDetail, grade: LearnersGrade) -> list[dict[str, Any]]:
    """The files that something is said about, line by line."""
    texts = {grades.TEXT_NAME: found.text_answer or ""}
    if found.code is not None:
        texts = {entry_of(found.language): found.code, **found.files}
    return [
        {
            "number": number,
            "path": path,
            "prose": found.code is None,
            "lines": numbered(text, found.language, [one for one in grade.comments if one.path == path]),
            "threads": threads([one for one in grade.comments if one.path == path], grade.comments),
        }
        for number, (path, text) in enumerate(texts.items())
        if any(one.path == path for one in grade.comments)
    ]
