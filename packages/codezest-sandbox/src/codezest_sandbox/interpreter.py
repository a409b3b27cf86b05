"""Which Python the submissions run under, and where it stands inside the sandbox."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath

from codezest_sandbox.inside import PYTHON
from codezest_sandbox.tiers import IsolationUnavailable

_DESCRIBE = (
    "import json,os,platform,sys;"
    "print(json.dumps([os.path.realpath(getattr(sys,'_base_executable',sys.executable)),"
    "os.path.realpath(sys.base_prefix),platform.python_implementation(),platform.python_version()]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A base interpreter: never a virtual environment, never a shim."""

    executable: str
    """Real path on the host."""
    prefix: str
    """Real path on the host of the tree that holds its standard library."""
    version: str
    """As shown to people: `CPython 3.11.7`."""

    @property
    def inside_usr(self) -> bool:
        return PurePosixPath(self.prefix).is_relative_to("/usr") and PurePosixPath(self.executable).is_relative_to(
            "/usr"
        )

    @property
    def inner_executable(self) -> str:
        """Path inside the sandbox."""
        if self.inside_usr:
            return self.executable
        return str(PYTHON / PurePosixPath(self.executable).relative_to(self.prefix))


def find_interpreter(path: str | None = None) -> Interpreter:
    """The base interpreter behind `path`, or behind this process.

    Raises:
        IsolationUnavailable: there is no usable CPython of at least 3.11 there.
    """
    chosen: str = path or getattr(sys, "_base_executable", None) or sys.executable
    try:
        answer = subprocess.run(  # noqa: S603  # an operator names the interpreter
            [chosen, "-I", "-S", "-c", _DESCRIBE], capture_output=True, check=True, timeout=20, cwd="/", env={}
        ).stdout
        executable, prefix, implementation, version = json.loads(answer)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise IsolationUnavailable(f"{chosen} is not a Python interpreter that starts: {error}") from error
    if implementation != "CPython" or tuple(map(int, version.split(".")[:2])) < (3, 11):
        raise IsolationUnavailable(f"{chosen} is {implementation} {version}; submissions need CPython 3.11 or newer")
    interpreter = Interpreter(executable=executable, prefix=prefix, version=f"{implementation} {version}")
    if not interpreter.inside_usr and os.path.commonpath([executable, prefix]) != prefix:
        raise IsolationUnavailable(f"{executable} lies outside its own prefix {prefix}; choose another interpreter")
    return interpreter
