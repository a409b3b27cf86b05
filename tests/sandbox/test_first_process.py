"""The first process of a sandbox when the host goes away without a word."""

import json
import os
import select
import socket
import threading
from collections.abc import Iterator

import pytest

from codezest_sandbox import Limits, zygote
from codezest_sandbox.programs.program import CaseRequest, PrepareRequest
from codezest_sandbox.result import CaseResult, Ending
from codezest_sandbox.runtime import Build, prepare_message
from codezest_sandbox.supervise import Supervisor

REQUEST = json.dumps(prepare_message(Build(files={}, entry="main"), Limits().as_message())).encode()


class _Program:
    """Compiles nothing, and lets the host go away while it does, if that is wanted."""

    def __init__(self, host: socket.socket | None = None) -> None:
        self._host = host
        self.prepared = 0

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        pass

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        del request, supervisor
        self.prepared += 1
        if self._host is not None:
            self._host.close()
        return CaseResult(ending=Ending.EXIT)

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult:
        raise NotImplementedError


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    host, sandbox = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with host, sandbox:
        yield host, sandbox


@pytest.fixture
def proc() -> Iterator[int]:
    descriptor = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


def _ask(host: socket.socket) -> None:
    given = [os.memfd_create("given") for _ in range(3)]
    socket.send_fds(host, [REQUEST], given)
    for descriptor in given:
        os.close(descriptor)


def test_it_ends_when_nobody_takes_its_answer(pair: tuple[socket.socket, socket.socket], proc: int) -> None:
    host, sandbox = pair
    program = _Program(host)
    _ask(host)
    zygote.main(sandbox, proc, program, None, 0)
    assert program.prepared == 1


def test_it_ends_when_an_answer_was_never_read(pair: tuple[socket.socket, socket.socket], proc: int) -> None:
    """To the kernel that is a connection reset, and no end of the messages."""
    host, sandbox = pair

    def leave_once_it_has_answered() -> None:
        assert select.select([host], [], [], 30)[0]
        host.close()

    _ask(host)
    leaving = threading.Thread(target=leave_once_it_has_answered)
    leaving.start()
    program = _Program()
    zygote.main(sandbox, proc, program, None, 0)
    leaving.join()
    assert program.prepared == 1
