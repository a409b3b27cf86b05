"""Splitting a learner's source into tokens: enough to find one function and to read its signature.

It takes time proportional to the source, whatever that holds: what is never closed reaches to the end. Whether the source is right is for the compiler to say.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from codezest.grading.display import one_line

Dialect = Literal["c", "java", "rust"]

_CLOSERS = {")": "(", "]": "[", "}": "{"}
_COMMON = r"[^\W\d][\w$]*|\d[\w.]*|::|->|=>|\.\.\.|\S"
_DIALECTS: dict[Dialect, re.Pattern[str]] = {
    "c": re.compile(
        r"(?P<skipped>//(?:\\\n|[^\n])*|/\*[\s\S]*?(?:\*/|\Z)|^[ \t]*\#(?:\\\n|[^\n])*)"
        r'|(?P<text>"(?:\\[\s\S]|[^"\\\n])*"?|' + r"'(?:\\[\s\S]|[^'\\\n])*'?)"
        rf"|(?P<other>{_COMMON})",
        re.MULTILINE,
    ),
    "java": re.compile(
        r"(?P<skipped>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))"
        r'|(?P<text>"""(?:\\[\s\S]|[^\\])*?(?:"""|\Z)|"(?:\\[\s\S]|[^"\\\n])*"?|' + r"'(?:\\[\s\S]|[^'\\\n])*'?)"
        rf"|(?P<other>{_COMMON})"
    ),
    "rust": re.compile(
        r"(?P<skipped>//[^\n]*|/\*)"
        r'|(?P<text>\b[bc]?r(?P<hashes>\#*)"[\s\S]*?(?:"(?P=hashes)|\Z)|"(?:\\[\s\S]|[^"\\])*"?'
        r"|'(?:\\u\{\w{1,9}\}|\\x\w\w|\\.|[^\\'\n])')"
        rf"|(?P<other>'\w+|{_COMMON})"
    ),
}
_MOST_QUOTED = 100
_NESTED_COMMENT = re.compile(r"/\*|\*/")


class Token(NamedTuple):
    """One token. Texts and characters are tokens that begin with a quotation mark; comments are none."""

    text: str
    start: int
    """Offset in the source."""
    depth: int
    """How many braces are open where it stands; an opening brace stands outside of itself, a closing one too."""

    span: int = 0
    """Of an opening bracket: how many tokens later it is closed."""


def tokenise(source: str, dialect: Dialect) -> list[Token] | None:
    """None when brackets do not match: such a source does not compile."""
    tokens: list[Token] = []
    opened: list[int] = []
    braces = 0
    for text, start in _scan(source, _DIALECTS[dialect]):
        if text in _CLOSERS:
            if not opened or tokens[opened[-1]].text != _CLOSERS[text]:
                return None
            opening = opened.pop()
            tokens[opening] = Token(*tokens[opening][:3], len(tokens) - opening)
            braces -= text == "}"
        tokens.append(Token(text, start, braces))
        if text in _CLOSERS.values():
            opened.append(len(tokens) - 1)
            braces += text == "{"
    return None if opened else tokens


def _scan(source: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    at = 0
    while found := pattern.search(source, at):
        at = found.end()
        if found["skipped"] is None:
            yield found[0], found.start()
        elif found[0] == "/*":
            at = _end_of_comment(source, at)


def _end_of_comment(source: str, at: int) -> int:
    """Of one that may hold others, as Rust's do."""
    depth = 1
    for mark in _NESTED_COMMENT.finditer(source, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(source)


def closing(tokens: Sequence[Token], opening: int) -> int:
    """Index of the bracket that closes the one at index `opening`."""
    return opening + tokens[opening].span


def split_at_commas(tokens: Sequence[Token]) -> list[list[Token]]:
    """Parts between the commas that stand in no bracket, angle brackets included. No tokens have no parts."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.text in {"(", "[", "{", "<"}
        depth -= token.text in {")", "]", "}", ">"}
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if not parts[-1]:
        parts.pop()  # nothing, or a comma at the end
    return parts


def spelled(tokens: Sequence[Token]) -> str:
    """As the learner might have written it, if it is short."""
    text = " ".join(token.text for token in tokens[:_MOST_QUOTED])
    text = re.sub(r" ?(::|\.|<|\[|\(|!) ?", r"\1", text)
    text = re.sub(r"(\*|&|'\w+(?=>)) ", r"\1", text)
    return one_line(re.sub(r" (>|\]|\)|,|;|:)", r"\1", text))
