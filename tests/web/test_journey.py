"""The learner's way through a module without any script: links, forms and redirects alone."""

import asyncpg
import httpx

from codezest_db.enums import Role
from fixtures.accounts import MakeUser

from .browser import form_to, text_of
from .conftest import Grade, MakeCourse, Open


async def test_from_the_languages_to_a_finished_module(
    make_user: MakeUser, make_course: MakeCourse, visit: Open, grade: Grade, owner: asyncpg.Connection
) -> None:
    user, course = await make_user(Role.STUDENT), await make_course()
    browser, path = visit(user), f"/languages/{course.path.slug}"
    module = f"/modules/{course.module}"

    assert path in (await browser.read("/languages")).text
    language = await browser.follow(await browser.send(await browser.read(path), f"{path}/enroll"))
    assert "You are enrolled" in text_of(language)
    assert f'href="{module}"' in language.text

    outline = await browser.read(module)
    article = f"/materials/{course.article}"
    assert f'href="{article}"' in outline.text
    lesson = await browser.follow(await browser.send(await browser.read(article), f"{article}/complete"))
    assert "Completed" in text_of(lesson)
    views = await owner.fetchval(
        "SELECT view_count FROM learning.material_progress WHERE user_id = $1 AND material_id = $2",
        user.id, course.article,
    )  # fmt: skip
    assert views == 2

    example = f"/materials/{course.example}"
    page = await browser.read(example)
    assert dict(form_to(page, f"{example}/run").fields)["code"] == "print('hello')"
    ran = await browser.send(page, f"{example}/run", {"code": "AC", "stdin": "one\ntwo\n"})
    waiting = await browser.follow(ran)
    assert '<noscript><meta http-equiv="refresh" content="1"></noscript>' in waiting.text
    await grade(ran.headers["location"])
    done = await browser.read(ran.headers["location"])
    assert "http-equiv" not in done.text
    assert "visible output" in text_of(done)
    sent = await owner.fetchrow("SELECT code, stdin FROM learning.submissions WHERE user_id = $1", user.id)
    assert sent is not None
    assert (sent["code"], sent["stdin"]) == ("AC", "one\ntwo\n")
    await browser.follow(await browser.send(await browser.read(example), f"{example}/complete"))

    exercise = f"/assignments/{course.exercise}"
    desk = await browser.read(exercise)
    assert dict(form_to(desk, f"{exercise}/run").fields)["code"] == "# start here"
    tried = await browser.send(desk, f"{exercise}/run", {"code": "WA"})
    await grade(tried.headers["location"])
    assert "0 of 1 test passed" in text_of(await browser.read(tried.headers["location"]))
    submitted = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC\nAC"})
    await grade(submitted.headers["location"])
    verdict = await browser.read(submitted.headers["location"])
    assert "All tests passed" in text_of(verdict)
    assert f'href="/quizzes/{course.quiz.id}"' in verdict.text
    again = await browser.read(exercise)
    assert dict(form_to(again, f"{exercise}/submit").fields)["code"] == "AC\nAC"
    assert submitted.headers["location"] in again.text

    quiz = f"/quizzes/{course.quiz.id}"
    questions = await browser.follow(await browser.send(await browser.read(quiz), f"{quiz}/attempts"))
    right: dict[str, str | list[str]] = {
        f"answer-{question.id}": [str(option) for option in question.right] for question in course.quiz.questions
    }
    attempt = str(questions.url.path)
    handed_in = await browser.send(questions, f"{attempt}/submit", right)
    assert handed_in.headers["location"] == f"{attempt}/result"
    result = await browser.follow(handed_in)
    assert "Passed with 100%" in text_of(result)
    assert "EXPLANATION-0" in result.text

    finished = text_of(await browser.read(module))
    assert "Module completed" in finished
    assert "4 of 4 steps done" in finished
    opened = await browser.read(f"/modules/{course.locked_module}")
    assert f'href="/materials/{course.locked_material}"' in opened.text
    dashboard = text_of(await browser.read("/dashboard"))
    assert "4 of 4" in dashboard
    assert "Second module" in dashboard
    assert "An exercise" in dashboard


async def test_the_way_on_leads_to_the_first_step_that_waits(
    make_user: MakeUser, make_course: MakeCourse, visit: Open
) -> None:
    course = await make_course()
    browser = visit(await make_user(Role.STUDENT))
    path = f"/languages/{course.path.slug}"
    await browser.send(await browser.read(path), f"{path}/enroll")

    async def target() -> str:
        answer: httpx.Response = await browser.open(f"/modules/{course.module}/continue")
        return str(answer.headers["location"])

    article = f"/materials/{course.article}"
    assert await target() == article
    await browser.send(await browser.read(article), f"{article}/complete")
    assert await target() == f"/materials/{course.example}"
    assert f'href="/materials/{course.example}"' in (await browser.read("/dashboard")).text
    locked = await browser.open(f"/modules/{course.locked_module}/continue")
    assert locked.headers["location"] == f"/modules/{course.locked_module}"


async def test_a_new_learner_is_told_where_to_begin(make_user: MakeUser, visit: Open) -> None:
    page = await visit(await make_user(Role.STUDENT)).read("/dashboard")
    assert "Your first step" in text_of(page)
    assert 'href="/languages"' in page.text
