"""Events of the learning service. Subscribers see each at least once, after its transaction was committed."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from codezest.kit.outbox import Event


@dataclass(frozen=True, slots=True)
class EnrolledInCourse(Event):
    """A learner takes a course: for the first time, or again after a pause."""

    topic: ClassVar[str] = "learning.enrolled_in_course"

    user_id: UUID
    course_id: UUID
    enrollment_id: UUID


@dataclass(frozen=True, slots=True)
class EnrollmentChanged(Event):
    """Somebody who teaches, or an administrator, has let a learner in, paused, resumed, dropped or restored them."""

    topic: ClassVar[str] = "learning.enrollment_changed"

    user_id: UUID
    course_id: UUID
    enrollment_id: UUID
    former_status: str
    status: str
    changed_by: UUID


@dataclass(frozen=True, slots=True)
class MaterialCompleted(Event):
    """A learner finished a material for the first time."""

    topic: ClassVar[str] = "learning.material_completed"

    user_id: UUID
    course_id: UUID
    module_id: UUID
    material_id: UUID


@dataclass(frozen=True, slots=True)
class SolutionSubmitted(Event):
    """A learner handed in a solution that counts. It is not graded yet."""

    topic: ClassVar[str] = "learning.solution_submitted"

    user_id: UUID
    course_id: UUID
    assignment_id: UUID
    submission_id: UUID
    attempt_number: int


@dataclass(frozen=True, slots=True)
class SolutionGraded(Event):
    """A solution that counts has its verdict; `status` is PASSED, FAILED or ERROR."""

    topic: ClassVar[str] = "learning.solution_graded"

    user_id: UUID
    course_id: UUID
    assignment_id: UUID
    submission_id: UUID
    status: str
    verdict: str
    score: int
    max_score: int


@dataclass(frozen=True, slots=True)
class WorkGraded(Event):
    """A learner may see a grade that a person gave: the first of this work, or one that replaces it."""

    topic: ClassVar[str] = "learning.work_graded"

    user_id: UUID
    course_id: UUID
    assignment_id: UUID
    submission_id: UUID
    grading_id: UUID
    score: int
    max_score: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class SolutionRegraded(Event):
    """A solution was graded anew, by other tests than before, and its result changed.

    `SolutionGraded` is not published again: whoever counts scores or passes takes the former ones back by this event.
    """

    topic: ClassVar[str] = "learning.solution_regraded"

    user_id: UUID
    course_id: UUID
    assignment_id: UUID
    submission_id: UUID
    regrade_id: UUID
    former_status: str
    former_score: int
    former_max_score: int
    status: str
    verdict: str
    score: int
    max_score: int


@dataclass(frozen=True, slots=True)
class QuizSubmitted(Event):
    """A learner handed in an attempt at a quiz; `score` is in percent."""

    topic: ClassVar[str] = "learning.quiz_submitted"

    user_id: UUID
    course_id: UUID
    quiz_id: UUID
    attempt_id: UUID
    score: int
    passed: bool


@dataclass(frozen=True, slots=True)
class ModuleCompleted(Event):
    """A learner reached 100 % of a module for the first time: losing it and reaching it again publishes nothing."""

    topic: ClassVar[str] = "learning.module_completed"

    user_id: UUID
    course_id: UUID
    module_id: UUID


@dataclass(frozen=True, slots=True)
class CourseCompleted(Event):
    """A learner reached 100 % of a course for the first time: losing it and reaching it again publishes nothing."""

    topic: ClassVar[str] = "learning.course_completed"

    user_id: UUID
    course_id: UUID
    enrollment_id: UUID


@dataclass(frozen=True, slots=True)
class DataExportPartWritten(Event):
    """What learning holds of a user lies among the files under this key, for the download they asked for."""

    topic: ClassVar[str] = "learning.data_export_part_written"

    user_id: UUID
    export_id: UUID
    file_key: str


@dataclass(frozen=True, slots=True)
class BadgeEarned(Event):
    """A learner achieved something for the first time; `badge` is its key."""

    topic: ClassVar[str] = "learning.badge_earned"

    user_id: UUID
    badge: str


@dataclass(frozen=True, slots=True)
class CourseCreated(Event):
    """A course was begun, or made as a copy of another one."""

    topic: ClassVar[str] = "learning.course_created"

    actor_user_id: UUID
    course_id: UUID
    source_course_id: UUID | None
    title: str


@dataclass(frozen=True, slots=True)
class CourseImported(Event):
    """Files that somebody sent in were taken over into a course, or became one; numbers are of modules and items."""

    topic: ClassVar[str] = "learning.course_imported"

    actor_user_id: UUID
    course_id: UUID
    import_id: UUID
    title: str
    created: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class CoursePublished(Event):
    """A course is offered to learners: for the first time, or again."""

    topic: ClassVar[str] = "learning.course_published"

    actor_user_id: UUID
    course_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class CourseUnpublished(Event):
    """A course that nobody took is a draft again."""

    topic: ClassVar[str] = "learning.course_unpublished"

    actor_user_id: UUID
    course_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class CourseArchived(Event):
    """A course is no longer offered; what learners achieved in it is kept."""

    topic: ClassVar[str] = "learning.course_archived"

    actor_user_id: UUID
    course_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class CourseRemoved(Event):
    """A course that nobody took was deleted, or, with `restored`, brought back."""

    topic: ClassVar[str] = "learning.course_removed"

    actor_user_id: UUID
    course_id: UUID
    title: str
    restored: bool


@dataclass(frozen=True, slots=True)
class CourseStaffChanged(Event):
    """Somebody's role in a course changed: OWNER, CO_INSTRUCTOR, GRADER or OBSERVER, null for none."""

    topic: ClassVar[str] = "learning.course_staff_changed"

    actor_user_id: UUID
    course_id: UUID
    user_id: UUID
    former_role: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class CoursePriceChanged(Event):
    """What a course costs changed; amounts are in minor units of their currency."""

    topic: ClassVar[str] = "learning.course_price_changed"

    actor_user_id: UUID
    course_id: UUID
    former_price_minor: int
    former_currency: str
    price_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class ContentRemoved(Event):
    """A language, module, item or question was deleted, or, with `restored`, brought back. Of courses see `CourseRemoved`."""

    topic: ClassVar[str] = "learning.content_removed"

    actor_user_id: UUID
    kind: str
    content_id: UUID
    title: str
    restored: bool


@dataclass(frozen=True, slots=True)
class LanguageChanged(Event):
    """A programming language was made or changed by an administrator."""

    topic: ClassVar[str] = "learning.language_changed"

    actor_user_id: UUID
    language_id: UUID
    name: str
    is_active: bool


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
class RegradeApplied(Event):
    """Results of an exercise were replaced by those of its new tests; without an actor, by an operator's command."""

    topic: ClassVar[str] = "learning.regrade_applied"

    actor_user_id: UUID | None
    assignment_id: UUID
    regrade_id: UUID


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
class GradingRulesChanged(Event):
    """How a course is graded has changed: what is named, of an assignment, or of the gradebook and the whole course."""

    topic: ClassVar[str] = "learning.grading_rules_changed"

    actor_user_id: UUID
    course_id: UUID
    assignment_id: UUID | None
    changes: dict[str, Any]


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
class ReviewJudged(Event):
    """An administrator hid a review of a course, or lets it stand, and so settled what was reported of it."""

    topic: ClassVar[str] = "learning.review_judged"

    actor_user_id: UUID
    course_id: UUID
    review_id: UUID
    hidden: bool
    settled_reports: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class EnrollmentRulesChanged(Event):
    """Who may enrol has changed: by the rules of a course (`what` RULES), a CODE, a COHORT or an INVITATION, whose id it names.

    `act` is CREATED, CHANGED or REVOKED.
    """

    topic: ClassVar[str] = "learning.enrollment_rules_changed"

    actor_user_id: UUID
    course_id: UUID
    what: str
    subject_id: UUID | None
    act: str


@dataclass(frozen=True, slots=True)
class LearnersListed(Event):
    """Somebody enrolled or moved a list of learners; how many of it came, came back, changed cohort and were invited."""

    topic: ClassVar[str] = "learning.learners_listed"

    actor_user_id: UUID
    course_id: UUID
    enrolled: int
    returned: int
    moved: int
    invited: int


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
