"""The shape of what serves one kind of program inside a sandbox, and what it is asked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from codezest_sandbox.confine import Streams
from codezest_sandbox.limits import Limits
from codezest_sandbox.result import CaseResult
from codezest_sandbox.supervise import Supervisor


def content(descriptor: int) -> bytes:
    """All of a memory file."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareRequest:
    """Compile a submission. Descriptors belong to the caller, who closes them afterwards."""

    entry: str
    steps: tuple[tuple[str, ...], ...]
    run: tuple[str, ...]
    in_work: bool
    artifacts: tuple[str, ...]
    limits: Limits
    files: int
    """An archive of the submission's files. They are the learner's own, and may be read."""
    output: int
    """Where compilers write to."""
    built: int
    """Where an archive of the artifacts is wanted; empty if there are none."""

    @classmethod
    def from_message(cls, message: Mapping[str, Any], given: list[int]) -> "PrepareRequest":
        files, output, built = given
        return cls(
            entry=message["entry"],
            steps=tuple(tuple(step) for step in message["steps"]),
            run=tuple(message["run"]),
            in_work=message["in_work"],
            artifacts=tuple(message["artifacts"]),
            limits=Limits.from_message(message["limits"]),
            files=files,
            output=output,
            built=built,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRequest:
    """Run the program once. Nothing of `streams` and `extras` is to be read by this process, but only by children."""

    limits: Limits
    idle_resident_bytes: int
    streams: Streams
    room: tuple[int, int]
    """How many files the test has, and their bytes."""
    extras: Mapping[str, int] = field(default_factory=dict[str, int])
    """Descriptors: `args` and `files` as JSON, `link` as the program's descriptor 3."""

    @classmethod
    def from_message(cls, message: Mapping[str, Any], given: list[int]) -> "CaseRequest":
        first, second = message["room"]
        return cls(
            limits=Limits.from_message(message["limits"]),
            idle_resident_bytes=message["idle"],
            streams=Streams(*given[:3]),
            room=(first, second),
            extras=dict(zip(message["extras"], given[3:], strict=True)),
        )


class Program(Protocol):
    """Lives in the first process of one sandbox, for one submission."""

    def warm(self, supervisor: Supervisor, *, hurried: bool) -> None:
        """Once, before any request is looked at. `hurried`: a request waits already."""
        ...

    def prepare(self, request: PrepareRequest, supervisor: Supervisor) -> CaseResult:
        """Compile, in confined children. Exit status 0 means that cases may follow."""
        ...

    def run_case(self, request: CaseRequest, supervisor: Supervisor) -> CaseResult: ...
