"""Writes what an export holds: TOML tables and front matter that read back exactly as they were."""

from collections.abc import Mapping
from typing import Any

import tomli_w

Table = dict[str, Any]


def given(**values: Any) -> Table:
    """The values that there are: TOML has no null."""
    return {name: value for name, value in values.items() if value is not None}


def toml(table: Mapping[str, Any]) -> str:
    """Texts of several lines as such, unless that would lose a carriage return."""
    return tomli_w.dumps(table, multiline_strings=not _has_return(table))


def markdown(front: Mapping[str, Any], body: str) -> str:
    """A front matter of one line a field, then the body as it is."""
    return "\n".join(["---", *_lines(front, ""), "---", body])


def _lines(table: Mapping[str, Any], indent: str) -> list[str]:
    found: list[str] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            found += [f"{indent}{name}:", *_lines(value, f"{indent}  ")]
        else:
            found.append(f"{indent}{name}: {_quoted(value) if isinstance(value, str) else value}")
    return found


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes; what is not printable, or breaks lines anywhere, is escaped."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable() and character != "\ufeff":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 1 << 8 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _has_return(value: Any) -> bool:
    if isinstance(value, str):
        return "\r" in value
    if isinstance(value, Mapping):
        return any(_has_return(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(_has_return(part) for part in value)
