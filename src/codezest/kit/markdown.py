"""Markdown as safe HTML: CommonMark with tables, highlighted code, then a sanitiser that has the last word."""

import itertools
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TAGS = frozenset(
    [
        "a",
        "abbr",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "samp",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "var",
    ]
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "pre": {"class", "tabindex"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
}
BRIEF_TAGS = frozenset(["a", "blockquote", "br", "code", "em", "li", "ol", "p", "s", "strong", "ul"])
SCHEMES = frozenset({"http", "https", "mailto"})
CACHED_DOCUMENTS = 512
KEPT_PROGRAMS = 128
KEPT_PROGRAM_LENGTH = 4_000

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=False)


def highlight(code: str, language: str) -> str:
    """The program as HTML spans with Pygments' classes; an unknown language is merely escaped."""
    return _highlight_kept(code, language) if len(code) <= KEPT_PROGRAM_LENGTH else _highlight(code, language)


def _highlight(code: str, language: str) -> str:
    return str(pygments_highlight(code, _lexer(language), _FORMATTER))


_highlight_kept = lru_cache(maxsize=KEPT_PROGRAMS)(_highlight)
"""A learner looks at the program handed in last again and again. The bounds hold this at some megabytes."""


def _fence(_self: object, tokens: Sequence[Token], index: int, _options: Any, _environment: Any) -> str:
    token = tokens[index]
    language = (token.info.split() or ["text"])[0]
    # Focusable, so that a keyboard can scroll a long line.
    return f'<pre class="code" tabindex="0"><code class="language-{nh3.clean_text(language)}">{highlight(token.content, language)}</code></pre>\n'


def _lower_headings(tokens: Sequence[Token]) -> None:
    """The page owns h1: a document's own top heading becomes h2."""
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if levels and min(levels) == 1:
        for token in tokens:
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


@lru_cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
        ["table", "strikethrough", "smartquotes"]
    )
    parser.use(anchors_plugin, min_level=1, max_level=4)
    parser.add_render_rule("fence", _fence)
    return parser


@lru_cache(maxsize=CACHED_DOCUMENTS)
def render(source: str) -> str:
    """The document as HTML that may stand in a page as it is; kept, because lessons are read far more than written."""
    parser = _parser()
    environment: dict[str, Any] = {}
    tokens = parser.parse(source, environment)
    _lower_headings(tokens)
    html = str(parser.renderer.render(tokens, parser.options, environment))
    return nh3.clean(
        html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="noopener noreferrer"
    )


@lru_cache(maxsize=CACHED_DOCUMENTS)
def render_brief(source: str) -> str:
    """A short text of somebody who is not an author here: paragraphs, lists, emphasis, links, and nothing else."""
    return nh3.clean(render(source), tags=set(BRIEF_TAGS), attributes={"a": {"href"}}, link_rel="nofollow noopener")


@lru_cache(maxsize=CACHED_DOCUMENTS)
def headings(source: str) -> Sequence[Mapping[str, str]]:
    """The document's own sections, for a table of contents: `id` and `title` of each. Kept as `render` keeps its HTML."""
    tokens = _parser().parse(source, {})
    found: list[Mapping[str, str]] = []
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if not levels:
        return found
    top = min(levels)
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open" and int(opening.tag[1]) == top:
            found.append({"id": str(opening.attrGet("id") or ""), "title": inline.content})
    return found
