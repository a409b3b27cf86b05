"""The check runs every program, and tells apart content that keeps its promises from content that does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest.grading import Grader
from codezest.services.learning.content.check import CheckReport, check
from codezest.services.learning.content.load import load

pytestmark = pytest.mark.sandbox

DOUBLE = "python/modules/01-first-steps/assignments/double"
PROGRAM = "python/modules/01-first-steps/materials/03-program"
ARTICLE = "python/modules/01-first-steps/materials/01-introduction.md"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    made = Grader()
    made.start()
    yield made
    made.close()


async def checked(root: Path, grader: Grader) -> CheckReport:
    return await check(load(root), grader)


async def test_the_courses_keep_their_promises(real: Path, grader: Grader) -> None:
    report = await checked(real, grader)
    assert report.problems == []
    assert (report.solutions, report.starters, report.wrong, report.examples) == (3, 3, 10, 30)
    assert report.ok
    assert report.lines[-1].endswith("all as they should be")


async def test_what_the_scaffold_writes_keeps_its_promises(small: Path, grader: Grader) -> None:
    report = await checked(small, grader)
    assert report.lines == [report.lines[-1]]
    assert (report.solutions, report.starters, report.wrong, report.examples) == (1, 1, 2, 1)


BROKEN: list[tuple[str, str, list[str]]] = [
    (
        f"{DOUBLE}/solution/main.py",
        "print(int(input()) ** 2)\n",
        [
            "solution/main.py: the solution fails the test 'the-example' with WA",
            "solution/main.py: the solution fails the test 'negative' with WA",
        ],
    ),
    (f"{DOUBLE}/start/main.py", "print(int(input()) * 2)\n", ["start/main.py: the starter passes every test"]),
    (
        f"{DOUBLE}/wrong/adds-two.py",
        "print(int(input()) + 3)\n",
        ["wrong/adds-two.py: it fails the test 'two' with WA, which assignment.toml does not say"],
    ),
    (
        f"{DOUBLE}/wrong/adds-two.py",
        "number = int(input())\nprint(number * 2 if number < 0 else number + 2)\n",
        ["wrong/adds-two.py: it passes the test 'negative', which assignment.toml says it fails"],
    ),
    (
        f"{DOUBLE}/wrong/adds-two.py",
        "number = int(input())\nprint(4 if number == 2 else number / 0)\n",
        [
            "wrong/adds-two.py: it fails the test 'the-example' with RE, but assignment.toml says WA",
            "wrong/adds-two.py: it fails the test 'negative' with RE, but assignment.toml says WA",
        ],
    ),
    (
        f"{DOUBLE}/wrong/joins-text.py",
        "print(\n",
        [
            "wrong/joins-text.py: it fails the test 'the-example' with CE, but assignment.toml says WA",
            "wrong/joins-text.py: it fails the test 'two' with CE, but assignment.toml says WA",
            "wrong/joins-text.py: it fails the test 'negative' with CE, but assignment.toml says WA",
        ],
    ),
    (f"{PROGRAM}.out", "Hello, Eve\n", ["03-program.py: this program prints 'Hello, Ada\\n', but the text says"]),
    (f"{PROGRAM}.in", "", ["03-program.py: this program does not end normally: "]),
]


@pytest.mark.parametrize(("name", "text", "said"), BROKEN, ids=[case[2][0][:60] for case in BROKEN])
async def test_a_broken_promise_is_reported(
    small: Path, grader: Grader, *, name: str, text: str, said: list[str]
) -> None:
    (small / name).write_text(text)
    report = await checked(small, grader)
    assert not report.ok
    assert len(report.problems) == len(said)
    for line, beginning in zip(report.lines, said, strict=False):
        assert beginning in line
    assert report.lines[-1].endswith(f"{len(said)} not as they should be")


async def test_an_example_in_the_text_is_run(small: Path, grader: Grader) -> None:
    article = small / ARTICLE
    first_line = article.read_text().count("\n") + 2
    article.write_text(article.read_text() + "\n```python\nprint(1 + 1)\n```\n\n```output\n3\n```\n")
    report = await checked(small, grader)
    assert report.lines[0].startswith(f"{ARTICLE}:{first_line}: this program prints '2\\n', but the text says '3\\n'")
    article.write_text(article.read_text().replace("3\n```", "2\n```"))
    assert (await checked(small, grader)).ok


async def test_a_language_without_a_grader_is_reported(small: Path, grader: Grader) -> None:
    settings = small / "python/language.toml"
    settings.write_text(settings.read_text().replace('runtime = "python"', 'runtime = "cobol"'))
    module = small / "python/modules/01-first-steps"
    (module / "materials/03-program.py").rename(module / "materials/03-program.cobol")
    report = await checked(small, grader)
    assert [problem.path.rpartition("/")[2] for problem in report.problems] == ["03-program.cobol"]
    assert "this program cannot be run" in report.lines[0]


PROGRAM_QUESTION = """
[[question]]
key = "program"
type = "CODE"
text = "Double it."
topic = "T"
explanation = "E"
language = "python"
starter = "print(2 * int(input()))"
solution = "print(input())"
tests = [{ name = "two", input = "2", expected = "4", visible = true }, { input = "0", expected = "0" }]
"""
FUNCTION_QUESTION = """
[[question]]
key = "function"
type = "CODE"
text = "Double it."
topic = "T"
explanation = "E"
language = "python"
mode = "FUNCTION"
function = "double"
starter = "def double(x): return 2 * x"
solution = "def double(x): return x + 2"
tests = [
    { name = "two", arguments = [2], returns = 4, visible = true },
    { name = "three", arguments = [3], returns = 6 },
]
"""


async def test_the_solutions_of_questions_are_run(small: Path, grader: Grader) -> None:
    quiz = next(small.rglob("quizzes/*.toml"))
    quiz.write_text(quiz.read_text() + PROGRAM_QUESTION)
    report = await checked(small, grader)
    assert report.questions == 1
    place = f"{quiz.relative_to(small).as_posix()}:{quiz.read_text()[: -len(PROGRAM_QUESTION)].count(chr(10)) + 2}"
    failed, passes = (str(problem) for problem in report.problems)
    assert failed.startswith(place)
    assert "the solution of 'program' fails 'two': " in failed
    assert "the starter of 'program' passes every test" in passes
    quiz.write_text(quiz.read_text().replace(PROGRAM_QUESTION, FUNCTION_QUESTION))
    report = await checked(small, grader)
    failed, passes = (str(problem) for problem in report.problems)
    assert "the solution of 'function' fails 'three': " in failed
    assert "the starter of 'function' passes every test" in passes
