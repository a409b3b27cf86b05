"""What grading needs to know about a language. A new one is a class of this shape, entered in `languages/__init__.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from codezest_db.enums import Verdict
from codezest_sandbox.runtime import Build, Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """A program that shows that the language works here."""

    source: str
    stdin: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """How a program that ended in failure is to be judged and explained."""

    verdict: Verdict
    """RE, or MLE when the language says that memory ran out."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """What a language needs, found on this machine."""

    version: str
    """For people, and for the record of a verdict: `g++ 12.2.0`."""
    trees: Mapping[str, str] = field(default_factory=dict[str, str])
    """Host directories that must be seen inside the sandbox, by their names below `/toolchains`."""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the language found and will want again: paths as they are inside the sandbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why a language cannot be graded here."""

    why: str
    install: str
    """The command that mends it, on Debian and its kin."""


class Language(Protocol):
    """Stateless."""

    @property
    def key(self) -> str:
        """As `learning.programming_languages.runtime` names it."""
        ...

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def file_name(self) -> str:
        """What a learner's only source is called."""
        ...

    @property
    def self_test(self) -> SelfTest: ...

    def find(self) -> Toolchain | Missing:
        """Look for the toolchain on this machine. Never raises; takes less than a second."""
        ...

    def runtime(self, toolchain: Toolchain) -> Runtime:
        """What a sandbox for this language is."""
        ...

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        """How sources become a program.

        Args:
            toolchain: as `find` found it.
            sources: relative path → text.
            entry: the main file, one of the sources.
        """
        ...

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Judge a program that ended with a status other than 0. `stderr` is fit for display.

        A signal is told as 128 and its number, as shells do.
        """
        ...

    def clean_errors(self, text: str) -> str:
        """Compiler messages or standard error as the learner should see them: their own file, no inner paths."""
        ...


def encoded(sources: Mapping[str, str]) -> dict[str, bytes]:
    """Sources as the sandbox takes them. What is no Unicode stays so, and is the compiler's to refuse."""
    return {name: text.encode("utf-8", "surrogatepass") for name, text in sources.items()}
