"""Walking syntax trees. Imports nothing of tree-sitter: a process that loads one grammar pays for no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def walk(tree: Tree) -> Iterator[tuple[Node, int]]:
    """Every node with its level, parents first. Without recursion: a tree may be deeper than Python's stack."""
    cursor = tree.walk()
    level = 0
    while True:
        node = cursor.node
        if node is not None:
            yield node, level
        if cursor.goto_first_child():
            level += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            level -= 1
