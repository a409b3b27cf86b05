"""Markdown as safe HTML: CommonMark with tables, highlighted code, then a sanitiser that has the last word."""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors.index import slugify
from pygments import format as pygments_format
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
HIGHLIGHT_SECONDS = 1.0
"""Of the processor, for all programs of a document: some lexers take time that is quadratic in what they are given."""
LOWEST_NAMED = 4
"""Headings down to this level have an id."""
_PLAIN = "text"

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name(_PLAIN, stripnl=False)


class _TooSlow(Exception):
    pass


def highlight(code: str, language: str, *, until: float | None = None) -> str:
    """The program as HTML spans with Pygments' classes; an unknown language is merely escaped, as is what takes too long.

    `until` is a moment of `time.thread_time`.
    """
    end = time.thread_time() + HIGHLIGHT_SECONDS if until is None else until
    if time.thread_time() > end:
        return _highlight(code, _PLAIN, float("inf"))
    try:
        found = _kept(code, language) if len(code) <= KEPT_PROGRAM_LENGTH else None
        return _highlight(code, language, end) if found is None else found
    except _TooSlow:
        return _highlight(code, _PLAIN, float("inf"))


def _highlight(code: str, language: str, end: float) -> str:
    return str(pygments_format(_tokens(code, _lexer(language), end), _FORMATTER))


def _tokens(code: str, lexer: Lexer, end: float) -> Iterator[Any]:
    for token in lexer.get_tokens(code):
        if time.thread_time() > end:
            raise _TooSlow
        yield token


@lru_cache(maxsize=KEPT_PROGRAMS)
def _kept(code: str, language: str) -> str:
    """A learner looks at the program handed in last again and again. The bounds hold this at some megabytes."""
    return _highlight(code, language, time.thread_time() + HIGHLIGHT_SECONDS)


def _fence(_self: object, tokens: Sequence[Token], index: int, _options: Any, environment: Any) -> str:
    token = tokens[index]
    language = (token.info.split() or [_PLAIN])[0]
    until = environment.setdefault("until", time.thread_time() + HIGHLIGHT_SECONDS)
    shown = highlight(token.content, language, until=until)
    # Focusable, so that a keyboard can scroll a long line.
    return f'<pre class="code" tabindex="0"><code class="language-{nh3.clean_text(language)}">{shown}</code></pre>\n'


def _name_headings(state: StateCore) -> None:
    """Give each heading an id made of its words; what repeats is numbered, each number tried once."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for opening, inline in itertools.pairwise(state.tokens):
        if opening.type != "heading_open" or int(opening.tag[1]) > LOWEST_NAMED:
            continue
        words = slugify("".join(one.content for one in inline.children or () if one.type in {"text", "code_inline"}))
        number = numbers.get(words, 0)
        while (name := f"{words}-{number}" if number else words) in taken:
            number += 1
        numbers[words] = number + 1
        taken.add(name)
        opening.attrSet("id", name)


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
    parser.core.ruler.push("name_headings", _name_headings)
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
