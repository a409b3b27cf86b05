"""Checks rules in a process of its own, so that a text that breaks the parser breaks nothing else.

The process gets the texts on its standard input and answers on its standard output. It has a bare environment and limits
of its own; when it dies, or says nothing in time, the submission is refused as one that cannot be checked.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from codezest.grading.rules.check import check_rules, unchecked, validate_rule
from codezest.grading.rules.rule import RuleViolation, StaticRule

_CPU_SECONDS = 10
_WALL_SECONDS = 60.0
_ADDRESS_SPACE = 512 << 20
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
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(json.dumps(request).encode()), timeout=_WALL_SECONDS)
    except TimeoutError:
        answer = b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0 or not answer:
        return unchecked(rules, next(iter(sources), ""), "reading it takes more than it should")
    return [_violation(found, rules) for found in json.loads(answer)]


def _violation(found: dict[str, Any], rules: Sequence[StaticRule]) -> RuleViolation:
    return RuleViolation(**{**found, "rule": rules[found["rule"]]})


def _answer() -> None:
    """What the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    request = json.load(sys.stdin)
    rules = [StaticRule(**rule) for rule in request["rules"]]
    found = check_rules(request["language"], request["sources"], rules)
    json.dump([{**asdict(violation), "rule": rules.index(violation.rule)} for violation in found], sys.stdout)


if __name__ == "__main__":
    _answer()
