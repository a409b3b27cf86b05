"""How often a page asks the database; the look-up of the session is not counted."""

import pytest

from .conftest import Learner, Open


@pytest.mark.parametrize(
    ("template", "most"),
    [
        ("/languages", 1),
        ("/languages/{slug}", 2),
        ("/modules/{module}", 1),
        ("/dashboard", 2),
        ("/materials/{article}", 3),
        ("/assignments/{exercise}", 3),
        ("/quizzes/{quiz}", 1),
    ],
)
async def test_a_page_takes_few_statements(template: str, most: int, learner: Learner, statements: list[str]) -> None:
    course = learner.course
    path = template.format(
        slug=course.path.slug,
        module=course.module,
        article=course.article,
        exercise=course.exercise,
        quiz=course.quiz.id,
    )
    await learner.browser.read(path)
    assert 1 <= len(statements) <= most, statements


async def test_the_start_page_takes_two(visit: Open, learner: Learner, statements: list[str]) -> None:
    await visit(None).read("/")
    assert 1 <= len(statements) <= 2, statements
