"""The details of an act as lines to read."""

from collections.abc import Mapping
from typing import Any

from codezest.kit.i18n import gettext as _


def detail_lines(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each; names without words of their own stay as they are."""
    names = detail_names()
    return [(names.get(key, key), _value(value)) for key, value in details.items() if value is not None]


def detail_names() -> dict[str, str]:
    """By its name in an entry, what a detail is called."""
    return {
        "about": _("about"),
        "accommodation_id": _("accommodation"),
        "act": _("act"),
        "after": _("after"),
        "assignment_id": _("exercise"),
        "attempt_id": _("attempt"),
        "before": _("before"),
        "changed": _("changed"),
        "changes": _("changes"),
        "column": _("column"),
        "column_id": _("column of the gradebook"),
        "course_id": _("course"),
        "created": _("made"),
        "currency": _("currency"),
        "enrolled": _("enrolled"),
        "enrollment_id": _("enrolment"),
        "entry_id": _("entry of the gradebook"),
        "former_currency": _("currency before"),
        "former_grading_id": _("grading before"),
        "former_marks": _("marks before"),
        "former_points": _("points before"),
        "former_price_minor": _("price before, in the smallest unit"),
        "former_role": _("role before"),
        "former_status": _("state before"),
        "further_page": _("a further page"),
        "grades": _("grades"),
        "grading_id": _("grading"),
        "granted": _("granted"),
        "hidden": _("hidden"),
        "how": _("how"),
        "import_id": _("import"),
        "invited": _("invited"),
        "is_active": _("offered to learners"),
        "key": _("setting"),
        "kind": _("kind"),
        "marks": _("marks"),
        "match": _("how it was looked for"),
        "max_marks": _("marks at most"),
        "moved": _("moved"),
        "name": _("name"),
        "new_role": _("new role"),
        "old_role": _("old role"),
        "points": _("points"),
        "price_minor": _("price, in the smallest unit"),
        "question_id": _("question"),
        "quiz_id": _("quiz"),
        "reason": _("reason"),
        "regrade_id": _("regrade"),
        "removed": _("removed"),
        "reply": _("reply"),
        "request_id": _("request"),
        "restored": _("restored"),
        "returned": _("returned"),
        "revoked": _("taken back"),
        "role": _("role"),
        "row": _("row"),
        "rows": _("rows shown"),
        "settled_reports": _("reports settled"),
        "source_course_id": _("copied from the course"),
        "status": _("state"),
        "subject_id": _("whom"),
        "submission_id": _("submission"),
        "table": _("table"),
        "title": _("title"),
        "topic": _("event"),
        "user_id": _("person"),
        "value": _("looked for"),
        "what": _("what"),
    }


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value != "" else _("empty")
