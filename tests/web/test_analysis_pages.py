"""Feedback on the pages of learners and in the studio."""

import json
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.kit.settings import Settings
from codezest.services.learning import analysing
from codezest_db.enums import QuestionType, Role
from factories.learning import AskedQuestion, Shelf
from fixtures.accounts import MakeUser

from .browser import text_of, token_of
from .conftest import Grade, Learner, Open

CODE = "import os\n\n\ndef add(first, second):\n    spare = 1\n    return first + second\n\n\nprint(add(1, 2))\n"


@pytest.fixture
def analyse(database: Database, settings: Settings) -> Callable[[str], Awaitable[None]]:
    (job,) = analysing.jobs(database, settings)

    async def run(submission: str) -> None:
        await job.handler({"submission_id": submission})

    return run


async def test_a_learner_asks_reads_and_rates_and_a_teacher_edits_and_approves(
    learner: Learner, make_user: MakeUser, visit: Open, grade: Grade, owner: asyncpg.Connection,
    analyse: Callable[[str], Awaitable[None]],
) -> None:  # fmt: skip
    browser, exercise = learner.browser, f"/assignments/{learner.course.exercise}"
    sent = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC AC"})
    address = str(sent.headers["location"])
    submission = address.rsplit("/", 1)[-1]
    await grade(address)
    await owner.execute("UPDATE learning.submissions SET code = $2 WHERE id = $1", UUID(submission), CODE)
    asked = await browser.follow(await browser.send(await browser.read(address), f"{address}/feedback"))
    assert "Your feedback is on its way." in text_of(asked)
    polls = f'hx-get="{address}" hx-trigger="load delay:3s" hx-select="#feedback"'
    assert polls in asked.text
    assert f'<a href="{address}?again=1#feedback">' in asked.text
    await analyse(submission)
    page = await browser.read(address)
    assert polls not in page.text
    arrived = await browser.open(address, headers={"HX-Request": "true"})
    assert 'data-say="Your feedback is here."' in arrived.text
    shown = text_of(page)
    assert "An import that is not used (line 1)" in shown
    assert "9 of 10" in shown
    assert "spare: A variable that is not used" in shown
    assert 'href="#line-1-5"' in page.text
    assert 'id="line-1-5"' in page.text
    assert f"/teach/submissions/{submission}/analysis" not in page.text
    thanked = await browser.send(page, f"{address}/helpful", {"csrf_token": token_of(page)})
    assert thanked.status_code == 422  # no button was pressed
    answer = await browser.client.post(f"{address}/helpful", data={"csrf_token": token_of(page), "helpful": "false"})
    assert "You said no." in text_of(await browser.follow(answer))

    teacher = await make_user(Role.INSTRUCTOR)
    desk, url = visit(teacher), f"/teach/submissions/{submission}/analysis"
    assert (await desk.open(url)).status_code == 404
    await owner.execute(
        "UPDATE learning.courses SET instructor_user_id = $2 WHERE id = $1", learner.course.path.course_id, teacher.id
    )
    form = await desk.read(url)
    assert "The learner reads it already" in text_of(form)
    wrong = await desk.send(form, f"{url}/save", {"readability": "11", "suggestions": "Keep *this*."})
    assert wrong.status_code == 422
    assert "Use a mark from 0 to 10." in text_of(wrong)
    assert "Keep *this*." in wrong.text
    kept = await desk.follow(await desk.send(form, f"{url}/save", {"suggestions": "Look <here>.", "keep": "0"}))
    assert "Automatic, edited" in text_of(kept)
    stale = await desk.send(form, f"{url}/approve", {"suggestions": "Mine."})
    assert stale.status_code == 409
    assert "Look <here>." in text_of(stale)
    done = await desk.follow(await desk.send(stale, f"{url}/approve"))
    assert "Approved by Test Person." in text_of(done)
    read = text_of(await browser.read(address))
    assert "Mine." in read
    assert "Written by Test Person." in read
    assert (
        "spare"
        not in text_of(await browser.read(address)).partition("How it is written")[2].partition("Was this helpful")[0]
    )


async def test_the_inbox_the_policy_and_the_mistakes(
    learner: Learner, make_user: MakeUser, visit: Open, grade: Grade, owner: asyncpg.Connection, database: Database,
    analyse: Callable[[str], Awaitable[None]],
) -> None:  # fmt: skip
    teacher = await make_user(Role.INSTRUCTOR)
    course = learner.course.path.course_id
    await owner.execute("UPDATE learning.courses SET instructor_user_id = $2 WHERE id = $1", course, teacher.id)
    desk, inbox = visit(teacher), f"/teach/courses/{course}/insights/analyses"
    assert "Nothing to review" in text_of(await desk.read(inbox))
    token = token_of(await desk.read(inbox))
    refused = await desk.client.post(f"{inbox}/policy", data={"csrf_token": token, "policy": "PERHAPS"})
    assert refused.status_code == 422
    sent = await desk.client.post(f"{inbox}/policy", data={"csrf_token": token, "policy": "APPROVAL"})
    saved = await desk.follow(sent)
    assert '<option value="APPROVAL" selected>' in saved.text
    mistakes = f"/teach/courses/{course}/insights/mistakes"
    assert "No mistakes to show" in text_of(await desk.read(mistakes))
    assert (await desk.open(f"{mistakes}?assignment={uuid4()}")).status_code == 404

    browser, exercise = learner.browser, f"/assignments/{learner.course.exercise}"
    sent = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "WA AC"})
    address = str(sent.headers["location"])
    submission = address.rsplit("/", 1)[-1]
    await grade(address)
    await browser.send(await browser.read(address), f"{address}/feedback")
    await owner.execute("UPDATE learning.submissions SET code = $2 WHERE id = $1", UUID(submission), CODE)
    await analyse(submission)
    assert "on its way" in text_of(await browser.read(address))
    listed = await desk.read(inbox)
    assert f'href="/teach/submissions/{submission}/analysis"' in listed.text
    assert "Waits to be approved" in text_of(listed)

    (note,) = [one for one in analysing.subscriptions(database) if one.subscriber == "learning.note_failure"]
    await note.handler({"submission_id": submission})
    shown = text_of(await desk.read(mistakes))
    assert "Another text is printed." in shown
    assert "1 learner" in shown
    assert "0 passed later" in shown
    assert "An example: The example" in shown
    assert "Open this attempt" in shown
    assert (await browser.open(mistakes)).status_code == 404


async def test_a_quiz_says_what_to_read_again(
    learner: Learner, make_user: MakeUser, visit: Open, owner: asyncpg.Connection, database: Database
) -> None:
    shelf = Shelf(database)
    article = await shelf.material(learner.course.module, title="Loops and more")
    quiz = await shelf.quiz(
        learner.course.module, [AskedQuestion(), AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2)], title="Two"
    )
    for question, topic in zip(quiz.questions, ("Loops", "Names"), strict=True):
        await owner.execute("UPDATE learning.questions SET topic = $2 WHERE id = $1", question.id, topic)
    api, right = learner.browser.client, quiz.questions[1]
    headers = learner.user.headers
    attempt = (await api.post(f"/api/v1/quizzes/{quiz.id}/attempts", headers=headers)).json()["id"]
    answers = [
        {
            "question_id": str(quiz.questions[0].id),
            "option_ids": [str(quiz.questions[0].wrong[0])],
            "seconds_spent": 200,
        },
        {"question_id": str(right.id), "option_ids": [str(one) for one in right.right], "seconds_spent": 10},
    ]
    done = await api.post(f"/api/v1/attempts/{attempt}/submit", headers=headers, json={"answers": answers})
    assert done.status_code == 200, done.text
    asked = await learner.browser.send(
        await learner.browser.read(f"/attempts/{attempt}/result"), f"/attempts/{attempt}/feedback"
    )
    page = await learner.browser.follow(asked)
    shown = text_of(page)
    assert "Loops needs more practice: 0%." in shown
    assert "You know Names well: 100%." in shown
    assert f'href="/materials/{article}"' in page.text
    assert "Read “Loops and more” again: it is about Loops." in shown
    (subscribed,) = [one for one in analysing.subscriptions(database) if one.subscriber == "learning.analyse_attempt"]
    before = await owner.fetchrow("SELECT * FROM learning.quiz_analyses WHERE attempt_id = $1", UUID(attempt))
    await subscribed.handler({"attempt_id": attempt})
    again = await owner.fetchrow("SELECT * FROM learning.quiz_analyses WHERE attempt_id = $1", UUID(attempt))
    assert before is not None
    assert again is not None
    assert {**dict(again), "updated_at": None} == {**dict(before), "updated_at": None}
    assert json.loads(again["performance_breakdown"])["Loops"]["seconds"] == 200

    teacher = await make_user(Role.INSTRUCTOR)
    await owner.execute(
        "UPDATE learning.courses SET instructor_user_id = $2 WHERE id = $1", learner.course.path.course_id, teacher.id
    )
    desk, url = visit(teacher), f"/teach/attempts/{attempt}/analysis"
    assert (await learner.browser.open(url)).status_code == 404
    form = await desk.read(url)
    edited = await desk.send(form, f"{url}/approve", {"insights": "Well done with names."})
    assert "Approved by Test Person." in text_of(await desk.follow(edited))
    page = await learner.browser.read(f"/attempts/{attempt}/result")
    assert "Well done with names." in text_of(page)
    assert f'href="/materials/{article}"' in page.text
    await subscribed.handler({"attempt_id": attempt})
    assert "Well done with names." in text_of(await learner.browser.read(f"/attempts/{attempt}/result"))
