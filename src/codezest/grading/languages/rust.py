"""Rust, one crate of the standard library's users, compiled by rustc itself."""

import os
import re
import signal
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import (
    OUT_OF_MEMORY,
    exit_status_message,
    explain_native_crash,
    runtime_error,
    signal_of,
)
from codezest.grading.languages.probing import (
    CLEAN_ENVIRONMENT,
    is_script,
    machine,
    output_of,
    programs,
    system_program,
    version_in,
    visible_inside,
)
from codezest_sandbox.inside import BUILD, TOOLCHAINS
from codezest_sandbox.runtime import Build, Runtime

_INSTALL = "apt-get install rustc"
_PROGRAM = ".program"
_TREE = "rust"
_PANICKED = 101
_FIRST_WITH_OWN_LINKER = (1, 90)

_PANIC = re.compile(
    r"^(?:thread '[^\n]*?' (?:\(\d+\) )?)panicked at (?P<file>[^\n:]+):(?P<line>\d+):\d+:\n(?P<text>[^\n]*)",
    re.MULTILINE,
)
_OLD_PANIC = re.compile(
    r"^thread '[^\n]*?' panicked at '(?P<text>.*?)', (?P<file>[^\n:]+):(?P<line>\d+):\d+$", re.MULTILINE | re.DOTALL
)
_RETURNED_ERROR = re.compile(r"^Error: (?P<text>.+)$", re.MULTILINE)
_LINES = (
    (re.compile(re.escape(f"{BUILD}/")), ""),
    (re.compile(r"/rustc/[0-9a-f]{40}/library/"), ""),
    (re.compile(r"^note: run with `RUST_BACKTRACE=.*\n", re.MULTILINE), ""),
)

_HINTS = (
    ("index out of bounds", "An index is outside its slice or vector."),
    ("out of range for slice", "The ends of a slice are outside what is sliced."),
    ("on a `None` value", "An Option was taken for Some and is None; match both cases."),
    ("on an `Err` value", "A Result was taken for Ok and is Err; match both cases."),
    ("divide by zero", "Your program divides by zero."),
    ("calculate the remainder with a divisor of zero", "Your program divides by zero."),
    ("attempt to", "A number left the range of its type; use a larger type or a checked operation."),
    ("already borrowed", "A RefCell is borrowed while it is borrowed already."),
    ("already mutably borrowed", "A RefCell is borrowed while it is borrowed already."),
    ("byte index", "Texts are cut by bytes; this byte is in the middle of a character, or beyond the end."),
    ("explicit panic", "Your program called panic! itself."),
    ("not yet implemented", "A todo! is still to be written."),
)


class Rust:
    """Rust 2021 with its standard library. The entry is the crate's root; modules lie beside it."""

    key = "rust"
    name = "Rust"
    file_name = "main.rs"
    self_test = SelfTest(
        source=(
            "use std::io::{self, Read};\n\n"
            "fn main() {\n"
            "    let mut text = String::new();\n"
            "    io::stdin().read_to_string(&mut text).unwrap();\n"
            "    let sum: i64 = text.split_whitespace().map(|word| word.parse::<i64>().unwrap()).sum();\n"
            '    println!("{}", sum);\n'
            "}\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        linker = system_program("gcc")
        if linker is None:
            return Missing(why="rustc links with gcc, which is not in /usr/bin", install="apt-get install rustc gcc")
        for compiler in _compilers():
            root = compiler.parent.parent
            version = version_in(output_of(str(compiler), "--version"))
            libraries = root / "lib" / "rustlib"
            if version is None or not libraries.is_dir():
                continue
            inside = visible_inside(root)
            inner = str(root) if inside else f"{TOOLCHAINS}/{_TREE}"
            return Toolchain(
                version=f"rustc {version}",
                trees={} if inside else {_TREE: str(root)},
                facts={"root": inner, "linker": str(linker), "version": version},
            )
        return Missing(why="there is no rustc in PATH, /usr/bin or rustup's folder", install=_INSTALL)

    def runtime(self, toolchain: Toolchain) -> Runtime:
        environment = {
            **CLEAN_ENVIRONMENT,
            "LD_LIBRARY_PATH": f"{toolchain.facts['root']}/lib" if TOOLCHAINS in toolchain.facts["root"] else "",
            "RUST_BACKTRACE": "0",
        }
        return Runtime(kind="command", policy="native", environment=environment, bounded_address_space=False)

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        root = toolchain.facts["root"]
        step = (
            f"{root}/bin/rustc",
            f"--sysroot={root}",
            "--edition=2021",
            "--crate-type=bin",
            "--crate-name=main",
            "--color=never",
            "-Copt-level=2",
            "-Ccodegen-units=1",
            "-Cstrip=symbols",
            f"-Clinker={toolchain.facts['linker']}",
            *_system_linker(toolchain.facts["version"]),
            "-o",
            _PROGRAM,
            "--",
            entry,
        )
        return Build(
            files=encoded(sources),
            entry=entry,
            steps=(step,),
            run=(f"{BUILD}/{_PROGRAM}",),
            artifacts=(_PROGRAM,),
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads the panic message, in the shape it has had since 1.73 or the one before."""
        if "memory allocation of" in stderr and "bytes failed" in stderr:
            return OUT_OF_MEMORY
        if "has overflowed its stack" in stderr:
            return runtime_error(
                "The stack overflowed: a function calls itself without end. Check the case in which it should stop."
            )
        panics = [*_PANIC.finditer(stderr), *_OLD_PANIC.finditer(stderr)]
        if panics and (exit_status == _PANICKED or signal_of(exit_status) is signal.SIGABRT):
            panic = next((found for found in panics if not found["file"].startswith("/")), panics[0])
            hint = next((f" {hint}" for part, hint in _HINTS if part in panic["text"]), "")
            return runtime_error(f"panic: {panic['text']} ({panic['file']}, line {panic['line']}).{hint}")
        returned = _RETURNED_ERROR.search(stderr)
        if exit_status == 1 and returned:
            return runtime_error(f"main returned an error: {returned['text']}.")
        if signal_of(exit_status) is not None:
            return explain_native_crash(exit_status, stderr)
        return runtime_error(exit_status_message(exit_status))

    def clean_errors(self, text: str) -> str:
        for pattern, replacement in _LINES:
            text = pattern.sub(replacement, text)
        return text


def _compilers() -> Iterator[Path]:
    """Real compilers: what rustup puts in PATH is rustup itself, which would need its settings and a home at each start."""
    folders = ("/usr/bin", Path("~/.cargo/bin").expanduser(), "/usr/local/cargo/bin", "/usr/local/bin")
    for program in programs("rustc", folders):
        if program.name != "rustup" and not is_script(program):
            yield program
    yield from _compilers_of_rustup()


def _compilers_of_rustup() -> Iterator[Path]:
    homes = (os.environ.get("RUSTUP_HOME"), Path("~/.rustup").expanduser(), "/usr/local/rustup")
    for home in [Path(home) for home in homes if home]:
        try:
            chosen = tomllib.loads((home / "settings.toml").read_text()).get("default_toolchain", "")
        except (OSError, ValueError):
            continue
        compiler = home / "toolchains" / str(chosen) / "bin" / "rustc"
        if chosen and os.access(compiler, os.X_OK):
            yield compiler.resolve()


def _system_linker(version: str) -> tuple[str, ...]:
    """Newer compilers link with one of their own, which looks for its parts below /proc."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if machine() == "amd64" and numbers >= _FIRST_WITH_OWN_LINKER:
        return ("-Clinker-features=-lld", "-Clink-self-contained=-linker")
    return ()
