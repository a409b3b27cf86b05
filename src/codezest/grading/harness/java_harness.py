"""Unit tests in Java, by JUnit 5 as Debian packages it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from codezest.grading.harness.harness import Side, own_files
from codezest.grading.harness.java_names import hidden_by, may_stand_in, package_of
from codezest.grading.harness.java_stand_ins import Shape, read_shapes, stand_ins
from codezest.grading.languages import Language
from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain
from codezest_sandbox.inside import BUILD
from codezest_sandbox.runtime import Build, Runtime

_JARS = tuple(
    f"/usr/share/java/{name}.jar"
    for name in (
        "junit-jupiter-api",
        "junit-jupiter-engine",
        "junit-jupiter-params",
        "junit-platform-commons",
        "junit-platform-engine",
        "junit-platform-launcher",
        "opentest4j",
        "apiguardian-api",
    )
)
_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Dfile.encoding=UTF-8")
_TEST = re.compile(r"@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b")


class JavaForTests:
    """Java, started in a plain way: a machine of its own for each side, and classes of ours beside."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.key, self.name, self.file_name = language.key, language.name, language.file_name

    @property
    def self_test(self) -> SelfTest:
        return self._language.self_test

    def find(self) -> Toolchain | Missing:
        return self._language.find()

    def runtime(self, toolchain: Toolchain) -> Runtime:
        return replace(self._language.runtime(toolchain), kind="command", options={})

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        """`entry` is a class of ours."""
        build = self._language.build(toolchain, sources, next(iter(sources)))
        path = ":".join((BUILD, *_JARS))
        names = [f"{BUILD}/{name}" for name in build.files if name.endswith(".java")]
        javac = (
            toolchain.facts["javac"],
            *(f"-J{flag}" for flag in _FLAGS),
            "-proc:none",
            "-nowarn",
            "-cp",
            path,
            "-d",
            BUILD,
            *names,
        )
        main = f"codezest.tests.{PurePosixPath(entry).stem}"
        return replace(build, steps=(javac,), run=(toolchain.facts["java"], *_FLAGS, "-cp", path, main), artifacts=())

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        return self._language.explain_crash(exit_status, stderr)

    def clean_errors(self, text: str) -> str:
        return self._language.clean_errors(text)


class JavaHarness:
    """Stand-ins have the methods and constructors of the learner's classes, and constants; other fields have none."""

    language = "java"
    link_is_standard = True
    keeps_order = False
    describes = ("describe", BUILD)

    def language_for(self, language: Language) -> Language:
        return JavaForTests(language)

    def learners(self, sources: Mapping[str, str], entry: str) -> Side:
        del entry
        return Side(files={**sources, **_ours("Wire", "Agent", "Description")}, entry="codezest/tests/Agent.java")

    def tests(self, tests: Mapping[str, str], sources: Mapping[str, str], entry: str, shape: str) -> Side:
        del sources, entry
        files = {**stand_ins(_shapes(shape, tests)), **tests, **_ours("Wire", "Tests", "Thrown", "Runner")}
        return Side(files=files, entry="codezest/tests/Runner.java")

    def request(
        self, asked: Sequence[tuple[str, float]], tests: Mapping[str, str], sources: Mapping[str, str], shape: str
    ) -> tuple[str, ...]:
        del sources
        names = [f"+{name}" for name, _ in asked]
        classes = [f"@{_class_of(name, text)}" for name, text in tests.items() if _TEST.search(text)]
        shapes = _shapes(shape, tests)
        return (*names, *classes, *(f"={name}" for name in shapes), *(f"!{name}" for name in hidden_by(shapes, tests)))


def _shapes(shape: str, tests: Mapping[str, str]) -> dict[str, Shape]:
    """By name, of the classes that the tests may see."""
    return {name: found for name, found in read_shapes(shape).items() if may_stand_in(name, tests)}


def _ours(*names: str) -> dict[str, str]:
    return own_files("java", {f"codezest/tests/{name}.java": f"{name}.java" for name in names})


def _class_of(name: str, text: str) -> str:
    package = package_of(text)
    simple = PurePosixPath(name).stem
    return f"{package}.{simple}" if package else simple
