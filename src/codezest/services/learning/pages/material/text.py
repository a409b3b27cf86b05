"""A lesson's text as its page shows it: headings that can be linked to, pictures that keep their place, and how long it takes to read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path

from anyio import to_thread
from markupsafe import Markup

from codezest.kit.markdown import CACHED_DOCUMENTS
from codezest.services.learning.pages.media.sizes import size_of_media
from codezest.services.learning.pages.prose import render

WORDS_PER_MINUTE = 200
MIN_SECTIONS = 3
"""A shorter article needs no list of its sections."""
NEAR_THE_TOP, NEAR_THE_END = 0.06, 0.95
"""Nobody needs to be led back to the beginning, or to the end."""

_HEADING = re.compile(r'<h([2-4]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_PICTURE = re.compile(r'<img src="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Section:
    """One of the text's own headings; `start` is how far down it stands, 0 to 1, by the length of what precedes it."""

    id: str
    title: str
    start: float


@dataclass(frozen=True, slots=True)
class LessonText:
    """What is inserted into the page, and what is known of it."""

    html: Markup
    sections: Sequence[Section]
    minutes: int


async def lesson_text(source: str, content: Path) -> LessonText:
    """Render a lesson; `content` is the folder whose pictures it may show."""
    html = render(source)
    if "<img" not in html:
        return _prepared(source, html)
    return _prepared(source, await to_thread.run_sync(_with_sizes, html, content))


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _prepared(source: str, html: str) -> LessonText:
    sections = _sections(html)
    return LessonText(
        html=Markup(_HEADING.sub(_linked, html)),  # noqa: S704 - the renderer ends with a sanitiser
        sections=sections if len(sections) >= MIN_SECTIONS else [],
        minutes=max(1, round(len(source.split()) / WORDS_PER_MINUTE)),
    )


def place_left(sections: Sequence[Section], position: float | None) -> tuple[str, str] | None:
    """Title and id of the section that was being read; None where there is nowhere to lead back to. An id may be empty."""
    if position is None or not NEAR_THE_TOP < position < NEAR_THE_END:
        return None
    before = [section for section in sections if section.start <= position]
    return (before[-1].title, before[-1].id) if before else ("", "")


def _sections(html: str) -> list[Section]:
    found = list(_HEADING.finditer(html))
    top = min((match[1] for match in found), default="")
    return [Section(match[2], _plain(match[3]), match.start() / len(html)) for match in found if match[1] == top]


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def _linked(match: re.Match[str]) -> str:
    level, name, inner = match[1], match[2], match[3]
    # A link within a link is none.
    link = inner if "<a " in inner else f'<a class="heading-link" href="#{name}">{inner}</a>'
    return f'<h{level} id="{name}">{link}</h{level}>'


def _with_sizes(html: str, content: Path) -> str:
    def sized(match: re.Match[str]) -> str:
        size = size_of_media(content, unescape(match[1]))
        room = f' width="{size[0]}" height="{size[1]}"' if size else ""
        return f'<img loading="lazy" decoding="async"{room} src="{match[1]}"'

    return _PICTURE.sub(sized, html)
