"""Reads one program with every tool there is for its language; a process of its own, which `apart` starts.

The program is never run. The process gets it on its standard input and answers on its standard output; it has a bare
environment and limits, which the tools that it starts inherit. When it dies, or says nothing in time, there is no analysis.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from codezest.kit.syntax_trees import walk
from codezest.services.learning.analysers.analyser import Evidence
from codezest.services.learning.analysers.measured import Measured
from codezest.services.learning.analysers.metrics import SUFFIXES, measure_functions, measure_lines
from codezest.services.learning.analysers.ruff_rules import lint
from codezest.services.learning.analysers.rules import SYNTAX_ERROR
from codezest.services.learning.analysers.shapes import SHAPES
from codezest.services.learning.analysers.tree_rules import look_at_language
from codezest.services.learning.analysers.tree_walk import collect_names, look_at_everything
from codezest.services.learning.analysers.trees import TooDeep, tree_of

if TYPE_CHECKING:
    from tree_sitter import Tree

MOST_FINDINGS = 200
CPU_SECONDS = 5
ADDRESS_SPACE = 512 << 20


class Unreadable(Exception):
    """A program that the tools cannot look at within bounds; the message is a key."""


def read_program(language: str, files: Mapping[str, str], *, ruff: str) -> Measured:
    """All that is found. Where a file has syntax errors, those alone.

    Raises Unreadable.
    """
    found = Measured()
    for path, text in files.items():
        if not path.endswith(SUFFIXES[language]) or not text.strip():
            continue
        try:
            whole = text.encode("utf-8", "replace").decode()  # without halves of characters
            wrong = _read(found, language, path, whole, ruff=ruff)
        except TooDeep:
            raise Unreadable("too-complex") from None
        except (OSError, ValueError, subprocess.SubprocessError):
            raise Unreadable("tool-failed") from None
        if wrong:
            return Measured(findings=[Evidence(file=path, line=line, rule=SYNTAX_ERROR) for line in wrong[:10]])
    unique = {(one.file, one.line, one.rule, one.name): one for one in found.findings}
    found.findings = sorted(unique.values(), key=lambda one: (one.file, one.line, one.rule or ""))[:MOST_FINDINGS]
    return found


def _read(found: Measured, language: str, path: str, text: str, *, ruff: str) -> list[int]:
    """Add what one file holds; returns the lines of its syntax errors."""
    shapes, tree = SHAPES[language], tree_of(language, text)
    wrong = lint(found, path, text, ruff=ruff) if language == "python" else _errors(tree)
    if wrong:
        return wrong
    measure_functions(found, language, path, text)
    measure_lines(found, language, path, text)
    names = collect_names(tree, shapes)
    look_at_language(found, tree, shapes, language=language, path=path, names=names)
    look_at_everything(found, tree, shapes, path=path, names=names)
    return []


def _errors(tree: Tree) -> list[int]:
    if not tree.root_node.has_error:
        return []
    lines = {node.start_point[0] + 1 for node, _ in walk(tree) if node.is_error or node.is_missing}
    return sorted(lines)


def _answer() -> None:
    """What the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from ruff import find_ruff_bin

    request = json.load(sys.stdin)
    try:
        found = read_program(request["language"], request["files"], ruff=find_ruff_bin())
    except Unreadable as reason:
        json.dump({"unreadable": str(reason)}, sys.stdout)
        return
    answer = {
        "findings": [one.stored() for one in found.findings],
        "measures": dict(found.measures),
        "builtins": dict(found.builtins),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _answer()
