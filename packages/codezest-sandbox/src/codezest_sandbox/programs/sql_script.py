"""SQL scripts taken apart into statements as psql does it, and made fit for PostgreSQL's single-user backend.

Only what decides where a statement ends is understood: quotes, comments, parentheses and bodies in BEGIN ATOMIC … END.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--[^\n\r]*)
  | (?P<block>/\*)
  | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z_0-9\x80-\U0010ffff]*)?\$)
  | (?P<escaped>[eE]')
  | (?P<quote>')
  | (?P<name>")
  | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z_0-9$\x80-\U0010ffff]*|[0-9][\w.$]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_ESCAPED_END = re.compile(r"(?:[^'\\]|\\.|'')*'", re.DOTALL)
_BREAK = ";\n\n"
"""Ends a statement for the backend, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script, without what surrounds it."""

    text: str
    """Without the semicolon that ends it."""
    start: int
    """Index in the script of its first character."""

    def line_of(self, script: str, position: int) -> int:
        """Line of the script, from 1, of a character of this statement, from 0."""
        return script.count("\n", 0, self.start + position) + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A token that matters to where statements end, or a quotation as a whole."""

    kind: str
    start: int
    end: int


def pieces(script: str) -> Iterator[Piece]:
    """The script without gaps. A quotation or comment that never ends reaches to the end of the script."""
    position = 0
    while position < len(script):
        found = _TOKEN.match(script, position)
        assert found is not None  # `other` takes any character
        kind = found.lastgroup or "other"
        end = found.end()
        if kind == "block":
            end = _end_of_block(script, end)
        elif kind == "dollar":
            closing = script.find(found[0], end)
            end = len(script) if closing < 0 else closing + len(found[0])
        elif kind == "escaped":
            rest = _ESCAPED_END.match(script, end)
            end = rest.end() if rest else len(script)
            kind = "quote"
        elif kind in {"quote", "name"}:
            closing = script.find(found[0], end)  # a doubled quote is two quotations side by side
            end = len(script) if closing < 0 else closing + 1
        yield Piece(kind, position, end)
        position = end


def _end_of_block(script: str, position: int) -> int:
    depth = 1
    while depth:
        edge = _BLOCK_EDGE.search(script, position)
        if edge is None:
            return len(script)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position


def split(script: str) -> list[Statement]:
    """Statements in order. What holds nothing but space and comments is none."""
    statements: list[Statement] = []
    start: int | None = None
    parentheses = bodies = 0
    words: list[str] = []
    for piece in pieces(script):
        if piece.kind in {"space", "comment", "block"}:
            continue
        text = script[piece.start : piece.end]
        if piece.kind == "other":
            parentheses = max(0, parentheses + (text == "(") - (text == ")"))
            if text == ";" and not parentheses and not bodies:
                if start is not None:
                    statements.append(Statement(script[start : piece.start], start))
                start, words = None, []
                continue
        elif piece.kind == "word":
            words.append(text.lower())
            bodies = max(0, bodies + _opened(words, bodies))
        start = piece.start if start is None else start
    if start is not None:
        statements.append(Statement(script[start:].rstrip(), start))
    return statements


def _opened(words: list[str], bodies: int) -> int:
    """What the last word adds to the depth of bodies: CREATE FUNCTION … BEGIN ATOMIC … END may hold semicolons."""
    if words[0] != "create" or not {"function", "procedure"} & set(words[1:4]):
        return 0
    if words[-1] == "begin" or (words[-1] == "case" and bodies):
        return 1
    return -1 if words[-1] == "end" and bodies else 0


def for_backend(statement: str) -> tuple[str, list[int]]:
    """The statement as the backend's `-j` mode takes it, up to the empty line that ends it, and what was added where.

    A semicolon before an empty line must not stand in it. In a quotation, the quotation is ended and begun again, which
    SQL joins; elsewhere one of the newlines becomes a carriage return, which is white space as well.

    Returns:
        the text, and for each character that was put in, its index there, in order.
    """
    if _BREAK not in statement:
        return f"{statement};{_BREAK[1:]}", []
    made: list[str] = []
    added: list[int] = []
    length = 0
    for piece in pieces(statement):
        text = statement[piece.start : piece.end]
        if piece.kind == "quote":
            for index, part in enumerate(text.split(_BREAK)):
                if index:
                    made.append(";\n'\n'\n")
                    added += range(length + 2, length + 5)
                    length += len(made[-1])
                made.append(part)
                length += len(part)
        else:
            made.append(text)
            length += len(text)
    whole = "".join(made)
    while _BREAK in whole:
        whole = whole.replace(_BREAK, ";\r\n")
    return f"{whole};{_BREAK[1:]}", added


def original_position(position: int, added: list[int]) -> int:
    """Index in the statement of a character of what `for_backend` made of it."""
    return position - sum(1 for index in added if index < position)
