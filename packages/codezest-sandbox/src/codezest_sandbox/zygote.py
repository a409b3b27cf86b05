"""The first process of a sandbox: takes requests from the host, one after the other, and has children run them.

Requests and answers are JSON, one message each; descriptors travel beside them.

    {"do": "prepare", "entry", "steps", "run", …, "limits"}  files, output, built                     → CaseResult
    {"do": "case", "limits", "idle", "extras", "room"}       stdin, stdout, stderr[, extras in order] → CaseResult

It never reads what programs write, and holds nothing that they may not know: expected outputs stay with the host, and
arguments and files of a test are only read by children, because the next test's program inherits all memory of this one.
"""

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import replace

from codezest_sandbox import kernel
from codezest_sandbox.cgroup import MemoryGroup
from codezest_sandbox.inside import ACCOUNT, map_account
from codezest_sandbox.keeper import become_keeper
from codezest_sandbox.places import Places, here, move_to
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest, Program
from codezest_sandbox.supervise import Supervisor

LARGEST_MESSAGE = 1 << 16
_MOST_DESCRIPTORS = 6


def settle(
    proc: int,
    outer_account: tuple[int, int],
    seccomp_filter: kernel.SeccompFilter,
    last: Callable[[], None] | None = None,
) -> None:
    """First of all: become the trusted process of a sandbox.

    Args:
        proc: descriptor of the host's /proc.
        outer_account: user and group, outside, as whom everything in the sandbox acts.
        seccomp_filter: for the whole sandbox.
        last: done just before the filter binds.
    """
    kernel.die_with_parent(signal.SIGKILL)
    map_account(proc, inner=ACCOUNT, outer=outer_account)
    kernel.set_dumpable(False)
    kernel.bar_capabilities()
    kernel.set_host_name("sandbox")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if last is not None:
        last()
    seccomp_filter.install()


def settle_in_the_open(places: Places, seccomp_filter: kernel.SeccompFilter) -> None:
    """As `settle`, where there are no namespaces. The parent is this sandbox's keeper.

    Raises:
        OSError, RuntimeError: Landlock does not hold.
    """
    kernel.die_with_parent(signal.SIGKILL)
    become_keeper()
    move_to(places)
    os.environ.update(HOME=places.work, TMPDIR=places.work)
    kernel.set_dumpable(False)
    kernel.drop_capabilities()
    seccomp_filter.install()


def main(
    connection: socket.socket,
    proc: int,
    program: Program,
    memory_group: MemoryGroup | None,
    number: int,
) -> None:
    """Serve until the host closes the connection.

    Args:
        connection: requests come and answers go over it.
        proc: descriptor of the host's /proc.
        program: not yet given a source.
        memory_group: bounds this sandbox alone; this process was born into it.
        number: of this sandbox among the launcher's.
    """
    supervisor = Supervisor(connection, proc, memory_group, number=number)
    program.warm(supervisor, hurried=bool(select.select([connection], [], [], 0)[0]))
    while True:
        try:
            message, given, _, _ = socket.recv_fds(connection, LARGEST_MESSAGE, _MOST_DESCRIPTORS)
        except ConnectionError:  # closed while an answer was on its way
            return
        if not message:
            return
        request = json.loads(message)
        if request["do"] == "prepare":
            request |= {name: here().translate(request[name]) for name in ("steps", "run")}
            result = program.prepare(PrepareRequest.from_message(request, given), supervisor)
        else:
            result = program.run_case(CaseRequest.from_message(request, given), supervisor)
            result = replace(result, ended_at=time.monotonic())  # before its descriptors are closed below
        for descriptor in given:
            os.close(descriptor)
        try:
            connection.send(json.dumps(result.as_message()).encode())
        except ConnectionError:
            return
