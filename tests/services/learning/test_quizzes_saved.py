"""Attempts as they stand while they run: kept, continued elsewhere, graded when the time is over."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from codezest.kit.database import Database
from codezest.services.learning.jobs import recurring
from codezest.services.learning.schemas.items import QuizDetail
from codezest.services.learning.schemas.work import AttemptDetail
from codezest_db.enums import QuestionType
from factories.learning import AskedQuestion, MadeQuestion, MadeQuiz, Shelf

from .conftest import Person, number, problem

QUESTIONS = (AskedQuestion(points=3), AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2))


@pytest.fixture
async def quiz(shelf: Shelf, module: UUID) -> MadeQuiz:
    return await shelf.quiz(module, QUESTIONS, time_limit_minutes=10, passing_score=60)


async def _start(who: Person, quiz: MadeQuiz) -> str:
    response = await who.post(f"/quizzes/{quiz.id}/attempts")
    assert response.status_code == 201, response.text
    return f"/attempts/{response.json()['id']}"


async def _read(who: Person, attempt: str) -> AttemptDetail:
    return AttemptDetail.model_validate_json((await who.get(attempt)).content)


def _kept(question: MadeQuestion, chosen: list[UUID], **more: Any) -> dict[str, Any]:
    return {str(question.id): {"option_ids": [str(option) for option in chosen]} | more}


async def _save(who: Person, attempt: str, revision: int, questions: dict[str, Any], **more: Any) -> httpx.Response:
    return await who.put(f"{attempt}/saved", {"revision": revision, "questions": questions} | more)


def _handed_in(question: MadeQuestion, chosen: list[UUID]) -> dict[str, Any]:
    return {"answers": [{"question_id": str(question.id), "option_ids": [str(option) for option in chosen]}]}


async def _end(owner: asyncpg.Connection, attempt: str, seconds_ago: int) -> None:
    await owner.execute(
        """UPDATE learning.quiz_attempts SET started_at = now() - interval '11 minutes',
           deadline_at = now() - make_interval(secs => $2) WHERE id = $1""",
        UUID(attempt.rsplit("/", 1)[1]), seconds_ago,
    )  # fmt: skip


async def test_what_is_saved_comes_back(quiz: MadeQuiz, learner: Person) -> None:
    attempt, (first, second) = await _start(learner, quiz), quiz.questions
    fresh = (await _read(learner, attempt)).saved
    assert fresh is not None
    assert (fresh.revision, fresh.current, fresh.questions) == (0, None, {})
    kept = _kept(first, first.wrong[:1], seconds_spent=7) | _kept(second, second.right, flagged=True)
    saved = await _save(learner, attempt, 0, kept, current=str(second.id))
    assert (saved.status_code, saved.json()) == (200, {"revision": 1})
    again = (await _read(learner, attempt)).saved
    assert again is not None
    assert (again.revision, again.current) == (1, second.id)
    assert again.questions[first.id].model_dump() == {
        "option_ids": first.wrong[:1], "entries": {}, "flagged": False, "seconds_spent": 7}  # fmt: skip
    assert again.questions[second.id].model_dump() == {
        "option_ids": second.right, "entries": {}, "flagged": True, "seconds_spent": 0}  # fmt: skip
    assert (await _save(learner, attempt, 1, {})).json() == {"revision": 2}
    emptied = (await _read(learner, attempt)).saved
    assert emptied is not None
    assert emptied.questions == {}, "what is sent replaces what was saved"


async def test_the_older_of_two_tabs_overwrites_nothing(quiz: MadeQuiz, learner: Person) -> None:
    attempt, (first, _) = await _start(learner, quiz), quiz.questions
    assert (await _save(learner, attempt, 0, _kept(first, first.right), page="tab-one-tab-one")).json()["revision"] == 1
    refused = await _save(learner, attempt, 0, _kept(first, first.wrong[:1]), page="tab-two-tab-two")
    assert problem(refused) == (409, "attempt-saved-elsewhere")
    assert refused.json()["revision"] == 1
    saved = (await _read(learner, attempt)).saved
    assert saved is not None
    assert saved.questions[first.id].option_ids == first.right
    assert (await _save(learner, attempt, 1, {}, page="tab-two-tab-two")).json() == {"revision": 2}, "having read it"
    late = await _save(learner, attempt, 1, {}, page="tab-one-tab-one")
    assert problem(late) == (409, "attempt-saved-elsewhere")


async def test_a_page_whose_answer_was_lost_saves_again(quiz: MadeQuiz, learner: Person) -> None:
    attempt, (first, _) = await _start(learner, quiz), quiz.questions
    for expected in (1, 2, 3):
        saved = await _save(learner, attempt, 0, _kept(first, first.right), page="one-and-the-same")
        assert saved.json() == {"revision": expected}


async def test_many_tabs_at_once_leave_one_state(quiz: MadeQuiz, learner: Person) -> None:
    attempt, (first, _) = await _start(learner, quiz), quiz.questions
    answers = await asyncio.gather(
        *(_save(learner, attempt, 0, _kept(first, first.right), page=f"tab-number-{n}") for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    saved = (await _read(learner, attempt)).saved
    assert saved is not None
    assert saved.revision == 1


async def test_submitting_while_saving_grades_once_and_whole(
    quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt, (first, _) = await _start(learner, quiz), quiz.questions
    right = _handed_in(first, first.right)
    *saves, one, two = await asyncio.gather(
        *(_save(learner, attempt, 0, _kept(first, first.wrong[:1]), page="one-and-the-same") for _ in range(5)),
        learner.post(f"{attempt}/submit", right),
        learner.post(f"{attempt}/submit", right),
    )
    assert sorted((one.status_code, two.status_code)) == [200, 409]
    for save in saves:
        assert save.status_code == 200 or problem(save) == (409, "attempt-already-submitted")
    graded = await _read(learner, attempt)
    assert (graded.status, graded.points, graded.saved) == ("GRADED", 3, None)
    assert await number(owner, "SELECT count(*) FROM learning.quiz_answers WHERE attempt_id = $1", graded.id) == 2
    assert problem(await _save(learner, attempt, 9, {})) == (409, "attempt-already-submitted")


async def test_the_time_spent_is_kept_for_the_result(quiz: MadeQuiz, learner: Person) -> None:
    attempt, (first, second) = await _start(learner, quiz), quiz.questions
    kept = _kept(first, first.right, seconds_spent=31) | _kept(second, [], seconds_spent=4)
    await _save(learner, attempt, 0, kept)
    graded = AttemptDetail.model_validate_json(
        (await learner.post(f"{attempt}/submit", _handed_in(first, first.right))).content
    )
    assert [question.review and question.review.seconds_spent for question in graded.questions] == [31, 4]


async def test_after_the_deadline_what_was_saved_is_graded(
    quiz: MadeQuiz, learner: Person, database: Database, owner: asyncpg.Connection
) -> None:
    attempt, (first, second) = await _start(learner, quiz), quiz.questions
    await _save(learner, attempt, 0, _kept(first, first.right) | _kept(second, second.right[:1], seconds_spent=5))
    await _end(owner, attempt, 2)
    assert (await _save(learner, attempt, 1, _kept(first, first.right))).status_code == 200, "within the grace"
    await _end(owner, attempt, 60)
    assert problem(await _save(learner, attempt, 2, {})) == (409, "attempt-expired")
    assert problem(await learner.post(f"{attempt}/submit", {"answers": []})) == (409, "attempt-expired")
    (task,) = [task for task in recurring(database) if task.name == "learning.expire_attempts"]
    await asyncio.gather(task.handler(), task.handler())
    closed = await _read(learner, attempt)
    assert (closed.status, closed.points, closed.max_points, closed.score, closed.passed) == ("EXPIRED", 3, 4, 75, True)
    assert closed.completed_at == closed.deadline_at
    assert closed.time_taken_seconds == 600
    reviews = [question.review for question in closed.questions]
    assert [review and (review.is_correct, review.explanation) for review in reviews] == [
        (True, "EXPLANATION-0"), (False, "EXPLANATION-1")]  # fmt: skip
    assert await number(owner, "SELECT count(*) FROM learning.quiz_answers WHERE attempt_id = $1", closed.id) == 2
    mine = (await learner.get("/me/progress")).json()["items"][0]
    assert mine["enrollment"]["status"] == "COMPLETED", "passing counts, however it came about"
    events = "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.quiz_submitted' AND payload->>'attempt_id' = $1"
    assert await number(owner, events, str(closed.id)) == 1
    answers = "SELECT answers FROM learning.study_days WHERE user_id = $1"
    assert await number(owner, answers, learner.id) == 1


async def test_starting_again_closes_what_is_over_and_keeps_to_the_limit(
    shelf: Shelf, module: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    quiz = await shelf.quiz(module, QUESTIONS, time_limit_minutes=10, attempt_limit=2)
    (first, _) = quiz.questions
    attempt = await _start(learner, quiz)
    await _save(learner, attempt, 0, _kept(first, first.right))
    await _end(owner, attempt, 60)
    started = await asyncio.gather(*(learner.post(f"/quizzes/{quiz.id}/attempts") for _ in range(6)))
    assert sorted(answer.status_code for answer in started) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in started}) == 1
    closed = await _read(learner, attempt)
    assert (closed.status, closed.points) == ("EXPIRED", 3)
    await learner.post(f"/attempts/{started[0].json()['id']}/submit", {"answers": []})
    assert problem(await learner.post(f"/quizzes/{quiz.id}/attempts")) == (409, "attempt-limit-reached")
    shown = QuizDetail.model_validate_json((await learner.get(f"/quizzes/{quiz.id}")).content)
    assert (shown.attempts_used, shown.attempts_left) == (2, 0)


async def test_saved_answers_that_do_not_fit(
    shelf: Shelf, module: UUID, quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt, (first, second) = await _start(learner, quiz), quiz.questions
    foreign = (await shelf.quiz(module, QUESTIONS)).questions[0]
    assert problem(await _save(learner, attempt, 0, _kept(foreign, foreign.right))) == (422, "answers-not-accepted")
    for body in (
        {},
        {"questions": {}},
        {"revision": -1, "questions": {}},
        {"revision": 2**31, "questions": {}},
        {"revision": True, "questions": {}},
        {"revision": 0, "questions": {"no-id": {}}},
        {"revision": 0, "questions": {str(first.id): {"option_ids": ["no-id"]}}},
        {"revision": 0, "questions": {str(first.id): {"seconds_spent": -1}}},
        {"revision": 0, "questions": {str(first.id): {"is_correct": True}}},
        {"revision": 0, "questions": {str(first.id): {"flagged": "yes"}}},
        {"revision": 0, "questions": {}, "page": "short"},
    ):
        assert problem(await learner.put(f"{attempt}/saved", body)) == (422, "validation-failed"), body
    # Options are looked at when they are graded: one of another question, or chosen twice, is worth nothing.
    odd = _kept(first, [first.right[0], first.right[0], foreign.right[0]]) | _kept(second, [uuid4()])
    assert (await _save(learner, attempt, 0, odd)).status_code == 200
    await _end(owner, attempt, 60)
    await learner.post(f"/quizzes/{quiz.id}/attempts")
    closed = await _read(learner, attempt)
    assert [question.review and question.review.chosen_option_ids for question in closed.questions] == [first.right, []]


async def test_a_place_in_a_lesson_is_kept(shelf: Shelf, module: UUID, learner: Person) -> None:
    lesson = f"/materials/{await shelf.material(module)}"
    assert (await learner.put(f"{lesson}/position", {"reading_position": 0.25})).status_code == 204
    assert (await learner.put(f"{lesson}/position", {"video_seconds": 61.5})).status_code == 204
    found = (await learner.get(lesson)).json()
    assert (found["reading_position"], found["video_seconds"], found["status"]) == (0.25, 61.5, "IN_PROGRESS")
    for body in ({"reading_position": 1.5}, {"reading_position": -0.1}, {"video_seconds": -1}, {"page": 3}):
        assert problem(await learner.put(f"{lesson}/position", body)) == (422, "validation-failed")
