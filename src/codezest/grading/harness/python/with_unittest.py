"""Running the tests where pytest is not installed: unittest's classes, and functions called test… without arguments."""

import contextlib
import importlib
import io
import types
import unittest
from collections.abc import Callable, Sequence
from typing import Any

from codezest.grading.harness.python.reporter import Reporter, describe, matches


class _Result(unittest.TestResult):
    """Tells the reporter what went wrong."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        del test
        self._reporter.note(err[1], describe(err[1]))

    addError = addFailure  # noqa: N815  # unittest's name

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        del test
        if err is not None:
            self._reporter.note(err[1], f"{subtest.id()}: {describe(err[1])}")

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802  # unittest's name
        del test
        self._reporter.note(None, reason, skipped=True)

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        self.addFailure(test, err)

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802  # unittest's name
        del test
        self._reporter.note(None, "the test passed, though it was expected to fail")


def _runs(module: types.ModuleType, file: str, reporter: Reporter) -> list[tuple[str, Callable[[], object]]]:
    found: list[tuple[str, Callable[[], object]]] = []
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and issubclass(value, unittest.TestCase):
            for method in unittest.defaultTestLoader.getTestCaseNames(value):
                case = unittest.TestSuite([value(method)])  # which runs what the class sets up
                found.append((f"{file}::{name}::{method}", lambda case=case: case.run(_Result(reporter))))
        elif name.startswith("test") and isinstance(value, types.FunctionType):
            found.append((f"{file}::{name}", lambda value=value: _call(value, reporter)))
    return found


def _call(function: Callable[[], object], reporter: Reporter) -> None:
    try:
        function()
    except unittest.SkipTest as reason:
        reporter.note(None, str(reason), skipped=True)
    except BaseException as error:  # noqa: BLE001  # a test may raise anything
        reporter.note(error, describe(error))


def run(reporter: Reporter, files: Sequence[str]) -> None:
    """Run the tests that are asked for. The files are in the working directory."""
    runs: list[tuple[str, Callable[[], object]]] = []
    errors: list[str] = []
    for file in files:
        try:
            module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        except BaseException as error:  # noqa: BLE001  # the module may raise anything
            errors.append(describe(error))
        else:
            runs += _runs(module, file, reporter)
    chosen = {name: [each for path, each in runs if matches(name, path)] for name, _ in reporter.asked}
    reporter.collected([name for name, found in chosen.items() if found], errors)
    if reporter.tests.broken is not None:
        return
    for name, found in chosen.items():
        if not found:
            continue
        reporter.begin(name)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            for each in found:
                each()
        reporter.printed(printed.getvalue())
        if not reporter.end():
            return
