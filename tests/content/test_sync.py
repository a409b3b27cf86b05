"""Synchronising stores what the folder says, touches nothing else, and does nothing when nothing has changed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.services.learning.content.load import load
from codezest.services.learning.content.report import SyncReport
from codezest.services.learning.content.sync import sync
from codezest_db.ids import uuid7

CONTENT_TABLES = (
    "programming_languages",
    "courses",
    "modules",
    "materials",
    "assignments",
    "assignment_tests",
    "quizzes",
    "questions",
    "options",
)
LEARNERS_TABLES = (
    "enrollments",
    "module_progress",
    "material_progress",
    "submissions",
    "submission_test_results",
    "quiz_attempts",
    "quiz_answers",
)
ARTICLE = "python/modules/01-basics/materials/02-variables-and-data-types.md"
QUIZ = "python/modules/01-basics/quizzes/python-basics.toml"
MODULE = "python/modules/01-basics/module.toml"
TESTS = "python/modules/02-control-flow/assignments/fizzbuzz/tests/tests.toml"
ASSIGNMENT = "python/modules/02-control-flow/assignments/fizzbuzz/assignment.toml"


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[AsyncSession]:
    """A transaction of the learning service that is rolled back, so that tests do not see one another."""
    database = Database(database_url)
    try:
        async with database.write("learning") as opened:
            yield opened
            await opened.rollback()
    finally:
        await database.close()


@pytest.fixture
async def learner(database_url: str) -> UUID:
    connection = await asyncpg.connect(database_url)
    identity = uuid7()
    await connection.execute(
        "INSERT INTO auth.users (id, email, first_name, last_name) VALUES ($1, $2, 'Ada', 'Learner')",
        identity,
        f"{identity.hex}@codezest.example",
    )
    await connection.close()
    return identity


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    written = path.read_text(encoding="utf-8")
    assert old in written
    path.write_text(written.replace(old, new, 1), encoding="utf-8")


async def synchronise(session: AsyncSession, root: Path) -> SyncReport:
    """As a program started afresh would: nothing is remembered from before."""
    session.expunge_all()
    return await sync(session, load(root))


async def one(session: AsyncSession, statement: str, **values: Any) -> Any:
    return (await session.execute(text(statement), values)).scalar_one()


async def versions(session: AsyncSession, tables: tuple[str, ...]) -> dict[tuple[str, UUID], str]:
    """Where each row lies: PostgreSQL moves a row whenever it is written."""
    found: dict[tuple[str, UUID], str] = {}
    for table in tables:
        for identity, place in await session.execute(text(f"SELECT id, ctid::text FROM learning.{table}")):  # noqa: S608
            found[table, identity] = place
    return found


async def moved(
    session: AsyncSession, before: dict[tuple[str, UUID], str], tables: tuple[str, ...] = CONTENT_TABLES
) -> list[str]:
    after = await versions(session, tables)
    return sorted(table for (table, identity), place in after.items() if before.get((table, identity)) != place)


async def test_everything_is_stored_and_published(session: AsyncSession, real: Path) -> None:
    report = await synchronise(session, real)
    assert (len(report.created), report.changed, report.removed, report.unchanged) == (21, [], [], 0)
    course = (
        await session.execute(
            text(
                """SELECT courses.id, courses.slug, courses.kind, courses.status, courses.published_at, duration_minutes
                   FROM learning.courses JOIN learning.programming_languages language ON language.id = language_id
                   WHERE language.slug = 'python' AND language.is_active"""
            )
        )
    ).one()
    assert (course.slug, course.kind, course.status, course.duration_minutes) == ("python", "PATH", "PUBLISHED", 245)
    assert course.published_at is not None
    assert report.course_ids == {course.id}
    items = (
        await session.execute(
            text(
                """SELECT item.position, item.status, item.content_revision FROM learning.modules module
                   CROSS JOIN LATERAL (
                     SELECT position, status, content_revision FROM learning.materials WHERE module_id = module.id
                     UNION ALL
                     SELECT position, status, content_revision FROM learning.assignments WHERE module_id = module.id
                     UNION ALL
                     SELECT position, status, content_revision FROM learning.quizzes WHERE module_id = module.id) item
                   WHERE module.slug = 'python-basics' ORDER BY item.position"""
            )
        )
    ).all()
    assert [item.position for item in items] == [1, 2, 3, 4, 5, 6]
    assert {item.status for item in items} == {"PUBLISHED"}
    assert all(item.content_revision for item in items)


async def test_a_second_time_changes_nothing(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    before = await versions(session, CONTENT_TABLES)
    report = await synchronise(session, real)
    assert (report.created, report.changed, report.removed, report.unchanged) == ([], [], [], 21)
    assert report.course_ids == set()
    assert await moved(session, before) == []


async def test_an_edit_changes_its_row_only(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    before = await versions(session, CONTENT_TABLES)
    change(real, ARTICLE, "calculator with extra steps", "calculator with more steps")
    report = await synchronise(session, real)
    assert report.changed == ["python/python-basics/variables-and-data-types"]
    assert await moved(session, before) == ["materials"]


async def test_a_reworded_option_changes_the_quiz_and_the_option(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    before = await versions(session, CONTENT_TABLES)
    change(real, QUIZ, "The shortest lines first", "Short lines first")
    report = await synchronise(session, real)
    assert report.changed == ["python/python-basics/python-basics-quiz"]
    assert await moved(session, before) == ["options", "quizzes"]


async def test_tests_are_replaced_as_a_set_and_name_their_revision(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    revision = "SELECT tests_revision FROM learning.assignments WHERE slug = 'fizzbuzz'"
    first = await one(session, revision)
    before = await versions(session, CONTENT_TABLES)
    change(real, TESTS, 'stdin = "30\\n"', 'stdin = "30 \\n"')
    report = await synchronise(session, real)
    assert report.changed == ["python/control-flow/fizzbuzz"]
    assert await one(session, revision) != first
    assert await moved(session, before) == ["assignment_tests"] * 8 + ["assignments"]
    count = "SELECT count(*) FROM learning.assignment_tests test JOIN learning.assignments a ON a.id = assignment_id"
    assert await one(session, f"{count} WHERE a.slug = 'fizzbuzz'") == 8


async def test_a_new_limit_is_a_new_revision_of_the_tests_and_a_new_hint_is_not(
    session: AsyncSession, real: Path
) -> None:
    await synchronise(session, real)
    revision = "SELECT tests_revision FROM learning.assignments WHERE slug = 'fizzbuzz'"
    first = await one(session, revision)
    before = await versions(session, CONTENT_TABLES)
    change(real, ASSIGNMENT, "There are two jobs here", "There are two tasks here")
    await synchronise(session, real)
    assert await one(session, revision) == first
    assert await moved(session, before) == ["assignments"]
    change(real, ASSIGNMENT, "cpu_seconds = 2.0", "cpu_seconds = 1.0")
    await synchronise(session, real)
    assert await one(session, revision) != first


async def test_what_is_gone_is_marked_and_comes_back(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    deleted = "SELECT deleted_at IS NOT NULL FROM learning.quizzes WHERE slug = 'python-basics-quiz'"
    listing, quiz = (real / MODULE).read_text(), (real / QUIZ).read_text()
    change(real, MODULE, '    "quizzes/python-basics",\n', "")
    (real / QUIZ).unlink()
    report = await synchronise(session, real)
    assert report.removed == ["python/python-basics/python-basics-quiz"]
    assert len(report.course_ids) == 1
    assert await one(session, deleted)
    assert (await synchronise(session, real)).removed == []
    (real / MODULE).write_text(listing)
    (real / QUIZ).write_text(quiz)
    report = await synchronise(session, real)
    assert report.changed == ["python/python-basics/python-basics-quiz"]
    assert not await one(session, deleted)


async def test_a_module_goes_with_all_it_holds(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    change(real, "python/language.toml", ', "03-functions"', "")
    (real / "python/modules/03-functions/module.toml").unlink()
    report = await synchronise(session, real)
    assert len(report.removed) == 1 + 5
    assert await one(session, "SELECT count(*) FROM learning.modules WHERE deleted_at IS NULL") == 2
    assert await one(session, "SELECT count(*) FROM learning.materials WHERE deleted_at IS NULL") == 7


async def test_a_question_is_marked_and_never_removed(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    questions = await one(session, "SELECT count(*) FROM learning.questions")
    options = await one(session, "SELECT count(*) FROM learning.options")
    written = (real / QUIZ).read_text()
    (real / QUIZ).write_text(written[: written.rindex("[[question]]")])
    await synchronise(session, real)
    assert await one(session, "SELECT count(*) FROM learning.questions") == questions
    assert await one(session, "SELECT count(*) FROM learning.options") == options
    assert await one(session, "SELECT count(*) FROM learning.questions WHERE deleted_at IS NOT NULL") == 1
    assert await one(session, "SELECT count(*) FROM learning.options WHERE deleted_at IS NOT NULL") == 5
    (real / QUIZ).write_text(written)
    await synchronise(session, real)
    assert await one(session, "SELECT count(*) FROM learning.questions WHERE deleted_at IS NOT NULL") == 0
    assert await one(session, "SELECT count(*) FROM learning.options WHERE deleted_at IS NOT NULL") == 0


async def test_two_items_may_swap_their_slugs(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    other = "python/modules/01-basics/materials/03-hello-world.md"
    change(real, ARTICLE, "slug: variables-and-data-types", "slug: hello-world")
    change(real, other, "slug: hello-world", "slug: variables-and-data-types")
    report = await synchronise(session, real)
    assert len(report.changed) == 2
    slug = "SELECT slug FROM learning.materials WHERE title = 'Hello World'"
    assert await one(session, slug) == "variables-and-data-types"


async def test_what_was_authored_in_the_browser_stays(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    await session.execute(
        text(
            """INSERT INTO learning.materials (module_id, slug, title, type)
               SELECT id, 'mine', 'Mine', 'ARTICLE' FROM learning.modules WHERE slug = 'python-basics'"""
        )
    )
    report = await synchronise(session, real)
    assert report.removed == []
    assert await one(session, "SELECT deleted_at IS NULL FROM learning.materials WHERE slug = 'mine'")


async def test_the_path_gets_its_instructor_when_there_is_one(session: AsyncSession, real: Path, learner: UUID) -> None:
    owner = "SELECT instructor_user_id FROM learning.courses WHERE slug = 'python'"
    content = load(real)
    assert content.instructor_emails == {"instructor@codezest.example"}
    await sync(session, content, instructors={})
    assert await one(session, owner) is None
    session.expunge_all()
    await sync(session, content, instructors={"instructor@codezest.example": learner})
    assert await one(session, owner) == learner
    session.expunge_all()
    await sync(session, content, instructors={})
    assert await one(session, owner) == learner


LEARN = """
WITH course AS (
    INSERT INTO learning.enrollments (user_id, course_id, progress_percent)
    SELECT :learner, id, 40 FROM learning.courses WHERE slug = 'python'
), module AS (
    INSERT INTO learning.module_progress (user_id, module_id, status, progress_percent)
    SELECT :learner, id, 'IN_PROGRESS', 50 FROM learning.modules
), material AS (
    INSERT INTO learning.material_progress (user_id, material_id, view_count)
    SELECT :learner, id, 3 FROM learning.materials
), submission AS (
    INSERT INTO learning.submissions (user_id, assignment_id, code, language, attempt_number, status, graded_at)
    SELECT :learner, id, 'print(1)', 'python', 1, 'FAILED', now() FROM learning.assignments
    RETURNING id
), result AS (
    INSERT INTO learning.submission_test_results (submission_id, position, name, verdict, visible)
    SELECT id, 1, 'The example', 'WA', true FROM submission
), attempt AS (
    INSERT INTO learning.quiz_attempts (user_id, quiz_id, attempt_number)
    SELECT :learner, id, 1 FROM learning.quizzes
    RETURNING id, quiz_id
)
INSERT INTO learning.quiz_answers (attempt_id, question_id, option_ids, is_correct)
SELECT attempt.id, question.id, ARRAY[option.id], option.is_correct
FROM attempt JOIN learning.questions question USING (quiz_id)
CROSS JOIN LATERAL (SELECT * FROM learning.options WHERE question_id = question.id ORDER BY position LIMIT 1) option
"""


async def test_learners_work_is_never_touched(session: AsyncSession, real: Path, learner: UUID) -> None:
    await synchronise(session, real)
    await session.execute(text(LEARN), {"learner": learner})
    before = await versions(session, LEARNERS_TABLES)
    assert {table for table, _ in before} == set(LEARNERS_TABLES)
    change(real, ARTICLE, "calculator with extra steps", "calculator with more steps")
    change(real, TESTS, 'stdin = "30\\n"', 'stdin = "30 \\n"')
    written = (real / QUIZ).read_text()
    (real / QUIZ).write_text(written[: written.rindex("[[question]]")])
    change(real, "python/language.toml", ', "03-functions"', "")
    (real / "python/modules/03-functions/module.toml").unlink()
    report = await synchronise(session, real)
    assert report.changed
    assert report.removed
    assert await versions(session, LEARNERS_TABLES) == before


async def test_settings_that_files_do_not_name_stay(session: AsyncSession, real: Path) -> None:
    await synchronise(session, real)
    await session.execute(
        text(
            """UPDATE learning.assignments SET due_at = '2030-01-01T00:00Z', late_policy = 'CUT_OFF', allow_late = false
               WHERE slug = 'fizzbuzz'"""
        )
    )
    change(real, ASSIGNMENT, "title = ", "available_from = 2029-01-01T00:00:00Z\ntitle = ")
    await synchronise(session, real)
    row = (
        await session.execute(
            text(
                """SELECT due_at IS NOT NULL AS due, late_policy, allow_late, available_from IS NOT NULL AS opens
                   FROM learning.assignments WHERE slug = 'fizzbuzz'"""
            )
        )
    ).one()
    assert tuple(row) == (True, "CUT_OFF", False, True)
    change(real, ASSIGNMENT, "title = ", 'late_policy = "NO_PENALTY"\ntitle = ')
    await synchronise(session, real)
    assert await one(session, "SELECT allow_late FROM learning.assignments WHERE slug = 'fizzbuzz'") is True
