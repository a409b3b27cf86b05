"""Accounts as administrators and operators manage them."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from codezest.kit.errors import ValidationFailed
from codezest.kit.settings import Settings
from codezest.services.auth.actions.create_user import create_user
from codezest.services.auth.actions.ensure_demo_users import DEMO_PASSWORD, DemoUsersRefused, ensure_demo_users
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, SignedIn
from services.auth.world import API, PASSWORD, World, bearer, new_email, problem

USERS = f"{API}/users"


async def proved(world: World, user: SignedIn) -> SignedIn:
    """The same, having shown a moment ago who they are."""
    await world.owner.execute("UPDATE auth.sessions SET proved_at = now() WHERE user_id = $1", user.id)
    return user


@pytest.fixture(scope="module")
async def admin(world: World, make_user: MakeUser) -> SignedIn:
    return await proved(world, await make_user(Role.ADMIN))


async def test_only_administrators_manage_users(
    client: httpx.AsyncClient, student: SignedIn, instructor: SignedIn, admin: SignedIn
) -> None:
    path = f"{USERS}/{student.id}"
    for method, target in (("GET", USERS), ("PATCH", path)):
        body: dict[str, Any] = {"json": {"role": "ADMIN"}} if method == "PATCH" else {}
        problem(await client.request(method, target, **body), 401, "unauthenticated")
        for user in (student, instructor):
            problem(await client.request(method, target, headers=user.headers, **body), 403, "forbidden")
    found = (await client.get(USERS, params={"search": student.email}, headers=admin.headers)).json()
    assert [(item["id"], item["role"]) for item in found["items"]] == [(str(student.id), "STUDENT")]


async def test_users_are_found_by_part_of_address_name_and_role(
    client: httpx.AsyncClient, world: World, admin: SignedIn
) -> None:
    mark = uuid4().hex[:8]
    emails = [await world.account(role, email=f"{mark}_{role.lower()}@codezest.example") for role in Role]

    async def search(**params: Any) -> list[str]:
        page = (await client.get(USERS, params=params, headers=admin.headers)).json()
        return [item["email"] for item in page["items"]]

    assert await search(search=mark.upper()) == emails[::-1]
    assert await search(search=mark, role="INSTRUCTOR") == [emails[1]]
    assert await search(search=f"{mark}%") == []
    assert await search(search=f"{mark}\\") == []
    assert len(await search(search=f"{mark}_")) == 3
    await world.owner.execute(
        "UPDATE auth.users SET first_name = $2 WHERE email = $1::citext", emails[0], f"Zora{mark}"
    )
    assert await search(search=f"zora{mark} ki") == [emails[0]]
    first = (await client.get(USERS, params={"search": mark, "limit": 2}, headers=admin.headers)).json()
    rest = {"search": mark, "limit": 2, "cursor": first["next_cursor"]}
    assert await search(**rest) == emails[:1]
    problem(await client.get(USERS, params={"role": "KING"}, headers=admin.headers), 422, "validation-failed")


async def test_a_role_is_changed_recorded_and_announced(
    client: httpx.AsyncClient, world: World, make_user: MakeUser, admin: SignedIn
) -> None:
    user = await make_user()
    answer = await client.patch(f"{USERS}/{user.id}", json={"role": "INSTRUCTOR"}, headers=admin.headers)
    assert (answer.status_code, answer.json()["role"]) == (200, "INSTRUCTOR")
    await client.patch(f"{USERS}/{user.id}", json={"role": "INSTRUCTOR"}, headers=admin.headers)
    audit = await world.owner.fetch("SELECT * FROM auth.audit_entries WHERE subject_id = $1", user.id)
    assert [(row["action"], row["actor_user_id"], row["details"]) for row in audit] == [
        ("user.role_changed", admin.id, '{"new_role": "INSTRUCTOR", "old_role": "STUDENT"}')
    ]
    assert await world.events(user.email) == ["auth.role_changed"]
    assert await world.owner.fetchval("SELECT count(*) FROM auth.instructors WHERE user_id = $1", user.id) == 1


async def test_suspension_ends_sessions_and_lifting_it_does_not_revive_them(
    client: httpx.AsyncClient, world: World, admin: SignedIn
) -> None:
    email = await world.account()
    token = await world.log_in(client, email)
    user_id = (await client.get(f"{API}/me", headers=bearer(token))).json()["id"]
    path = f"{USERS}/{user_id}"
    suspended = await client.patch(path, json={"suspended": True}, headers=admin.headers)
    assert suspended.json()["suspended_at"] is not None
    problem(await client.get(f"{API}/me", headers=bearer(token)), 401, "unauthenticated")
    lifted = await client.patch(path, json={"suspended": False}, headers=admin.headers)
    assert lifted.json()["suspended_at"] is None
    problem(await client.get(f"{API}/me", headers=bearer(token)), 401, "unauthenticated")
    await world.log_in(client, email)
    actions = await world.owner.fetch(
        "SELECT action FROM auth.audit_entries WHERE subject_id = $1 AND actor_user_id = $2 ORDER BY id",
        UUID(user_id),
        admin.id,
    )
    assert [row["action"] for row in actions] == ["user.suspended", "user.reinstated"]


async def test_nobody_changes_their_own_standing(client: httpx.AsyncClient, admin: SignedIn) -> None:
    for body in ({"role": "STUDENT"}, {"suspended": True}):
        answer = await client.patch(f"{USERS}/{admin.id}", json=body, headers=admin.headers)
        problem(answer, 409, "own-account")


async def test_of_two_administrators_who_demote_each_other_one_remains(
    client: httpx.AsyncClient, world: World, make_user: MakeUser
) -> None:
    pair = [await proved(world, await make_user(Role.ADMIN)) for _ in range(2)]
    answers = await asyncio.gather(
        *(
            client.patch(f"{USERS}/{other.id}", json={"role": "STUDENT"}, headers=one.headers)
            for one, other in (pair, pair[::-1])
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    left = await world.owner.fetchval(
        "SELECT count(*) FROM auth.users WHERE id = ANY($1) AND role = 'ADMIN'", [user.id for user in pair]
    )
    assert left == 1


@pytest.mark.parametrize(
    "body",
    [{"role": "KING"}, {"role": None}, {"suspended": "yes"}, {"suspended": 1}, {"suspended": None}, {"email": "x"}],
)
async def test_malformed_changes_are_refused(
    client: httpx.AsyncClient, student: SignedIn, admin: SignedIn, body: dict[str, Any]
) -> None:
    answer = await client.patch(f"{USERS}/{student.id}", json=body, headers=admin.headers)
    problem(answer, 422, "validation-failed")


async def test_a_missing_user_is_not_found(client: httpx.AsyncClient, admin: SignedIn) -> None:
    answer = await client.patch(f"{USERS}/{uuid4()}", json={"suspended": True}, headers=admin.headers)
    problem(answer, 404, "user-not-found")


async def test_an_operator_makes_users_once(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    async with world.database.write("auth") as session:
        made = await create_user(session, email=email, password=PASSWORD, first_name="Iris", role=Role.INSTRUCTOR)
    assert made.created
    async with world.database.write("auth") as session:
        again = await create_user(
            session, email=email.upper(), password="another password", first_name="Else", role=Role.ADMIN
        )
    assert (again.id, again.created) == (made.id, False)
    token = await world.log_in(client, email)
    me = (await client.get(f"{API}/me", headers=bearer(token))).json()
    assert (me["first_name"], me["role"]) == ("Iris", "ADMIN")
    assert await world.owner.fetchval("SELECT count(*) FROM auth.instructors WHERE user_id = $1", made.id) == 1


async def test_an_operator_confirms_a_waiting_registration(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    await world.register(client, email, "typed by a stranger", first_name="Mallory")
    await world.deliver()
    token = world.token(email)
    await world.account(email=email)
    problem(await client.post(f"{API}/auth/verify-email", json={"token": token}), 410, "verification-token-used")
    await world.log_in(client, email)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nonsense"},
        {"password": "short"},
        {"password": "1234567890"},
        {"first_name": " "},
        {"last_name": "\n"},
    ],
)
async def test_an_operators_mistakes_are_refused(world: World, changes: dict[str, str]) -> None:
    given: dict[str, Any] = {"email": new_email(), "password": PASSWORD, "first_name": "A"} | changes
    with pytest.raises(ValidationFailed):
        async with world.database.write("auth") as session:
            await create_user(session, **given)


async def test_demo_users_are_made_once_and_can_log_in(client: httpx.AsyncClient, world: World) -> None:
    made: list[tuple[UUID, ...]] = []
    for _ in range(2):
        async with world.database.write("auth") as session:
            users = await ensure_demo_users(session, world.settings)
        made.append(tuple(user.id for user in users))
        assert {user.role for user in users} == set(Role)
    assert made[0] == made[1]
    for email in ("student@codezest.example", "instructor@codezest.example", "admin@codezest.example"):
        await world.log_in(client, email, DEMO_PASSWORD)


async def test_production_refuses_demo_users(world: World, tmp_path: Path) -> None:
    production = Settings(
        environment="production", data_dir=tmp_path, secret_key="k" * 40, base_url="https://learn.example",
        smtp_url="smtp://localhost",
    )  # fmt: skip
    with pytest.raises(DemoUsersRefused):
        async with world.database.write("auth") as session:
            await ensure_demo_users(session, production)
