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
    actor: str = "actor_user_id"
    by: str | None = None
    actions: tuple[tuple[Any, str], ...] = ()

    def action_of(self, payload: Mapping[str, Any]) -> str:
        chosen = payload[self.by] if self.by is not None else None
        return next((name for value, name in self.actions if value == chosen), self.action)

    def details_of(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What else the event says, as JSON."""
        told = {self.actor, self.subject, "event_id"}
        return {name: value for name, value in payload.items() if name not in told and value is not None}


AUDITED = (
    Audited(event=learning.CourseCreated, action="course.created", subject_type="course", subject="course_id"),
    Audited(event=learning.CourseImported, action="course.imported", subject_type="course", subject="course_id"),
    Audited(event=learning.CoursePublished, action="course.published", subject_type="course", subject="course_id"),
    Audited(event=learning.CourseUnpublished, action="course.unpublished", subject_type="course", subject="course_id"),
    Audited(event=learning.CourseArchived, action="course.archived", subject_type="course", subject="course_id"),
    Audited(
        event=learning.CourseRemoved,
        action="course.deleted",
        by="restored",
        actions=((True, "course.restored"),),
        subject_type="course",
        subject="course_id",
    ),
    Audited(
        event=learning.CourseStaffChanged, action="course.staff_changed", subject_type="course", subject="course_id"
    ),
    Audited(
        event=learning.CoursePriceChanged, action="course.price_changed", subject_type="course", subject="course_id"
    ),
    Audited(
        event=learning.EnrollmentChanged,
        action="enrollment.changed",
        subject_type="user",
        subject="user_id",
        actor="changed_by",
    ),
    Audited(
        event=learning.ContentRemoved,
        action="content.deleted",
        by="restored",
        actions=((True, "content.restored"),),
        subject_type="content",
        subject="content_id",
    ),
    Audited(event=learning.LanguageChanged, action="language.changed", subject_type="language", subject="language_id"),
    Audited(event=learning.GradeEntrySet, action="grade.set", subject_type="user", subject="user_id"),
    Audited(
        event=learning.RegradeApplied, action="regrade.applied", subject_type="assignment", subject="assignment_id"
    ),
    Audited(
        event=learning.GradeGiven,
        action="work.regraded",
        by="former_grading_id",
        actions=((None, "work.graded"),),
        subject_type="submission",
        subject="submission_id",
    ),
    Audited(
        event=learning.GradesReleased, action="grades.released", subject_type="assignment", subject="assignment_id"
    ),
    Audited(
        event=learning.RegradeRequestDecided,
        action="grade_request.declined",
        by="status",
        actions=(("ACCEPTED", "grade_request.accepted"),),
        subject_type="submission",
        subject="submission_id",
    ),
    Audited(event=learning.AnswerMarked, action="answer.marked", subject_type="user", subject="user_id"),
    Audited(
        event=learning.AccommodationChanged,
        action="accommodation.granted",
        by="revoked",
        actions=((True, "accommodation.revoked"),),
        subject_type="user",
        subject="user_id",
    ),
    Audited(event=learning.GradingRulesChanged, action="grading.changed", subject_type="course", subject="course_id"),
    Audited(
        event=learning.AnalysisJudged,
        action="analysis.edited",
        by="act",
        actions=(("APPROVED", "analysis.approved"),),
        subject_type="analysis",
        subject="analysis_id",
    ),
    Audited(
        event=learning.ReviewJudged,
        action="review.kept",
        by="hidden",
        actions=((True, "review.hidden"),),
        subject_type="review",
        subject="review_id",
    ),
    Audited(
        event=learning.EnrollmentRulesChanged,
        action="enrolling.changed",
        subject_type="course",
        subject="course_id",
    ),
    Audited(event=learning.LearnersListed, action="learners.listed", subject_type="course", subject="course_id"),
    Audited(
        event=learning.RegradeDecided,
        action="regrade.requested",
        by="act",
        actions=(("CANCELLED", "regrade.cancelled"),),
        subject_type="assignment",
        subject="assignment_id",
    ),
    Audited(
        event=ops.GivenUpEventSettled,
        action="event.retried",
        by="act",
        actions=(("DISCARDED", "event.discarded"),),
        subject_type="event",
        subject="outbox_id",
    ),
)
"""Every event in which somebody acts upon what is not theirs alone."""
