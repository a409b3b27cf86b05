"""What a source may have its compiler do: nothing of the host is found, and nothing takes longer than it may."""

import pytest

from codezest.grading import Grader
from fixtures.programs import ROOMY, require, runner

pytestmark = pytest.mark.sandbox

SECRETS = ("root:", "daemon:", "CODEZEST", "/work/")
SOURCES = {
    "c: the host's accounts": ("c", '#include "/etc/passwd"\nint main(void) { return 0; }', "CE"),
    "c: a file as it is": (
        "c",
        '#include <stdio.h>\nextern char text[]; __asm__(".data\\ntext: .incbin \\"/etc/passwd\\"\\n.byte 0\\n.text");\nint main(void) { puts(text); }',
        "WA",
    ),
    "c: the environment": ("c", '#include "/proc/self/environ"\nint main(void) { return 0; }', "CE"),
    "c: an endless file": ("c", '#include "/dev/zero"\nint main(void) { return 0; }', "CE"),
    "c: a plugin": ("c", '#pragma GCC plugin "/tmp/x.so"\n#include "/dev/stdin"\nint main(void) { return 0; }', "CE"),
    "rust: a file and the environment": (
        "rust",
        'fn main() { println!("{:?} {}", option_env!("CODEZEST_SECRET_KEY"), include_str!("/etc/passwd")); }',
        "WA",
    ),
    "rust: a compiler's own crates": (
        "rust",
        "#![feature(rustc_private)]\nextern crate proc_macro;\nfn main() {}",
        "CE",
    ),
    "go: a file": (
        "go",
        'package main\nimport _ "embed"\n//go:embed passwd\nvar text string\nfunc main() { println(text) }',
        "CE",
    ),
    "go: C": ("go", 'package main\n// #cgo LDFLAGS: -Wl,--version\nimport "C"\nfunc main() {}', "CE"),
    "go: words to the linker": ("go", 'package main\n//go:cgo_ldflag "-x"\nfunc main() {}', "CE"),
}


@pytest.mark.parametrize(("language", "source", "verdict"), SOURCES.values(), ids=SOURCES.keys())
async def test_a_compiler_finds_nothing_of_the_host(grader: Grader, language: str, source: str, verdict: str) -> None:
    require(grader, language)
    grade = await runner(grader, language)(source, limits=ROOMY)
    assert grade.verdict == verdict, grade
    said = (grade.compile_output or "") + "".join(outcome.stdout for outcome in grade.outcomes)
    assert not [secret for secret in SECRETS if secret in said], said
