"""Work that waits for a person, for the pages of those who grade and of those who are graded."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from e2e.extremes import LONG, MARKUP, RIGHT_TO_LEFT, Found, call

RUBRIC = {
    "title": "Short essays",
    "criteria": [
        {
            "title": "Argument",
            "description": f"Is there a claim? {RIGHT_TO_LEFT}",
            "levels": [
                {"title": "Convincing", "points": 5, "description": "A clear claim."},
                {"title": "Missing", "points": 0},
            ],
        },
        {"title": "Language", "levels": [{"title": "Clear", "points": 3}, {"title": "Unclear", "points": 1}]},
    ],
}
TEXT = f"# When to loop\n\nA `for` loop.\n{LONG}\n{MARKUP}\n"


@dataclass(frozen=True, slots=True)
class Essay:
    """An assignment that is answered by a text, and the rubric that it is graded by."""

    course: str
    assignment: str
    rubric: str


async def make_essay(author: httpx.AsyncClient, module: str, **settings: Any) -> Essay:
    """Published in the module, out of 80 marks."""
    fields = {
        "title": f"Essay {uuid4().hex[:8]}",
        "kind": "TEXT",
        "max_score": 80,
        "instructions": "Say when you would loop.",
        "status": "PUBLISHED",
    }
    made = (await call(author, "POST", f"/modules/{module}/assignments", fields))["id"]
    course = (await call(author, "GET", f"/assignments/{made}"))["course_id"]
    rubric = (await call(author, "POST", f"/courses/{course}/rubrics", RUBRIC))["id"]
    await call(author, "PATCH", f"/assignments/{made}/grading", {"rubric_id": rubric, **settings})
    return Essay(course, made, rubric)


@asynccontextmanager
async def essay_for_a_while(author: httpx.AsyncClient, module: str) -> AsyncGenerator[Essay]:
    """Gone afterwards, however that ends: others count what the module holds."""
    essay = await make_essay(author, module)
    try:
        yield essay
    finally:
        await call(author, "DELETE", f"/assignments/{essay.assignment}")


async def hand_graded(author: httpx.AsyncClient, learner: httpx.AsyncClient, module: str) -> tuple[Found, Found]:
    """Where a learner's work stands graded and remarked on, and another waits: for the learner, and for who teaches."""
    essay = await make_essay(author, module)
    submission = (await call(learner, "POST", f"/assignments/{essay.assignment}/answers", {"text": TEXT}))["id"]
    remark = {"path": "answer.md", "first_line": 3, "last_line": 4, "text": f"{MARKUP} {RIGHT_TO_LEFT}"}
    await call(author, "POST", f"/submissions/{submission}/comments", remark)
    graded = await call(
        author, "POST", f"/submissions/{submission}/gradings",
        {"marks": 60, "rubric_id": essay.rubric, "feedback": f"Good. {MARKUP}"},
    )  # fmt: skip
    asked = {"grading_id": graded["gradings"][0]["id"], "reason": f"Please look again. {LONG}"}
    await call(learner, "POST", f"/submissions/{submission}/regrade-requests", asked)
    later = {"text": TEXT.replace("When", "Why") + "\nOne more line."}
    waiting = (await call(learner, "POST", f"/assignments/{essay.assignment}/answers", later))["id"]
    await call(author, "PUT", f"/submissions/{waiting}/claim")
    queue = f"/teach/courses/{essay.course}/grading"
    attempt = await _short_answer(author, learner, module)
    own_grade, books = await _gradebook(author, learner, essay)
    return [
        ("/courses/{slug}/grades", own_grade),
        ("/assignments/{assignment_id}", f"/assignments/{essay.assignment}"),
        ("/submissions/{submission_id}", f"/submissions/{submission}"),
        ("/submissions/{submission_id}/compare", f"/submissions/{waiting}/compare"),
    ], [
        ("/teach/courses/{course_id}/grading", queue),
        ("/teach/courses/{course_id}/grading", f"{queue}?status=requests"),
        ("/teach/courses/{course_id}/grading/settings", f"{queue}/settings"),
        ("/teach/courses/{course_id}/rubrics", f"/teach/courses/{essay.course}/rubrics"),
        ("/teach/courses/{course_id}/rubrics/new", f"/teach/courses/{essay.course}/rubrics/new"),
        ("/teach/rubrics/{rubric_id}", f"/teach/rubrics/{essay.rubric}"),
        ("/teach/submissions/{submission_id}", f"/teach/submissions/{submission}"),
        ("/teach/submissions/{submission_id}", f"/teach/submissions/{waiting}"),
        ("/teach/submissions/{submission_id}/compare", f"/teach/submissions/{waiting}/compare"),
        ("/teach/attempts/{attempt_id}", f"/teach/attempts/{attempt}"),
        *books,
    ]


async def _gradebook(author: httpx.AsyncClient, learner: httpx.AsyncClient, essay: Essay) -> tuple[str, Found]:
    """The learner's own grade, and the gradebook with categories, a column of its own, a mark and an excuse in it."""
    base = f"/courses/{essay.course}/gradebook"
    column = (await call(author, "POST", f"{base}/columns", {"title": f"Talk {MARKUP} {LONG}"[:200]}))["columns"][-1][
        "id"
    ]
    parts = [
        {"name": f"Work {RIGHT_TO_LEFT}", "weight": 3, "takes_assignments": True},
        {"name": LONG[:200], "weight": 1},
    ]
    await call(author, "PUT", f"{base}/settings", {"categories": parts})
    who = (await call(learner, "GET", "/me"))["id"]
    mark = {"user_id": who, "column_id": column, "action": "MARK", "points": 70, "reason": MARKUP}
    await call(author, "POST", f"{base}/entries", mark)
    book = f"/teach{base}"
    insights = f"/teach/courses/{essay.course}/insights"
    quiz = next(
        (one["id"] for one in (await call(author, "GET", base))["layout"]["columns"] if one["kind"] == "QUIZ"), None
    )
    slug = (await call(author, "GET", f"/teach/courses/{essay.course}"))["slug"]
    found = [
        ("/teach/courses/{course_id}/gradebook", book),
        ("/teach/courses/{course_id}/gradebook/settings", f"{book}/settings"),
        ("/teach/courses/{course_id}/gradebook/list", f"{book}/list"),
        ("/teach/courses/{course_id}/gradebook/learners/{user_id}", f"{book}/learners/{who}"),
        ("/teach/courses/{course_id}/insights", insights),
        (
            "/teach/courses/{course_id}/insights/assignments/{assignment_id}",
            f"{insights}/assignments/{essay.assignment}",
        ),
        ("/teach/courses/{course_id}/insights/quizzes/{quiz_id}", f"{insights}/quizzes/{quiz}"),
    ]
    return f"/courses/{slug}/grades", found


async def _short_answer(author: httpx.AsyncClient, learner: httpx.AsyncClient, module: str) -> str:
    """An attempt at a quiz whose answer waits for a person."""
    quiz = (await call(author, "POST", f"/modules/{module}/quizzes", {"title": f"Words {uuid4().hex[:8]}"}))["id"]
    question = {
        "type": "SHORT_ANSWER",
        "text": f"What is a loop? {MARKUP}",
        "points": 2,
        "answer_key": {"accepted": ["x"]},
    }
    asked = (await call(author, "POST", f"/quizzes/{quiz}/questions", question))["id"]
    await call(author, "PATCH", f"/quizzes/{quiz}", {"status": "PUBLISHED"})
    attempt = (await call(learner, "POST", f"/quizzes/{quiz}/attempts"))["id"]
    given = {"answers": [{"question_id": asked, "entries": {"text": f"{RIGHT_TO_LEFT} {LONG}"}}]}
    await call(learner, "POST", f"/attempts/{attempt}/submit", given)
    return str(attempt)
