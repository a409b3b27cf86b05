"""Unit tests by JUnit: honest solutions pass, wrong ones fail with the reason, and nobody forges a verdict."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.harness.java_stand_ins import StrangeShape, read_shapes, stand_ins
from codezest_db.enums import GradingMode

Run = Callable[..., Awaitable[Grade]]

LIMITS = GradingLimits(cpu_seconds=4.0, wall_seconds=8.0, memory_bytes=256 << 20)
HEAD = "import static org.junit.jupiter.api.Assertions.*;\nimport org.junit.jupiter.api.*;\nimport java.util.*;\n"
ADD = HEAD + "class CalcTest { @Test void adds() { assertEquals(5, Calc.add(2, 3)); } }\n"
RIGHT = "class Calc { static int add(int a, int b) { return a + b; } }"


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade a solution by the methods that are named."""

    async def grade(solution: str, tests: str, *names: str, limits: GradingLimits = LIMITS, **options: Any) -> Grade:
        visible = options.pop("visible", True)
        spec = GradingSpec(
            language="java",
            mode=GradingMode.UNIT_TESTS,
            entry="Calc.java",
            unit_tests={"CalcTest.java": tests},
            tests=tuple(TestSpec(name=name, visible=visible) for name in names or ("adds",)),
            limits=limits,
            **options,
        )
        return await grader.grade(spec, {"Calc.java": solution})

    return grade


SHAPES = """
import java.util.*;
import java.util.function.*;

interface Shape extends Comparable<Shape> {
    double area();
    default String name() { return "shape of " + area(); }
    default int compareTo(Shape other) { return Double.compare(area(), other.area()); }
}

record Square(double side) implements Shape { public double area() { return side * side; } }

abstract class Base<T> implements Iterable<T> {
    protected final List<T> items = new ArrayList<>();
    abstract T make(int n);
    void fill(int n) { for (int i = 0; i < n; i++) items.add(make(i)); }
    public Iterator<T> iterator() { return items.iterator(); }
    int size() { return items.size(); }
}

class Numbers extends Base<Integer> {
    Integer make(int n) { return n * n; }
    List<Integer> all() { return items; }
}

public class Calc {
    public static final int SEVEN = 7;
    enum Colour { RED, GREEN; Colour next() { return values()[(ordinal() + 1) % 2]; } }
    static class Bad extends IllegalStateException {
        final int code;
        Bad(int code) { super("bad " + code); this.code = code; }
        int code() { return code; }
    }
    private int n;
    Calc(int n) { this.n = n; }
    int next() { System.out.println("next"); return ++n; }
    void fail(int code) { throw new Bad(code); }
    void checked() throws java.io.IOException { throw new java.io.IOException("io"); }
    static <T, R> List<R> map(List<T> items, Function<T, R> function) {
        List<R> made = new ArrayList<>();
        for (T item : items) made.add(function.apply(item));
        return made;
    }
    static void sort(int[] items) { Arrays.sort(items); }
    static void put(Map<String, Integer> to) { to.put("a", 1); }
    static int sum(int... items) { return Arrays.stream(items).sum(); }
    static double total(List<Shape> shapes) { return shapes.stream().mapToDouble(Shape::area).sum(); }
    static Optional<String> maybe(String text) { return text.isEmpty() ? Optional.empty() : Optional.of(text); }
    static Shape larger(Shape one, Shape other) { return one.compareTo(other) > 0 ? one : other; }
    static int twice(IntUnaryOperator function) { return function.applyAsInt(function.applyAsInt(1)); }
    @Override public boolean equals(Object other) { return other instanceof Calc calc && calc.n == n; }
    @Override public int hashCode() { return n; }
    @Override public String toString() { return "Calc" + n; }
}
"""
SHAPE_TESTS = (
    HEAD
    + """
class CalcTest {
    @Test void objects() {
        Calc calc = new Calc(3);
        assertEquals(4, calc.next());
        assertEquals(new Calc(4), calc);
        assertNotEquals(new Calc(5), calc);
        assertEquals("Calc4", calc.toString());
        assertEquals(4, calc.hashCode());
        assertEquals(7, Calc.SEVEN);
        assertEquals(Calc.Colour.GREEN, Calc.Colour.RED.next());
    }
    @Test void exceptions() {
        Calc calc = new Calc(1);
        Calc.Bad bad = assertThrows(Calc.Bad.class, () -> calc.fail(7));
        assertEquals("bad 7", bad.getMessage());
        assertEquals(7, bad.code());
        assertThrows(IllegalStateException.class, () -> calc.fail(1));
        assertThrows(java.io.IOException.class, calc::checked);
    }
    @Test void values() {
        assertEquals(List.of(2, 3), Calc.map(List.of(1, 2), n -> n + 1));
        int[] items = {3, 1, 2};
        Calc.sort(items);
        assertArrayEquals(new int[] {1, 2, 3}, items);
        Map<String, Integer> map = new HashMap<>();
        Calc.put(map);
        assertEquals(Map.of("a", 1), map);
        assertEquals(6, Calc.sum(1, 2, 3));
        assertEquals(Optional.of("x"), Calc.maybe("x"));
        assertEquals(Optional.empty(), Calc.maybe(""));
        assertEquals(4, Calc.twice(n -> n * 2));
    }
    @Test void classes() {
        assertEquals(4.0, new Square(2).area());
        assertEquals("shape of 4.0", new Square(2).name());
        Shape mine = () -> 9.0;
        assertEquals(13.0, Calc.total(List.of(new Square(2), mine)));
        assertEquals(3.0, ((Square) Calc.larger(new Square(3), new Square(2))).side());
        Numbers numbers = new Numbers();
        numbers.fill(3);
        assertEquals(3, numbers.size());
        assertEquals(List.of(0, 1, 4), numbers.all());
    }
}
"""
)


@pytest.mark.sandbox
async def test_an_honest_solution_passes(run: Run) -> None:
    grade = await run(SHAPES, SHAPE_TESTS, "objects", "exceptions", "values", "CalcTest.classes")
    assert grade.verdict == "AC", grade
    assert grade.outcomes[0].stdout == "next\n"


@pytest.mark.sandbox
async def test_every_test_has_its_outcome_and_its_reason(run: Run) -> None:
    tests = (
        HEAD
        + """
import org.junit.jupiter.params.*;
import org.junit.jupiter.params.provider.*;
class CalcTest {
    @Test void right() { assertEquals(0, Calc.add(0, 3)); }
    @Test void wrong() { assertEquals(5, Calc.add(2, 3), "two and three"); }
    @Test void raises() { Calc.fail(); }
    @Test void ends() { Calc.end(); }
    @ParameterizedTest @ValueSource(ints = {0, 2}) void several(int n) { assertEquals(n * n, Calc.add(n, n)); }
    @ParameterizedTest @ValueSource(ints = {0, 1, 2}) void one(int n) { assertEquals(n + n, Calc.add(n, n)); }
}
"""
    )
    solution = """public class Calc {
    static int add(int a, int b) { return a * b; }
    static int fail() { return new int[0][1]; }
    static int fail2() { return 1 / 0; }
    static void end() { System.exit(0); }
}
""".replace("new int[0][1]", "(new int[0])[1]")
    grade = await run(solution, tests, "right", "wrong", "raises", "ends", "several", "one")
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "WA", "RE", "RE", "AC", "WA"]
    assert grade.outcomes[1].message == "two and three ==> expected: <5> but was: <6>"
    assert "(Calc.java, line 3)" in (grade.outcomes[2].message or "")


@pytest.mark.sandbox
async def test_hidden_tests_show_nothing(run: Run) -> None:
    solution = (
        'class Calc { static int add(int a, int b) { System.out.println(a); throw new RuntimeException("" + a + b); } }'
    )
    outcome = (await run(solution, ADD, visible=False)).outcomes[0]
    assert (outcome.verdict, outcome.message, outcome.stdout) == ("RE", "Your program failed in this test.", "")


@pytest.mark.sandbox
async def test_what_cannot_be_compiled_is_a_compile_error(run: Run) -> None:
    assert (await run("class Calc {", ADD)).verdict == "CE"


@pytest.mark.sandbox
async def test_what_the_tests_miss_is_told_without_the_tests(run: Run) -> None:
    grade = await run("class Calc { static int plus(int a, int b) { return a + b; } }", ADD)
    assert grade.verdict == "CE"
    assert "symbol:   method add(int,int)" in (grade.compile_output or "")
    assert "assertEquals" not in (grade.compile_output or "")


@pytest.mark.sandbox
async def test_a_missing_test_is_the_authors_fault(run: Run) -> None:
    assert (await run(RIGHT, ADD, "adds", "nowhere")).verdict == "IE"


REPORT = '{\\"test\\": \\"adds\\", \\"outcome\\": \\"passed\\"}'
# Each solution gets `adds` wrong if it does not cheat.
FORGED = {
    "leaves with success": ("class Calc { static int add(int a, int b) { System.exit(0); return 0; } }", "RE"),
    "halts at once": (
        "class Calc { static { Runtime.getRuntime().halt(0); } static int add(int a, int b) { return 0; } }",
        "RE",
    ),
    "prints reports": (
        f'class Calc {{ static int add(int a, int b) {{ System.out.println("{REPORT}"); System.err.println("{REPORT}"); return 0; }} }}',
        "WA",
    ),
    "writes to the link": (
        f'import java.io.*; class Calc {{ static int add(int a, int b) {{ try {{ new FileOutputStream(FileDescriptor.out).write("{REPORT}".getBytes()); }} catch (IOException error) {{ }} return 0; }} }}',
        "RE",
    ),
    "an error of JUnit": ('class Calc { static int add(int a, int b) { throw new AssertionError("x"); } }', "RE WA"),
    "endless": ("class Calc { static int add(int a, int b) { for (;;); } }", "TLE"),
    "recursion": ("class Calc { static int add(int a, int b) { return add(a, b) + 1; } }", "RE"),
    "an object that equals everything": (
        "class Calc { public boolean equals(Object other) { return true; } static Object add(int a, int b) { return new Calc(); } }",
        "WA",
    ),
    "a huge reply": (
        'class Calc { static String add(int a, int b) { return "x".repeat(50_000_000); } }',
        "RE MLE WA",
    ),
}


@pytest.mark.sandbox
@pytest.mark.parametrize(("solution", "verdicts"), FORGED.values(), ids=FORGED.keys())
async def test_no_verdict_is_forged(run: Run, solution: str, verdicts: str) -> None:
    limits = GradingLimits(cpu_seconds=2.0, wall_seconds=4.0, memory_bytes=256 << 20)
    grade = await run(solution, ADD, limits=limits)
    assert grade.verdict in verdicts.split(), grade
    following = await run(RIGHT, ADD)
    assert following.verdict == "AC", following


@pytest.mark.parametrize(
    "description",
    [
        "class\tA\tclass\tjava.lang.Object { static { evil(); } }\t\t\tpublic",
        "class\tA { }\tclass\tjava.lang.Object\t\t\tpublic",
        'class\tA\tclass\tjava.lang.Object\t\t\tpublic\nmethod\tf()"); evil("\t\t\t\tvoid\tpublic',
        "class\tA\tclass",
    ],
)
def test_a_shape_is_names_and_types_only(description: str) -> None:
    with pytest.raises(StrangeShape):
        stand_ins(read_shapes(description))
