"""The fields of an assignment's editor but its tests and files: shown, and read as the API's types."""

from collections.abc import Mapping, Sequence
from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.teach.assignment.tests import (
    KIBIBYTE,
    number_in,
    number_text,
    size_in,
    size_text,
)
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, text_or_none, whole_number
from codezest.services.learning.pages.teach.rows import RowKind, Rows
from codezest.services.learning.pages.teach.timed import timed_given, timed_values
from codezest.services.learning.schemas.authoring_assignments import MEBIBYTE
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment
from codezest.services.learning.schemas.trials import TrialDetail
from codezest_db.enums import AssignmentKind

HINTS = RowKind("h", ("text",), 20)
RULES = RowKind("r", ("kind", "construct", "query", "count", "message"), 50, {"kind": "REQUIRE"})
GROUPS = RowKind("g", ("name", "policy", "points"), 50, {"policy": "SUM"})
OPTIONS = ("absolute", "relative", "header", "separator")
"""Of the checker."""
PROGRAMS = ("starter_code", "solution_code")


def values_of(stored: StudioAssignment) -> dict[str, str]:
    """What the fields show."""
    options = stored.checker_options
    return {
        **{
            name: plain_newlines(getattr(stored, name) or "")
            for name in ("title", "slug", "description", "instructions")
        },
        "kind": stored.kind.value,
        "language": stored.language or "",
        "grading_mode": stored.grading_mode.value,
        "function_name": stored.function_name or "",
        "difficulty": stored.difficulty.value,
        "max_score": str(stored.max_score),
        "time_limit_minutes": "" if stored.time_limit_minutes is None else str(stored.time_limit_minutes),
        **{name: plain_newlines(getattr(stored, name) or "") for name in PROGRAMS},
        "cpu_seconds": number_text(stored.cpu_seconds),
        "wall_seconds": number_text(stored.wall_seconds),
        "memory": size_text(stored.memory_bytes, MEBIBYTE),
        "output": size_text(stored.output_bytes, KIBIBYTE),
        "checker": stored.checker.value,
        **{name: str(options.get(name, "")) for name in OPTIONS},
        "seed": str(stored.seed),
        "separate_processes": "on" if stored.separate_processes else "",
        **timed_values(stored),
    }


def suggestions(found: TrialDetail | None) -> dict[str, str]:
    """Limits as the editor's fields have them, by their names; nothing where none can be suggested."""
    if found is None or found.suggested is None:
        return {}
    suggested = found.suggested
    limits = {
        "cpu_seconds": number_text(suggested.cpu_seconds),
        "memory": size_text(suggested.memory_bytes, MEBIBYTE),
    }
    return {name: text for name, text in limits.items() if text}


def rows_of(stored: StudioAssignment) -> dict[str, Rows]:
    """Hints, rules and groups, by the letter of their rows."""
    return {
        "h": [{"text": plain_newlines(hint)} for hint in stored.hints],
        "r": [
            {
                "kind": rule["kind"],
                "construct": rule.get("construct") or "",
                "query": rule.get("query") or "",
                "count": _count_text(rule),
                "message": rule.get("message") or "",
            }
            for rule in stored.rules
        ],
        "g": [
            {
                "name": group["name"],
                "policy": group.get("policy") or "SUM",
                "points": "" if group.get("points") is None else str(group["points"]),
            }
            for group in stored.test_groups
        ],
    }


def _count_text(rule: Mapping[str, Any]) -> str:
    count = rule.get("at_least") if rule["kind"] == "REQUIRE" else rule.get("at_most")
    return "" if count is None else str(count)


def given_by(form: Sent, stored: StudioAssignment, rows: Mapping[str, Rows]) -> dict[str, Any]:
    """What the form says, as the API's type takes it. Fields of programs count where the form had them.

    Raises:
        FormRefused: names the field.
    """
    given: dict[str, Any] = {
        "title": form.text("title").strip(),
        "revision": form.text("revision"),
        "slug": form.text("slug").strip(),
        "description": text_or_none(form.text("description")),
        "instructions": text_or_none(form.text("instructions")),
        "kind": form.text("kind"),
        "difficulty": form.text("difficulty"),
        "max_score": whole_number("max_score", required("max_score", form.text("max_score"))),
        "time_limit_minutes": whole_number("time_limit_minutes", form.text("time_limit_minutes")),
        "hints": [row["text"].strip() for row in rows["h"] if row["text"].strip()],
        **timed_given(form, stored),
    }
    if "language" in form.texts:
        given["language"] = text_or_none(form.text("language"))
    if stored.kind is AssignmentKind.CODE and "grading_mode" in form.texts:
        given |= _program_given(form, stored, rows)
    return given


def _program_given(form: Sent, stored: StudioAssignment, rows: Mapping[str, Rows]) -> dict[str, Any]:
    return {
        "grading_mode": form.text("grading_mode"),
        "function_name": text_or_none(form.text("function_name")),
        **{name: _program(form.text(name), getattr(stored, name)) for name in PROGRAMS},
        "cpu_seconds": number_in("cpu_seconds", required("cpu_seconds", form.text("cpu_seconds"))),
        "wall_seconds": number_in("wall_seconds", required("wall_seconds", form.text("wall_seconds"))),
        "memory_bytes": size_in("memory", required("memory", form.text("memory")), MEBIBYTE),
        "output_bytes": size_in("output", required("output", form.text("output")), KIBIBYTE),
        "checker": form.text("checker"),
        "checker_options": _options(form),
        "seed": whole_number("seed", form.text("seed")) or 0,
        "separate_processes": "separate_processes" in form.texts,
        "rules": [_rule(row) for row in rows["r"] if row["construct"].strip() or row["query"].strip()],
        "test_groups": [
            {
                "name": row["name"].strip(),
                "policy": row["policy"],
                "points": whole_number("test_groups", row["points"]),
            }
            for row in rows["g"]
            if row["name"].strip()
        ],
    }


def required(name: str, text: str) -> str:
    """Raises: FormRefused: nothing stands there."""
    if not text.strip():
        raise FormRefused([(name, _("Please fill this in."))])
    return text


def _program(typed: str, kept: str | None) -> str | None:
    return kept if kept is not None and plain_newlines(kept) == typed else typed or None


def _options(form: Sent) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name in ("absolute", "relative"):
        if (number := number_in(name, form.text(name))) is not None:
            options[name] = number
    if (header := whole_number("header", form.text("header"))) is not None:
        options["header"] = header
    if form.text("separator"):
        options["separator"] = form.text("separator")
    return options


def _rule(row: Mapping[str, str]) -> dict[str, Any]:
    count = whole_number("rules", row["count"])
    return {
        "kind": row["kind"],
        "construct": text_or_none(row["construct"]),
        "query": text_or_none(row["query"]),
        "message": text_or_none(row["message"]),
        "at_least" if row["kind"] == "REQUIRE" else "at_most": count,
    }


def field_of(column: str) -> str:
    """The field that shows what a column holds, for messages of the API's types."""
    return {
        "memory_bytes": "memory",
        "output_bytes": "output",
        "checker_options": "absolute",
        "rules": "rules",
        "test_groups": "test_groups",
    }.get(column, column)


def labels() -> Mapping[str, str]:
    """What each field is called."""
    return {
        "title": _("Title"),
        "slug": _("Address"),
        "description": _("Description"),
        "instructions": _("Instructions"),
        "kind": _("Answered by"),
        "language": _("Programming language"),
        "grading_mode": _("How programs are tested"),
        "function_name": _("Function"),
        "difficulty": _("Difficulty"),
        "max_score": _("Points for everything"),
        "time_limit_minutes": _("Minutes it takes"),
        "starter_code": _("Program to start from"),
        "solution_code": _("Solution"),
        "cpu_seconds": _("CPU seconds"),
        "wall_seconds": _("Seconds by the clock"),
        "memory": _("Memory in MiB"),
        "output": _("Output in KiB"),
        "checker": _("Checker"),
        "absolute": _("Absolute tolerance"),
        "relative": _("Relative tolerance"),
        "header": _("First lines that stay first"),
        "separator": _("Separators"),
        "seed": _("Seed"),
        "separate_processes": _("A process for each test"),
        "available_from": _("Open from"),
        "available_until": _("Open until"),
        "due_at": _("Due at"),
        "late_policy": _("Late work"),
        "late_penalty_percent": _("Percent that each day costs"),
        "late_floor_percent": _("Percent that is never taken off"),
        "rules": _("Rules"),
        "test_groups": _("Groups"),
        "hints": _("Hints"),
        "harness": _("Author's files"),
        "tests": _("Tests"),
    }


def row_differences(
    label: str, kept: Sequence[Mapping[str, str]], typed: Sequence[Mapping[str, str]]
) -> list[tuple[str, str]]:
    """A label and the stored text of each row that stands otherwise in the form, the whole row in one text."""
    found: list[tuple[str, str]] = []
    for place in range(max(len(kept), len(typed))):
        stored = kept[place] if place < len(kept) else None
        shown = typed[place] if place < len(typed) else None
        if _told(stored) != _told(shown):
            found.append((f"{label} {place + 1}", _told(stored)))
    return found


def _told(row: Mapping[str, str] | None) -> str:
    return "\n".join(f"{name}: {text}" for name, text in (row or {}).items() if text.strip() and name != "id")
