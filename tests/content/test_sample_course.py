"""The sample course uses every feature of a course, and its demonstration shows what lives in the database alone."""

import importlib
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import asyncpg
import pytest

from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.auth.actions.ensure_demo_users import ensure_demo_users
from codezest.services.learning.actions.ensure_demo_course import ensure_demo_course
from codezest.services.learning.content.load import load
from codezest.services.learning.content.model import (
    AssignmentContent,
    MaterialContent,
    QuestionContent,
    QuizContent,
)
from codezest.services.learning.content.sync import sync
from codezest.services.learning.receipts import Signer
from codezest_db.enums import (
    AssignmentKind,
    CheckerKind,
    Difficulty,
    GradingMode,
    GroupPolicy,
    LatePolicy,
    MaterialType,
    QuestionType,
    Scoring,
)

FOLDER = Path(__file__).parents[2] / "content" / "data-detective"
MEDIA = FOLDER / "media"
COURSE = load(FOLDER).courses[0]
LARGEST = {".pdf": 60_000, ".docx": 20_000, ".webm": 450_000, ".png": 40_000, ".webp": 40_000}

materials: list[MaterialContent] = [one for module in COURSE.modules for one in module.materials]
assignments: list[AssignmentContent] = [one for module in COURSE.modules for one in module.assignments]
quizzes: list[QuizContent] = [one for module in COURSE.modules for one in module.quizzes]
tests = [test for one in assignments for test in one.tests]
asked: list[QuestionContent] = [question for quiz in quizzes for question in quiz.questions]


def some(things: Iterable[object]) -> bool:
    return any(things)


FEATURES: dict[str, Callable[[], bool]] = {
    "category, tags and level": lambda: bool(COURSE.category and COURSE.tags) and COURSE.level is not Difficulty.BEGINNER,
    "four modules or more": lambda: len(COURSE.modules) >= 4,
    "a module after another": lambda: some(module.prerequisites for module in COURSE.modules),
    "a module that opens after days": lambda: some(module.opens_after_days for module in COURSE.modules),
    "a film with poster and transcript": lambda: some(one.video_key and one.image_key and one.transcript for one in materials),
    "a program with input": lambda: some(one.code and one.sample_input for one in materials),
    "assignments of each kind": lambda: {one.kind for one in assignments} == set(AssignmentKind),
    "input and output, calls, and unit tests": lambda: (
        {one.grading_mode for one in assignments} >= {GradingMode.STDIO, GradingMode.FUNCTION, GradingMode.UNIT_TESTS}
    ),
    "numbers with a tolerance": lambda: some(one.checker is CheckerKind.FLOAT for one in assignments),
    "a checker of its own": lambda: some("checker" in one.harness for one in assignments),
    "generated input": lambda: some(test.generator for test in tests),
    "groups that add up, and all or nothing": lambda: (
        {group["policy"] for one in assignments for group in one.test_groups} >= {GroupPolicy.SUM, GroupPolicy.ALL}
    ),
    "bonus": lambda: some(test.bonus for test in tests),
    "a sample test": lambda: some(test.sample for test in tests),
    "what is required and what is forbidden": lambda: (
        {rule["kind"] for one in assignments for rule in one.rules} == {"REQUIRE", "FORBID"}
    ),
    "programs that run out of time, and that crash": lambda: (
        {wrong.verdict.value for one in assignments for wrong in one.wrong} >= {"WA", "TLE", "RE"}
    ),
    "a penalty for each day, with a floor": lambda: some(
        one.timing["late_policy"] is LatePolicy.PENALTY_PER_DAY and one.timing["late_floor_percent"] for one in assignments
    ),
    "a quiz that accepts nothing late": lambda: some(quiz.timing["late_policy"] is LatePolicy.CUT_OFF for quiz in quizzes),
    "no date that passes": lambda: not some(
        one.timing[name]
        for one in (*assignments, *quizzes)
        for name in ("available_from", "available_until", "due_at")
    ),
    "every type of question": lambda: {question.type for question in asked} == set(QuestionType),
    "programs and functions as answers": lambda: (
        {(one.answer_key or {}).get("mode") for one in asked if one.type is QuestionType.CODE} == {None, "FUNCTION"}
    ),
    "blanks with patterns": lambda: some(
        blank.get("patterns") for one in asked for blank in (one.answer_key or {}).get("blanks", {}).values()
    ),
    "numbers with units": lambda: some((one.answer_key or {}).get("units") for one in asked),
    "an answer that a person marks": lambda: some(
        one.type is QuestionType.SHORT_ANSWER and (one.answer_key or {}).get("manual", True) for one in asked
    ),
    "a picture in a question": lambda: some((one.media or {}).get("image_alt") for one in asked),
    "partial credit": lambda: some(quiz.scoring is Scoring.PARTIAL for quiz in quizzes),
    "negative marking": lambda: some(quiz.wrong_penalty_percent for quiz in quizzes),
    "limits of time and attempts": lambda: some(quiz.time_limit_minutes and quiz.attempt_limit for quiz in quizzes),
    "shuffled questions and options": lambda: some(quiz.shuffle and quiz.shuffle_options for quiz in quizzes),
    "drawn from the bank by topic and difficulty": lambda: some(
        draw.get("topic") and draw.get("difficulty") for quiz in quizzes for draw in quiz.draws
    ),
    "a quiz of drawn questions alone": lambda: some(quiz.draws and not quiz.questions for quiz in quizzes),
}  # fmt: skip


@pytest.mark.parametrize("feature", FEATURES)
def test_the_course_uses(feature: str) -> None:
    assert FEATURES[feature]()


def test_the_course_has_materials_of_every_type_that_a_folder_holds() -> None:
    assert {one.type for one in materials} == set(MaterialType) - {MaterialType.QUIZ}


def test_everything_explains_itself() -> None:
    for question in (*asked, *COURSE.bank):
        assert len(question.explanation.split()) >= 20, question.key
    for one in assignments:
        if one.kind is AssignmentKind.CODE:
            assert len(one.hints) >= 3, one.slug
            assert len(one.wrong) >= 3, one.slug
            assert {test.visible for test in one.tests} == {True, False}, one.slug


def test_media_are_small_and_what_their_names_say() -> None:
    heads = {".pdf": b"%PDF-", ".docx": b"PK", ".webm": b"\x1aE\xdf\xa3", ".png": b"\x89PNG", ".webp": b"RIFF"}
    found = {path for path in MEDIA.iterdir() if path.suffix in LARGEST}
    assert {path.suffix for path in found} == set(LARGEST)
    for path in found:
        content = path.read_bytes()
        assert content.startswith(heads[path.suffix]), path.name
        assert len(content) <= LARGEST[path.suffix], path.name
    sheet = (MEDIA / "field-guide.pdf").read_bytes()
    assert b"/StructTreeRoot" in sheet
    assert b"/MarkInfo" in sheet
    assert b"/Lang" in sheet


def test_the_document_is_that_of_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER.parents[1] / "tools"))
    docx = importlib.import_module("documents.wordprocessing").docx
    source = tomllib.loads((MEDIA / "report-template.docx.toml").read_text())
    made = (MEDIA / "report-template.docx").read_bytes()
    assert docx(source) == made
    with zipfile.ZipFile(BytesIO(made)) as package:
        document = package.read("word/document.xml").decode()
    assert document.count('w:val="Heading1"') == 5
    assert document.count("<w:tr>") == 5


async def test_the_demonstration_is_made_once(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    async with database.write("auth") as session:
        users = {
            user.email.partition("@")[0]: Actor(user_id=user.id, role=user.role, email=user.email)
            for user in await ensure_demo_users(session, settings)
        }
    instructor, learners = users["instructor"], (users["lena"], users["omar"])
    assert instructor.user_id is not None

    async def ensure() -> bool:
        async with database.write("learning") as session:
            return await ensure_demo_course(session, instructor, learners, signer=Signer.of(settings))

    assert await ensure() is False, "there is no course yet"
    async with database.write("learning") as session:
        await sync(session, load(FOLDER), instructors={instructor.email: instructor.user_id})
    assert [await ensure(), await ensure()] == [True, False]
    async with database.write("learning") as session:
        again = await sync(session, load(FOLDER), instructors={})
    assert (again.created, again.changed, again.removed) == ([], [], [])
    counted = {
        table: await owner.fetchval(f"SELECT count(*) FROM learning.{table}")  # noqa: S608 - a constant
        for table in (
            "cohorts",
            "enrollment_codes",
            "enrollments",
            "rubrics",
            "course_reviews",
            "submissions",
            "quiz_attempts",
        )
    }
    assert counted == {
        "cohorts": 1, "enrollment_codes": 1, "enrollments": 2, "rubrics": 1, "course_reviews": 2, "submissions": 3,
        "quiz_attempts": 1,
    }  # fmt: skip
    row = await owner.fetchrow(
        """SELECT a.rubric_id IS NOT NULL AS rubric, a.due_at > now() AS due, h.state, s.is_late, c.rating_average
        FROM learning.hand_gradings h
        JOIN learning.submissions s ON s.id = h.submission_id
        JOIN learning.assignments a ON a.id = h.assignment_id
        JOIN learning.courses c ON c.id = h.course_id"""
    )
    assert tuple(row or ()) == (True, True, "WAITING", False, 4.5)


async def test_a_course_of_somebody_else_stays_as_it_is(database: Database, settings: Settings) -> None:
    stranger = Actor(user_id=COURSE.id)
    async with database.write("learning") as session:
        assert await ensure_demo_course(session, stranger, (), signer=Signer.of(settings)) is False
