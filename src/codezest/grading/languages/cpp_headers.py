"""Standard headers of C++, compiled ahead.

Most of the time it takes to compile a small program goes into the standard library's headers. The compiler can read them
in a prepared form, if that comes before everything else. A prepared set is used for programs that begin by including
all of it: then nothing is declared that the program does not ask for, and a forgotten include is still an error.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from codezest.grading.languages.gnu import compile_options
from codezest.grading.languages.language import Toolchain
from codezest.grading.languages.prepared import WORKSHOP, prepared_folder

TREE = "cpp-headers"
"""Name of the folder below the sandbox's toolchains."""

SETS: dict[str, tuple[str, ...]] = {
    "everything": ("bits/stdc++.h",),
    "containers": ("iostream", "vector", "string", "algorithm", "map", "set", "queue", "unordered_map"),
    "vectors": ("iostream", "vector", "algorithm"),
    "streams": ("iostream",),
}
"""The largest first."""

_BROUGHT_ALONG = {"iostream": ("string",)}
"""What one header is certain to include itself."""
_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_INCLUDE = re.compile(r"[ \t]*#[ \t]*include[ \t]*<([\w/.+]+)>[ \t]*")


def headers_folder(version: str, options: Sequence[str]) -> Path | None:
    return prepared_folder("cpp-headers", repr((version, compile_options(), options)))


def leading_headers(source: str) -> frozenset[str]:
    """The system headers that a source includes before anything else stands in it."""
    found: set[str] = set()
    if "\\\n" in source or "??/" in source:  # spliced lines are not what they look like
        return frozenset()
    for line in _COMMENTS.sub(" ", source.lstrip("\ufeff")).splitlines():
        if not line.strip():
            continue
        include = _INCLUDE.fullmatch(line)
        if include is None:
            break
        found.add(include[1])
        found.update(_BROUGHT_ALONG.get(include[1], ()))
    return frozenset(found)


def prepared_headers(toolchain: Toolchain, options: Sequence[str], sources: Iterable[str]) -> str | None:
    """Name of the best prepared set for sources that are compiled by one command, if there is one.

    Where the best does not exist yet it is asked for, and the next best is taken.
    """
    folder = toolchain.trees.get(TREE)
    if folder is None:
        return None
    leading = [leading_headers(source) for source in sources]
    common = frozenset[str].intersection(*leading) if leading else frozenset[str]()
    for name, headers in SETS.items():
        if common.issuperset(headers) and make_headers(toolchain, options, name):
            return name
    return None


def make_headers(toolchain: Toolchain, options: Sequence[str], name: str, *, wait: bool = False) -> bool:
    """Whether a set is there; otherwise it is made, in the background unless `wait`."""

    def make(place: Path) -> list[list[str]]:
        header = place.with_suffix("")
        header.write_text("".join(f"#include <{part}>\n" for part in SETS[name]))
        final = folder / header.name
        if not final.exists():
            final.write_text(header.read_text())
            final.chmod(0o644)
        flags = [*compile_options(), *options]
        return [[toolchain.facts["driver"], *flags, "-x", "c++-header", str(header), "-o", str(place)]]

    folder = Path(toolchain.trees[TREE])
    target = folder / f"{name}.hpp.gch"
    return WORKSHOP.make_now(target, make) if wait else WORKSHOP.ask_for(target, make)
