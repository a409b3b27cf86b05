"""Rust programs, ordinary and hostile."""

import pytest

from codezest.grading import Grader
from codezest.grading.languages import find_language
from codezest_db.enums import Verdict
from fixtures.programs import TIGHT, Run, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "rust")


ORDINARY = {
    "collections": 'use std::collections::HashMap;\nfn main() { let mut all = HashMap::new(); all.insert("a", 1); if all["a"] == 1 { println!("ok") } }\n',
    "threads": """
use std::sync::{Arc, Mutex};
fn main() {
    let total = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..16).map(|_| { let total = total.clone(); std::thread::spawn(move || *total.lock().unwrap() += 1) }).collect();
    for thread in threads { thread.join().unwrap(); }
    if *total.lock().unwrap() == 16 { println!("ok") }
}
""",
    "a caught panic": 'fn main() { if std::panic::catch_unwind(|| panic!("x")).is_err() { println!("ok") } }\n',
    "files": 'fn main() { std::fs::write("a", "ok").unwrap(); println!("{}", std::fs::read_to_string("a").unwrap()); }\n',
    "children": 'fn main() { let done = std::process::Command::new("echo").arg("ok").output().unwrap(); print!("{}", String::from_utf8_lossy(&done.stdout)); }\n',
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "AC", grade


async def test_input_arguments_files_and_unicode(run: Run) -> None:
    source = """
use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    println!("{}{}{}", text.trim(), std::env::args().nth(1).unwrap(), std::fs::read_to_string("in.txt").unwrap());
}
"""
    grade = await run(source, stdin="kůň\n", args=("ö",), files={"in.txt": "🐎"}, expected="kůňö🐎\n")
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {
        "main.rs": 'mod sum;\nmod parts;\nfn main() { println!("{}", sum::sum(parts::one::ONE, 2)); }\n',
        "sum.rs": "pub fn sum(one: i32, other: i32) -> i32 { one + other }\n",
        "parts/mod.rs": "pub mod one;\n",
        "parts/one.rs": "pub const ONE: i32 = 1;\n",
    }
    grade = await run(sources, expected="3\n")
    assert grade.verdict == "AC", grade


async def test_a_compile_error_names_line_and_column(run: Run) -> None:
    grade = await run('fn main() {\n    let x: i32 = "a";\n}\n')
    assert grade.verdict == "CE", grade
    said = grade.compile_output or ""
    assert "main.rs:2:18" in said
    assert "mismatched types" in said
    assert "/program" not in said
    assert "/toolchains" not in said


async def test_a_panic_is_explained(run: Run) -> None:
    grade = await run(
        'fn main() {\n    let v: Vec<i32> = Vec::new();\n    println!("{}", v[std::env::args().count()]);\n}\n'
    )
    assert grade.verdict == "RE", grade
    message = grade.outcomes[0].message or ""
    assert "index out of bounds" in message
    assert "(main.rs, line 3)" in message
    assert "RUST_BACKTRACE" not in grade.outcomes[0].stderr


HOSTILE = {
    "endless loop": ("fn main() { loop { std::hint::black_box(1); } }", Verdict.TLE),
    "heap bomb": ("fn main() { let mut all = Vec::new(); loop { all.push(vec![1u8; 1 << 20]); } }", Verdict.MLE),
    "thread bomb": ("fn main() { loop { std::thread::spawn(|| std::thread::park()); } }", Verdict.RE),
    "fork bomb": (
        'fn main() { loop { let _ = std::process::Command::new("/program/.program").spawn(); } }',
        Verdict.TLE,
    ),
    "unwraps nothing": ("fn main() { std::env::args().nth(9).unwrap(); }", Verdict.RE),
    "error from main": ('fn main() -> Result<(), String> { Err("no".into()) }', Verdict.RE),
    "network": ('fn main() { std::net::TcpListener::bind("127.0.0.1:0").unwrap(); println!("ok"); }', Verdict.RE),
    "shadow": ('fn main() { println!("{}", std::fs::read_to_string("/etc/shadow").unwrap()); }', Verdict.RE),
    "flood": ('fn main() { loop { println!("flood"); } }', Verdict.OLE),
}


@pytest.mark.parametrize(("source", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(source: str, verdict: Verdict, run: Run) -> None:
    grade = await run(source, limits=TIGHT)
    assert grade.verdict is verdict, grade


async def test_endless_recursion(run: Run) -> None:
    source = (
        "fn deeper(n: u64) -> u64 { std::hint::black_box(deeper(std::hint::black_box(n + 1))) + 1 }\n"
        'fn main() { println!("{}", deeper(0)); }\n'
    )
    grade = await run(source)
    assert grade.verdict == "RE", grade


CANNOT_BE_COMPILED = {
    "shadow in the binary": 'static SECRET: &[u8] = include_bytes!("/etc/shadow");\nfn main() {}\n',
    "shadow as a module": '#[path = "/etc/shadow"]\nmod secret;\nfn main() {}\n',
    "macro without end": "macro_rules! bomb { ($($x:tt)*) => { bomb!($($x)* $($x)*) } }\nfn main() { bomb!(a) }\n",
    "types without end": "struct Deep<T>(T);\nfn deeper<T>(n: u32, x: T) { if n > 0 { deeper(n - 1, Deep(x)) } }\nfn main() { deeper(1 << 30, 1) }\n",
    "constant without end": 'const X: u64 = { let mut x = 0; while x < 1 << 60 { x += 1; } x };\nfn main() { println!("{}", X) }\n',
    "a macro crate": '#![crate_type = "proc-macro"]\nextern crate proc_macro;\n#[proc_macro]\npub fn run(x: proc_macro::TokenStream) -> proc_macro::TokenStream { x }\n',
    "another crate": "extern crate libc;\nfn main() {}\n",
    "environment of the compiler": 'fn main() { println!(env!("SECRET")) }\n',
    "no main": "fn other() {}\n",
}


@pytest.mark.parametrize("source", CANNOT_BE_COMPILED.values(), ids=CANNOT_BE_COMPILED.keys())
async def test_cannot_be_compiled(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    assert grade.compile_output


@pytest.mark.parametrize(
    ("status", "stderr", "verdict", "said"),
    [
        (
            101,
            "thread 'main' panicked at 'explicit panic', main.rs:4:5\n",
            Verdict.RE,
            "explicit panic (main.rs, line 4)",
        ),
        (
            101,
            "\nthread 'main' (7) panicked at main.rs:2:9:\nattempt to add with overflow\n",
            Verdict.RE,
            "left the range",
        ),
        (134, "memory allocation of 99 bytes failed\n", Verdict.MLE, "memory"),
        (
            134,
            "\nthread 'main' has overflowed its stack\nfatal runtime error: stack overflow\n",
            Verdict.RE,
            "without end",
        ),
        (139, "", Verdict.RE, "not its own"),
        (4, "", Verdict.RE, "exit status 4"),
    ],
)
def test_crashes_are_explained(status: int, stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("rust").explain_crash(status, stderr)
    assert crash.verdict is verdict
    assert said in crash.message
