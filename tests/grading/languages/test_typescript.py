"""TypeScript programs: what the compiler checks, and what then runs."""

import pytest

from codezest.grading import Grader
from codezest.grading.languages import find_language
from codezest_db.enums import Verdict
from fixtures.programs import TIGHT, Run, runner

pytestmark = pytest.mark.sandbox


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "typescript")


ORDINARY = {
    "types": 'interface Named { name: string }\nconst one: Named = { name: "ok" };\nconsole.log(one.name);\n',
    "an enumeration": 'enum Answer { No, Ok = "ok" }\nconsole.log(Answer.Ok);\n',
    "generics": 'function first<T>(all: T[]): T { return all[0] }\nconsole.log(first(["ok"]));\n',
    "import": 'import * as fs from "node:fs";\nfs.writeFileSync("a", "ok");\nconsole.log(fs.readFileSync("a", "utf8"));\n',
    "require": 'const fs = require("fs");\nconsole.log(fs.existsSync("/nothing") ? "no" : "ok");\n',
    "promises": 'async function main(): Promise<void> { console.log(await Promise.resolve("ok")) }\nvoid main();\n',
    "timers": 'setTimeout(() => console.log("ok"), 5);\n',
    "collections": 'const all = new Map<string, number[]>([["a", [3, 1]]]);\nconsole.log(all.get("a")?.toSorted()[0] === 1 ? "ok" : "no");\n',
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "AC", grade


INPUT = {
    "at once": 'import { readFileSync } from "fs";\nconsole.log(readFileSync(0, "utf8").trim() + process.argv[2]);\n',
    "in pieces": (
        'let text = "";\nprocess.stdin.setEncoding("utf8");\nprocess.stdin.on("data", (piece) => { text += piece });\n'
        'process.stdin.on("end", () => console.log(text.trim() + process.argv[2]));\n'
    ),
    "line by line": (
        'import * as readline from "readline";\nconst lines = readline.createInterface({ input: process.stdin });\n'
        'lines.on("line", (line) => console.log(line + process.argv[2]));\n'
    ),
}


@pytest.mark.parametrize("source", INPUT.values(), ids=INPUT.keys())
async def test_input_arguments_and_unicode(source: str, run: Run) -> None:
    grade = await run(source, stdin="kůň\n", args=("🐎",), expected="kůň🐎\n")
    assert grade.verdict == "AC", grade


async def test_several_files(run: Run) -> None:
    sources = {
        "main.ts": 'import { sum } from "./parts/sum";\nconsole.log(sum(1, 2));\n',
        "parts/sum.ts": "export function sum(one: number, other: number): number { return one + other }\n",
    }
    grade = await run(sources, expected="3\n")
    assert grade.verdict == "AC", grade


REFUSED = {
    "a wrong type": ('const x: number = "a";\n', "main.ts, line 1, column 7: error: Type 'string' is not assignable"),
    "an unknown name": ("\nconsole.log(nothing);\n", "main.ts, line 2, column 13: error: Cannot find name 'nothing'"),
    "syntax": ("let x = ;\n", "main.ts, line 1, column 9: error: Expression expected"),
    "any by accident": ("function f(x) { return x }\nf(1);\n", "implicitly has an 'any' type"),
    "a library that is not there": ('import x from "left-pad";\nconsole.log(x);\n', "Cannot find module 'left-pad'"),
    "a shadow": ('/// <reference path="/etc/shadow" />\n', "Could not resolve the path"),
    "types without end": (
        "type Deep<N extends unknown[]> = N extends 1 ? 1 : Deep<[...N, 1]>;\nconst x: Deep<[]> = 1;\n",
        "excessively deep",
    ),
}


@pytest.mark.parametrize(("source", "said"), REFUSED.values(), ids=REFUSED.keys())
async def test_refused_by_the_compiler(source: str, said: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    assert said in (grade.compile_output or "")
    assert "TS2" not in (grade.compile_output or "")


HOSTILE = {
    "endless loop": ("for (;;) {}\n", Verdict.TLE),
    "throws": ('throw new Error("no");\n', Verdict.RE),
    "flood": ('for (;;) console.log("flood".repeat(100));\n', Verdict.OLE),
    "exit status": ("process.exit(3);\n", Verdict.RE),
}


@pytest.mark.parametrize(("source", "verdict"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile(source: str, verdict: Verdict, run: Run) -> None:
    grade = await run(source, limits=TIGHT)
    assert grade.verdict is verdict, grade


async def test_an_error_names_the_line_of_the_source(run: Run) -> None:
    sources = {
        "main.ts": 'import { fail } from "./parts/fail";\n\ninterface Unused { a: string }\n\nfail();\n',
        "parts/fail.ts": (
            'type Also = {\n  a: number;\n};\n\nexport function fail(): void {\n  throw new RangeError("no");\n}\n'
        ),
    }
    grade = await run(sources)
    assert grade.verdict == "RE", grade
    (outcome,) = grade.outcomes
    assert "RangeError: no (line 6)." in (outcome.message or "")
    assert "parts/fail.ts:6:9" in outcome.stderr
    assert "main.ts:5:" in outcome.stderr
    assert "/program" not in outcome.stderr
    assert "toolchains" not in outcome.stderr


def test_messages_are_put_in_clean_words() -> None:
    text = "main.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n"
    assert find_language("typescript").clean_errors(text) == (
        "main.ts, line 3, column 7: error: Type 'string' is not assignable to type 'number'.\n"
    )
