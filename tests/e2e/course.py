"""What the tests know of the sample course beforehand: where its things stand, and the right answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from fixtures.journey import CALCULATOR

API = "/api/v1"
AUTHOR = {"email": "admin@codezest.example", "password": "learn-by-doing-42"}

STARTER = (CALCULATOR / "start" / "main.py").read_text()
SOLUTION = (CALCULATOR / "solution" / "main.py").read_text()
WRONG = (CALCULATOR / "wrong" / "floats-everywhere.py").read_text()
"""Wrong on every test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the quiz and the ids of its options."""

    right: list[str]
    wrong: list[str]
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The first module of Python, and the second, which it opens."""

    module: str
    title: str
    next_module: str
    next_title: str
    materials: list[dict[str, Any]]
    assignment: str
    quiz: str
    questions: Mapping[str, Question]
    """By the id of the question."""
    course_items: int
    """Of the whole path."""

    @property
    def items(self) -> int:
        return len(self.materials) + 2

    def material(self, kind: str) -> str:
        """The id of the module's one material of this type."""
        return next(material["id"] for material in self.materials if material["material_type"] == kind)


def read_course(url: str) -> Course:
    """As its author reads it."""
    with httpx.Client(base_url=f"{url}{API}", timeout=30) as author:
        token = author.post("/auth/login", json=AUTHOR).raise_for_status().json()["token"]
        author.headers["Authorization"] = f"Bearer {token}"
        modules = author.get("/languages/python/modules").raise_for_status().json()["items"]
        found = author.get(f"/modules/{modules[0]['id']}").raise_for_status().json()
        (quiz,), (assignment,) = found["quizzes"], found["assignments"]
        questions = author.get(f"/quizzes/{quiz['id']}/authoring").raise_for_status().json()["questions"]
    return Course(
        module=modules[0]["id"],
        title=modules[0]["title"],
        next_module=modules[1]["id"],
        next_title=modules[1]["title"],
        materials=found["materials"],
        assignment=assignment["id"],
        quiz=quiz["id"],
        questions={
            question["id"]: Question(
                right=[option["id"] for option in question["options"] if option["is_correct"]],
                wrong=[option["id"] for option in question["options"] if not option["is_correct"]],
                points=question["points"],
            )
            for question in questions
        },
        course_items=sum(module["total_items"] for module in modules),
    )
