"""The studio's pages without scripts: what is typed is kept, two tabs do not overwrite each other, and each role sees what it may."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn, client_for

from .browser import Browser, forms_of, text_of
from .conftest import Open

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Teaching:
    """Somebody who teaches, their browser, and a course of theirs with a module and a draft."""

    user: SignedIn
    browser: Browser
    course: str
    module: str
    material: str

    @property
    def path(self) -> str:
        return f"/teach/courses/{self.course}"


@pytest.fixture(scope="module")
async def teaching(make_user: MakeUser, visit: Open) -> Teaching:
    """All through forms, as a browser sends them."""
    user = await make_user(Role.INSTRUCTOR)
    browser = visit(user)
    page = await browser.read("/teach/courses/new")
    begun = await browser.follow(
        await browser.send(
            page, "/teach/courses/new/create", {"title": f"Trees {uuid4().hex[:8]}", "price_minor": "49,00"}
        )
    )
    course = str(begun.url.path).rsplit("/", 1)[-1]
    path = f"/teach/courses/{course}"
    page = await browser.follow(await browser.send(begun, f"{path}/add-module", {"title": "漢字"}))
    module = _found(r"/teach/modules/([0-9a-f-]{36})", page)
    answer = await browser.send(page, f"{path}/add-item", {"title": "What a tree is"})
    page = await browser.follow(answer)
    return Teaching(user, browser, course, module, str(page.url.path).rsplit("/", 1)[-1])


def _found(pattern: str, page: httpx.Response) -> str:
    match = re.search(pattern, page.text)
    assert match, pattern
    return match.group(1)


async def _act(who: Browser, page: httpx.Response, address: str, thing: str, **given: str) -> httpx.Response:
    """Send the form of one row, by what it names."""
    for form in forms_of(page):
        fields = dict(form.fields)
        if address in {form.action, *form.buttons} and thing in fields.values():
            return await who.client.post(address, data=fields | given)
    raise AssertionError(f"no form names {thing} for {address}")


async def test_a_refused_course_keeps_what_was_typed(teaching: Teaching) -> None:
    page = await teaching.browser.read("/teach/courses/new")
    typed: dict[str, str | list[str]] = {
        "title": "Kept",
        "subtitle": "As <typed>",
        "price_minor": "4.9.0",
        "tags": "a, b",
    }
    refused = await teaching.browser.send(page, "/teach/courses/new/create", typed)
    assert refused.status_code == 422
    assert "Price: Use an amount such as 49 or 49.00." in text_of(refused)
    fields = dict(next(form for form in forms_of(refused) if form.action == "/teach/courses/new/create").fields)
    assert {name: fields[name] for name in typed} == typed
    assert 'href="#field-price_minor"' in refused.text


async def test_two_tabs_do_not_overwrite_each_other(teaching: Teaching) -> None:
    for path, field in (
        (f"{teaching.path}/settings", "subtitle"),
        (f"/teach/modules/{teaching.module}", "description"),
        (f"/teach/materials/{teaching.material}", "content"),
    ):
        first, second = await teaching.browser.read(path), await teaching.browser.read(path)
        assert (await teaching.browser.send(first, f"{path}/save", {field: "of the first tab"})).status_code == 303
        late = await teaching.browser.send(second, f"{path}/save", {field: "of the second tab"})
        assert late.status_code == 409, path
        assert "of the first tab" in text_of(late)
        assert (
            dict(next(form for form in forms_of(late) if form.action == f"{path}/save").fields)[field]
            == "of the second tab"
        )
        # Having seen it, one may replace it.
        assert (await teaching.browser.send(late, f"{path}/save", {})).status_code == 303
        assert "of the second tab" in (await teaching.browser.read(path)).text


async def test_a_draft_saves_itself_until_learners_see_it(teaching: Teaching, owner: asyncpg.Connection) -> None:
    path = f"/teach/materials/{teaching.material}"
    page = await teaching.browser.read(path)
    fields = dict(next(form for form in forms_of(page) if form.action == f"{path}/save").fields)
    sent = fields | {"autosave": "1", "content": "typed"}
    saved = (await teaching.browser.client.post(f"{path}/save", data=sent)).json()
    assert saved["revision"] != fields["revision"]
    late = await teaching.browser.client.post(f"{path}/save", data=sent | {"content": "typed elsewhere"})
    assert (late.status_code, late.json()["revision"]) == (409, saved["revision"])
    nameless = await teaching.browser.client.post(
        f"{path}/save", data=sent | {"title": "", "revision": saved["revision"]}
    )
    assert nameless.status_code == 422
    await owner.execute("UPDATE learning.materials SET status = 'PUBLISHED' WHERE id = $1", UUID(teaching.material))
    by_itself = await teaching.browser.client.post(f"{path}/save", data=sent | {"revision": saved["revision"]})
    assert by_itself.status_code == 409
    assert (
        await owner.fetchval("SELECT content FROM learning.materials WHERE id = $1", UUID(teaching.material)) == "typed"
    )
    await owner.execute("UPDATE learning.materials SET status = 'DRAFT' WHERE id = $1", UUID(teaching.material))


async def test_the_outline_is_changed_row_by_row_and_undone(teaching: Teaching) -> None:
    browser, path = teaching.browser, teaching.path
    page = await browser.follow(await browser.send(await browser.read(path), f"{path}/add-module", {"title": "Second"}))
    assert page.text.index("漢字") < page.text.index(">Second<")
    second = re.findall(r'data-thing="(MODULE:[^"]+)"', page.text)[1]
    page = await browser.follow(await _act(browser, page, f"{path}/move", second, step="up"))
    assert page.text.index(">Second<") < page.text.index("漢字")
    material = f"MATERIAL:{teaching.material}"
    panel = await browser.read(f"{path}?edit={material}")
    page = await browser.follow(await _act(browser, panel, f"{path}/rename", material, title="Renamed <b>"))
    assert "Renamed &lt;b&gt;" in page.text
    moved = await browser.client.post(
        f"{path}/move", data={"thing": material, "module_id": second.partition(":")[2], "csrf_token": _csrf(page)}
    )
    page = await browser.follow(moved)
    assert page.text.index("Renamed") < page.text.index("漢字")
    refused = await _act(browser, page, f"{path}/switch", second, status="ARCHIVED")
    assert refused.status_code == 422
    panel = await browser.read(f"{path}?edit={material}")
    page = await browser.follow(await _act(browser, panel, f"{path}/remove", material))
    assert "is deleted" in text_of(page)
    assert f'data-thing="{material}"' not in page.text
    page = await browser.follow(await _act(browser, page, f"{path}/bring-back", material))
    assert f'data-thing="{material}"' in page.text
    for broken in ("", "MODULE", "NOTHING:1", f"MODULE:{uuid4().hex}x"):
        answer = await browser.client.post(f"{path}/remove", data={"thing": broken, "csrf_token": _csrf(page)})
        assert answer.status_code == 422


def _csrf(page: httpx.Response) -> str:
    return _found(r'name="csrf_token" value="([^"]+)"', page)


async def test_publishing_lists_what_is_missing_with_the_way_there(teaching: Teaching) -> None:
    page = await teaching.browser.read(teaching.path)
    assert f'href="{teaching.path}/settings#field-description"' in page.text
    refused = await teaching.browser.client.post(
        f"{teaching.path}/status", data={"status": "PUBLISHED", "csrf_token": _csrf(page)}
    )
    assert refused.status_code == 422
    assert "It cannot be published yet" in text_of(refused)


async def test_a_course_is_deleted_and_brought_back(teaching: Teaching) -> None:
    page = await teaching.browser.read(teaching.path)
    copy = await teaching.browser.follow(await teaching.browser.send(page, f"{teaching.path}/duplicate"))
    path = str(copy.url.path).removesuffix("/settings")
    page = await teaching.browser.follow(
        await teaching.browser.send(await teaching.browser.read(path), f"{path}/delete")
    )
    assert "The course is deleted" in text_of(page)
    assert path not in page.text
    page = await teaching.browser.follow(await teaching.browser.send(page, "/teach/restore"))
    assert str(page.url.path) == path


async def test_roles_see_the_studio_and_change_what_they_may(
    teaching: Teaching, make_user: MakeUser, visit: Open, application: Application, statements: list[str]
) -> None:
    roles: dict[str, tuple[Role, Any]] = {
        "CO_INSTRUCTOR": (Role.INSTRUCTOR, 200),
        "GRADER": (Role.STUDENT, 403),
        "OBSERVER": (Role.STUDENT, 403),
        "": (Role.INSTRUCTOR, 404),
    }
    pages = (
        teaching.path,
        f"{teaching.path}/staff",
        f"/teach/modules/{teaching.module}",
        f"/teach/materials/{teaching.material}",
    )
    async with client_for(application, headers=teaching.user.headers) as owner_api:
        for role, (platform_role, settings) in roles.items():
            user = await make_user(platform_role)
            if role:
                body = {"who": user.email, "role": role}
                assert (await owner_api.put(f"{API}{teaching.path}/staff", json=body)).status_code == 200
            browser = visit(user)
            assert (await browser.open(f"{teaching.path}/settings")).status_code == settings
            listed = await browser.read("/teach")
            assert (teaching.path in listed.text) is bool(role)
            for path in pages:
                del statements[:]
                page = await browser.open(path)
                assert page.status_code == (200 if role else 404), (role, path)
                assert len(statements) <= 2, statements
                posted = {
                    form.action for form in forms_of(page) if form.method == "post" and form.action.startswith("/teach")
                }
                if role in {"GRADER", "OBSERVER"}:
                    assert posted <= {f"{teaching.path}/staff/remove", f"{path}/save"}, posted
                    assert f"{path}/save" not in posted or '<fieldset class="studio-fields" disabled>' in page.text
            answer = await browser.client.post(
                f"{teaching.path}/add-module", data={"title": f"By {role}", "csrf_token": _csrf(listed)}
            )
            assert answer.status_code == (303 if role == "CO_INSTRUCTOR" else 403 if role else 404), role


async def test_nothing_taught_yet_and_nobody_at_all(make_user: MakeUser, visit: Open, nobody: Browser) -> None:
    student, admin = visit(await make_user(Role.STUDENT)), visit(await make_user(Role.ADMIN))
    empty = await student.read("/teach")
    assert "You teach nothing yet" in text_of(empty)
    assert "/teach/courses/new" not in empty.text
    assert (await student.open("/teach/courses/new")).status_code == 403
    assert "No course fits" in text_of(await admin.read(f"/teach?everybody=1&q=nothing-{uuid4().hex}"))
    assert (await nobody.open("/teach")).headers["location"] == "/login?next=%2Fteach"
