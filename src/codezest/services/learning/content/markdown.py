"""The Markdown that learners read: which links it may have, and which programs in it can be proven."""

import itertools
import re
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from codezest.services.learning.content.example import Example
from codezest.services.learning.content.problems import Problems

MEDIA = "media/"
OUTWARD = re.compile(r"(https://|mailto:|#)")
MEDIA_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What the page that serves media accepts."""
MEDIA_NAME_RULE = "use letters, digits, dots, hyphens and underscores, and no folder"
OUTPUT = "output"
"""The info word of a fence that shows what the program in the fence before it prints."""

_parser = MarkdownIt("commonmark").enable("table")


def media_links(text: str, language: str) -> str:
    """The text with ``media/x`` in links and images turned into the address the file is served at."""
    return re.sub(rf"(\]\(<?){MEDIA}", rf"\g<1>/media/{language}/", text)


def examine(text: str, path: Path, *, first_line: int, media: Path, problems: Problems) -> None:
    """Note what would not show properly: raw HTML, a title that repeats, links that lead nowhere."""
    for token in _parser.parse(text):
        line = first_line + token.map[0] if token.map else first_line
        if token.type == "html_block":
            problems.advise(path, line, "raw HTML is not shown to learners: write it in Markdown")
        elif token.type == "heading_open" and token.tag == "h1":
            problems.advise(path, line, "the title is shown above the text already: begin headings with ##")
        for child in token.children or []:
            _examine_inline(child, path, line, media=media, problems=problems)


def _examine_inline(token: Token, path: Path, line: int, *, media: Path, problems: Problems) -> None:
    if token.type == "html_inline":
        problems.advise(
            path, line, "raw HTML is not shown to learners: write it in Markdown, or in backticks if it is code"
        )
    target = str(token.attrGet("href") or token.attrGet("src") or "")
    if token.type not in {"link_open", "image"} or OUTWARD.match(target):
        return
    if not target.startswith(MEDIA):
        message = (
            f"the link to {target!r} leads nowhere: use https://…, #heading or {MEDIA}file, or name the lesson in words"
        )
        problems.advise(path, line, message)
    elif not MEDIA_NAME.fullmatch(target.removeprefix(MEDIA)):
        problems.advise(path, line, f"{target!r} is no name for a file of media/: {MEDIA_NAME_RULE}")
    elif not (media / target.removeprefix(MEDIA)).is_file():
        problems.advise(
            path, line, f"{target!r} does not exist: add it to {media.name}/ of the language, or repair the name"
        )
    elif token.type == "image" and not token.content.strip():
        problems.advise(path, line, f"the image {target!r} has no description: write one between the brackets, ![…](…)")


def examples(text: str, path: Path, *, first_line: int, runtime: str) -> tuple[Example, ...]:
    """Every fence in the language's name that is followed by an ``output`` fence."""
    tokens = _parser.parse(text)
    found: list[Example] = []
    for before, after in itertools.pairwise(tokens):
        if before.type == after.type == "fence" and before.info.strip() == runtime and after.info.strip() == OUTPUT:
            line = first_line + (before.map[0] if before.map else 0)
            found.append(Example(path=path, line=line, code=before.content, stdin="", expected=after.content))
    return tuple(found)
