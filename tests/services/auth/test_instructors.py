"""How those who teach introduce themselves."""

import asyncpg
import httpx

from codezest.gateway.app import Application
from codezest_db.enums import Role
from fixtures.accounts import MakeUser
from services.auth.browser import Browser
from services.auth.world import API, problem, visitor

OWN = f"{API}/me/instructor"


async def test_only_who_teaches_has_an_introduction(client: httpx.AsyncClient, make_user: MakeUser) -> None:
    learner, teacher = await make_user(), await make_user(Role.INSTRUCTOR)
    words = {"bio": "I **teach**.", "expertise": ["Python", " Databases "]}
    problem(await client.put(OWN, json=words), 401, "unauthenticated")
    for answer in (
        await client.get(OWN, headers=learner.headers),
        await client.put(OWN, json=words, headers=learner.headers),
    ):
        problem(answer, 403, "forbidden")
    assert (await client.get(OWN, headers=teacher.headers)).json() == {"bio": None, "expertise": []}
    kept = {"bio": "I **teach**.", "expertise": ["Python", "Databases"]}
    for _again in range(2):
        assert (await client.put(OWN, json=words, headers=teacher.headers)).json() == kept
    for wrong in (
        words | {"bio": "x" * 4_001},
        words | {"bio": "a\x07b"},
        words | {"expertise": ["x" * 61]},
        words | {"expertise": [" "]},
        words | {"expertise": [f"topic {place}" for place in range(13)]},
    ):
        problem(await client.put(OWN, json=wrong, headers=teacher.headers), 422, "validation-failed")
    assert (await client.get(OWN, headers=teacher.headers)).json() == kept


async def test_it_stands_on_the_public_page_without_anything_harmful(
    client: httpx.AsyncClient, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    teacher = await make_user(Role.INSTRUCTOR)
    bio = "# Big\n\nI *teach*. <script>x</script> ![p](https://evil.example/p.png) [out](javascript:alert(1))"
    await client.put(OWN, json={"bio": bio, "expertise": ["<b>Python</b>"]}, headers=teacher.headers)
    profile = await client.patch(f"{API}/me/profile", json={"visibility": "PUBLIC"}, headers=teacher.headers)
    path = f"/people/{profile.json()['handle']}"
    page = (await client.get(path)).text
    assert "<em>teach</em>" in page
    assert "&lt;b&gt;Python&lt;/b&gt;" in page
    for harmful in ("<script>x", "evil.example", 'href="javascript', "<h2>Big", "<h3>Big"):
        assert harmful not in page
    assert (await client.get(f"{API}{path}")).json()["instructor"]["expertise"] == ["<b>Python</b>"]
    # Who no longer teaches is no longer introduced as a teacher, here or where courses look.
    await owner.execute("UPDATE auth.users SET role = 'STUDENT' WHERE id = $1", teacher.id)
    assert (await client.get(f"{API}{path}")).json()["instructor"] is None
    published = "SELECT count(*) FROM auth.public_instructors WHERE user_id = $1"
    assert await owner.fetchval(published, teacher.id) == 0


async def test_a_private_page_lends_no_address(
    client: httpx.AsyncClient, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    teacher = await make_user(Role.INSTRUCTOR)
    await client.put(OWN, json={"bio": "Hello", "expertise": []}, headers=teacher.headers)
    await client.patch(f"{API}/me/profile", json={"visibility": "MEMBERS"}, headers=teacher.headers)
    row = await owner.fetchrow("SELECT handle, bio FROM auth.public_instructors WHERE user_id = $1", teacher.id)
    assert row is not None
    assert (row["handle"], row["bio"]) == (None, "Hello")


async def test_the_page_of_the_account(application: Application, make_user: MakeUser) -> None:
    teacher, learner = await make_user(Role.INSTRUCTOR), await make_user()
    path = "/account/instructor"
    async with visitor(application) as client:
        client.headers.update(learner.headers)
        assert (await client.get(path)).status_code == 403
        assert path not in (await client.get("/account")).text
    async with visitor(application) as client:
        client.cookies.set("codezest_session", teacher.token)
        browser = Browser(client)
        assert path in (await browser.open("/account")).text
        saved = await browser.send(path, path, bio="I teach.", expertise="Python, , Python, SQL")
        assert saved.status_code == 303
        assert 'value="Python, SQL"' in (await browser.open(path)).text
        refused = await browser.send(path, path, bio="Kept words", expertise=", ".join(str(n) for n in range(13)))
        assert refused.status_code == 422
        assert "Kept words" in refused.text
