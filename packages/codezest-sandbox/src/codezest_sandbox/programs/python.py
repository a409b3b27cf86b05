"""A learner's Python program: compiled once, then run by a fresh child for each case.

Both happen in confined children. The first process of the sandbox only keeps the descriptor of the compiled code, in a
memory file, and never looks into it.
"""

import atexit
import builtins
import contextlib
import gc
import io
import json
import marshal
import os
import random
import signal
import sys
import threading
import traceback
import types
from collections.abc import Mapping
from typing import Any, NoReturn, TextIO

from codezest_sandbox.archive import unpack
from codezest_sandbox.confine import Streams, WorkDirectory, apply_limits, give_up_rights, use_streams
from codezest_sandbox.kernel import SeccompFilter, SignalGate
from codezest_sandbox.places import here
from codezest_sandbox.programs.command import begin_work
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, content
from codezest_sandbox.result import CaseResult
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.supervise import PREPARED, Supervisor, rehearse

_CANNOT_COMPILE = 1
_CANNOT_FLUSH = 120  # as the interpreter itself does
_DEFAULT_ENTRY = "main.py"


class PythonProgram:
    """Made once by the launcher, so that whatever takes time, or touches memory, is done before the first case."""

    def __init__(self, runtime: Runtime, seccomp_filter: SeccompFilter) -> None:
        del runtime  # there is nothing to choose
        self._filter = seccomp_filter
        self._streams = _streams_on_empty_files()
        self._module = types.ModuleType("__main__")
        vars(self._module).update(__builtins__=builtins, __cached__=None)
        self._work = WorkDirectory()
        self._code = -1
        self._files: dict[str, bytes] = {}
        self._needs_collection = False
        self._enter(_DEFAULT_ENTRY)

    def _enter(self, entry: str) -> None:
        self._entry = entry
        self._module.__file__ = f"{here().work}/{entry}"
        sys.argv[:] = [entry]
        sys.orig_argv[:] = [sys.executable, entry]

    def make_interpreter_look_fresh(self) -> None:
        """Once, in the launcher: let this interpreter look as one that has just been started on a program."""
        sys.stdin, sys.stdout, sys.stderr = self._streams
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = self._streams  # pyright: ignore[reportConstantRedefinition]
        sys.path[:] = [here().work, *(entry for entry in sys.path if entry.startswith(sys.base_prefix))]
        sys.modules["__main__"] = self._module
        for name in [name for name in sys.modules if name.partition(".")[0] == "codezest_sandbox"]:
            del sys.modules[name]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._interrupts = SignalGate(signal.SIGINT)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        if not hurried:
            rehearse(supervisor)

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        self._files = unpack(content(request.files))
        if request.entry != self._entry or sys.path[0] != here().work:
            sys.path[0] = here().work
            self._enter(request.entry)
        # Nothing else tells whether rubbish was collected.
        self._needs_collection = any(b"__del__" in text or b"weakref" in text for text in self._files.values())
        self._code = os.memfd_create("code")
        address_space, resident = supervisor.tree.own_memory()
        return supervisor.run(lambda report: self._compile(request, address_space, report), request.limits, resident)

    def _compile(self, request: PrepareRequest, address_space: int, report: int) -> NoReturn:
        """In a child: compile, and leave the code for the cases. Ends with _CANNOT_COMPILE and the reason in `output`."""
        status = _CANNOT_COMPILE
        try:
            report = use_streams(Streams(self._code, request.output, request.output), report)
            apply_limits(request.limits, address_space)
            give_up_rights(self._filter)
            os.write(report, PREPARED)
            status = _compile_all(self._files, self._entry, code_file=0)
        except BaseException as error:  # noqa: BLE001  # running out of memory included
            os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
        finally:
            os._exit(status)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        address_space, _ = supervisor.tree.own_memory()
        begin_work(self._work, request, self._files)
        random.seed()
        result = supervisor.run(
            lambda report: self._execute(request, address_space, report), request.limits, request.idle_resident_bytes
        )
        self._work.leave()
        return result

    def _execute(self, request: CaseRequest, address_space: int, report: int) -> NoReturn:
        """In a child: set up, and become the learner's program."""
        status = 1
        try:
            try:
                if "args" in request.extras:
                    sys.argv[1:] = json.loads(content(request.extras["args"]))
                    sys.orig_argv[2:] = sys.argv[1:]
                code = marshal.loads(content(self._code))  # noqa: S302  # written by our own compiler
                os.chdir(here().work)
                report = use_streams(request.streams, report, request.extras.get("link"))
                apply_limits(request.limits, address_space)
                give_up_rights(self._filter)
                self._interrupts.open()
            except BaseException as error:  # whatever failed, no learner's code has run
                os.write(report, f"{type(error).__name__}: {error}".encode())
                raise
            os.write(report, PREPARED)
            os.close(report)
            status = self._run(code)
        finally:
            os._exit(status)

    def _run(self, code: types.CodeType) -> int:
        """Run as `python FILE` would, to the exit status."""
        namespace = vars(self._module)
        status = 0
        try:
            exec(code, namespace)  # noqa: S102  # this is what the sandbox is for
        except SystemExit as leaving:
            status = _exit_status(leaving)
        except BaseException as error:  # noqa: BLE001  # reported as the interpreter reports it
            status = 1
            _report(error)
        return self._finish(namespace, status)

    def _finish(self, namespace: dict[str, Any], status: int) -> int:
        """What the interpreter does at its end: threads, exit functions, destructors, buffers."""
        threading._shutdown()  # pyright: ignore[reportAttributeAccessIssue]  # noqa: SLF001  # there is no public name
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001  # as above
        for private_first in (True, False):
            for name in list(namespace):
                if name != "__builtins__" and (private_first == (name.startswith("_") and not name.startswith("__"))):
                    namespace[name] = None
        if self._needs_collection:
            gc.collect()
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (OSError, ValueError):
            return status or _CANNOT_FLUSH
        return status


def _compile_all(files: Mapping[str, bytes], entry: str, code_file: int) -> int:
    """Compile every Python file, so that what cannot be compiled is known before anything runs; keep the entry's code."""
    codes: dict[str, types.CodeType] = {}
    for name, source in files.items():
        if name == entry or name.endswith(".py"):
            try:
                codes[name] = compile(source, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
                sys.stderr.write("".join(traceback.format_exception_only(error)))
                sys.stderr.flush()
                return _CANNOT_COMPILE
    compiled = marshal.dumps(codes[entry])
    if os.write(code_file, compiled) < len(compiled):  # cut off by the limit on files
        sys.stderr.write("the program is too large once it is compiled\n")
        sys.stderr.flush()
        return _CANNOT_COMPILE
    return 0


def _streams_on_empty_files() -> tuple[TextIO, TextIO, TextIO]:
    """Standard streams on descriptors 0, 1 and 2, which will be empty memory files as they are now."""
    kept = [os.dup(number) for number in range(3)]
    empty = os.memfd_create("empty")
    for number in range(3):
        os.dup2(empty, number)
    stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
    stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8")
    errors = io.BufferedWriter(io.FileIO(2, "w", closefd=False))
    stderr = io.TextIOWrapper(errors, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    for number, descriptor in enumerate(kept):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.close(empty)
    return stdin, stdout, stderr


def _exit_status(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    _write_line(sys.stderr, str(leaving.code))
    return 1


def _write_line(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        stream.write(text + "\n")


def _report(error: BaseException) -> None:
    frames = error.__traceback__
    error.__traceback__ = frames.tb_next if frames else None  # the first frame is ours
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    sys.excepthook(type(error), error, error.__traceback__)
