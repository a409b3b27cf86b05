"""Reads one assignment: a folder with its task, its programs and its tests."""

from pathlib import Path
from typing import Any

from codezest.grading.languages import languages
from codezest.services.learning.content.markdown import examine, media_links
from codezest.services.learning.content.materials import SOURCE_SUFFIX, item_status
from codezest.services.learning.content.model import AssignmentContent, TestContent, WrongSolution
from codezest.services.learning.content.parsing import SLUG, Fields, read_text, read_toml
from codezest.services.learning.content.problems import Problems
from codezest_db.enums import CheckerKind, Difficulty, Verdict

MEBIBYTE = 1 << 20
KIBIBYTE = 1 << 10


def load_assignment(
    folder: Path, *, position: int, language: str, runtime: str, media: Path, problems: Problems
) -> AssignmentContent | None:
    """The assignment in ``folder``, or None when nothing of it can be read."""
    fields = read_toml(folder / "assignment.toml", problems)
    if fields is None:
        return None
    instructions = read_text(folder / "instructions.md", problems) or ""
    examine(instructions, folder / "instructions.md", first_line=1, media=media, problems=problems)
    key = fields.optional_text("language") or runtime
    main = f"main{SOURCE_SUFFIX.get(key, f'.{key}')}"
    limits = fields.table("limits")
    checker, options = _checker(fields)
    tests = _tests(folder / "tests", problems)
    hints = fields.texts("hints")
    if not hints:
        fields.problem(None, "there are no hints: add hints = [...], from a nudge to nearly the solution")
    assignment = AssignmentContent(
        id=fields.uuid(),
        slug=fields.slug(folder.name),
        title=fields.text("title"),
        description=fields.optional_text("description"),
        status=item_status(fields),
        position=position,
        path=folder,
        main=main,
        instructions=media_links(instructions, language),
        difficulty=fields.choice("difficulty", Difficulty),
        language=key,
        starter_code=read_text(folder / "start" / main, problems) or "",
        solution_code=read_text(folder / "solution" / main, problems) or "",
        hints=hints,
        max_score=fields.integer("max_score") or 100,
        time_limit_minutes=fields.integer("time_limit_minutes"),
        cpu_seconds=limits.number("cpu_seconds") or 2.0,
        wall_seconds=limits.number("wall_seconds") or 6.0,
        memory_bytes=(limits.integer("memory_mb") or 128) * MEBIBYTE,
        output_bytes=(limits.integer("output_kb") or 1024) * KIBIBYTE,
        checker=checker or CheckerKind.EXACT,
        checker_options=options,
        tests=tests,
        wrong=_wrong(fields, folder / "wrong", [test.key for test in tests], problems),
    )
    limits.finish()
    fields.finish()
    return assignment


def _checker(fields: Fields) -> tuple[CheckerKind | None, dict[str, Any]]:
    """How output is compared; ``absolute`` and ``relative`` are the tolerances of FLOAT."""
    checker = fields.choice("checker", CheckerKind) if "checker" in fields.values else None
    options = {name: fields.number(name) for name in ("absolute", "relative") if name in fields.values}
    if options and checker != CheckerKind.FLOAT:
        fields.problem(next(iter(options)), 'tolerances belong to checker = "FLOAT": add it, or remove them')
    return checker, {name: value for name, value in options.items() if value is not None}


def _tests(folder: Path, problems: Problems) -> tuple[TestContent, ...]:
    fields = read_toml(folder / "tests.toml", problems)
    if fields is None:
        return ()
    tests = tuple(_test(entry, folder) for entry in fields.tables("test"))
    fields.finish()
    if not tests:
        fields.problem(None, "there are no tests: add at least one [[test]]")
    elif not any(test.visible for test in tests):
        fields.problem(None, "every test is hidden: learners need at least one with visible = true")
    for description, values in (("key", [test.key for test in tests]), ("name", [test.name for test in tests])):
        for value in sorted({value for value in values if value and values.count(value) > 1}):
            fields.problem(
                None, f"the {description} {value!r} is used {values.count(value)} times: each test needs its own"
            )
    return tests


def _test(fields: Fields, folder: Path) -> TestContent:
    key = fields.text("key")
    if key and not SLUG.fullmatch(key):
        fields.problem("key", f"`key` is {key!r}: use small letters and digits, with single hyphens between words")
    checker, options = _checker(fields)
    visible = fields.flag("visible", default=False)
    kind_of_case = fields.optional_text("kind_of_case")
    if not visible and not kind_of_case:
        fields.problem(None, "a hidden test needs kind_of_case: say in words what it tries, without giving it away")
    memory = fields.integer("memory_mb")
    test = TestContent(
        key=key,
        name=fields.text("name"),
        stdin=_inline_or_file(fields, "stdin", folder) or "",
        args=fields.texts("args"),
        files=_files(fields),
        expected=_inline_or_file(fields, "expected", folder),
        checker=checker,
        checker_options=options or None,
        points=fields.integer("points") or 1,
        visible=visible,
        kind_of_case=kind_of_case,
        cpu_seconds=fields.number("cpu_seconds"),
        wall_seconds=fields.number("wall_seconds"),
        memory_bytes=memory * MEBIBYTE if memory else None,
    )
    fields.finish()
    return test


def _inline_or_file(fields: Fields, key: str, folder: Path) -> str | None:
    text = fields.raw(key)
    name = fields.optional_text(f"{key}_file")
    if name is None:
        return text
    if text is not None:
        fields.problem(f"{key}_file", f"both `{key}` and `{key}_file` are given: keep one")
    return read_text(folder / name, fields.problems)


def _files(fields: Fields) -> dict[str, str]:
    """Files that lie beside the program while it runs: name and text."""
    inner = fields.table("files")
    found = {name: text for name in inner.values if (text := inner.raw(name)) is not None}
    for name in found:
        if "/" in name or name in {".", ".."}:
            inner.problem(name, f"{name!r} is no plain file name")
        elif name in {language.file_name for language in languages()}:
            inner.problem(name, f"{name!r} is the name of the learner's own program")
    return found


def _wrong(fields: Fields, folder: Path, keys: list[str], problems: Problems) -> tuple[WrongSolution, ...]:
    """The programs in wrong/; each must be described, and each description must have its program."""
    found = tuple(_wrong_solution(entry, folder, keys) for entry in fields.tables("wrong"))
    if len(found) < 2:
        fields.problem(
            None, f"there are {len(found)} [[wrong]] solutions: describe at least two typical misconceptions"
        )
    described = {wrong.name for wrong in found}
    for path in sorted(folder.glob("*")):
        if path.is_file() and path.name not in described:
            problems.add(path, None, "no [[wrong]] in assignment.toml names this file: describe it there, or remove it")
    return found


def _wrong_solution(fields: Fields, folder: Path, keys: list[str]) -> WrongSolution:
    name = fields.text("file")
    code = read_text(folder / name, fields.problems) if name else None
    if fields.values.get("fails") == "all":
        fields.asked.add("fails")
        fails = tuple(keys)
    else:
        fails = fields.texts("fails")
        if not fails:
            fields.problem(
                "fails", '`fails` is missing: list the keys of the tests that must fail, or write fails = "all"'
            )
    for key in fails:
        if key not in keys:
            fields.problem("fails", f"there is no test with the key {key!r}")
    wrong = WrongSolution(
        name=name,
        code=code or "",
        verdict=fields.choice("verdict", Verdict),
        fails=fails,
        why=fields.text("why"),
    )
    if wrong.verdict == Verdict.AC:
        fields.problem("verdict", "a wrong solution cannot be accepted: name the verdict its failing tests get")
    fields.finish()
    return wrong


def unused_files(folder: Path) -> list[str]:
    """Names in an assignment's folder that nothing reads, such as a misspelt ``solutions``."""
    known = {"assignment.toml", "instructions.md", "start", "solution", "wrong", "tests"}
    return sorted(path.name for path in folder.iterdir() if path.name not in known)
