"""How tests import the learner's modules."""

import importlib.abc
import importlib.machinery
import types
from collections.abc import Callable, Sequence
from typing import Any

from codezest.grading.harness.python.remote import RemoteError, Tests
from codezest.grading.harness.python.standins import RemoteModule
from codezest.grading.harness.python.wire import LinkBroken


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the learner's modules on the other side."""

    def __init__(self, tests: Tests, names: Sequence[str]) -> None:
        self._tests = tests
        self._names = frozenset(names)
        self.on_error: Callable[[BaseException], None] = lambda _: None
        """Called with what the learner's module raised when it was imported."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname in self._names:
            return importlib.machinery.ModuleSpec(
                fullname, self, is_package=any(name.startswith(f"{fullname}.") for name in self._names)
            )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        try:
            answer = self._tests.ask("import", spec.name)
        except SystemExit as leaving:
            error = RemoteError(f"the program ended while it was imported: exit({leaving})")
            self.on_error(error)
            raise error from None
        except Exception as error:
            self.on_error(error)
            raise
        try:
            module = self._tests.decode(answer[0])
            names = [str(name) for name in answer[1]]
            if not isinstance(module, RemoteModule):
                raise TypeError("this is no module")  # noqa: TRY301  # as everything that is none
        except Exception as nonsense:
            self._tests.broken = "nonsense"
            raise LinkBroken("nonsense") from nonsense
        module.__all__ = names
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """It has been, on the other side."""
