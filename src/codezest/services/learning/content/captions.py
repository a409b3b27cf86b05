"""WebVTT captions: the spoken text of a video, and whether the file is one at all."""

import re

_TIMING = re.compile(r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3} --> (?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}")
_MARKUP = re.compile(r"<[^>]*>")


def transcript(webvtt: str) -> str | None:
    """The cues' text in one paragraph; None when this is no WebVTT file or has no cue."""
    blocks = re.split(r"\n{2,}", webvtt.replace("\r\n", "\n").removeprefix("\ufeff").strip())
    if not re.match(r"WEBVTT(\s|$)", blocks[0]):
        return None
    spoken: list[str] = []
    for block in blocks[1:]:
        lines = block.split("\n")
        timing = next((index for index, line in enumerate(lines[:2]) if _TIMING.match(line)), None)
        if timing is not None:
            spoken += [_MARKUP.sub("", line).strip() for line in lines[timing + 1 :]]
    return " ".join(filter(None, spoken)) or None
