"""The program that has checked the files runs the first test, and is to that test what all others are to theirs."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from codezest.grading import Grader, GradingSpec, TestSpec
from codezest.grading.languages import find_language
from codezest_sandbox import Limits
from codezest_sandbox.connection import Case
from codezest_sandbox.result import Ending
from fixtures.programs import ROOMY, require

pytestmark = pytest.mark.sandbox

ROOMY_CASE = Limits(cpu_seconds=10.0, wall_seconds=60.0)
SAME = {
    "limits": "process.stdout.write(require('child_process').execSync('ulimit -a'));\n",
    "its names": "console.log(process.argv, process.execArgv, process.cwd(), process.title, process.env, module.children);\n",
    "the world": "console.log(Object.getOwnPropertyNames(globalThis), Object.keys(require.cache), process.moduleLoadList);\n",
    "a module's world": "import fs from 'fs';\nconsole.log(Object.getOwnPropertyNames(globalThis), import.meta, fs.readdirSync('.'));\n",
    "rights": "console.log(process.getuid(), process.getgid(), process.umask(), process.pid > 1);\n",
    "standard streams": "console.log([0, 1, 2].map((n) => require('fs').fstatSync(n).isFile()), process.stdin.isTTY);\n",
    "an error": "console.log(new Error('no').stack);\n",
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME.keys())
async def test_all_tests_find_the_same(source: str, grader: Grader) -> None:
    require(grader, "javascript")
    tests = tuple(TestSpec(name=f"{index}", expected=None, sample=True) for index in range(3))
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=ROOMY), source)
    assert grade.verdict == "AC", grade
    first, *others = (outcome.stdout for outcome in grade.outcomes)
    assert first
    assert others == [first, first]


async def test_what_compiles_before_the_check_ends_no_program_of_ours(grader: Grader) -> None:
    """At the end of a compile step everything is killed that is not known, so nothing may wait while one runs."""
    require(grader, "javascript")
    language, sandboxes = find_language("javascript"), grader.sandboxes
    build = language.build(sandboxes.toolchain("javascript"), {"main.js": "console.log('ok');\n"}, "main.js")
    async with await sandboxes.take(language) as sandbox:
        prepared = await sandbox.prepare(replace(build, steps=(("/usr/bin/env", "true"),) * 2), ROOMY_CASE)
        assert prepared.ok, prepared
        async with aclosing(sandbox.run([Case(limits=ROOMY_CASE)] * 2)) as outputs:
            found = [(output.result.ending, output.stdout) async for output in outputs]
    assert found == [(Ending.EXIT, b"ok\n")] * 2


async def test_a_check_that_was_hard_work_is_not_held_against_the_first_test(grader: Grader) -> None:
    """Its program has used more than a little by then, and is not the one to be measured."""
    require(grader, "javascript")
    source = "(a => (b => (c => [a, b, c])(3))(2))(1);\n" * 6000 + "console.log('ok');\n"
    tests = tuple(TestSpec(name=f"{index}", expected="ok\n") for index in range(2))
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=ROOMY), source)
    assert grade.verdict == "AC", grade
