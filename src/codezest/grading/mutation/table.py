"""What the engine needs to know of a language in order to change programs in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationTable:
    """One language. In the queries, `@it` is what is replaced."""

    operators: Mapping[str, tuple[str, ...]]
    """Operator → what it becomes, one mutant each. Where operators stand, the syntax of the language says."""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    """Text of a whole node → what it becomes, such as `true` → `false`; its types are in `word_types`."""
    word_types: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()
    """Types of literals that count up and down by one."""
    floats: tuple[str, ...] = ()
    """Types of literals that grow by one."""
    texts: tuple[str, ...] = ()
    """Types of nodes that hold what stands between the quotes."""
    quoted: tuple[str, ...] = ()
    """Types of literals with their quotes, where the grammar has no node for what stands between."""
    conditions: str | None = None
    """Query: expressions that decide."""
    negation: str = "!({})"
    plain_conditions: tuple[str, ...] = ()
    """Types of conditions that another change negates already, such as comparisons."""
    statements: str | None = None
    """Query: statements that may be left out."""
    nothing: str = ";"
    """What stands for a statement that is left out."""
    returned: str | None = None
    """Query: values that are returned."""
    returns: tuple[str, ...] = ()
    """What is returned instead. What does not compile is not counted."""
    unwrapped: str | None = None
    """Query: calls (`@it`) that are replaced by what they are applied to (`@inner`)."""
    dropped: str | None = None
    """Query: arguments that may be left out, with the comma before or after them."""
