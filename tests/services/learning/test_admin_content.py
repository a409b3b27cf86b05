"""What administrators see of all courses: every course, everything deleted with the way back, languages, enrolments."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import MakeUser, SignedIn, client_for
from services.auth.browser import Browser

API = "/api/v1"


@pytest.fixture(scope="module")
async def admin(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.ADMIN)


@pytest.fixture(scope="module")
async def instructor(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.INSTRUCTOR)


@pytest.fixture(scope="module")
async def boss(application: Application, admin: SignedIn) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(application, headers=admin.headers) as client:
        yield client


@pytest.fixture
async def browser(application: Application, admin: SignedIn) -> AsyncIterator[Browser]:
    async with client_for(application, cookies={SESSION_COOKIE: admin.token}) as client:
        yield Browser(client)


async def _made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"{API}{path}", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _language(client: httpx.AsyncClient) -> tuple[str, str]:
    """Slug of a new language, id of a module of its path."""
    slug = f"l{uuid4().hex[:8]}"
    await _made(client, "/languages", {"name": slug, "slug": slug, "runtime": "python"})
    module = await _made(client, f"/languages/{slug}/modules", {"title": "Basics"})
    return slug, str(module["id"])


async def _deleted(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"{API}/admin/deleted", params=query | {"limit": "100"})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_what_is_deleted_is_listed_with_who_and_comes_back(
    boss: httpx.AsyncClient, admin: SignedIn, owner: asyncpg.Connection
) -> None:
    slug, module = await _language(boss)
    lesson = await _made(boss, f"/modules/{module}/materials", {"title": "Lesson", "type": "ARTICLE", "content": "x"})
    quiz = await _made(boss, f"/modules/{module}/quizzes", {"title": "Quiz"})
    for path in (f"/materials/{lesson['id']}", f"/quizzes/{quiz['id']}", f"/modules/{module}", f"/languages/{slug}"):
        assert (await boss.delete(f"{API}{path}")).status_code == 204
    found = (await _deleted(boss))[:4]
    assert [(one["kind"], one["title"]) for one in found] == [
        ("LANGUAGE", slug), ("MODULE", "Basics"), ("QUIZ", "Quiz"), ("MATERIAL", "Lesson"),
    ]  # fmt: skip
    assert {one["deleted_by"] for one in found} == {str(admin.id)}
    assert [one["parent_deleted"] for one in found] == [False, True, True, True]
    assert found[3]["course_title"] == f"Learn {slug}"
    assert [one["kind"] for one in await _deleted(boss, kind="MODULE")][:1] == ["MODULE"]

    async def restore(content_id: str) -> httpx.Response:
        return await boss.post(f"{API}/admin/deleted/{content_id}/restore")

    early = await restore(lesson["id"])
    assert (early.status_code, early.json()["type"]) == (409, "urn:codezest:problem:parent-deleted")
    for one in (found[0], found[1], found[3]):
        assert (await restore(one["content_id"])).status_code == 204
    assert (await restore(lesson["id"])).status_code == 404
    assert (await boss.get(f"{API}/materials/{lesson['id']}/authoring")).json()["title"] == "Lesson"
    assert (await boss.get(f"{API}/quizzes/{quiz['id']}/authoring")).status_code == 404
    assert [one["content_id"] for one in (await _deleted(boss))[:1]] == [quiz["id"]]
    told = await owner.fetch(
        """SELECT payload->>'kind' || ' ' || (payload->>'restored') AS said FROM ops.outbox
           WHERE topic = 'learning.content_removed' ORDER BY id"""
    )
    assert [row["said"] for row in told][-7:] == [
        "MATERIAL false", "QUIZ false", "MODULE false", "LANGUAGE false", "LANGUAGE true", "MODULE true", "MATERIAL true",
    ]  # fmt: skip


async def test_questions_of_quizzes_and_banks_come_back(
    boss: httpx.AsyncClient, admin: SignedIn, browser: Browser, owner: asyncpg.Connection
) -> None:
    _slug, module = await _language(boss)
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", UUID(module))
    quiz = (await _made(boss, f"/modules/{module}/quizzes", {"title": "Asks"}))["id"]
    number: dict[str, Any] = {"text": "How many? " + "x" * 300, "type": "NUMERIC", "answer_key": {"value": 2}}
    whole, rest, bad = [
        (await _made(boss, f"/quizzes/{quiz}/questions", body))["id"]
        for body in (number, number, {"text": "No key", "type": "NUMERIC"})
    ]
    banked = (await _made(boss, f"/courses/{course}/bank", number))["id"]
    for question in (whole, bad, banked):
        assert (await boss.delete(f"{API}/questions/{question}")).status_code == 204
    assert (await boss.patch(f"{API}/quizzes/{quiz}", json={"status": "PUBLISHED"})).status_code == 200
    found = (await _deleted(boss, kind="QUESTION"))[:3]
    assert [(one["content_id"], one["course_id"]) for one in found] == [
        (one, str(course)) for one in (banked, bad, whole)
    ]
    assert {(one["deleted_by"], one["parent_deleted"]) for one in found} == {(str(admin.id), False)}
    assert found[0]["title"] == number["text"][:200]
    here = "/admin/content/deleted"
    lacking = await browser.send(f"{here}/{bad}/restore", f"{here}?kind=QUESTION")
    assert (lacking.status_code, "It was not restored" in lacking.text) == (422, True)
    assert (await browser.send(f"{here}/{banked}/restore", f"{here}?kind=QUESTION")).status_code == 303
    await boss.delete(f"{API}/quizzes/{quiz}")
    assert [one["parent_deleted"] for one in (await _deleted(boss, kind="QUESTION"))[:2]] == [True, True]
    early = await boss.post(f"{API}/admin/deleted/{whole}/restore")
    assert (early.status_code, early.json()["type"]) == (409, "urn:codezest:problem:parent-deleted")
    for one in (quiz, whole):
        assert (await boss.post(f"{API}/admin/deleted/{one}/restore")).status_code == 204
    asked = (await boss.get(f"{API}/quizzes/{quiz}/authoring")).json()["questions"]
    assert [one["id"] for one in asked] == [whole, rest], "it stands where it stood"
    assert (await boss.get(f"{API}/courses/{course}/bank")).json()["items"][0]["id"] == banked
    told = await owner.fetch(
        """SELECT payload->>'content_id' || ' ' || (payload->>'restored') AS said FROM ops.outbox
           WHERE topic = 'learning.content_removed' AND payload->>'kind' = 'QUESTION' ORDER BY id"""
    )
    assert [row["said"] for row in told][-5:] == [
        f"{whole} false", f"{bad} false", f"{banked} false", f"{banked} true", f"{whole} true",
    ]  # fmt: skip


async def test_a_language_whose_name_is_taken_stays_deleted(boss: httpx.AsyncClient, browser: Browser) -> None:
    slug, _module = await _language(boss)
    await boss.delete(f"{API}/languages/{slug}")
    await _made(boss, "/languages", {"name": slug, "slug": slug, "runtime": "python"})
    (gone,) = [one for one in await _deleted(boss, kind="LANGUAGE") if one["title"] == slug]
    answer = await boss.post(f"{API}/admin/deleted/{gone['content_id']}/restore")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:codezest:problem:slug-taken")
    page = await browser.send(f"/admin/content/deleted/{gone['content_id']}/restore", "/admin/content/deleted")
    assert (page.status_code, "It was not restored" in page.text) == (409, True)
    assert [one["title"] for one in await _deleted(boss, kind="LANGUAGE")].count(slug) == 1


async def test_a_course_is_listed_whatever_its_state_and_restored_when_deleted(
    boss: httpx.AsyncClient, owner: asyncpg.Connection, instructor: SignedIn, browser: Browser
) -> None:
    mark = uuid4().hex[:8]
    ids = [uuid7() for _ in range(3)]
    for one, status in zip(ids, ("DRAFT", "PUBLISHED", "ARCHIVED"), strict=True):
        await owner.execute(
            """INSERT INTO learning.courses (id, title, slug, status, published_at, instructor_user_id)
               VALUES ($1, $2, $3, $4, now(), $5)""",
            one, f"Course {mark} {status}", f"course-{mark}-{status.lower()}", status, instructor.id,
        )  # fmt: skip
    listed = (await boss.get(f"{API}/admin/courses", params={"search": mark.upper()})).json()["items"]
    assert [one["id"] for one in listed] == [str(one) for one in ids[::-1]]
    assert {one["owner_id"] for one in listed} == {str(instructor.id)}
    drafts = (await boss.get(f"{API}/admin/courses", params={"search": mark, "status": "DRAFT"})).json()["items"]
    assert [one["id"] for one in drafts] == [str(ids[0])]
    owned = {"owner_id": str(instructor.id), "search": mark, "status": "ARCHIVED"}
    assert [one["id"] for one in (await boss.get(f"{API}/admin/courses", params=owned)).json()["items"]] == [
        str(ids[2])
    ]
    assert (await boss.get(f"{API}/admin/courses", params=owned | {"owner_id": str(uuid7())})).json()["items"] == []
    first = (await boss.get(f"{API}/admin/courses", params={"search": mark, "limit": 2})).json()
    query = {"search": mark, "limit": 2, "cursor": first["next_cursor"]}
    assert [one["id"] for one in (await boss.get(f"{API}/admin/courses", params=query)).json()["items"]] == [
        str(ids[0])
    ]
    await owner.execute("UPDATE learning.courses SET deleted_at = now() WHERE id = $1", ids[1])
    (entry,) = [one for one in await _deleted(boss, kind="COURSE") if one["content_id"] == str(ids[1])]
    assert (entry["deleted_by"], entry["parent_deleted"]) == (None, False)
    pages = [
        (await browser.open(f"/admin/content?q={mark}&status=nonsense&owner={instructor.id}")).text,
        (await browser.open("/admin/content/deleted?kind=COURSE")).text,
    ]
    assert f"/teach/courses/{ids[0]}" in pages[0]
    assert "No course found" in (await browser.open(f"/admin/content?q={mark}&owner=nonsense")).text
    assert f"Course {mark} PUBLISHED" in pages[1]
    restored = await browser.send(f"/admin/content/deleted/{ids[1]}/restore", "/admin/content/deleted")
    assert restored.status_code == 303, restored.text
    await owner.execute("DELETE FROM learning.courses WHERE id = $1", ids[2])
    assert await owner.fetchval("SELECT deleted_at FROM learning.courses WHERE id = $1", ids[1]) is None


async def test_enrolments_of_a_person_and_those_that_wait(
    boss: httpx.AsyncClient, owner: asyncpg.Connection, make_user: MakeUser, browser: Browser
) -> None:
    learner = await make_user()
    made: list[UUID] = []
    for status in ("ACTIVE", "PENDING"):
        course = uuid7()
        await owner.execute(
            "INSERT INTO learning.courses (id, title, slug) VALUES ($1, $2, $3)", course, f"C {status}", f"c-{course}"
        )
        await owner.execute(
            "INSERT INTO learning.enrollments (id, user_id, course_id, status) VALUES ($1, $2, $3, $4)",
            one := uuid7(), learner.id, course, status,
        )  # fmt: skip
        made.append(one)
    path = f"{API}/admin/enrollments"
    mine = (await boss.get(path, params={"user_id": str(learner.id)})).json()["items"]
    assert [one["id"] for one in mine] == [str(one) for one in made[::-1]]
    waiting = (await boss.get(path, params={"pending": "true"})).json()["items"]
    assert [one["id"] for one in waiting] == [str(made[1])]
    overview = (await boss.get(f"{API}/admin/overview")).json()["learning"]
    assert overview["pending_enrollments"] == {"count": 1, "more": False}
    page = (await browser.open("/admin/enrollments?pending=1")).text
    assert "Waits to be let in" in page
    assert "?status=PENDING" in page
    assert "No enrolment found" in (await browser.open("/admin/enrollments?user=nonsense")).text


async def test_languages_are_made_changed_and_deleted_in_pages(browser: Browser, boss: httpx.AsyncClient) -> None:
    slug = f"l{uuid4().hex[:8]}"
    form: dict[str, Any] = {"name": slug.upper(), "slug": "", "difficulty": "BEGINNER", "runtime": "python", "position": "3",
            "status": "DRAFT", "is_active": "on"}  # fmt: skip
    assert (await browser.send("/admin/languages/new", "/admin/languages/new", **form)).status_code == 303
    assert f"/admin/languages/{slug}" in (await browser.open("/admin/languages")).text
    page = f"/admin/languages/{slug}"
    wrong: dict[str, Any] = form | {"slug": "Not a slug", "position": "many", "name": "Kept"}
    bad = await browser.send(page, page, **wrong)
    assert (bad.status_code, 'value="Kept"' in bad.text, 'value="many"' in bad.text) == (422, True, True)
    taken = await browser.send("/admin/languages/new", "/admin/languages/new", **form)
    assert (taken.status_code, "has this already" in taken.text) == (409, True)
    quiet: dict[str, Any] = {name: value for name, value in form.items() if name != "is_active"} | {"slug": slug}
    assert (await browser.send(page, page, **quiet)).status_code == 303
    assert not (await boss.get(f"{API}/languages/{slug}/authoring")).json()["is_active"]
    assert (await browser.send(f"{page}/delete", page)).status_code == 303
    assert (await browser.open(page)).status_code == 404


async def test_only_administrators_look(application: Application, make_user: MakeUser, instructor: SignedIn) -> None:
    for person in (instructor, await make_user(Role.STUDENT)):
        async with client_for(application, cookies={SESSION_COOKIE: person.token}) as client:
            for page in ("content", "content/deleted", "languages", "languages/new", "languages/python", "enrollments"):
                assert (await client.get(f"/admin/{page}")).status_code == 403, page
    async with client_for(application) as client:
        assert (await client.get("/admin/content")).headers["location"].startswith("/login?next=")
