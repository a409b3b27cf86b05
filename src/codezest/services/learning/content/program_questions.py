"""Questions that are answered by a program: their programs stand in the file, or in files beside it."""

from typing import Any

from codezest.services.learning.content.parsing import Fields
from codezest.services.learning.content.reading import read_text

PARTS = ("starter", "solution")


def read_programs(fields: Fields, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a key, with the text of `starter_file` and `solution_file` where these name files beside this one."""
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
    return found
