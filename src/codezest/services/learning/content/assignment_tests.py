"""Reads the tests of one assignment, and the groups they count in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codezest.services.learning.content.model import TestContent
from codezest.services.learning.content.parsing import SLUG, Fields
from codezest.services.learning.content.problems import Problems
from codezest.services.learning.content.reading import read_text, read_toml
from codezest.services.learning.content.stored import read_stored
from codezest_db.enums import CheckerKind, GroupPolicy
from codezest_db.models.learning import AssignmentTest

MEBIBYTE = 1 << 20
KIBIBYTE = 1 << 10
MOST_TESTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTests:
    """What ``tests.toml`` says, and the tables that say it, to name places in."""

    tests: tuple[TestContent, ...] = ()
    tables: tuple[Fields, ...] = ()
    groups: tuple[dict[str, Any], ...] = ()
    fields: Fields | None = None


OPTIONS = {
    "absolute": frozenset({CheckerKind.FLOAT}),
    "relative": frozenset({CheckerKind.FLOAT}),
    "header": frozenset({CheckerKind.UNORDERED_LINES}),
    "separator": frozenset({CheckerKind.FLOAT, CheckerKind.TOKENS}),
}
"""Options of checkers, and whose they are."""


def read_checker(fields: Fields) -> tuple[CheckerKind | None, dict[str, Any]]:
    """How output is compared, with the options of that way."""
    checker = fields.choice("checker", CheckerKind) if "checker" in fields.values else None
    options: dict[str, Any] = {}
    for name, owners in OPTIONS.items():
        if name not in fields.values:
            continue
        if name == "header":
            options[name] = fields.integer(name, high=100)
        elif name == "separator":
            options[name] = fields.raw(name)
        else:
            options[name] = fields.number(name)
        if checker not in owners:
            wanted = " or ".join(f'checker = "{owner}"' for owner in sorted(owners))
            fields.advise(name, f"it belongs to {wanted}: add that, or remove this")
    return checker, {name: value for name, value in options.items() if value is not None}


def read_tests(folder: Path, problems: Problems, *, entry: str) -> ReadTests:
    """The tests and groups in ``tests.toml`` of ``folder``; ``entry`` is the name of the learner's program."""
    fields = read_toml(folder / "tests.toml", problems)
    if fields is None:
        return ReadTests()
    tables = tuple(fields.tables("test"))
    tests = tuple(_test(table, folder, entry) for table in tables)
    groups = tuple(_group(table) for table in fields.tables("group"))
    fields.finish()
    if not tests:
        fields.advise(None, "there are no tests: add at least one [[test]]")
    elif not any(test.visible for test in tests):
        fields.advise(None, "every test is hidden: learners need at least one with visible = true")
    if len(tests) > MOST_TESTS:
        fields.problem(None, f"there are {len(tests)} tests; an assignment has at most {MOST_TESTS}")
    for description, values in (("key", [test.key for test in tests]), ("name", [test.name for test in tests])):
        for value in sorted({value for value in values if value and values.count(value) > 1}):
            report = fields.problem if description == "key" else fields.advise
            report(None, f"the {description} {value!r} is used {values.count(value)} times: each test needs its own")
    return ReadTests(tests=tests, tables=tables, groups=groups, fields=fields)


def _group(fields: Fields) -> dict[str, Any]:
    group = {
        "name": fields.text("name"),
        "policy": fields.choice("policy", GroupPolicy, GroupPolicy.SUM).value,
        "points": fields.integer("points", high=1000),
    }
    fields.finish()
    return group


def _test(fields: Fields, folder: Path, entry: str) -> TestContent:
    key = fields.text("key")
    if key and not SLUG.fullmatch(key):
        fields.problem("key", f"`key` is {key!r}: use small letters and digits, with single hyphens between words")
    checker, options = read_checker(fields)
    sample = fields.flag("sample", default=False)
    visible = fields.flag("visible", default=sample)
    kind_of_case = fields.optional_text("kind_of_case")
    if not visible and not kind_of_case:
        fields.advise(None, "a hidden test needs kind_of_case: say in words what it tries, without giving it away")
    group = fields.optional_text("group")
    points = fields.integer("points", low=0 if sample or group or fields.problems.lenient else 1)
    memory, output = fields.integer("memory_mb"), fields.integer("output_kb")
    test = TestContent(
        key=key,
        name=fields.text("name"),
        stdin=_inline_or_file(fields, "stdin", folder) or "",
        args=fields.texts("args"),
        files=_files(fields, entry),
        expected=read_returns(fields, _inline_or_file(fields, "expected", folder)),
        checker=checker,
        checker_options=options or None,
        points=1 if points is None else points,
        visible=visible,
        kind_of_case=kind_of_case,
        cpu_seconds=fields.number("cpu_seconds"),
        wall_seconds=fields.number("wall_seconds"),
        memory_bytes=memory * MEBIBYTE if memory else None,
        output_bytes=output * KIBIBYTE if output else None,
        group_name=group,
        bonus=fields.flag("bonus", default=False),
        sample=sample,
        arguments=fields.json_list("arguments"),
        generator=_generator(fields),
        stored=read_stored(fields, AssignmentTest),
    )
    fields.finish()
    return test


def read_returns(fields: Fields, text: str | None) -> str | None:
    """What a test expects: the ``text`` of its ``expected``, or as JSON what ``returns`` says of a function as a value."""
    value = fields.json_text("returns")
    if value is None:
        return text
    if text is not None:
        fields.problem("returns", "both `expected` and `returns` are given: keep one")
    if "arguments" not in fields.values:
        fields.problem("returns", "only a call returns something: add `arguments`, or write `expected`")
    return value


def _generator(fields: Fields) -> dict[str, Any] | None:
    if "generator" not in fields.values:
        return None
    inner = fields.table("generator")
    generator = {
        "script": inner.text("script"),
        "args": list(inner.texts("args")),
        "seed": inner.integer("seed", low=0),
    }
    inner.finish()
    return generator


def _inline_or_file(fields: Fields, key: str, folder: Path) -> str | None:
    text = fields.raw(key)
    name = fields.optional_text(f"{key}_file")
    if name is None:
        return text
    if text is not None:
        fields.problem(f"{key}_file", f"both `{key}` and `{key}_file` are given: keep one")
    return read_text(folder / name, fields.problems)


def _files(fields: Fields, entry: str) -> dict[str, str]:
    """Files that lie beside the program while it runs: name and text."""
    inner = fields.table("files")
    found = {name: text for name in inner.values if (text := inner.raw(name)) is not None}
    for name in found:
        if "/" in name or name in {".", ".."}:
            inner.problem(name, f"{name!r} is no plain file name")
        elif name == entry:
            inner.problem(name, f"{name!r} is the name of the learner's own program")
    return found
