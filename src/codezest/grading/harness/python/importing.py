"""How tests import the learner's modules."""

import importlib.abc
import types
from collections.abc import Callable, Sequence
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from typing import Any

from codezest.grading.harness.python.remote import RemoteError, Tests
from codezest.grading.harness.python.standins import RemoteModule
from codezest.grading.harness.python.wire import LinkBroken


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the learner's modules on the other side.

    What is here has its name to itself: no file of the learner's stands for the standard library, for pytest, or for a file
    of the author's.
    """

    def __init__(self, tests: Tests, names: Sequence[str]) -> None:
        self._tests = tests
        self._names = frozenset(names)
        self.on_error: Callable[[BaseException], None] = lambda _: None
        """Called with what the learner's module raised when it was imported."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        del target
        if fullname not in self._names:
            return None
        here = _found_here(fullname, path)
        if here is not None and here.loader is not None:
            return None
        spec = ModuleSpec(fullname, self, is_package=any(name.startswith(f"{fullname}.") for name in self._names))
        if here is not None:  # a folder that holds files of the author's, and is a package of the learner's
            spec.submodule_search_locations = list(here.submodule_search_locations or ())
        return spec

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
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
        module.__name__ = spec.name  # by which its submodules are looked for
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """It has been, on the other side."""


def _found_here(fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """What would be imported if there were no learner; without a loader if it is but a folder."""
    for finder in (BuiltinImporter, FrozenImporter, PathFinder):
        spec = finder.find_spec(fullname, path)
        if spec is not None:
            return spec
    return None
