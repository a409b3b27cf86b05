"""Checks rules against the sources of a submission."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from codezest.grading.display import one_line
from codezest.grading.rules.constructs import RECURSION, construct_names, find_construct, validate_construct
from codezest.grading.rules.functions import recursive_calls
from codezest.grading.rules.grammar import MOST_BYTES, TooComplex, compiled, matches, parse
from codezest.grading.rules.rule import RuleError, RuleKind, RuleViolation, StaticRule
from codezest.grading.rules.tables import syntax_of
from codezest.grading.rules.words import unmet_message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node, Tree

    from codezest.grading.rules.syntax import Syntax

MOST_PLACES = 10
"""Places reported for one rule."""
_PREDICATE = re.compile(r"#([\w-]+[?!])")
_PREDICATES = frozenset(
    f"{prefix}{name}?" for name in ("eq", "match", "any-of") for prefix in ("", "not-", "any-", "any-not-")
) | {"is?", "is-not?", "set!"}


def constructs_of(language: str) -> list[str]:
    """The names that a rule for this language may use; those that end in `:…` take an argument.

    Raises RuleError for a language without a table.
    """
    return construct_names(syntax_of(language))


def validate_rule(language: str, rule: StaticRule) -> None:
    """Raises RuleError when the rule cannot be checked in this language; the message is for its author."""
    syntax = syntax_of(language)
    if rule.construct is not None:
        validate_construct(syntax, rule.construct)
        return
    query = rule.query or ""
    unknown = sorted(set(_PREDICATE.findall(query)) - _PREDICATES)
    if unknown:
        raise RuleError(f"the query uses #{unknown[0]}, which is not one of {', '.join(sorted(_PREDICATES))}")
    if compiled(syntax, query).capture_count == 0:
        raise RuleError("the query captures nothing: name what it finds, as in `(while_statement) @violation`")


def check_rules(language: str, sources: Mapping[str, str], rules: Sequence[StaticRule]) -> list[RuleViolation]:
    """Look for what the rules forbid and require, in this process: for texts of people one trusts.

    A text with syntax errors is checked as far as it can be understood. One that is too large, or nested too deeply, to
    be looked at breaks every rule. See `check_rules_apart` for what learners send.

    Args:
        language: key of a language.
        sources: relative path → text of all files of the submission.
        rules: each one that `validate_rule` accepts.

    Raises:
        RuleError: a rule cannot be checked in this language.
    """
    for rule in rules:
        validate_rule(language, rule)
    syntax = syntax_of(language)
    texts = {
        name: text.encode("utf-8", "replace") for name, text in sources.items() if _is_program(syntax, name, sources)
    }
    trees: list[tuple[str, Tree]] = []
    if sum(map(len, texts.values())) > MOST_BYTES:
        return unchecked(rules, next(iter(texts)), f"it has more than {MOST_BYTES} bytes")
    for name, text in texts.items():
        try:
            trees.append((name, parse(syntax, text)))
        except TooComplex as reason:
            return unchecked(rules, name, str(reason))
    found = [(rule, _places(syntax, rule, trees)) for rule in rules]
    main = next(iter(sources), "")
    return [violation for rule, places in found for violation in _judge(rule, places, texts, main)]


def unchecked(rules: Sequence[StaticRule], file: str, reason: str) -> list[RuleViolation]:
    """What is said when a program cannot be looked at: it is not accepted."""
    message = f"Your program cannot be checked against the rules of this task: {reason}."
    return [
        RuleViolation(rule=rule, file=file, line=None, column=None, excerpt="", message=message) for rule in rules[:1]
    ]


def _is_program(syntax: Syntax, name: str, sources: Mapping[str, str]) -> bool:
    return syntax.suffixes is None or len(sources) == 1 or PurePosixPath(name).suffix.lower() in syntax.suffixes


def _places(syntax: Syntax, rule: StaticRule, trees: Sequence[tuple[str, Tree]]) -> list[tuple[str, Node]]:
    if rule.construct == RECURSION and RECURSION not in syntax.constructs:
        return recursive_calls(syntax, trees)
    if rule.construct is not None:
        suspicious = rule.kind is RuleKind.FORBID
        return [
            (name, node)
            for name, tree in trees
            for node in find_construct(syntax, rule.construct, tree, suspicious=suspicious)
        ]
    places: list[tuple[str, Node]] = []
    for name, tree in trees:
        for captures in matches(syntax, rule.query or "", tree):
            nodes = captures.get("violation") or [node for found in captures.values() for node in found]
            if nodes:
                places.append((name, min(nodes, key=lambda node: (node.start_byte, -node.end_byte))))
    return places


def _judge(
    rule: StaticRule, places: Sequence[tuple[str, Node]], texts: Mapping[str, bytes], main: str
) -> list[RuleViolation]:
    message = rule.message or unmet_message(rule)
    if rule.kind is RuleKind.REQUIRE:
        if len(places) >= rule.wanted:
            return []
        return [RuleViolation(rule=rule, file=main, line=None, column=None, excerpt="", message=message)]
    beyond = places[rule.allowed :][:MOST_PLACES]
    return [_violation(rule, name, node, texts[name], message) for name, node in beyond]


def _violation(rule: StaticRule, name: str, node: Node, text: bytes, message: str) -> RuleViolation:
    begin = text.rfind(b"\n", 0, node.start_byte) + 1
    end = text.find(b"\n", node.start_byte)
    line = text[begin : end if end >= 0 else len(text)].decode("utf-8", "replace")
    return RuleViolation(
        rule=rule,
        file=name,
        line=node.start_point.row + 1,
        column=len(text[begin : node.start_byte].decode("utf-8", "replace")) + 1,
        excerpt=one_line(line.strip()),
        message=message,
    )
