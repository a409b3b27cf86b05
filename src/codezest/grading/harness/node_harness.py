"""Unit tests in JavaScript, by node:test."""

import json
from collections.abc import Mapping, Sequence

from codezest.grading.harness.harness import Side, own_files
from codezest.grading.languages import Language

_AGENT, _RUNNER = "codezest_agent/agent.js", "codezest_runner/runner.js"


class NodeHarness:
    """Tests import the learner's files as they would beside them: both `require` and `import` work."""

    language = "javascript"
    link_is_standard = False
    keeps_order = False
    describes: tuple[str, ...] = ()

    def language_for(self, language: Language) -> Language:
        return language

    def learners(self, sources: Mapping[str, str], entry: str) -> Side:
        del entry
        files = own_files("node", {_AGENT: "agent.js", "codezest_agent/wire.js": "wire.js"})
        return Side(files={**sources, **files}, entry=_AGENT)

    def tests(self, tests: Mapping[str, str], sources: Mapping[str, str], entry: str, shape: str) -> Side:
        del sources, entry, shape
        names = {f"codezest_runner/{name}.js": f"{name}.js" for name in ("remote", "runner", "wire")}
        return Side(files={**tests, **own_files("node", names)}, entry=_RUNNER)

    def request(
        self, asked: Sequence[tuple[str, float]], tests: Mapping[str, str], sources: Mapping[str, str], shape: str
    ) -> tuple[str, ...]:
        del shape
        modules = [
            f"./{name}" for name in sources if name.endswith((".js", ".cjs", ".mjs")) and not _stands_for(name, tests)
        ]
        return (json.dumps({"tests": asked, "files": list(tests), "modules": modules}),)


def _stands_for(name: str, tests: Mapping[str, str]) -> bool:
    """Whether a file of the learner's could be loaded in place of one of the tests' side: one without its suffix, for one."""
    stem, taken = _stem(name), {_stem(test) for test in tests}
    folder = stem.removesuffix("/index")
    return (
        bool(taken & {stem, folder, f"{stem}/index", f"{stem}/package"})
        or name.startswith("codezest_")
        or "node_modules" in name.split("/")
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
