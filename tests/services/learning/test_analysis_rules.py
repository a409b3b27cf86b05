"""What the rules find in programs, what that costs, and what hostile programs cannot do."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from codezest.kit.i18n import READER, Reader
from codezest.services.learning.analysers import rule_words_practice as words
from codezest.services.learning.analysers.analyser import ASPECTS, Analysis, AnalysisUnavailable, Evidence, Program
from codezest.services.learning.analysers.differences import (
    FailedTest,
    Signature,
    difference_between,
    shape_of,
    signature_of,
)
from codezest.services.learning.analysers.local import LocalAnalyser
from codezest.services.learning.analysers.mistake_words import SENTENCES, mistake_text
from codezest.services.learning.analysers.ruff_rules import CODES
from codezest.services.learning.analysers.rules import RULES, SHARES, cost, marks, overall
from codezest.services.learning.analysers.wording import all_said, said, unchanged
from codezest_db.enums import Verdict

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "analysis.md"

PYTHON = '''\
import os
from math import *

LIMIT = 3


def describe(first, second, third, fourth, fifth, sixth, items=[]):
    l = ""
    for i in range(len(items)):
        if first:
            if second:
                while third:
                    l += str(items[i])
    if first == None or second == 42:
        return l
    else:
        l
    try:
        return eval(l)
    except:
        pass


def squares(numbers):
    """Each of them squared."""
    return [number * number for number in sorted(numbers)]
'''
JAVASCRIPT = """\
var total = 0;
function add_all(list) {
  let unused = 1;
  let text = '';
  for (let i = 0; i < list.length; i++) {
    text += 'x' + list[i];
    list.sort();
    if (list[i] == 42) total++;
  }
  try { eval(text); } catch (error) {}
  if (text) { return 1; } else { return 1; }
}
// Adds one to each.
const grow = (values) => values.map((value) => value + 1);
console.log(add_all([1]), grow([1]));
"""
JAVA = """\
import java.util.List;
import java.util.Map;

public class lower {
  static String Join(List<String> parts) {
    String out = "";
    int unused = 3;
    for (String part : parts) {
      if (part == "a") out += part;
    }
    try { System.out.println(out); } catch (Exception error) { }
    return out;
  }
}
"""


async def analysed(language: str, text: str, name: str, **columns: Any) -> Analysis:
    return await LocalAnalyser().analyse(Program(language=language, files={name: text}, **columns))


def found(analysis: Analysis) -> set[tuple[int, str]]:
    return {(one.line, one.rule or "") for one in analysis.evidence}


async def test_python() -> None:
    analysis = await analysed("python", PYTHON, "main.py")
    assert found(analysis) >= {
        (1, "unused-import"), (2, "star-import"), (7, "mutable-default"), (7, "many-parameters"), (8, "unclear-name"),
        (9, "index-loop"), (12, "deep-nesting"), (13, "string-building"), (14, "none-comparison"), (14, "magic-number"),
        (17, "no-effect"), (19, "dynamic-code"), (20, "broad-catch"), (20, "empty-catch"),
    }  # fmt: skip
    assert not any(line > 22 for line, _ in found(analysis))
    codes = {one["code"] for one in analysis.strengths if isinstance(one, dict)}
    assert codes >= {"documented", "comprehensions", "constants", "uses-builtins"}
    assert "handles-errors" not in codes
    assert analysis.code_quality is not None
    assert analysis.overall_score == overall(analysis.code_quality)


@pytest.mark.parametrize("language", ["javascript", "typescript"])
async def test_javascript_and_typescript(language: str) -> None:
    analysis = await analysed(language, JAVASCRIPT, f"main.{language[0]}s" if language == "javascript" else "main.ts")
    assert found(analysis) == {
        (1, "var-declaration"), (2, "naming-style"), (3, "unused-variable"), (6, "string-building"), (7, "sorting-in-loop"),
        (8, "loose-equality"), (8, "magic-number"), (8, "missing-braces"), (10, "dynamic-code"), (10, "empty-catch"),
        (11, "duplicated-branch"),
    }  # fmt: skip
    assert "documented" in {one["code"] for one in analysis.strengths if isinstance(one, dict)}


async def test_java() -> None:
    analysis = await analysed("java", JAVA, "Main.java")
    assert found(analysis) == {
        (2, "unused-import"), (4, "naming-style"), (5, "naming-style"), (7, "unused-variable"), (9, "missing-braces"),
        (9, "string-building"), (9, "string-identity"), (11, "broad-catch"), (11, "empty-catch"),
    }  # fmt: skip


async def test_nothing_that_a_program_says_silences_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ruff.toml").write_text('[lint]\nignore = ["F401"]\n')
    monkeypatch.chdir(tmp_path)
    text = "# ruff: noqa\n# ruff: disable[F401]\n# flake8: noqa\nimport os  # noqa: F401\n"
    assert (4, "unused-import") in found(await analysed("python", text, "main.py"))


async def test_tests_that_were_too_slow_count_and_good_programs_hear_so() -> None:
    slow = await analysed("python", "print(1)\n", "main.py", verdict=Verdict.TLE, tests=2, tests_passed=1)
    assert slow.code_quality == {"readability": 10, "efficiency": 7, "best_practices": 10}
    assert all_said(slow.weaknesses) == ["Too slow for at least one test"]
    assert slow.evidence == []
    good = await analysed("python", "print(1)\n", "main.py", verdict=Verdict.AC, tests=2, tests_passed=2)
    assert (good.overall_score, good.weaknesses) == (100, [])
    assert "It passes all 2 tests." in all_said(good.strengths)
    assert good.suggestions


@pytest.mark.parametrize(
    ("language", "name", "text", "line"),
    [
        pytest.param("python", "main.py", "def f(:\n", 1, id="python"),
        pytest.param("javascript", "main.js", "function f( { }\n", 1, id="javascript"),
        pytest.param("java", "Main.java", "class A {\n  void b( { }\n}\n", 2, id="java"),
    ],
)
async def test_what_cannot_be_read_gets_no_marks(language: str, name: str, text: str, line: int) -> None:
    analysis = await analysed(language, text, name)
    assert (analysis.overall_score, analysis.code_quality) == (None, None)
    assert {one.rule for one in analysis.evidence} == {"syntax-error"}
    assert line in {one.line for one in analysis.evidence}
    assert all_said(analysis.weaknesses)[0].startswith("The program cannot be read here")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("x = 1\n" * 20_000, "too-large", id="large"),
        pytest.param("x = " + "(" * 20_000 + ")" * 20_000, "too-complex", id="brackets"),
        pytest.param("x = " + "-" * 50_000 + "1", "too-complex", id="signs"),
    ],
)
async def test_hostile_texts_are_given_up(text: str, reason: str) -> None:
    with pytest.raises(AnalysisUnavailable) as caught:
        await analysed("python", text, "main.py")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os\nos.system('touch {mark}')\nopen('{mark}', 'w')\n", id="calls"),
        pytest.param("# -*- coding: undefined -*-\nopen('{mark}', 'w')\n", id="coding"),
        pytest.param("x = '\ud800'\nopen('{mark}', 'w')\n", id="surrogate"),
        pytest.param("open('{mark}', 'w')\n" + "if x:\n    y = 1\n" * 2_000, id="long"),
    ],
)
async def test_a_program_is_never_run(text: str, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    before = time.process_time()
    await analysed("python", text.replace("{mark}", str(mark)), "main.py")
    assert not mark.exists()
    assert time.process_time() >= before


async def test_other_languages_have_no_rules() -> None:
    with pytest.raises(AnalysisUnavailable) as caught:
        await analysed("sql", "SELECT 1", "main.sql")
    assert caught.value.reason == "language"


def test_the_formula_is_the_one_that_the_guide_states() -> None:
    text = GUIDE.read_text()
    assert re.findall(r"^\| (\w+) \| (\d+) %", text, re.MULTILINE) == [
        (aspect, str(share)) for aspect, share in SHARES.items()
    ]
    stated = {
        key: float(weight) for key, weight in re.findall(r"^\| `([a-z-]+)` \| \w+ \| ([\d.]+) \|", text, re.MULTILINE)
    }
    assert stated == {key: float(rule.weight) for key, rule in RULES.items()}
    assert sum(SHARES.values()) == 100
    assert [cost("unused-variable", times) for times in (0, 1, 2, 3, 4, 5, 100)] == [0, 1, 1.5, 2, 2.5, 2.5, 2.5]
    many = [Evidence(file="a", line=n, rule=key) for n in range(9) for key in RULES]
    assert marks(many) == dict.fromkeys(ASPECTS, 0)
    assert overall(marks([])) == 100


def test_every_rule_has_its_words() -> None:
    assert set(words.WORDS) == {*RULES, "syntax-error"}
    assert set(CODES.values()) <= set(RULES)


def test_notes_are_said_in_the_readers_language_and_survive_an_editor() -> None:
    note = {"code": "rule:unused-variable", "parameters": {"lines": [3, 5], "more": 2}}
    assert said(note) == "A variable that is not used (lines 3 and 5 and 2 more)"
    assert said("As typed <b>.") == "As typed <b>."
    assert said({"code": "gone-since"}) == "gone-since"
    assert unchanged([said(note), "New."], [note, "Old."]) == [note, "New."]
    token = READER.set(Reader(locale="es"))
    try:
        assert "3" in said(note)
        assert "5" in said(note)
    finally:
        READER.reset(token)


@pytest.mark.parametrize(
    ("expected", "actual", "difference"),
    [
        ("a\n", "", "no-output"),
        ("a\n", "a", "final-newline"),
        ("a b\n", "a  b \n", "whitespace"),
        ("Yes\n", "yes\n", "letter-case"),
        ("1\n2\n", "2\n1\n", "order-of-lines"),
        ("3\n", "3.0\n", "decimal-or-whole"),
        ("[1, 2]\n", "1 2\n", "punctuation"),
        ("'a'\n", "a\n", "punctuation"),
        ("Sum: 3\n", "Sum: 4\n", "off-by-one"),
        ("0.333\n", "0.334\n", "rounding"),
        ("3\n", "-3\n", "sign"),
        ("3 5\n", "9 8\n", "other-number"),
        ("a\nb\nc\n", "a\nc\n", "lines-missing"),
        ("a\nc\n", "a\nb\nc\n", "lines-too-many"),
        ("3\n", "The sum is 3\n", "text-around"),
        ("a\nb\n", "x\n", "fewer-lines"),
        ("a\n", "x\ny\n", "more-lines"),
        ("a\n", "b\n", "other-text"),
        ("[1]", "printed\n→ [2]\n", "off-by-one"),
        ("5", "→ null\n", "other-text"),
    ],
)
def test_a_difference_has_its_plainest_name(expected: str, actual: str, difference: str) -> None:
    signature = difference_between(expected, actual)
    assert signature.difference == difference
    assert mistake_text(signature.difference, signature.parameters).endswith(".")


def test_signatures_of_crashes_leave_names_out() -> None:
    trace = 'Traceback (most recent call last):\n  File "main.py", line 2, in f\n    total = names[7]\nIndexError: list index out of range\n'
    other = trace.replace("total", "result").replace("names", "values").replace("[7]", "[12]")
    crash = FailedTest(position=0, verdict=Verdict.RE, stderr=trace)
    same = FailedTest(position=0, verdict=Verdict.RE, stderr=other)
    assert (
        signature_of([crash])
        == signature_of([same])
        == Signature("exception", {"exception": "IndexError", "line": "name = name[0]"})
    )
    java = 'Exception in thread "main" java.lang.NullPointerException\n\tat Main.main(Main.java:3)\n'
    assert (
        signature_of([FailedTest(position=0, verdict=Verdict.RE, stderr=java)]).parameters["exception"]
        == "NullPointerException"
    )
    assert signature_of([FailedTest(position=0, verdict=Verdict.TLE)]).difference == "verdict-tle"
    assert signature_of([FailedTest(position=3, verdict=Verdict.WA)]).difference == "hidden-test"
    known = FailedTest(position=4, verdict=Verdict.WA, expected="1\n", stdout="2\n")
    assert signature_of([FailedTest(position=3, verdict=Verdict.WA), known]) == Signature("off-by-one", {"step": 1})
    assert shape_of("x" * 500 + " = 'a' + \"b\"") == 'name = "" + ""'
    assert set(SENTENCES) >= {"exception", "verdict-ce", "verdict-mle", "verdict-ole"}
