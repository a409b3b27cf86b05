"""What every analyser takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from codezest_db.enums import AnalysisProvider, Difficulty, Verdict

Note = str | dict[str, Any]
"""A text as somebody or a model wrote it, or `{"code": …, "parameters": {…}}` for `wording` to put into words."""

ASPECTS = ("readability", "efficiency", "best_practices")
LANGUAGES = frozenset({"python", "javascript", "typescript", "java"})
"""Keys of the languages that rules can say something of."""
MOST_BYTES = 100_000
"""Of all files together; a longer program is not analysed."""


def note(code: str, **parameters: Any) -> dict[str, Any]:
    """A note that rules make."""
    return {"code": code, "parameters": parameters}


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a learner handed in, and how it fared."""

    language: str
    files: Mapping[str, str]
    """Text by path, the one that the program begins with first."""
    title: str = ""
    instructions: str = ""
    difficulty: Difficulty = Difficulty.BEGINNER
    verdict: Verdict | None = None
    tests: int = 0
    tests_passed: int = 0
    spoken_language: str = "en"
    """BCP 47 tag of the language a model writes in."""

    @property
    def size(self) -> int:
        return sum(len(text.encode(errors="replace")) for text in self.files.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something found on one line of the program."""

    file: str
    line: int
    """From 1."""
    rule: str | None = None
    """A key of `rules.RULES`; None where a model or a person wrote the message."""
    name: str | None = None
    """What it is about, as the program calls it."""
    message: str | None = None
    """Where there is no rule."""

    def stored(self) -> dict[str, Any]:
        found = {"file": self.file, "line": self.line, "rule": self.rule, "name": self.name, "message": self.message}
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What an analyser says. The scores are advice and never become a grade."""

    provider: AnalysisProvider
    overall_score: int | None
    """Percent; None where the program cannot be read."""
    code_quality: Mapping[str, int] | None
    """0 to 10 for each of `ASPECTS`."""
    strengths: list[Note]
    weaknesses: list[Note]
    suggestions: list[Note]
    evidence: list[Evidence] = field(default_factory=list[Evidence])
    measures: Mapping[str, int] = field(default_factory=dict[str, int])
    detailed_feedback: str | None = None
    model: str | None = None
    prompt: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0


class AnalysisUnavailable(Exception):
    """The analyser has nothing to say of this program."""

    def __init__(self, reason: str, *, input_tokens: int = 0, output_tokens: int = 0) -> None:
        self.reason = reason
        """A key, such as `timeout`."""
        self.input_tokens, self.output_tokens = input_tokens, output_tokens
        """What it took nevertheless."""
        super().__init__(reason)


class Analyser(Protocol):
    """Says something of a program, or raises AnalysisUnavailable."""

    async def analyse(self, program: Program) -> Analysis: ...
