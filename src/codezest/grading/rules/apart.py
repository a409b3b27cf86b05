"""Checks rules in a process of its own, so that a text that breaks the parser breaks nothing else.

See `codezest.kit.apart`. When the process dies, or says nothing in time, the submission is refused as one that cannot be
checked.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from codezest.grading.rules.check import check_rules, unchecked, validate_rule
from codezest.grading.rules.rule import RuleViolation, StaticRule
from codezest.kit.apart import Bounds, ask_apart, confine

_BOUNDS = Bounds(cpu_seconds=10, wall_seconds=60.0, address_space=512 << 20)
_MODULE = "codezest.grading.rules.apart"


async def check_rules_apart(
    language: str, sources: Mapping[str, str], rules: Sequence[StaticRule]
) -> list[RuleViolation]:
    """As `check_rules`, for texts of people one does not trust.

    Raises:
        RuleError: a rule cannot be checked in this language.
    """
    for rule in rules:
        validate_rule(language, rule)
    request = {"language": language, "sources": dict(sources), "rules": [asdict(rule) for rule in rules]}
    answer = await ask_apart(_MODULE, json.dumps(request).encode(), bounds=_BOUNDS)
    if not answer:
        return unchecked(rules, next(iter(sources), ""), "reading it takes more than it should")
    return [_violation(found, rules) for found in json.loads(answer)]


def _violation(found: dict[str, Any], rules: Sequence[StaticRule]) -> RuleViolation:
    return RuleViolation(**{**found, "rule": rules[found["rule"]]})


def _answer() -> None:
    """What the process does."""
    confine(_BOUNDS)
    request = json.load(sys.stdin)
    rules = [StaticRule(**rule) for rule in request["rules"]]
    found = check_rules(request["language"], request["sources"], rules)
    json.dump([{**asdict(violation), "rule": rules.index(violation.rule)} for violation in found], sys.stdout)


if __name__ == "__main__":
    _answer()
