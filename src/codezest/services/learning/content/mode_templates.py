"""The files that a new assignment of another mode than STDIO begins with, over those in `templates`.

Placeholders are those of ``string.Template``.
"""

from codezest.services.learning.content import templates
from codezest.services.learning.content.function_templates import FUNCTION_PROGRAMS, FunctionPrograms, UnitTests
from codezest_db.enums import GradingMode

_HEAD = templates.ASSIGNMENT.partition("[limits]")[0]
_LIMITS = """\
[limits]
cpu_seconds = 2.0
memory_mb = {memory_mb}
"""

_FUNCTION_ASSIGNMENT = (
    _HEAD.replace("`print(number * 2)`, once `number` is a number", "`return number * 2`")
    + _LIMITS
    + """
[[wrong]]
file = "prints.{suffix}"
verdict = "WA"
why = "It prints the result instead of returning it."
fails = "all"

[[wrong]]
file = "adds-two.{suffix}"
verdict = "WA"
why = "It adds two instead of doubling, which is the same for the number 2 only."
fails = ["the-example", "negative"]
"""
)

_FUNCTION_TESTS = """\
# Each test is one call: the arguments, and what must be returned.
# Hidden tests (visible = false) show learners `kind_of_case` only.

[[test]]
key = "the-example"
name = "The example from the task"
visible = true
arguments = [21]
returns = 42

[[test]]
key = "two"
name = "The number two"
kind_of_case = "A small number."
arguments = [2]
returns = 4

[[test]]
key = "negative"
name = "A negative number"
kind_of_case = "A number below zero."
arguments = [-4]
returns = -8
"""

_UNIT_TESTS_TESTS = """\
# Each test names one test function of unit_tests/, and says what it is worth.
# Hidden tests (visible = false) show learners `kind_of_case` only.

[[test]]
key = "the-example"
name = "{names[0]}"
visible = true

[[test]]
key = "two"
name = "{names[1]}"
kind_of_case = "A small number."

[[test]]
key = "negative"
name = "{names[2]}"
kind_of_case = "A number below zero."
"""
_INTERACTIVE_ASSIGNMENT = (
    _HEAD.replace("`print(number * 2)`, once `number` is a number", "halve the range with each guess")
    + _LIMITS.format(memory_mb=128)
    + """
[[wrong]]
file = "counts-up.py"
verdict = "WA"
why = "It tries one number after the other, and runs out of guesses."
fails = ["large"]

[[wrong]]
file = "wrong-way.py"
verdict = "WA"
why = "It takes the answer the wrong way round."
fails = "all"
"""
).replace('checker = "EXACT"\n', 'mode = "INTERACTIVE"\n')
_INTERACTIVE_INSTRUCTIONS = """\
Find the number that the other side thinks of, between 1 and 100, with at most seven guesses.

## What to do

Print a guess, and flush the output. Then read the answer:

- `higher` if the number is larger than your guess
- `lower` if it is smaller
- `right` when you have found it; then your program ends
"""
_INTERACTIVE_TESTS = """\
# Each test is one talk: `stdin` is what the interactor finds in input.txt.

[[test]]
key = "small"
name = "A small number"
visible = true
stdin = "3\\n"

[[test]]
key = "large"
name = "A large number"
kind_of_case = "A number that takes all guesses."
stdin = "98\\n"
"""
_INTERACTOR = """\
# Talks with the learner's program: reads what it prints, prints what it reads.
# Exit status 42 accepts and 43 refuses; what standard error says is told to the learner.
import sys
from pathlib import Path

ACCEPT, REFUSE = 42, 43
MOST_GUESSES = 7

number = int(Path("input.txt").read_text())
for _ in range(MOST_GUESSES):
    line = sys.stdin.readline().strip()
    if not line.isdecimal():
        print("That is no number between 1 and 100.", file=sys.stderr)
        sys.exit(REFUSE)
    guess = int(line)
    if guess == number:
        print("right", flush=True)
        sys.exit(ACCEPT)
    print("higher" if guess < number else "lower", flush=True)
print("You had seven guesses.", file=sys.stderr)
sys.exit(REFUSE)
"""
_GUESSING = """\
low, high = 1, 100
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == "right":
        break
    if answer == "{higher}":
        low = guess + 1
    else:
        high = guess - 1
"""
_COUNTING = """\
guess = 1
print(guess, flush=True)
while input() != "right":
    guess += 1
    print(guess, flush=True)
"""

_FUNCTION_INSTRUCTIONS = """\
Say what the function is for.

## What to do

Write a function `{signature}` that **returns** the double of a whole number.

## Example

`{function}(21)` returns `42`.
"""

_PYTHON = "python"

_IN_PYTHON: dict[GradingMode, dict[str, str]] = {
    GradingMode.STDIO: {
        "assignment.toml": templates.ASSIGNMENT,
        "instructions.md": templates.INSTRUCTIONS,
        "start/main.py": templates.START,
        "solution/main.py": templates.SOLUTION,
        **{f"wrong/{file}": program for file, program in templates.WRONG.items()},
        "tests/tests.toml": templates.TESTS,
    },
    GradingMode.INTERACTIVE: {
        "assignment.toml": _INTERACTIVE_ASSIGNMENT,
        "instructions.md": _INTERACTIVE_INSTRUCTIONS,
        "start/main.py": "# Print a guess, read the answer, and go on until it is right.\n",
        "solution/main.py": _GUESSING.format(higher="higher"),
        "wrong/counts-up.py": _COUNTING,
        "wrong/wrong-way.py": _GUESSING.format(higher="lower"),
        "interactor/interactor.py": _INTERACTOR,
        "tests/tests.toml": _INTERACTIVE_TESTS,
    },
}


def files_of(mode: GradingMode, runtime: str) -> dict[str, str] | None:
    """Text by path in the assignment's folder; placeholders in ``assignment.toml`` only.

    None: no program of this mode can be begun in this language.
    """
    if mode in _IN_PYTHON:
        return dict(_IN_PYTHON[mode]) if runtime == _PYTHON else None
    programs = FUNCTION_PROGRAMS.get(runtime)
    if programs is None:
        return None
    if mode is GradingMode.FUNCTION:
        called = f'mode = "FUNCTION"\nfunction = "{programs.function}"\n'
        return {**_function_files(programs, called, memory_mb=128), "tests/tests.toml": _FUNCTION_TESTS}
    tests = programs.unit_tests
    return None if tests is None else _unit_test_files(programs, tests)


def _unit_test_files(programs: FunctionPrograms, tests: UnitTests) -> dict[str, str]:
    return {
        **_function_files(programs, 'mode = "UNIT_TESTS"\n', memory_mb=tests.memory_mb),
        f"unit_tests/{tests.file}": tests.source,
        "tests/tests.toml": _UNIT_TESTS_TESTS.format(names=tests.names),
    }


def _function_files(programs: FunctionPrograms, called: str, *, memory_mb: int) -> dict[str, str]:
    assignment = _FUNCTION_ASSIGNMENT.replace('checker = "EXACT"\n', called)
    return {
        "assignment.toml": assignment.format(suffix=programs.suffix, memory_mb=memory_mb),
        "instructions.md": _FUNCTION_INSTRUCTIONS.format(signature=programs.signature, function=programs.function),
        f"start/{programs.file}": programs.start,
        f"solution/{programs.file}": programs.solution,
        f"wrong/prints.{programs.suffix}": programs.prints,
        f"wrong/adds-two.{programs.suffix}": programs.adds_two,
    }
