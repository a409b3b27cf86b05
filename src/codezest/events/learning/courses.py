"""What happens to courses and to what they hold."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from codezest.kit.outbox import Event


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
class ReviewJudged(Event):
    """An administrator hid a review of a course, or lets it stand, and so settled what was reported of it."""

    topic: ClassVar[str] = "learning.review_judged"

    actor_user_id: UUID
    course_id: UUID
    review_id: UUID
    hidden: bool
    settled_reports: int
    reason: str | None
