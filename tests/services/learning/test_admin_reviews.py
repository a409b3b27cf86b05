"""Reported reviews on the page of administrators: decided with a reason, shown again, and nobody else's to decide."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from codezest_db.enums import Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser, client_for
from services.auth.browser import Browser

from .conftest import People, Person

PAGE = "/admin/reviews"


@pytest.fixture
async def browsers(application: Application, make_user: MakeUser) -> AsyncIterator[tuple[Browser, Browser]]:
    """Of an administrator, and of an instructor."""
    admin, other = await make_user(Role.ADMIN), await make_user(Role.INSTRUCTOR)
    async with (
        client_for(application, cookies={SESSION_COOKIE: admin.token}) as first,
        client_for(application, cookies={SESSION_COOKIE: other.token}) as second,
    ):
        yield Browser(first), Browser(second)


@pytest.fixture
async def reported(shelf: Shelf, teacher: Person, person: People, owner: asyncpg.Connection) -> list[str]:
    """Ids of more reviews than one page shows, the newest first; each was reported."""
    ids: list[str] = []
    writer = await person()
    for number in range(21):
        course = await shelf.course(instructor_id=teacher.id)
        await shelf.enroll(course, writer.id)
        made = await owner.fetchval(
            """INSERT INTO learning.course_reviews (user_id, course_id, rating, text) VALUES ($1, $2, 2, $3) RETURNING id""",
            writer.id, course.course_id, f"Review number {number} <i>",
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO learning.review_reports (review_id, user_id, reason) VALUES ($1, $2, 'Rude <b>words</b>')",
            made, teacher.id,
        )  # fmt: skip
        ids.append(str(made))
    await owner.execute(
        """UPDATE learning.courses c SET rating_counts = '{0,1,0,0,0}', rating_count = 1, rating_average = 2
           WHERE EXISTS (SELECT FROM learning.course_reviews r WHERE r.course_id = c.id AND r.user_id = $1)""",
        writer.id,
    )
    return ids[::-1]


async def test_reported_reviews_are_decided_one_by_one(
    browsers: tuple[Browser, Browser], reported: list[str], owner: asyncpg.Connection
) -> None:
    admin, instructor = browsers
    first = await admin.open(PAGE)
    listed = re.findall(r'id="review-([0-9a-f-]{36})"', first.text)
    assert listed == reported[:20]
    assert "Rude &lt;b&gt;words&lt;/b&gt;" in first.text
    following = re.search(r'href="(/admin/reviews\?cursor=[^"]+)"', first.text)
    assert following is not None
    assert f'id="review-{reported[20]}"' in (await admin.open(following[1])).text

    url = f"{PAGE}/{reported[0]}"
    wrong = await admin.send(url, PAGE, do="hide", reason="x" * 501)
    assert (wrong.status_code, "x" * 501 in wrong.text) == (422, True)
    assert (await admin.send(url, PAGE, do="neither")).status_code == 422
    assert (await admin.send(url, PAGE, do="hide", reason="Insults.")).headers["location"] == PAGE
    assert (await admin.send(f"{PAGE}/{reported[1]}", PAGE, do="show", reason="")).status_code == 303
    left = re.findall(r'id="review-([0-9a-f-]{36})"', (await admin.open(PAGE)).text)
    assert left == reported[2:]
    hidden = await admin.open(f"{PAGE}?state=hidden")
    assert f'id="review-{reported[0]}"' in hidden.text
    back = await admin.send(url, f"{PAGE}?state=hidden", do="show", state="hidden")
    assert back.headers["location"] == f"{PAGE}?state=hidden"
    assert await owner.fetchval("SELECT count(*) FROM learning.course_reviews WHERE hidden_at IS NOT NULL") == 0

    assert (await instructor.open(PAGE)).status_code in {403, 404}
    refused = await instructor.send(f"{PAGE}/{reported[2]}", "/settings", do="hide")
    assert refused.status_code in {403, 404}
