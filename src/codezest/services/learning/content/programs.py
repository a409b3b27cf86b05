"""Reads the programs in an assignment's folder: learners' of one or several files, and the author's own."""

from pathlib import Path
from typing import Any

from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.reading import read_text
from codezest.services.learning.program_files import fault_of_paths, fault_of_size, language_by_suffix

MAX_HARNESS_BYTES = 1 << 20
"""All of an assignment's own programs together, in bytes of UTF-8."""
AUTHORS = frozenset({"checker", "interactor", "unit_tests", "support", "generators"})
"""Folders with what grading needs and learners never see."""
LEFT_ALONE = frozenset({"__pycache__", "node_modules", "target"})


def read_files(folder: Path, problems: Problems) -> dict[str, str]:
    """Text by path of all files below ``folder``; what tools leave behind, and hidden files, are passed over."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_dir() or any(part.startswith(".") or part in LEFT_ALONE for part in parts):
            continue
        found["/".join(parts)] = read_text(path, problems) or ""
    if fault := fault_of_paths(found):
        problems.add(folder, None, fault)
    return found


def read_program(folder: Path, entry: str, problems: Problems) -> tuple[str, dict[str, str]]:
    """The entry file's text, and the program's other files."""
    if not (folder / entry).is_file():
        problems.advise(folder / entry, None, "this file is missing")
        if not (problems.lenient and folder.is_dir()):
            return "", {}
    files = read_files(folder, problems)
    if fault := fault_of_size(files):
        problems.add(folder, None, fault)
    return files.pop(entry, ""), files


def read_harness(folder: Path, problems: Problems) -> dict[str, Any]:
    """The author's programs in an assignment's folder, as ``learning.assignments.harness`` holds them."""
    harness: dict[str, Any] = {}
    for name in ("checker", "interactor"):
        if (folder / name).is_dir() and (program := _author_program(folder / name, name, problems)) is not None:
            harness[name] = program
    for name, key in (("unit_tests", "unit_tests"), ("support", "support_files")):
        if (folder / name).is_dir():
            harness[key] = read_files(folder / name, problems)
            if not harness[key]:
                problems.add(folder / name, None, "this folder is empty: add its files, or remove it")
    if (folder / "generators").is_dir():
        harness["generators"] = _generators(folder / "generators", problems)
    size = sum(len(text.encode()) for text in _texts(harness))
    if size > MAX_HARNESS_BYTES:
        named = ", ".join(sorted(AUTHORS))
        problems.add(folder, None, f"{named} have {size} bytes together; at most {MAX_HARNESS_BYTES} are stored")
    return harness


def _author_program(folder: Path, name: str, problems: Problems) -> dict[str, Any] | None:
    """A program that begins with the file ``name``, whatever its suffix and its first letter's case."""
    suffixes = language_by_suffix()
    files = read_files(folder, problems)
    entries = [
        path for path in files if path.partition(".")[0].lower() == name and f".{path.partition('.')[2]}" in suffixes
    ]
    if len(entries) != 1:
        known = ", ".join(f"{name}{suffix}" for suffix in sorted(suffixes))
        problems.add(folder, None, f"there must be exactly one file to begin with here, one of: {known}")
        return None
    return _program(entries[0], files)


def _generators(folder: Path, problems: Problems) -> dict[str, Any]:
    """Each file is a generator of its own, by its name."""
    suffixes = language_by_suffix()
    found: dict[str, Any] = {}
    for path, text in read_files(folder, problems).items():
        if "/" in path or f".{path.rpartition('.')[2]}" not in suffixes:
            message = f"a generator is one file here, with one of the suffixes {', '.join(sorted(suffixes))}"
            problems.add(folder / path, None, message)
        else:
            found[path] = _program(path, {path: text})
    return found


def _program(entry: str, files: dict[str, str]) -> dict[str, Any]:
    return {"language": language_by_suffix()[f".{entry.rpartition('.')[2]}"], "entry": entry, "files": files}


def _texts(value: Any) -> list[str]:
    """The texts of a harness, however deep."""
    if isinstance(value, str):
        return [value]
    return [text for inner in value.values() for text in _texts(inner)]
