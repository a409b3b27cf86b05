"""What the rules need to know of a language's grammar: a table a language, in `tables/`.

In the queries, `@it` is what is counted and reported, `@name` the text that an argument is compared with, and `@scope` what
stands before the name, as in `from os import path`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def nodes(*types: str) -> str:
    """A query for nodes of these types."""
    return f"[{' '.join(f'({name})' for name in types)}] @it"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionShapes:
    """How functions are defined and called, for the graph of who calls whom."""

    definitions: str
    """Query: `@it` the function, `@name`; perhaps `@owner` (the class it is defined for, outside of its braces),
    `@receiver` (what it calls its own object) and `@parameters`."""
    calls: str
    """Query: `@it` the call, `@name`; perhaps `@receiver` (what stands before the name) and `@arguments`."""
    owners: str = ""
    """Query: `@it` a class, `@name`."""
    selves: frozenset[str] = frozenset()
    """Names of the own object or class."""
    implicit: bool = False
    """Whether a bare name inside a class may mean its method."""
    overloads: bool = False
    """Whether functions of one name differ by their number of parameters."""
    open_ended: frozenset[str] = frozenset()
    """Types of parameters that stand for none or several arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """One language."""

    package: str
    """The module that holds the grammar."""
    entry: str = "language"
    constructs: Mapping[str, str]
    """Name → query."""
    families: Mapping[str, str] = field(default_factory=dict[str, str])
    """`import`, `call`, `method` → query; they take an argument, which is compared with `@name`."""
    names: tuple[str, ...] = ()
    """Types of nodes that are identifiers."""
    literals: tuple[str, ...] = ()
    """Types of nodes that are literals."""
    operators: tuple[str, ...] = ()
    """Types of nodes that have operators among their children."""
    loose_operators: bool = False
    """Whether the grammar has one kind of token for many operators, so that it cannot say which there are."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Construct → keywords that give it away where the grammar sees no structure."""
    unparsed: tuple[str, ...] = ("ERROR",)
    """Types of nodes below which there are tokens only."""
    raw: str | None = None
    """Type of nodes that hold program text as a whole, such as the body of a macro."""
    separator: str = "."
    """Between a module's name and the parts of it."""
    functions: FunctionShapes | None = None
    suffixes: frozenset[str] | None = None
    """Files of a submission that are programs; None: any may become part of one, as by `#include`."""
    folds_case: bool = False
    """Whether keywords and names are the same in capitals."""
