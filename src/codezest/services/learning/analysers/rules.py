"""The rules: which aspect each belongs to, and how much breaking it costs.

The formula stands in docs/guides/analysis.md; `tests/services/learning/test_analysis_rules.py` holds the two together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codezest.services.learning.analysers.analyser import ASPECTS, Evidence

READABILITY, EFFICIENCY, BEST_PRACTICES = ASPECTS
FULL = 10
AGAIN = 0.5
"""What each further place of the same rule costs, as a share of the first."""
MOST_TIMES = 2.5
"""No rule costs more than this many times its weight."""
SHARES: Mapping[str, int] = {READABILITY: 40, EFFICIENCY: 25, BEST_PRACTICES: 35}
"""Of the overall score, in percent."""


@dataclass(frozen=True, slots=True)
class Rule:
    aspect: str
    weight: float
    """Points of ten that its first place costs."""


def _rules(aspect: str, weights: Mapping[str, float]) -> dict[str, Rule]:
    return {key: Rule(aspect, weight) for key, weight in weights.items()}


RULES: Mapping[str, Rule] = {
    **_rules(
        READABILITY,
        {
            "collapsible-condition": 0.5,
            "commented-out-code": 0.5,
            "complex-function": 1.5,
            "deep-nesting": 1.5,
            "duplicated-branch": 1,
            "long-function": 1.5,
            "long-line": 0.5,
            "long-script": 1.5,
            "magic-number": 0.5,
            "many-parameters": 1,
            "missing-braces": 0.5,
            "mixed-indentation": 1,
            "naming-style": 1,
            "needless-boolean": 0.5,
            "needless-else": 0.5,
            "several-statements": 1,
            "unclear-name": 1,
        },
    ),
    **_rules(
        EFFICIENCY,
        {
            "index-loop": 0.5,
            "manual-list": 1,
            "needless-collection": 0.75,
            "nested-loops": 1,
            "reinvented-builtin": 0.75,
            "repeated-lookup": 0.5,
            "sorting-in-loop": 1,
            "string-building": 1.5,
            "too-much-memory": 3,
            "too-slow": 3,
        },
    ),
    **_rules(
        BEST_PRACTICES,
        {
            "broad-catch": 1,
            "dynamic-code": 2,
            "empty-catch": 1.5,
            "file-left-open": 1,
            "global-state": 1,
            "loop-variable-overwritten": 1,
            "loose-equality": 1,
            "mutable-default": 1.5,
            "named-lambda": 0.5,
            "no-effect": 1.5,
            "none-comparison": 1,
            "shadowed-builtin": 1,
            "star-import": 1,
            "string-identity": 1.5,
            "type-comparison": 1,
            "undefined-name": 2,
            "unused-import": 0.5,
            "unused-variable": 1,
            "var-declaration": 1,
        },
    ),
}
SYNTAX_ERROR = "syntax-error"
"""Found instead of everything else: what cannot be read gets no marks."""


def cost(rule: str, times: int) -> float:
    """Points that a rule broken so often costs."""
    return RULES[rule].weight * min(1 + AGAIN * (times - 1), MOST_TIMES) if times else 0.0


def marks(found: Iterable[Evidence]) -> dict[str, int]:
    """0 to 10 for each aspect, a half rounded up."""
    times = Counter(one.rule for one in found if one.rule in RULES)
    return {
        aspect: max(
            0, int(FULL - sum(cost(key, times[key]) for key, rule in RULES.items() if rule.aspect == aspect) + 0.5)
        )
        for aspect in ASPECTS
    }


def overall(quality: Mapping[str, int]) -> int:
    """Percent, from the marks of the aspects."""
    return round(sum(quality[aspect] * share for aspect, share in SHARES.items()) / FULL)


def dearest(found: Iterable[Evidence]) -> list[str]:
    """The rules that were broken, the costliest first."""
    times = Counter(one.rule for one in found if one.rule is not None and one.rule in RULES)
    return sorted(times, key=lambda key: (-cost(key, times[key]), key))
