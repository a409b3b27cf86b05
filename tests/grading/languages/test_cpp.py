"""C++ programs, ordinary and hostile, and the headers compiled ahead for them."""

import pytest

from codezest.grading import Grader
from codezest.grading.languages import Toolchain, find_language
from codezest.grading.languages.cpp import options_of
from codezest.grading.languages.cpp_headers import SETS, TREE, leading_headers, make_headers, prepared_headers
from codezest.grading.languages.prepared import prepared_folder
from codezest_db.enums import Verdict
from fixtures.programs import TIGHT, Run, require, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "cpp")


@pytest.fixture
def toolchain(grader: Grader) -> Toolchain:
    require(grader, "cpp")
    found = grader.toolchains["cpp"]
    assert isinstance(found, Toolchain)
    return found


ORDINARY = {
    "containers": """
#include <bits/stdc++.h>
using namespace std;
int main() { map<string, vector<int>> all; all["a"] = {3, 1, 2}; ranges::sort(all["a"]); cout << all["a"][0] << "\\n"; }
""",
    "threads": """
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>
int main() {
    std::atomic<int> total{-15};
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; i++) threads.emplace_back([&] { total++; });
    for (auto& thread : threads) thread.join();
    std::cout << total << std::endl;
}
""",
    "a caught exception": """
#include <iostream>
#include <stdexcept>
int main() { try { throw std::runtime_error("1"); } catch (const std::exception& error) { std::cout << error.what() << "\\n"; } }
""",
    "file system": """
#include <filesystem>
#include <fstream>
#include <iostream>
int main() {
    std::filesystem::create_directory("folder");
    std::ofstream("folder/file") << 1;
    for (auto& entry : std::filesystem::directory_iterator("folder")) std::cout << std::ifstream(entry.path()).rdbuf() << "\\n";
}
""",
    "random numbers": """
#include <iostream>
#include <random>
int main() { std::random_device device; std::mt19937 numbers(device()); std::cout << (numbers() > 0 ? 1 : 1) << "\\n"; }
""",
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source, expected="1\n")
    assert grade.verdict == "AC", grade


async def test_arguments_files_and_unicode(run: Run) -> None:
    source = """
#include <fstream>
#include <iostream>
#include <string>
int main(int, char** argv) { std::string line; getline(std::ifstream("in.txt"), line); std::cout << argv[1] << line << "\\n"; }
"""
    grade = await run(source, args=("kůň",), files={"in.txt": "🐎"}, expected="kůň🐎\n")
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {
        "main.cpp": '#include <iostream>\n#include "sum.hpp"\nint main() { std::cout << sum(1, 2) << "\\n"; }\n',
        "sum.hpp": "#pragma once\nint sum(int one, int other);\n",
        "sum.cc": '#include "sum.hpp"\nint sum(int one, int other) { return one + other; }\n',
    }
    grade = await run(sources, expected="3\n")
    assert grade.verdict == "AC", grade


async def test_a_compile_error_names_line_and_column(run: Run) -> None:
    grade = await run("#include <iostream>\nint main() {\n    std::cout << value;\n}\n")
    assert grade.verdict == "CE", grade
    said = grade.compile_output or ""
    assert "main.cpp:3:18: error: " in said
    assert "/program" not in said
    assert "command-line" not in said


@pytest.mark.parametrize("name", SETS)
def test_headers_can_be_prepared(name: str, toolchain: Toolchain) -> None:
    assert make_headers(toolchain, options_of(toolchain), name, wait=True)
    source = "".join(f"#include <{header}>\n" for header in SETS[name]) + "int main() {}\n"
    assert prepared_headers(toolchain, options_of(toolchain), [source]) == name


async def test_with_prepared_headers_a_forgotten_include_is_still_an_error(toolchain: Toolchain, run: Run) -> None:
    assert make_headers(toolchain, options_of(toolchain), "streams", wait=True)
    grade = await run("#include <iostream>\nint main() { std::map<int, int> numbers; }\n")
    assert grade.verdict == "CE", grade
    assert "std::map" in (grade.compile_output or "")
    grade = await run('#include <iostream>\nint main() { std::cout << "ok\\n"; }\n')
    assert grade.verdict == "AC", grade


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#include <iostream>\n#include <vector>\nint main() {}", {"iostream", "string", "vector"}),
        ("// a\n/* b\n c */\n  #  include <map> // d\n\n#include <set>", {"map", "set"}),
        ("\ufeff#include <map>\r\n#include <set>\r\n", {"map", "set"}),
        ("#define X\n#include <map>", set[str]()),
        ('#include "own.h"\n#include <map>', set[str]()),
        ("#include <map>\n#if 0\n#include <set>\n#endif", {"map"}),
        ("#include <map> \\\n\n#include <set>", set[str]()),
        ("using namespace std;\n#include <map>", set[str]()),
        ("", set[str]()),
    ],
)
def test_headers_that_come_before_everything_else(source: str, found: set[str]) -> None:
    assert leading_headers(source) == found


def test_headers_are_only_prepared_for_all_sources_of_a_command(toolchain: Toolchain) -> None:
    assert make_headers(toolchain, options_of(toolchain), "streams", wait=True)
    sources = ["#include <iostream>\n", "#include <cstdio>\n"]
    assert prepared_headers(toolchain, options_of(toolchain), sources[:1]) == "streams"
    assert prepared_headers(toolchain, options_of(toolchain), sources) is None


def test_what_is_prepared_lies_where_only_we_write(toolchain: Toolchain) -> None:
    folder = prepared_folder("test", "anything")
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o755
    folder.rmdir()
    assert TREE in toolchain.trees


def cpp(body: str) -> str:
    return f"#include <iostream>\n#include <memory>\n#include <stdexcept>\n#include <vector>\nint main() {{ {body} }}\n"


HOSTILE = {
    "endless loop": (cpp("volatile int x = 0; for (;;) x = x + 1;"), Verdict.TLE),
    "heap bomb": (cpp("std::vector<std::vector<char>> all; for (;;) all.emplace_back(1 << 20, 'x');"), Verdict.MLE),
    "heap bomb in a list": (cpp("for (;;) std::cout << (void*)new int[1000]() << '\\n';"), Verdict.OLE),
    "exception": (cpp('throw std::out_of_range("no");'), Verdict.RE),
    "flood": (cpp('for (;;) std::cout << "flood\\n";'), Verdict.OLE),
    "flood of errors": (cpp('for (;;) std::cerr << "flood\\n";'), Verdict.OLE),
}


@pytest.mark.parametrize(("source", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(source: str, verdict: Verdict, run: Run) -> None:
    grade = await run(source, limits=TIGHT)
    assert grade.verdict is verdict, grade


async def test_endless_recursion(run: Run) -> None:
    source = (
        "int deeper(int n) { volatile char room[1000]; room[n % 1000] = 1; return deeper(n + 1) + room[0]; }\n"
        "int main() { return deeper(0); }\n"
    )
    grade = await run(source)
    assert grade.verdict == "RE", grade


CANNOT_BE_COMPILED = {
    "templates without end": "template <int N> struct Deep : Deep<N + 1> {};\nint main() { Deep<0> deep; }\n",
    "templates that double": (
        "template <int N, int M> struct Wide { Wide<N - 1, 2 * M> one; Wide<N - 1, 2 * M + 1> other; };\n"
        "template <int M> struct Wide<0, M> {};\nint main() { Wide<30, 0> wide; }\n"
    ),
    "constants without end": "constexpr int f(int n) { return n ? f(n - 1) : f(1 << 20); }\nconstexpr int x = f(1);\nint main() {}\n",
    "constants that take for ever": (
        "#include <cstdint>\nconstexpr int f() { std::uint64_t x = 0; while (x < (1ull << 60)) x++; return 1; }\n"
        "constexpr int x = f();\nint main() {}\n"
    ),
    "endless header": '#include "/dev/zero"\n',
    "header that never answers": '#include "/dev/stdin"\nint main() { return nothing; }\n',
    "shadow": '#include "/etc/shadow"\n',
    "shadow in the binary": 'asm(".incbin \\"/etc/shadow\\"");\nint main() {}\n',
    "a plugin by pragma": '#pragma GCC plugin "evil.so"\n#error stop\n',
}


@pytest.mark.parametrize("source", CANNOT_BE_COMPILED.values(), ids=CANNOT_BE_COMPILED.keys())
async def test_cannot_be_compiled(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    assert grade.compile_output


@pytest.mark.parametrize(
    ("stderr", "verdict", "said"),
    [
        (
            "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n",
            Verdict.MLE,
            "memory",
        ),
        (
            "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check\n",
            Verdict.RE,
            "std::out_of_range: vector::_M_range_check. An index",
        ),
        ("terminate called after throwing an instance of 'int'\n", Verdict.RE, "exception int. Nothing"),
    ],
)
def test_uncaught_exceptions_are_explained(stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("cpp").explain_crash(134, stderr)
    assert crash.verdict is verdict
    assert said in crash.message
