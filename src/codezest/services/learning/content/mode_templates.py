"""The files that a new assignment of another mode than STDIO begins with, over those in `templates`.

Placeholders are those of ``string.Template``.
"""

from codezest.services.learning.content import templates
from codezest_db.enums import GradingMode

_HEAD = templates.ASSIGNMENT.partition("[limits]")[0]
_LIMITS = """\
[limits]
cpu_seconds = 2.0
memory_mb = 128
"""

_FUNCTION_ASSIGNMENT = (
    _HEAD.replace("`print(number * 2)`, once `number` is a number", "`return number * 2`")
    + _LIMITS
    + """
[[wrong]]
file = "prints.py"
verdict = "WA"
why = "It prints the result instead of returning it."
fails = "all"

[[wrong]]
file = "adds-two.py"
verdict = "WA"
why = "It adds two instead of doubling, which is the same for the number 2 only."
fails = ["the-example", "negative"]
"""
).replace('checker = "EXACT"\n', 'mode = "FUNCTION"\nfunction = "double"\n')

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

_UNIT_TESTS_ASSIGNMENT = _FUNCTION_ASSIGNMENT.replace(
    'mode = "FUNCTION"\nfunction = "double"\n', 'mode = "UNIT_TESTS"\n'
)
_UNIT_TESTS_TESTS = """\
# Each test names one test function of unit_tests/, and says what it is worth.
# Hidden tests (visible = false) show learners `kind_of_case` only.

[[test]]
key = "the-example"
name = "test_the_example"
visible = true

[[test]]
key = "two"
name = "test_two"
kind_of_case = "A small number."

[[test]]
key = "negative"
name = "test_negative"
kind_of_case = "A number below zero."
"""
_UNIT_TESTS = """\
from main import double


def test_the_example():
    assert double(21) == 42


def test_two():
    assert double(2) == 4


def test_negative():
    assert double(-4) == -8
"""

_INTERACTIVE_ASSIGNMENT = (
    _HEAD.replace("`print(number * 2)`, once `number` is a number", "halve the range with each guess")
    + _LIMITS
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

Write a function `double(number)` that **returns** the double of a whole number.

## Example

`double(21)` returns `42`.
"""
_FUNCTIONS = {
    "instructions.md": _FUNCTION_INSTRUCTIONS,
    "start/main.py": "def double(number):\n    ...\n",
    "solution/main.py": "def double(number):\n    return number * 2\n",
    "wrong/prints.py": "def double(number):\n    print(number * 2)\n",
    "wrong/adds-two.py": "def double(number):\n    return number + 2\n",
}

BY_MODE: dict[GradingMode, dict[str, str]] = {
    GradingMode.STDIO: {
        "assignment.toml": templates.ASSIGNMENT,
        "instructions.md": templates.INSTRUCTIONS,
        "start/main.py": templates.START,
        "solution/main.py": templates.SOLUTION,
        **{f"wrong/{file}": program for file, program in templates.WRONG.items()},
        "tests/tests.toml": templates.TESTS,
    },
    GradingMode.FUNCTION: {
        "assignment.toml": _FUNCTION_ASSIGNMENT,
        **_FUNCTIONS,
        "tests/tests.toml": _FUNCTION_TESTS,
    },
    GradingMode.UNIT_TESTS: {
        "assignment.toml": _UNIT_TESTS_ASSIGNMENT,
        **_FUNCTIONS,
        "unit_tests/test_main.py": _UNIT_TESTS,
        "tests/tests.toml": _UNIT_TESTS_TESTS,
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
"""Text by path in the assignment's folder; placeholders in ``assignment.toml`` only."""
