"""Static rules: what they find in each language, what never counts, and what an author is told of a bad one."""

from collections.abc import Sequence
from typing import Any

import pytest

from codezest.grading.languages import languages
from codezest.grading.rules import (
    RuleError,
    RuleKind,
    StaticRule,
    check_rules,
    constructs_of,
    rules_feedback,
    validate_rule,
)
from codezest.grading.rules.grammar import DEEPEST, MOST_BYTES, compiled
from codezest.grading.rules.tables import SYNTAXES


def lines(language: str, construct: str, source: str) -> list[int | None]:
    """Lines on which a construct is found."""
    rule = StaticRule(kind=RuleKind.FORBID, construct=construct)
    return [violation.line for violation in check_rules(language, {"main": source}, [rule])]


PYTHON = """\
import os.path
from a.b import c as d, e
for x in range(3): pass
while True: break
y = [n for n in x]
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
z = (lambda n: n)(3) if y else os . system("ls")
class A:
    def append(self, x): self.items.append(x)
    def walk(self): self.walk()
try: raise ValueError
except* E: global_ = 1
def g():
    global z
    eval("1"); x.strip()
fact = lambda n: n * fact(n - 1)
__import__("json")
"""
JAVASCRIPT = """\
import fs from 'node:fs';
const path = require(`path/posix`);
for (const x of y) { if (x) continue; }
do { x++; } while (x < 3);
const f = (n) => n ? f(n - 1) : 0;
class A { m() { this.m(); other.m(); } }
new Function('return 1');
label: try { throw 1; } catch { }
x = await import("os");
"""
JAVA = """\
import java.util.*;
class Main {
    static int sum(int[] a) { return sum(a, 0); }
    static int sum(int[] a, int from) { for (int x : a) { from += x; } return from; }
    static int fact(int n) { return n == 0 ? 1 : n * Main.fact(n - 1); }
    void sort() { java.util.Collections.sort(list); }
    static int kept;
}
class Other { int size() { return count(); } int count() { return new Third().size(); } }
"""
C = """\
#include <stdio.h>
#define FOREVER while (1)
#define TEXT "while away"
int total;
int *next(int *p) { return p ? next(p + 1) : 0; }
int twice(int n) { do { n++; } while (n < 3); goto end; end: return n; }
"""
CPP = """\
#include <vector>
using namespace std;
struct S { int a() { return b(); } int b() { return a(); } };
int T::f(int n) { return f(n - 1); }
int add(int a) { return add(a, 1); }
int add(int a, int b) { return a + b; }
template <class X> X id(X x) { for (auto y : x) { } return id<X>(x); }
auto g = [&](int n) { return g(n); };
"""
GO = """\
package main
import ( "fmt"; run "os/exec" )
func (s *Stack) Push() { s.Push(); s.items.Push() }
func main() { for i := range x { fmt.Println(i) }; go f(); defer f() }
func outer() { var g func(int) int; g = func(n int) int { return g(n) } }
"""
RUST = """\
use std::{fs, io::Read};
fn f(n: u8) -> u8 { println!("{}", f(n)); loop { break; } }
impl S { fn a(&self) { self.b(); } fn b(&self) { Self::a(self); other.a(); } }
fn main() { unsafe { std::process::exit(1) } vec![for x in y {}]; }
"""
BASH = """\
walk() { walk "$1/"*; }
until false; do source lib/all.sh; done
eval "$x" && echo 'for x in y'
case $x in a) ;; esac
"""
SQL = """\
with recursive t as (select 1) SELECT * FROM t;
select count(a) from t left join u on t.a = u.a where not b and c in (select 1) group by a;
"""

FOUND: list[tuple[str, str, str, list[int]]] = [
    ("python", PYTHON, "loop", [3, 4]),
    ("python", PYTHON, "while", [4]),
    ("python", PYTHON, "comprehension", [5]),
    ("python", PYTHON, "recursion", [6, 7, 11, 17]),
    ("python", PYTHON, "lambda", [8, 17]),
    ("python", PYTHON, "ternary", [8]),
    ("python", PYTHON, "class", [9]),
    ("python", PYTHON, "try", [12]),
    ("python", PYTHON, "global", [15]),
    ("python", PYTHON, "eval", [16, 18]),
    ("python", PYTHON, "import:os", [1]),
    ("python", PYTHON, "import:o", []),
    ("python", PYTHON, "import:a.b.c", [2]),
    ("python", PYTHON, "import:a.b.e", [2]),
    ("python", PYTHON, "import:a.b.d", []),
    ("python", PYTHON, "import:json", [18]),
    ("python", PYTHON, "call:os.system", [8]),
    ("python", PYTHON, "call:append", []),
    ("python", PYTHON, "method:append", [10]),
    ("python", PYTHON, "name:global_", [13]),
    ("python", PYTHON, "operator:!=", [7]),
    ("python", PYTHON, "operator:or", [6]),
    ("python", PYTHON, "literal:3", [3, 8]),
    ("python", PYTHON, "literal:ls", [8]),
    ("javascript", JAVASCRIPT, "loop", [3, 4]),
    ("javascript", JAVASCRIPT, "do", [4]),
    ("javascript", JAVASCRIPT, "recursion", [5, 6]),
    ("javascript", JAVASCRIPT, "import:fs", [1]),
    ("javascript", JAVASCRIPT, "import:path", [2]),
    ("javascript", JAVASCRIPT, "import:node:os", [9]),
    ("javascript", JAVASCRIPT, "eval", [7]),
    ("javascript", JAVASCRIPT, "call:Function", [7]),
    ("javascript", JAVASCRIPT, "ternary", [5]),
    ("typescript", "let x: any = 1 as number;\n// @ts-ignore\nf(x!);\n", "any", [1]),
    ("typescript", "let x: any = 1 as number;\n// @ts-ignore\nf(x!);\n", "cast", [1, 3]),
    ("typescript", "let x: any = 1 as number;\n// @ts-ignore\nf(x!);\n", "suppression", [2]),
    ("typescript", "import fs = require('fs');\n", "import:fs", [1]),
    ("java", JAVA, "recursion", [5]),
    ("java", JAVA, "for", [4]),
    ("java", JAVA, "global", [7]),
    ("java", JAVA, "import:java.util", [1, 6]),
    ("java", JAVA, "call:java.util.Collections.sort", [6]),
    ("java", JAVA, "method:sort", [6]),
    ("java", JAVA, "operator:+=", [4]),
    ("c", C, "while", [2]),
    ("c", C, "loop", [2, 6]),
    ("c", C, "recursion", [5]),
    ("c", C, "global", [4]),
    ("c", C, "goto", [6]),
    ("c", C, "import:stdio.h", [1]),
    ("cpp", CPP, "recursion", [3, 3, 4, 7, 8]),
    ("cpp", CPP, "using-namespace", [2]),
    ("cpp", CPP, "loop", [7]),
    ("cpp", CPP, "lambda", [8]),
    ("go", GO, "loop", [4]),
    ("go", GO, "recursion", [3, 5]),
    ("go", GO, "import:os", [2]),
    ("go", GO, "import:os/exec", [2]),
    ("go", GO, "call:fmt.Println", [4]),
    ("go", GO, "goroutine", [4]),
    ("rust", RUST, "loop", [2, 4]),
    ("rust", RUST, "recursion", [2, 3, 3]),
    ("rust", RUST, "import:std::io", [1]),
    ("rust", RUST, "import:std::process", [4]),
    ("rust", RUST, "unsafe", [4]),
    ("rust", RUST, "call:f", [2]),
    ("bash", BASH, "recursion", [1]),
    ("bash", BASH, "loop", [2]),
    ("bash", BASH, "import:lib", [2]),
    ("bash", BASH, "eval", [3]),
    ("bash", BASH, "call:echo", [3]),
    ("bash", BASH, "operator:&&", [3]),
    ("sql", SQL, "recursion", [1]),
    ("sql", SQL, "select-all", [1]),
    ("sql", SQL, "join", [2]),
    ("sql", SQL, "subquery", [2]),
    ("sql", SQL, "call:COUNT", [2]),
    ("sql", SQL, "operator:AND", [2]),
]


@pytest.mark.parametrize(
    ("language", "source", "construct", "found"), FOUND, ids=[f"{case[0]}-{case[2]}-{len(case[3])}" for case in FOUND]
)
def test_a_construct_is_found(language: str, source: str, construct: str, found: list[int]) -> None:
    assert lines(language, construct, source) == found


def test_every_language_that_is_graded_has_a_table() -> None:
    assert {language.key for language in languages()} <= set(SYNTAXES)


@pytest.mark.parametrize("language", list(SYNTAXES))
def test_every_query_of_a_table_is_valid(language: str) -> None:
    syntax = SYNTAXES[language]
    queries = [*syntax.constructs.values(), *syntax.families.values()]
    if syntax.functions is not None:
        shapes = syntax.functions
        queries += [query for query in (shapes.definitions, shapes.calls, shapes.owners) if query]
    for query in queries:
        assert "it" in {
            compiled(syntax, query).capture_name(index) for index in range(compiled(syntax, query).capture_count)
        }
    assert set(syntax.words) <= set(syntax.constructs)


COMMENTED = {
    "python": "# while True: eval('x')\ns = 'for x in y: f(f)'\n'''while'''\n",
    "javascript": "// while (1) {}\nconst s = 'for (;;) {}' + `while (1)`; /* eval(x) */\n",
    "typescript": "// while (1) {}\nconst s = 'for (;;) {}' + `while (1)`; /* eval(x) */\n",
    "java": 'class A { /* while (true) */ String s = "for (;;)"; // do {} while\n}\n',
    "c": '/* while (1) */ char *s = "for (;;)"; // do\n#define A "for you" /* while */\n',
    "cpp": '/* while (1) */ auto s = R"(for (;;))"; // do\n',
    "go": 'package main\n// for {}\nvar s = "for {}"\nvar r = `for {}`\n',
    "rust": '// loop {}\nconst S: &str = "while x {}"; /* for x in y {} */ const R: &str = r"loop {}";\n',
    "bash": "# while true\necho \"for x in y\" 'until false'\n",
}


@pytest.mark.parametrize("language", list(COMMENTED))
def test_comments_and_texts_never_count(language: str) -> None:
    assert lines(language, "loop", COMMENTED[language]) == []
    assert lines(language, "name:eval", COMMENTED[language]) == []


def test_what_cannot_be_understood_hides_nothing() -> None:
    assert lines("python", "loop", "for x in y print(x)\nwhile while (\n") == [1, 2]
    assert lines("c", "goto", "#define AWAY goto end\nint main(void) { AWAY; end: return 0; }\n") == [1]
    assert lines("c", "call:system", '#define RUN(x) system(x)\nint main(void) { RUN("ls"); }\n') == [1]
    required = StaticRule(kind=RuleKind.REQUIRE, construct="loop")
    assert check_rules("python", {"main.py": "for for\n"}, [required]) != []


def broken(rules: Sequence[StaticRule], **sources: str) -> list[tuple[str, int | None, int | None, str]]:
    files = {name.replace("_", "."): text for name, text in sources.items()}
    found = check_rules("python", files, rules)
    return [(violation.file, violation.line, violation.column, violation.excerpt) for violation in found]


def test_a_place_is_given_in_characters() -> None:
    rule = StaticRule(kind=RuleKind.FORBID, construct="call:print")
    assert broken([rule], main_py="x = 1\n    \ts = 'é'; print(s)\n") == [("main.py", 2, 15, "s = 'é'; print(s)")]


def test_limits_count_over_all_files() -> None:
    sources = {"main_py": "if a: pass\n", "other_py": "if b: pass\nif c: pass\n"}
    most_two = StaticRule(kind=RuleKind.FORBID, construct="if", at_most=2)
    assert broken([most_two], **sources) == [("other.py", 2, 1, "if c: pass")]
    assert broken([StaticRule(kind=RuleKind.FORBID, construct="if", at_most=3)], **sources) == []
    assert broken([StaticRule(kind=RuleKind.REQUIRE, construct="if", at_least=3)], **sources) == []
    at_least_four = StaticRule(kind=RuleKind.REQUIRE, construct="if", at_least=4)
    assert broken([at_least_four], **sources) == [("main.py", None, None, "")]


def test_recursion_goes_through_files_and_data_is_no_program() -> None:
    rule = StaticRule(kind=RuleKind.FORBID, construct="recursion")
    sources = {"a_py": "def f(n): return g(n)\n", "b_py": "def g(n): return f(n)\n", "data_txt": "def h(): h()\n"}
    assert broken([rule], **sources) == [
        ("a.py", 1, 18, "def f(n): return g(n)"),
        ("b.py", 1, 18, "def g(n): return f(n)"),
    ]


def test_a_query_counts_its_matches() -> None:
    query = '((call function: (identifier) @name) @violation (#eq? @name "print"))'
    rule = StaticRule(kind=RuleKind.FORBID, query=query, message="Return, do not print.")
    found = check_rules("python", {"main.py": "print(1)\nx(print(2))\n"}, [rule])
    assert [(violation.line, violation.column, violation.message) for violation in found] == [
        (1, 1, "Return, do not print."),
        (2, 3, "Return, do not print."),
    ]
    assert check_rules("python", {"main.py": "print(1)"}, [StaticRule(kind=RuleKind.REQUIRE, query=query)]) == []


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("python", {"construct": "lop"}, "Did you mean 'loop'?"),
    ("python", {"construct": "goto"}, "There are: assert, async, "),
    ("python", {"construct": "import:"}, "lacks what follows the colon"),
    ("python", {"construct": "for:x"}, "there is no construct 'for:x' here"),
    ("python", {"construct": "operator:=>"}, "no operator '=>'"),
    ("sql", {"construct": "import:x"}, "there is no construct 'import:x' here"),
    ("cobol", {"construct": "loop"}, "do not know the language 'cobol'"),
    ("python", {"query": "(while_statement"}, "the query is not valid"),
    ("python", {"query": "(while_loop) @x"}, "Invalid node type"),
    ("python", {"query": "(while_statement)"}, "captures nothing"),
    ("python", {"query": "((identifier) @x (#is-long? @x))"}, "uses #is-long?"),
]


@pytest.mark.parametrize(("language", "rule", "said"), BAD, ids=[f"{case[0]}-{case[2][:25]}" for case in BAD])
def test_an_author_is_told_what_is_wrong_with_a_rule(language: str, rule: dict[str, Any], said: str) -> None:
    made = StaticRule(kind=RuleKind.FORBID, **rule)
    with pytest.raises(RuleError, match=r".") as caught:
        validate_rule(language, made)
    assert said in str(caught.value)
    with pytest.raises(ValueError):
        check_rules(language, {"main": "x"}, [made])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"construct": "loop", "query": "(x) @y"},
        {"construct": "loop", "at_least": 1},
        {"construct": "loop", "at_most": -1},
        {"kind": "REQUIRE", "construct": "loop", "at_most": 1},
        {"kind": "REQUIRE", "construct": "loop", "at_least": 0},
        {"kind": "ALLOW", "construct": "loop"},
    ],
    ids=["nothing", "both", "forbids-least", "negative", "requires-most", "requires-none", "kind"],
)
def test_a_rule_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    everything: dict[str, Any] = {"kind": RuleKind.FORBID, **fields}
    with pytest.raises(ValueError):
        StaticRule(**everything)


@pytest.mark.parametrize("language", list(SYNTAXES))
def test_all_names_that_are_listed_may_be_used(language: str) -> None:
    names = constructs_of(language)
    assert len(names) > 10
    for name in names:
        construct = name.replace("…", "+" if name.startswith("operator") else "x")
        assert isinstance(lines(language, construct, "x"), list)


def test_a_program_that_is_too_much_to_look_at_breaks_the_rules() -> None:
    rule = StaticRule(kind=RuleKind.FORBID, construct="loop")
    for source in ("(" * (DEEPEST + 1) + ")" * (DEEPEST + 1), "x = 1\n" * (MOST_BYTES // 6 + 1)):
        (violation,) = check_rules("python", {"main.py": source}, [rule])
        assert violation.line is None
        assert "cannot be checked" in violation.message


def test_feedback_names_rule_line_and_text() -> None:
    rules = [
        StaticRule(kind=RuleKind.FORBID, construct="loop"),
        StaticRule(kind=RuleKind.REQUIRE, construct="recursion"),
        StaticRule(kind=RuleKind.FORBID, construct="import:os", message="Leave the system alone."),
    ]
    found = check_rules("python", {"main.py": "import os\nfor x in y: pass\n"}, rules)
    assert rules_feedback(found).splitlines() == [
        "Your program does not keep to the rules of this task, so no test was run.",
        "Line 2: Your program contains a loop, which this task does not allow. `for x in y: pass`",
        "Your program must contain recursion (a function that calls itself), and does not.",
        "Line 1: Leave the system alone. `import os`",
    ]
