"""Entry of the tests' sandbox: runs the author's tests against stand-ins, and reports on a descriptor of its own.

    argument   {"tests": [[name, seconds], …], "files": […], "modules": […]}
    report     one line of JSON for each test that ended: test, outcome, kind, message, seconds, printed
               or {"broken": ended|late|nonsense, "test": name or null, …}, after which nothing more is run

Outcomes: passed, failed, skipped, missing. Kinds of failure: wrong (the tests are not content), raised (an exception of the
learner's), author (the tests themselves are at fault).
"""

import json
import os
import sys

from codezest.grading.harness.python.importing import Finder
from codezest.grading.harness.python.remote import Tests
from codezest.grading.harness.python.reporter import REPORT, Reporter, describe, write

_PYTEST = "/toolchains/pytest"


def main() -> None:
    """Run what is asked for, and end."""
    os.dup2(1, REPORT, inheritable=False)
    nowhere = os.open("/dev/null", os.O_WRONLY)
    os.dup2(nowhere, 1)
    request = json.loads(sys.argv[1])
    tests = Tests()
    reporter = Reporter(tests, [(str(name), float(seconds)) for name, seconds in request["tests"]])
    reporter.bound(max(seconds for _, seconds in reporter.asked))
    finder = Finder(tests, request["modules"])
    finder.on_error = tests.on_error = reporter.note_import
    sys.meta_path.insert(0, finder)
    own_modules = {name.removesuffix(".py").replace("/", ".") for name in request["files"]}
    tests.open_modules = frozenset(own_modules | {"unittest.mock"})
    if os.path.isdir(_PYTEST):  # noqa: PTH112
        sys.path.append(_PYTEST)
        from codezest.grading.harness.python.with_pytest import run
    else:
        from codezest.grading.harness.python.with_unittest import run
    try:
        run(reporter, [name for name in request["files"] if os.path.basename(name).startswith("test")])  # noqa: PTH119
    except BaseException as error:  # noqa: BLE001  # whatever it is, the tests are not passed
        write({"broken": tests.broken or "tests", "test": None, "message": describe(error)})
    os._exit(0)
