"""The first process of a sandbox: takes requests from the host, one after the other, and has children run them.

Requests and answers are JSON, one message each; descriptors travel beside them.

    {"do": "prepare", "limits"}                       source, output            → PreparedResult
    {"do": "case", "limits", "idle", "extras", "room"} stdin, stdout, stderr[, args][, files] → CaseResult

It never reads what programs write, and holds nothing that they may not know: expected outputs stay with the host, and
arguments and files of a test are only read by children, because the next test's program inherits all memory of this one.
"""

import json
import os
import select
import signal
import socket
from typing import Any, NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.cgroup import MemoryGroup
from codezest_sandbox.confine import Streams
from codezest_sandbox.inside import ACCOUNT, map_account
from codezest_sandbox.limits import Limits
from codezest_sandbox.python_program import PythonProgram
from codezest_sandbox.supervise import PREPARED, Supervisor

LARGEST_MESSAGE = 1 << 16
_MOST_DESCRIPTORS = 5


def settle(proc: int, outer_account: tuple[int, int], seccomp_filter: kernel.SeccompFilter) -> None:
    """First of all: become the trusted process of a sandbox.

    Args:
        proc: descriptor of the host's /proc.
        outer_account: user and group, outside, as whom everything in the sandbox acts.
        seccomp_filter: for the whole sandbox.
    """
    kernel.die_with_parent(signal.SIGKILL)
    map_account(proc, inner=ACCOUNT, outer=outer_account)
    kernel.set_dumpable(False)
    kernel.bar_capabilities()
    kernel.set_host_name("sandbox")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    seccomp_filter.install()


def _prepare(
    program: PythonProgram, supervisor: Supervisor, request: dict[str, Any], given: list[int]
) -> dict[str, Any]:
    source, output = given
    limits = Limits.from_message(request["limits"])
    address_space, resident = supervisor.tree.own_memory()
    program.take_source(source)
    result = supervisor.run(
        lambda report: program.compile_source(limits, address_space, output, report), limits, resident
    )
    return result.as_message()


def _run_case(
    program: PythonProgram, supervisor: Supervisor, request: dict[str, Any], given: list[int]
) -> dict[str, Any]:
    limits = Limits.from_message(request["limits"])
    streams = Streams(*given[:3])
    address_space, _ = supervisor.tree.own_memory()
    extras: dict[str, int] = dict(zip(request["extras"], given[3:], strict=True))
    program.begin_case(limits, extras.get("files"), tuple(request["room"]))
    result = supervisor.run(
        lambda report: program.execute(limits, address_space, streams, extras.get("args"), report),
        limits,
        request["idle"],
    )
    program.end_case()
    return result.as_message()


def _rehearse(supervisor: Supervisor) -> None:
    """While nobody asks for anything yet: run a child that does nothing.

    It takes from the first request the cost of copying the pages that every run writes to.
    """

    def child(report: int) -> NoReturn:
        os.write(report, PREPARED)
        os._exit(0)

    supervisor.run(child, Limits(), 0)


def main(
    connection: socket.socket,
    proc: int,
    program: PythonProgram,
    memory_group: MemoryGroup | None,
) -> None:
    """Serve until the host closes the connection.

    Args:
        connection: requests come and answers go over it.
        proc: descriptor of the host's /proc.
        program: warm, and not yet given a source.
        memory_group: bounds this sandbox alone; this process was born into it.
    """
    supervisor = Supervisor(connection, proc, memory_group)
    if not select.select([connection], [], [], 0)[0]:
        _rehearse(supervisor)
    actions = {"prepare": _prepare, "case": _run_case}
    while True:
        message, given, _, _ = socket.recv_fds(connection, LARGEST_MESSAGE, _MOST_DESCRIPTORS)
        if not message:
            return
        request = json.loads(message)
        answer = actions[request["do"]](program, supervisor, request, given)
        for descriptor in given:
            os.close(descriptor)
        connection.send(json.dumps(answer).encode())
