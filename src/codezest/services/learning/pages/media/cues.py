"""What is said in a film and when, from its WebVTT captions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codezest.services.learning.pages.media.handler import media_file

PREFIX = "/media/"
CACHED_FILMS = 256
LARGEST_BYTES = 1 << 20

_TIMING = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d\.\d{3}) --> ")
_MARKUP = re.compile(r"<[^>]*>")
_SENTENCE_ENDS = (".", "?", "!", "…", ":", "।", "。")


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence, and the second at which it begins."""

    start: float
    text: str

    @property
    def clock(self) -> str:
        """As players show it: `1:05`, `1:02:09`."""
        minutes, seconds = divmod(int(self.start), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def cues_of_media(content: Path, url: str) -> Sequence[Cue]:
    """The sentences of a captions file in the content folder; none of anything else."""
    language, _slash, name = url.removeprefix(PREFIX).partition("/")
    path = media_file(content, language, name) if url.startswith(PREFIX) else None
    if path is None or path.stat().st_size > LARGEST_BYTES:
        return []
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=CACHED_FILMS)
def _read(path: Path, _changed: int) -> Sequence[Cue]:
    return sentences(path.read_text(encoding="utf-8", errors="replace"))


def sentences(webvtt: str) -> list[Cue]:
    """The cues, put together to sentences: a line of captions is where a line is full, not where a thought ends."""
    found: list[Cue] = []
    for block in re.split(r"\n{2,}", webvtt.replace("\r\n", "\n").removeprefix("\ufeff").strip()):
        lines = block.split("\n")
        index, timing = next(((n, at) for n, line in enumerate(lines[:2]) if (at := _TIMING.match(line))), (0, None))
        if timing is None:
            continue
        spoken = " ".join(filter(None, (_MARKUP.sub("", line).strip() for line in lines[index + 1 :])))
        if not spoken:
            continue
        if found and not found[-1].text.endswith(_SENTENCE_ENDS):
            found[-1] = Cue(found[-1].start, f"{found[-1].text} {spoken}")
        else:
            hours, minutes, seconds = timing.groups()
            found.append(Cue(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), spoken))
    return found
