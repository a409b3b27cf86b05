"""Typed reading of TOML files and Markdown front matter; each mistake becomes a problem with its line."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

from codezest.services.learning.content.problems import Problems

NIL = UUID(int=0)
"""Stands in for a uuid that could not be read; its problem is noted, so nothing is ever stored under it."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NUL = "\0"
EMPTY = "`{}` is empty: write a text, or remove the line where it is optional"

Enumeration = TypeVar("Enumeration", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class Fields:
    """The fields of one table. A getter notes a problem, and returns a stand-in, when a field is missing or wrong.

    ``first_line`` is the line the table begins at; ``separator`` follows a key in this kind of file.
    Call ``finish`` at the end: it notes the fields that nobody asked for.
    """

    path: Path
    problems: Problems
    values: Mapping[str, Any]
    lines: list[str]
    first_line: int = 1
    separator: str = "="
    asked: set[str] = field(default_factory=set[str])

    def problem(self, key: str | None, message: str) -> None:
        self.problems.add(self.path, self.first_line if key is None else self.line_of(key), message)

    def advise(self, key: str | None, message: str) -> None:
        """As ``problem``, for what a lenient tree may do without."""
        self.problems.advise(self.path, self.first_line if key is None else self.line_of(key), message)

    def line_of(self, key: str) -> int:
        """The line that sets ``key``, or the table's first line when it cannot be found."""
        pattern = re.compile(rf"\s*{re.escape(key)}\s*{self.separator}")
        for number in range(self.first_line, len(self.lines) + 1):
            line = self.lines[number - 1]
            if pattern.match(line):
                return number
            if number > self.first_line and line.startswith("["):
                break
        return self.first_line

    def _read(self, key: str, kind: type[Value], description: str, *, required: bool = False) -> Value | None:
        self.asked.add(key)
        if key not in self.values:
            if required:
                self.problem(None, f"`{key}` is missing: add {description}")
            return None
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem(key, f"`{key}` must be {description}")
            return None
        if isinstance(value, str) and NUL in value:
            self.problem(key, f"`{key}` contains a NUL character, which cannot be stored: remove it")
            return None
        return value

    def text(self, key: str) -> str:
        """A required text, without the white space around it; in a lenient tree as it stands."""
        value = self._read(key, str, "a text in quotation marks", required=True)
        if value is not None and not value.strip():
            self.problem(key, EMPTY.format(key))
        return self._trimmed(value) or ""

    def wanted_text(self, key: str) -> str:
        """A text that every author is asked for, and that a lenient tree may lack."""
        if self.problems.lenient:
            return self.optional_text(key) or ""
        return self.text(key)

    def optional_text(self, key: str) -> str | None:
        value = self._read(key, str, "a text in quotation marks")
        if value is not None and not value.strip():
            self.advise(key, EMPTY.format(key))
        return self._trimmed(value)

    def _trimmed(self, value: str | None) -> str | None:
        return value if value is None or self.problems.lenient else value.strip()

    def raw(self, key: str) -> str | None:
        """A text exactly as written; it may be empty."""
        return self._read(key, str, "a text in quotation marks")

    def texts(self, key: str) -> tuple[str, ...]:
        description = "a list of texts, none of them empty"
        values = cast("list[object]", self._read(key, list, description) or [])
        if self.problems.lenient:
            found = tuple(value for value in values if isinstance(value, str) and NUL not in value)
        else:
            found = tuple(value.strip() for value in values if isinstance(value, str) and value.strip())
        if len(found) < len(values):
            self.problem(key, f"`{key}` must be {description}")
        return found

    def json_list(self, key: str) -> list[Any] | None:
        """A list of whatever JSON can say."""
        value = cast("list[Any] | None", self._read(key, list, "a list: [...]"))
        return None if value is None or not self._json_alike(key, value) else value

    def json_text(self, key: str) -> str | None:
        """Any value that JSON can say, written as JSON."""
        self.asked.add(key)
        if key not in self.values or not self._json_alike(key, self.values[key]):
            return None
        return json.dumps(self.values[key], ensure_ascii=False)

    def _json_alike(self, key: str, value: object) -> bool:
        """TOML knows dates and numbers that JSON does not; NUL no database can store."""
        try:
            text = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            self.problem(key, f"`{key}` must consist of texts, finite numbers, true, false, lists and tables")
            return False
        if "\\u0000" in text:
            self.problem(key, f"`{key}` contains a NUL character, which cannot be stored: remove it")
            return False
        return True

    def integer(self, key: str, *, low: int = 1, high: int | None = None) -> int | None:
        """An optional whole number from ``low`` to ``high``."""
        value = self._read(key, int, "a whole number")
        if value is not None and (value < low or (high is not None and value > high)):
            limits = f"at least {low}" if high is None else f"between {low} and {high}"
            self.problem(key, f"`{key}` is {value}, but must be {limits}")
            return None
        return value

    def number(self, key: str) -> float | None:
        """An optional number above zero."""
        self.asked.add(key)
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self.problem(key, f"`{key}` must be a number above 0")
            return None
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._read(key, bool, "true or false, without quotation marks")
        return default if value is None else value

    def choice(self, key: str, enumeration: type[Enumeration], default: Enumeration | None = None) -> Enumeration:
        """One value of an enumeration; required unless there is a default."""
        names = ", ".join(member.value for member in enumeration)
        value = self._read(key, str, f"one of {names}", required=default is None)
        fallback = default or next(iter(enumeration))
        if value is None:
            return fallback
        try:
            return enumeration(value)
        except ValueError:
            self.problem(
                key, f"`{key}` is {value!r}, but must be one of {names}{_suggestion(value, list(enumeration))}"
            )
            return fallback

    def uuid(self) -> UUID:
        value = self._read(
            "uuid", str, 'a new UUID in quotation marks ("codezest content new" writes one)', required=True
        )
        if value is None:
            return NIL
        try:
            return UUID(value)
        except ValueError:
            self.problem("uuid", f"`uuid` is {value!r}, which is no UUID: 32 hexadecimal digits in five groups")
            return NIL

    def slug(self, default: str) -> str:
        """Small letters, digits and hyphens; ``default`` when there is none."""
        value = self._read("slug", str, "a text in quotation marks") or default
        if not SLUG.fullmatch(value):
            self.problem(
                "slug", f"`slug` is {value!r}: use small letters and digits, with single hyphens between words"
            )
        return value

    def table(self, key: str) -> "Fields":
        """A table inside this one, empty when absent."""
        values = cast("dict[str, Any]", self._read(key, dict, f"a table: [{key}]") or {})
        return self._inner(values, self._header(f"[{key}]", 0))

    def tables(self, key: str) -> list["Fields"]:
        """An array of tables, ``[[key]]``."""
        values = cast("list[object]", self._read(key, list, f"tables: [[{key}]]") or [])
        found = [cast("dict[str, Any]", value) for value in values if isinstance(value, dict)]
        if len(found) < len(values):
            self.problem(key, f"`{key}` must consist of tables: [[{key}]]")
        return [self._inner(value, self._header(f"[[{key}]]", index)) for index, value in enumerate(found)]

    def inline_tables(self, key: str) -> list["Fields"]:
        """A list of tables in braces, written within this table."""
        inner = self.tables(key)
        start = self.line_of(key)
        braces = [n for n in range(start, len(self.lines) + 1) if self.lines[n - 1].lstrip().startswith("{")]
        for index, fields in enumerate(inner):
            fields.first_line = braces[index] if index < len(braces) else start
        return inner

    def _header(self, header: str, index: int) -> int:
        numbers = [number for number, line in enumerate(self.lines, start=1) if line.strip() == header]
        return numbers[index] if index < len(numbers) else self.first_line

    def _inner(self, values: dict[str, Any], first_line: int) -> "Fields":
        return Fields(
            path=self.path,
            problems=self.problems,
            values=values,
            lines=self.lines,
            first_line=first_line,
            separator=self.separator,
        )

    def finish(self) -> None:
        for key in self.values:
            if key not in self.asked:
                hint = _suggestion(key, sorted(self.asked)) or "; it may belong to another file or kind of item"
                self.problem(key, f"`{key}` is not known here{hint}")


def _suggestion(value: str, known: list[Any]) -> str:
    close = difflib.get_close_matches(value, [str(name) for name in known], n=1)
    return f". Did you mean {close[0]!r}?" if close else ""
