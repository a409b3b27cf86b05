"""Seeing to it that nothing outlives what it belongs to, without a process namespace that would end with its first process.

A keeper is the parent of one process, adopts every orphan below it, and stands in a Landlock domain of its own: its
`kill(-1)` reaches what it started and nothing else, all at once, so that no fork escapes. The processes it keeps cannot
signal it. There is one above the launcher, and one above each sandbox.
"""

import contextlib
import os
import signal
from collections.abc import Callable
from typing import NoReturn

from codezest_sandbox import kernel, landlock


def become_keeper() -> None:
    """Before the process to be kept is forked.

    Raises:
        OSError: Landlock cannot bound signals here.
        RuntimeError: it says it can, and does not.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    kernel.adopt_orphans()
    landlock.keep_to_own_processes()
    if not landlock.is_bounded():
        raise RuntimeError("Landlock does not keep this process from signalling its parent")


def keep(pid: int, finish: Callable[[], None]) -> NoReturn:
    """Wait for the end of a child, then end everything below this process, `finish`, and exit.

    Only after `become_keeper`.
    """
    status = 1
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        end_all()
        finish()
        status = 0
    finally:
        os._exit(status)


def end_all() -> None:
    """Kill all that this process may signal, and reap it. Only after `become_keeper`."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
