"""Finds what the interface says: in Python, in templates, and in the titles of errors."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from jinja2.ext import babel_extract

PACKAGE = "src/codezest"
NOT_SHOWN = ("web/gallery/", "web/templates/gallery/", "cli/")
"""The gallery is for screenshots; commands speak English."""
KEYWORDS = DEFAULT_KEYWORDS | {"plural_forms": (1, 2), "said": None}
COMMENT = "Translators:"
TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}


def read_sources(root: Path) -> Catalog:
    """Every message of the sources below `root`, with the files that say it."""
    catalog = Catalog(fuzzy=False)
    catalog.header_comment = "# What the interface of CodeZest says. Made by tools/translations.py extract."
    package = root / PACKAGE
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html")]):
        name = path.relative_to(package).as_posix()
        if name.startswith(NOT_SHOWN):
            continue
        content = path.read_bytes()
        method = _template if path.suffix == ".html" else _python
        options = TEMPLATE_OPTIONS if path.suffix == ".html" else None
        found = extract(method, BytesIO(content), KEYWORDS, [COMMENT], options, strip_comment_tags=True)
        for line, message, comments, context in found:
            catalog.add(message, None, [(f"{PACKAGE}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def _template(file: Any, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    yield from babel_extract(file, keywords, tags, options)


def _python(file: Any, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Calls, and what classes of errors call themselves: codezest.kit.errors translates that where it is answered."""
    content = file.read()
    if b"gettext" in content:
        yield from extract_python(BytesIO(content), keywords, tags, options)
    if b"title = " in content and b"code = " in content:
        for line, text in _error_words(ast.parse(content)):
            yield line, None, text, []


def _error_words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        values = dict(pair for statement in kind.body for pair in _assigned(statement))
        if "code" not in values:
            continue
        for name in ("title", "default_detail"):
            value = values.get(name)
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, value.value


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case _:
            return
