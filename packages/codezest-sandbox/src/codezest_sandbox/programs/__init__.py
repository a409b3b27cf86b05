"""What a sandbox's first process does for each kind of program, by kind."""

from collections.abc import Callable

from codezest_sandbox.kernel import SeccompFilter
from codezest_sandbox.programs.command import CommandProgram
from codezest_sandbox.programs.java import JavaProgram
from codezest_sandbox.programs.node import NodeProgram
from codezest_sandbox.programs.postgres import PostgresProgram
from codezest_sandbox.programs.program import Program
from codezest_sandbox.programs.python import PythonProgram
from codezest_sandbox.runtime import Runtime

PROGRAMS: dict[str, Callable[[Runtime, SeccompFilter], Program]] = {
    "command": CommandProgram,
    "java": JavaProgram,
    "postgres": PostgresProgram,
    "python": PythonProgram,
}

OPEN_KINDS = frozenset({"command", "python"})
"""Kinds that need no namespaces of their own."""

__all__ = ["OPEN_KINDS", "PROGRAMS", "NodeProgram", "Program", "PythonProgram"]
