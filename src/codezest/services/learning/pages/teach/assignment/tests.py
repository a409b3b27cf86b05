"""The tests of an assignment as rows of its editor: shown, and read as the API's types."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.teach.forms import FormRefused, lines_of, read, text_or_none, whole_number
from codezest.services.learning.pages.teach.rows import Row, RowKind, Rows
from codezest.services.learning.schemas.authored import AuthoredTest
from codezest.services.learning.schemas.authoring_assignments import MAX_TESTS, MEBIBYTE, NewTest
from codezest_db.enums import GradingMode

HIDDEN, VISIBLE, SAMPLE = "hidden", "visible", "sample"
TESTS = RowKind(
    "t",
    (
        "id", "name", "stdin", "args", "files", "arguments", "expected", "any", "points", "seen", "kind_of_case", "group_name",
        "bonus", "checker", "checker_options", "cpu_seconds", "wall_seconds", "memory", "output", "script", "script_args", "seed",
    ),
    MAX_TESTS,
    {"points": "1", "seen": VISIBLE},
)  # fmt: skip
KIBIBYTE = 1 << 10


def test_rows(tests: Sequence[AuthoredTest]) -> Rows:
    """What the rows show of stored tests."""
    return [_row(test) for test in tests]


def _row(test: AuthoredTest) -> Row:
    generator = test.generator or {}
    return {
        "id": str(test.id),
        "name": test.name,
        "stdin": plain_newlines(test.stdin),
        "args": written_list(test.args),
        "files": json_or_empty(test.files or None),
        "arguments": json_or_empty(test.arguments),
        "expected": plain_newlines(test.expected or ""),
        "any": "on" if test.expected is None else "",
        "points": str(test.points),
        "seen": SAMPLE if test.sample else VISIBLE if test.visible else HIDDEN,
        "kind_of_case": test.kind_of_case or "",
        "group_name": test.group_name or "",
        "bonus": "on" if test.bonus else "",
        "checker": test.checker or "",
        "checker_options": json_or_empty(test.checker_options),
        "cpu_seconds": number_text(test.cpu_seconds),
        "wall_seconds": number_text(test.wall_seconds),
        "memory": size_text(test.memory_bytes, MEBIBYTE),
        "output": size_text(test.output_bytes, KIBIBYTE),
        "script": str(generator.get("script") or ""),
        "script_args": written_list(generator.get("args") or []),
        "seed": "" if generator.get("seed") is None else str(generator["seed"]),
    }


def tests_in(rows: Rows, stored: Sequence[AuthoredTest], *, mode: str) -> list[NewTest]:
    """The tests that the rows say.

    Raises:
        FormRefused: names the fields by row, such as `t-3-points`.
    """
    by_id = {str(test.id): test for test in stored}
    tests: list[NewTest] = []
    errors: list[tuple[str | None, str]] = []
    for place, row in enumerate(rows):
        try:
            tests.append(read(NewTest, _given(row, by_id.get(row["id"]), mode=mode)))
        except FormRefused as error:
            errors += [(f"t-{place}-{_FIELDS.get(name or '', name or 'name')}", text) for name, text in error.errors]
    if errors:
        raise FormRefused(errors)
    return tests


_FIELDS = {
    "memory_bytes": "memory",
    "output_bytes": "output",
    "visible": "seen",
    "sample": "seen",
    "generator": "script",
}
"""Columns whose field is called otherwise."""


def row_field(column: str) -> str:
    """The field of a row that a column stands in."""
    return _FIELDS.get(column, column)


def _given(row: Row, stored: AuthoredTest | None, *, mode: str) -> dict[str, Any]:
    called = mode == GradingMode.FUNCTION
    given: dict[str, Any] = {
        "name": row["name"].strip(),
        "stdin": _unchanged(row["stdin"], stored.stdin if stored else None),
        "args": list_in("args", row["args"]),
        "files": json_in("files", row["files"], {}),
        "expected": None if row["any"] else _unchanged(row["expected"], stored.expected if stored else None),
        "points": whole_number("points", row["points"]) or 0,
        "visible": row["seen"] != HIDDEN,
        "sample": row["seen"] == SAMPLE,
        "kind_of_case": text_or_none(row["kind_of_case"]),
        "group_name": text_or_none(row["group_name"]),
        "bonus": bool(row["bonus"]),
        "checker": text_or_none(row["checker"]),
        "checker_options": json_in("checker_options", row["checker_options"], None),
        "cpu_seconds": number_in("cpu_seconds", row["cpu_seconds"]),
        "wall_seconds": number_in("wall_seconds", row["wall_seconds"]),
        "memory_bytes": size_in("memory", row["memory"], MEBIBYTE),
        "output_bytes": size_in("output", row["output"], KIBIBYTE),
        "arguments": json_in("arguments", row["arguments"], None) if called or row["arguments"].strip() else None,
    }
    if called and given["expected"] is not None and not given["expected"].strip():
        given["expected"] = None
    if row["script"]:
        given["generator"] = {
            "script": row["script"],
            "args": list_in("script_args", row["script_args"]),
            "seed": whole_number("seed", row["seed"]),
        }
    return given


def _unchanged(typed: str, kept: str | None) -> str:
    """A text whose line ends a form cannot hold stays as it was, unless it was changed."""
    return kept if kept is not None and plain_newlines(kept) == typed else typed


def json_or_empty(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def json_in(name: str, text: str, empty: Any) -> Any:
    """Raises: FormRefused: it is no JSON."""
    if not text.strip():
        return empty
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise FormRefused([(name, _('Use JSON, such as [1, "two"] or {"key": 3}.'))]) from None


def written_list(texts: Sequence[str]) -> str:
    """Texts in a line each; as JSON where lines cannot say it."""
    plain = all(text and text == text.strip() and text.isprintable() for text in texts)
    return "\n".join(texts) if plain and not (texts and texts[0].startswith("[")) else json_or_empty(list(texts))


def list_in(name: str, text: str) -> list[Any]:
    """What `written_list` shows. Raises: FormRefused: it begins like JSON, and is none."""
    return json_in(name, text, []) if text.strip().startswith("[") else lines_of(text)


def number_text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def number_in(name: str, text: str) -> float | None:
    """Raises: FormRefused: it is no number."""
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise FormRefused([(name, _("Use a number, such as 2 or 0.5."))]) from None


def size_text(size: int | None, unit: int) -> str:
    return "" if size is None else f"{size / unit:.9g}"


def size_in(name: str, text: str, unit: int) -> int | None:
    """Raises: FormRefused: it is no number."""
    number = number_in(name, text)
    try:
        return None if number is None else round(number * unit)
    except (OverflowError, ValueError):
        raise FormRefused([(name, _("Use a number, such as 2 or 0.5."))]) from None


def labels() -> Mapping[str, str]:
    """What a field of a row is called."""
    return {
        "name": _("Name"),
        "stdin": _("Input"),
        "args": _("Arguments of the program"),
        "files": _("Files beside it"),
        "arguments": _("Arguments"),
        "expected": _("Expected"),
        "any": _("Any output will do"),
        "points": _("Points"),
        "seen": _("Who sees it"),
        "kind_of_case": _("What it tries"),
        "group_name": _("Group"),
        "bonus": _("Bonus"),
        "checker": _("Checker"),
        "checker_options": _("Options of the checker"),
        "cpu_seconds": _("CPU seconds"),
        "wall_seconds": _("Seconds by the clock"),
        "memory": _("Memory in MiB"),
        "output": _("Output in KiB"),
        "script": _("Generator"),
        "script_args": _("Arguments of the generator"),
        "seed": _("Seed"),
    }
