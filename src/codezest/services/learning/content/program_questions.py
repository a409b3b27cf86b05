"""Questions that are answered by a program: their programs stand in the file, or in files beside it; their tests in tables."""

from typing import Any

from codezest.services.learning.content.assignment_tests import read_returns
from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.reading import read_text

PARTS = ("starter", "solution")


def read_program_key(fields: Fields, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a key, with the text of `starter_file` and `solution_file` where these name files beside this one, and what
    `returns` of a test says as its `expected`.
    """
    found = dict(values)
    for part in PARTS:
        named = f"{part}_file"
        name = fields.optional_text(named)
        if name is None:
            continue
        if part in values:
            fields.problem(named, f"`{part}` and `{named}` say the same: remove one")
        if "/" in name or "\\" in name or name.startswith("."):
            fields.problem(named, f"`{named}` is {name!r}, but must be the name of a file beside this one")
            continue
        found[part] = read_text(fields.path.parent / name, fields.problems) or ""
    if "tests" in values:
        found["tests"] = [_read_test(test) for test in fields.tables("tests")]
    return found


def _read_test(fields: Fields) -> dict[str, Any]:
    """A test of a key; what else is wrong with it, the key says."""
    if "returns" not in fields.values:
        return dict(fields.values)
    kept = {name: value for name, value in fields.values.items() if name != "returns"}
    return kept | {"expected": read_returns(fields, fields.raw("expected")) or ""}
