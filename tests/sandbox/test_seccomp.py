"""The filter, run in a small model of the kernel's filter machine, for both architectures; and the tables behind it."""

import errno
import re
import struct
from pathlib import Path

import pytest

from codezest_sandbox.seccomp import Instruction, assemble, filter_for_program, filter_for_sandbox
from codezest_sandbox.syscall_policy import COMMON, POLICIES, TRUSTED
from codezest_sandbox.syscalls import AMD64, ARM64, NUMBERS, number

ALLOW = 0x7FFF0000
KILL = 0x80000000
AUDIT = {AMD64: 0xC000003E, ARM64: 0xC00000B7}


def refused(error: int) -> int:
    return 0x00050000 | error


def decide(machine: str, call: int, *arguments: int, audit: int | None = None, policy: str = "python") -> int:
    """What the two filters on a program answer together, by the kernel's order of severity."""
    answers = [
        run(steps, machine, call, *arguments, audit=audit)
        for steps in (filter_for_sandbox(machine, policy), filter_for_program(machine, policy))
    ]
    return min(answers, key=lambda answer: struct.unpack("<i", struct.pack("<I", answer & 0xFFFF0000)))


def run(steps: list[Instruction], machine: str, call: int, *arguments: int, audit: int | None = None) -> int:
    """What one filter answers."""
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", call & 0xFFFFFFFF, AUDIT[machine] if audit is None else audit, 0, *padded)
    program = [Instruction(*fields) for fields in struct.iter_unpack("HBBI", assemble(steps))]
    position, accumulator = 0, 0
    while True:
        step = program[position]
        position += 1
        match step.code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, step.operand)
            case 0x54:
                accumulator &= step.operand
            case 0x05:
                position += step.operand
            case 0x15:
                position += step.if_true if accumulator == step.operand else step.if_false
            case 0x35:
                position += step.if_true if accumulator >= step.operand else step.if_false
            case 0x45:
                position += step.if_true if accumulator & step.operand else step.if_false
            case 0x06:
                return step.operand
            case _:
                pytest.fail(f"the model does not know {step}")


machines = pytest.mark.parametrize("machine", [AMD64, ARM64])
policies = pytest.mark.parametrize("policy", sorted(POLICIES))


@machines
def test_every_number_gets_the_answer_its_name_has(machine: str) -> None:
    column = 0 if machine == AMD64 else 1
    allowed = {NUMBERS[name][column] for name in COMMON}
    looked_at = {"clone", "mmap", "sendto", "socketpair", "prlimit64", "fcntl", "ioctl", "prctl", "arch_prctl"}
    special = {NUMBERS[name][column] for name in looked_at}
    soft = {NUMBERS[name][column]: errno.ENOSYS for name in ("clone3", "openat2")}
    soft |= {NUMBERS[name][column]: errno.ENOMEM for name in ("memfd_create", "memfd_secret")}
    soft |= {numbers[column]: errno.ENOTSUP for name, numbers in NUMBERS.items() if "xattr" in name}
    for call in range(600):
        if call in special:
            continue
        expected = ALLOW if call in allowed else refused(soft.get(call, errno.EPERM))
        assert decide(machine, call) == expected, call


@machines
def test_a_foreign_architecture_kills(machine: str) -> None:
    assert decide(machine, number("read", machine), audit=0x40000003) == KILL
    other = ARM64 if machine == AMD64 else AMD64
    assert decide(machine, number("read", machine), audit=AUDIT[other]) == KILL


def test_x32_kills() -> None:
    assert decide(AMD64, 0x40000000 | 39) == KILL
    assert decide(AMD64, 0xFFFFFFFF) == KILL


@machines
def test_numbers_beyond_the_table_are_refused(machine: str) -> None:
    assert decide(machine, 5000) == refused(errno.EPERM)


@machines
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (0x01200011,), ALLOW),
        ("clone", (0x003D0F00,), ALLOW),
        ("clone", (0x10000011,), refused(errno.EPERM)),
        ("clone", (0x00020011,), refused(errno.EPERM)),
        ("clone", (0x40000000,), refused(errno.EPERM)),
        ("clone", (0x00000080,), refused(errno.EPERM)),
        ("mmap", (0, 4096, 3, 0x22), ALLOW),
        ("mmap", (0, 4096, 3, 0x01), ALLOW),
        ("mmap", (0, 4096, 3, 0x21), refused(errno.ENOMEM)),
        ("mmap", (0, 4096, 3, 0x23), refused(errno.ENOMEM)),
        ("mmap", (0, 4096, 3, 0x40021), refused(errno.ENOMEM)),
        ("sendto", (3, 1, 1, 0, 0, 0), ALLOW),
        ("sendto", (3, 1, 1, 0, 0x7FFF00000000, 16), refused(errno.EPERM)),
        ("sendto", (3, 1, 1, 0, 0x1000, 16), refused(errno.EPERM)),
        ("socketpair", (1,), ALLOW),
        ("socketpair", (2,), refused(errno.EPERM)),
        ("prlimit64", (0,), ALLOW),
        ("prlimit64", (1,), refused(errno.EPERM)),
        ("fcntl", (0, 1030), ALLOW),
        ("fcntl", (0, 1033), refused(errno.EPERM)),
        ("fcntl", (0, 1031), refused(errno.EPERM)),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), refused(errno.ENOTTY)),
        ("prctl", (15,), ALLOW),
        ("prctl", (4,), refused(errno.EPERM)),
        ("prctl", (22,), refused(errno.EPERM)),
    ],
)
def test_arguments(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert decide(machine, number(name, machine), *arguments) == expected


@machines
@policies
def test_the_first_process_keeps_what_it_needs_and_no_more(machine: str, policy: str) -> None:
    steps = filter_for_sandbox(machine, policy)
    for name in TRUSTED:
        assert run(steps, machine, number(name, machine), 99, 99, 99, 99) == ALLOW
    for name in ("ptrace", "unshare", "setns", "bpf", "keyctl", "socket", "pivot_root", "open_tree"):
        assert run(steps, machine, number(name, machine)) == refused(errno.EPERM)


@machines
@policies
def test_the_kernel_takes_the_length(machine: str, policy: str) -> None:
    assert len(filter_for_sandbox(machine, policy)) + len(filter_for_program(machine, policy)) <= 4096


@machines
@policies
def test_no_policy_allows_what_reaches_others(machine: str, policy: str) -> None:
    for name in ("ptrace", "process_vm_readv", "mount", "unshare", "setns", "bpf", "keyctl", "socket", "connect"):
        assert decide(machine, number(name, machine), policy=policy) == refused(errno.EPERM), name


@pytest.mark.parametrize(
    ("header", "column", "pattern"),
    [
        ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", 0, r"#define __NR_(\w+)\s+(\d+)"),
        ("/usr/include/asm-generic/unistd.h", 1, r"#define __NR(?:3264)?_(\w+)\s+(\d+)"),
    ],
)
def test_numbers_are_those_of_the_kernels_headers(header: str, column: int, pattern: str) -> None:
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed")
    found = dict(re.findall(pattern, Path(header).read_text()))
    found.setdefault("newfstatat", found.get("fstatat", ""))
    compared = 0
    for name, numbers in NUMBERS.items():
        ours = numbers[column]
        if ours is not None and name in found:
            assert int(found[name]) == ours, name
            compared += 1
    assert compared > 150
