"""Which calls are recursive: a function that reaches itself through the functions of the same submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codezest.grading.rules.grammar import Captures, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tree_sitter import Node, Tree

    from codezest.grading.rules.syntax import FunctionShapes, Syntax

_LONGEST_NAME = 200

Key = tuple[str | None, str, int | None]
"""Class, name, and number of parameters where functions are told apart by it."""


@dataclass(frozen=True, slots=True)
class _Function:
    key: Key
    context: str | None
    """The class whose object `this` is."""
    receiver: str | None


@dataclass(frozen=True, slots=True)
class _Call:
    node: Node
    source: Key
    target: Key


def recursive_calls(syntax: Syntax, trees: Iterable[tuple[str, Tree]]) -> list[tuple[str, Node]]:
    """File and node of every call by which a function may come back to itself."""
    shapes = syntax.functions
    if shapes is None:
        return []
    functions: set[Key] = set()
    open_calls: list[tuple[str, Node, _Function, list[Key]]] = []
    for file, tree in trees:
        defined, calls = _of_file(syntax, shapes, tree)
        functions |= defined
        open_calls += [(file, node, function, wanted) for node, function, wanted in calls]
    by_name: dict[tuple[str | None, str], list[Key]] = {}
    for key in functions:
        by_name.setdefault(key[:2], []).append(key)
    calls_between = [
        (file, _Call(node, function.key, target))
        for file, node, function, wanted in open_calls
        for target in _resolve(by_name, wanted)
    ]
    component = _components({(call.source, call.target) for _, call in calls_between})
    found: dict[tuple[str, int], tuple[str, Node]] = {}
    for file, call in calls_between:
        if call.source == call.target or component[call.source] == component[call.target]:
            found[file, call.node.start_byte] = (file, call.node)
    return list(found.values())


def _of_file(
    syntax: Syntax, shapes: FunctionShapes, tree: Tree
) -> tuple[set[Key], list[tuple[Node, _Function, list[Key]]]]:
    """The functions of a file, and its calls with the function that each stands in and what each may mean."""
    spans: list[tuple[Node, Captures, str]] = []
    if shapes.owners:
        spans += [(match["it"][0], match, "owner") for match in matches(syntax, shapes.owners, tree)]
    spans += [(match["it"][0], match, "function") for match in matches(syntax, shapes.definitions, tree)]
    spans += [(match["it"][0], match, "call") for match in matches(syntax, shapes.calls, tree)]
    spans.sort(key=lambda span: (span[0].start_byte, -span[0].end_byte, "ofc".index(span[2][0])))
    enclosing: list[tuple[int, str | _Function]] = []  # where it ends; the name of a class, or a function
    functions: set[Key] = set()
    calls: list[tuple[Node, _Function, list[Key]]] = []
    for node, match, kind in spans:
        while enclosing and enclosing[-1][0] <= node.start_byte:
            enclosing.pop()
        name = _text(match, "name")
        if not name:
            continue
        inner = enclosing[-1][1] if enclosing else None
        if kind == "owner":
            enclosing.append((node.end_byte, name))
        elif kind == "function":
            function = _function(shapes, match, name, inner)
            functions.add(function.key)
            enclosing.append((node.end_byte, function))
        elif isinstance(inner, _Function):
            calls.append((node, inner, _wanted(shapes, match, name, inner)))
    return functions, calls


def _function(shapes: FunctionShapes, match: Captures, name: str, inner: str | _Function | None) -> _Function:
    owner = _text(match, "owner") or (inner if isinstance(inner, str) else None)
    context = owner or (inner.context if isinstance(inner, _Function) else None)
    parameters = match.get("parameters")
    count = None
    if shapes.overloads and parameters:
        children = [child for child in parameters[0].children if child.type not in {"(", ")", ",", "comment"}]
        if not any(child.type in shapes.open_ended for child in children):
            count = len([child for child in children if child.is_named and "comment" not in child.type])
    owner = owner.lstrip("*") if owner else None
    context = context.lstrip("*") if context else None
    return _Function((owner, name, count), context, _text(match, "receiver"))


def _wanted(shapes: FunctionShapes, match: Captures, name: str, inside: _Function) -> list[Key]:
    """What a call may mean, the nearest first."""
    count = None
    if shapes.overloads and match.get("arguments"):
        count = len([child for child in match["arguments"][0].named_children if "comment" not in child.type])
    if "receiver" not in match:
        own: list[Key] = [(inside.context, name, count)] if shapes.implicit and inside.context else []
        return [*own, (None, name, count)]
    receiver = _text(match, "receiver")
    if receiver in shapes.selves or (receiver and receiver == inside.receiver):
        # A method of an object that is no class's, as in JavaScript, has no owner.
        return [(inside.context, name, count)]
    return [(receiver, name, count)] if receiver else []


def _resolve(by_name: dict[tuple[str | None, str], list[Key]], wanted: Sequence[Key]) -> list[Key]:
    for owner, name, count in wanted:
        found = [key for key in by_name.get((owner, name), ()) if count is None or key[2] is None or key[2] == count]
        if found:
            return found
    return []


def _text(match: Captures, capture: str) -> str | None:
    """The captured text, unless it is too long to be a name."""
    captured = match.get(capture)
    if not captured or captured[0].end_byte - captured[0].start_byte > _LONGEST_NAME:
        return None
    return "".join((captured[0].text or b"").decode("utf-8", "replace").split())


def _components(edges: set[tuple[Key, Key]]) -> dict[Key, int]:
    """Number of the strongly connected component of each node: Kosaraju's algorithm, without recursion."""
    forward: dict[Key, list[Key]] = {}
    backward: dict[Key, list[Key]] = {}
    for source, target in sorted(edges, key=repr):
        forward.setdefault(source, []).append(target)
        backward.setdefault(target, []).append(source)
    component: dict[Key, int] = {}
    for number, root in enumerate(reversed(_finished(forward))):
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node not in component:
                component[node] = number
                waiting += backward.get(node, ())
    return component


def _finished(following: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """The nodes in the order in which a depth-first search leaves them."""
    left: list[Key] = []
    seen: set[Key] = set()
    for root, targets in following.items():
        stack = [(root, iter(targets))] if root not in seen else []
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            target = next((target for target in rest if target not in seen), None)
            if target is None:
                left.append(node)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(following.get(target, ()))))
    return left
