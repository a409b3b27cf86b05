"""Forms that are refused keep what was typed; exchanges get a note; every error is a page."""

from uuid import uuid4

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.context import CSRF_COOKIE
from codezest.services.learning import rules
from codezest.services.learning.queries import catalog
from fixtures.accounts import SignedIn

from .browser import Browser, form_to, text_of
from .conftest import Learner, Open

HTMX = {"HX-Request": "true"}


async def _attempts(owner: asyncpg.Connection, learner: Learner) -> int:
    return int(
        await owner.fetchval("SELECT count(*) FROM learning.submissions WHERE user_id = $1", learner.user.id) or 0
    )


@pytest.mark.parametrize("action", ["run", "submit"])
@pytest.mark.parametrize(
    ("code", "status"),
    [("", 422), ("AC \0 AC", 422), ("#" * (rules.MAX_CODE_BYTES + 1), 413)],
    ids=["empty", "NUL", "too large"],
)
async def test_a_refused_program_stays_in_the_editor(
    code: str, status: int, action: str, learner: Learner, owner: asyncpg.Connection
) -> None:
    exercise = f"/assignments/{learner.course.exercise}"
    answer = await learner.browser.send(await learner.browser.read(exercise), f"{exercise}/{action}", {"code": code})
    assert answer.status_code == status
    assert "still in the editor" in text_of(answer)
    assert dict(form_to(answer, f"{exercise}/{action}").fields)["code"] == code.replace("\0", "\ufffd")
    assert await _attempts(owner, learner) == 0


async def test_a_refused_run_of_a_cell_keeps_program_and_input(learner: Learner) -> None:
    example = f"/materials/{learner.course.example}"
    given = {"code": "AC", "stdin": "x" * (rules.MAX_CODE_BYTES + 1)}
    answer = await learner.browser.send(await learner.browser.read(example), f"{example}/run", dict(given))
    assert answer.status_code == 413
    assert {name: dict(form_to(answer, f"{example}/run").fields)[name] for name in given} == given


async def test_too_many_programs_at_once(learner: Learner) -> None:
    exercise = f"/assignments/{learner.course.exercise}"
    desk = await learner.browser.read(exercise)
    for _ in range(rules.MAX_UNFINISHED):
        assert (await learner.browser.send(desk, f"{exercise}/run", {"code": "AC"})).status_code == 303
    answer = await learner.browser.send(desk, f"{exercise}/run", {"code": "one more"})
    assert answer.status_code == 429
    assert dict(form_to(answer, f"{exercise}/run").fields)["code"] == "one more"
    note = await learner.browser.send(desk, f"{exercise}/run", {"code": "AC"}, headers=HTMX)
    assert note.status_code == 429
    assert "<html" not in note.text
    assert note.headers["retry-after"]


async def test_an_exchange_gets_the_panel_alone(learner: Learner) -> None:
    exercise = f"/assignments/{learner.course.exercise}"
    panel = await learner.browser.send(
        await learner.browser.read(exercise), f"{exercise}/submit", {"code": "AC AC"}, headers=HTMX
    )
    assert panel.status_code == 200
    assert panel.text.lstrip().startswith("<section")
    assert "/events" in panel.text
    assert ("The example" in panel.text, "A case of its own" in panel.text) == (True, True)
    tried = await learner.browser.send(
        await learner.browser.read(exercise), f"{exercise}/run", {"code": "AC"}, headers=HTMX
    )
    assert ("The example" in tried.text, "A case of its own" in tried.text) == (True, False)
    article = f"/materials/{learner.course.article}"
    done = await learner.browser.send(await learner.browser.read(article), f"{article}/complete", headers=HTMX)
    assert 'id="completion"' in done.text
    assert "<html" not in done.text


async def test_an_exchange_of_a_session_that_ended_says_so(learner: Learner, owner: asyncpg.Connection) -> None:
    exercise = f"/assignments/{learner.course.exercise}"
    desk = await learner.browser.read(exercise)
    await owner.execute("UPDATE auth.sessions SET revoked_at = now() WHERE user_id = $1", learner.user.id)
    note = await learner.browser.send(desk, f"{exercise}/submit", {"code": "AC AC"}, headers=HTMX)
    assert note.status_code == 401
    assert f'href="/login?next={exercise}"' in note.text
    assert "<html" not in note.text


async def _attempt(learner: Learner) -> str:
    quiz = f"/quizzes/{learner.course.quiz.id}"
    return str((await learner.browser.send(await learner.browser.read(quiz), f"{quiz}/attempts")).headers["location"])


async def test_answers_that_do_not_fit_come_back_as_they_were(learner: Learner, owner: asyncpg.Connection) -> None:
    attempt = await _attempt(learner)
    first, second = learner.course.quiz.questions
    page = await learner.browser.read(attempt)
    chosen: dict[str, str | list[str]] = {
        f"answer-{first.id}": [str(first.right[0]), str(first.wrong[0])],
        f"answer-{second.id}": [str(second.right[0])],
    }
    refused = await learner.browser.send(page, f"{attempt}/submit", chosen)
    assert refused.status_code == 422
    fields = form_to(refused, f"{attempt}/submit").fields
    assert (f"answer-{second.id}", str(second.right[0])) in fields
    token = dict(fields)["csrf_token"]
    for name, value in (
        (f"answer-{first.id}", "nonsense"),
        ("answer-nonsense", str(first.right[0])),
        (f"answer-{uuid4()}", str(first.right[0])),
        (f"answer-{first.id}", str(second.right[0])),
    ):
        answer = await learner.browser.client.post(f"{attempt}/submit", data={"csrf_token": token, name: value})
        assert answer.status_code == 422
    status = await owner.fetchval(
        "SELECT status FROM learning.quiz_attempts WHERE id = $1::uuid", attempt.rsplit("/", 1)[1]
    )
    assert status == "IN_PROGRESS"


async def test_answers_count_once(learner: Learner) -> None:
    attempt = await _attempt(learner)
    page = await learner.browser.read(attempt)
    first = await learner.browser.follow(await learner.browser.send(page, f"{attempt}/submit"))
    assert "0%, not passed yet" in text_of(first)
    question = learner.course.quiz.questions[0]
    again = await learner.browser.follow(
        await learner.browser.send(page, f"{attempt}/submit", {f"answer-{question.id}": str(question.right[0])})
    )
    assert "0%, not passed yet" in text_of(again)
    assert "the first ones count" in text_of(again)
    assert (await learner.browser.open(attempt)).headers["location"] == f"{attempt}/result"


async def test_answers_after_the_time_are_not_counted(learner: Learner, owner: asyncpg.Connection) -> None:
    attempt = await _attempt(learner)
    page = await learner.browser.read(attempt)
    await owner.execute(
        """UPDATE learning.quiz_attempts SET started_at = now() - interval '2 hours',
           deadline_at = now() - interval '1 hour' WHERE id = $1::uuid""",
        attempt.rsplit("/", 1)[1],
    )
    question = learner.course.quiz.questions[0]
    late = await learner.browser.send(page, f"{attempt}/submit", {f"answer-{question.id}": str(question.right[0])})
    assert late.headers["location"] == f"{attempt}/result"
    result = text_of(await learner.browser.follow(late))
    assert "0%, not passed yet" in result
    assert "The time ran out." in result
    assert "Try again" in result
    assert (await learner.browser.open(attempt)).headers["location"] == f"{attempt}/result"


async def test_attempts_used_up(learner: Learner, owner: asyncpg.Connection) -> None:
    quiz = f"/quizzes/{learner.course.quiz.id}"
    page = await learner.browser.read(quiz)
    attempt = await _attempt(learner)
    await learner.browser.send(await learner.browser.read(attempt), f"{attempt}/submit")
    await owner.execute("UPDATE learning.quizzes SET attempt_limit = 1 WHERE id = $1", learner.course.quiz.id)
    refused = await learner.browser.send(page, f"{quiz}/attempts")
    assert refused.status_code == 409
    assert "You have used all attempts" in text_of(refused)
    assert "Try again" not in text_of(await learner.browser.read(f"{attempt}/result"))


async def test_a_form_without_its_token_changes_nothing(learner: Learner) -> None:
    path = f"/materials/{learner.course.article}/complete"
    await learner.browser.read("/dashboard")
    page = await learner.browser.client.post(path, data={"csrf_token": "0" * 64})
    assert page.status_code == 403
    assert "Please send that again" in text_of(page)
    assert CSRF_COOKIE in learner.browser.client.cookies
    note = await learner.browser.client.post(path, headers=HTMX | {"X-CSRF-Token": "0" * 64})
    assert note.status_code == 403
    assert "<html" not in note.text


async def test_errors_are_pages_with_a_way_on(nobody: Browser) -> None:
    missing = await nobody.open("/no/such/page")
    assert missing.status_code == 404
    assert "There is nothing here" in text_of(missing)
    assert 'href="/languages"' in missing.text
    wrong = await nobody.open("/languages/python/enroll")
    assert wrong.status_code == 405
    assert "not opened that way" in text_of(wrong)


async def test_a_bug_is_a_page_that_names_the_request(nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("MARKER-of-a-bug")

    monkeypatch.setattr(catalog, "languages", broken)
    page = await nobody.open("/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in text_of(page)
    assert page.headers["x-request-id"] in page.text
    assert "MARKER" not in page.text


async def test_the_api_reference_lists_what_the_api_offers(nobody: Browser, application: Application) -> None:
    page = await nobody.read("/api/v1/docs")
    document = application.app.openapi()
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page.text
    for name in document["components"]["schemas"]:
        assert f'id="type-{name}"' in page.text


async def test_every_page_has_a_title_of_its_own(learner: Learner, student: SignedIn, visit: Open) -> None:
    course = learner.course
    paths = [
        "/languages",
        f"/languages/{course.path.slug}",
        f"/modules/{course.module}",
        f"/materials/{course.article}",
        f"/assignments/{course.exercise}",
        f"/quizzes/{course.quiz.id}",
        "/dashboard",
    ]
    titles = [(await learner.browser.read(path)).text.split("<title>")[1].split("</title>")[0] for path in paths]
    assert len(set(titles)) == len(paths)
    for path in paths[1:6]:
        assert 'aria-label="Breadcrumbs"' in (await learner.browser.read(path)).text
