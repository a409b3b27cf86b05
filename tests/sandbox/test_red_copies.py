"""What a JavaScript program finds around it, as a copy of a warm Node, and what it leaves for the next case."""

import pytest

from codezest.grading import Grade, Grader, GradingSpec, TestSpec
from fixtures.programs import ROOMY, require

pytestmark = pytest.mark.sandbox

_FORKER = "process.report.getReport().sharedObjects.find((name) => /fork/.test(name))"
_CALL = f"const made = {{ exports: {{}} }}; process.dlopen(made, {_FORKER}); made.exports"
PROGRAMS = {
    "writes to whatever is open": (
        "for (let n = 3; n < 400; n++) try { fs.writeSync(n, '+'.repeat(96)); } catch {}",
        {"AC"},
    ),
    "closes whatever is open": ("for (let n = 3; n < 400; n++) try { fs.closeSync(n); } catch {}", {"AC", "RE"}),
    "kills all that it can name": (
        "for (let n = 1; n < 400; n++) if (n !== process.pid) try { process.kill(n, 9); } catch {}",
        {"AC"},
    ),
    "kills everybody": ("try { process.kill(-1, 9); } catch {}", {"AC"}),
    "spoils prototypes and modules": (
        "if ({}.x || [].x || fs.x) console.log('spoilt'); Object.prototype.x = Array.prototype.x = fs.x = 1; process.env.x = 1;",
        {"AC"},
    ),
    "has a server's requests answered": (
        f"try {{ {_CALL}.serve(4); }} catch {{}}",
        {"WA"},  # it has ended like a server whose launcher is gone
    ),
    "copies itself": (f"try {{ {_CALL}.copy(); }} catch {{}}", {"AC", "RE", "WA", "TLE"}),
    "opens an inspector": (
        "const inspector = require('inspector'); inspector.open(0); if (inspector.url()) console.log('open');",
        {"AC"},
    ),
    "asks for rights": (
        "const done = require('child_process').spawnSync('/usr/bin/unshare', ['-U', 'true']); if (done.status === 0) console.log('user');",
        {"AC"},
    ),
    "leaves a child": (
        "require('child_process').spawn('/bin/sleep', ['100'], { detached: true, stdio: 'ignore' }).unref();",
        {"AC"},
    ),
}


async def _grade(grader: Grader, source: str) -> Grade:
    require(grader, "javascript")
    tests = tuple(TestSpec(name=f"case {number}", expected="ok\n") for number in range(3))
    return await grader.grade(GradingSpec(language="javascript", tests=tests, limits=ROOMY), source)


@pytest.mark.parametrize(("body", "verdicts"), PROGRAMS.values(), ids=PROGRAMS.keys())
async def test_a_copy_reaches_neither_its_neighbours_nor_the_next_case(
    grader: Grader, body: str, verdicts: set[str]
) -> None:
    hostile = await _grade(grader, f"const fs = require('fs'); {body} console.log('ok');")
    assert {outcome.verdict for outcome in hostile.outcomes} <= verdicts, hostile
    assert hostile.fault is None, hostile
    assert (await _grade(grader, "console.log('ok');")).verdict == "AC"


async def test_no_two_cases_or_submissions_draw_the_same_numbers(grader: Grader) -> None:
    drawn = [
        outcome.stdout for _ in range(2) for outcome in (await _grade(grader, "console.log(Math.random());")).outcomes
    ]
    assert len(set(drawn)) == len(drawn) == 6
