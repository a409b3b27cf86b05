"""When an assignment or a quiz is open and due, as fields of its editor."""

from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.teach.forms import Sent, whole_number
from codezest.services.learning.pages.teach.moments import field_text, moment_in
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment, StudioQuiz
from codezest_db.enums import LatePolicy

MOMENTS = ("available_from", "available_until", "due_at")
PERCENTS = ("late_penalty_percent", "late_floor_percent")


def timed_values(stored: StudioAssignment | StudioQuiz) -> dict[str, str]:
    """What the fields show."""
    return {
        **{name: field_text(getattr(stored, name)) for name in MOMENTS},
        "late_policy": stored.late_policy.value,
        **{name: str(getattr(stored, name)) for name in PERCENTS},
    }


def timed_given(form: Sent, stored: StudioAssignment | StudioQuiz) -> dict[str, Any]:
    """What they say. A moment that was not touched keeps the seconds that its field does not show.

    Raises:
        FormRefused: one of them cannot be read.
    """
    given: dict[str, Any] = {"late_policy": form.text("late_policy") or LatePolicy.NO_PENALTY.value}
    for name in MOMENTS:
        kept = getattr(stored, name)
        given[name] = kept if form.text(name) == field_text(kept) else moment_in(name, form.text(name))
    for name in PERCENTS:
        given[name] = whole_number(name, form.text(name)) or 0
    return given


def late_policies() -> list[tuple[str, str]]:
    return [
        (LatePolicy.NO_PENALTY.value, _("Accepted, nothing is taken off")),
        (LatePolicy.PENALTY_PER_DAY.value, _("Accepted, every day costs")),
        (LatePolicy.CUT_OFF.value, _("Not accepted")),
    ]
