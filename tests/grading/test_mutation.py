"""Mutants: which changes are made to a program, which are kept, and what tests make of them."""

from collections.abc import Iterator, Mapping

import pytest

from codezest.grading import Grader, GradingSpec, TestSpec
from codezest.grading.mutation import Fate, Mutant, MutationScore, mutants, try_mutants
from codezest.grading.mutation.tables import TABLES
from codezest.grading.rules import RuleError, RuleKind, StaticRule
from codezest.grading.rules.grammar import compiled
from codezest.grading.rules.tables import SYNTAXES
from codezest_db.enums import Verdict


def changes(language: str, source: str) -> set[str]:
    """Every mutant as its text."""
    return {mutant.after for mutant in mutants(language, {"main": source}, most=1000, seed=0)}


CHANGED: list[tuple[str, str, list[str]]] = [
    ("python", "a < b", ["a <= b", "a >= b"]),
    ("python", "a and not b", ["a or not b", "a and  b"]),
    ("python", "a not in b", ["a in b"]),
    ("python", "x += 10", ["x -= 10", "x += 11", "x += 9", "pass"]),
    ("python", "print(-x)", ["print(x)", "pass"]),
    ("python", "y = 'ab'", ["y = ''", "y = 'a'", "pass"]),
    ("python", "y = f'a{b}'", ["y = f'{b}'", "pass"]),
    ("python", "y = sorted(x, key=len)", ["y = sorted(x)", "pass"]),
    ("python", "y = x.lower()", ["y = x", "pass"]),
    ("python", "y = int(x)", ["y = x", "pass"]),
    ("python", "def f(): return x", ["def f(): return None"]),
    ("python", "if found: break", ["if not (found): break", "if found: continue", "if found: pass"]),
    ("python", "y = True", ["y = False", "pass"]),
    ("python", "y = 1.5", ["y = 2.5", "pass"]),
    ("python", "'''Documentation.'''", []),
    ("javascript", "if (a === 1) b();", ["if (a !== 1) b();", "if (a === 0) b();", "if (a === 2) b();", "if (a === 1) ;"]),
    ("javascript", "while (ok) { i++; }", ["while (!(ok)) { i++; }", "while (ok) { i--; }", "while (ok) { ; }"]),
    ("java", "class A { int f() { return x; } }", [f"class A {{ int f() {{ return {v}; }} }}" for v in ("0", "null", "false")]),
    ("c", "int f(void) { return n % 3; }", [f"int f(void) {{ return {v}; }}" for v in ("n * 3", "n % 2", "n % 4", "0")]),
    ("cpp", "bool b = !a;", ["bool b = a;"]),
    ("go", "package main\nvar a = b || c", ["package main\nvar a = b && c"]),
    ("rust", "const A: bool = true;", ["const A: bool = false;"]),
    ("bash", "[ $x -lt 3 ]", ["[ $x -le 3 ]", "[ $x -ge 3 ]", "[ $x -lt 2 ]", "[ $x -lt 4 ]"]),
    ("sql", "SELECT a FROM t WHERE b = 'xy'", [
        "SELECT a FROM t WHERE b <> 'xy'", "SELECT a FROM t WHERE b = ''", "SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t ",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "source", "wanted"), CHANGED, ids=[f"{case[0]}-{case[1][:30]}" for case in CHANGED]
)
def test_a_program_is_changed_in_small_ways(language: str, source: str, wanted: list[str]) -> None:
    assert changes(language, source) == set(wanted)


@pytest.mark.parametrize("language", list(TABLES))
def test_every_query_of_a_table_is_valid(language: str) -> None:
    table, syntax = TABLES[language], SYNTAXES[language]
    for query in (table.conditions, table.statements, table.returned, table.unwrapped, table.dropped):
        if query is not None:
            assert compiled(syntax, query).capture_count in {1, 2}
    for kind in (*table.word_types, *table.integers, *table.floats, *table.texts, *table.quoted):
        assert compiled(syntax, f"({kind}) @it").capture_count == 1


def test_changes_that_make_no_difference_or_no_program_are_left_out() -> None:
    found = mutants("python", {"main.py": "# 1 + 1\nprint(n + 1)  # n - 1\n"}, most=1000, seed=0)
    assert sorted(mutant.after.splitlines()[1] for mutant in found) == [
        "pass  # n - 1",
        "print(n + 0)  # n - 1",
        "print(n + 2)  # n - 1",
        "print(n - 1)  # n - 1",
    ]


SOURCES = {
    "main.py": "from other import f\nn = int(input())\nprint(f(n))\n",
    "other.py": "def f(n):\n    return n + 1\n",
}


def test_a_mutant_knows_its_place() -> None:
    found = mutants("python", SOURCES, most=1000, seed=0)
    (mutant,) = [one for one in found if one.file == "other.py" and one.operator == "operator"]
    assert mutant.line == 2
    assert mutant.diff.splitlines() == [
        "--- other.py",
        "+++ other.py",
        "@@ -1,2 +1,2 @@",
        " def f(n):",
        "-    return n + 1",
        "+    return n - 1",
    ]
    assert mutant.sources == {**SOURCES, "other.py": "def f(n):\n    return n - 1\n"}


def test_a_seed_decides_which_are_kept() -> None:
    def kept(seed: int) -> list[Mutant]:
        return mutants("python", {"main.py": "a = 1 + 2 * 3 - 4 < 5 and 'xyz' and 7\n" * 5}, most=12, seed=seed)

    assert len(kept(1)) == 12
    assert kept(1) == kept(1)
    assert kept(1) != kept(2)
    assert len({mutant.operator for mutant in kept(1)}) == 4
    places = [mutant.line for mutant in kept(1)]
    assert places == sorted(places)


def test_a_language_without_a_table_is_refused() -> None:
    with pytest.raises(RuleError):
        mutants("cobol", {"main": "x"}, most=1, seed=0)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    made = Grader()
    made.start()
    yield made
    made.close()


def spec(*cases: tuple[str, str], rules: tuple[StaticRule, ...] = ()) -> GradingSpec:
    tests = tuple(
        TestSpec(name=f"test {number}", stdin=stdin, expected=expected, visible=number % 2 == 0)
        for number, (stdin, expected) in enumerate(cases, start=1)
    )
    return GradingSpec(language="python", tests=tests, rules=rules)


async def tried(grader: Grader, grading: GradingSpec, sources: Mapping[str, str]) -> MutationScore:
    solution = await grader.grade(grading, sources)
    assert solution.verdict is Verdict.AC
    found = mutants("python", sources, most=1000, seed=0)
    seen: list[Mutant] = []
    score = await try_mutants(grader, grading, found, solution=solution, on_tried=lambda one: seen.append(one.mutant))
    assert [one.mutant for one in score.tried] == found
    assert sorted(seen, key=found.index) == found
    return score


def living(score: MutationScore) -> list[str]:
    return [line for one in score.survivors for line in one.mutant.diff.splitlines()[2:] if line.startswith("+")]


LARGER = {"main.py": "a, b = int(input()), int(input())\nif a > b:\n    print(a)\nelse:\n    print(b)\n"}


@pytest.mark.sandbox
async def test_what_tests_do_not_notice_lives(grader: Grader) -> None:
    weak = await tried(grader, spec(("3\n2\n", "3\n")), LARGER)
    assert living(weak) == ["+if a >= b:", "+    pass"]
    assert 0 < weak.ratio < 1
    strong = await tried(grader, spec(("3\n2\n", "3\n"), ("2\n3\n", "3\n")), LARGER)
    assert living(strong) == ["+if a >= b:"]
    assert strong.count(Fate.KILLED) == weak.count(Fate.KILLED) + 1
    assert {one.killer for one in strong.tried if one.fate is Fate.KILLED} == {"test 1", "test 2"}


@pytest.mark.sandbox
async def test_a_mutant_that_loops_is_killed(grader: Grader) -> None:
    sources = {"main.py": "n = 3\nwhile n > 0:\n    n -= 1\nprint(n)\n"}
    score = await tried(grader, spec(("", "0\n")), sources)
    loops = [one for one in score.tried if one.verdict is Verdict.TLE]
    assert {one.mutant.after.splitlines()[2] for one in loops} == {"    n += 1", "    pass", "    n -= 0"}
    assert {one.fate for one in loops} == {Fate.KILLED}


@pytest.mark.sandbox
async def test_rules_do_not_kill(grader: Grader) -> None:
    """A mutant without its loop breaks the rule; whether a test notices is another question."""
    required = StaticRule(kind=RuleKind.REQUIRE, construct="call:print", at_least=2)
    sources = {"main.py": "print(end='')\nprint('a')\n"}
    score = await tried(grader, spec(("", "a\n"), rules=(required,)), sources)
    assert "+pass" in living(score)


@pytest.mark.sandbox
async def test_what_does_not_compile_says_nothing(grader: Grader) -> None:
    broken = Mutant(file="main.py", line=1, operator="x", before="", after="", sources={"main.py": "return 1\n"})
    right = await grader.grade(spec(("", "1\n")), "print(1)")
    score = await try_mutants(grader, spec(("", "1\n")), [broken], solution=right)
    assert [(one.fate, one.verdict) for one in score.tried] == [(Fate.INVALID, Verdict.CE)]
    assert score.ratio == 1.0


def test_nothing_to_kill_is_all_killed() -> None:
    assert MutationScore(()).ratio == 1.0
