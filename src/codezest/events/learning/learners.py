"""How far learners come, and what is theirs."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from codezest.kit.outbox import Event


@dataclass(frozen=True, slots=True)
class MaterialCompleted(Event):
    """A learner finished a material for the first time."""

    topic: ClassVar[str] = "learning.material_completed"

    user_id: UUID
    course_id: UUID
    module_id: UUID
    material_id: UUID


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
class BadgeEarned(Event):
    """A learner achieved something for the first time; `badge` is its key."""

    topic: ClassVar[str] = "learning.badge_earned"

    user_id: UUID
    badge: str


@dataclass(frozen=True, slots=True)
class DataExportPartWritten(Event):
    """What learning holds of a user lies among the files under this key, for the download they asked for."""

    topic: ClassVar[str] = "learning.data_export_part_written"

    user_id: UUID
    export_id: UUID
    file_key: str
