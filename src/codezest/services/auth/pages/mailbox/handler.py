"""The development mailbox: the letters that would have left. Not there where mail really leaves."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import NotFound

router = APIRouter()

LINK = re.compile(r"(https?://\S+)")


@router.get("/mailbox")
async def show_mailbox(context: Context) -> Response:
    """The newest letters, their links clickable."""
    mailbox = context.resources.mailbox
    if mailbox is None:
        raise NotFound
    letters = [(letter, _paragraphs(letter.text)) for letter in mailbox.letters()]
    return context.page("auth/pages/mailbox/template.html", letters=letters)


def _paragraphs(text: str) -> list[list[tuple[str, bool]]]:
    """Each paragraph as pieces of text and whether each is a link."""
    paragraphs = text.replace("\r\n", "\n").strip().split("\n\n")
    return [[(piece, bool(LINK.fullmatch(piece))) for piece in LINK.split(part) if piece] for part in paragraphs]
