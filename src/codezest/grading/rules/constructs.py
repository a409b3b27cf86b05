"""Finds the named constructs of a language in its trees."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from codezest.grading.rules.grammar import Captures, has_token, matches
from codezest.grading.rules.rule import RuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tree_sitter import Node, Tree

    from codezest.grading.rules.syntax import Syntax

RECURSION = "recursion"
_LONGEST_TEXT = 4096
"""Bytes of a node that is compared with an argument."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|//.*|/\*.*?\*/""")
_SCHEME = re.compile(r"^node:")


def construct_names(syntax: Syntax) -> list[str]:
    """Every construct of a language, as an author writes it; those with a colon take an argument."""
    families = [*syntax.families, *(["name"] if syntax.names else []), "literal", "operator"]
    recursion = [RECURSION] if syntax.functions else []
    return sorted({*syntax.constructs, *recursion}) + [f"{family}:…" for family in sorted(families)]


def validate_construct(syntax: Syntax, construct: str) -> None:
    """Raises RuleError, with the names that there are."""
    family, colon, argument = construct.partition(":")
    if not colon and (construct in syntax.constructs or (construct == RECURSION and syntax.functions)):
        return
    known = construct_names(syntax)
    if not colon or f"{family}:…" not in known:
        near = difflib.get_close_matches(construct, known, n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise RuleError(f"there is no construct {construct!r} here.{meant} There are: {', '.join(known)}.")
    if not argument.strip():
        raise RuleError(f"{construct!r} lacks what follows the colon")
    if family == "operator" and argument.isascii() and not argument.replace(" ", "").isalpha():
        _known_operator(syntax, argument)


def _known_operator(syntax: Syntax, operator: str) -> None:
    if not syntax.loose_operators and not has_token(syntax, operator):
        raise RuleError(f"the language has no operator {operator!r}")


def find_construct(syntax: Syntax, construct: str, tree: Tree, *, suspicious: bool) -> list[Node]:
    """Where a tree contains a construct other than recursion, in order.

    Args:
        syntax: of the language.
        construct: one that `validate_construct` accepts.
        tree: what was parsed.
        suspicious: whether keywords count as well where the grammar sees no structure, in errors and in macros.
    """
    family, colon, argument = construct.partition(":")
    if not colon:
        found = [match["it"][0] for match in matches(syntax, syntax.constructs[construct], tree)]
        words = syntax.words.get(construct, ())
    else:
        found = list(_in_family(syntax, family, argument.strip(), tree))
        words = (argument.strip(),) if family in {"call", "method", "name"} else ()
    if suspicious and words:
        found += _given_away(syntax, words, tree)
    distinct = {(node.start_byte, node.end_byte): node for node in found}
    ordered = [distinct[span] for span in sorted(distinct, key=lambda span: (span[0], -span[1]))]
    return _outermost(ordered) if family == "import" else ordered


def _in_family(syntax: Syntax, family: str, argument: str, tree: Tree) -> Iterator[Node]:
    if family == "operator":
        yield from _operators(syntax, argument, tree)
    elif family == "literal":
        wanted = _unquoted(argument)
        for match in matches(syntax, _any(syntax.literals), tree):
            text = _text(match["it"][0])
            if text is not None and (text == argument or _unquoted(text) == wanted):
                yield match["it"][0]
    elif family == "name":
        yield from _named(syntax, _any(syntax.names, " @name"), tree, lambda name: name == argument)
    elif family == "import":
        yield from _named(syntax, syntax.families[family], tree, _is_module(syntax, argument))
    else:
        wanted = "".join(argument.split())
        folded = wanted.casefold() if syntax.folds_case else wanted
        yield from _named(
            syntax,
            syntax.families[family],
            tree,
            lambda name: (name.casefold() if syntax.folds_case else name) in {folded, f"this.{folded}"},
        )


def _is_module(syntax: Syntax, argument: str) -> Callable[[str], bool]:
    wanted = _SCHEME.sub("", argument)

    def fits(name: str) -> bool:
        module = _SCHEME.sub("", name.strip("\"'`<>"))
        return module == wanted or module.startswith(wanted + syntax.separator)

    return fits


def _named(syntax: Syntax, query: str, tree: Tree, fits: Callable[[str], bool]) -> Iterator[Node]:
    for match in matches(syntax, query, tree):
        scope = _joined(match, "scope")
        names = match.get("name", ())
        for node in names:
            text = _text(node)
            if text is None:
                continue
            name = "".join(text.split())
            separator = "." if "::" not in syntax.separator else syntax.separator
            if fits(name if scope is None else f"{scope}{separator}{name}"):
                yield match["it"][0]


def _joined(match: Captures, capture: str) -> str | None:
    text = _text(match[capture][0]) if match.get(capture) else None
    return None if text is None else "".join(text.split())


def _operators(syntax: Syntax, operator: str, tree: Tree) -> Iterator[Node]:
    wanted = " ".join(operator.split())
    for match in matches(syntax, _any(syntax.operators), tree):
        for index, child in enumerate(match["it"][0].children):
            if child.type == wanted and not child.is_named:
                yield child
            elif match["it"][0].field_name_for_child(index) in {"operator", "operators"}:
                text = " ".join((_text(child) or "").split())
                if text == wanted or (syntax.folds_case and text.casefold() == wanted.casefold()):
                    yield child


def _given_away(syntax: Syntax, words: Sequence[str], tree: Tree) -> Iterator[Node]:
    tokens = [word for word in words if has_token(syntax, word)]
    for kind in syntax.unparsed:
        if tokens:
            alternatives = " ".join(f'"{word}"' for word in tokens)
            query = f"({kind} [{alternatives}] @it)"
            yield from (match["it"][0] for match in matches(syntax, query, tree))
    if syntax.raw is not None:
        for match in matches(syntax, f"({syntax.raw}) @it", tree):
            text = _QUOTED.sub(" ", (match["it"][0].text or b"").decode("utf-8", "replace"))
            if set(words) & set(_WORD.findall(text)):
                yield match["it"][0]


def _outermost(nodes: list[Node]) -> list[Node]:
    """Without those that lie inside another: `std::collections` in `std::collections::HashMap` is one import."""
    kept: list[Node] = []
    for node in nodes:
        if not kept or node.start_byte >= kept[-1].end_byte:
            kept.append(node)
    return kept


def _any(types: Sequence[str], capture: str = "") -> str:
    return f"[{' '.join(f'({kind})' for kind in types)}] @it{capture}"


def _text(node: Node) -> str | None:
    if node.end_byte - node.start_byte > _LONGEST_TEXT:
        return None
    return (node.text or b"").decode("utf-8", "replace")


def _unquoted(text: str) -> str:
    return re.sub(r"""^[A-Za-z]{0,2}(?=["'`])""", "", text).strip("\"'`")
