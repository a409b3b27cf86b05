"""WebVTT captions from a film's timeline."""

import re
import textwrap

from video.script import Film

LINE = 42
"""Characters in one line of a caption; two lines make a cue."""


def _time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _cues(text: str) -> list[str]:
    """The text in pieces of at most two lines, divided near the middle: at a sentence, else a comma, else a space."""
    lines = textwrap.wrap(text, LINE)
    if len(lines) <= 2:
        # Two lines of similar length are read faster than a full one with an orphan.
        for width in range(len(text) // 2, LINE + 1):
            balanced = textwrap.wrap(text, width)
            if len(balanced) == len(lines):
                return ["\n".join(balanced)]
        return ["\n".join(lines)]
    middle = len(text) / 2
    for pattern in (r"(?<=[.?]) ", r"(?<=[,:]) ", r" "):
        places = [match.start() for match in re.finditer(pattern, text)]
        best = min(places, key=lambda place: abs(place - middle), default=0)
        if min(best, len(text) - best) >= len(text) / 4:
            return [*_cues(text[:best]), *_cues(text[best + 1 :])]
    return ["\n".join(lines)]


def webvtt(film: Film) -> str:
    """One cue for each sentence of narration; a long one becomes several, timed by their length."""
    cues: list[str] = []
    for step in (step for scene in film.scenes for step in scene.steps):
        pieces = _cues(step.say)
        start = step.start
        length = step.end - step.start - 0.1
        for piece in pieces:
            end = start + length * len(piece) / sum(map(len, pieces))
            cues.append(f"{len(cues) + 1}\n{_time(start)} --> {_time(end)}\n{piece}\n")
            start = end
    return "\n".join(["WEBVTT\n", *cues])
