"""TypeScript: checked and turned into JavaScript by its native compiler, then run as JavaScript is."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from codezest.grading.languages.javascript import JavaScript
from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.typescript_compiler import COMPILER, INNER, find_compiler, fit_for_sandbox
from codezest_sandbox.inside import BUILD
from codezest_sandbox.runtime import Build, Runtime

_INSTALL = "npm install --global typescript@7"
_NODE_TYPES = ".node.d.ts"
_OPTIONS = (
    "--target",
    "es2023",
    "--module",
    "commonjs",
    "--lib",
    "es2023",
    "--types",
    "",
    "--strict",
    "--skipLibCheck",
    "--noEmitOnError",
    "--inlineSourceMap",
    "--pretty",
    "false",
    "--singleThreaded",
)
_DIAGNOSTIC = re.compile(r"^(?P<file>[^\s(]+)\((?P<line>\d+),(?P<column>\d+)\): (?P<kind>\w+) TS\d+: ", re.MULTILINE)


class TypeScript:
    """TypeScript, strict. Every `.ts` file is compiled; errors of type are compile errors."""

    key = "typescript"
    name = "TypeScript"
    file_name = "main.ts"
    self_test = SelfTest(
        source=(
            'import { readFileSync } from "fs";\n\n'
            'const words: string[] = readFileSync(0, "utf8").split(/\\s+/).filter((word) => word !== "");\n'
            "const sum: number = words.map(Number).reduce((total, value) => total + value, 0);\n"
            "console.log(sum);\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def __init__(self) -> None:
        self._javascript = JavaScript()

    def find(self) -> Toolchain | Missing:
        node = self._javascript.find()
        if isinstance(node, Missing):
            return node
        compiler = find_compiler()
        if compiler is None:
            return Missing(why="there is no TypeScript 7 or newer among npm's packages", install=_INSTALL)
        folder = fit_for_sandbox(compiler)
        if folder is None:
            return Missing(why=f"TypeScript {compiler.version} cannot be made to run in a sandbox", install=_INSTALL)
        return replace(
            node,
            version=f"TypeScript {compiler.version}, {node.version}",
            trees={**node.trees, INNER: str(folder)},
        )

    def runtime(self, toolchain: Toolchain) -> Runtime:
        """With lines of errors traced back to the sources."""
        runtime = self._javascript.runtime(toolchain)
        return replace(runtime, options={**runtime.options, "source_maps": True})

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        """The compiler writes each script beside its source."""
        names = [entry, *sorted(name for name in sources if name != entry and _is_source(name))]
        made = {name: str(PurePosixPath(name).with_suffix(".js")) for name in names}
        run = self._javascript.build(toolchain, sources, made[entry])
        return replace(
            run,
            files={**encoded(sources), _NODE_TYPES: _node_types()},
            steps=((COMPILER, *_OPTIONS, *(f"./{name}" for name in names), _NODE_TYPES),),
            run=(*run.run[:-1], "--enable-source-maps", f"{BUILD}/{made[entry]}"),
            in_work=False,
            artifacts=tuple(made.values()),
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        return self._javascript.explain_crash(exit_status, stderr)

    def clean_errors(self, text: str) -> str:
        """Compiler's messages as `main.ts, line 3, column 5: error: …`."""
        text = _DIAGNOSTIC.sub(
            lambda found: f"{found['file']}, line {found['line']}, column {found['column']}: {found['kind']}: ", text
        )
        return self._javascript.clean_errors(text)


def _is_source(name: str) -> bool:
    return name.endswith(".ts") and not name.endswith(".d.ts")


@cache
def _node_types() -> bytes:
    return Path(__file__).with_name("node_types.d.ts").read_bytes()
