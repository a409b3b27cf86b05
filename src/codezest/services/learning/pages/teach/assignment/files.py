"""The files of an assignment as rows of its editor: further files of its programs, and the author's own programs."""

from collections.abc import Mapping
from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.teach.forms import FormRefused
from codezest.services.learning.pages.teach.rows import RowKind, Rows
from codezest.services.learning.program_files import language_by_suffix
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment

FILES = RowKind("f", ("role", "path", "text"), 120, {"role": "support_files"})
PLAIN = ("starter", "solution", "unit_tests", "support_files")
PROGRAMS = ("checker", "interactor")
GENERATOR = "generator"
NAMED = "generator:"
"""Begins the role of a file of a generator that has several, or another name than its file; its name follows."""


def file_rows(stored: StudioAssignment) -> Rows:
    """What the rows show. Of a program, the file that it begins with comes first."""
    harness = stored.harness
    rows: Rows = []
    for role, files in (
        ("starter", stored.starter_files),
        ("solution", stored.solution_files),
        ("unit_tests", harness.get("unit_tests") or {}),
        ("support_files", harness.get("support_files") or {}),
    ):
        rows += [_row(role, path, text) for path, text in sorted(files.items())]
    for role in PROGRAMS:
        rows += _program_rows(role, harness.get(role))
    for name, program in sorted((harness.get("generators") or {}).items()):
        alone = list(program["files"]) == [name]
        rows += _program_rows(GENERATOR if alone else NAMED + name, program)
    return rows


def _program_rows(role: str, program: Mapping[str, Any] | None) -> Rows:
    if not program:
        return []
    entry = program["entry"]
    paths = sorted(program["files"], key=lambda path: (path != entry, path))
    return [_row(role, path, program["files"][path]) for path in paths]


def _row(role: str, path: str, text: str) -> dict[str, str]:
    return {"role": role, "path": path, "text": plain_newlines(text)}


def roles(rows: Rows) -> list[tuple[str, str]]:
    """What a file may be for."""
    known = [
        ("starter", _("Program to start from")),
        ("solution", _("Solution")),
        ("support_files", _("Beside every program")),
        ("unit_tests", _("Unit tests")),
        ("checker", _("Checker")),
        ("interactor", _("Interactor")),
        (GENERATOR, _("Generator of input")),
    ]
    named = sorted({row["role"] for row in rows if row["role"].startswith(NAMED)})
    return [*known, *((role, _("Generator %(name)s") % {"name": role.removeprefix(NAMED)}) for role in named)]


def generators_of(rows: Rows) -> list[str]:
    """Names of generators that the rows hold."""
    found = {row["path"].strip() for row in rows if row["role"] == GENERATOR}
    return sorted(found | {row["role"].removeprefix(NAMED) for row in rows if row["role"].startswith(NAMED)})


def files_in(rows: Rows, stored: StudioAssignment) -> dict[str, Any]:
    """The columns that hold files: starter_files, solution_files, harness.

    Raises:
        FormRefused: a file has no path, or one that is there already.
    """
    found: dict[str, dict[str, str]] = {}
    for place, row in enumerate(rows):
        role, path = row["role"], row["path"].strip()
        if not path:
            if row["text"].strip():
                raise FormRefused([(f"f-{place}-path", _("Say what the file is called."))])
            continue
        if role not in {*PLAIN, *PROGRAMS, GENERATOR} and not role.startswith(NAMED):
            raise FormRefused([(f"f-{place}-role", _("Choose what the file is for."))])
        files = found.setdefault(NAMED + path if role == GENERATOR else role, {})
        if path in files:
            raise FormRefused([(f"f-{place}-path", _("There is a file of this name already."))])
        files[path] = row["text"]
    harness: dict[str, Any] = {role: found[role] for role in ("unit_tests", "support_files") if role in found}
    kept = stored.harness
    for role in PROGRAMS:
        if role in found:
            harness[role] = _program(found[role], kept.get(role))
    generators = {
        role.removeprefix(NAMED): _program(files, (kept.get("generators") or {}).get(role.removeprefix(NAMED)))
        for role, files in found.items()
        if role.startswith(NAMED)
    }
    if generators:
        harness["generators"] = generators
    return {
        "starter_files": found.get("starter", {}),
        "solution_files": found.get("solution", {}),
        "harness": harness,
    }


def _program(files: dict[str, str], kept: Mapping[str, Any] | None) -> dict[str, Any]:
    entry = next(iter(files))
    by_suffix = language_by_suffix().get(f".{entry.rpartition('.')[2]}", "python")
    language = kept["language"] if kept and kept["entry"] == entry else by_suffix
    return {"language": language, "entry": entry, "files": files}
