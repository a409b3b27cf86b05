"""Java, compiled by a warm compiler and run by one machine a submission, or one a case where cases might meet."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from codezest.grading.languages.java_toolchain import find_java
from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest_db.enums import Verdict
from codezest_sandbox.inside import BUILD
from codezest_sandbox.limits import Limits
from codezest_sandbox.runtime import Build, Runtime

_UNCAUGHT = re.compile(r'^Exception in thread "[^"]*" (?P<name>[\w.$]+)(?:: (?P<text>.*))?$', re.MULTILINE)
_CAUSE = re.compile(r"^Caused by: (?P<name>[\w.$]+)(?:: (?P<text>.*))?$", re.MULTILINE)
_FRAME = re.compile(r"^\s+at (?:[\w.$<>/@-]+)\((?P<file>[\w$]+\.java):(?P<line>\d+)\)$", re.MULTILINE)
_PLATFORM_FRAME = re.compile(r"^\s+at (?:java|jdk|sun|javax)[\w.]*/|^\s+at java\.base/")
_RUNNER_FRAME = re.compile(
    r"^\s+at (?:codezest\.Runner[\w$.]*|java\.base/jdk\.internal\.reflect\.[\w$.]+|java\.base/java\.lang\.reflect\.Method\.\w+"
    r"|java\.base/java\.lang\.Thread\.run(?:With)?)\([^)]*\)\n?",
    re.MULTILINE,
)
_PUBLIC_TYPE = re.compile(
    r"^\s*public\s+(?:(?:abstract|final|sealed|non-sealed|strictfp)\s+)*(?:class|interface|enum|record)\s+(\w+)",
    re.MULTILINE,
)

_HINTS = {
    "ArithmeticException": "Your program divides by zero.",
    "ArrayIndexOutOfBoundsException": "An index is outside its array.",
    "ClassCastException": "A value is not of the type it is cast to.",
    "ConcurrentModificationException": "A collection is changed while a loop goes through it.",
    "IndexOutOfBoundsException": "An index is outside its list or text.",
    "InputMismatchException": "The input has another form than your program reads.",
    "NegativeArraySizeException": "An array is given a size below 0.",
    "NoSuchElementException": "Your program asked for more than there is: input, or elements of a collection.",
    "NullPointerException": "A variable is used that refers to nothing (null).",
    "NumberFormatException": "A text that is no number is read as one.",
    "StackOverflowError": "A method calls itself without end. Check the case in which it should stop.",
    "StringIndexOutOfBoundsException": "An index is outside its text.",
    "UnknownHostException": "Programs have no network here.",
}


class Java:
    """OpenJDK 17 or newer."""

    key = "java"
    name = "Java"
    file_name = "Main.java"
    self_test = SelfTest(
        source="""\
import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long sum = 0;
        while (in.hasNextInt()) sum += in.nextInt();
        System.out.println(sum);
    }
}
""",
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        """A development kit: JAVA_HOME, that of the `javac` on PATH, or the newest below /usr/lib/jvm."""
        return find_java()

    def runtime(self, toolchain: Toolchain) -> Runtime:
        return self.runtime_for(toolchain, Limits().memory_bytes)

    def runtime_for(self, toolchain: Toolchain, memory_bytes: int) -> Runtime:
        """Whose machine is started, ahead of the submission, for cases that may use so much memory."""
        facts = toolchain.facts
        return Runtime(
            kind="java",
            policy="java",
            environment={"LD_LIBRARY_PATH": facts["libraries"]},
            options={
                "java": facts["java"],
                "classes": facts["classes"],
                "archive": facts["archive"],
                "memory_bytes": memory_bytes,
            },
            bounded_address_space=False,
        )

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        """With a compiler started for it, and a machine for each case; `JavaCompiler` is faster by far.

        A source is named after its public class, wherever the learner has put it.
        """
        files: dict[str, str] = {}
        main = ""
        for name, text in sources.items():
            public = _PUBLIC_TYPE.search(text)
            place = PurePosixPath(name)
            proper = str(place.with_name(f"{public[1]}.java")) if public and place.suffix == ".java" else name
            files[proper] = text
            if name == entry:
                main = PurePosixPath(proper).stem
        compile_command = (
            toolchain.facts["javac"],
            "-J-XX:+UseSerialGC",
            "-J-XX:-UsePerfData",
            "-J-XX:TieredStopAtLevel=1",
            "-proc:none",
            "-d",
            BUILD,
            *(f"{BUILD}/{name}" for name in files if name.endswith(".java")),
        )
        return Build(files=encoded(files), entry=main, steps=(compile_command,))

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads the trace of an uncaught exception: its root cause names the error, the first own frame the place."""
        found = _UNCAUGHT.search(stderr)
        if not found:
            return Crash(
                verdict=Verdict.RE,
                message=f"Your program ended with exit status {exit_status}; a program that succeeds ends with 0.",
            )
        causes = list(_CAUSE.finditer(stderr, found.end()))
        error = causes[-1] if causes else found
        name = error["name"].rpartition(".")[2]
        if "OutOfMemoryError" in {name, found["name"].rpartition(".")[2]}:
            return Crash(verdict=Verdict.MLE, message="Your program needed more memory than this test allows.")
        text = f": {error['text']}" if error["text"] else ""
        hint = _HINTS.get(name)
        place = _place(stderr[error.end() :]) or _place(stderr[found.end() :])
        message = f"{name}{text}{place}."
        return Crash(verdict=Verdict.RE, message=message + (f" {hint}" if hint else ""))

    def clean_errors(self, text: str) -> str:
        """Without the frames of what runs the program, and without the place of its files."""
        return _RUNNER_FRAME.sub("", text.replace(f"{BUILD}/", ""))


def _place(trace: str) -> str:
    """The first line of a trace that is the learner's own, as ` (line 3)` or ` (Shape.java, line 3)`."""
    for line in trace.splitlines():
        frame = _FRAME.match(line)
        if frame and not _PLATFORM_FRAME.match(line):
            where = "" if frame["file"] == "Main.java" else f"{frame['file']}, "
            return f" ({where}line {frame['line']})"
    return ""
