"""Who takes a course, and who may."""

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
