"""Syntax trees within bounds. Runs in the process of `reading`, since a grammar may fail in ways that end a process.

Why not `codezest.grading.rules.grammar`: loading the package around it takes longer than all the rest of an analysis.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from codezest.kit.syntax_trees import walk

if TYPE_CHECKING:
    from tree_sitter import Tree

DEEPEST = 400
GRAMMARS: Mapping[str, tuple[str, str]] = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "java": ("tree_sitter_java", "language"),
}
"""Module and function of each language's grammar."""


class TooDeep(Exception):
    """A text that is nested deeper than anybody writes by hand."""


def tree_of(language: str, text: str) -> Tree:
    """The tree of a text, wrong or not. Raises TooDeep."""
    from tree_sitter import Language, Parser

    module, entry = GRAMMARS[language]
    pointer: object = getattr(importlib.import_module(module), entry)()
    tree = Parser(Language(pointer)).parse(text.encode("utf-8", "replace"))
    if any(level > DEEPEST for _, level in walk(tree)):
        raise TooDeep
    return tree
