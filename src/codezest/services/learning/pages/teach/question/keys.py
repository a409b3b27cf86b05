"""The key of a question as fields of its editor: rows and a few single fields, by type."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.teach.assignment.tests import json_in, json_or_empty
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, lines_of, text_or_none, whole_number
from codezest.services.learning.pages.teach.rows import RowKind, Rows
from codezest.services.learning.questions.keys import KEYS
from codezest.services.learning.questions.programs import LACKING, MAX_TESTS
from codezest_db.enums import GradingMode, QuestionType

OPTIONS = RowKind("o", ("id", "text", "right"), 50)
BLANKS = RowKind("b", ("name", "accepted", "patterns", "case", "spaces"), 30)
PAIRS = RowKind("p", ("prompt", "match"), 30)
ITEMS = RowKind("i", ("text",), 30)
UNITS = RowKind("u", ("unit", "factor"), 20)
TESTS = RowKind("t", ("name", "input", "arguments", "expected", "visible", "points"), MAX_TESTS, {"points": "1"})
CHOSEN = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE})
ROWS: Mapping[QuestionType, RowKind] = {
    **dict.fromkeys(CHOSEN, OPTIONS),
    QuestionType.FILL_BLANK: BLANKS,
    QuestionType.MATCHING: PAIRS,
    QuestionType.ORDERING: ITEMS,
    QuestionType.NUMERIC: UNITS,
    QuestionType.CODE: TESTS,
}
SINGLE: Mapping[QuestionType, tuple[str, ...]] = {
    QuestionType.MATCHING: ("distractors",),
    QuestionType.NUMERIC: ("value", "absolute", "relative", "unit_required"),
    QuestionType.SHORT_ANSWER: ("accepted", "patterns", "case", "spaces", "manual", "lines"),
    QuestionType.CODE: ("language", "mode", "function", "starter", "solution", "cpu_seconds"),
}
BOXES = frozenset({"unit_required", "case", "spaces", "manual"})


def blank_rows(kind: QuestionType) -> Rows:
    """What a new question begins with."""
    if kind is QuestionType.TRUE_FALSE:
        return [{"id": "", "text": _("True"), "right": "on"}, {"id": "", "text": _("False"), "right": ""}]
    rows = ROWS.get(kind)
    if rows is None or kind is QuestionType.NUMERIC:
        return []
    if kind is QuestionType.CODE:
        return [rows.new() | {"visible": "on"}, rows.new()]
    return [rows.new() for _place in range(1 if kind is QuestionType.FILL_BLANK else 3)]


def key_rows(kind: QuestionType, key: Mapping[str, Any]) -> Rows:
    """The rows of a stored key."""
    match kind:
        case QuestionType.FILL_BLANK:
            return [{"name": name, **_texts(blank)} for name, blank in key.get("blanks", {}).items()]
        case QuestionType.MATCHING:
            return [{"prompt": pair["prompt"], "match": pair["match"]} for pair in key.get("pairs", [])]
        case QuestionType.ORDERING:
            return [{"text": text} for text in key.get("items", [])]
        case QuestionType.NUMERIC:
            return [{"unit": unit, "factor": str(factor)} for unit, factor in key.get("units", {}).items()]
        case QuestionType.CODE:
            return [_test_row(test) for test in key.get("tests", [])]
        case _:
            return []


def key_values(kind: QuestionType, key: Mapping[str, Any]) -> dict[str, str]:
    """The single fields of a stored key."""
    match kind:
        case QuestionType.MATCHING:
            return {"distractors": "\n".join(key.get("distractors", []))}
        case QuestionType.NUMERIC:
            return {
                "value": str(key.get("value", "")),
                "absolute": str(key.get("absolute", "0")),
                "relative": str(key.get("relative", "0")),
                "unit_required": "on" if key.get("unit_required") else "",
            }
        case QuestionType.SHORT_ANSWER:
            manual = "on" if key.get("manual", True) else ""
            return {**_texts(key), "manual": manual, "lines": str(key.get("lines", 1))}
        case QuestionType.CODE:
            return {
                "language": key.get("language", "python"),
                "mode": key.get("mode", GradingMode.STDIO.value),
                "function": key.get("function") or "",
                "starter": key.get("starter", ""),
                "solution": key.get("solution", ""),
                "cpu_seconds": str(key.get("cpu_seconds") or ""),
            }
        case _:
            return {}


def _test_row(test: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": test.get("name") or "",
        "input": test.get("input", ""),
        "arguments": json_or_empty(test.get("arguments")),
        "expected": test["expected"],
        "visible": "on" if test.get("visible") else "",
        "points": str(test.get("points", 1)),
    }


def _texts(key: Mapping[str, Any]) -> dict[str, str]:
    return {
        "accepted": "\n".join(key.get("accepted", [])),
        "patterns": "\n".join(key.get("patterns", [])),
        "case": "on" if key.get("case_sensitive") else "",
        "spaces": "on" if key.get("exact_spaces") else "",
    }


def key_in(kind: QuestionType, form: Sent, rows: Rows) -> dict[str, Any] | None:
    """The key that the fields say; None for types that have options.

    Raises:
        FormRefused: a name stands there twice, or a number is none.
    """
    match kind:
        case QuestionType.FILL_BLANK:
            return {"blanks": _named("b", "name", rows, _accepted)}
        case QuestionType.MATCHING:
            pairs = [
                {"prompt": row["prompt"].strip(), "match": row["match"].strip()}
                for row in rows
                if row["prompt"].strip() or row["match"].strip()
            ]
            return {"pairs": pairs, "distractors": lines_of(form.text("distractors"))}
        case QuestionType.ORDERING:
            return {"items": [row["text"].strip() for row in rows if row["text"].strip()]}
        case QuestionType.NUMERIC:
            return {
                "value": form.text("value").strip(),
                "absolute": form.text("absolute").strip() or "0",
                "relative": form.text("relative").strip() or "0",
                "units": _named("u", "unit", rows, _factor),
                "unit_required": "unit_required" in form.texts,
            }
        case QuestionType.SHORT_ANSWER:
            typed = {name: form.text(name) for name in ("accepted", "patterns", "case", "spaces")}
            return {
                **_accepted(typed),
                "manual": "manual" in form.texts,
                "lines": whole_number("lines", form.text("lines")) or 1,
            }
        case _:
            return _program_key(form, rows) if kind is QuestionType.CODE else None


def _program_key(form: Sent, rows: Rows) -> dict[str, Any]:
    """Rows stay where they are, even empty ones, so that an error names the one it means. Fields of the other mode do not count."""
    seconds = form.text("cpu_seconds").strip().replace(",", ".")
    called = form.text("mode") == GradingMode.FUNCTION
    key: dict[str, Any] = {
        "language": form.text("language"),
        "mode": form.text("mode") or GradingMode.STDIO.value,
        "function": text_or_none(form.text("function")) if called else None,
        "starter": form.text("starter"),
        "solution": form.text("solution"),
        "tests": [
            {
                "name": row["name"].strip() or None,
                "input": row["input"],
                "arguments": json_in(f"t-{place}-arguments", row["arguments"], None) if called else None,
                "expected": row["expected"],
                "visible": bool(row["visible"]),
                "points": whole_number(f"t-{place}-points", row["points"]),
            }
            for place, row in enumerate(rows)
        ],
    }
    return key if not seconds else key | {"cpu_seconds": _seconds(seconds)}


def _seconds(text: str) -> float:
    """Raises: FormRefused: it is no number."""
    try:
        return float(text)
    except ValueError:
        raise FormRefused([("cpu_seconds", _("This is no number."))]) from None


def _factor(row: Mapping[str, str]) -> str:
    return row["factor"].strip()


def read_key(kind: QuestionType, key: dict[str, Any] | None, rows: Rows) -> dict[str, Any] | None:
    """The key, held to its type.

    Raises:
        FormRefused: it is none; names the fields.
    """
    model = KEYS.get(kind)
    if model is None or key is None:
        return None
    try:
        model.model_validate(key)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise FormRefused([(_field(kind, one["loc"], rows), _message(one)) for one in found]) from None
    return key


def _field(kind: QuestionType, location: Sequence[int | str], rows: Rows) -> str:
    """The field that a part of a key stands in."""
    kept = ROWS.get(kind)
    columns = {"case_sensitive": "case", "exact_spaces": "spaces", "items": "text", "units": "factor"}
    names = [str(part) for part in location] or ["tests"]
    if names == ["tests"] or kept is None or names[0] in SINGLE.get(kind, ()):
        return names[0]
    place = 0
    if len(location) > 1 and isinstance(location[1], int):
        place = location[1]
    elif len(names) > 1:
        place = next((at for at, row in enumerate(rows) if row[kept.names[0]].strip() == names[1]), 0)
    named = [columns.get(name, name) for name in names if columns.get(name, name) in kept.names]
    return f"{kept.letter}-{place}-{named[-1] if named else kept.names[0]}"


def _message(error: Any) -> str:
    if error["type"] == LACKING and error["loc"][-1] in (words := _lacking()):
        return words[error["loc"][-1]]
    if error["type"] == "too_short":
        return _("Write at least %(least)s.") % {"least": error["ctx"]["min_length"]}
    if error["type"] in {"string_too_short", "missing"}:
        return _("Please fill this in.")
    return str(error["msg"]).removeprefix("Value error, ")


def _lacking() -> dict[str, str]:
    """What the parts of a key lack where a function is called, by their names."""
    return {
        "mode": _(
            "Functions cannot be called in this language. Choose another one, or have the programs read input and print."
        ),
        "function": _("Name the function that the tests call."),
        "arguments": _('Use a JSON list of what the function is called with, such as [3, "tree"].'),
        "expected": _('Use JSON, such as 3, "text" or [1, 2].'),
    }


def _accepted(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "accepted": lines_of(row["accepted"]),
        "patterns": [line for line in row["patterns"].splitlines() if line],
        "case_sensitive": bool(row["case"]),
        "exact_spaces": bool(row["spaces"]),
    }


def _named(letter: str, name: str, rows: Rows, made: Any) -> dict[str, Any]:
    """Rows by what stands in one of their fields."""
    found: dict[str, Any] = {}
    for place, row in enumerate(rows):
        key = row[name].strip()
        if not key:
            if any(text.strip() for text in row.values()):
                raise FormRefused([(f"{letter}-{place}-{name}", _("Please fill this in."))])
            continue
        if key in found:
            raise FormRefused([(f"{letter}-{place}-{name}", _("This stands there already."))])
        found[key] = made(row)
    return found
