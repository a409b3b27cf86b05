"""Mutants: programs that differ from a right one in one small place, and that good tests tell from it."""

from __future__ import annotations

import difflib
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codezest.grading.mutation.edits import Edit, edits
from codezest.grading.mutation.tables import TABLES
from codezest.grading.rules.grammar import parse
from codezest.grading.rules.tables import syntax_of
from codezest.kit.syntax_trees import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Tree

    from codezest.grading.rules.syntax import Syntax


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A program with one change."""

    file: str
    line: int
    """From 1, in the file as it was."""
    operator: str
    """The kind of change, in words."""
    before: str
    """The file as it was."""
    after: str
    sources: Mapping[str, str] = field(repr=False)
    """The whole submission with the change."""

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), self.file, self.file, n=1, lineterm=""
        )
        return "\n".join(lines)


def mutants(language: str, sources: Mapping[str, str], *, most: int, seed: int) -> list[Mutant]:
    """Mutants of a program of an author, in the order of the text; the same for the same arguments.

    What no longer parses, and what differs from another mutant or the original in white space and comments alone, is
    left out. When there are more than `most`, every kind of change is kept about as often as any other.

    Args:
        language: key of a language.
        sources: relative path → text.
        most: how many at most.
        seed: decides which are kept when there are more.

    Raises:
        RuleError: the language has no table.
        TooComplex: a text is too large or nested too deeply.
    """
    syntax = syntax_of(language)
    found: list[tuple[str, Edit]] = []
    changed: dict[tuple[str, Edit], str] = {}
    for file, text in sources.items():
        if syntax.suffixes is not None and len(sources) > 1 and not file.endswith(tuple(syntax.suffixes)):
            continue
        for edit, after in _different(language, syntax, text):
            found.append((file, edit))
            changed[file, edit] = after
    chosen = set(_sample([edit.operator for _, edit in found], most, seed))
    return [
        Mutant(
            file=file,
            line=sources[file].encode()[: edit.start].count(b"\n") + 1,
            operator=edit.operator,
            before=sources[file],
            after=changed[file, edit],
            sources={**sources, file: changed[file, edit]},
        )
        for index, (file, edit) in enumerate(found)
        if index in chosen
    ]


def _different(language: str, syntax: Syntax, text: str) -> list[tuple[Edit, str]]:
    """The changes that make a difference, by place."""
    content = text.encode()
    tree = parse(syntax, content)
    was_right = not tree.root_node.has_error
    seen = {_tokens(tree)}
    kept: list[tuple[Edit, str]] = []
    for edit in sorted(set(edits(syntax, TABLES[language], tree)), key=lambda edit: (edit.start, edit.end, edit.text)):
        after = content[: edit.start] + edit.text.encode() + content[edit.end :]
        changed = parse(syntax, after)
        tokens = _tokens(changed)
        if tokens not in seen and not (was_right and changed.root_node.has_error):
            seen.add(tokens)
            kept.append((edit, after.decode("utf-8", "replace")))
    return kept


def _tokens(tree: Tree) -> tuple[tuple[str, bytes], ...]:
    """A program without its white space and comments."""
    return tuple(
        (node.type, node.text or b"") for node, _ in walk(tree) if node.child_count == 0 and "comment" not in node.type
    )


def _sample(operators: list[str], most: int, seed: int) -> list[int]:
    """Positions: one of each kind in turn, until there are enough."""
    if len(operators) <= most:
        return list(range(len(operators)))
    chance = random.Random(seed)  # noqa: S311 - which mutants are tried is no secret
    kinds: dict[str, list[int]] = {}
    for index, operator in enumerate(operators):
        kinds.setdefault(operator, []).append(index)
    for positions in kinds.values():
        chance.shuffle(positions)
    chosen: list[int] = []
    while len(chosen) < most:
        for kind in sorted(kinds):
            if kinds[kind] and len(chosen) < most:
                chosen.append(kinds[kind].pop())
    return chosen
