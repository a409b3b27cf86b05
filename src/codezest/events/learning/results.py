"""What learners hand in, and the results they see."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from codezest.kit.outbox import Event


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
class QuizSubmitted(Event):
    """A learner handed in an attempt at a quiz; `score` is in percent."""

    topic: ClassVar[str] = "learning.quiz_submitted"

    user_id: UUID
    course_id: UUID
    quiz_id: UUID
    attempt_id: UUID
    score: int
    passed: bool
