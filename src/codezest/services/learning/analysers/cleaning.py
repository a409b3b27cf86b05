"""What a model wrote, made fit to be shown: plain text of a bounded length, without links. Pure.

A program may talk a model into anything. So nothing a model says is believed to be more than a text: it is never markup, never
a link, never a grade.
"""

import re
import unicodedata

LONGEST_NOTE = 300
LONGEST_FEEDBACK = 2_000
_LINKED = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[A-Za-z!][^<>\n]{0,500}>")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:(?://|\\\\)|\bwww\.|\b(?:mailto|tel|javascript|data):)\S*", re.IGNORECASE
)
_DOMAIN = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|info|biz|app|dev|xyz|online|site|shop|top|club|link|ru|cn|de|uk|us|eu|co|me|ly)\b"
    r"(?:[:/?#]\S*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\S+@\S+\.\S+")
_BLANKS = re.compile(r"[^\S\n]+")


def cleaned(text: str, *, longest: int = LONGEST_NOTE) -> str:
    """The text without tags, links, addresses and control characters, at most so many characters long."""
    # A character that shows nothing can hide an address from the patterns, or turn a line around.
    shown = "".join(
        " " if character == "\t" else character
        for character in unicodedata.normalize("NFKC", text[: longest * 20])
        if character in "\n\t" or unicodedata.category(character)[0] != "C"
    )
    before = None
    while before != shown:  # what one pattern takes out may put another together
        before = shown
        for pattern, instead in ((_LINKED, r"\1"), (_TAG, " "), (_ADDRESS, " "), (_MAIL, " "), (_DOMAIN, " ")):
            shown = pattern.sub(instead, shown)
    shown = "\n".join(_BLANKS.sub(" ", line).strip() for line in shown.split("\n")).strip()
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def cleaned_notes(texts: list[str], *, most: int) -> list[str]:
    """Each as one line, without those of which nothing is left."""
    lines = [cleaned(text.replace("\n", " ")) for text in texts[: most * 2]]
    return [line for line in dict.fromkeys(lines) if line][:most]
