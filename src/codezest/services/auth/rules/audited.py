"""Which events of other services are acts that the audit trail keeps, and how an entry says what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codezest.events import learning, ops
from codezest.kit.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One kind of event. What is neither its actor nor its subject becomes a detail of the entry.

    `actions` chooses the name of the act by the value of the field `by`; `action` is that of every other value.
    """

    event: type[Event]
    action: str
    subject_type: str
    subject: str
    actor: str
    by: str | None = None
    actions: tuple[tuple[Any, str], ...] = ()

    def action_of(self, payload: Mapping[str, Any]) -> str:
        chosen = payload[self.by] if self.by is not None else None
        return next((name for value, name in self.actions if value == chosen), self.action)

    def details_of(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What else the event says, as JSON."""
        told = {self.actor, self.subject, "event_id"}
        return {name: value for name, value in payload.items() if name not in told and value is not None}


def _act(
    event: type[Event],
    action: str,
    subject_type: str,
    *,
    subject: str = "",
    actor: str = "actor_user_id",
    unless: tuple[str, Any, str] | None = None,
) -> Audited:
    """An act upon something that the event names by its type (`course_id` of a course) unless `subject` names its field.

    `unless` gives a field, a value, and what the act is called where the field has that value.
    """
    by, value, other = unless or (None, None, "")
    return Audited(
        event=event,
        action=action,
        subject_type=subject_type,
        subject=subject or f"{subject_type}_id",
        actor=actor,
        by=by,
        actions=((value, other),) if unless else (),
    )


AUDITED = (
    _act(learning.CourseCreated, "course.created", "course"),
    _act(learning.CourseImported, "course.imported", "course"),
    _act(learning.CoursePublished, "course.published", "course"),
    _act(learning.CourseUnpublished, "course.unpublished", "course"),
    _act(learning.CourseArchived, "course.archived", "course"),
    _act(learning.CourseRemoved, "course.deleted", "course", unless=("restored", True, "course.restored")),
    _act(learning.CourseStaffChanged, "course.staff_changed", "course"),
    _act(learning.CoursePriceChanged, "course.price_changed", "course"),
    _act(learning.EnrollmentChanged, "enrollment.changed", "user", actor="changed_by"),
    _act(learning.ContentRemoved, "content.deleted", "content", unless=("restored", True, "content.restored")),
    _act(learning.LanguageChanged, "language.changed", "language"),
    _act(learning.GradeEntrySet, "grade.set", "user"),
    _act(learning.RegradeApplied, "regrade.applied", "assignment"),
    _act(learning.GradeGiven, "work.regraded", "submission", unless=("former_grading_id", None, "work.graded")),
    _act(learning.GradesReleased, "grades.released", "assignment"),
    _act(
        learning.RegradeRequestDecided,
        "grade_request.declined",
        "submission",
        unless=("status", "ACCEPTED", "grade_request.accepted"),
    ),
    _act(learning.AnswerMarked, "answer.marked", "user"),
    _act(
        learning.AccommodationChanged,
        "accommodation.granted",
        "user",
        unless=("revoked", True, "accommodation.revoked"),
    ),
    _act(learning.GradingRulesChanged, "grading.changed", "course"),
    _act(learning.AnalysisJudged, "analysis.edited", "analysis", unless=("act", "APPROVED", "analysis.approved")),
    _act(learning.ReviewJudged, "review.kept", "review", unless=("hidden", True, "review.hidden")),
    _act(learning.EnrollmentRulesChanged, "enrolling.changed", "course"),
    _act(learning.LearnersListed, "learners.listed", "course"),
    _act(learning.RegradeDecided, "regrade.requested", "assignment", unless=("act", "CANCELLED", "regrade.cancelled")),
    _act(
        ops.GivenUpEventSettled,
        "event.retried",
        "event",
        subject="outbox_id",
        unless=("act", "DISCARDED", "event.discarded"),
    ),
)
"""Every event in which somebody acts upon what is not theirs alone."""
