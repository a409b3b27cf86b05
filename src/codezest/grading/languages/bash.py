"""Bash, with the tools of the distribution."""

import re
from collections.abc import Mapping
from pathlib import Path

from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import exit_status_message, explain_native_crash, runtime_error, signal_of
from codezest.grading.languages.probing import CLEAN_ENVIRONMENT, output_of, system_program, version_in
from codezest_sandbox.inside import BUILD, WORK
from codezest_sandbox.runtime import Build, Runtime

_ALTERNATIVES = "/etc/alternatives"
"""Links that say which of several programs awk, nawk or which are."""
_ERROR = re.compile(r"^(?P<file>[\w./-]+): line (?P<line>\d+): (?P<text>.+)$", re.MULTILINE)
_HINTS = (
    ("command not found", "The command is misspelt, or not installed here."),
    ("unbound variable", "A variable is used before it is given a value."),
    ("division by 0", "Your program divides by zero."),
    ("No such file or directory", "A file is not there; names are relative to the folder where the program starts."),
    ("Permission denied", "Only the folder where the program starts can be written to."),
    ("Operation not permitted", "Your program tried something that is not allowed here, such as using the network."),
    ("Resource temporarily unavailable", "Your program started too many processes."),
    ("syntax error", "Check that every if has its fi, every do its done, and every quote its end."),
    ("integer expression expected", "A text that is no number is compared as one."),
    ("unary operator expected", 'Put quotes round variables in tests: [ "$name" = x ].'),
)


class Bash:
    """GNU Bash. Checked for syntax first; the sources lie in the folder where the program starts."""

    key = "bash"
    name = "Bash"
    file_name = "main.sh"
    self_test = SelfTest(
        source=('sum=0\nfor value in $(cat); do\n    ((sum += value))\ndone\necho "$sum"\n'),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        program = system_program("bash")
        version = None if program is None else version_in(output_of(str(program), "--version"))
        if program is None or version is None:
            return Missing(why="there is no bash in /usr/bin", install="apt-get install bash")
        trees = {_ALTERNATIVES: _ALTERNATIVES} if Path(_ALTERNATIVES).is_dir() else {}
        return Toolchain(version=f"bash {version}", trees=trees, facts={"bash": str(program)})

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        return Runtime(kind="command", policy="bash", environment=CLEAN_ENVIRONMENT)

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        bash = toolchain.facts["bash"]
        return Build(
            files=encoded(sources),
            entry=entry,
            steps=((bash, "-n", "--", entry),),
            run=(bash, "--", entry),
            in_work=True,
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """A script ends with the status of its last command, so that the last complaint is the likely reason."""
        complaints = list(_ERROR.finditer(stderr))
        if complaints:
            last = complaints[-1]
            hint = next((f" {hint}" for part, hint in _HINTS if part in last["text"]), "")
            return runtime_error(
                f"{last['text'].rstrip('.')} ({last['file']}, line {last['line']}); exit status {exit_status}.{hint}"
            )
        if signal_of(exit_status) is not None:
            return explain_native_crash(exit_status, stderr)
        return runtime_error(exit_status_message(exit_status))

    def clean_errors(self, text: str) -> str:
        return text.replace(f"{BUILD}/", "").replace(f"{WORK}/", "")
