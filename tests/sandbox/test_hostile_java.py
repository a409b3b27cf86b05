"""Java programs that mean harm: each gets exactly its verdict, and the next submission notices nothing."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.languages.java_compiler import JavaCompiler
from codezest_db.enums import Verdict

pytestmark = pytest.mark.sandbox

MEBIBYTE = 1 << 20
TIGHT = GradingLimits(
    cpu_seconds=1.0, wall_seconds=3.0, memory_bytes=64 * MEBIBYTE, output_bytes=64 * 1024, file_bytes=MEBIBYTE
)
PROBE = 'public class Main { public static void main(String[] a) { System.out.println("ok"); } }'


@pytest_asyncio.fixture(scope="module")
async def grader() -> AsyncIterator[Grader]:
    made = Grader(concurrency=2, prewarmed=0)
    made.start()
    yield made
    made.close()


def program(body: str, *, before: str = "") -> str:
    return (
        "import java.io.*;\nimport java.util.*;\n"
        f"public class Main {{\n{before}\npublic static void main(String[] args) throws Throwable {{\n{body}\n}}\n}}\n"
    )


async def face(grader: Grader, source: str | Mapping[str, str], *tests: TestSpec, **spec: Any) -> Grade:
    """Grade a hostile program, and see that the next submission fares well."""
    given = tests or (TestSpec(name="only", expected="ok\n"),)
    options: dict[str, Any] = {"limits": TIGHT, **spec}
    hostile = await grader.grade(GradingSpec(language="java", tests=given, **options), source)
    after = await grader.grade(GradingSpec(language="java", tests=(TestSpec(name="a", expected="ok\n"),)), PROBE)
    assert after.verdict is Verdict.AC, after
    return hostile


UNSAFE = (
    'var f = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe"); f.setAccessible(true);'
    " var u = (sun.misc.Unsafe) f.get(null);"
)
CONTROL = (
    'var f = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe"); f.setAccessible(true);'
    " var u = (sun.misc.Unsafe) f.get(null);"
    ' FileDescriptor d = new FileDescriptor(); u.putInt(d, u.objectFieldOffset(FileDescriptor.class.getDeclaredField("fd")), 3);'
)

PROGRAMS = {
    "endless loop": (program("for (;;) ;"), Verdict.TLE),
    "endless loop that prints": (program('for (;;) System.out.print("");'), Verdict.TLE),
    "sleep": (program("Thread.sleep(100000);"), Verdict.TLE),
    "catches everything": (program("for (;;) try { for (;;) ; } catch (Throwable t) { }"), Verdict.TLE),
    "catches its own death": (program("for (;;) try { main(args); } catch (StackOverflowError e) { }"), Verdict.TLE),
    "burns CPU in threads": (
        program("for (int i = 0; i < 4; i++) new Thread(() -> { for (;;) ; }).start();"),
        Verdict.TLE,
    ),
    "daemon threads that go on": (
        program('Thread t = new Thread(() -> { for (;;) ; }); t.setDaemon(true); t.start(); System.out.println("ok");'),
        Verdict.AC,
    ),
    "thread that never ends": (
        program(
            'new Thread(() -> { try { Thread.sleep(100000); } catch (Exception e) { } }).start(); System.out.println("ok");'
        ),
        Verdict.TLE,
    ),
    "thread bomb": (
        program("for (;;) new Thread(() -> { try { Thread.sleep(100000); } catch (Exception e) { } }).start();"),
        Verdict.TLE,
    ),
    "stuck shutdown hook": (
        program("Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) ; }));"),
        Verdict.TLE,
    ),
    "catastrophic regular expression": (
        program('System.out.println("x".repeat(500).matches("x*x*x*x*x*x*x*y"));'),
        Verdict.TLE,
    ),
    "heap bomb": (program("var l = new ArrayList<byte[]>(); for (;;) l.add(new byte[1 << 20]);"), Verdict.MLE),
    "heap bomb of small things": (
        program("var l = new LinkedList<Object>(); for (;;) l.add(new Object());"),
        Verdict.MLE,
    ),
    "one huge array": (program("int[] x = new int[Integer.MAX_VALUE - 8]; System.out.println(x[5]);"), Verdict.MLE),
    "direct buffer bomb": (
        program(
            "var l = new ArrayList<java.nio.ByteBuffer>(); for (;;) { var b = java.nio.ByteBuffer.allocateDirect(1 << 20);"
            " for (int i = 0; i < b.capacity(); i += 4096) b.put(i, (byte) 1); l.add(b); }"
        ),
        Verdict.MLE,
    ),
    "memory the machine does not know of": (
        program(UNSAFE + "for (;;) { long p = u.allocateMemory(1 << 20); u.setMemory(p, 1 << 20, (byte) 1); }"),
        Verdict.MLE,
    ),
    "class bomb": (
        program(
            'byte[] b = Main.class.getResourceAsStream("Main$Small.class").readAllBytes(); var l = new ArrayList<Object>();'
            " for (;;) l.add(new ClassLoader(null) { Class<?> d() { return defineClass(null, b, 0, b.length); } }.d());",
            before="static class Small { }",
        ),
        Verdict.MLE,
    ),
    "deep recursion": (program("f(0);", before="static int f(int n) { return f(n + 1) + n; }"), Verdict.RE),
    "output flood": (program('for (;;) System.out.println("x".repeat(1000));'), Verdict.OLE),
    "error flood": (program('for (;;) System.err.println("x".repeat(1000));'), Verdict.OLE),
    "output flood in one write": (program('System.out.println("x".repeat(10_000_000));'), Verdict.OLE),
    "large file": (
        program('try (var f = new FileOutputStream("x")) { for (;;) f.write(new byte[1 << 16]); }'),
        Verdict.RE,
    ),
    "exit early": (program("System.exit(0);"), Verdict.WA),
    "halt early": (program("Runtime.getRuntime().halt(0);"), Verdict.WA),
    "halt after printing": (program('System.out.println("ok"); Runtime.getRuntime().halt(0);'), Verdict.AC),
    "starts a process": (
        program(
            'System.out.println(new String(Runtime.getRuntime().exec(new String[] {"/bin/echo", "ok"}).getInputStream().readAllBytes()).trim());'
        ),
        Verdict.AC,
    ),
    "process bomb": (
        program(
            'var l = new ArrayList<Process>(); for (;;) l.add(new ProcessBuilder("/bin/sleep", "100").start());',
        ),
        Verdict.RE,
    ),
    "leaves a process": (
        program('new ProcessBuilder("/bin/sleep", "1000").start(); System.out.println("ok");'),
        Verdict.AC,
    ),
    "reads passwords": (program('new FileReader("/etc/shadow").read();'), Verdict.RE),
    "writes to the root": (program('new FileOutputStream("/x").write(1);'), Verdict.RE),
    "writes to its own classes": (program('new FileOutputStream("/program/Main.class").write(1);'), Verdict.RE),
    "writes to our classes": (
        program('new FileOutputStream("/toolchains/codezest-java/codezest.jar").write(1);'),
        Verdict.RE,
    ),
    "TCP": (program('new java.net.Socket("127.0.0.1", 80);'), Verdict.RE),
    "listens": (program("new java.net.ServerSocket(0).accept();"), Verdict.RE),
    "UDP": (program("new java.net.DatagramSocket();"), Verdict.RE),
    "asks for a name": (program('java.net.InetAddress.getByName("example.org");'), Verdict.RE),
    "crash": (program(UNSAFE + "u.putAddress(1, 1);"), Verdict.RE),
    "writes to descriptor 3": (program(CONTROL + "new FileOutputStream(d).write('n');"), Verdict.RE),
    "reads from descriptor 3": (program(CONTROL + "new FileInputStream(d).read();"), Verdict.WA),
    "closes its descriptors": (
        program('System.in.close(); System.err.close(); System.out.close(); System.out.println("ok");'),
        Verdict.WA,
    ),
    "looks for the runner": (
        program('Class.forName("codezest.Runner");'),
        Verdict.RE,
    ),
    "looks for the runner from the top": (
        program('Class.forName("codezest.Runner", true, ClassLoader.getSystemClassLoader());'),
        Verdict.RE,
    ),
    "throws what cannot be printed": (
        program(
            "throw new E();",
            before="static class E extends RuntimeException { public String toString() { throw new E(); } }",
        ),
        Verdict.RE,
    ),
    "throws what never ends to print": (
        program(
            "throw new E();",
            before="static class E extends RuntimeException { public String getMessage() { for (;;) ; } }",
        ),
        Verdict.TLE,
    ),
    "prints what looks like an escape": (program('System.out.println("\\u001b[2J<script>ok");'), Verdict.WA),
}


@pytest.mark.parametrize("name", PROGRAMS)
async def test_hostile_programs(grader: Grader, name: str) -> None:
    source, verdict = PROGRAMS[name]
    result = await face(grader, source)
    assert result.verdict is verdict, result
    assert "\x1b" not in "".join(outcome.stdout for outcome in result.outcomes)


LEAKS = {
    "system properties": (
        'String s = System.getProperty("leak"); System.setProperty("leak", new Scanner(System.in).next()); System.out.println(s == null ? "ok" : s);',
        "",
    ),
    "a thread that reads on": (
        'var in = System.in; new Thread(() -> { try { Thread.sleep(300); System.out.println(new String(in.readAllBytes())); } catch (Exception e) { } }).start(); System.out.println("ok");',
        "",
    ),
    "a file": (
        'File f = new File("/tmp/leak"); System.out.println(f.exists() ? "leak" : "ok"); f.createNewFile();',
        "",
    ),
    "static state": ('System.out.println(n++ == 0 ? "ok" : "leak");', "static int n;"),
    "what was not read": ('System.out.println(System.in.read() == 104 ? "ok" : "leak");', ""),
    "interned and pooled": (
        'String s = new String(new char[] {107, 108}); System.out.println("ok"); s.intern();',
        "",
    ),
    "replaced streams": (
        'if (!System.out.getClass().equals(PrintStream.class)) System.out.println("leak"); System.out.println("ok"); System.setOut(new PrintStream(System.out) { });',
        "",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
async def test_nothing_of_a_hidden_test_reaches_another(grader: Grader, name: str) -> None:
    body, before = LEAKS[name]
    tests = [
        TestSpec(name=str(number), stdin=f"hidden{number}\n", expected="ok\n", visible=number % 2 == 1)
        for number in range(4)
    ]
    result = await face(grader, program(body, before=before), *tests)
    shown = [outcome for outcome in result.outcomes if outcome.visible]
    assert shown
    assert all("hidden0" not in outcome.stdout and "hidden2" not in outcome.stdout for outcome in shown), result
    if name != "a thread that reads on":
        assert result.verdict is Verdict.AC, result


def _constants(count: int) -> str:
    doubled = "".join(f"static final String s{n} = s{n - 1} + s{n - 1};\n" for n in range(1, count))
    return f'class Main {{ static final String s0 = "xxxxxxxxxxxxxxxx";\n{doubled}public static void main(String[] a) {{ }} }}'


def _overloads(count: int) -> str:
    """Each call fits every method, and the compiler compares each with each."""
    types = "".join(f"interface C{n} {{}} static void f(C{n} x) {{}}\n" for n in range(count))
    return f"class Main {{ {types} public static void main(String[] a) {{ {'f(null);' * count} }} }}"


def _finally(depth: int) -> str:
    """Each block is compiled twice, with all that is in it."""
    nested = "try { x++; } finally { " * depth + "x++;" + "}" * depth
    return f"class Main {{ public static void main(String[] a) {{ int x = 0; {nested} }} }}"


COMPILER_BOMBS = {
    "constants that double": _constants(40),
    "nested finally": _finally(40),
    "deep parentheses": "class Main { int x = "
    + "(" * 20000
    + "1"
    + ")" * 20000
    + "; public static void main(String[] a) { } }",
    "deep blocks": "class Main { void f() { "
    + "{" * 50000
    + "}" * 50000
    + " } public static void main(String[] a) { } }",
    "long sum": "class Main { String s(String x) { return x"
    + "+x" * 60000
    + "; } public static void main(String[] a) { } }",
    "method too large": "class Main { void f(int x) { "
    + "x++;" * 40000
    + " } public static void main(String[] a) { } }",
    "too many bytes": "// " + "x" * 300_000,
    "annotation processor": '@javax.annotation.processing.SupportedAnnotationTypes("*") class Main extends javax.annotation.processing.AbstractProcessor { static { for (;;) ; } public boolean process(java.util.Set s, javax.annotation.processing.RoundEnvironment r) { return false; } static int x = ; }',
}


@pytest.mark.parametrize("name", COMPILER_BOMBS)
async def test_compiler_bombs(grader: Grader, name: str) -> None:
    result = await face(grader, COMPILER_BOMBS[name], limits=GradingLimits())
    assert result.verdict is Verdict.CE, result
    assert result.compile_output


async def test_a_compiler_at_its_deadline_is_replaced(grader: Grader) -> None:
    compiler = JavaCompiler(grader.sandboxes.toolchain("java"), grader.sandboxes.take_for, compile_seconds=2.0)
    built, said = await compiler.compile({"Main.java": _overloads(300)}, "Main.java")
    assert built is None
    assert said == "compiling took too long\n"
    assert compiler.idle_services == ()
    built, said = await compiler.compile({"Main.java": PROBE}, "Main.java")
    assert built is not None, said
    assert len(compiler.idle_services) == 1
    compiler.close()


async def test_strange_names_of_files(grader: Grader) -> None:
    result = await face(grader, {"Main.java": PROBE, "../x.java": "class X { }"})
    assert result.verdict is Verdict.CE
    result = await face(grader, {"Main.java": PROBE, "a b%20?#.java": "class X { }", "é/ü.java": "class Y { }"})
    assert result.verdict is Verdict.AC, result
