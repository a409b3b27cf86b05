"""Every small change that the table of a language knows to make in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codezest.grading.rules.grammar import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Tree

    from codezest.grading.mutation.table import MutationTable
    from codezest.grading.rules.syntax import Syntax

_INTEGER = re.compile(r"[0-9]+")
_FLOAT = re.compile(r"[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes from `start` to `end` become `text`."""

    operator: str
    """Which kind of change: the name it has in reports."""
    start: int
    end: int
    text: str


def edits(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    """All changes, kind by kind; some of them will not compile, and some change nothing that matters."""
    for change in (_operators, _words, _numbers, _texts, _conditions, _statements, _returns, _calls):
        yield from change(syntax, table, tree)


def _operators(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for parent in _found(syntax, _any(syntax.operators), tree):
        for index, child in enumerate(parent.children):
            text = " ".join(_text(child).split())
            in_field = parent.field_name_for_child(index) in {"operator", "operators"}
            if child.is_named and not in_field:
                continue
            key = text.casefold() if syntax.folds_case else text
            for replacement in table.operators.get(key, ()):
                if _is_sign(parent, text):
                    if replacement == "+":
                        yield _edit("sign left out", child, "")
                else:
                    kind = "negation left out" if replacement == "" else "operator"
                    yield _edit(kind, child, replacement)


def _is_sign(parent: Node, text: str) -> bool:
    return text in {"+", "-", "*", "&"} and parent.named_child_count == 1


def _words(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, _any(table.word_types), tree):
        text = _text(node).casefold() if syntax.folds_case else _text(node)
        if text in table.words:
            yield _edit("keyword", node, table.words[text])


def _numbers(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, _any((*table.integers, *table.floats, *table.quoted)), tree):
        yield from _number(node)


def _texts(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, _any(table.texts), tree):
        if not _is_documentation(node):
            yield from _shortened(node, _text(node), "")
    for node in _found(syntax, _any(table.quoted), tree):
        text = _text(node)
        if len(text) > 2 and text[0] == text[-1] == "'":
            yield from _shortened(node, text[1:-1], "'")


def _conditions(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, table.conditions, tree):
        inner = node
        while inner.type == "parenthesized_expression" and inner.named_child_count == 1:
            inner = inner.named_children[0]
        if inner.type not in table.plain_conditions and not _compares(inner):
            yield _edit("negated condition", node, table.negation.format(_text(node)))


def _statements(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, table.statements, tree):
        if not _is_return_of_a_value(node):
            yield _edit("statement left out", node, table.nothing)


def _returns(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for node in _found(syntax, table.returned, tree):
        for value in table.returns:
            if _text(node) != value:
                yield _edit("other value returned", node, value)


def _calls(syntax: Syntax, table: MutationTable, tree: Tree) -> Iterator[Edit]:
    for match in matches(syntax, table.unwrapped, tree) if table.unwrapped else ():
        if "inner" in match and not _is_statement(match["it"][0]):
            yield _edit("call left out", match["it"][0], _text(match["inner"][0]))
    for node in _found(syntax, table.dropped, tree):
        yield _without_comma(node)


def _number(node: Node) -> Iterator[Edit]:
    text = _text(node)
    if _INTEGER.fullmatch(text):
        yield _edit("number", node, str(int(text) + 1))
        if int(text) > 0:
            yield _edit("number", node, str(int(text) - 1))
    elif _FLOAT.fullmatch(text):
        yield _edit("number", node, repr(float(text) + 1))


def _shortened(node: Node, text: str, quote: str) -> Iterator[Edit]:
    """A text becomes empty and, if it is one word or more without escapes, loses its last letter."""
    if node.type == "character":
        return
    yield _edit("text", node, quote + quote)
    if len(text) > 1 and "\\" not in text and "%" not in text and "{" not in text:
        yield _edit("text", node, f"{quote}{text[:-1]}{quote}")


def _is_documentation(node: Node) -> bool:
    """Whether a text stands by itself, as documentation does."""
    literal = node.parent
    statement = literal.parent if literal is not None else None
    return statement is not None and statement.type == "expression_statement" and statement.named_child_count == 1


def _compares(node: Node) -> bool:
    """Whether another change already turns this condition round."""
    return any(child.type in {"==", "!=", "===", "!==", "<", "<=", ">", ">=", "!"} for child in node.children)


def _is_statement(node: Node) -> bool:
    """Whether an expression is a statement of its own: left out as such already."""
    return node.parent is not None and node.parent.type == "expression_statement"


def _is_return_of_a_value(node: Node) -> bool:
    return node.type == "return_statement" and node.named_child_count > 0


def _without_comma(node: Node) -> Edit:
    before, after = node.prev_sibling, node.next_sibling
    if before is not None and before.type == ",":
        return Edit("argument left out", before.start_byte, node.end_byte, "")
    if after is not None and after.type == ",":
        return Edit("argument left out", node.start_byte, after.end_byte, "")
    return _edit("argument left out", node, "")


def _found(syntax: Syntax, query: str | None, tree: Tree) -> list[Node]:
    if query is None:
        return []
    return [match["it"][0] for match in matches(syntax, query, tree)]


def _edit(operator: str, node: Node, text: str) -> Edit:
    return Edit(operator, node.start_byte, node.end_byte, text)


def _any(types: Sequence[str]) -> str | None:
    return None if not types else f"[{' '.join(f'({kind})' for kind in types)}] @it"


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
