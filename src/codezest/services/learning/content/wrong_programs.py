"""Programs of typical misconceptions: as an assignment's row holds them, and as its folder does."""

from collections.abc import Mapping, Sequence
from typing import Any

from codezest.services.learning.content.model import AssignmentContent
from codezest_db.models.learning import AssignmentTest

ALL = "all"


def wrong_rows(assignment: AssignmentContent) -> list[dict[str, Any]]:
    """As ``learning.assignments.wrong_programs`` holds them: tests by their names, since keys are of the files alone."""
    names = {test.key: test.name for test in assignment.tests}
    return [
        {
            "file": wrong.name,
            "code": wrong.code,
            "files": wrong.files if wrong.is_folder else None,
            "verdict": wrong.verdict.value,
            "fails": ALL if set(wrong.fails) == set(names) else [names[key] for key in wrong.fails if key in names],
            "why": wrong.why,
        }
        for wrong in assignment.wrong
    ]


def wrong_tables(
    rows: Sequence[Mapping[str, Any]], tests: Sequence[AssignmentTest], main: str
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The tables of ``assignment.toml``, and the text of each file below the assignment's folder.

    A program whose tests have all gone is in neither: a file must name what it fails.
    """
    keys = {test.name: f"test-{number}" for number, test in reversed(list(enumerate(tests, start=1)))}
    tables: list[dict[str, Any]] = []
    files: dict[str, str] = {}
    for row in rows:
        fails = [keys[name] for name in row["fails"] if name in keys] if row["fails"] != ALL else ALL
        if not fails or not keys:
            continue
        table = {"file": row["file"], "verdict": row["verdict"], "fails": fails, "why": row["why"]}
        tables.append(table)
        place = f"wrong/{row['file']}"
        if row["files"] is None:
            files[place] = row["code"]
        else:
            files |= {f"{place}/{path}": text for path, text in {**row["files"], main: row["code"]}.items()}
    return tables, files
