"""A film's script (``*.film.toml``) and the timeline that follows from it. Times are seconds from the beginning."""

import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

READING = 14.5
"""Characters a second that a viewer reads, or a narrator speaks, without hurry."""
TYPING = 26.0
"""Characters of code a second."""
PAUSE = 0.9
"""Silence after each step, so that the eye can follow."""
SHORTEST_STEP = 2.2

Kind = Literal["title", "code", "points"]


class ScriptError(Exception):
    """The script cannot be filmed; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One sentence of narration and what happens on the screen meanwhile.

    ``typed`` and ``shown`` count lines of code and of output that are there when the step has ended; ``lines`` are the
    line numbers, from 1, that the marker visits in turn.
    """

    say: str
    start: float
    end: float
    typed_before: int
    typed: int
    shown_before: int
    shown: int
    lines: tuple[int, ...]
    point: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    kind: Kind
    heading: str
    code: tuple[str, ...]
    output: tuple[str, ...]
    points: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def start(self) -> float:
        return self.steps[0].start

    @property
    def end(self) -> float:
        return self.steps[-1].end


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    title: str
    subtitle: str
    module: str
    scenes: tuple[Scene, ...]

    @property
    def duration(self) -> float:
        return self.scenes[-1].end


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.rstrip("\n").split("\n")) if text.strip() else ()


def _prove(code: str, output: tuple[str, ...], name: str) -> None:
    """A film must not show output that its program does not give."""
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=10, check=False)
    real = run.stdout.splitlines()
    if run.returncode:
        last = run.stderr.splitlines()[-1]
        real.append(last.split(". Did you mean")[0])
    if tuple(real) != output:
        raise ScriptError(f"{name}: the film shows {list(output)}, the program prints {real}")


def _scene(raw: dict[str, Any], start: float, title: str) -> Scene:
    code, output = _lines(raw.get("code", "")), _lines(raw.get("output", ""))
    name = raw.get("file", raw.get("heading", title))
    if code:
        _prove(raw["code"], output, name)
    steps: list[Step] = []
    typed = shown = point = 0
    for step in raw["steps"]:
        typed_before, shown_before = typed, shown
        typed += step.get("type", 0)
        shown += step.get("output", 0)
        point = step.get("point", point)
        letters = sum(len(line) for line in code[typed_before:typed])
        busy = letters / TYPING + 0.7 * len(step.get("run", ())) + 0.4
        length = max(SHORTEST_STEP, len(step["say"]) / READING, busy) + PAUSE
        steps.append(
            Step(
                say=step["say"],
                start=start,
                end=start + length,
                typed_before=typed_before,
                typed=typed,
                shown_before=shown_before,
                shown=shown,
                lines=tuple(step.get("run", ())),
                point=point,
            )
        )
        start += length
    if typed != len(code) or shown != len(output):
        raise ScriptError(
            f"{name}: {typed} of {len(code)} lines are typed and {shown} of {len(output)} shown at the end"
        )
    return Scene(
        kind=raw["kind"],
        heading=name,
        code=code,
        output=output,
        points=tuple(raw.get("points", ())),
        steps=tuple(steps),
    )


def read(path: Path) -> Film:
    """The film described by ``path``; raises ScriptError when it would show something untrue."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    scenes: list[Scene] = []
    for scene in raw["scene"]:
        scenes.append(_scene(scene, scenes[-1].end if scenes else 0.0, raw["title"]))
    return Film(title=raw["title"], subtitle=raw["subtitle"], module=raw["module"], scenes=tuple(scenes))
