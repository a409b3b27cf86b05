"""What was found in a program, before anything is made of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from codezest.services.learning.analysers.analyser import Evidence


@dataclass(slots=True)
class Measured:
    """Filled in by the readers of one program; JSON values only, since it crosses a process."""

    findings: list[Evidence] = field(default_factory=list[Evidence])
    measures: Counter[str] = field(default_factory=Counter[str])
    """lines, functions, longest_function, highest_complexity, deepest_nesting, names, short_names, documented, constants,
    handlers, hints, modern, comprehensions."""
    builtins: Counter[str] = field(default_factory=Counter[str])
    """Functions of the language's library that it uses."""

    def find(self, rule: str, file: str, line: int, name: str | None = None) -> None:
        self.findings.append(Evidence(file=file, line=line, rule=rule, name=name))

    def raise_to(self, measure: str, value: int) -> None:
        self.measures[measure] = max(self.measures[measure], value)

    def broken_at(self, rule: str, file: str, line: int) -> bool:
        return any(one.rule == rule and one.file == file and one.line == line for one in self.findings)

    def broken(self, rules: Iterable[str]) -> bool:
        wanted = set(rules)
        return any(one.rule in wanted for one in self.findings)
