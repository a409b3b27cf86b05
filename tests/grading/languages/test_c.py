"""C programs, ordinary and hostile."""

import pytest

from codezest.grading import Grader
from codezest.grading.languages import find_language
from codezest_db.enums import Verdict
from fixtures.programs import TIGHT, Run, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "c")


def main(body: str, *headers: str) -> str:
    includes = "".join(f"#include <{header}>\n" for header in ("stdio.h", "stdlib.h", "string.h", "unistd.h", *headers))
    return f"{includes}int main(int argc, char **argv) {{ (void)argc; (void)argv;\n{body}\n}}\n"


ORDINARY = {
    "arguments": ('printf("%s %s\\n", argv[1], argv[2]);', (), {"args": ("a b", "ö"), "expected": "a b ö\n"}),
    "a test's file": (
        'char line[20]; fgets(line, 20, fopen("data/in.txt", "r")); fputs(line, stdout);',
        (),
        {"files": {"data/in.txt": "hello\n"}, "expected": "hello\n"},
    ),
    "a file of its own": (
        (
            'FILE *file = fopen("own.txt", "w"); fputs("ok\\n", file); fclose(file);'
            'char line[9]; fgets(line, 9, fopen("own.txt", "r")); fputs(line, stdout);'
        ),
        (),
        {},
    ),
    "unicode": ('puts("žluťoučký kůň 🐎");', (), {"expected": "žluťoučký kůň 🐎\n"}),
    "mathematics": ('printf("%.3f\\n", sqrt(2.0 * argc));', ("math.h",), {"expected": "1.414\n"}),
    "children": ('if (fork() == 0) { puts("ok"); return 0; } wait(NULL); return 0;', ("sys/wait.h",), {}),
    "a timer": (
        (
            "timer_t timer; struct sigevent event = {.sigev_notify = SIGEV_NONE};"
            'puts(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 ? "ok" : "no timer");'
        ),
        ("signal.h", "time.h"),
        {},
    ),
    "a large array that is not used": ('static char large[1 << 30]; large[argc] = 1; puts("ok");', (), {}),
}


@pytest.mark.parametrize(("body", "headers", "options"), ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(body: str, headers: tuple[str, ...], options: dict[str, object], run: Run) -> None:
    grade = await run(main(body, *headers), **options)
    assert grade.verdict == "AC", grade


async def test_threads(run: Run) -> None:
    source = """
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static int total; static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *work(void *unused) {
    char *memory = malloc(1000); memory[0] = 1;
    pthread_mutex_lock(&mutex); total += memory[0]; pthread_mutex_unlock(&mutex);
    free(memory); return unused;
}
int main(void) {
    pthread_t threads[16];
    for (int i = 0; i < 16; i++) if (pthread_create(&threads[i], NULL, work, NULL)) return 1;
    for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
    printf("%d\\n", total);
    return 0;
}
"""
    grade = await run(source, expected="16\n")
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {
        "main.c": '#include "sum.h"\n#include <stdio.h>\nint main(void) { printf("%d\\n", sum(1, 2)); return 0; }\n',
        "sum.h": "int sum(int one, int other);\n",
        "parts/sum.c": '#include "../sum.h"\nint sum(int one, int other) { return one + other; }\n',
        "-o.c": "int unused;\n",
    }
    grade = await run(sources, expected="3\n")
    assert grade.verdict == "AC", grade


async def test_warnings_are_shown_and_do_not_fail(run: Run) -> None:
    grade = await run('#include <stdio.h>\nint main(void) { int unused; puts("ok"); return 0; }\n')
    assert grade.verdict == "AC", grade
    assert "main.c:2:22: warning: unused variable" in (grade.compile_output or "")


async def test_a_compile_error_names_line_and_column(run: Run) -> None:
    grade = await run("int main(void) {\n    return value;\n}\n")
    assert grade.verdict == "CE", grade
    assert "main.c:2:12: error: " in (grade.compile_output or "")
    assert "/program" not in (grade.compile_output or "")


async def test_a_linker_error_says_what_is_missing(run: Run) -> None:
    grade = await run("int other(void);\nint main(void) { return other(); }\n")
    assert grade.verdict == "CE", grade
    assert "undefined reference to" in (grade.compile_output or "")
    assert "/tmp/" not in (grade.compile_output or "")
    assert "collect2" not in (grade.compile_output or "")


HOSTILE = {
    "endless loop": ("for (;;) ;", Verdict.TLE),
    "sleeps": ("sleep(60);", Verdict.TLE),
    "fork bomb": ("for (;;) fork();", Verdict.TLE),
    "heap bomb": ("for (;;) memset(malloc(1 << 20), 1, 1 << 20);", Verdict.MLE),
    "huge array in use": ('static char huge[1 << 30]; memset(huge, 1, sizeof huge); puts("ok");', Verdict.MLE),
    "stack bomb": (
        "char *volatile large = __builtin_alloca(1 << 27); memset(large, 1, 1 << 27); puts(large);",
        Verdict.RE,
    ),
    "null pointer": ("*(volatile int *)0 = 1;", Verdict.RE),
    "division by zero": ("volatile int zero = 0; return 100 / zero;", Verdict.RE),
    "aborts": ("abort();", Verdict.RE),
    "exit status": ('puts("ok"); return 3;', Verdict.RE),
    "flood": ('for (;;) puts("flood");', Verdict.OLE),
    "large file": (
        'FILE *file = fopen("large", "w"); char block[4096] = {1}; for (;;) fwrite(block, 1, sizeof block, file);',
        Verdict.OLE,
    ),
    "shadow": ('FILE *file = fopen("/etc/shadow", "r"); if (!file) return 1; puts("ok");', Verdict.RE),
    "the program's own file": (
        'FILE *file = fopen("/program/.program", "r+"); if (!file) return 1; puts("ok");',
        Verdict.RE,
    ),
    "a socket": ('if (socket(AF_INET, SOCK_STREAM, 0) < 0) return 1; puts("ok");', Verdict.RE),
    "32-bit system call": (
        'int result = 0; __asm__ volatile ("int $0x80" : "=a"(result) : "a"(20)); (void)result; puts("ok");',
        Verdict.RE,
    ),
    "x32 system call": ('syscall(0x40000000 + 39); puts("ok");', Verdict.RE),
    "kills everybody": ('if (kill(-1, 9)) return 1; puts("ok");', Verdict.RE),
    "a program without an end of its own": ('puts("ok"); fflush(stdout); kill(getpid(), SIGSTOP);', Verdict.TLE),
    "mapped memory": (
        "for (;;) memset(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 1 << 20);",
        Verdict.MLE,
    ),
    "shared memory": (
        (
            "if (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) return 1;"
            'puts("ok");'
        ),
        Verdict.RE,
    ),
    "thread bomb": (
        "for (;;) { pthread_t thread; if (pthread_create(&thread, NULL, (void *(*)(void *))pause, NULL)) return 1; }",
        Verdict.RE,
    ),
}
_HEADERS = ("pthread.h", "signal.h", "sys/mman.h", "sys/socket.h", "sys/syscall.h")


@pytest.mark.parametrize(("body", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(body: str, verdict: Verdict, run: Run) -> None:
    grade = await run(main(body, *_HEADERS), limits=TIGHT)
    assert grade.verdict is verdict, grade


CANNOT_BE_COMPILED = {
    "endless header": '#include "/dev/zero"\n',
    "shadow as a header": '#include "/etc/shadow"\n',
    "shadow in the binary": '__asm__(".incbin \\"/etc/shadow\\"");\nint main(void) { return 0; }\n',
    "includes itself": '#include "main.c"\n',
    "huge macro": "#define A(x) x x x x x x x x\n#define B(x) A(A(A(A(x))))\nint main(void) { B(B(B(;))) }\n",
    "huge initialised array": "char huge[1 << 30] = {1};\nint main(void) { return huge[5]; }\n",
    "endless assembly": '__asm__(".rept 1000000000\\n.byte 1\\n.endr");\nint main(void) { return 0; }\n',
    "no main": "int value;\n",
}


@pytest.mark.parametrize("source", CANNOT_BE_COMPILED.values(), ids=CANNOT_BE_COMPILED.keys())
async def test_cannot_be_compiled(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    assert grade.compile_output


@pytest.mark.parametrize(
    ("status", "stderr", "verdict", "said"),
    [
        (139, "", Verdict.RE, "index outside an array"),
        (136, "", Verdict.RE, "by zero"),
        (134, "a: main.c:3: main: Assertion `x > 1' failed.\n", Verdict.RE, "`x > 1` does not hold (main.c, line 3)"),
        (134, "*** stack smashing detected ***: terminated\n", Verdict.RE, "end of a local array"),
        (134, "free(): double free detected in tcache 2\n", Verdict.RE, "its own heap"),
        (134, "", Verdict.RE, "aborted itself"),
        (137, "", Verdict.RE, "killed"),
        (3, "", Verdict.RE, "exit status 3"),
    ],
)
def test_crashes_are_explained(status: int, stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("c").explain_crash(status, stderr)
    assert crash.verdict is verdict
    assert said in crash.message
