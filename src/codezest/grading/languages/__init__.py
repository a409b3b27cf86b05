"""The languages that can be graded, by key."""

from codezest.grading.languages.bash import Bash
from codezest.grading.languages.c import C
from codezest.grading.languages.cpp import Cpp
from codezest.grading.languages.go import Go
from codezest.grading.languages.java import Java
from codezest.grading.languages.javascript import JavaScript
from codezest.grading.languages.language import Crash, Language, Missing, SelfTest, Toolchain
from codezest.grading.languages.python import Python
from codezest.grading.languages.rust import Rust
from codezest.grading.languages.sql import Sql
from codezest.grading.languages.typescript import TypeScript

__all__ = [
    "Crash",
    "Language",
    "Missing",
    "SelfTest",
    "Toolchain",
    "UnknownLanguageError",
    "find_language",
    "languages",
]

_LANGUAGES: dict[str, Language] = {
    language.key: language
    for language in (Python(), Java(), Bash(), C(), Cpp(), Go(), Rust(), Sql(), JavaScript(), TypeScript())
}


class UnknownLanguageError(ValueError):
    """A specification names a language that there is no class for."""


def languages() -> tuple[Language, ...]:
    return tuple(_LANGUAGES.values())


def find_language(key: str) -> Language:
    """Raises UnknownLanguageError."""
    try:
        return _LANGUAGES[key]
    except KeyError:
        raise UnknownLanguageError(f"no language {key!r}; there are: {', '.join(_LANGUAGES)}") from None
