"""What C and C++ share: the GNU compilers of the distribution, their commands and their messages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from codezest.grading.languages.language import Missing, Toolchain
from codezest.grading.languages.probing import CLEAN_ENVIRONMENT, output_of, system_program, version_in
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.runtime import Runtime

PROGRAM = ".program"
"""The executable, in BUILD. No source is called so."""

_LINKERS = ("mold", "lld", "gold")
"""Faster than the default one, fastest first; `ld.NAME` each."""
_COMMON_OPTIONS = ("-O2", "-pipe", "-pthread", "-fmax-errors=10")
_LINES = (
    (re.compile(re.escape(f"{BUILD}/")), ""),
    (re.compile(rf"{WORK}/cc\w+\.[os]:?"), ""),
    (re.compile(r"^\(\.text[^)]*\): ", re.MULTILINE), ""),
    (re.compile(r"^(?:/usr/bin/ld(?:\.\w+)?|ld\.lld|mold): ", re.MULTILINE), "linker: "),
    (re.compile(r"/usr/(?:include/c\+\+/\d+|lib/gcc/[\w.-]+/\d+/include|include)/"), ""),
    (re.compile(r"^(?:compilation terminated|collect2: error: ld returned \d+ exit status)\.?\n", re.MULTILINE), ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gnu:
    """One compiler of the collection."""

    driver: str
    """gcc or g++."""
    compiler_proper: str
    """What the driver starts, and what may be missing where the driver is not."""
    install: str

    def find(self) -> Toolchain | Missing:
        driver = system_program(self.driver)
        if driver is None:
            return Missing(why=f"there is no {self.driver} in /usr/bin", install=self.install)
        version = version_in(output_of(str(driver), "-dumpfullversion", "-dumpversion"))
        proper = output_of(str(driver), f"-print-prog-name={self.compiler_proper}")
        if version is None or proper is None or not Path(proper).is_absolute():
            return Missing(why=f"{driver} does not work: it lacks {self.compiler_proper}", install=self.install)
        for part in ("as", "ld"):
            if system_program(part) is None:
                return Missing(why=f"there is no {part} in /usr/bin", install="apt-get install binutils")
        linker = next((name for name in _LINKERS if system_program(f"ld.{name}")), "")
        return Toolchain(
            version=f"{self.driver} {version}", facts={"driver": str(driver), "linker": linker, "version": version}
        )


def command(
    toolchain: Toolchain, options: Iterable[str], sources: Iterable[str], libraries: Iterable[str] = ()
) -> tuple[str, ...]:
    """Compile and link, run in BUILD."""
    linker = toolchain.facts["linker"]
    return (
        toolchain.facts["driver"],
        *_COMMON_OPTIONS,
        *options,
        *([f"-fuse-ld={linker}"] if linker else []),
        "-o",
        PROGRAM,
        *map(_as_path, sources),
        *libraries,
    )


def compile_options() -> tuple[str, ...]:
    """Those that prepared headers must be made with, too."""
    return _COMMON_OPTIONS


def _as_path(name: str) -> str:
    """A name that the driver does not take for an option or a list of options."""
    return f"./{name}" if name.startswith(("-", "@")) else name


def sources_ending(sources: Mapping[str, str], endings: tuple[str, ...], entry: str) -> list[str]:
    """What is to be compiled: the entry, whatever it is called, and the other files with such an ending, by name."""
    return [entry, *sorted(name for name in sources if name != entry and name.endswith(endings))]


def native_runtime() -> Runtime:
    """Address space is not bounded: each thread reserves a stack and a heap that it hardly uses."""
    return Runtime(kind="command", policy="native", environment=CLEAN_ENVIRONMENT, bounded_address_space=False)


def clean_gnu_messages(text: str) -> str:
    for pattern, replacement in _LINES:
        text = pattern.sub(replacement, text)
    return text
