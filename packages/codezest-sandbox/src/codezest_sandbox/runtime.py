"""What a sandbox is made for, and what a submission brings to it. Made by the host; crosses into the sandbox as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """All that is settled before a source is known, so that a sandbox can be made ready ahead."""

    kind: str = "python"
    """Which class of `codezest_sandbox.programs` serves it."""
    policy: str = "python"
    """Which list of system calls binds it: a key of `syscall_policy.POLICIES`."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Added to the bare environment of compile steps and runs."""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """For the kind: JSON values."""
    idle_resident_bytes: int = 0
    """Resident memory of a program that does nothing, which is not counted; what warm kinds measure themselves is 0."""
    bounded_address_space: bool = True
    """Whether RLIMIT_AS bounds each process. Go, Java and Node reserve far more than they use."""

    def as_message(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "policy": self.policy,
            "environment": dict(self.environment),
            "options": dict(self.options),
            "idle_resident_bytes": self.idle_resident_bytes,
            "bounded_address_space": self.bounded_address_space,
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "Runtime":
        return cls(**message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How one submission becomes a program."""

    files: Mapping[str, bytes]
    """Relative path → content: what the learner wrote, and what is put beside it."""
    entry: str
    """The main file's path."""
    steps: tuple[tuple[str, ...], ...] = ()
    """Commands that compile, run one after another in BUILD up to the first that fails."""
    run: tuple[str, ...] = ()
    """Command that runs the program; the arguments of a case follow."""
    in_work: bool = False
    """Whether the files are also placed in the directory where the program starts, as interpreted languages expect."""
    artifacts: tuple[str, ...] = ()
    """Paths in BUILD that are given back after compiling, to be placed there next time instead of compiling."""


def prepare_message(build: Build, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The request that compiles; the files travel beside it."""
    return {
        "do": "prepare",
        "entry": build.entry,
        "steps": build.steps,
        "run": build.run,
        "in_work": build.in_work,
        "artifacts": build.artifacts,
        "limits": limits,
    }
