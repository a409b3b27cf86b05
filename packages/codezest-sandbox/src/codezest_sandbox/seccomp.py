"""The allow list of system calls, compiled to the kernel's filter language.

What ordinary programs need is allowed, with its arguments looked at where a call has dangerous uses. Everything else
fails with EPERM, which programs survive; a call made in a foreign calling convention kills. A few calls fail in the
way that makes libraries fall back (ENOSYS, ENOTSUP) or that programs understand as "no more memory" (ENOMEM).

There are two filters, of which the kernel lets the stricter decide: a large one for the whole sandbox, its trusted first
process included, and a small one for programs.
"""

import errno
import struct
from collections.abc import Iterator
from typing import NamedTuple

from codezest_sandbox.kernel import ALL_NAMESPACES, CLONE_NEWPID, CLONE_NEWTIME
from codezest_sandbox.syscall_policy import (
    AF_UNIX,
    ARCH_PRCTL_CODES,
    COMMON,
    FCNTL_COMMANDS,
    IOCTL_COMMANDS,
    MAP_SHARED_ANONYMOUS,
    MODES_AND_TIMES,
    POLICIES,
    PRCTL_OPTIONS,
    REFUSED_WITH,
    TRUSTED,
)
from codezest_sandbox.syscalls import AMD64, NUMBERS, number

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000
_AUDIT_ARCH = {AMD64: 0xC000003E, "arm64": 0xC00000B7}
_X32_BIT = 0x40000000

_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_ARGUMENTS = 0, 4, 16
_LOAD, _AND, _JUMP, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x54, 0x05, 0x15, 0x35, 0x45, 0x06


class Instruction(NamedTuple):
    """One step of the kernel's filter machine: the jumps count instructions to skip."""

    code: int
    if_true: int
    if_false: int
    operand: int


Block = list[Instruction]


def _answer(action: int) -> Block:
    return [Instruction(_RETURN, 0, 0, action)]


def _refuse(error: int) -> Block:
    return _answer(_ERRNO | error)


def _argument(index: int, *, high: bool = False) -> Instruction:
    return Instruction(_LOAD, 0, 0, _OFFSET_ARGUMENTS + 8 * index + (4 if high else 0))


def _argument_among(index: int, values: tuple[int, ...], otherwise: int) -> Block:
    tests = [Instruction(_IF_EQUAL, len(values) - position, 0, value) for position, value in enumerate(values)]
    return [_argument(index), *tests, *_refuse(otherwise), *_answer(_ALLOW)]


def _guarded() -> dict[str, Block]:
    """Calls that are allowed for some arguments."""
    return {
        "clone": [
            _argument(0),
            Instruction(_IF_ANY_BIT, 1, 0, ALL_NAMESPACES | CLONE_NEWTIME),
            *_answer(_ALLOW),
            *_refuse(errno.EPERM),
        ],
        "mmap": [  # what is shared and nameless outlives its mapping, and no resource limit counts it
            _argument(3),
            Instruction(_AND, 0, 0, MAP_SHARED_ANONYMOUS),
            Instruction(_IF_EQUAL, 1, 0, MAP_SHARED_ANONYMOUS),
            *_answer(_ALLOW),
            *_refuse(errno.ENOMEM),
        ],
        "sendto": [  # on a connected pair only: an address would reach other sockets
            _argument(4),
            Instruction(_IF_EQUAL, 0, 3, 0),
            _argument(4, high=True),
            Instruction(_IF_EQUAL, 0, 1, 0),
            *_answer(_ALLOW),
            *_refuse(errno.EPERM),
        ],
        "socketpair": _argument_among(0, (AF_UNIX,), errno.EPERM),
        "prlimit64": _argument_among(0, (0,), errno.EPERM),  # 0 is the caller: PID 1's limits are not to be touched
        "fcntl": _argument_among(1, FCNTL_COMMANDS, errno.EPERM),
        "ioctl": _argument_among(1, IOCTL_COMMANDS, errno.ENOTTY),
        "prctl": _argument_among(0, PRCTL_OPTIONS, errno.EPERM),
        "arch_prctl": _argument_among(0, ARCH_PRCTL_CODES, errno.EINVAL),
    }


def _blocks(policy: str) -> dict[str, Block]:
    """What programs get, by name; calls that are not named are refused."""
    chosen = POLICIES[policy]
    named = {name: _refuse(error) for error, names in REFUSED_WITH.items() for name in names}
    named |= {name: _answer(_ALLOW) for name in (*COMMON, *chosen.more)}
    guarded = _guarded()
    if chosen.shared_memory:
        guarded["mmap"] = _answer(_ALLOW)
    return named | guarded


def _by_number(blocks: dict[str, Block], machine: str) -> dict[int, Block]:
    column = 0 if machine == AMD64 else 1
    return {number(name, machine): block for name, block in blocks.items() if NUMBERS[name][column] is not None}


def _ranges(blocks: dict[int, Block]) -> Iterator[tuple[int, Block]]:
    """(first number, block) for runs of numbers that get the same answer, in order."""
    default = _refuse(errno.EPERM)
    previous: Block = default
    yield 0, blocks.get(0, default)
    previous = blocks.get(0, default)
    for candidate in range(1, max(blocks) + 2):
        block = blocks.get(candidate, default)
        if block != previous:
            yield candidate, block
            previous = block


def _search(ranges: list[tuple[int, Block]]) -> Block:
    """Binary search for the range that holds the number, which must be in the accumulator."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    if len(below) <= 255:  # jumps have eight bits
        return [Instruction(_IF_AT_LEAST, len(below), 0, ranges[middle][0]), *below, *above]
    return [
        Instruction(_IF_AT_LEAST, 0, 1, ranges[middle][0]),
        Instruction(_JUMP, 0, 0, len(below)),
        *below,
        *above,
    ]


_TRUSTED_GUARDED = {
    "sendmsg": _answer(_ALLOW),  # whatever address it names: there is no socket that could be connected
    "unshare": _argument_among(0, (CLONE_NEWPID,), errno.EPERM),
}
"""What only some policies trust their own processes with, and only so far."""


def filter_for_sandbox(machine: str, policy: str) -> Block:
    """The large filter of a policy, which a sandbox's first process puts on once and every program inherits."""
    program = [
        Instruction(_LOAD, 0, 0, _OFFSET_ARCH),
        Instruction(_IF_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        *_answer(_KILL_PROCESS),
        Instruction(_LOAD, 0, 0, _OFFSET_NUMBER),
    ]
    if machine == AMD64:
        program += [Instruction(_IF_AT_LEAST, 0, 1, _X32_BIT), *_answer(_KILL_PROCESS)]
    blocks = _blocks(policy) | dict.fromkeys(TRUSTED, _answer(_ALLOW))
    blocks |= {name: _TRUSTED_GUARDED[name] for name in POLICIES[policy].trusted}
    return program + _search(list(_ranges(_by_number(blocks, machine))))


def filter_for_program(machine: str, policy: str, *, owns_files: bool = False) -> Block:
    """The small filter that takes from a program what the first process may do. The stricter of the two decides.

    It is small because the kernel checks and compiles it anew for every case.

    Args:
        machine: its architecture.
        policy: key of POLICIES.
        owns_files: programs see the file systems of the host, under an account that owns something there.
    """
    program = [Instruction(_LOAD, 0, 0, _OFFSET_NUMBER)]
    blocks = _blocks(policy)
    taken = {name: blocks.get(name) or _refuse(errno.EPERM) for name in (*TRUSTED, *POLICIES[policy].trusted)}
    if owns_files:
        column = 0 if machine == AMD64 else 1
        taken |= {name: _refuse(0) for name in MODES_AND_TIMES if NUMBERS[name][column] is not None}
    for name, block in taken.items():
        program += [Instruction(_IF_EQUAL, 0, len(block), number(name, machine)), *block]
    return program + _answer(_ALLOW)


def assemble(program: Block) -> bytes:
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
