"""Running the tests by pytest."""

from collections.abc import Sequence
from typing import Any

import pytest

from codezest.grading.harness.python.reporter import Reporter, matches

_OPTIONS = ("-q", "--tb=short", "-p", "no:cacheprovider", "--rootdir=.", "--import-mode=prepend", "-c", "/dev/null")


class _Plugin:
    """Chooses tests, and tells the reporter how they went."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._errors: list[str] = []
        self._names: dict[str, str] = {}
        self._left: dict[str, int] = {}
        self._running = ""

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._errors.append(str(report.longrepr))

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        chosen: list[Any] = []
        for name, _ in self._reporter.asked:
            found = [item for item in items if item.nodeid not in self._names and matches(name, item.nodeid)]
            for item in found:
                self._names[item.nodeid] = name
            if found:
                self._left[name] = len(found)
            chosen += found
        items[:] = [] if self._reporter.tests.broken is not None else chosen
        self._reporter.collected(list(self._left), self._errors)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        name = self._names[nodeid]
        if name != self._running:
            self._running = name
            self._reporter.begin(name)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
        report = yield
        del item
        if report.outcome != "passed":
            crash = getattr(report.longrepr, "reprcrash", None)
            message = crash.message if crash is not None else str(report.longrepr)
            error = None if call.excinfo is None else call.excinfo.value
            self._reporter.note(error, message, skipped=report.outcome == "skipped")
        elif hasattr(report, "wasxfail"):
            self._reporter.note(None, "the test passed, though it was expected to fail")
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "teardown":
            self._reporter.printed(report.capstdout)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        name = self._names[nodeid]
        self._left[name] -= 1
        if not self._left[name] and not self._reporter.end():
            self.stop()

    def pytest_sessionstart(self, session: Any) -> None:
        self._session = session

    def stop(self) -> None:
        self._session.shouldstop = "the program is gone"


def run(reporter: Reporter, files: Sequence[str]) -> None:
    """Run the tests that are asked for. The files are in the working directory."""
    pytest.main([*_OPTIONS, "--continue-on-collection-errors", *files], plugins=[_Plugin(reporter)])
