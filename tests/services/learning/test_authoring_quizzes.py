"""Quizzes, as authors write them over HTTP."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.services.learning.schemas.authored import (
    AuthoredQuiz,
)
from codezest_db.enums import PublicationStatus
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem, refreshes

DRAFT = PublicationStatus.DRAFT


async def test_a_quiz_is_published_once_every_question_can_be_answered(
    teacher: Person, module: UUID, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    quiz = AuthoredQuiz.model_validate_json(
        (await teacher.post(f"/modules/{module}/quizzes", {"title": "Quiz", "passing_score": 50})).content
    )
    url = f"/quizzes/{quiz.id}"

    async def missing() -> list[str]:
        refused = await teacher.patch(url, {"status": "PUBLISHED"})
        assert problem(refused) == (422, "not-ready")
        return refused.json()["missing"]

    assert await missing() == ["at least one question"]
    question = (await teacher.post(f"{url}/questions", {"text": "Which?"})).json()
    assert await missing() == ["“Which?”: at least two options"]
    for text in ("this", "that"):
        made = await teacher.post(f"/questions/{question['id']}/options", {"text": text})
        assert made.status_code == 201
    this, that = made.json()["options"]
    assert await missing() == ["“Which?”: a right option"]
    await teacher.patch(f"/options/{this['id']}", {"is_correct": True})
    assert (await teacher.patch(url, {"status": "PUBLISHED", "draw_count": 2})).json()["missing"] == [
        "2 questions to draw from; there are 1"
    ]
    assert (await teacher.patch(url, {"status": "PUBLISHED"})).status_code == 200
    assert await refreshes(owner, path) == 1

    moved = await teacher.patch(f"/options/{that['id']}", {"is_correct": True})
    assert [option["is_correct"] for option in moved.json()["options"]] == [False, True], "one option only can be right"
    for refused in (
        await teacher.patch(f"/options/{that['id']}", {"is_correct": False}),
        await teacher.delete(f"/options/{that['id']}"),
        await teacher.delete(f"/options/{this['id']}"),
        await teacher.delete(f"/questions/{question['id']}"),
        await teacher.post(f"{url}/questions", {"text": "Unfinished?"}),
        await teacher.post(f"{url}/questions", {"text": "T/F?", "type": "TRUE_FALSE",
                           "options": [{"text": t, "is_correct": t == "a"} for t in "abc"]}),
        await teacher.post(f"{url}/questions", {"text": "Two?", "options": [{"text": t, "is_correct": True} for t in "ab"]}),
    ):  # fmt: skip
        assert problem(refused) == (422, "not-ready")
    both = {"text": "Both?", "type": "MULTIPLE_CHOICE", "points": 3, "explanation": "Since.", "topic": "Logic",
            "media": {"image_url": "https://pictures.example/1.png"},
            "options": [{"text": t, "is_correct": True} for t in "ab"]}  # fmt: skip
    second = await teacher.post(f"{url}/questions", both)
    assert (second.status_code, second.json()["position"]) == (201, 1)
    assert problem(await teacher.patch(f"/questions/{second.json()['id']}", {"type": "SINGLE_CHOICE"})) == (
        422, "not-ready")  # fmt: skip
    changed = await teacher.patch(f"/questions/{second.json()['id']}", {"text": "Which two?", "media": None})
    assert (changed.json()["text"], changed.json()["media"]) == ("Which two?", None)
    extra = (await teacher.post(f"/questions/{question['id']}/options", {"text": "neither"})).json()["options"][2]
    assert (await teacher.delete(f"/options/{extra['id']}")).status_code == 204
    full = AuthoredQuiz.model_validate_json((await teacher.get(f"{url}/authoring")).content)
    assert [len(question.options) for question in full.questions] == [2, 2]

    learner = await person(enrolled=path)
    attempt = (await learner.post(f"{url}/attempts")).json()
    assert len(attempt["questions"]) == 2
    assert (await teacher.delete(f"/questions/{second.json()['id']}")).status_code == 204
    answered = await learner.post(
        f"/attempts/{attempt['id']}/submit",
        {"answers": [{"question_id": question["id"], "option_ids": [that["id"]]}]},
    )
    assert (answered.status_code, answered.json()["points"], answered.json()["max_points"]) == (200, 1, 4)
    assert (await teacher.delete(url)).status_code == 204
    assert problem(await learner.get(url)) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": " "},
        {"text": "x", "type": "ESSAY"},
        {"text": "x", "type": "FILL_BLANK", "answer_key": {"items": ["a", "b"]}},
        {"text": "x", "type": "ORDERING", "answer_key": {"items": ["a"]}},
        {"text": "x", "points": 0},
        {"text": "x", "options": [{"text": ""}]},
        {"text": "x", "options": [{"is_correct": True}]},
        {"text": "x", "media": {"image_url": "javascript:alert(1)"}},
        {"text": "x", "answer_key": {}},
    ],
)
async def test_questions_that_are_not_accepted(
    teacher: Person, shelf: Shelf, module: UUID, body: dict[str, Any]
) -> None:
    quiz = await shelf.quiz(module, status=DRAFT)
    assert problem(await teacher.post(f"/quizzes/{quiz.id}/questions", body)) == (422, "validation-failed")
