"""The tables, by the key of the language."""

from codezest.grading.rules.rule import RuleError
from codezest.grading.rules.syntax import Syntax
from codezest.grading.rules.tables.bash import BASH
from codezest.grading.rules.tables.c import CPP, C
from codezest.grading.rules.tables.ecmascript import JAVASCRIPT, TYPESCRIPT
from codezest.grading.rules.tables.go import GO
from codezest.grading.rules.tables.java import JAVA
from codezest.grading.rules.tables.python import PYTHON
from codezest.grading.rules.tables.rust import RUST
from codezest.grading.rules.tables.sql import SQL

SYNTAXES = {
    "python": PYTHON,
    "javascript": JAVASCRIPT,
    "typescript": TYPESCRIPT,
    "java": JAVA,
    "c": C,
    "cpp": CPP,
    "go": GO,
    "rust": RUST,
    "bash": BASH,
    "sql": SQL,
}


def syntax_of(language: str) -> Syntax:
    """Raises RuleError for a language that has no table."""
    try:
        return SYNTAXES[language]
    except KeyError:
        raise RuleError(
            f"static rules do not know the language {language!r}; they know {', '.join(SYNTAXES)}"
        ) from None
