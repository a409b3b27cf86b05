"""Whatever a learner has written, a driver gives sources or words, and takes its time from the source's length alone."""

import random
import re
import sys
from collections.abc import Iterator

import pytest

from codezest.grading.drivers import UncallableError, driver_for
from codezest.grading.drivers.tokens import Dialect, closing, split_at_commas, tokenise

SOURCES = {
    "c": (
        '#include <stdio.h>\n#define MORE(a) \\\n  { a "\n/* { */ char c = \'{\'; const char *t = "\\"}";\n'
        "static int *f(const int *values, size_t count, int **rows, int n, const int *lengths, size_t *length) { return 0; }\n"
    ),
    "java": (
        'package a.b; import java.util.*;\n@Deprecated class Solution<T> extends Base {\n  String t = """\n  { " \\""" """;\n'
        "  int g = f(1); @Override public static <S> Map<String, List<int[]>> f(final int[] a[], @X(1) List<? extends Set<T>> b)"
        " throws Error { return f(null, null); }\n}\n"
    ),
    "rust": (
        "#![forbid(unsafe_code)]\n/* /* { */ */ const T: &str = r#\"{\"#; const C: char = '{';\nimpl Solution {\n"
        "  pub fn f<'a>(&self, mut a: Vec<&'a [i32]>, b: HashMap<String, (i8, u8)>) -> Option<&'a str> { None }\n}\nfn main() {}\n"
    ),
}
FILES = {"c": "main.c", "java": "Main.java", "rust": "main.rs"}


def drive(language: str, source: str) -> str:
    """What came of it: the driven sources together, or what the learner is told."""
    driver = driver_for(language)
    assert driver is not None
    try:
        sources, entry = driver.drive({FILES[language]: source}, FILES[language], "f")
    except UncallableError as error:
        return str(error)
    assert entry in sources
    return "".join(sources.values())


def spoiled(source: str) -> Iterator[str]:
    """Cut short at every place, with each word left out or doubled, and shuffled."""
    words = re.findall(r"\w+|\s+|.", source)
    for place in range(len(words)):
        yield "".join(words[:place])
        yield "".join(words[:place] + words[place + 1 :])
        yield "".join(words[:place] + [words[place]] * 2 + words[place + 1 :])
    shuffling = random.Random(1)  # noqa: S311  # to repeat it, not to hide it
    for _ in range(300):
        shuffling.shuffle(words)
        yield "".join(words)


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_any_source_is_taken(language: str) -> None:
    for source in spoiled(SOURCES[language]):
        assert drive(language, source)


LONG = 30_000
"""Repetitions: enough that time by the square would be minutes, little enough that time by the length is a second."""


@pytest.mark.parametrize("language", sorted(SOURCES))
@pytest.mark.parametrize(
    "piece",
    [
        "f(",
        "f() throws ",
        "/*",
        '"\\',
        '"""\\',
        "class ",
        "impl Solution ",
        "fn f ",
        'r#"',
        "'\\u{",
        "{",
        "int f(int a){}",
        "<",
        "[]",
        "#",
    ],
    ids=[str(number) for number in range(15)],
)
def test_steps_grow_as_the_source_does(language: str, piece: str) -> None:
    closers = {"f(": ")", "{": "}", "[": "]"}.get(piece, "")
    counts: list[int] = []
    for times in (LONG // 100, LONG // 25):
        before = f"class Solution {{ fn f({piece}" if piece in {"<", "[]"} else "class Solution { "
        source = before + piece * times + closers * times + (") {} }" if piece in {"<", "[]"} else " }")
        counts.append(steps(language, source))
    assert counts[1] < 8 * counts[0] + 10_000


def steps(language: str, source: str) -> int:
    """Lines of Python that driving it takes."""
    count = 0

    def step(_frame: object, event: str, _argument: object) -> object:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)  # pyright: ignore[reportArgumentType]
    try:
        drive(language, source)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("source", "dialect", "words"),
    [
        ("a/* ' */b // {\nc", "c", "a b c"),
        ("#define A {\\\n{\nx '\\'' \"a\\\"\" 1.5e3", "c", "x '\\'' \"a\\\"\" 1.5e3"),
        ('a """ " \\""" { """ b', "java", 'a """ " \\""" { """ b'),
        ("'a' <'a> /* /* */ { */ r##\"}\"#\"## x::y->z", "rust", "'a' < 'a > r##\"}\"#\"## x :: y -> z"),
        ("/* never closed {", "java", ""),
    ],
    ids=[str(number) for number in range(5)],
)
def test_tokens(source: str, dialect: Dialect, words: str) -> None:
    tokens = tokenise(source, dialect)
    assert tokens is not None
    assert [token.text for token in tokens] == re.findall(r'""".*"""|r##".*"##|\S+', words)


@pytest.mark.parametrize("source", ["{", ")", "([)]", "{{}"])
def test_brackets_that_do_not_match(source: str) -> None:
    assert tokenise(source, "c") is None


def test_brackets_and_commas() -> None:
    tokens = tokenise("f(a, Map<b, c>, [d, (e, f)],) { { } }", "java")
    assert tokens is not None
    assert tokens[closing(tokens, 1)].text == ")"
    parts = split_at_commas(tokens[2 : closing(tokens, 1)])
    assert ["".join(token.text for token in part) for part in parts] == ["a", "Map<b,c>", "[d,(e,f)]"]
    assert [token.depth for token in tokens[-4:]] == [0, 1, 1, 0]
