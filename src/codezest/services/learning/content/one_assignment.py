"""Reads one assignment's folder without the course around it: for authors who try something."""

from pathlib import Path

from codezest.services.learning.content.assignments import load_assignment
from codezest.services.learning.content.model import AssignmentContent
from codezest.services.learning.content.problems import ContentProblems, Problems
from codezest.services.learning.content.reading import read_toml

_TREES = ("language.toml", "course.toml")
_LEVELS = 4
"""From an assignment up to its language: assignments, module, modules, language."""


def load_one_assignment(folder: Path) -> AssignmentContent:
    """The assignment in ``folder``.

    Where it lies in a course, it takes from it what it does not say itself; elsewhere it names its ``language``.

    Raises:
        ContentProblems: with every mistake in the folder.
    """
    path = folder.resolve()
    problems = Problems(path)
    course, name = next(
        ((above, name) for above in path.parents[:_LEVELS] for name in _TREES if (above / name).is_file()), (None, "")
    )
    runtime = _runtime(course / name, problems) if course is not None else ""
    assignment = load_assignment(
        path,
        position=1,
        language=course.name if course is not None else "",
        runtime=runtime,
        media=(course or path) / "media",
        problems=problems,
    )
    if assignment is not None and not assignment.language:
        message = "`language` is missing: no language.toml or course.toml that names one lies above this folder"
        problems.add(path / "assignment.toml", None, message)
    if problems.found or assignment is None:
        raise ContentProblems(problems.found)
    return assignment


def _runtime(file: Path, problems: Problems) -> str:
    """The grader's language of a course."""
    fields = read_toml(file, problems)
    if fields is None:
        return ""
    problems.lenient = fields.flag("lenient", default=False)
    if file.name == "course.toml":
        return fields.optional_text("runtime") or fields.optional_text("language") or ""
    return fields.optional_text("runtime") or fields.optional_text("slug") or file.parent.name
