"""Reads files of a content folder: texts, TOML, Markdown with a front matter. What cannot be read becomes a problem."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import yaml

from codezest.services.learning.content.parsing import NUL, Fields
from codezest.services.learning.content.problems import Problems

FENCE = "---"


def read_text(path: Path, problems: Problems) -> str | None:
    """The file's text, or None with a problem when it is missing or not UTF-8. A lenient tree keeps its line breaks."""
    try:
        with path.open(encoding="utf-8", newline="" if problems.lenient else None) as file:
            text = file.read()
    except FileNotFoundError:
        problems.add(path, None, "this file is missing")
    except (UnicodeDecodeError, OSError) as error:
        problems.add(path, None, f"this file cannot be read as UTF-8 text: {error}")
    else:
        if NUL not in text:
            return text
        problems.add(path, None, "this file contains a NUL character, which cannot be stored: remove it")
    return None


def read_toml(path: Path, problems: Problems) -> Fields | None:
    """The top table of a TOML file, or None with a problem."""
    text = read_text(path, problems)
    if text is None:
        return None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"at line (\d+)", str(error))
        problems.add(path, int(match[1]) if match else None, f"this is not valid TOML: {error}")
        return None
    return Fields(path=path, problems=problems, values=values, lines=text.splitlines())


def read_markdown(path: Path, problems: Problems) -> tuple[Fields, str, int] | None:
    """Front matter, body, and the line the body begins at; None with a problem."""
    text = read_text(path, problems)
    if text is None:
        return None
    lines = text.split("\n") if problems.lenient else text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        problems.add(path, 1, "the front matter is missing: begin with a line ---, then `key: value` lines, then ---")
        return None
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    try:
        values = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 if mark is None else mark.line + 2
        reason = getattr(error, "problem", None) or error
        problems.add(path, line, f"the front matter is not valid YAML: {reason}")
        return None
    if not isinstance(values, dict):
        problems.add(path, 1, "the front matter must consist of `key: value` lines")
        return None
    fields = Fields(
        path=path,
        problems=problems,
        values=cast("dict[str, Any]", values),
        lines=lines[:end],
        first_line=1,
        separator=":",
    )
    body = lines[end + 1 :]
    if problems.lenient:
        return fields, "\n".join(body), end + 2
    blank = next((number for number, line in enumerate(body) if line.strip()), len(body))
    return fields, "\n".join(body[blank:]).rstrip() + "\n", end + 2 + blank
