"""Functions in Rust: owned and borrowed parameters, free functions and methods of Solution."""

import json
from typing import Any

import pytest

from codezest.grading import GradingLimits, TestSpec
from codezest_db.enums import GradingMode, Verdict
from fixtures.graders import GradeIt

USES = "use std::collections::*;\n"


async def call(grade: GradeIt, source: Any, *arguments: Any, expected: Any, **options: Any) -> Any:
    test = TestSpec(name="only", arguments=arguments, expected=json.dumps(expected))
    return await grade(source, test, language="rust", mode=GradingMode.FUNCTION, function="f", **options)


VALUES: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "whole numbers": (
        "pub fn f(a: i64, b: u64, c: i8, d: usize) -> (i64, u64, i8, usize) { (a, b, c, d) }",
        (-(2**63), 2**64 - 1, -128, 0),
        [-(2**63), 2**64 - 1, -128, 0],
    ),
    "floats": (
        "fn f(a: f64, b: f32, c: bool) -> Vec<f64> { if c { vec![a, b as f64] } else { vec![] } }",
        (1e300, 3, True),
        [1e300, 3.0],
    ),
    "texts": (
        "#![forbid(unsafe_code)]\npub fn f<'a>(a: &'a str, b: String, c: char) -> (&'a str, usize, char) { (a, b.chars().count(), c) }",
        ('é"\\\n\u0001😀', "ü😀", "ß"),
        ['é"\\\n\u0001😀', 2, "ß"],
    ),
    "slices": (
        "fn f(a: &[i32], b: &Vec<u8>, c: &mut [i64], d: [i32; 2]) -> i64 { c.sort(); a.len() as i64 + b.len() as i64 + c[0] + d[1] as i64 }",
        ([], [1], [3, -5], [1, 2]),
        -2,
    ),
    "borrowed in lists": (
        (
            "pub fn f(a: &[&str], b: Vec<&[i32]>, c: Option<&str>, d: &mut Vec<Vec<i32>>) -> (String, usize, bool) {"
            " d.push(vec![]); (a.concat(), b.iter().map(|one| one.len()).sum::<usize>() + d.len(), c.is_none()) }"
        ),
        (["x", "ü"], [[1, 2], []], None, []),
        ["xü", 3, True],
    ),
    "maps": (
        (
            "pub fn f(mut a: HashMap<String, Vec<Option<i32>>>, b: &BTreeMap<i32, (bool,)>, c: HashSet<char>)"
            " -> HashMap<String, Vec<Option<i32>>> { a.insert(b.len().to_string(), vec![Some(c.len() as i32), None]); a }"
        ),
        ({"k": [1, None]}, {"-3": [True]}, ["a", "b", "a"]),
        {"k": [1, None], "1": [2, None]},
    ),
    "solution": (
        "impl Solution {\n  pub fn f(&self, a: Vec<Vec<char>>) -> Vec<Vec<char>> { a }\n}\nfn main() -> Result<(), String> { Err(String::new()) }",
        ([["a"], []],),
        [["a"], []],
    ),
    "solution with a state": (
        "struct Solution { by: i64 }\nimpl Solution {\n  fn new() -> Self { Solution { by: 2 } }\n  fn f(&mut self, a: i64) -> Result<i64, String> { Ok(a * self.by) }\n}",
        (21,),
        42,
    ),
    "nothing": ("/* /* fn f() */ */\ntype Grid = Vec<[i32; 2]>;\nfn f(_a: Grid) {}", ([[1, 2]],), None),
    "many": ("pub fn f(a: Vec<u32>) -> u64 { a.iter().map(|&one| one as u64).sum() }", ([1] * 70_000,), 70_000),
}


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_values(grade_by: GradeIt, name: str) -> None:
    source, arguments, expected = VALUES[name]
    result = await call(
        grade_by,
        source.replace("pub fn", f"{USES}pub fn", 1) if name == "maps" else source,
        *arguments,
        expected=expected,
    )
    assert result.verdict is Verdict.AC, result
    assert not result.compile_output, "the driver warns of nothing"


@pytest.mark.parametrize(
    ("source", "arguments", "verdict", "said"),
    [
        ("pub fn f(a: i32) -> i32 { a + 1 }", (1,), Verdict.WA, "the function returned 2; expected was 1"),
        ("pub fn f(a: usize) -> i32 { [1][a] }", (1,), Verdict.RE, "(main.rs, line 1)"),
        (
            "pub fn f(a: i32) -> i32 { std::process::exit(a - 1) }",
            (1,),
            Verdict.WA,
            "ended before the function returned",
        ),
        ('pub fn f(a: i32) -> i32 { println!("1"); a - 1 }', (1,), Verdict.WA, "returned 0"),
        (
            (
                "use std::io::Write;\nuse std::os::fd::FromRawFd;\npub fn f(a: i32) -> i32 {"
                ' unsafe { std::fs::File::from_raw_fd(3) }.write_all(b"1").unwrap(); a }'
            ),
            (1,),
            Verdict.RE,
            "exit status 1",
        ),
        ("pub fn f(a: i32) -> i32 { a }", (2**31,), Verdict.RE, "exit status 1"),
        ("pub fn f(a: u8) -> u8 { a }", (1, 2), Verdict.RE, "exit status 1"),
        ("pub fn f(a: Vec<i32>) -> i32 { a[0] }", (1,), Verdict.RE, "exit status 1"),
        (
            'pub fn f(a: i32) -> Result<i32, String> { if a == 1 { Err("no".into()) } else { Ok(1) } }',
            (1,),
            Verdict.RE,
            "exit status 1",
        ),
        ("pub fn f(mut a: u64) -> u64 { loop { a = std::hint::black_box(a) } }", (1,), Verdict.TLE, ""),
    ],
    ids=[str(number) for number in range(10)],
)
async def test_failures(
    grade_by: GradeIt, source: str, arguments: tuple[Any, ...], verdict: Verdict, said: str
) -> None:
    limits = GradingLimits(cpu_seconds=2.0, wall_seconds=20.0)
    result = await call(grade_by, source, *arguments, expected=1, limits=limits)
    assert result.verdict is verdict, result
    assert said in (result.outcomes[0].message or "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("pub fn g(a: i32) -> i32 { a }", "Your program defines no function named f: write `pub fn f(…)`."),
        ("mod inner { pub fn f(a: i32) -> i32 { a } }", "defines no function named f"),
        ("struct P(i32);\npub fn f(a: P) -> i32 { a.0 }", "its parameter `a: P` is of another type"),
        ("struct P(i32);\npub fn f(a: i32) -> Vec<P> { vec![] }", "it returns `Vec<P>`"),
        ("pub fn f<T: Into<i64>>(a: T) -> i64 { a.into() }", "it is generic"),
        ("pub fn f(a: impl Into<i64>) -> i64 { a.into() }", "another type than can be passed"),
        ("pub fn f(a: i32) -> i32 { b }", "main.rs:1:27"),
        ("pub fn f(a: i32) -> i32 { a", "main.rs:1:"),
        ("pub fn f(a: i32) -> i32 { a.len() }", "no method named `len`"),
    ],
    ids=[str(number) for number in range(9)],
)
async def test_what_does_not_compile(grade_by: GradeIt, source: str, said: str) -> None:
    result = await call(grade_by, source, 1, expected=1)
    assert result.verdict is Verdict.CE, result
    assert said in result.compile_output
    assert "codezest" not in result.compile_output


async def test_modules_of_the_learner(grade_by: GradeIt) -> None:
    sources = {
        "main.rs": 'mod shapes;\npub fn f(a: f64) -> f64 { crate::shapes::area(a) }\nfn main() { println!("{}", f(1.0)); }\n',
        "shapes.rs": "pub fn area(a: f64) -> f64 { a * a }\n",
    }
    result = await call(grade_by, sources, 3.0, expected=9, entry="main.rs")
    assert result.verdict is Verdict.AC, result
