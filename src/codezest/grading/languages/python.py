"""Python, run by the warm interpreter of `codezest_sandbox`."""

import re
from collections.abc import Mapping

from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import explain_native_crash, signal_of
from codezest_db.enums import Verdict
from codezest_sandbox import IsolationUnavailable
from codezest_sandbox.interpreter import find_interpreter
from codezest_sandbox.runtime import Build, Runtime

_ERROR_LINE = re.compile(r"^(?P<name>[A-Za-z_][\w.]*)(?:: (?P<text>.*))?$")
_OWN_LINE = re.compile(r'^\s*File "main\.py", line (\d+)', re.MULTILINE)
_OUT_OF_MEMORY = re.compile(r"^(?:MemoryError\b|OSError: \[Errno 12\]|.*: \[Errno 12\] Cannot allocate memory)")

_HINTS = {
    "EOFError": "Your program asked for more input than the test gives. Read only as many lines as there are.",
    "IndentationError": "Check that the lines of each block are indented alike.",
    "IndexError": "An index is outside its list or text.",
    "KeyError": "A key is not in the dictionary.",
    "ModuleNotFoundError": "Only Python's standard library is available here.",
    "NameError": "A name is used before it is given a value, or misspelt.",
    "PermissionError": "Your program tried something that is not allowed here, such as using the network.",
    "RecursionError": "A function calls itself without end. Check the case in which it should stop.",
    "ZeroDivisionError": "Your program divides by zero.",
}


class Python:
    """CPython."""

    key = "python"
    name = "Python"
    file_name = "main.py"
    self_test = SelfTest(
        source="import sys\nprint(sum(int(word) for word in sys.stdin.read().split()))\n",
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        """The interpreter that the launcher runs is the one that programs run under: `Grader` knows which."""
        try:
            return Toolchain(version=find_interpreter().version)
        except IsolationUnavailable as error:
            return Missing(why=str(error), install="apt-get install python3")

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        return Runtime()

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        del toolchain
        return Build(files=encoded(sources), entry=entry, in_work=True)

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads the traceback: its last line names the error, its last frame in main.py the place."""
        last = next((line for line in reversed(stderr.splitlines()) if line.strip()), "")
        found = _ERROR_LINE.match(last)
        if not found or "Traceback (most recent call last)" not in stderr:
            if signal_of(exit_status) is not None:
                return explain_native_crash(exit_status, stderr)
            return Crash(
                verdict=Verdict.RE,
                message=f"Your program ended with exit status {exit_status}; a program that succeeds ends with 0.",
            )
        if _OUT_OF_MEMORY.match(last):
            return Crash(verdict=Verdict.MLE, message="Your program needed more memory than this test allows.")
        lines = _OWN_LINE.findall(stderr)
        place = f" (line {lines[-1]})" if lines else ""
        hint = _HINTS.get(found["name"])
        return Crash(verdict=Verdict.RE, message=f"{last.strip()}{place}." + (f" {hint}" if hint else ""))

    def clean_errors(self, text: str) -> str:
        """Inside the sandbox the interpreter lives in /python or /usr, and programs start in /tmp."""
        text = text.replace('File "/tmp/', 'File "')  # the sandbox's own
        return re.sub(r'File "(?:/usr|/python)/(?:local/)?lib/python[\d.]+/', 'File "', text)
