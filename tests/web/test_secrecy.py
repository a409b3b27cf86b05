"""What no page may show, and text that must stay text."""

import re

import asyncpg

from codezest.kit.database import Database
from codezest_db.enums import MaterialType, Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser
from fixtures.scripted_grader import CRASH, SECRET

from .conftest import HIDDEN_EXPECTED, HIDDEN_INPUT, SOLUTION, Grade, Learner, Open

ATTACK = "<script>alert('x')</script>"
HIDDEN = (HIDDEN_INPUT, HIDDEN_EXPECTED, SOLUTION, SECRET, CRASH)


async def test_hidden_tests_are_named_and_nothing_else(learner: Learner, grade: Grade) -> None:
    browser, exercise = learner.browser, f"/assignments/{learner.course.exercise}"
    desk = await browser.read(exercise)
    assert "A case of its own" in desk.text
    assert "Something large." in desk.text
    sent = await browser.send(desk, f"{exercise}/submit", {"code": "AC WA"})
    submission = sent.headers["location"]
    pages = [desk, await browser.read(submission), await browser.read(f"{submission}/panel")]
    assert "A case of its own" in pages[1].text
    await grade(submission)
    graded = [await browser.read(path) for path in (submission, f"{submission}/panel", exercise, "/dashboard")]
    assert "A case of its own" in graded[0].text
    for page in (*pages, *graded):
        for secret in HIDDEN:
            assert secret not in page.text, f"{page.url} shows {secret}"


async def test_no_answer_is_given_away_before_it_is_handed_in(learner: Learner, owner: asyncpg.Connection) -> None:
    browser, quiz = learner.browser, f"/quizzes/{learner.course.quiz.id}"
    await owner.execute(
        "UPDATE learning.options SET text = 'same' WHERE question_id = ANY($1::uuid[])",
        [question.id for question in learner.course.quiz.questions],
    )
    intro = await browser.read(quiz)
    sent = await browser.send(intro, f"{quiz}/attempts")
    attempt = await browser.follow(sent)
    for page in (intro, attempt, await browser.read(f"/modules/{learner.course.module}")):
        assert "EXPLANATION" not in page.text
        assert "is_correct" not in page.text
    first = learner.course.quiz.questions[0]
    # Right and wrong options look the same but for their ids.
    shapes = {
        attempt.text[attempt.text.index(f'value="{option}"') :].split("</label>")[0].replace(str(option), "")
        for option in (*first.right, *first.wrong)
    }
    assert len({re.sub(r"<kbd.*?</kbd>", "", shape) for shape in shapes}) == 1
    early = await browser.open(f"{attempt.url.path}/result")
    assert (early.status_code, early.headers["location"]) == (303, str(attempt.url.path))


async def test_titles_and_programs_stay_text(
    make_user: MakeUser, database: Database, visit: Open, grade: Grade
) -> None:
    user, shelf = await make_user(Role.STUDENT), Shelf(database)
    path = await shelf.path()
    module = await shelf.module(path, title=ATTACK, description=ATTACK, syllabus=[ATTACK])
    lesson = await shelf.material(
        module, title=ATTACK, description=ATTACK, content=f"# {ATTACK}\n\n{ATTACK}", code=ATTACK,
        type=MaterialType.CODE_EXAMPLE, position=0,
    )  # fmt: skip
    exercise = await shelf.assignment(
        module, title=ATTACK, instructions=ATTACK, hints=[ATTACK], starter_code=f"</textarea>{ATTACK}", position=1,
        tests=[{"name": ATTACK, "stdin": ATTACK, "expected": ATTACK}],
    )  # fmt: skip
    quiz = await shelf.quiz(module, title=ATTACK, description=ATTACK, position=2)
    await shelf.enroll(path, user.id)
    browser = visit(user)
    sent = await browser.send(
        await browser.read(f"/assignments/{exercise}"), f"/assignments/{exercise}/run", {"code": f"WA{ATTACK}"}
    )
    attempt = await browser.send(await browser.read(f"/quizzes/{quiz.id}"), f"/quizzes/{quiz.id}/attempts")
    paths = [
        f"/languages/{path.slug}",
        f"/modules/{module}",
        f"/materials/{lesson}",
        f"/assignments/{exercise}",
        sent.headers["location"],
        f"{sent.headers['location']}/panel",
        f"/quizzes/{quiz.id}",
        attempt.headers["location"],
        "/dashboard",
    ]
    for address in paths:
        page = await browser.read(address)
        assert "<script>" not in page.text, address
        assert "alert(" in page.text, f"{address} does not show the text at all"


async def test_addresses_of_others_are_never_shown(
    make_user: MakeUser, database: Database, visit: Open, learner: Learner
) -> None:
    teacher = await make_user(Role.INSTRUCTOR, email="teacher-of-it@codezest.example")
    shelf = Shelf(database)
    path = await shelf.path(instructor_id=teacher.id)
    page = await visit(None).read(f"/languages/{path.slug}")
    assert "Test Person" in page.text
    assert teacher.email not in page.text
    browser, exercise = learner.browser, f"/assignments/{learner.course.exercise}"
    sent = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC AC"})
    admin = visit(await make_user(Role.ADMIN))
    assert learner.user.email not in (await admin.read(sent.headers["location"])).text
