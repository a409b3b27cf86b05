"""What a language needs so that tests and learner's code can run in two sandboxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Protocol

from codezest.grading.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A program of two that talk over descriptor 3."""

    files: Mapping[str, str]
    """Relative path → source."""
    entry: str
    """One of the files."""


class Harness(Protocol):
    """Stateless."""

    @property
    def language(self) -> str:
        """Key of the language of both sides."""
        ...

    @property
    def link_is_standard(self) -> bool:
        """Whether the link is standard input and output instead of descriptor 3; reports then go to standard error."""
        ...

    @property
    def keeps_order(self) -> bool:
        """Whether tests run in the order asked for, so that visible ones come before hidden ones in one process."""
        ...

    @property
    def describes(self) -> tuple[str, ...]:
        """Arguments with which the learner's side prints the shape of its classes; none where that is not needed."""
        ...

    def language_for(self, language: Language) -> Language:
        """As which both sides are compiled and run."""
        ...

    def learners(self, sources: Mapping[str, str], entry: str) -> Side:
        """The learner's sources and what answers for them."""
        ...

    def tests(self, tests: Mapping[str, str], sources: Mapping[str, str], entry: str, shape: str) -> Side:
        """The author's tests and what runs them. Of the learner's sources no more than names and `shape` may be used.

        No name of the learner's may come to stand for anything that the tests mean: their own files, their language, its
        library, the framework.
        """
        ...

    def request(
        self, asked: Sequence[tuple[str, float]], tests: Mapping[str, str], sources: Mapping[str, str], shape: str
    ) -> tuple[str, ...]:
        """Arguments of the tests' side. `asked`: names of tests, and the seconds each may take."""
        ...


def own_files(language: str, names: Mapping[str, str]) -> dict[str, str]:
    """Ours, from the folder of a language: place in the sandbox → text. `names`: place → name in the folder."""
    folder = resources.files("codezest.grading.harness") / language
    return {place: (folder / name).read_text(encoding="utf-8") for place, name in names.items()}
