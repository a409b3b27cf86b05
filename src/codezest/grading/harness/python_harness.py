"""Unit tests in Python."""

import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from codezest.grading.harness.harness import Side, own_files
from codezest.grading.languages import Language

_PACKAGE = "codezest/grading/harness/python"
_ABOVE = ("codezest", "codezest/grading", "codezest/grading/harness", _PACKAGE)
_AGENT = ("agent", "agent_streams", "operations", "wire")
_RUNNER = ("importing", "remote", "reporter", "runner", "standins", "wire", "with_pytest", "with_unittest")
_PYTEST_PACKAGES = ("_pytest", "iniconfig", "packaging", "pluggy", "pygments", "pytest")


class PythonHarness:
    """pytest where it is installed beside the product, else unittest and plain functions."""

    language = "python"
    link_is_standard = False
    keeps_order = True
    describes: tuple[str, ...] = ()

    def language_for(self, language: Language) -> Language:
        return language

    def learners(self, sources: Mapping[str, str], entry: str) -> Side:
        del entry
        return Side(
            files={**sources, **_package(_AGENT, {"codezest_agent.py": "agent_entry.py"})}, entry="codezest_agent.py"
        )

    def tests(self, tests: Mapping[str, str], sources: Mapping[str, str], entry: str, shape: str) -> Side:
        del sources, entry, shape
        files = _package(_RUNNER, {"codezest_runner.py": "runner_entry.py", "py.py": "py_module.py"})
        return Side(
            files={"codezest_runner.py": files.pop("codezest_runner.py"), **tests, **files}, entry="codezest_runner.py"
        )

    def request(
        self, asked: Sequence[tuple[str, float]], tests: Mapping[str, str], sources: Mapping[str, str], shape: str
    ) -> tuple[str, ...]:
        del shape
        return (json.dumps({"tests": asked, "files": list(tests), "modules": _modules(sources)}),)


def _package(modules: Sequence[str], entries: Mapping[str, str]) -> dict[str, str]:
    """Modules of ours by the names that they have here, so that they find each other. `entries`: as `own_files` wants them."""
    files = {f"{folder}/__init__.py": "" for folder in _ABOVE}
    return files | own_files("python", {f"{_PACKAGE}/{name}.py": f"{name}.py" for name in modules} | dict(entries))


def _modules(sources: Mapping[str, str]) -> list[str]:
    """Names under which the learner's files can be imported, packages included."""
    names: set[str] = set()
    for file in sources:
        if file.endswith(".py"):
            parts = file.removesuffix(".py").split("/")
            if parts[-1] == "__init__":
                parts.pop()
            names |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return sorted(names)


def pytest_trees() -> dict[str, str]:
    """Host directories to be seen below `/toolchains`, so that Python's tests are run by pytest; none if it is missing."""
    trees: dict[str, str] = {}
    for package in _PYTEST_PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            return {}
        trees[f"pytest/{package}"] = str(Path(spec.submodule_search_locations[0]))
    return trees
