"""A value of the wrong type is refused, not reinterpreted: what authors send is what is stored."""

from typing import Any

import pytest

from codezest_db.enums import Role
from factories.learning import Shelf


@pytest.mark.parametrize(
    "change",
    [
        {"passing_score": "70"},
        {"passing_score": 70.5},
        {"passing_score": True},
        {"shuffle": "true"},
        {"shuffle": 1},
        {"time_limit_minutes": "5"},
        {"title": 5},
        {"title": ["x"]},
        {"status": "published"},
        {"unknown": 1},
    ],
    ids=str,
)
async def test_a_quiz_takes_only_the_right_types(change: dict[str, Any], person: Any, shelf: Shelf) -> None:
    admin = await person(Role.ADMIN)
    language = (
        await admin.post("/languages", {"name": f"L{change}"[:40], "slug": f"l{abs(hash(str(change)))}"})
    ).json()
    module = (await admin.post(f"/languages/{language['slug']}/modules", {"title": "M"})).json()
    quiz = (await admin.post(f"/modules/{module['id']}/quizzes", {"title": "Q"})).json()
    answer = await admin.patch(f"/quizzes/{quiz['id']}", change)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:codezest:problem:validation-failed"
    assert (await admin.get(f"/quizzes/{quiz['id']}/authoring")).json()["title"] == "Q"
