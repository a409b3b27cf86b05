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


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"main.py": "print(1)"}, 422),
        ({"main.py/data": "1"}, 422),
        ({"a": "1", "a/b": "2"}, 422),
        ({"a": "1", "b/c": "2", "b/d": "3"}, 200),
    ],
    ids=str,
)
async def test_files_beside_the_program_fit(files: dict[str, str], status: int, person: Any) -> None:
    admin = await person(Role.ADMIN)
    slug = f"f{abs(hash(str(files)))}"
    language = (await admin.post("/languages", {"name": slug, "slug": slug})).json()
    module = (await admin.post(f"/languages/{language['slug']}/modules", {"title": "M"})).json()
    assignment = (await admin.post(f"/modules/{module['id']}/assignments", {"title": "A", "language": "python"})).json()
    test = {"name": "one", "expected": "1", "files": files}
    answer = await admin.put(f"/assignments/{assignment['id']}/tests", {"tests": [test]})
    assert answer.status_code == status, answer.text
