"""C, compiled by GCC."""

from collections.abc import Mapping

from codezest.grading.languages.gnu import (
    PROGRAM,
    Gnu,
    clean_gnu_messages,
    command,
    native_runtime,
    sources_ending,
)
from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.languages.native import explain_native_crash
from codezest_sandbox.inside import BUILD
from codezest_sandbox.runtime import Build, Runtime

_OPTIONS = ("-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra")
_GCC = Gnu(driver="gcc", compiler_proper="cc1", install="apt-get install gcc libc6-dev")


class C:
    """C17. Every `.c` file of a submission is compiled; warnings are shown and do not fail."""

    key = "c"
    name = "C"
    file_name = "main.c"
    self_test = SelfTest(
        source=(
            "#include <stdio.h>\n\n"
            "int main(void) {\n"
            "    long sum = 0, value;\n"
            '    while (scanf("%ld", &value) == 1) sum += value;\n'
            '    printf("%ld\\n", sum);\n'
            "    return 0;\n"
            "}\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        return _GCC.find()

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        return native_runtime()

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        return Build(
            files=encoded(sources),
            entry=entry,
            steps=(command(toolchain, _OPTIONS, sources_ending(sources, (".c",), entry), ("-lm",)),),
            run=(f"{BUILD}/{PROGRAM}",),
            artifacts=(PROGRAM,),
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        return explain_native_crash(exit_status, stderr)

    def clean_errors(self, text: str) -> str:
        return clean_gnu_messages(text)
