"""Rules that hold in every language, read off the syntax tree. Runs in the process of `reading`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codezest.kit.syntax_trees import walk
from codezest.services.learning.analysers.shapes import Shapes

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from codezest.services.learning.analysers.measured import Measured

DEEPEST = 4
"""Levels within one function; from the fourth on a reader loses the thread."""
DEEPEST_LOOPS = 3
SORTERS = frozenset({"sort", "sorted", "toSorted"})
CONFUSABLE = frozenset({"l", "O", "I"})


def text_of(node: Node | None) -> str:
    return (node.text or b"").decode(errors="replace") if node is not None else ""


def line_of(node: Node) -> int:
    return node.start_point[0] + 1


@dataclass(slots=True)
class Place:
    """One node, with what stands around it, outermost first, up to the function that it belongs to."""

    node: Node
    above: list[Node]
    depth: int
    """Levels of nesting within its function, its own included."""
    loops: int
    """Loops within its function around it, its own included."""

    @property
    def parent(self) -> Node | None:
        return self.above[-1] if self.above else None


@dataclass(slots=True)
class _Level:
    node: Node
    depth: int
    loops: int


def places(tree: Tree, shapes: Shapes) -> Iterator[Place]:
    """Every named node, parents first."""
    stack: list[_Level] = []
    for node, level in walk(tree):
        del stack[level:]
        outer = stack[-1] if stack else None
        depth, loops = (outer.depth, outer.loops) if outer else (0, 0)
        if node.type in shapes.functions:
            depth = loops = 0
        elif node.type in shapes.nesting and not (outer and _continues(node, outer.node, shapes)):
            depth += 1
            loops += node.type in shapes.loops
        stack.append(_Level(node, depth, loops))
        if node.is_named:
            yield Place(node, [one.node for one in stack[-4:-1]], depth, loops)


def _continues(node: Node, outer: Node, shapes: Shapes) -> bool:
    """Whether a condition is the `else if` of the one around it."""
    if node.type not in shapes.conditions:
        return False
    return outer.type == "else_clause" or (
        outer.type in shapes.conditions and outer.child_by_field_name("alternative") == node
    )


@dataclass(slots=True)
class Names:
    """The names of a file: how often each stands there, and which were declared where."""

    uses: Counter[str] = field(default_factory=Counter[str])
    declared: dict[str, int] = field(default_factory=dict[str, int])
    """Line by name."""
    texts: set[str] = field(default_factory=set[str])
    """Names of variables that began as a text."""


def collect_names(tree: Tree, shapes: Shapes) -> Names:
    names = Names()
    for place in places(tree, shapes):
        node = place.node
        if node.type in {"identifier", "shorthand_property_identifier", "type_identifier", "property_identifier"}:
            names.uses[text_of(node)] += 1
        if node.type in shapes.declared:
            name = node.child_by_field_name(shapes.declared[node.type])
            if name is not None and name.type in {"identifier", "property_identifier"}:
                names.declared.setdefault(text_of(name), line_of(name))
                value = node.child_by_field_name("value") or node.child_by_field_name("right")
                if value is not None and value.type in shapes.texts:
                    names.texts.add(text_of(name))
    return names


def look_at_everything(found: Measured, tree: Tree, shapes: Shapes, *, path: str, names: Names) -> None:
    """What is the same in every language."""
    for place in places(tree, shapes):
        node = place.node
        found.raise_to("deepest_nesting", place.depth)
        if node.type in shapes.nesting:
            _look_at_depth(found, place, shapes, path)
        if node.type in shapes.conditions:
            _look_at_branches(found, node, path)
        if node.type in shapes.additions and place.loops and _builds_text(node, shapes, names):
            found.find("string-building", path, line_of(node), _short(node.child_by_field_name("left")))
        if node.type in shapes.calls:
            _look_at_call(found, place, shapes, path)
        found.measures["comprehensions"] += node.type in shapes.comprehensions
        found.measures["handlers"] += node.type in shapes.handlers
        if node.type in shapes.functions and _is_documented(node, place, shapes):
            found.measures["documented"] += 1
    _look_at_names(found, names, path)


def _look_at_depth(found: Measured, place: Place, shapes: Shapes, path: str) -> None:
    # Only where the limit is crossed: what lies deeper still is the same place.
    parent = place.parent
    continues = parent is not None and _continues(place.node, parent, shapes)
    if place.depth == DEEPEST and not continues:
        found.find("deep-nesting", path, line_of(place.node))
    if place.node.type in shapes.loops and place.loops == DEEPEST_LOOPS:
        found.find("nested-loops", path, line_of(place.node))


def _look_at_branches(found: Measured, node: Node, path: str) -> None:
    consequence, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if other is not None and other.type == "else_clause":
        other = other.child_by_field_name("body") or (other.named_children[0] if other.named_children else None)
    if consequence is None or other is None or not consequence.named_children:
        return
    if text_of(consequence).split() == text_of(other).split():
        found.find("duplicated-branch", path, line_of(node))


def _builds_text(node: Node, shapes: Shapes, names: Names) -> bool:
    """Whether `+=` adds to a text."""
    operator, left, right = (node.child_by_field_name(name) for name in ("operator", "left", "right"))
    if text_of(operator) != "+=" or right is None:
        return False
    return (
        text_of(left) in names.texts
        or right.type in shapes.texts
        or any(child.type in shapes.texts for child in right.named_children if right.type.startswith("binary"))
    )


def _look_at_call(found: Measured, place: Place, shapes: Shapes, path: str) -> None:
    called = text_of(place.node.child_by_field_name(shapes.calls[place.node.type])).rpartition(".")[2]
    if called in shapes.builtins:
        found.builtins[called] += 1
    if called in SORTERS and place.loops:
        found.find("sorting-in-loop", path, line_of(place.node), called)


def _is_documented(node: Node, place: Place, shapes: Shapes) -> bool:
    body = node.child_by_field_name("body")
    if body is not None and body.type == "block" and "comment" in shapes.comments and body.named_children:
        first = body.named_children[0]
        if first.type == "expression_statement" and first.named_children and first.named_children[0].type == "string":
            return True
    for one in (node, *reversed(place.above[1:])):  # a function may stand within its declaration
        if one.start_point[0] != node.start_point[0]:
            break
        before = one.prev_named_sibling
        if before is not None and before.type in shapes.comments and before.end_point[0] + 1 >= node.start_point[0]:
            return True
    return False


def _look_at_names(found: Measured, names: Names, path: str) -> None:
    for name, line in names.declared.items():
        plain = name.strip("_")
        if plain.isupper() and len(plain) > 1:
            found.measures["constants"] += 1
        found.measures["names"] += 1
        found.measures["short_names"] += len(plain) < 3
        if name in CONFUSABLE and not found.broken_at("unclear-name", path, line):
            found.find("unclear-name", path, line, name)


def _short(node: Node | None) -> str | None:
    text = text_of(node)
    return text if text.isidentifier() and len(text) <= 60 else None
