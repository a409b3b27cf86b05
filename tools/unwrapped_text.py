"""Finds words in templates and pages that readers see and gettext does not."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

SAID_IN = frozenset({"alt", "aria-description", "aria-label", "data-announcement", "placeholder", "title"})
"""Attributes that are read to people."""
NOT_PROSE = frozenset({"code", "kbd", "pre", "script", "style"})
WITHOUT_END = frozenset(
    ["br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "rect", "source", "track", "use"]
)
NAMES = frozenset({"CodeZest", "Enter", "Esc", "Tab", "GitHub", "LinkedIn", "Twitter"})
"""Not translated: brands and keys."""
WORDS_FOR_MACHINES = frozenset(
    {"admin", "auth", "dashboard", "desk", "home", "lesson", "noindex", "quiz", "studio", "yes"}
)
"""What a template sets in a block of its layout that stands in an attribute."""
GETTEXT = frozenset({"_", "gettext", "ngettext", "pgettext", "plural_forms"})
FOR_MACHINES = re.compile(r"""[\w-]+=("[^"]*"|'[^']*')|\bdata-[\w-]+|(?<!\w)/[\w/-]+""")
"""Attributes and addresses, which a block of a layout may hold."""
CODE_BLOCK = re.compile(r"\{%-?\s*set (?:sample|problem)\s*-?%\}.*?\{%-?\s*endset\s*-?%\}", re.DOTALL)
"""Programs and requests that are shown."""
WORD = re.compile(r"[^\W\d_]{2,}")
PHRASE = re.compile(r"[A-Z][a-z]+ [a-z]+|[a-z]{2,} [a-z]{2,} [a-z]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]* [\w',]+ .*[.?:]$")


class _Words(HTMLParser):
    """Lines and words of a template of which only the markup is left."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WITHOUT_END:
            self._open.append(tag)
        for name, value in attrs:
            if name in SAID_IN and value:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not NOT_PROSE & set(self._open):
            self._note(FOR_MACHINES.sub(" ", data))

    def _note(self, text: str) -> None:
        words = [word for word in WORD.findall(text) if word not in NAMES]
        if not WORDS_FOR_MACHINES.issuperset(words):
            self.found.append((self.getpos()[0], " ".join(text.split())))


def in_template(source: str) -> Iterator[tuple[int, str]]:
    """Line and words: text and attributes outside of expressions, and phrases in expressions that no call translates."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    parser = _Words()
    parser.feed(_markup(environment, source))
    parser.close()
    yield from parser.found
    tree = environment.parse(source)
    translated = {
        id(part)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for part in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in translated and PHRASE.search(constant.value):
            yield constant.lineno, constant.value


def _markup(environment: Environment, source: str) -> str:
    """The template with a space in place of each expression, statement and comment; lines stay where they are."""
    parts: list[str] = []
    shown = CODE_BLOCK.sub(lambda block: "\n" * block[0].count("\n"), source)
    for _line, kind, text in environment.lex(shown):
        parts.append(text if kind == "data" else " " * kind.endswith("_begin") + "\n" * text.count("\n"))
    return "".join(parts)


def in_page(source: str) -> Iterator[tuple[int, str]]:
    """Line and words: sentences in the Python of a page that no call translates."""
    tree = ast.parse(source)
    passed_over = {id(part) for node in ast.walk(tree) for part in _parts_passed_over(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in passed_over)
    for node in texts:
        if isinstance(node.value, str) and SENTENCE.match(node.value):
            yield node.lineno, node.value


def _parts_passed_over(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and what is translated."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
        yield from ast.walk(node)


def unwrapped(package: Path) -> Iterator[str]:
    """`file:line: words` for all templates and pages of the package but the gallery's."""
    for path in sorted([*package.rglob("*.html"), *package.glob("services/*/pages/**/*.py")]):
        if "gallery" not in path.parts:
            find = in_template if path.suffix == ".html" else in_page
            for line, words in find(path.read_text(encoding="utf-8")):
                yield f"{path.relative_to(package)}:{line}: not translated: {words!r}"
