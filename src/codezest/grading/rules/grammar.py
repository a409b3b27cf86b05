"""Parsing and querying by tree-sitter, within bounds.

The grammars are C. Some texts of a few kilobytes make them take gigabytes, others end the process, so that what learners
write is only parsed in a process of its own (`apart.py`). What is bounded here keeps the rest of the work linear: queries
take time quadratic in the depth of a tree.
"""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from codezest.grading.rules.rule import RuleError

if TYPE_CHECKING:  # loaded when a rule is checked: most programs of a worker never need them
    from tree_sitter import Language, Node, Query, Tree

    from codezest.grading.rules.syntax import Syntax

MOST_BYTES = 256 * 1024
"""Of all files together."""
DEEPEST = 1000
Captures = dict[str, list["Node"]]


class TooComplex(Exception):
    """A text that cannot be looked at within bounds."""


@cache
def grammar(package: str, entry: str) -> Language:
    from tree_sitter import Language

    pointer: object = getattr(importlib.import_module(package), entry)()
    return Language(pointer)


def parse(syntax: Syntax, content: bytes) -> Tree:
    """The tree of a text, wrong or not.

    Raises TooComplex.
    """
    from tree_sitter import Parser

    if len(content) > MOST_BYTES:
        raise TooComplex(f"it has more than {MOST_BYTES} bytes")
    # The whole text at once: nodes of a tree that was read piece by piece ask for their text in ways that end the process.
    tree = Parser(grammar(syntax.package, syntax.entry)).parse(content)
    if depth(tree) > DEEPEST:
        raise TooComplex(f"it is nested more than {DEEPEST} levels deep")
    return tree


def depth(tree: Tree) -> int:
    """Levels of the tree; stops counting when there are too many."""
    cursor = tree.walk()
    level = deepest = 0
    while deepest <= DEEPEST:
        if cursor.goto_first_child():
            level += 1
            deepest = max(deepest, level)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return deepest
            level -= 1
    return deepest


def has_token(syntax: Syntax, text: str) -> bool:
    """Whether a keyword or a sign is one of the language's."""
    known = grammar(syntax.package, syntax.entry)
    return known.id_for_node_kind(text, False) is not None  # noqa: FBT003 - tree-sitter's signature


@lru_cache(maxsize=512)
def _compiled(package: str, entry: str, text: str) -> Query:
    from tree_sitter import Query, QueryError

    try:
        return Query(grammar(package, entry), text)
    except QueryError as error:
        raise RuleError(f"the query is not valid: {error}") from None


def compiled(syntax: Syntax, text: str) -> Query:
    """Raises RuleError."""
    return _compiled(syntax.package, syntax.entry, text)


def _holds(*_predicate: object, **_names: object) -> bool:
    """Of predicates that tree-sitter does not know: `validate_rule` lets none pass."""
    return True


def matches(syntax: Syntax, text: str, tree: Tree) -> list[Captures]:
    """What a query finds, match by match."""
    from tree_sitter import QueryCursor

    cursor = QueryCursor(compiled(syntax, text))
    return [captures for _, captures in cursor.matches(tree.root_node, _holds)]
