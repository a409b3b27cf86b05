"""Go programs, ordinary and hostile, and the library compiled ahead for them."""

from pathlib import Path

import pytest

from codezest.grading import Grader
from codezest.grading.languages import find_language
from codezest.grading.languages.go_library import shipped_library
from codezest_db.enums import Verdict
from fixtures.programs import ROOMY, TIGHT, Run, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "go")


def main(body: str, *packages: str) -> str:
    imports = "".join(f'import "{package}"\n' for package in packages)
    return f"package main\n\n{imports}\nfunc main() {{\n{body}\n}}\n"


ORDINARY = {
    "goroutines": main(
        "var group sync.WaitGroup; var mutex sync.Mutex; total := 0\n"
        "for i := 0; i < 1000; i++ { group.Add(1); go func() { defer group.Done(); mutex.Lock(); total++; mutex.Unlock() }() }\n"
        'group.Wait(); if total == 1000 { fmt.Println("ok") }',
        "fmt",
        "sync",
    ),
    "channels": main(
        'c := make(chan string); go func() { time.Sleep(time.Millisecond); c <- "ok" }(); fmt.Println(<-c)',
        "fmt",
        "time",
    ),
    "generics": (
        'package main\n\nimport "fmt"\n\nfunc first[T any](all []T) T { return all[0] }\n\n'
        'func main() { fmt.Println(first([]string{"ok"})) }\n'
    ),
    "rubbish": main(
        'for i := 0; i < 2000; i++ { _ = make([]byte, 100000) }; runtime.GC(); fmt.Println("ok")', "fmt", "runtime"
    ),
    "recovers": main('defer func() { recover(); fmt.Println("ok") }(); panic("x")', "fmt"),
    "files": main(
        'os.WriteFile("a", []byte("ok"), 0o644); text, _ := os.ReadFile("a"); fmt.Println(string(text))', "fmt", "os"
    ),
    "children": main('out, _ := exec.Command("echo", "ok").Output(); fmt.Print(string(out))', "fmt", "os/exec"),
    "a large library": main(
        'fmt.Println(http.StatusText(200)[:0] + strings.ToLower("OK"))', "fmt", "net/http", "strings"
    ),
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "AC", grade


async def test_input_arguments_files_and_unicode(run: Run) -> None:
    source = main(
        'var word string; fmt.Scan(&word); text, _ := os.ReadFile("in.txt"); fmt.Println(word + os.Args[1] + string(text))',
        "fmt",
        "os",
    )
    grade = await run(source, stdin="kůň\n", args=("ö",), files={"in.txt": "🐎"}, expected="kůňö🐎\n")
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {
        "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(sum(1, 2)) }\n',
        "sum.go": "package main\n\nfunc sum(one, other int) int { return one + other }\n",
        "sum_test.go": 'package main\n\nimport "testing"\n\nfunc TestSum(t *testing.T) { broken }\n',
    }
    grade = await run(sources, expected="3\n")
    assert grade.verdict == "AC", grade


async def test_a_compile_error_names_line_and_column(run: Run) -> None:
    grade = await run(main("x := 1"))
    assert grade.verdict == "CE", grade
    assert "main.go:5:1: x declared" in (grade.compile_output or "")


async def test_a_panic_is_explained(run: Run) -> None:
    grade = await run(main("all := []int{}\nprintln(all[len(os.Args)])", "os"))
    assert grade.verdict == "RE", grade
    outcome = grade.outcomes[0]
    assert "index out of range [1] with length 0 (main.go, line 7). An index is outside" in (outcome.message or "")
    assert "/program" not in outcome.stderr


HOSTILE = {
    "endless loop": (main("for {}"), Verdict.TLE),
    "sleeps": (main("time.Sleep(time.Hour)", "time"), Verdict.TLE),
    "goroutine bomb": (main("for { go func() { select {} }() }"), Verdict.MLE),
    "thread bomb": (
        main("for i := 0; i < 100; i++ { go func() { runtime.LockOSThread(); select {} }() }\nselect {}", "runtime"),
        Verdict.RE,
    ),
    "heap bomb": (
        main(
            "all := [][]byte{}\nfor { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; all = append(all, b) }"
        ),
        Verdict.MLE,
    ),
    "nil map": (main('var all map[string]int; all["a"] = 1'), Verdict.RE),
    "nil pointer": (main("var p *int; *p = 1"), Verdict.RE),
    "deadlock": (main("select {}"), Verdict.RE),
    "network": (
        main('if _, err := net.Listen("tcp", "127.0.0.1:0"); err != nil { panic(err) }; println("ok")', "net"),
        Verdict.RE,
    ),
    "shadow": (main('if _, err := os.ReadFile("/etc/shadow"); err != nil { panic(err) }', "os"), Verdict.RE),
    "writes memory that is not its own": (main("*(*int)(unsafe.Pointer(uintptr(8))) = 1", "unsafe"), Verdict.RE),
    "flood": (main('for { if _, err := fmt.Println("flood"); err != nil { return } }', "fmt"), Verdict.OLE),
    "flood that goes on when nobody takes it": (  # Go ignores the signal that ends others
        main('for { fmt.Println(strings.Repeat("flood", 100)) }', "fmt", "strings"),
        Verdict.OLE,
    ),
    "exit status": (main("os.Exit(3)", "os"), Verdict.RE),
}


@pytest.mark.parametrize(("source", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(source: str, verdict: Verdict, run: Run) -> None:
    grade = await run(source, limits=TIGHT if verdict is not Verdict.RE else ROOMY)
    assert grade.verdict is verdict, grade


CANNOT_BE_COMPILED = {
    "C": 'package main\n\n// int one() { return 1; }\nimport "C"\n\nfunc main() { C.one() }\n',
    "embeds": 'package main\n\nimport _ "embed"\n\n//go:embed /etc/shadow\nvar secret string\n\nfunc main() { println(secret) }\n',
    "flags for the linker": 'package main\n\n//go:cgo_ldflag "-Wl,evil"\nfunc main() {}\n',
    "a library from the network": 'package main\n\nimport _ "github.com/pkg/errors"\n\nfunc main() {}\n',
    "functions without bodies": "package main\n\nfunc other()\n\nfunc main() { other() }\n",
    "another package": "package other\n\nfunc main() {}\n",
    "types without end": "package main\n\ntype T struct { t T }\n\nfunc main() {}\n",
    "a huge array": "package main\n\nvar huge = [1 << 50]int{1: 2}\n\nfunc main() { println(huge[5]) }\n",
    "no main": "package main\n",
}


@pytest.mark.parametrize("source", CANNOT_BE_COMPILED.values(), ids=CANNOT_BE_COMPILED.keys())
async def test_cannot_be_compiled(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    assert grade.compile_output
    assert "/usr/lib" not in grade.compile_output


def test_a_library_that_is_shipped_is_described_as_it_is_inside(tmp_path: Path) -> None:
    for name in ("fmt.a", "net/http.a", "cmd/go.a"):
        path = tmp_path / "pkg" / "linux_amd64" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert shipped_library(tmp_path, "linux_amd64", "/toolchains/go") == (
        "packagefile fmt=/toolchains/go/pkg/linux_amd64/fmt.a\n"
        "packagefile net/http=/toolchains/go/pkg/linux_amd64/net/http.a\n"
    )
    assert shipped_library(tmp_path, "linux_arm64", "/toolchains/go") is None


@pytest.mark.parametrize(
    ("status", "stderr", "verdict", "said"),
    [
        (2, "fatal error: runtime: out of memory\n", Verdict.MLE, "memory"),
        (
            2,
            "panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:4 +0x1d\n",
            Verdict.RE,
            "panic: no (main.go, line 4).",
        ),
        (2, "fatal error: all goroutines are asleep - deadlock!\n", Verdict.RE, "waits for another"),
        (2, "panic: assignment to entry in nil map\n", Verdict.RE, "make()"),
        (139, "", Verdict.RE, "not its own"),
        (1, "", Verdict.RE, "exit status 1"),
    ],
)
def test_crashes_are_explained(status: int, stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("go").explain_crash(status, stderr)
    assert crash.verdict is verdict
    assert said in crash.message
