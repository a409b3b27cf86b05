"""A quiz without scripts: kept between pages, one question at a time or all together, never overwritten, graded in any case."""

from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.kit.database import Database
from codezest_db.enums import QuestionType
from factories.learning import AskedQuestion, MadeQuestion, MadeQuiz, Shelf

from .browser import Fields, form_to, text_of
from .conftest import Learner

QUESTIONS = (AskedQuestion(), AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2), AskedQuestion(points=2))
END = """UPDATE learning.quiz_attempts SET started_at = now() - interval '2 hours',
    deadline_at = now() - make_interval(secs => $2) WHERE id = $1::uuid"""
Given = dict[str, str | list[str]]


@pytest.fixture
async def quiz(database: Database, learner: Learner) -> MadeQuiz:
    return await Shelf(database).quiz(learner.course.module, QUESTIONS, title="Three questions", time_limit_minutes=10)


async def _start(learner: Learner, quiz: MadeQuiz) -> str:
    page = await learner.browser.read(f"/quizzes/{quiz.id}")
    return str((await learner.browser.send(page, f"/quizzes/{quiz.id}/attempts")).headers["location"])


def _answer(question: MadeQuestion, chosen: list[UUID]) -> Given:
    return {f"answer-{question.id}": [str(option) for option in chosen]}


async def _press(learner: Learner, page: httpx.Response, attempt: str, to: str, given: Given) -> httpx.Response:
    """Send the form by the button that leads on to a question."""
    assert f'name="to" value="{to}"' in page.text
    fields: Fields = [(name, value) for name, value in form_to(page, f"{attempt}/save").fields if name not in given]
    for name, value in given.items():
        fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    sent: dict[str, list[str]] = {"to": [to]}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return await learner.browser.client.post(f"{attempt}/save", data=sent)


async def test_one_question_at_a_time_is_kept_on_the_way(learner: Learner, quiz: MadeQuiz) -> None:
    browser, (first, second, third) = learner.browser, quiz.questions
    attempt = await _start(learner, quiz)
    everything = await browser.read(attempt)
    assert "0 of 3 answered" in text_of(everything)
    assert "until " in text_of(everything), "a deadline, not a clock that stands still"

    page = await browser.follow(await _press(learner, everything, attempt, "1", {}))
    assert "Question 1 of 3" in text_of(page)
    assert "Question 2 of 3" not in text_of(page)
    page = await browser.follow(await _press(learner, page, attempt, "2", _answer(first, first.right)))
    assert page.url.query == b"question=2"
    given = _answer(second, second.right[:1]) | {f"flag-{second.id}": "1"}
    page = await browser.follow(await _press(learner, page, attempt, "1", given))
    assert "2 of 3 answered" in text_of(page)
    assert 'aria-label="Question 2, answered, to come back to"' in page.text
    assert (f"answer-{first.id}", str(first.right[0])) in form_to(page, f"{attempt}/submit").fields

    page = await browser.follow(await _press(learner, page, attempt, "3", {}))
    result = await browser.follow(await browser.send(page, f"{attempt}/submit", _answer(third, third.right)))
    assert "Passed with 75%" in text_of(result), "the question of the page, and those saved before"
    assert "2 of 3 correct" in text_of(result)


async def test_all_together_is_saved_by_a_button(learner: Learner, quiz: MadeQuiz) -> None:
    browser, (first, second, _) = learner.browser, quiz.questions
    attempt = await _start(learner, quiz)
    page = await browser.read(attempt)
    given = _answer(first, first.wrong[:1]) | _answer(second, second.right)
    saved = await browser.follow(await browser.send(page, f"{attempt}/save", given))
    assert "Your answers are saved." in text_of(saved)
    fields = form_to(saved, f"{attempt}/submit").fields
    assert (f"answer-{first.id}", str(first.wrong[0])) in fields
    assert [value for name, value in fields if name == f"answer-{second.id}"] == [str(one) for one in second.right]
    assert dict(fields)["revision"] == "1"


@pytest.mark.parametrize("action", ["save", "submit"])
async def test_a_page_that_was_left_behind_overwrites_nothing_by_itself(
    action: str, learner: Learner, quiz: MadeQuiz
) -> None:
    browser, (first, _, _) = learner.browser, quiz.questions
    attempt = await _start(learner, quiz)
    stale, fresh = await browser.read(attempt), await browser.read(attempt)
    await browser.send(fresh, f"{attempt}/save", _answer(first, first.right))
    refused = await browser.send(stale, f"{attempt}/{action}", _answer(first, first.wrong[:1]))
    assert refused.status_code == 409
    assert "continued in another tab or on another device" in text_of(refused)
    kept = form_to(await browser.read(attempt), f"{attempt}/save").fields
    assert (f"answer-{first.id}", str(first.right[0])) in kept, "as the other page saved it"
    # What was sent is still there, and sent knowingly it counts.
    assert (f"answer-{first.id}", str(first.wrong[0])) in form_to(refused, f"{attempt}/submit").fields
    result = await browser.follow(await browser.send(refused, f"{attempt}/submit"))
    assert "0%" in text_of(result)


async def test_when_the_time_is_up_a_page_left_behind_hands_in_what_another_saved(
    learner: Learner, quiz: MadeQuiz, owner: asyncpg.Connection
) -> None:
    browser, (_, _, third) = learner.browser, quiz.questions
    attempt = await _start(learner, quiz)
    stale, fresh = await browser.read(attempt), await browser.read(attempt)
    await browser.send(fresh, f"{attempt}/save", _answer(third, third.right))
    await owner.execute(END, attempt.rsplit("/", 1)[1], 1)
    fields = dict(form_to(stale, f"{attempt}/submit").fields) | {"over": "1"}
    result = await browser.follow(await browser.client.post(f"{attempt}/submit", data=fields))
    assert "50%, not passed yet" in text_of(result)
    assert "The time ran out" not in text_of(result), "handed in within the grace"


@pytest.mark.parametrize("way", ["open", "submit", "save"])
async def test_after_the_time_what_was_saved_counts(
    way: str, learner: Learner, quiz: MadeQuiz, owner: asyncpg.Connection
) -> None:
    browser, (first, second, third) = learner.browser, quiz.questions
    attempt = await _start(learner, quiz)
    page = await browser.read(attempt)
    await browser.send(page, f"{attempt}/save", _answer(third, third.right) | _answer(first, first.right))
    page = await browser.read(attempt)
    await owner.execute(END, attempt.rsplit("/", 1)[1], 60)
    late = _answer(second, second.right)
    answer = await browser.open(attempt) if way == "open" else await browser.send(page, f"{attempt}/{way}", late)
    if way == "save":
        answer = await browser.open(answer.headers["location"])
    assert answer.headers["location"] == f"{attempt}/result"
    result = await browser.follow(answer)
    assert "Passed with 75%" in text_of(result)
    assert "The time ran out. What was saved until then has been graded." in text_of(result)
    assert "EXPLANATION-1" in text_of(result)
    overview = text_of(await browser.read(f"/quizzes/{quiz.id}"))
    assert "75% · out of time" in overview
    status = "SELECT status FROM learning.quiz_attempts WHERE id = $1::uuid"
    assert await owner.fetchval(status, attempt.rsplit("/", 1)[1]) == "EXPIRED"


async def test_the_result_says_how_each_topic_went_and_how_long_each_question_took(
    learner: Learner, quiz: MadeQuiz, owner: asyncpg.Connection
) -> None:
    browser, (first, second, third) = learner.browser, quiz.questions
    for question, topic in ((first, "Loops"), (second, "Names"), (third, "Loops")):
        await owner.execute("UPDATE learning.questions SET topic = $2 WHERE id = $1", question.id, topic)
    attempt = await _start(learner, quiz)
    page = await browser.read(attempt)
    fields = dict(form_to(page, f"{attempt}/submit").fields) | {
        f"answer-{first.id}": str(first.right[0]),
        f"seconds-{first.id}": "75",
        f"seconds-{second.id}": "4",
    }
    result = await browser.follow(await browser.client.post(f"{attempt}/submit", data=fields))
    assert "Loops 1 of 2" in text_of(result)
    assert "Names 0 of 1" in text_of(result)
    assert "1 of 1 point · 1 min 15 s" in text_of(result)
    assert "You left this one open." in text_of(result)


async def test_forms_that_nobody_sent(learner: Learner, quiz: MadeQuiz) -> None:
    attempt = await _start(learner, quiz)
    page = await learner.browser.read(attempt)
    token = dict(form_to(page, f"{attempt}/submit").fields)["csrf_token"]
    for fields in (
        {"revision": "-1"},
        {"revision": "\u0664"},
        {"only": "nonsense"},
        {f"seconds-{quiz.questions[0].id}": "long"},
        {"flag-nonsense": "1"},
    ):
        for action in ("save", "submit"):
            answer = await learner.browser.client.post(f"{attempt}/{action}", data={"csrf_token": token} | fields)
            assert answer.status_code == 422, (action, fields)
    for wanted in ("99", "0"):
        assert "Question 3 of 3" in text_of(await learner.browser.read(f"{attempt}?question={wanted}"))
