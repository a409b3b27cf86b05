"""Static rules: what a program's text must or must not contain, by tree-sitter."""

from codezest.grading.rules.apart import check_rules_apart
from codezest.grading.rules.check import check_rules, constructs_of, validate_rule
from codezest.grading.rules.grammar import TooComplex
from codezest.grading.rules.rule import RuleError, RuleKind, RuleViolation, StaticRule
from codezest.grading.rules.words import rules_feedback

__all__ = [
    "RuleError",
    "RuleKind",
    "RuleViolation",
    "StaticRule",
    "TooComplex",
    "check_rules",
    "check_rules_apart",
    "constructs_of",
    "rules_feedback",
    "validate_rule",
]
