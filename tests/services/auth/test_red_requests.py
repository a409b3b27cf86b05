"""Attacks with requests: forged by other pages, sent under another host's name, repeated until something gives."""

import re

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from services.auth.browser import logged_in
from services.auth.pictures import picture
from services.auth.ways import forget_proof, leads_to
from services.auth.world import API, PASSWORD, World, bearer, csrf_token, visitor

NOBODYS = "01890000-0000-7000-8000-000000000000"
FORM = "application/x-www-form-urlencoded"
BODIES = {
    "form": (FORM, b"email=a%40b.example&next=/"),
    "form in capitals": (FORM.upper(), b"csrf_token=guess"),
    "form of two types": (f"{FORM}, application/json", b"csrf_token=guess"),
    "upload": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nguess\r\n--x--\r\n',
    ),
    "upload without end": ("multipart/form-data; boundary=", b"--\r\n"),
    "json": ("application/json", b'{"csrf_token": "guess"}'),
    "json as text": ("text/plain", b'{"csrf_token": "guess"}'),
    "nothing": ("", b""),
}


def _form_paths(routes: list[BaseRoute]) -> list[str]:
    found: list[str] = []
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()) and not route.path.startswith("/api/"):
            found.append(re.sub(r"\{[^}]+\}", NOBODYS, route.path))
        elif inner:
            found += _form_paths(inner)
    return found


@pytest.mark.parametrize("kind", sorted(BODIES))
async def test_no_form_is_taken_from_another_page(application: Application, world: World, kind: str) -> None:
    api = application.app.openapi()["paths"]
    paths = [path for path in _form_paths(application.app.routes) if f"{API}{path}" not in api]
    assert {"/account", "/account/tokens", "/logout", "/login", "/account/profile/avatar"} <= set(paths)
    content_type, body = BODIES[kind]
    async with visitor(application) as client:
        client.cookies.set(SESSION_COOKIE, await world.log_in(client, await world.account()))
        await client.get("/account")  # with a form token of this browser's own, which the forger does not know
        for path in paths:
            answer = await client.post(path, content=body, headers={"Content-Type": content_type})
            assert (answer.status_code, "Please send that again" in answer.text) == (403, True), path
        assert (await client.get("/account")).status_code == 200


async def test_a_form_token_of_another_browser_is_none(application: Application, world: World) -> None:
    async with visitor(application) as attacker, logged_in(application, world, await world.account()) as browser:
        token = csrf_token(await attacker.get("/login"))
        await browser.open("/account")
        forged = await browser.client.post("/account/sessions/end-others", data={"csrf_token": token})
    assert forged.status_code == 403


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
async def test_no_header_names_the_host_of_a_link(client: httpx.AsyncClient, world: World, header: str) -> None:
    email = await world.account()
    poison = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}
    asked = await client.post(f"{API}/auth/forgot-password", json={"email": email}, headers=poison)
    assert asked.status_code == 202
    await world.deliver()
    links = re.findall(r"https?://[^/\s]+", world.letters(email)[0].text)
    assert set(links) == {world.settings.public_url}


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "\\\\evil.example", " //evil.example",
     "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1", "///evil.example", "/\n/evil.example"],
)  # fmt: skip
async def test_no_login_leads_elsewhere(application: Application, world: World, target: str) -> None:
    email = await world.account()
    async with logged_in(application, world, email) as browser:
        again = await browser.client.get("/login", params={"next": target})
        assert again.status_code == 303
        where = httpx.URL("http://localhost:8000/login").join(again.headers["location"])
        assert where.host == "localhost"
        assert "set-cookie" not in again.headers


async def test_pictures_are_drawn_only_so_often(client: httpx.AsyncClient, world: World) -> None:
    session = bearer(await world.log_in(client, await world.account()))
    path = f"{API}/me/avatar"
    assert (await client.put(path, content=picture(), headers=session)).status_code == 200
    statuses = [(await client.put(path, content=b"no picture", headers=session)).status_code for _ in range(25)]
    assert statuses[0] == 422
    assert 429 in statuses


@pytest.mark.parametrize(
    ("page", "action"), [("/account/tokens", "/account/tokens"), ("/account/data", "/account/data/export")]
)
async def test_a_page_asks_for_proof_and_leads_back(
    application: Application, world: World, page: str, action: str
) -> None:
    email = await world.account()
    async with logged_in(application, world, email) as browser:
        await forget_proof(world, email)
        answer = await browser.send(action, page, name="x", scopes=["read"], expires_in_days="30")
        leads_to(answer, f"/account/confirm?next={page.replace('/', '%2F')}")
        await browser.send("/account/confirm", "/account/confirm", password=PASSWORD, next=page)
        assert (await browser.send(action, page, name="x", scopes=["read"], expires_in_days="30")).status_code < 400
    made = {"/account/tokens": "api_tokens", "/account/data": "data_exports"}[page]
    held = await world.owner.fetchval(
        f"SELECT count(*) FROM auth.{made} WHERE user_id = (SELECT id FROM auth.users WHERE email = $1::citext)",  # noqa: S608
        email,
    )
    assert held == 1


@pytest.mark.parametrize("how", ["changed", "reset"])
async def test_the_owner_hears_of_another_password(client: httpx.AsyncClient, world: World, how: str) -> None:
    email = await world.account()
    token = await world.log_in(client, email)
    if how == "changed":
        body = {"current_password": PASSWORD, "new_password": "nine orange kettles"}
        assert (await client.post(f"{API}/me/password", json=body, headers=bearer(token))).status_code == 204
    else:
        await client.post(f"{API}/auth/forgot-password", json={"email": email})
        await world.deliver()
        body = {"token": world.token(email), "password": "nine orange kettles"}
        assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    await world.deliver()
    subjects = {"changed": "Your password was changed", "reset": "You have a new password"}
    assert world.letters(email)[0].subject == subjects[how]
