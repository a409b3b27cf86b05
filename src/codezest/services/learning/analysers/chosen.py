"""The analysers that the settings ask for."""

from dataclasses import dataclass, field
from typing import Protocol

from codezest.kit.analysis_settings import AnalysisSettings
from codezest.services.learning.analysers.analyser import Analyser, Analysis, Program
from codezest.services.learning.analysers.endpoint import EndpointAnalyser
from codezest.services.learning.analysers.local import VERSION, LocalAnalyser


class Estimating(Protocol):
    """An analyser that asks a model, and knows beforehand which, and what that costs at most."""

    def model_for(self, program: Program) -> str: ...

    def version_for(self, program: Program) -> str: ...

    def most(self, program: Program) -> tuple[int, int]:
        """Tokens in and out."""
        ...

    async def analyse(self, program: Program) -> Analysis: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysers:
    """The local one is always there; the other only where an address is set."""

    local: Analyser = field(default_factory=LocalAnalyser)
    local_version: str = VERSION
    endpoint: Estimating | None = None

    @classmethod
    def of(cls, settings: AnalysisSettings) -> "Analysers":
        return cls(endpoint=EndpointAnalyser.of(settings) if settings.analysis_url else None)


GENEROUS = 30
"""By how many percent a model's score may stand above that of the rules before somebody looks at it."""


def is_doubtful(by_model: Analysis, by_rules: Analysis | None) -> bool:
    """Whether a model finds a program so much better than the rules do that it may have been talked into it."""
    if by_rules is None or by_model.overall_score is None:
        return False
    return by_rules.overall_score is None or by_model.overall_score - by_rules.overall_score > GENEROUS
