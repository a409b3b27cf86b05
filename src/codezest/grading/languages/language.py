"""What grading needs to know about a language. A new one is a class of this shape, entered in `languages/__init__.py`."""

from dataclasses import dataclass
from typing import Protocol

from codezest_db.enums import Verdict


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
        """What the learner's source is called beside the program."""
        ...

    @property
    def self_test(self) -> SelfTest: ...

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Judge a program that ended with a status other than 0. `stderr` is fit for display."""
        ...

    def clean_errors(self, text: str) -> str:
        """Compiler messages or standard error as the learner should see them: their own file, no inner paths."""
        ...
