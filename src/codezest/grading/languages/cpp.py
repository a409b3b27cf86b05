"""C++, compiled by GCC."""

import re
from collections.abc import Mapping
from dataclasses import replace

from codezest.grading.languages.cpp_headers import TREE, headers_folder, prepared_headers
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
from codezest_sandbox.inside import BUILD, TOOLCHAINS
from codezest_sandbox.runtime import Build, Runtime

_GXX = Gnu(driver="g++", compiler_proper="cc1plus", install="apt-get install g++")
_FIRST_WITH_20 = 11
_ENDINGS = (".cpp", ".cc", ".cxx")
_FORCED_INCLUDE = re.compile(r"^(?:In file included from <command-line>[:,]?|<command-line>: ).*\n", re.MULTILINE)


def options_of(toolchain: Toolchain) -> tuple[str, ...]:
    """C++20 where the compiler is old enough to have it whole."""
    newest = int(toolchain.facts["version"].partition(".")[0]) >= _FIRST_WITH_20
    return ("-std=c++20" if newest else "-std=c++17", "-Wall", "-Wextra")


class Cpp:
    """C++20. Every `.cpp`, `.cc` or `.cxx` file of a submission is compiled; warnings are shown and do not fail."""

    key = "cpp"
    name = "C++"
    file_name = "main.cpp"
    self_test = SelfTest(
        source=(
            "#include <iostream>\n\n"
            "int main() {\n"
            "    long sum = 0, value;\n"
            "    while (std::cin >> value) sum += value;\n"
            "    std::cout << sum << std::endl;\n"
            "}\n"
        ),
        stdin="1 2 3\n",
        expected="6\n",
    )

    def find(self) -> Toolchain | Missing:
        found = _GXX.find()
        if isinstance(found, Missing):
            return found
        folder = headers_folder(found.version, options_of(found))
        return found if folder is None else replace(found, trees={TREE: str(folder)})

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        return native_runtime()

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        names = sources_ending(sources, _ENDINGS, entry)
        options = options_of(toolchain)
        prepared = prepared_headers(toolchain, options, [sources[name] for name in names])
        if prepared is not None:
            options = (*options, "-include", f"{TOOLCHAINS}/{TREE}/{prepared}.hpp")
        return Build(
            files=encoded(sources),
            entry=entry,
            steps=(command(toolchain, options, names),),
            run=(f"{BUILD}/{PROGRAM}",),
            artifacts=(PROGRAM,),
        )

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        return explain_native_crash(exit_status, stderr)

    def clean_errors(self, text: str) -> str:
        return _FORCED_INCLUDE.sub("", clean_gnu_messages(text))
