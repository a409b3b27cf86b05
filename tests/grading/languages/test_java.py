"""Java as learners write it: what runs, what is said about crashes, and when cases share a machine."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.compile_cache import CompileCache
from codezest.grading.compiling import Compiler
from codezest.grading.languages import Missing, Toolchain, find_language
from codezest.grading.languages.java import Java
from codezest.grading.languages.java_compiler import JavaCompiler
from codezest.grading.languages.java_service import JavaService, service_runtime
from codezest.grading.languages.java_toolchain import find_java
from codezest.grading.sandboxes import Sandboxes
from codezest_db.enums import Verdict
from codezest_sandbox import Limits, Tier
from codezest_sandbox.connection import Case, Sandbox
from codezest_sandbox.programs.java import SHARED
from codezest_sandbox.runtime import Build

ROOMY = GradingLimits(cpu_seconds=10.0, wall_seconds=60.0)
SUM = find_language("java").self_test.source


@pytest_asyncio.fixture(scope="module")
async def grader() -> AsyncIterator[Grader]:
    made = Grader(concurrency=2, prewarmed=0)
    made.start()
    yield made
    made.close()


@pytest.fixture
def toolchain(grader: Grader) -> Toolchain:
    return grader.sandboxes.toolchain("java")


@pytest.fixture
def compiler(grader: Grader) -> JavaCompiler:
    service = grader.sandboxes.compile_service("java")
    assert isinstance(service, JavaCompiler)
    return service


async def grade(grader: Grader, source: str | Mapping[str, str], *tests: TestSpec, **spec: Any) -> Grade:
    options: dict[str, Any] = {"limits": ROOMY, **spec}
    return await grader.grade(GradingSpec(language="java", tests=tests, **options), source)


def expecting(expected: str | None, stdin: str = "", **test: Any) -> TestSpec:
    return TestSpec(name="only", stdin=stdin, expected=expected, **test)


def main(body: str, *, before: str = "", imports: str = "") -> str:
    return f"{imports}\npublic class Main {{\n{before}\n public static void main(String[] args) throws Exception {{\n{body}\n }}\n}}\n"


PROGRAMS = {
    "its own test": (SUM, "1 2 3\n", "6\n"),
    "no package, no public class": (
        "class Lone { public static void main(String[] a) { System.out.println(1); } }",
        "",
        "1\n",
    ),
    "a public class of another name": (main("System.out.println(2);").replace("Main", "Solution"), "", "2\n"),
    "a package": (
        "package a.b;\n" + main("System.out.println(new Exception().getClass());"),
        "",
        "class java.lang.Exception\n",
    ),
    "records, text blocks, var, switch": (
        main(
            'var p = new P(1, 2); System.out.print("""\n  a\n   b\n  """ + p + switch (p.x()) { case 1 -> "one"; default -> "?"; } + "\\n");',
            before="record P(int x, int y) {}",
        ),
        "",
        "a\n b\nP[x=1, y=2]one\n",
    ),
    "sealed types and patterns": (
        main(
            "for (Shape s : new Shape[] {new A(), new B(4)}) System.out.println(s instanceof B b ? b.n() : 0);",
            before="sealed interface Shape permits A, B {} record A() implements Shape {} record B(int n) implements Shape {}",
        ),
        "",
        "0\n4\n",
    ),
    "generics, lambdas and streams": (
        main(
            'System.out.println(Stream.of(3, 1, 2).sorted(Comparator.reverseOrder()).map(String::valueOf).collect(Collectors.joining(",")));',
            imports="import java.util.*;\nimport java.util.stream.*;",
        ),
        "",
        "3,2,1\n",
    ),
    "buffered reader": (
        main(
            "try (var in = new BufferedReader(new InputStreamReader(System.in))) { String s; while ((s = in.readLine()) != null) System.out.println(s.length()); }",
            imports="import java.io.*;",
        ),
        "a\nünï\n",
        "1\n3\n",
    ),
    "all the input at once": (
        main("System.out.println(new String(System.in.readAllBytes()).trim());"),
        "x y",
        "x y\n",
    ),
    "unflushed writer that is closed": (
        main(
            "try (var out = new PrintWriter(System.out)) { for (int i = 0; i < 3; i++) out.print(i); out.println(); }",
            imports="import java.io.*;",
        ),
        "",
        "012\n",
    ),
    "text that is not ASCII": (main('System.out.println("naïve → 日本 😀");'), "", "naïve → 日本 😀\n"),
    "threads": (
        main(
            "Thread[] t = new Thread[4]; for (int i = 0; i < 4; i++) { t[i] = new Thread(n::incrementAndGet); t[i].start(); } for (Thread x : t) x.join(); System.out.println(n);",
            before="static final java.util.concurrent.atomic.AtomicInteger n = new java.util.concurrent.atomic.AtomicInteger();",
        ),
        "",
        "4\n",
    ),
    "a thread that outlives main": (
        main(
            'new Thread(() -> { try { Thread.sleep(50); } catch (InterruptedException e) {} System.out.println("late"); }).start();'
        ),
        "",
        "late\n",
    ),
    "a shutdown hook": (
        main(
            'Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye"))); System.out.println("hi");'
        ),
        "",
        "hi\nbye\n",
    ),
    "exit with 0": (main('System.out.println("done"); System.exit(0);'), "", "done\n"),
    "parallel streams": (
        main("System.out.println(java.util.stream.IntStream.range(0, 1000).parallel().sum());"),
        "",
        "499500\n",
    ),
    "executors": (
        main(
            "var e = Executors.newFixedThreadPool(3); System.out.println(e.submit(() -> 42).get()); e.shutdown();",
            imports="import java.util.concurrent.*;",
        ),
        "",
        "42\n",
    ),
    "reflection": (main('System.out.println(Class.forName("Main").getDeclaredMethods().length);'), "", "1\n"),
    "a file of its own": (
        main(
            'Files.writeString(Path.of("x.txt"), "kept"); System.out.println(Files.readString(Path.of("x.txt")));',
            imports="import java.nio.file.*;",
        ),
        "",
        "kept\n",
    ),
    "recursion as deep as exercises go": (
        main("System.out.println(f(20000));", before="static int f(int n) { return n == 0 ? 0 : 1 + f(n - 1); }"),
        "",
        "20000\n",
    ),
    "dates, digests and random numbers": (
        main(
            'System.out.println(java.time.LocalDate.of(2024, 2, 28).plusDays(2) + " " + java.security.MessageDigest.getInstance("SHA-256").digest().length + (new java.security.SecureRandom().nextInt(1)));',
        ),
        "",
        "2024-03-01 320\n",
    ),
    "names like ours": (
        "package codezest;\npublic class Runner { public static void main(String[] a) { System.out.println(new Runner().getClass().getName()); } }",
        "",
        "codezest.Runner\n",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
async def test_ordinary_programs(grader: Grader, name: str) -> None:
    source, stdin, expected = PROGRAMS[name]
    result = await grade(grader, source, expecting(expected, stdin), expecting(expected, stdin))
    assert [(outcome.verdict, outcome.stdout) for outcome in result.outcomes] == [(Verdict.AC, expected)] * 2, result


async def test_arguments_and_files(grader: Grader) -> None:
    source = main(
        'System.out.println(args.length + args[0] + args[1] + Files.readString(Path.of("d/in.txt")));',
        imports="import java.nio.file.*;",
    )
    given: dict[str, Any] = {"args": ("x y", "é"), "files": {"d/in.txt": "!"}}
    result = await grade(grader, source, expecting("2x yé!\n", **given), expecting("2x yé!\n", **given))
    assert result.verdict is Verdict.AC, result
    plain = main("System.out.println(args.length + args[0] + args[1]);")
    result = await grade(grader, plain, expecting("2a\n", args=("a", "")), expecting("2éb\n", args=("é", "b")))
    assert result.verdict is Verdict.AC, result


async def test_several_files(grader: Grader) -> None:
    sources = {
        "Main.java": main("System.out.println(new shapes.Square(3).area());"),
        "shapes/Square.java": "package shapes;\npublic class Square { int n; public Square(int n) { this.n = n; } public int area() { return n * n; } }",
    }
    result = await grade(grader, sources, expecting("9\n"))
    assert result.verdict is Verdict.AC, result


async def test_cases_see_nothing_of_one_another(grader: Grader) -> None:
    source = main(
        "n += new java.util.Scanner(System.in).nextInt(); System.out.println(n); System.in.close(); System.out.close();",
        before="static int n;",
    )
    tests = [expecting(f"{n}\n", f"{n} 99 99\n") for n in range(5)]
    result = await grade(grader, source, *tests)
    assert [outcome.verdict for outcome in result.outcomes] == [Verdict.AC] * 5, result


async def test_after_a_failure_the_others_go_on(grader: Grader) -> None:
    source = main(
        """
        int n = new java.util.Scanner(System.in).nextInt();
        if (n == 1) throw new IllegalStateException("one");
        if (n == 2) f(0);
        if (n == 3) for (;;) n = 3;
        System.out.println(n);
        """,
        before="static int f(int n) { return f(n + 1) + 1; }",
    )
    tests = [expecting(f"{n}\n", str(n), cpu_seconds=0.5) for n in (0, 1, 4, 2, 5, 3, 6)]
    result = await grade(grader, source, *tests)
    wanted = [Verdict.AC, Verdict.RE, Verdict.AC, Verdict.RE, Verdict.AC, Verdict.TLE, Verdict.AC]
    assert [outcome.verdict for outcome in result.outcomes] == wanted, result


async def test_outcomes_keep_the_order_of_the_tests(grader: Grader) -> None:
    tests = [expecting(f"{n}\n", str(n), visible=n % 2 == 1) for n in range(6)]
    result = await grade(grader, SUM, *tests)
    assert [outcome.stdout for outcome in result.outcomes] == [f"{n}\n" for n in range(6)]


async def test_a_stack_trace_is_the_learners_own(grader: Grader) -> None:
    source = main("f(new int[2]);", before="static int f(int[] a) { return a[2]; }")
    result = await grade(grader, source, expecting(""))
    outcome = result.outcomes[0]
    assert outcome.verdict is Verdict.RE
    assert outcome.message == (
        "ArrayIndexOutOfBoundsException: Index 2 out of bounds for length 2 (line 3). An index is outside its array."
    )
    assert outcome.stderr.splitlines() == [
        'Exception in thread "main" java.lang.ArrayIndexOutOfBoundsException: Index 2 out of bounds for length 2',
        "\tat Main.f(Main.java:3)",
        "\tat Main.main(Main.java:5)",
    ]


@pytest.mark.parametrize(
    ("body", "verdict", "said"),
    [
        ("System.exit(3);", Verdict.RE, "exit status 3"),
        ("Runtime.getRuntime().halt(4);", Verdict.RE, "exit status 4"),
        ("Object o = null; o.hashCode();", Verdict.RE, "NullPointerException"),
        ("new java.util.Scanner(System.in).nextInt();", Verdict.RE, "asked for more than there is"),
        (
            'throw new Exception("outer", new ArithmeticException("inner"));',
            Verdict.RE,
            "ArithmeticException: inner (line 5).",
        ),
        ("main(args);", Verdict.RE, "StackOverflowError"),
        ("var l = new java.util.ArrayList<int[]>(); for (;;) l.add(new int[1 << 20]);", Verdict.MLE, "more memory"),
        ("assert args == null; System.out.println(1 / args.length);", Verdict.RE, "divides by zero"),
    ],
)
async def test_crashes_are_explained(grader: Grader, body: str, verdict: Verdict, said: str) -> None:
    result = await grade(grader, main(body), expecting(""))
    assert result.outcomes[0].verdict is verdict, result
    assert said in (result.outcomes[0].message or "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (main("int x = y;"), "Main.java:5: error: cannot find symbol"),
        ("class A { }", "there is no class with a method public static void main"),
        ("", "there is no class with a method"),
        ("int x = \0;", "illegal character"),
        ("package java.lang;\n" + main(""), "package exists in another module"),
    ],
    ids=["unknown name", "no main method", "nothing", "NUL", "a class of the platform"],
)
async def test_compile_errors(grader: Grader, source: str, said: str) -> None:
    result = await grade(grader, source, expecting(""))
    assert result.verdict is Verdict.CE
    assert said in (result.compile_output or ""), result
    assert (await grade(grader, SUM, expecting("3\n", "1 2"))).verdict is Verdict.AC


async def test_no_submission_sees_the_classes_of_another(grader: Grader, compiler: JavaCompiler) -> None:
    first = await grade(grader, main("System.out.println(1);") + "class Secret { static int n = 7; }", expecting("1\n"))
    assert first.verdict is Verdict.AC
    second = await grade(grader, main("System.out.println(Secret.n);"), expecting("7\n"))
    assert second.verdict is Verdict.CE
    assert "cannot find symbol" in (second.compile_output or "")
    built, _ = await compiler.compile({"Main.java": main("System.out.println(2);")}, "Main.java")
    assert built is not None
    assert set(built.files) == {"Main.class"}


SHARING = {
    "reads and prints": (SUM, True),
    "collections and streams": (PROGRAMS["generics, lambdas and streams"][0], True),
    "enum in a switch": (main("switch (C.A) { case A: System.out.println(1); }", before="enum C { A }"), True),
    "try with resources": (PROGRAMS["buffered reader"][0], True),
    "its own exception": (main("throw new E();", before="static class E extends RuntimeException {}"), True),
    "anonymous class": (main("new Object() { int f() { return 1; } }.f();"), True),
    "thread": (PROGRAMS["threads"][0], False),
    "exit": (main("System.exit(0);"), False),
    "exit by reference": (main("java.util.function.IntConsumer f = System::exit; f.accept(0);"), False),
    "system properties": (main('System.setProperty("a", "b");'), False),
    "default locale": (main("java.util.Locale.setDefault(java.util.Locale.ROOT);"), False),
    "default time zone": (main("java.util.TimeZone.setDefault(null);"), False),
    "replaced output": (main("System.setOut(System.err);"), False),
    "reflection": (PROGRAMS["reflection"][0], False),
    "catches errors": (main("try { } finally { } try { main(args); } catch (StackOverflowError e) { }"), False),
    "finalizer": (main("", before="protected void finalize() { }"), False),
    "files": (PROGRAMS["a file of its own"][0], False),
    "print writer on a file": (main('new java.io.PrintWriter("x").close();'), False),
    "parallel stream": (PROGRAMS["parallel streams"][0], False),
    "stack walking": (main("StackWalker.getInstance().getCallerClass();"), False),
    "own stack trace": (main("new Exception().getStackTrace();"), False),
    "logging": (main('java.util.logging.Logger.getLogger("x").info("y");'), False),
    "unsafe": (main("Class<?> c = sun.misc.Unsafe.class;"), False),
    "method handles": (main("java.lang.invoke.MethodHandles.lookup();"), False),
}


@pytest.mark.parametrize("name", SHARING)
async def test_only_programs_that_keep_nothing_share_a_machine(compiler: JavaCompiler, name: str) -> None:
    source, shares = SHARING[name]
    built, said = await compiler.compile({"Main.java": source}, "Main.java")
    assert built is not None, said
    assert (SHARED in built.run) is shares


@pytest.mark.parametrize("apart", [False, True])
async def test_tests_are_kept_apart_where_the_author_wants_it(
    toolchain: Toolchain, compiler: JavaCompiler, *, apart: bool
) -> None:
    placed: list[Build] = []

    class Place:
        async def prepare(self, build: Build, _limits: Limits) -> None:
            placed.append(build)

    wanted = Compiler(language=Java(), toolchain=toolchain, cache=CompileCache(), service=compiler, apart=apart)
    await wanted.compile(cast("Sandbox", Place()), {"Main.java": SUM}, "Main.java", Limits())
    assert [SHARED in build.run for build in placed] == [not apart]


async def test_a_service_that_ends_is_replaced(grader: Grader, toolchain: Toolchain) -> None:
    service = JavaService(await grader.sandboxes.take_for(service_runtime(toolchain)))
    await service.start()
    assert service.alive
    service.close()
    compiler = JavaCompiler(toolchain, grader.sandboxes.take_for)
    built, _ = await compiler.compile({"Main.java": SUM}, "Main.java")
    assert built is not None
    for idle in compiler.idle_services:
        idle.close()
    built, _ = await compiler.compile({"Main.java": SUM}, "Main.java")
    assert built is not None
    compiler.close()


async def test_without_the_service_a_compiler_is_started(grader: Grader, toolchain: Toolchain) -> None:
    language = find_language("java")
    build = language.build(toolchain, {"main.java": main("").replace("Main", "Other")}, "main.java")
    assert build.entry == "Other"
    assert set(build.files) == {"Other.java"}
    assert build.steps[0][-1] == "/program/Other.java"


def test_what_is_not_a_development_kit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib").mkdir()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr("codezest.grading.languages.java_toolchain.INSTALLED", tmp_path / "none")
    nothing = find_java()
    assert isinstance(nothing, Missing)
    assert "no Java was found" in nothing.why
    (tmp_path / "release").write_text('JAVA_VERSION="11.0.2"\n')
    old = find_java()
    assert isinstance(old, Missing)
    assert "Java 11.0.2; Java 17 or newer" in old.why
    (tmp_path / "release").write_text('JAVA_VERSION="21"\n')
    runtime_only = find_java()
    assert isinstance(runtime_only, Missing)
    assert "without a compiler" in runtime_only.why
    assert runtime_only.install.startswith("apt-get install")


async def test_a_machine_is_made_ahead_for_the_memory_that_is_asked_for(
    grader: Grader, toolchain: Toolchain, compiler: JavaCompiler
) -> None:
    """The process that serves the cases is the one that was there before: it has not had to be started again."""
    del toolchain
    memory_bytes = 96 << 20
    built, said = await compiler.compile({"Main.java": SUM}, "Main.java")
    assert built is not None, said
    async with await grader.sandboxes.take(Java(), memory_bytes) as sandbox:
        prepared = await sandbox.prepare(built, Limits())
        assert prepared.ok
        machines = await _machines(grader)
        limits = Limits(cpu_seconds=10.0, wall_seconds=60.0, memory_bytes=memory_bytes)
        async with aclosing(sandbox.run([Case(stdin=b"1 2\n", limits=limits)] * 3)) as outputs:
            assert [output.stdout async for output in outputs] == [b"3\n"] * 3
        assert await _machines(grader) == machines


async def _machines(grader: Grader) -> set[int]:
    """Process ids of the Java machines below the grader that run submissions' cases."""
    launcher = grader.launcher_pid
    assert launcher is not None
    for _ in range(1000):
        found = {pid for pid in _below(launcher) if b"-Xmx96m" in _command(pid)}
        if found:
            return found
        await asyncio.sleep(0.01)
    pytest.fail("there is no machine for this limit")


def _below(pid: int) -> list[int]:
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in (child, *_below(child))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def test_machines_stand_ready_for_the_latest_limits_only(toolchain: Toolchain) -> None:
    java = Java()
    sandboxes = Sandboxes(required_tier=Tier.NAMESPACES, python=None, prewarmed=1)
    sandboxes.start()
    try:
        assert java.runtime(toolchain).options["memory_bytes"] == Limits().memory_bytes
        before = sandboxes.standing
        for mebibytes in range(64, 72):
            (await sandboxes.take(java, mebibytes << 20)).close()
            sandboxes.prewarm()
        assert sandboxes.standing == before + 3
    finally:
        sandboxes.close()
