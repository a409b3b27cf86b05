"""Texts that break a parser break nothing but the process that reads them."""

import pytest

from codezest.grading.rules import RuleError, RuleKind, StaticRule, check_rules, check_rules_apart

RULES = [
    StaticRule(kind=RuleKind.FORBID, construct="loop", message="No loops."),
    StaticRule(kind=RuleKind.REQUIRE, construct="function"),
]


async def test_the_answer_is_that_of_this_process() -> None:
    sources = {"main.py": "for x in 'é': pass\n", "other.py": "while 1: pass\n"}
    assert await check_rules_apart("python", sources, RULES) == check_rules("python", sources, RULES)
    assert await check_rules_apart("python", {"main.py": "def f(): pass\n"}, RULES) == []


HOSTILE = {
    "generics": ("java", "a<" * 130_000),  # takes the parser gigabytes
    "parentheses": ("python", "(" * 130_000 + ")" * 130_000),
    "calls": ("bash", "a.b()" + ".c()" * 65_000),
    "quotes": ("cpp", "\"'" * 130_000),
    "not-utf-8": ("python", "\udcff\ud800"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_a_hostile_text_gets_an_answer(name: str) -> None:
    language, source = HOSTILE[name]
    violations = await check_rules_apart(language, {"Main": source}, RULES)
    assert violations
    assert all(violation.rule in RULES for violation in violations)


async def test_what_cannot_be_read_is_not_accepted() -> None:
    allowing = [StaticRule(kind=RuleKind.FORBID, construct="loop")]
    (violation,) = await check_rules_apart("java", {"Main.java": HOSTILE["generics"][1]}, allowing)
    assert "cannot be checked" in violation.message


async def test_a_bad_rule_is_its_authors_mistake() -> None:
    with pytest.raises(RuleError):
        await check_rules_apart("python", {"main.py": "x"}, [StaticRule(kind=RuleKind.FORBID, construct="lop")])
