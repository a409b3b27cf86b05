"""What is to be done with an import, and that it cannot be."""

from dataclasses import dataclass
from uuid import UUID

from codezest.services.learning.content.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    import_id: UUID
    user_id: UUID
    course_id: UUID | None
    """Of the course that it changes; None where it makes one."""
    target_id: UUID
    name: str
    """Of the ZIP."""
    is_preview: bool


class Refused(Exception):
    """Nothing comes in, and this is why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def refused(message: str, *, path: str = ".") -> Refused:
    """For one reason."""
    return Refused([Problem(path, None, message)])


def refuse_any(problems: list[Problem]) -> None:
    """Raises Refused where there are any."""
    if problems:
        raise Refused(problems)
