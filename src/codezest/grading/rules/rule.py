"""What an author forbids or requires in a program's text, and what is found against it."""

from dataclasses import dataclass
from enum import StrEnum


class RuleError(ValueError):
    """A rule that cannot be checked as it is written; the message is for its author."""


class RuleKind(StrEnum):
    FORBID = "FORBID"
    REQUIRE = "REQUIRE"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticRule:
    """One thing that the learner's program must do without, or must contain.

    Raises RuleError when it names not exactly one of `construct` and `query`, or its limit does not fit its kind.
    Whether the language has the construct, and whether the query is one, `validate_rule` tells.
    """

    kind: RuleKind
    construct: str | None = None
    """A name such as `loop`, or one with an argument, such as `import:os`."""
    query: str | None = None
    """A tree-sitter query; each match counts once, at its first capture or the one named `@violation`."""
    message: str | None = None
    """What the learner is told; a sentence is made up when there is none."""
    at_least: int | None = None
    """REQUIRE: how many there must be, 1 if None."""
    at_most: int | None = None
    """FORBID: how many there may be, 0 if None."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", RuleKind(self.kind))
        if (self.construct is None) == (self.query is None):
            raise RuleError("a rule names either a construct or a query")
        if self.kind is RuleKind.FORBID and self.at_least is not None:
            raise RuleError("at_least belongs to a rule that requires; one that forbids takes at_most")
        if self.kind is RuleKind.REQUIRE and self.at_most is not None:
            raise RuleError("at_most belongs to a rule that forbids; one that requires takes at_least")
        if self.at_least is not None and self.at_least < 1:
            raise RuleError("at_least is 1 or more")
        if self.at_most is not None and self.at_most < 0:
            raise RuleError("at_most is 0 or more")

    @property
    def wanted(self) -> int:
        """REQUIRE: how many there must be."""
        return 1 if self.at_least is None else self.at_least

    @property
    def allowed(self) -> int:
        """FORBID: how many there may be."""
        return self.at_most or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleViolation:
    """A rule that a program breaks, and where."""

    rule: StaticRule
    file: str
    line: int | None
    """From 1; None when something is missing from the program."""
    column: int | None
    """In characters, from 1."""
    excerpt: str
    """The line, cut to a readable length, fit for display."""
    message: str
    """A sentence for the learner, without the place."""
