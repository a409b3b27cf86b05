"""Every type of question as code: loaded, stored, and the same after another round."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from codezest.kit.database import Database
from codezest.services.learning.content.load import load
from codezest.services.learning.content.one_question import asked_of
from codezest.services.learning.content.problems import ContentProblems
from codezest.services.learning.content.sync import sync
from codezest.services.learning.queries.asked import CONTENT
from codezest.services.learning.questions import problems_of
from codezest.services.learning.questions.asked import Asked
from codezest_db.enums import QuestionType

QUIZ = "quizzes/asked.toml"
HEAD = 'topic = "T"\nexplanation = "E"\n'
MORE = f'''
[[question]]
key = "fill"
type = "FILL_BLANK"
text = "`{{{{1}}}} f(): return x {{{{op}}}} 2`"
{HEAD}blanks.1 = ["def"]
blanks.op = {{ accepted = ["**"], patterns = ['\\*\\s?\\*'], exact_spaces = true }}

[[question]]
key = "match"
type = "MATCHING"
text = "Match."
{HEAD}pairs = [{{ prompt = "1", match = "int" }}, {{ prompt = "'a'", match = "str" }}]
distractors = ["float"]
image_url = "/media/python/x.webp"
image_alt = "A drawing"

[[question]]
key = "order"
type = "ORDERING"
text = "Order."
{HEAD}items = ["read", "write"]

[[question]]
key = "number"
type = "NUMERIC"
text = "How much?"
{HEAD}value = 9.81
absolute = 0.01
units = {{ "m/s2" = 1 }}

[[question]]
key = "short"
type = "SHORT_ANSWER"
text = "Why?"
uuid = "0198c0de-0000-7000-8000-000000000001"
{HEAD}accepted = ["because"]
lines = 4

[[question]]
key = "program"
type = "CODE"
text = "Double it."
{HEAD}language = "python"
starter_file = "double-start.py"
solution = """
print(2 * int(input()))
"""
cpu_seconds = 1.5

[[question.tests]]
name = "two"
input = "2\\n"
expected = "4\\n"
visible = true

[[question.tests]]
input = "-1"
expected = "-2"
points = 2

[[question]]
key = "function"
type = "CODE"
text = "Double it."
{HEAD}language = "python"
mode = "FUNCTION"
function = "double"
solution = """
def double(thing):
    return thing * 2
"""

[[question.tests]]
name = "list"
arguments = [["a", 1.5, {{ b = true }}]]
returns = ["a", 1.5, {{ b = true }}, "a", 1.5, {{ b = true }}]
visible = true

[[question.tests]]
arguments = [-1]
expected = "-2"
points = 2

[[draw]]
count = 1
topic = "T"
'''
SETTINGS = """passing_score = 70
shuffle_options = true
scoring = "PARTIAL"
wrong_penalty_percent = 25
available_from = 2026-11-01T08:00:00Z
due_at = 2026-12-01T23:59:00+01:00
late_policy = "PENALTY_PER_DAY"
late_penalty_percent = 10
late_floor_percent = 50
"""
BANK = f'[[question]]\nkey = "drawn"\ntype = "NUMERIC"\ntext = "1 + 1?"\n{HEAD}value = 2\n'


@pytest.fixture
def every_type(small: Path, edit: Callable[..., None]) -> Path:
    edit(QUIZ, "passing_score = 70\n", SETTINGS)
    path = next(small.rglob(QUIZ))
    path.write_text(path.read_text() + MORE)
    (path.parent / "double-start.py").write_text("number = int(input())\n")
    (small / "python" / "bank").mkdir()
    (small / "python" / "bank" / "numbers.toml").write_text(BANK)
    return small


def test_every_type_can_be_answered(every_type: Path) -> None:
    language = load(every_type).languages[0]
    quiz = language.modules[0].quizzes[0]
    assert {question.type for question in quiz.questions} == set(QuestionType) - {
        QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE}  # fmt: skip
    assert all(problems_of(asked_of(question)) == [] for question in (*quiz.questions, *language.bank))
    assert str(quiz.questions[-3].id) == "0198c0de-0000-7000-8000-000000000001"
    assert quiz.questions[-1].answer_key == {
        "language": "python",
        "mode": "FUNCTION",
        "function": "double",
        "solution": "def double(thing):\n    return thing * 2\n",
        "tests": [
            {
                "name": "list",
                "arguments": [["a", 1.5, {"b": True}]],
                "expected": '["a", 1.5, {"b": true}, "a", 1.5, {"b": true}]',
                "visible": True,
            },
            {"arguments": [-1], "expected": "-2", "points": 2},
        ],
    }
    assert quiz.questions[-2].answer_key == {
        "language": "python",
        "starter": "number = int(input())\n",
        "solution": "print(2 * int(input()))\n",
        "cpu_seconds": 1.5,
        "tests": [
            {"name": "two", "input": "2\n", "expected": "4\n", "visible": True},
            {"input": "-1", "expected": "-2", "points": 2},
        ],
    }
    assert quiz.timing["due_at"].isoformat() == "2026-12-01T23:59:00+01:00"


async def test_what_is_stored_is_what_was_written(every_type: Path, database: Database) -> None:
    loaded = load(every_type)
    async with database.write("learning") as session:
        await sync(session, loaded)
    async with database.write("learning") as session:
        again = await sync(session, load(every_type))
        assert (again.created, again.changed) == ([], [])
        language = loaded.languages[0]
        quiz = language.modules[0].quizzes[0]
        row = (await session.execute(text("SELECT * FROM learning.quizzes WHERE id = :id"), {"id": quiz.id})).one()
        assert (row.scoring, row.wrong_penalty_percent, row.late_policy, row.late_floor_percent) == (
            "PARTIAL", 25, "PENALTY_PER_DAY", 50)  # fmt: skip
        assert row.due_at == quiz.timing["due_at"]
        for question in (*quiz.questions, *language.bank):
            statement = text(f"SELECT ({CONTENT})::text FROM learning.questions q WHERE q.id = :id")  # noqa: S608 - a constant
            stored = Asked.of(json.loads(str(await session.scalar(statement, {"id": question.id}))))
            written = asked_of(question)
            assert (stored.text, stored.key, stored.options) == (written.text, written.key, written.options)
            assert stored.media == question.media
        (every_type / "python" / "bank" / "numbers.toml").write_text(
            BANK.replace("1 + 1?", "2?") + BANK.replace("drawn", "more")
        )
        assert (await sync(session, load(every_type))).changed == ["python (bank)"]
        kept = await session.execute(
            text("SELECT text FROM learning.questions WHERE course_id = :id AND deleted_at IS NULL ORDER BY text"),
            {"id": language.path.id},
        )
        assert kept.scalars().all() == ["1 + 1?", "2?"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'\\*\\s?\\*'", "'(a'", "a ( is never closed"),
        ("blanks.op = ", "blanks.other = ", "what the blank {{op}} takes"),
        ('"read", "write"', '"read", "read"', "things to put in order that differ"),
        ("value = 9.81", 'value = "much"', "this is no number"),
        ("value = 9.81\n", "", "`value`: Field required"),
        ("lines = 4", "answer = true", "`answer` is not known here"),
        ('distractors = ["float"]', 'distractors = ["int"]', "distractors that match no prompt"),
        ('"double-start.py"', '"../double-start.py"', "must be the name of a file beside this one"),
        ('"double-start.py"', '"other.py"', "this file is missing"),
        ("cpu_seconds = 1.5", 'starter = "x"', "`starter` and `starter_file` say the same"),
        (
            'language = "python"\nstarter_file',
            'language = "cobol"\nstarter_file',
            "programs in this language cannot be run",
        ),
        (
            'language = "python"\nmode',
            'language = "sql"\nmode',
            "`mode`: this is missing: a language whose functions can be called",
        ),
        ('mode = "FUNCTION"', 'mode = "STDIO"', "`function`: only mode FUNCTION calls a function"),
        ('mode = "FUNCTION"', 'mode = "INTERACTIVE"', "`mode`: Input should be 'STDIO' or 'FUNCTION'"),
        ('function = "double"\n', "", "`function`: this is missing: the name of the function that its tests call"),
        ("arguments = [-1]", 'input = "-1"', "`tests.1.arguments`: this is missing"),
        ("arguments = [-1]", "arguments = [2026-12-01]", "`tests.1.arguments.0`: input was not a valid JSON value"),
        ('arguments = [-1]\nexpected = "-2"', 'arguments = [-1]\nexpected = "two"', "an expected value that is JSON"),
        ("returns = [", 'expected = "1"\nreturns = [', "both `expected` and `returns` are given"),
        ("returns = [", "returns = [nan, ", "`returns` must consist of texts, finite numbers"),
        ('expected = "4\\n"', "returns = 4", "only a call returns something"),
        ("cpu_seconds = 1.5", "cpu_seconds = 1000", "less than or equal to 120"),
        ("count = 1", "count = 0", "must be between 1 and 200"),
        ("count = 1", "count = 2", "draws 2 questions (T), but bank/ holds 1"),
        ("due_at = 2026-12-01T23:59:00+01:00", "available_until = 2026-10-01T08:00:00Z", "has to come after"),
    ],
    ids=range(25),
)
def test_mistakes_are_said(every_type: Path, edit: Callable[..., None], old: str, new: str, said: str) -> None:
    edit(QUIZ, old, new)
    with pytest.raises(ContentProblems) as caught:
        load(every_type)
    assert any(said in str(problem) for problem in caught.value.problems), str(caught.value)
