"""Reviews: who may write one, what the course's figures make of them, and what others may do with them."""

import asyncio
from typing import Any

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.forget_learner import forget_learner
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem

FIGURES = "SELECT rating_average, rating_count, rating_counts FROM learning.courses WHERE id = $1"
TRUTH = """
SELECT round(avg(rating), 2) AS rating_average, count(*)::int AS rating_count, ARRAY(
    SELECT (SELECT count(*)::int FROM learning.course_reviews r WHERE r.course_id = $1 AND r.rating = n AND r.hidden_at IS NULL)
    FROM generate_series(1, 5) n) AS rating_counts
FROM learning.course_reviews WHERE course_id = $1 AND hidden_at IS NULL
"""


@pytest.fixture
async def course(shelf: Shelf, teacher: Person) -> MadePath:
    """A course of the test's own, taught by `teacher`."""
    return await shelf.course(instructor_id=teacher.id)


@pytest.fixture
async def reviewers(person: People, course: MadePath, owner: asyncpg.Connection) -> list[Person]:
    """Learners who have completed a step of it."""
    people = [await person(enrolled=course) for _place in range(4)]
    await owner.execute("UPDATE learning.enrollments SET completed_items = 1 WHERE course_id = $1", course.course_id)
    return people


async def _figures(owner: asyncpg.Connection, course: MadePath) -> tuple[Any, ...]:
    """What the course keeps, once it is sure that it is what its reviews come to."""
    kept, truth = await owner.fetchrow(FIGURES, course.course_id), await owner.fetchrow(TRUTH, course.course_id)
    assert kept is not None
    assert truth is not None
    assert tuple(kept) == tuple(truth)
    return tuple(kept)


async def _write(who: Person, course: MadePath, rating: object, text: str = "") -> int:
    return (await who.put(f"/courses/{course.slug}/review", {"rating": rating, "text": text})).status_code


async def test_only_who_has_done_something_may_review(
    course: MadePath, teacher: Person, person: People, nobody: Person, reviewers: list[Person]
) -> None:
    review = {"rating": 4}
    expected = {
        nobody: (401, "unauthenticated"),
        await person(): (403, "not-enrolled"),
        await person(enrolled=course): (403, "review-too-early"),
        teacher: (403, "forbidden"),
    }
    for who, refused in expected.items():
        assert problem(await who.put(f"/courses/{course.slug}/review", review)) == refused
    assert await _write(reviewers[0], course, 4) == 204
    for wrong in (0, 6, 4.5, "4", None):
        assert await _write(reviewers[0], course, wrong) == 422


async def test_figures_follow_every_change(
    owner: asyncpg.Connection, course: MadePath, reviewers: list[Person], admin: Person
) -> None:
    for who, rating in zip(reviewers, (5, 4, 4, 1), strict=True):
        assert await _write(who, course, rating, "Good <b>course</b>") == 204
    assert (await _figures(owner, course))[1:] == (4, [1, 0, 0, 2, 1])
    assert await _write(reviewers[3], course, 2) == 204
    assert (await _figures(owner, course))[1:] == (4, [0, 1, 0, 2, 1])
    page = (await reviewers[0].get(f"/courses/{course.slug}/reviews?limit=3")).json()
    assert (len(page["items"]), page["own"]["rating"], page["rating_counts"]) == (3, 5, [0, 1, 0, 2, 1])
    rest = await reviewers[0].get(f"/courses/{course.slug}/reviews?limit=3&cursor={page['next_cursor']}")
    assert [item["own"] for item in rest.json()["items"]] == [True]
    # A hidden one is not seen or counted, and changing it shows it to nobody.
    hidden = page["items"][0]["id"]
    for _again in range(2):
        assert (await admin.put(f"/reviews/{hidden}/visibility", {"hidden": True})).status_code == 204
    assert await _write(reviewers[3], course, 5) == 204
    assert (await _figures(owner, course))[1:] == (3, [0, 0, 0, 2, 1])
    assert hidden not in (await reviewers[0].get(f"/courses/{course.slug}/reviews")).text
    assert (await admin.put(f"/reviews/{hidden}/visibility", {"hidden": False})).status_code == 204
    for who in reviewers:
        assert (await who.delete(f"/courses/{course.slug}/review")).status_code == 204
    assert await _figures(owner, course) == (None, 0, [0, 0, 0, 0, 0])


async def test_writers_at_once_lose_nothing_of_one_another(
    owner: asyncpg.Connection, course: MadePath, reviewers: list[Person]
) -> None:
    for ratings in ((5, 1, 3, 3), (2, 2, 2, 5), (4, 4, 1, 1)):
        answers = await asyncio.gather(
            *(_write(who, course, rating) for who, rating in zip(reviewers, ratings, strict=True)),
            *(_write(who, course, rating) for who, rating in zip(reviewers, ratings, strict=True)),
        )
        assert set(answers) == {204}
        assert (await _figures(owner, course))[1] == 4
    gone = await asyncio.gather(
        *(who.delete(f"/courses/{course.slug}/review") for who in reviewers[:2]),
        *(_write(who, course, 5) for who in reviewers[2:]),
    )
    assert len(gone) == 4
    assert (await _figures(owner, course))[1] == 2


async def test_replies_reports_and_hiding(
    course: MadePath, reviewers: list[Person], teacher: Person, admin: Person, person: People
) -> None:
    assert await _write(reviewers[0], course, 1, "Rubbish") == 204
    review = (await teacher.get(f"/courses/{course.slug}/reviews")).json()["items"][0]
    assert "user_id" not in review
    path = f"/reviews/{review['id']}"
    assert problem(await reviewers[1].put(f"{path}/reply", {"reply": "No"}))[0] == 404
    assert (await teacher.put(f"{path}/reply", {"reply": "Tell me more."})).status_code == 204
    assert (await teacher.get(f"/courses/{course.slug}")).json()["reviews"][0]["reply"] == "Tell me more."
    assert problem(await reviewers[0].post(f"{path}/report", {"reason": "Mine"}))[0] == 403
    for reason in ("Rude", "Very rude"):
        assert (await teacher.post(f"{path}/report", {"reason": reason})).status_code == 204
    assert problem(await teacher.get("/reviews/reported"))[0] == 403
    reported = (await admin.get("/reviews/reported")).json()["items"]
    assert [item["reasons"] for item in reported if item["review"]["id"] == review["id"]] == [["Very rude"]]
    for who in (teacher, await person(Role.INSTRUCTOR)):
        assert problem(await who.put(f"{path}/visibility", {"hidden": True}))[0] == 403
    assert (await admin.put(f"{path}/visibility", {"hidden": True})).status_code == 204
    assert review["id"] not in (await admin.get("/reviews/reported")).text
    # Its writer and those who teach still see it, and why nobody else does.
    for who in (reviewers[0], teacher):
        shown = (await who.get(f"/courses/{course.slug}/reviews")).json()
        assert (shown["own"] or shown["items"][0])["hidden_at"] is not None


async def test_who_is_gone_leaves_a_number(
    owner: asyncpg.Connection, database: Database, course: MadePath, reviewers: list[Person]
) -> None:
    assert await _write(reviewers[0], course, 3, "MARKER") == 204
    async with database.write("learning") as session:
        await forget_learner(session, reviewers[0].id)
    await owner.execute("UPDATE auth.users SET deleted_at = now() WHERE id = $1", reviewers[0].id)
    shown = (await reviewers[1].get(f"/courses/{course.slug}/reviews")).json()
    assert (shown["items"][0]["text"], shown["items"][0]["display_name"], shown["rating_count"]) == (None, None, 1)
