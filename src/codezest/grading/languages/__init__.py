"""The languages that can be graded, by key."""

from codezest.grading.languages.language import Crash, Language, SelfTest
from codezest.grading.languages.python import Python

__all__ = ["Crash", "Language", "SelfTest", "UnknownLanguageError", "find_language", "languages"]

_LANGUAGES: dict[str, Language] = {language.key: language for language in (Python(),)}


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
