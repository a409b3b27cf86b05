"""What the form of the grading page sends: the grade, and remarks, which share it so that neither loses the other."""

from collections.abc import Mapping
from typing import Any

from codezest.services.learning.pages.teach.forms import FormRefused, Sent, read, text_or_none, whole_number
from codezest.services.learning.schemas.hand_grading import NewComment, NewGrading

LEVEL, POINTS, NOTE = "level-", "points-", "note-"
GRADE_FIELDS = ("marks", "feedback", "reason")


def grading_in(sent: Sent) -> NewGrading:
    """The grade of the form.

    Raises:
        FormRefused: a field does not fit its type.
    """
    scores: dict[str, dict[str, Any]] = {}
    for name, text in sent.texts.items():
        if name.startswith(LEVEL) and text:
            scores.setdefault(name.removeprefix(LEVEL), {})["level"] = text
        elif name.startswith(POINTS) and text.strip():
            scores.setdefault(name.removeprefix(POINTS), {})["points"] = whole_number(name, text)
        elif name.startswith(NOTE) and text.strip():
            scores.setdefault(name.removeprefix(NOTE), {})["note"] = text.strip()
    return read(
        NewGrading,
        {
            "seen": text_or_none(sent.text("seen")),
            "rubric_id": text_or_none(sent.text("rubric_id")),
            "marks": whole_number("marks", sent.text("marks")),
            "feedback": text_or_none(sent.text("feedback")),
            "reason": text_or_none(sent.text("reason")),
            "scores": scores,
        },
    )


def values_in(sent: Sent) -> dict[str, str]:
    """All that was typed for the grade, to be shown again."""
    kept = {name: text for name, text in sent.texts.items() if name.startswith((LEVEL, POINTS, NOTE))}
    return kept | sent.shown(GRADE_FIELDS)


def remark_in(sent: Sent) -> NewComment:
    """The remark whose button was pressed: on lines of the file with that number, or an answer.

    Raises:
        FormRefused: a field does not fit its type.
    """
    answered = sent.text("answer")
    if answered:
        return _comment({"parent_id": answered, "text": sent.text(f"answer-{answered}")}, f"answer-{answered}")
    number = sent.text("remark")
    first = whole_number(f"first-{number}", sent.text(f"first-{number}"))
    last = whole_number(f"last-{number}", sent.text(f"last-{number}"))
    given = {
        "path": sent.text(f"path-{number}"),
        "first_line": first,
        "last_line": first if last is None else last,
        "text": sent.text(f"text-{number}"),
    }
    return _comment(given, f"text-{number}")


def _comment(given: Mapping[str, Any], field: str) -> NewComment:
    try:
        return read(NewComment, given)
    except FormRefused as refused:
        raise FormRefused([(field, message) for _name, message in refused.errors]) from None
