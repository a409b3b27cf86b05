"""What programs without a runtime of their own have in common: how they end, by the numbers that shells give signals."""

import re
import signal

from codezest.grading.languages.language import Crash
from codezest_db.enums import Verdict

SIGNAL_BASE = 128
"""A program ended by signal N is said to have exit status SIGNAL_BASE + N."""

_UNCAUGHT = re.compile(r"terminate called after throwing an instance of '([^']+)'(?:\s+what\(\):\s*(.*))?")
_ASSERTION = re.compile(
    r"^[^\n]*?: ?(?P<file>[\w./+-]+):(?P<line>\d+): .*?Assertion `(?P<text>.*)' failed\.$", re.MULTILINE
)
_HEAP = re.compile(r"double free|free\(\): |malloc\(\): |realloc\(\): |munmap_chunk\(\)|corrupted|malloc_consolidate")

_THROWN_HINTS = {
    "std::out_of_range": "An index or a number is outside the range that is allowed.",
    "std::invalid_argument": "A text could not be turned into a number.",
    "std::length_error": "Something was asked to grow beyond every limit; perhaps a negative size became a huge one.",
    "std::bad_optional_access": "An optional value was read that is not there.",
    "std::bad_variant_access": "A variant was read as a type that it does not hold.",
    "std::system_error": "The system refused something, for instance to start more threads.",
}

_SIGNAL_TEXTS = {
    signal.SIGABRT: "Your program aborted itself.",
    signal.SIGSEGV: (
        "Your program touched memory that is not its own. Usual reasons: an index outside an array, a null pointer, "
        "endless recursion, or a very large local array."
    ),
    signal.SIGBUS: "Your program touched memory that is not there.",
    signal.SIGFPE: "Your program divided a whole number by zero, or overflowed in a division.",
    signal.SIGILL: "Your program ran into an instruction that does not exist; perhaps a function lacks its return.",
    signal.SIGTRAP: "Your program stopped itself at a trap; perhaps a function lacks its return.",
    signal.SIGPIPE: "Your program wrote to something that nobody reads any more.",
    signal.SIGSYS: "Your program was stopped: it called the system in a way that is not allowed here.",
    signal.SIGKILL: "Your program was killed.",
}

OUT_OF_MEMORY = Crash(verdict=Verdict.MLE, message="Your program needed more memory than this test allows.")


def exit_status_message(exit_status: int) -> str:
    return f"Your program ended with exit status {exit_status}; a program that succeeds ends with 0."


def signal_of(exit_status: int) -> signal.Signals | None:
    try:
        return signal.Signals(exit_status - SIGNAL_BASE)
    except ValueError:
        return None


def runtime_error(message: str) -> Crash:
    return Crash(verdict=Verdict.RE, message=message)


def explain_native_crash(exit_status: int, stderr: str) -> Crash:
    """For C and C++: uncaught exceptions, assertions, what the C library found wrong, signals."""
    thrown = _UNCAUGHT.search(stderr)
    if thrown and thrown[1] == "std::bad_alloc":
        return OUT_OF_MEMORY
    if thrown:
        said = f": {thrown[2].strip()}" if thrown[2] else ""
        hint = _THROWN_HINTS.get(thrown[1], "Nothing in your program caught it.")
        return runtime_error(f"Your program ended with the exception {thrown[1]}{said}. {hint}")
    failed = _ASSERTION.search(stderr)
    if failed:
        return runtime_error(
            f"The assertion `{failed['text']}` does not hold ({failed['file']}, line {failed['line']})."
        )
    number = signal_of(exit_status)
    if number is None:
        return runtime_error(exit_status_message(exit_status))
    return runtime_error(_explain_signal(number, stderr))


def _explain_signal(number: signal.Signals, stderr: str) -> str:
    if number is signal.SIGABRT and "stack smashing detected" in stderr:
        return "Your program wrote beyond the end of a local array."
    if number is signal.SIGABRT and _HEAP.search(stderr):
        return "Your program damaged its own heap: it freed something twice, or wrote beyond what it allocated."
    return _SIGNAL_TEXTS.get(number, f"Your program was ended by {number.name}.")
