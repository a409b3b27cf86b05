"""What has been asked of the tests' side, and what came of it, told on a descriptor of its own."""

import json
import os
import signal
import time
import traceback
from collections.abc import Sequence
from typing import Any

from codezest.grading.harness.python.remote import Tests
from codezest.grading.harness.python.wire import LinkBroken

REPORT = 30
"""The descriptor."""
_LONGEST = 4000
_LATER_SECONDS = 1.0
"""How much longer the tests may take by themselves, with what the learner's code returned, than to wait for it."""


class Reporter:
    """What has been asked for, and what came of it."""

    def __init__(self, tests: Tests, asked: Sequence[tuple[str, float]]) -> None:
        self.tests = tests
        self.asked = asked
        self.import_error: BaseException | None = None
        self._began = 0.0
        self._failure: dict[str, Any] | None = None
        self._printed: list[str] = []
        self._name = ""
        self._ended: set[str] = set()

    def note_import(self, error: BaseException) -> None:
        """The learner's code raised something before any test began."""
        self.import_error = error

    def bound(self, seconds: float) -> None:
        """Let what follows take so long, and end this process if it does not come to an end by itself.

        A value may be endless work, as `range(2**62)` is: whoever sums it up looks at no clock, and at no signal either.
        """
        self.tests.link.deadline = time.monotonic() + seconds
        signal.setitimer(signal.ITIMER_REAL, seconds + _LATER_SECONDS)

    def begin(self, name: str) -> None:
        """A test function, or the first of those that a name stands for."""
        self._name, self._began, self._failure, self._printed = name, time.monotonic(), None, []
        self.tests.collecting = False
        self.bound(dict(self.asked)[name])
        self.tests.forget()

    def note(self, error: BaseException | None, message: str, *, skipped: bool = False) -> None:
        """Something went wrong in the test that runs. Only the first counts."""
        if self._failure is None:
            kind = "raised" if error is not None and came_from_learner(error) else "wrong"
            if isinstance(error, LinkBroken):
                message = ""
            place = place_of(error) if error is not None else ""
            self._failure = {
                "outcome": "skipped" if skipped else "failed",
                "kind": kind,
                "message": (message[:_LONGEST] + place),
            }

    def printed(self, text: str) -> None:
        self._printed.append(text[:_LONGEST])

    def end(self) -> bool:
        """Report the test that ran. Returns whether more may be run."""
        name, self._name = self._name, ""
        self._ended.add(name)
        told = {"test": name, "seconds": time.monotonic() - self._began, "printed": "".join(self._printed)[:_LONGEST]}
        self.tests.link.deadline = None
        if self.tests.broken is not None:
            write({"broken": self.tests.broken, **told})
            return False
        write({**told, **(self._failure or {"outcome": "passed"})})
        return True

    def collected(self, names: Sequence[str], errors: Sequence[str]) -> None:
        """Once it is known which of the tests there are. `errors`: why some could not be looked for."""
        if self.tests.broken is not None:
            write({"broken": self.tests.broken, "test": None})
            return
        for name, _ in self.asked:
            if name not in names:
                learners = self.import_error is not None and bool(errors)
                message = describe(self.import_error) if self.import_error and errors else "\n".join(errors)
                write(
                    {
                        "test": name,
                        "outcome": "failed" if learners else "missing",
                        "kind": "raised" if learners else "author",
                        "message": message[:_LONGEST],
                        "seconds": 0.0,
                        "printed": "",
                    }
                )


def write(report: dict[str, Any]) -> None:
    view = memoryview(json.dumps(report).encode("utf-8", "replace") + b"\n")
    while view:
        view = view[os.write(REPORT, view) :]


def came_from_learner(error: BaseException) -> bool:
    """Whether the learner's code raised it, and no assertion of the tests about it."""
    return "remote_trace" in vars(error)


def place_of(error: BaseException) -> str:
    trace = vars(error).get("remote_trace")
    if not trace:
        return ""
    file, line, _ = trace[-1]
    return f" ({file}, line {line})"


def describe(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip() + place_of(error)


def matches(name: str, path: str) -> bool:
    """Whether a test, as `file.py::Class::test_x[1]`, is meant by a name of the specification."""
    inner = path.partition("::")[2]
    last = (
        inner.rpartition("::")[2]
        if "[" not in inner
        else inner[inner[: inner.index("[")].rfind("::") + 1 :].lstrip(":")
    )
    forms = {path, inner, last, inner.replace("::", ".")}
    forms |= {form.partition("[")[0] for form in forms}
    return name in forms
