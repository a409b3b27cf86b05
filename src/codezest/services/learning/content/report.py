"""What a synchronisation did."""

from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A course, module or item that was written or removed."""

    kind: str
    """COURSE, MODULE, MATERIAL, ASSIGNMENT or QUIZ; BANK, FILES or RUBRICS of the course whose id it is."""
    id: UUID
    title: str
    outcome: str
    """CREATED, CHANGED or REMOVED."""
    columns: frozenset[str] = frozenset()
    """Of its row, that changed, where this is known."""


@dataclass(slots=True)
class SyncReport:
    """What a synchronisation did; names are slugs, such as ``python/functions/lambda-functions``."""

    created: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    unchanged: int = 0
    things: list[Thing] = field(default_factory=list[Thing])
    course_ids: set[UUID] = field(default_factory=set[UUID])
    """Courses in which a module or an item was created, changed or removed: their kept progress needs a refresh."""

    @property
    def summary(self) -> str:
        counts = (("created", self.created), ("changed", self.changed), ("removed", self.removed))
        return ", ".join([*(f"{len(names)} {verb}" for verb, names in counts), f"{self.unchanged} unchanged"])

    @property
    def lines(self) -> list[str]:
        """What to print: each thing that was created, changed or removed, then the summary."""
        named = (("created", self.created), ("changed", self.changed), ("removed", self.removed))
        return [*(f"{verb} {name}" for verb, names in named for name in names), self.summary]


class Outcome(IntEnum):
    """What became of a row; the greater one counts where several make a thing."""

    CURRENT = 0
    """It has the files' revision."""
    SAME = 1
    """It says what the files say, and came from elsewhere, or from other files."""
    CHANGED = 2
    CREATED = 3
