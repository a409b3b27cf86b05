"""Statistics of items and insights of a course, on small data whose figures were reckoned by hand."""

import csv
import io
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.services.learning.schemas.insights import AssignmentStatistics, Attention, Insights, QuizStatistics
from codezest_db.enums import EnrollmentStatus
from factories.learning import AskedQuestion, MadePath, MadeQuiz, Shelf

from .conftest import People, Person, problem


async def failed(owner: asyncpg.Connection, who: UUID, assignment: UUID, number: int, verdicts: str) -> UUID:
    """A submission whose tests went as the letters say: + passed, - failed."""
    status = "PASSED" if set(verdicts) == {"+"} else "FAILED"
    made = await owner.fetchval(
        """INSERT INTO learning.submissions (user_id, assignment_id, code, language, status, verdict, score,
               attempt_number, graded_at)
           VALUES ($1, $2, 'x', 'python', $3, $4, 0, $5, now()) RETURNING id""",
        who, assignment, status, "AC" if status == "PASSED" else "WA", number,
    )  # fmt: skip
    for position, verdict in enumerate(verdicts):
        await owner.execute(
            """INSERT INTO learning.submission_test_results (submission_id, position, name, verdict, visible)
               VALUES ($1, $2, $3, $4, true)""",
            made, position, f"test {position}", "AC" if verdict == "+" else "WA",
        )  # fmt: skip
    assert isinstance(made, UUID)
    return made


async def attempt(owner: asyncpg.Connection, who: UUID, quiz: MadeQuiz, right: str, number: int = 1) -> None:
    """An attempt whose questions were answered right (+) or wrong (-), in 10 seconds for each question's place."""
    points = right.count("+")
    made = await owner.fetchval(
        """INSERT INTO learning.quiz_attempts (user_id, quiz_id, attempt_number, status, score, points, max_points,
               passed, completed_at)
           VALUES ($1, $2, $3, 'GRADED', $4, $5, $6, false, now()) RETURNING id""",
        who, quiz.id, number, 100 * points // len(right), points, len(right),
    )  # fmt: skip
    for place, (question, sign) in enumerate(zip(quiz.questions, right, strict=True), start=1):
        await owner.execute(
            """INSERT INTO learning.quiz_answers (attempt_id, question_id, option_ids, is_correct, points, max_points,
                   seconds_spent)
               VALUES ($1, $2, $3, $4, $5, 1, $6)""",
            made, question.id, [question.right[0] if sign == "+" else question.wrong[0]], sign == "+", int(sign == "+"),
            10 * place,
        )  # fmt: skip


async def test_questions(
    shelf: Shelf, path: MadePath, module: UUID, person: People, teacher: Person, owner: asyncpg.Connection
) -> None:
    quiz = await shelf.quiz(module, [AskedQuestion()] * 3)
    # Of six learners: the first question separates, the second is right by chance, the third by everybody.
    for right in ("+++", "+++", "+-+", "-++", "--+", "--+"):
        learner = await person(enrolled=path)
        await attempt(owner, learner.id, quiz, right)
        await attempt(owner, learner.id, quiz, "---", 2)
    answer = await teacher.get(f"/quizzes/{quiz.id}/statistics")
    assert answer.status_code == 200, answer.text
    found = QuizStatistics.model_validate_json(answer.content)
    first, second, third = found.questions
    assert (found.learners, first.learners, first.few) == (6, 6, True)
    assert [one.difficulty for one in found.questions] == [0.5, 0.5, 1.0]
    # Of the first question: points 1 1 1 0 0 0, the others' share 1 1 ½ 1 ½ ½. Both means are ½ and ¾; the products of
    # the differences sum up to ¼ and those of the squares to 3/2 and 3/8, so that r = ¼ / √(9/16) = 1/3.
    assert first.discrimination == pytest.approx(1 / 3)
    assert second.discrimination == pytest.approx(1 / 3)
    assert third.discrimination is None
    assert [one.median_seconds for one in found.questions] == [10, 20, 30]
    right, wrong = first.options[:2]
    assert (right.upper, right.middle, right.lower, right.is_correct) == (2, 1, 0, True)
    assert (wrong.upper, wrong.middle, wrong.lower, wrong.is_correct) == (0, 1, 2, False)
    assert found.mean_score == pytest.approx((100 + 100 + 66 + 66 + 33 + 33) / 6)


async def test_tests_of_an_exercise(
    shelf: Shelf, path: MadePath, module: UUID, person: People, teacher: Person, owner: asyncpg.Connection
) -> None:
    exercise = await shelf.assignment(module, title="Sums")
    ada, bob, eve = [await person(enrolled=path) for _ in range(3)]
    await failed(owner, ada.id, exercise, 1, "++")
    await failed(owner, bob.id, exercise, 1, "+-")
    await failed(owner, bob.id, exercise, 2, "--")
    await failed(owner, bob.id, exercise, 3, "++")
    await failed(owner, eve.id, exercise, 1, "--")
    answer = await teacher.get(f"/assignments/{exercise}/statistics")
    found = AssignmentStatistics.model_validate_json(answer.content)
    assert (found.learners, found.submissions, found.few, found.attempts_to_pass) == (3, 5, True, 2.0)
    assert (found.passed, found.first_try) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    hard, easy = found.tests
    assert (hard.name, hard.passed, hard.first_try, hard.attempts_to_pass) == (
        "test 1", 0.4, pytest.approx(1 / 3), 2.0)  # fmt: skip
    assert (easy.name, easy.passed, easy.first_try, easy.attempts_to_pass) == ("test 0", 0.6, pytest.approx(2 / 3), 1.0)
    table = (await teacher.get(f"/courses/{path.course_id}/statistics.csv")).content.decode()
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert [row[:4] for row in rows[1:]] == [["exercise", "Sums", "test 1", "3"], ["exercise", "Sums", "test 0", "3"]]


async def test_who_is_stuck_and_what_waits(
    shelf: Shelf, path: MadePath, module: UUID, person: People, teacher: Person, owner: asyncpg.Connection
) -> None:
    exercise = await shelf.assignment(module, title="Hard")
    stuck, solved, away, fresh, gone = [await person(enrolled=path) for _ in range(5)]
    last = UUID(int=0)
    for number in range(1, 6):
        last = await failed(owner, stuck.id, exercise, number, "-")
        await failed(owner, solved.id, exercise, number, "-")
        await failed(owner, gone.id, exercise, number, "-")
    await failed(owner, solved.id, exercise, 6, "+")
    await owner.execute(
        "UPDATE learning.enrollments SET status = $2 WHERE user_id = $1", gone.id, EnrollmentStatus.DROPPED
    )
    await owner.execute(
        "UPDATE learning.enrollments SET enrolled_at = now() - interval '15 days', progress_percent = 40 WHERE user_id = $1",
        away.id,
    )
    await owner.execute("UPDATE learning.enrollments SET progress_percent = 100 WHERE user_id = $1", solved.id)
    answer = await teacher.get(f"/courses/{path.course_id}/insights")
    assert answer.status_code == 200, answer.text
    found = Insights.model_validate_json(answer.content)
    told = [(one.user_id, one.why, one.failures, one.submission_id) for one in found.stuck]
    assert told == [(stuck.id, "FAILING", 5, last), (away.id, "INACTIVE", None, None)]
    assert (found.learners, found.mean_progress) == (4, 35.0)
    assert [one.learners for one in found.progress] == [2, 0, 1, 0, 0, 1]
    assert [(one.title, one.tries, one.share) for one in found.hardest] == [("Hard", 16, 1 / 16)]
    assert found.inbox.enrolled == 3
    assert [(one.module_id, one.learners, one.resting) for one in found.places] == [(module, 0, 0)]
    await owner.execute(
        "UPDATE learning.enrollments SET last_module_id = $1 WHERE user_id = ANY ($2)", module, [stuck.id, away.id]
    )
    await owner.execute(
        """INSERT INTO learning.module_progress (user_id, module_id, last_accessed_at)
           VALUES ($1, $2, now() - interval '15 days')""", away.id, module,
    )  # fmt: skip
    again = Insights.model_validate_json((await teacher.get(f"/courses/{path.course_id}/insights")).content)
    assert [(one.learners, one.resting) for one in again.places] == [(2, 1)]
    none = await teacher.get(f"/courses/{path.course_id}/insights?cohort_id={UUID(int=1)}")
    assert Insights.model_validate_json(none.content).stuck == []
    mine = await teacher.get("/teach/attention")
    (course,) = [one for one in Attention.model_validate_json(mine.content).items if one.course_id == path.course_id]
    assert (course.stuck, course.enrolled, course.to_grade) == (1, 3, 0)
    assert Attention.model_validate_json((await fresh.get("/teach/attention")).content).items == []
    assert problem(await fresh.get(f"/courses/{path.course_id}/insights")) == (404, "not-found")
    nothing: dict[str, Any] = (await teacher.get(f"/assignments/{await shelf.assignment(module)}/statistics")).json()
    assert (nothing["learners"], nothing["passed"], nothing["tests"]) == (0, None, [])
