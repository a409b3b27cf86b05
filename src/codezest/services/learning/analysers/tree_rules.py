"""Rules of single languages, read off the syntax tree. Runs in the process of `reading`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codezest.services.learning.analysers.tree_walk import Names, Place, line_of, places, text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from codezest.services.learning.analysers.measured import Measured
    from codezest.services.learning.analysers.shapes import Shapes

COMPARISONS = frozenset({"<", ">", "<=", ">=", "==", "!=", "===", "!=="})
NUMBERS = frozenset({"number", "decimal_integer_literal", "decimal_floating_point_literal"})
ORDINARY_NUMBERS = frozenset({"0", "1", "2", "10", "100", "0.0", "1.0"})
BLOCKS = frozenset({"statement_block", "block"})
CAMEL = re.compile(r"_*[a-z][A-Za-z0-9]*|[A-Z][A-Z0-9_]*")
PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
NULLS = frozenset({"null", "undefined"})


def look_at_language(found: Measured, tree: Tree, shapes: Shapes, *, language: str, path: str, names: Names) -> None:
    """What is right or wrong in this language alone."""
    for place in places(tree, shapes):
        if language == "python":
            _python(found, place, path)
            continue
        _braces(found, place, shapes, path)
        _comparisons(found, place.node, path, language)
        _catches(found, place.node, path)
        if language == "java":
            _java(found, place.node, path, names)
        else:
            _script(found, place, path, names)


def _python(found: Measured, place: Place, path: str) -> None:
    node = place.node
    found.measures["hints"] += node.type in {"typed_parameter", "typed_default_parameter"}
    if node.type == "for_statement" and _counts_along(node.child_by_field_name("right")):
        found.find("index-loop", path, line_of(node))


def _counts_along(node: Node | None) -> bool:
    """Whether it is `range(len(…))`."""
    if node is None or node.type != "call" or text_of(node.child_by_field_name("function")) != "range":
        return False
    arguments = node.child_by_field_name("arguments")
    given = arguments.named_children if arguments is not None else []
    return len(given) == 1 and given[0].type == "call" and text_of(given[0].child_by_field_name("function")) == "len"


def _braces(found: Measured, place: Place, shapes: Shapes, path: str) -> None:
    if place.node.type not in shapes.loops | shapes.conditions:
        return
    for name in shapes.bodies:
        body = place.node.child_by_field_name(name)
        if body is not None and body.type not in BLOCKS:
            found.find("missing-braces", path, line_of(body))


def _comparisons(found: Measured, node: Node, path: str, language: str) -> None:
    if node.type != "binary_expression":
        return
    operator = text_of(node.child_by_field_name("operator"))
    sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
    if operator not in COMPARISONS:
        return
    for side in sides:
        if side is not None and side.type in NUMBERS and text_of(side) not in ORDINARY_NUMBERS:
            found.find("magic-number", path, line_of(side), None)
    kinds = {side.type for side in sides if side is not None}
    if language == "java":
        if operator in {"==", "!="} and "string_literal" in kinds:
            found.find("string-identity", path, line_of(node))
        if operator in {"==", "!="} and kinds & {"true", "false"}:
            found.find("needless-boolean", path, line_of(node))
    elif operator in {"==", "!="} and not kinds & NULLS:
        found.find("loose-equality", path, line_of(node))


def _catches(found: Measured, node: Node, path: str) -> None:
    body = node.child_by_field_name("body") if node.type == "catch_clause" else None
    if body is not None and not body.named_children:
        found.find("empty-catch", path, line_of(node))


def _java(found: Measured, node: Node, path: str, names: Names) -> None:
    name = node.child_by_field_name("name")
    match node.type:
        case "class_declaration" if name is not None and not PASCAL.fullmatch(text_of(name)):
            found.find("naming-style", path, line_of(name), text_of(name)[:60])
        case "method_declaration" if name is not None and not CAMEL.fullmatch(text_of(name)):
            found.find("naming-style", path, line_of(name), text_of(name)[:60])
        case "local_variable_declaration":
            for child in node.named_children:
                _local(found, child, path, names)
        case "import_declaration":
            imported = text_of(node.named_children[0]).rpartition(".")[2] if node.named_children else ""
            if "*" not in text_of(node) and imported and names.uses[imported] == 1:
                found.find("unused-import", path, line_of(node), imported[:60])
        case "catch_clause" if "(Exception " in text_of(node)[:60] or "(Throwable " in text_of(node)[:60]:
            found.find("broad-catch", path, line_of(node))
        case _:
            pass


def _script(found: Measured, place: Place, path: str, names: Names) -> None:
    node = place.node
    match node.type:
        case "variable_declaration":
            found.find("var-declaration", path, line_of(node))
        case "lexical_declaration":
            found.measures["modern"] += 1
        case "variable_declarator":
            if "export_statement" not in {above.type for above in place.above}:
                _local(found, node, path, names)
        case "function_declaration":
            name = node.child_by_field_name("name")
            if name is not None and "_" in text_of(name).strip("_"):
                found.find("naming-style", path, line_of(name), text_of(name)[:60])
        case "call_expression" if text_of(node.child_by_field_name("function")) == "eval":
            found.find("dynamic-code", path, line_of(node))
        case "new_expression" if text_of(node.child_by_field_name("constructor")) == "Function":
            found.find("dynamic-code", path, line_of(node))
        case _:
            pass


def _local(found: Measured, declarator: Node, path: str, names: Names) -> None:
    name = declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
    if name is None or name.type != "identifier":
        return
    text = text_of(name)
    if names.uses[text] == 1:
        found.find("unused-variable", path, line_of(name), text[:60])
    if not CAMEL.fullmatch(text) and text.strip("_") and not PASCAL.fullmatch(text):
        found.find("naming-style", path, line_of(name), text[:60])
