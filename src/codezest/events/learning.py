"""Events of the learning service. Subscribers see each at least once, after its transaction was committed."""

from dataclasses import dataclass
from typing import ClassVar
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
