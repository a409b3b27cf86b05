"""Go, by the compiler and the linker themselves: `go build` would need a home, a cache and a second for each program."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from codezest.grading.languages.go_library import TREE, compiled_library, library_folder, shipped_library
from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import (
    OUT_OF_MEMORY,
    SIGNAL_BASE,
    exit_status_message,
    explain_native_crash,
    runtime_error,
)
from codezest.grading.languages.probing import CLEAN_ENVIRONMENT, is_script, machine, programs, visible_inside
from codezest_sandbox.inside import BUILD, TOOLCHAINS, WORK
from codezest_sandbox.runtime import Build, Runtime

_INSTALL = "apt-get install golang-go"
_USUAL_FOLDERS = ("/usr/lib/go/bin", "/usr/local/go/bin")
_PROGRAM = ".program"
_IMPORTS = ".importcfg"
_OBJECT = ".main.o"
_MOST_PROCESSORS = 4
"""Each may become a thread, and threads count as processes."""

_PANIC = re.compile(r"^panic: (?P<text>.*)$", re.MULTILINE)
_FATAL = re.compile(r"^fatal error: (?P<text>.*)$", re.MULTILINE)
_PLACE = re.compile(r"^\t(?P<file>[\w./-]+\.go):(?P<line>\d+)", re.MULTILINE)
_LIBRARY = re.compile(r"(?:/usr/(?:lib|share)/go[\w.-]*|/toolchains/go)/src/")
_TOOL = re.compile(r"^/\S+/pkg/tool/\w+/(?=(?:compile|link): )", re.MULTILINE)
_OWN = re.compile(rf"(?:{re.escape(BUILD)}/|(?<=^)\./)", re.MULTILINE)

_PANIC_HINTS = (
    ("index out of range", "An index is outside its slice, array or text."),
    ("slice bounds out of range", "The ends of a slice are outside what is sliced."),
    ("assignment to entry in nil map", "Make the map with make() before you put something in."),
    ("nil pointer dereference", "A pointer, interface or function is nil where it is used."),
    ("integer divide by zero", "Your program divides by zero."),
    ("interface conversion", "A value does not have the type that it is taken for; use the form with `, ok`."),
    ("send on closed channel", "A channel is still written to after it has been closed."),
    ("close of closed channel", "A channel is closed twice."),
    ("negative WaitGroup counter", "Done is called more often than Add has announced."),
    ("makeslice: len out of range", "The length of a slice is negative or huge."),
)
_FATAL_HINTS = (
    (
        "all goroutines are asleep",
        "Every goroutine waits for another; perhaps a channel is never written to or closed.",
    ),
    ("concurrent map", "Several goroutines use one map at once; guard it with a sync.Mutex."),
    ("stack overflow", "A function calls itself without end. Check the case in which it should stop."),
)


class Go:
    """Go with its standard library. Every `.go` file beside the entry belongs to package main."""

    key = "go"
    name = "Go"
    file_name = "main.go"
    self_test = SelfTest(
        source=(
            'package main\n\nimport "fmt"\n\n'
            "func main() {\n"
            "\tsum, value := 0, 0\n"
            "\tfor {\n"
            "\t\tif _, err := fmt.Scan(&value); err != nil {\n"
            "\t\t\tbreak\n"
            "\t\t}\n"
            "\t\tsum += value\n"
            "\t}\n"
            "\tfmt.Println(sum)\n"
            "}\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        why = "there is no go in PATH, /usr/lib/go or /usr/local/go"
        for root in _roots():
            tools = root / "pkg" / "tool" / f"linux_{machine()}"
            if not all(os.access(tools / name, os.X_OK) for name in ("compile", "link")):
                why = f"{root} lacks the compiler or the linker"
                continue
            version = _version(root)
            inner = str(root) if visible_inside(root) else f"{TOOLCHAINS}/go"
            trees = {} if visible_inside(root) else {"go": str(root)}
            facts = {"tools": f"{inner}/{tools.relative_to(root)}", "root": str(root), "inner": inner}
            shipped = shipped_library(root, f"linux_{machine()}", inner)
            if shipped is not None:
                facts["imports"] = shipped
                return Toolchain(version=version, trees=trees, facts=facts)
            folder = library_folder(version)
            if folder is not None:
                trees[TREE] = str(folder)
                return Toolchain(version=version, trees=trees, facts=facts)
            why = f"{version} comes without a compiled standard library, and there is no folder to keep one in"
        return Missing(why=why, install=_INSTALL)

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        processors = min(os.cpu_count() or 1, _MOST_PROCESSORS)
        environment = {**CLEAN_ENVIRONMENT, "GOMAXPROCS": str(processors), "GOTRACEBACK": "single"}
        return Runtime(kind="command", policy="go", environment=environment, bounded_address_space=False)

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        folder = Path(entry).parent
        names = [entry]
        for name in sorted(sources):
            beside = name.endswith(".go") and not name.endswith("_test.go") and Path(name).parent == folder
            if beside and name != entry:
                names.append(name)
        imports = toolchain.facts.get("imports") or compiled_library(toolchain)
        if imports is None:
            return _slow_build(toolchain, sources, entry, names)
        tools = toolchain.facts["tools"]
        compiling = (f"{tools}/compile", "-o", _OBJECT, "-p", "main", "-complete", "-pack", "-importcfg", _IMPORTS)
        linking = (f"{tools}/link", "-o", _PROGRAM, "-importcfg", _IMPORTS, "-buildmode=exe", "-s", "-w", _OBJECT)
        return Build(
            files={**encoded(sources), _IMPORTS: imports.encode()},
            entry=entry,
            steps=((*compiling, "--", *names), linking),
            run=(f"{BUILD}/{_PROGRAM}",),
            artifacts=(_PROGRAM,),
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads what the runtime says before it dumps goroutines."""
        fatal = _FATAL.search(stderr)
        if fatal and ("out of memory" in fatal["text"] or "cannot allocate memory" in fatal["text"]):
            return OUT_OF_MEMORY
        panic = _PANIC.search(stderr)
        told = panic or fatal
        if told is None:
            if exit_status > SIGNAL_BASE:
                return explain_native_crash(exit_status, stderr)
            return runtime_error(exit_status_message(exit_status))
        text = told["text"].removesuffix(" [recovered]").removeprefix("runtime error: ")
        hints = _PANIC_HINTS if panic else _FATAL_HINTS
        hint = next((f" {hint}" for part, hint in hints if part in text), "")
        own = [found for found in _PLACE.finditer(stderr, told.end()) if "/" not in found["file"]]
        place = f" ({own[0]['file']}, line {own[0]['line']})" if own else ""
        return runtime_error(f"{'panic' if panic else 'fatal error'}: {text}{place}.{hint}")

    def clean_errors(self, text: str) -> str:
        text = _TOOL.sub("", _LIBRARY.sub("", _OWN.sub("", text)))
        return text.replace("could not import C (file not found)", "cgo is not available here")


def _slow_build(toolchain: Toolchain, sources: Mapping[str, str], entry: str, names: list[str]) -> Build:
    """With the standard library compiled anew, which takes some ten seconds: until there is one."""
    inner = toolchain.facts["inner"]
    environment = (
        f"GOROOT={inner}",
        f"GOCACHE={WORK}/cache",
        f"GOPATH={WORK}/path",
        "GO111MODULE=off",
        "CGO_ENABLED=0",
        "GOENV=off",
        "GOTOOLCHAIN=local",
        "GOPROXY=off",
    )
    return Build(
        files=encoded(sources),
        entry=entry,
        steps=(("/usr/bin/env", *environment, f"{inner}/bin/go", "build", "-o", _PROGRAM, *names),),
        run=(f"{BUILD}/{_PROGRAM}",),
        artifacts=(_PROGRAM,),
    )


def _roots() -> Iterator[Path]:
    """Where toolchains are: the parent of the folder of each real `go`."""
    for program in programs("go", _USUAL_FOLDERS):
        if not is_script(program):
            yield program.parent.parent


def _version(root: Path) -> str:
    try:
        first = (root / "VERSION").read_text().split()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        return "go"
    return first.replace("go", "go ", 1)
