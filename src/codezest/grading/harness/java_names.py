"""Names that a learner's classes must not have where the author's tests could mean another class by them.

Java finds a simple name in the package of the file before it looks at imports of whole packages: a class of the learner's
called `Assertions` or `Math` would stand for the one that the tests mean.
"""

import re
from collections.abc import Collection, Mapping

_RESERVED_PACKAGES = (
    "codezest.",
    "com.sun.",
    "java.",
    "javax.",
    "jdk.",
    "org.apiguardian.",
    "org.hamcrest.",
    "org.junit.",
    "org.opentest4j.",
    "sun.",
)
_RESERVED_CLASSES = {"codezest", "com", "java", "javax", "jdk", "net", "org", "sun"}
"""Before all, Java takes the first word of a qualified name for that of a class."""
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_IMPORT_OF_ALL = re.compile(r"^\s*import\s+(static\s+)?([\w.]+)\s*\.\s*\*\s*;", re.MULTILINE)


def package_of(text: str) -> str:
    """Of a source; empty for the one without a name."""
    found = _PACKAGE.search(text)
    return found[1] if found else ""


def may_stand_in(name: str, tests: Collection[str]) -> bool:
    """Whether the tests may see a stand-in for a class.

    Args:
        name: of the class, with a `$` before the names of inner ones.
        tests: paths of the author's sources.
    """
    outer = name.partition("$")[0]
    return not (
        outer.startswith(_RESERVED_PACKAGES)
        or outer.rpartition(".")[2] in _RESERVED_CLASSES
        or f"{outer.replace('.', '/')}.java" in tests
    )


def hidden_by(names: Collection[str], tests: Mapping[str, str]) -> list[str]:
    """Classes that the tests cannot mean any more if there are stand-ins of these names; whether they exist is not known here."""
    hidden: set[str] = set()
    for text in tests.values():
        package = package_of(text)
        places = {"java.lang."} | {
            f"{place}{end}" for static, place in _IMPORT_OF_ALL.findall(text) for end in ("$" if static else ".$")
        }
        for name in names:
            own_package, _, simple = name.rpartition(".")
            if "$" not in simple and own_package == package and re.search(rf"\b{re.escape(simple)}\b", text):
                hidden |= {place + simple for place in places}
    return sorted(hidden - set(names))
