"""What those who grade do, and the rules they grade by."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from codezest.kit.outbox import Event


@dataclass(frozen=True, slots=True)
class GradeGiven(Event):
    """Somebody graded work by hand. `former_marks` is what stood before, given by a person or by tests; null for nothing."""

    topic: ClassVar[str] = "learning.grade_given"

    actor_user_id: UUID
    course_id: UUID
    assignment_id: UUID
    submission_id: UUID
    grading_id: UUID
    former_grading_id: UUID | None
    former_marks: int | None
    marks: int
    max_marks: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class GradesReleased(Event):
    """Held grades of an assignment were shown to their learners, `grades` of them at once."""

    topic: ClassVar[str] = "learning.grades_released"

    actor_user_id: UUID
    course_id: UUID
    assignment_id: UUID
    grades: int


@dataclass(frozen=True, slots=True)
class RegradeRequestDecided(Event):
    """Somebody looked again at a grade that its learner asked about: ACCEPTED, with a new grade, or DECLINED."""

    topic: ClassVar[str] = "learning.regrade_request_decided"

    actor_user_id: UUID
    course_id: UUID
    submission_id: UUID
    request_id: UUID
    status: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class AnswerMarked(Event):
    """Somebody marked an answer of a quiz by hand; points are decimals, `former_points` null for one that waited."""

    topic: ClassVar[str] = "learning.answer_marked"

    actor_user_id: UUID
    course_id: UUID
    quiz_id: UUID
    attempt_id: UUID
    question_id: UUID
    user_id: UUID
    former_points: str | None
    points: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class GradeEntrySet(Event):
    """Somebody set a mark in the gradebook by hand, excused a learner, or took that back (CLEAR)."""

    topic: ClassVar[str] = "learning.grade_entry_set"

    actor_user_id: UUID
    course_id: UUID
    user_id: UUID
    column_id: UUID
    entry_id: UUID
    kind: str
    points: str | None


@dataclass(frozen=True, slots=True)
class GradingRulesChanged(Event):
    """How a course is graded has changed: what is named, of an assignment, or of the gradebook and the whole course."""

    topic: ClassVar[str] = "learning.grading_rules_changed"

    actor_user_id: UUID
    course_id: UUID
    assignment_id: UUID | None
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccommodationChanged(Event):
    """A learner was granted more time, attempts or days for one item or all, or, with `revoked`, no longer is.

    `granted` says what by name.
    """

    topic: ClassVar[str] = "learning.accommodation_changed"

    actor_user_id: UUID
    course_id: UUID
    user_id: UUID
    accommodation_id: UUID
    quiz_id: UUID | None
    assignment_id: UUID | None
    granted: dict[str, Any]
    revoked: bool


@dataclass(frozen=True, slots=True)
class AnalysisJudged(Event):
    """Somebody who grades wrote in an analysis (EDITED), or let its learner see it (APPROVED)."""

    topic: ClassVar[str] = "learning.analysis_judged"

    actor_user_id: UUID
    course_id: UUID
    submission_id: UUID | None
    attempt_id: UUID | None
    analysis_id: UUID
    act: str


@dataclass(frozen=True, slots=True)
class RegradeDecided(Event):
    """A regrade was asked for (REQUESTED) or given up (CANCELLED); without an actor, by an operator's command.

    Of its end see `RegradeApplied`.
    """

    topic: ClassVar[str] = "learning.regrade_decided"

    actor_user_id: UUID | None
    assignment_id: UUID
    regrade_id: UUID
    act: str


@dataclass(frozen=True, slots=True)
class RegradeApplied(Event):
    """Results of an exercise were replaced by those of its new tests; without an actor, by an operator's command."""

    topic: ClassVar[str] = "learning.regrade_applied"

    actor_user_id: UUID | None
    assignment_id: UUID
    regrade_id: UUID
