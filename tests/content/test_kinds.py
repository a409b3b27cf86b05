"""Assignments of every mode, of several files, with groups, rules and the author's own programs, as folders."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from codezest.kit.database import Database
from codezest.services.learning.content.columns import tests_revision as revision_of_tests
from codezest.services.learning.content.load import load
from codezest.services.learning.content.model import AssignmentContent
from codezest.services.learning.content.new import scaffold
from codezest.services.learning.content.problems import ContentProblems
from codezest.services.learning.content.sync import sync
from codezest.services.learning.grading_spec import assignment_spec
from codezest_db.enums import CheckerKind, GradingMode, GroupPolicy
from codezest_db.models.learning import Assignment, AssignmentTest

MODULE = "python/modules/01-first-steps"
Edit = Callable[[str, str, str], None]


def write(root: Path, name: str, text: str) -> None:
    path = root / MODULE / "assignments" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def assignment(root: Path, slug: str = "double") -> AssignmentContent:
    found = [item for item in load(root).languages[0].modules[0].assignments if item.slug == slug]
    return found[0]


def messages(root: Path) -> list[str]:
    with pytest.raises(ContentProblems) as caught:
        load(root)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("mode", GradingMode)
def test_a_new_assignment_of_any_mode_loads(small: Path, mode: GradingMode) -> None:
    scaffold("assignment", small / MODULE / "assignments" / "new", mode=mode)
    made = assignment(small, "new")
    assert made.grading_mode is mode
    assert (made.function_name == "double") == (mode is GradingMode.FUNCTION)
    assert ("unit_tests" in made.harness) == (mode is GradingMode.UNIT_TESTS)
    assert ("interactor" in made.harness) == (mode is GradingMode.INTERACTIVE)
    if mode is GradingMode.FUNCTION:
        assert [(test.arguments, test.expected) for test in made.tests] == [([21], "42"), ([2], "4"), ([-4], "-8")]


@pytest.fixture
def full(small: Path, edit: Edit) -> Path:
    """The assignment `double` with all that STDIO knows."""
    edit(
        "assignments/double/assignment.toml",
        'checker = "EXACT"',
        'checker = "CUSTOM"\nseed = 7\nseparate_processes = true',
    )
    edit(
        "assignments/double/assignment.toml",
        "[[wrong]]",
        '[[rule]]\nkind = "FORBID"\nconstruct = "loop"\nmessage = "No loops."\n\n[[wrong]]',
    )
    tests = "assignments/double/tests/tests.toml"
    edit(tests, "[[test]]", '[[group]]\nname = "basics"\npolicy = "ALL"\npoints = 10\n\n[[test]]')
    edit(tests, "visible = true", 'sample = true\ngroup = "basics"')
    edit(tests, 'stdin = "2\\n"', 'generator = { script = "big.py", args = ["5"] }\noutput_kb = 9')
    edit(tests, 'stdin = "-4\\n"', 'stdin = "-4\\n"\nbonus = true')
    for name, text in {
        "double/checker/checker.py": "import tools\n",
        "double/checker/tools.py": "T\n",
        "double/checker/__pycache__/tools.pyc": "\x00",
        "double/generators/big.py": "print(1)\n",
        "double/support/given.py": "G\n",
        "double/start/lib/tools.py": "# tools\n",
        "double/solution/lib/tools.py": "S\n",
        "double/wrong/one-file.py": "1\n",
        "double/wrong/two-files/main.py": "2\n",
        "double/wrong/two-files/lib/tools.py": "W\n",
    }.items():
        write(small, name, text)
    more = '\n[[wrong]]\nfile = "{}"\nverdict = "WA"\nwhy = "It is."\nfails = "all"\n'
    with (small / MODULE / "assignments/double/assignment.toml").open("a") as file:
        file.write(more.format("one-file.py") + more.format("two-files"))
    return small


def test_everything_is_loaded(full: Path) -> None:
    made = assignment(full)
    assert (made.checker, made.seed, made.separate_processes) == (CheckerKind.CUSTOM, 7, True)
    assert made.harness["checker"] == {
        "language": "python",
        "entry": "checker.py",
        "files": {"checker.py": "import tools\n", "tools.py": "T\n"},
    }
    assert made.harness["support_files"] == {"given.py": "G\n"}
    assert made.harness["generators"]["big.py"]["entry"] == "big.py"
    assert (made.starter_files, made.solution_files) == ({"lib/tools.py": "# tools\n"}, {"lib/tools.py": "S\n"})
    assert made.rules[0]["construct"] == "loop"
    assert made.test_groups == ({"name": "basics", "policy": "ALL", "points": 10},)
    example, two, negative = made.tests
    assert (example.sample, example.visible, example.group_name) == (True, True, "basics")
    assert (two.generator, two.output_bytes) == ({"script": "big.py", "args": ["5"], "seed": None}, 9 << 10)
    assert (negative.bonus, two.bonus) == (True, False)
    one_file, two_files = made.wrong[-2:]
    assert (one_file.code, one_file.files) == ("1\n", {})
    assert (two_files.code, two_files.files) == ("2\n", {"lib/tools.py": "W\n"})


async def test_everything_is_stored_and_becomes_the_specification(full: Path, database_url: str) -> None:
    database = Database(database_url)
    try:
        async with database.write("learning") as session:
            content = load(full)
            await sync(session, content)
            again = await sync(session, content)
            assert (again.created, again.changed) == ([], [])
            made = assignment(full)
            row = await session.get_one(Assignment, made.id)
            await session.refresh(row)
            tests = await session.scalars(
                select(AssignmentTest).where(AssignmentTest.assignment_id == made.id).order_by(AssignmentTest.position)
            )
            starter_files = row.starter_files
            spec = assignment_spec(row, tests.all(), language="python", max_score=100)
            await session.rollback()
    finally:
        await database.close()
    assert spec.strict
    assert spec.checker_program is not None
    assert spec.checker_program.entry == "checker.py"
    assert spec.support_files == {"given.py": "G\n"}
    assert [(group.name, group.policy, group.points) for group in spec.groups] == [("basics", GroupPolicy.ALL, 10)]
    assert [test.group for test in spec.tests] == ["basics", None, None]
    assert spec.tests[1].generator is not None
    assert (spec.tests[1].generator.args, spec.tests[1].generator.seed) == (("5",), 7)
    assert starter_files == {"lib/tools.py": "# tools\n"}


def test_a_change_of_what_grades_is_a_change_of_the_tests(full: Path) -> None:
    before = revision_of_tests(assignment(full))
    write(full, "double/checker/checker.py", "other\n")
    assert revision_of_tests(assignment(full)) != before
    write(full, "double/start/main.py", "# another start\n")
    after = revision_of_tests(assignment(full))
    write(full, "double/start/main.py", "# yet another start\n")
    assert revision_of_tests(assignment(full)) == after


ASSIGNMENT = "double/assignment.toml"
TESTS = "double/tests/tests.toml"
MISTAKES: dict[str, tuple[str, str, str, str, str]] = {
    # file, what is there, what is written instead, where it is reported, what is said
    "unknown mode": (
        ASSIGNMENT,
        'checker = "CUSTOM"',
        'checker = "CUSTOM"\nmode = "FUNC"',
        "mode = ",
        "must be one of STDIO",
    ),
    "function outside its mode": (
        ASSIGNMENT,
        'checker = "CUSTOM"',
        'checker = "CUSTOM"\nfunction = "f"',
        "function = ",
        "only mode FUNCTION",
    ),
    "function of a module": (
        ASSIGNMENT,
        'checker = "CUSTOM"',
        'mode = "FUNCTION"\nfunction = "math.floor"',
        "function = ",
        "'math.floor' is not the name of a function",
    ),
    "negative seed": (ASSIGNMENT, "seed = 7", "seed = -7", "seed = ", "must be at least 0"),
    "unknown construct": (ASSIGNMENT, '"loop"', '"lopo"', "[[rule]]", "lopo"),
    "rule of nothing": (ASSIGNMENT, 'construct = "loop"\n', "", "[[rule]]", "either a construct or a query"),
    "unknown kind of rule": (ASSIGNMENT, '"FORBID"', '"AVOID"', "kind = ", "must be one of FORBID, REQUIRE"),
    "unused checker": (ASSIGNMENT, 'checker = "CUSTOM"', 'checker = "EXACT"', "", "nothing uses this"),
    "unused program": (ASSIGNMENT, "[[rule]]", "[[rules]]", "uuid", "`rules` is not known here"),
    "unknown group": (TESTS, 'group = "basics"', 'group = "basic"', "group = ", "there is no group 'basic'"),
    "unknown policy": (TESTS, 'policy = "ALL"', 'policy = "ANY"', "policy = ", "must be one of ALL, SUM, MIN"),
    "hidden sample": (TESTS, "sample = true", "sample = true\nvisible = false", "sample = ", "it cannot be hidden"),
    "unknown generator": (TESTS, 'script = "big.py"', 'script = "small.py"', "generator = ", "no generator 'small.py'"),
    "unused generator": (
        TESTS,
        'generator = { script = "big.py", args = ["5"] }',
        'stdin = "2\\n"',
        "",
        "no test names this",
    ),
    "generated and written": (
        TESTS,
        "output_kb = 9",
        'stdin = "2\\n"',
        "generator = ",
        "either written down or generated",
    ),
    "arguments outside their mode": (
        TESTS,
        "output_kb = 9",
        "arguments = [1]",
        "arguments = ",
        "only tests of mode FUNCTION",
    ),
    "a date as argument": (TESTS, "output_kb = 9", "arguments = [2020-01-01]", "arguments = ", "must consist of texts"),
    "an infinite argument": (TESTS, "output_kb = 9", "arguments = [inf]", "arguments = ", "must consist of texts"),
    "returns without a call": (TESTS, 'expected = "4\\n"', "returns = 4", "returns = ", "only a call returns"),
    "unknown part of a generator": (TESTS, 'args = ["5"]', 'arg = ["5"]', "", "`arg` is not known here"),
}


@pytest.mark.parametrize(("name", "old", "new", "place", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_reported_where_it_is(
    full: Path, edit: Edit, *, name: str, old: str, new: str, place: str, said: str
) -> None:
    edit(f"assignments/{name}", old, new)
    found = [message for message in messages(full) if said in message]
    assert found, messages(full)
    if place:
        path = (full / MODULE / "assignments" / name).resolve()
        text = path.read_text()
        line = text[: text.index(place)].count("\n") + 1
        assert found[0].startswith(f"{path.relative_to(full)}:{line}: ")


FILES: dict[str, tuple[str, str | None, str]] = {
    # the file, its text (None: it is removed), what is said
    "a checker without its beginning": ("double/checker/checker.py", None, "exactly one file to begin with"),
    "a checker with two beginnings": ("double/checker/Checker.py", "", "exactly one file to begin with"),
    "a generator of no language": ("double/generators/big.txt", "", "with one of the suffixes"),
    "a support file that is the program": ("double/support/main.py", "", "main.py is there already"),
    "a starter file that is a support file": ("double/start/given.py", "", "given.py is there already"),
    "a path that no learner could send": ("double/start/two words.py", "", "is no path of a file here"),
    "a folder without its program": ("double/wrong/two-files/main.py", None, "this file is missing"),
    "a program that is too large": ("double/solution/big.py", "x" * (256 << 10), "a program has at most"),
    "a harness that is too large": ("double/support/big.py", "x" * (1 << 20), "at most 1048576 are stored"),
    "an undescribed folder": ("double/wrong/three/main.py", "", "no [[wrong]] in assignment.toml names this"),
    "interaction that nobody asked for": ("double/interactor/interactor.py", "", "nothing uses this"),
    "unit tests that nobody asked for": ("double/unit_tests/test_x.py", "", "nothing uses this"),
}


@pytest.mark.parametrize(("name", "text", "said"), FILES.values(), ids=FILES)
def test_a_wrong_file_is_named(full: Path, name: str, text: str | None, said: str) -> None:
    if text is None:
        (full / MODULE / "assignments" / name).unlink()
    else:
        write(full, name, text)
    assert any(said in message for message in messages(full)), messages(full)


LACKING: dict[GradingMode, tuple[str, str, str]] = {
    GradingMode.FUNCTION: ('function = "double"\n', "", "the name of the function"),
    GradingMode.UNIT_TESTS: ('mode = "UNIT_TESTS"\n', 'mode = "INTERACTIVE"\n', "the interactor"),
    GradingMode.INTERACTIVE: ('mode = "INTERACTIVE"\n', 'mode = "UNIT_TESTS"\n', "the unit tests"),
}


@pytest.mark.parametrize(("mode", "change"), LACKING.items(), ids=LACKING)
def test_what_a_mode_lacks_is_said(small: Path, edit: Edit, mode: GradingMode, change: tuple[str, str, Any]) -> None:
    scaffold("assignment", small / MODULE / "assignments" / "new", mode=mode)
    old, new, said = change
    edit("assignments/new/assignment.toml", old, new)
    assert any(f"this is missing: {said}" in message for message in messages(small)), messages(small)
