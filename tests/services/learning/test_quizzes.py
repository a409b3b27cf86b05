"""Taking quizzes, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.jobs import recurring
from codezest.services.learning.schemas.items import QuizDetail
from codezest.services.learning.schemas.work import AttemptDetail
from codezest_db.enums import PublicationStatus, QuestionType, Role
from factories.learning import AskedQuestion, MadePath, MadeQuiz, Shelf

from .conftest import People, Person, problem

QUESTIONS = (
    AskedQuestion(points=2),
    AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2, wrong=2),
    AskedQuestion(type=QuestionType.TRUE_FALSE, wrong=1),
)


@pytest.fixture
async def quiz(shelf: Shelf, module: UUID) -> MadeQuiz:
    return await shelf.quiz(module, QUESTIONS)


async def _start(who: Person, quiz: MadeQuiz, expected: int = 201) -> AttemptDetail:
    response = await who.post(f"/quizzes/{quiz.id}/attempts")
    assert response.status_code == expected, response.text
    assert b"EXPLANATION" not in response.content
    assert b"correct" not in response.content
    return AttemptDetail.model_validate_json(response.content)


def _answers(*given: tuple[Any, list[Any]]) -> dict[str, Any]:
    return {"answers": [{"question_id": str(q), "option_ids": [str(o) for o in options]} for q, options in given]}


def _all_right(quiz: MadeQuiz) -> dict[str, Any]:
    return _answers(*((question.id, question.right) for question in quiz.questions))


async def test_a_quiz_gives_no_answers_away(quiz: MadeQuiz, learner: Person) -> None:
    response = await learner.get(f"/quizzes/{quiz.id}")
    shown = QuizDetail.model_validate_json(response.content)
    assert (shown.question_count, shown.passing_score, shown.attempts_left, shown.attempts) == (3, 70, None, [])
    assert b"EXPLANATION" not in response.content
    assert b"correct" not in response.content


async def test_a_perfect_attempt(quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection) -> None:
    attempt = await _start(learner, quiz)
    assert [question.id for question in attempt.questions] == [question.id for question in quiz.questions]
    assert all(question.review is None for question in attempt.questions)
    assert (attempt.attempt_number, attempt.status, attempt.deadline_at, attempt.seconds_left) == (
        1, "IN_PROGRESS", None, None)  # fmt: skip
    body = _all_right(quiz)
    body["answers"][0]["seconds_spent"] = 9
    response = await learner.post(f"/attempts/{attempt.id}/submit", body)
    graded = AttemptDetail.model_validate_json(response.content)
    assert (graded.status, graded.score, graded.passed, graded.points, graded.max_points) == ("GRADED", 100, True, 4, 4)
    first = graded.questions[0].review
    assert first is not None
    assert (first.chosen_option_ids, first.correct_option_ids) == (quiz.questions[0].right, quiz.questions[0].right)
    assert (first.is_correct, first.points, first.explanation, first.seconds_spent) == (True, 2, "EXPLANATION-0", 9)
    assert (await learner.get(f"/attempts/{attempt.id}")).json() == response.json()
    shown = QuizDetail.model_validate_json((await learner.get(f"/quizzes/{quiz.id}")).content)
    assert (shown.status, shown.best_score, shown.attempts_used, shown.open_attempt_id) == ("COMPLETED", 100, 1, None)
    mine = (await learner.get("/me/progress")).json()["items"][0]
    assert mine["enrollment"]["status"] == "COMPLETED"
    topics = await owner.fetch(
        "SELECT topic FROM ops.outbox WHERE payload->>'user_id' = $1 ORDER BY 1", str(learner.id)
    )
    assert [row["topic"] for row in topics] == [
        "learning.course_completed", "learning.module_completed", "learning.quiz_submitted"]  # fmt: skip


async def test_partly_right_answers(quiz: MadeQuiz, learner: Person) -> None:
    single, multiple, _ = quiz.questions
    attempt = await _start(learner, quiz)
    body = _answers((single.id, single.right), (multiple.id, multiple.right[:1]))
    graded = AttemptDetail.model_validate_json((await learner.post(f"/attempts/{attempt.id}/submit", body)).content)
    assert (graded.score, graded.passed, graded.points) == (50, False, 2)
    reviews = [question.review for question in graded.questions]
    assert [review and review.is_correct for review in reviews] == [True, False, False]
    assert reviews[2] is not None
    assert reviews[2].chosen_option_ids == [], "left out, so wrong"
    assert (await learner.get("/me/progress")).json()["items"][0]["enrollment"]["progress_percent"] == 0
    for chosen in ([*multiple.right, multiple.wrong[0]], multiple.wrong, []):
        attempt = await _start(learner, quiz)
        graded = await learner.post(f"/attempts/{attempt.id}/submit", _answers((multiple.id, chosen)))
        assert (graded.status_code, graded.json()["points"]) == (200, 0)


async def test_the_passing_score_is_reached_exactly(shelf: Shelf, module: UUID, learner: Person) -> None:
    quiz = await shelf.quiz(module, [AskedQuestion()] * 3, passing_score=67)
    attempt = await _start(learner, quiz)
    body = _answers(*((question.id, question.right) for question in quiz.questions[:2]))
    graded = (await learner.post(f"/attempts/{attempt.id}/submit", body)).json()
    assert (graded["score"], graded["passed"]) == (66, False)


async def test_a_second_submit_changes_nothing(quiz: MadeQuiz, learner: Person) -> None:
    attempt = await _start(learner, quiz)
    first = await learner.post(f"/attempts/{attempt.id}/submit", _answers())
    assert first.json()["score"] == 0
    again = await learner.post(f"/attempts/{attempt.id}/submit", _all_right(quiz))
    assert problem(again) == (409, "attempt-already-submitted")
    assert (await learner.get(f"/attempts/{attempt.id}")).json() == first.json()


async def test_parallel_submits_count_once(quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection) -> None:
    attempt = await _start(learner, quiz)
    url = f"/attempts/{attempt.id}/submit"
    answers = await asyncio.gather(*(learner.post(url, _all_right(quiz)) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert await owner.fetchval("SELECT count(*) FROM learning.quiz_answers WHERE attempt_id = $1", attempt.id) == 3


async def test_two_tabs_get_one_attempt(quiz: MadeQuiz, learner: Person) -> None:
    answers = await asyncio.gather(*(learner.post(f"/quizzes/{quiz.id}/attempts") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    shown = QuizDetail.model_validate_json((await learner.get(f"/quizzes/{quiz.id}")).content)
    assert str(shown.open_attempt_id) == answers[0].json()["id"]


async def test_answers_that_do_not_fit(
    shelf: Shelf, module: UUID, quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    other = await shelf.quiz(module, QUESTIONS)
    single, multiple, true_false = quiz.questions
    attempt = await _start(learner, quiz)
    url = f"/attempts/{attempt.id}/submit"
    for body in (
        _answers((other.questions[0].id, other.questions[0].right)),
        _answers((uuid4(), [])),
        _answers((single.id, multiple.right)),
        _answers((single.id, [uuid4()])),
        _answers((single.id, single.right), (single.id, single.right)),
        _answers((single.id, [*single.right, *single.wrong])),
        _answers((true_false.id, [*true_false.right, *true_false.wrong])),
        _answers((multiple.id, [multiple.right[0], multiple.right[0]])),
    ):
        response = await learner.post(url, body)
        assert problem(response) == (422, "answers-not-accepted")
        assert response.json()["errors"][0]["location"][:2] == ["body", "answers"]
    for malformed in (
        {},
        {"answers": None},
        {"answers": [{"question_id": "no-id", "option_ids": []}]},
        {"answers": [{"option_ids": []}]},
        {"answers": [{"question_id": str(single.id), "entries": {"x": 1}}]},
        {"answers": [{"question_id": str(single.id), "option_ids": [], "is_correct": True}]},
        {"answers": [{"question_id": str(single.id), "option_ids": [], "seconds_spent": -1}]},
    ):
        assert problem(await learner.post(url, malformed)) == (422, "validation-failed")
    assert (await learner.get(f"/attempts/{attempt.id}")).json()["status"] == "IN_PROGRESS"
    assert await owner.fetchval("SELECT count(*) FROM learning.quiz_answers WHERE attempt_id = $1", attempt.id) == 0
    assert (await learner.post(url, _all_right(quiz))).json()["score"] == 100


async def test_time_limits(
    shelf: Shelf, module: UUID, learner: Person, database: Database, owner: asyncpg.Connection
) -> None:
    quiz = await shelf.quiz(module, time_limit_minutes=10)

    async def began(attempt: AttemptDetail, seconds_over: int) -> None:
        await owner.execute(
            """UPDATE learning.quiz_attempts SET started_at = now() - interval '1 hour',
               deadline_at = now() - make_interval(secs => $2) WHERE id = $1""",
            attempt.id, seconds_over,
        )  # fmt: skip

    first = await _start(learner, quiz)
    assert first.deadline_at is not None
    assert first.seconds_left is not None
    assert 590 <= first.seconds_left <= 600
    assert (await _start(learner, quiz, expected=200)).id == first.id
    await began(first, 2)
    assert (await learner.post(f"/attempts/{first.id}/submit", _all_right(quiz))).json()["passed"], "within the grace"

    second = await _start(learner, quiz)
    await began(second, 60)
    late = await learner.post(f"/attempts/{second.id}/submit", _all_right(quiz))
    assert problem(late) == (409, "attempt-expired")
    assert (await learner.get(f"/attempts/{second.id}")).json()["status"] == "IN_PROGRESS", "nothing was changed"
    assert (await learner.get(f"/quizzes/{quiz.id}")).json()["open_attempt_id"] is None
    third = await _start(learner, quiz)
    assert third.attempt_number == 3
    closed = AttemptDetail.model_validate_json((await learner.get(f"/attempts/{second.id}")).content)
    assert (closed.status, closed.passed, closed.score) == ("EXPIRED", False, 0)
    assert [question.review and question.review.chosen_option_ids for question in closed.questions] == [[]]
    assert problem(await learner.post(f"/attempts/{second.id}/submit", _all_right(quiz))) == (409, "attempt-expired")

    await began(third, 60)
    (task,) = [task for task in recurring(database) if task.name == "learning.expire_attempts"]
    for _ in range(2):
        await task.handler()
    assert (await learner.get(f"/attempts/{third.id}")).json()["status"] == "EXPIRED"
    assert (await learner.get(f"/attempts/{first.id}")).json()["status"] == "GRADED"


async def test_attempts_run_out(shelf: Shelf, module: UUID, learner: Person) -> None:
    quiz = await shelf.quiz(module, attempt_limit=2)
    for left in (1, 0):
        attempt = await _start(learner, quiz)
        assert (await learner.get(f"/quizzes/{quiz.id}")).json()["attempts_left"] == left
        await learner.post(f"/attempts/{attempt.id}/submit", _answers())
    refused = await learner.post(f"/quizzes/{quiz.id}/attempts")
    assert problem(refused) == (409, "attempt-limit-reached")
    assert refused.json()["attempt_limit"] == 2


async def test_drawn_and_shuffled_questions_stay_as_they_were_drawn(
    shelf: Shelf, module: UUID, learner: Person
) -> None:
    quiz = await shelf.quiz(module, [AskedQuestion()] * 12, draw_count=5, shuffle=True)
    assert (await learner.get(f"/quizzes/{quiz.id}")).json()["question_count"] == 5
    attempt = await _start(learner, quiz)
    drawn = [question.id for question in attempt.questions]
    assert len(set(drawn)) == 5
    assert set(drawn) <= {question.id for question in quiz.questions}
    assert [question.id for question in (await _start(learner, quiz, expected=200)).questions] == drawn
    not_drawn = next(question for question in quiz.questions if question.id not in drawn)
    refused = await learner.post(f"/attempts/{attempt.id}/submit", _answers((not_drawn.id, not_drawn.right)))
    assert problem(refused) == (422, "answers-not-accepted")
    right = _answers(*((question.id, question.right) for question in quiz.questions if question.id in drawn))
    assert (await learner.post(f"/attempts/{attempt.id}/submit", right)).json()["score"] == 100


async def test_attempts_belong_to_their_learner(shelf: Shelf, person: People, nobody: Person) -> None:
    teacher = await person(Role.INSTRUCTOR)
    path = await shelf.path(instructor_id=teacher.id)
    quiz = await shelf.quiz(await shelf.module(path))
    learner, classmate = await person(enrolled=path), await person(enrolled=path)
    attempt = await _start(learner, quiz)
    url = f"/attempts/{attempt.id}"
    assert problem(await classmate.get(url)) == (404, "not-found")
    assert problem(await classmate.post(f"{url}/submit", _all_right(quiz))) == (404, "not-found")
    assert problem(await teacher.post(f"{url}/submit", _all_right(quiz))) == (404, "not-found")
    assert problem(await nobody.get(url)) == (401, "unauthenticated")
    assert problem(await nobody.post(f"{url}/submit", _all_right(quiz))) == (401, "unauthenticated")
    assert (await teacher.get(url)).status_code == 200
    assert problem(await learner.get(f"/attempts/{uuid4()}")) == (404, "not-found")
    assert (await learner.get(url)).json()["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("action", ["", "/attempts"])
async def test_quizzes_that_are_closed_to_the_caller(
    shelf: Shelf, path: MadePath, module: UUID, quiz: MadeQuiz, learner: Person, person: People, nobody: Person,
    action: str,
) -> None:  # fmt: skip
    async def ask(who: Person, target: UUID) -> tuple[int, str]:
        return problem(await (who.post if action else who.get)(f"/quizzes/{target}{action}"))

    draft = await shelf.quiz(module, status=PublicationStatus.DRAFT)
    locked = await shelf.quiz(await shelf.module(path, prerequisites=[module]))
    archived = await shelf.path(status=PublicationStatus.ARCHIVED)
    gone = await shelf.quiz(await shelf.module(archived))
    await shelf.enroll(archived, learner.id)
    assert await ask(nobody, quiz.id) == (401, "unauthenticated")
    assert await ask(await person(), quiz.id) == (403, "not-enrolled")
    assert await ask(learner, locked.id) == (403, "module-locked")
    assert await ask(learner, draft.id) == (404, "not-found")
    assert await ask(learner, uuid4()) == (404, "not-found")
    assert await ask(learner, gone.id) == (410, "content-archived")


async def test_leaving_or_archiving_closes_a_running_attempt(
    path: MadePath, quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt = await _start(learner, quiz)
    await learner.delete(f"/languages/{path.slug}/enroll")
    assert problem(await learner.post(f"/attempts/{attempt.id}/submit", _all_right(quiz))) == (403, "not-enrolled")
    await learner.post(f"/languages/{path.slug}/enroll")
    await owner.execute("UPDATE learning.courses SET status = 'ARCHIVED' WHERE id = $1", path.course_id)
    assert problem(await learner.post(f"/attempts/{attempt.id}/submit", _all_right(quiz))) == (410, "content-archived")


async def test_a_lock_that_comes_later_does_not_take_an_attempt_away(
    shelf: Shelf, path: MadePath, module: UUID, quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt = await _start(learner, quiz)
    needed = await shelf.module(path)
    await shelf.material(needed)
    await owner.execute("INSERT INTO learning.module_prerequisites VALUES ($1, $2)", module, needed)
    assert problem(await learner.get(f"/quizzes/{quiz.id}")) == (403, "module-locked")
    assert (await learner.post(f"/attempts/{attempt.id}/submit", _all_right(quiz))).json()["score"] == 100


async def test_removed_options_and_questions_of_a_running_attempt(
    quiz: MadeQuiz, learner: Person, owner: asyncpg.Connection
) -> None:
    single, multiple, true_false = quiz.questions
    attempt = await _start(learner, quiz)
    await owner.execute("UPDATE learning.options SET deleted_at = now() WHERE id = $1", multiple.right[0])
    await owner.execute("UPDATE learning.questions SET deleted_at = now() WHERE id = $1", true_false.id)
    body = _answers((single.id, single.right), (multiple.id, multiple.right), (true_false.id, true_false.right))
    graded = await learner.post(f"/attempts/{attempt.id}/submit", body)
    assert (graded.status_code, graded.json()["score"]) == (200, 100)
