"""The catalogue: what is on offer, narrowed down by words, filters and order, and the way into a course."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.services.learning.queries.courses import PAGE_SIZE
from factories.learning import MadePath, Shelf

from .conftest import Person, number, problem

COLUMNS: Mapping[str, Any] = {"level": "BEGINNER", "category": None, "price_minor": 0, "spoken_language": "en"}


@pytest.fixture
async def tag(owner: asyncpg.Connection) -> AsyncIterator[str]:
    """A word that stands in this test's courses alone."""
    word = f"zz{uuid4().hex[:10]}"
    yield word
    await owner.execute("DELETE FROM learning.courses WHERE subtitle = $1", word)


async def _made(owner: asyncpg.Connection, tag: str, title: str, **columns: Any) -> MadePath:
    values = {**COLUMNS, "status": "PUBLISHED", "enrollment_count": 0, **columns}
    slug = f"course-{uuid4().hex[:10]}"
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(4, 4 + len(values)))
    row = await owner.fetchrow(
        f"INSERT INTO learning.courses (kind, title, slug, subtitle, published_at, {names})"  # noqa: S608 - constants
        f" VALUES ('COURSE', $1, $2, $3, now(), {places}) RETURNING id",
        title,
        slug,
        tag,
        *values.values(),
    )
    assert row is not None
    return MadePath(slug, UUID(int=0), row["id"])


async def _course(owner: asyncpg.Connection, tag: str, title: str, **columns: Any) -> str:
    return (await _made(owner, tag, title, **columns)).slug


async def _titles(who: Person, query: str) -> list[str]:
    response = await who.get(f"/courses?{query}")
    assert response.status_code == 200, response.text
    return [item["title"] for item in response.json()["items"]]


async def test_words_filters_and_facets(owner: asyncpg.Connection, tag: str, nobody: Person) -> None:
    await _course(owner, tag, "Loops", category="Code")
    await _course(owner, tag, "Tables", category="Data", level="ADVANCED", price_minor=900)
    await _course(owner, tag, "Charts", category="Data", spoken_language="es")
    assert sorted(await _titles(nobody, f"q={tag}")) == ["Charts", "Loops", "Tables"]
    assert await _titles(nobody, f"q={tag} tabl") == ["Tables"]
    assert await _titles(nobody, f"q={tag}&category=Data&price=free") == ["Charts"]
    assert sorted(await _titles(nobody, f"q={tag}&level=BEGINNER&level=ADVANCED&category=Data")) == ["Charts", "Tables"]
    found = (await nobody.get(f"/courses?q={tag}&category=Data")).json()
    assert found["total"] == 2
    counts = {
        name: {f["value"]: f["count"] for f in found[name]} for name in ("levels", "categories", "spoken", "prices")
    }
    # A facet says what it would leave beside the other filters, and nothing of its own.
    assert counts["categories"] == {"Code": 1, "Data": 2}
    assert counts["levels"] == {"BEGINNER": 1, "ADVANCED": 1}
    assert counts["prices"] == {"free": 1, "paid": 1}
    assert counts["spoken"] == {"en": 1, "es": 1}


async def test_orders_and_pages(owner: asyncpg.Connection, tag: str, nobody: Person) -> None:
    for place in range(PAGE_SIZE + 2):
        await _course(owner, tag, f"Course {place:02}", enrollment_count=place)
    first = (await nobody.get(f"/courses?q={tag}&order=popular")).json()
    assert (first["total"], first["page"], first["pages"]) == (PAGE_SIZE + 2, 1, 2)
    assert first["items"][0]["title"] == f"Course {PAGE_SIZE + 1:02}"
    assert await _titles(nobody, f"q={tag}&order=popular&page=2") == ["Course 01", "Course 00"]
    assert (await _titles(nobody, f"q={tag}&order=title"))[0] == "Course 00"
    assert await _titles(nobody, f"q={tag}&page=3") == []
    for refused in ("page=0", "page=x", "order=price", "page=1001", "q=" + "a" * 201):
        assert problem(await nobody.get(f"/courses?{refused}"))[0] == 422


async def test_what_is_not_published_is_not_offered(
    owner: asyncpg.Connection, tag: str, nobody: Person, shelf: Shelf
) -> None:
    draft = await _course(owner, tag, "Draft", status="DRAFT")
    archived = await _course(owner, tag, "Archived", status="ARCHIVED")
    closed = await shelf.path(is_active=False)
    assert await _titles(nobody, f"q={tag}") == []
    assert closed.slug not in str((await nobody.get(f"/courses?q={closed.slug}")).json()["items"])
    assert problem(await nobody.get(f"/courses/{draft}"))[0] == 404
    assert problem(await nobody.get(f"/courses/{archived}"))[0] == 410


async def test_a_free_course_opens_at_once(
    owner: asyncpg.Connection, tag: str, nobody: Person, learner: Person, shelf: Shelf
) -> None:
    course = await _made(owner, tag, "Free")
    slug, module = course.slug, await shelf.module(course)
    assert problem(await nobody.post(f"/courses/{slug}/enroll"))[0] == 401
    first = await learner.post(f"/courses/{slug}/enroll")
    again = await learner.post(f"/courses/{slug}/enroll")
    assert (first.status_code, first.json()["status"], again.status_code) == (201, "ACTIVE", 200)
    shown = (await learner.get(f"/courses/{slug}")).json()
    assert [item["id"] for item in shown["modules"]] == [str(module)]
    assert (shown["enrollment"]["status"], shown["enrollment_count"]) == ("ACTIVE", 1)


async def test_a_priced_course_waits_for_somebody_to_let_the_learner_in(
    owner: asyncpg.Connection, tag: str, learner: Person, shelf: Shelf
) -> None:
    course = await _made(owner, tag, "Priced", price_minor=4900, currency="EUR")
    slug, material = course.slug, await shelf.material(await shelf.module(course))
    for status in (201, 200):
        response = await learner.post(f"/courses/{slug}/enroll")
        assert (response.status_code, response.json()["status"]) == (status, "PENDING")
    assert problem(await learner.get(f"/materials/{material}"))[1] == "not-enrolled"
    announced = await number(
        owner,
        "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.enrolled_in_course' AND payload->>'course_id' = $1",
        str(course.course_id),
    )
    assert announced == 0
