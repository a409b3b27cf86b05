"""Programs that do not print what is expected, and texts that are no programs."""

from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade

pytestmark = pytest.mark.sandbox

Face = Callable[..., Awaitable[Grade]]

WRONG = {
    "leaves early": "import sys\nsys.exit(0)\nprint('ok')",
    "leaves without flushing": "import os\nprint('ok')\nos._exit(0)",
    "another print": "import builtins\nbuiltins.print = lambda *words, **options: None\nprint('ok')",
    "NUL": "print('ok\\0')",
    "not UTF-8": "import sys\nsys.stdout.buffer.write(b'ok\\xff\\n')",
    "takes it back": "import os\nprint('ok', flush=True)\nos.ftruncate(1, 0)",
    "terminal escapes": "print('\\x1b[31mok\\x1b[0m')",
    "HTML": "print('<script>alert(1)</script>')",
    "nothing": "",
    "standard error": "import sys\nprint('ok', file=sys.stderr)",
    "closes its output": "import os\nos.close(1)",
    "replaces its output": "import sys, io\nsys.stdout = io.StringIO()\nprint('ok')",
}

NO_PROGRAMS = {
    "open parenthesis": "print('ok'",
    "nested parentheses": "(" * 100_000,
    "nested minus signs": "-" * 100_000 + "1",
    "nested lists": "x=" + "[" * 5_000 + "]" * 5_000,
    "nested blocks": "\n".join(" " * depth + "if 1:" for depth in range(200)) + "\n" + " " * 200 + "pass",
    "NUL": "print('ok')\0",
    "giant": "x = 1\n" * 2_000_000,
    "half a character": "x = '\ud800'",
    "unknown encoding": "# coding: nonsense\nprint('ok')",
    "return outside": "return 1",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG.keys())
async def test_wrong_answer(source: str, face_hostile: Face) -> None:
    grade = await face_hostile(source)
    assert grade.verdict == "WA", grade


@pytest.mark.parametrize("source", NO_PROGRAMS.values(), ids=NO_PROGRAMS.keys())
async def test_compile_error(source: str, face_hostile: Face) -> None:
    grade = await face_hostile(source)
    assert grade.verdict == "CE", grade
    assert grade.status == "FAILED"
    assert grade.outcomes == ()
    assert grade.compile_output
    assert len(grade.compile_output) < 40_000


async def test_a_syntax_error_shows_the_place(face_hostile: Face) -> None:
    grade = await face_hostile("x = 1\nprint('hello\n")
    assert grade.compile_output is not None
    assert 'File "main.py", line 2' in grade.compile_output
    assert "SyntaxError: unterminated string literal" in grade.feedback


async def test_what_is_shown_has_no_control_characters(face_hostile: Face) -> None:
    outcome = (await face_hostile("print('\\x1b[31mred\\0\\x9b\\u202e')")).outcomes[0]
    assert outcome.stdout == "␛[31mred␀��\n"


async def test_warnings_of_the_compiler_are_kept(face_hostile: Face) -> None:
    grade = await face_hostile("x = 1\nassert (x, 'always true')\nprint('ok')")
    assert grade.verdict == "AC"
    assert grade.compile_output is not None
    assert "SyntaxWarning" in grade.compile_output
