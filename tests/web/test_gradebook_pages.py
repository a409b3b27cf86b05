"""The gradebook, insights and a learner's own grade as pages, without scripts."""

from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, SignedIn

from .browser import Browser, text_of


@pytest.fixture(scope="module")
async def teacher(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.INSTRUCTOR)


@pytest.fixture
async def course(database: Database, teacher: SignedIn) -> MadePath:
    return await Shelf(database).course(instructor_id=teacher.id, title="Loops for all")


@pytest.fixture
async def learner(database: Database, course: MadePath, make_user: MakeUser) -> SignedIn:
    made = await make_user()
    await Shelf(database).enroll(course, made.id)
    return made


async def _solved(owner: asyncpg.Connection, who: UUID, assignment: UUID, score: int) -> None:
    await owner.execute(
        """INSERT INTO learning.submissions (user_id, assignment_id, code, language, status, verdict, score, max_score,
               attempt_number, graded_at)
           VALUES ($1, $2, 'x', 'python', 'FAILED', 'WA', $3, 100, 1, now())""",
        who, assignment, score,
    )  # fmt: skip


async def test_settings_marks_and_what_the_learner_sees(
    application: Application,
    database: Database,
    course: MadePath,
    teacher: SignedIn,
    learner: SignedIn,
    owner: asyncpg.Connection,
) -> None:
    shelf = Shelf(database)
    exercise = await shelf.assignment(await shelf.module(course), title="<b>Sums</b>")
    await _solved(owner, learner.id, exercise, 45)
    browser, base = Browser(application, teacher.token), f"/teach/courses/{course.course_id}/gradebook"
    page = await browser.read(f"{base}/settings")
    wrong = await browser.send(page, f"{base}/settings", {"name-0": "Exercises", "weight-0": "many"})
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text
    given: dict[str, str | list[str]] = {
        "name-0": "Exercises",
        "weight-0": "3",
        "assignments-0": "1",
        "name-1": "Talks",
        "weight-1": "1",
    }
    saved = await browser.follow(await browser.send(page, f"{base}/settings", given))
    assert "The settings are saved." in text_of(saved)
    columns = f"{base}/columns"
    assert (await browser.send(saved, columns, {"title": "Talk", "max_points": "none"})).status_code == 422
    made = await browser.follow(await browser.send(saved, columns, {"title": "Talk", "max_points": "8"}))
    assert "Remove Talk" in made.text
    # The first form was made before the column was.
    late = await browser.send(page, f"{base}/settings", given)
    assert late.status_code == 409

    book = await browser.read(base)
    shown = text_of(book)
    assert "Exercises (3 of 4)" in shown
    assert "<b>Sums</b>" in shown
    assert f'href="{base}/learners/{learner.id}"' in book.text
    assert "45%" in shown
    one = await browser.read(f"{base}/learners/{learner.id}")
    assert "Exercises: 1 of 1 result counts: 45%. Weighs 100%." in text_of(one)
    change = f"{base}/learners/{learner.id}"
    forms = {"column_id": str(exercise), "seen": "0"}
    token = one.text.split('name="csrf_token" value="')[1].split('"')[0]
    silent = await browser.client.post(change, data=forms | {"csrf_token": token, "action": "MARK", "points": "60"})
    assert silent.status_code == 422
    assert 'value="60"' in silent.text
    reason = {"csrf_token": token, "action": "MARK", "points": "60,5", "reason": "A test was wrong."}
    marked = await browser.follow(await browser.client.post(change, data=forms | reason))
    assert "60.5%" in text_of(marked)
    assert "A test was wrong." in text_of(marked)
    own = text_of(await Browser(application, learner.token).read(f"/courses/{course.slug}/grades"))
    assert "Together that is 60.5%." in own
    assert "A test was wrong." not in own

    table = f"learner id,!<b>Sums</b>,Talk\n{learner.id},70,4\n"
    listed = await browser.read(f"{base}/list")
    looked = await browser.send(listed, f"{base}/list", {"text": table, "reason": "Moderated."})
    assert "Nothing has happened yet." in text_of(looked)
    sure = {"csrf_token": token, "text": table, "apply": "yes"}
    applied = await browser.follow(await browser.client.post(f"{base}/list", data=sure))
    assert "2 marks were set." in text_of(applied)
    assert "70%" in text_of(await browser.read(f"{base}?order=name&cohort=nonsense"))
    assert (await browser.client.get(f"{base}.csv")).headers["content-disposition"].endswith('"grades.csv"')
    stranger = Browser(application, learner.token)
    assert (await stranger.client.get(base)).status_code == 404


async def test_insights_and_statistics(
    application: Application,
    database: Database,
    course: MadePath,
    teacher: SignedIn,
    learner: SignedIn,
    owner: asyncpg.Connection,
) -> None:
    shelf = Shelf(database)
    module = await shelf.module(course)
    exercise, quiz = await shelf.assignment(module, title="Hard one"), (await shelf.quiz(module)).id
    await _solved(owner, learner.id, exercise, 5)
    browser, base = Browser(application, teacher.token), f"/teach/courses/{course.course_id}/insights"
    page = await browser.read(base)
    assert '<svg class="insight-chart"' in page.text
    assert f"{base}/assignments/{exercise}" in page.text
    tests = text_of(await browser.read(f"{base}/assignments/{exercise}"))
    assert "Fewer than 10 learners" in tests
    assert "Nobody has finished this quiz" in text_of(await browser.read(f"{base}/quizzes/{quiz}"))
    other = await Shelf(database).course(instructor_id=teacher.id)
    assert (await browser.client.get(f"/teach/courses/{other.course_id}/insights/quizzes/{quiz}")).status_code == 404
    assert "1 new learner this week" in text_of(await browser.read("/teach"))
