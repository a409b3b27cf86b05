"""What is wrong with a content folder: every problem is collected, so that an author repairs them in one go."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: the file (relative to the loaded folder), its line where known, and what to do."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class ContentProblems(Exception):
    """The folder cannot be loaded. ``problems`` lists every mistake, sorted by place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.message))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Problems:
    """Collects problems while a folder is read."""

    root: Path
    found: list[Problem] = field(default_factory=list[Problem])
    advice: list[Problem] = field(default_factory=list[Problem])
    lenient: bool = False
    """Whether the tree that is being read was written by an export: what it holds was accepted once, as it stands."""

    def add(self, path: Path, line: int | None, message: str) -> None:
        """A fault: what has it cannot be stored."""
        self.found.append(self._problem(path, line, message))

    def advise(self, path: Path, line: int | None, message: str) -> None:
        """What good content has, and what is refused without it, except in a lenient tree."""
        (self.advice if self.lenient else self.found).append(self._problem(path, line, message))

    def _problem(self, path: Path, line: int | None, message: str) -> Problem:
        return Problem(path.relative_to(self.root).as_posix() if path != self.root else ".", line, message)
