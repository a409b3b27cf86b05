"""Codes of an authenticator app after the password, and recovery codes."""

import asyncio

import httpx
import pytest

from codezest.kit.sealing import sealer_for
from codezest.services.auth.jobs.notices import purge_ceremonies
from services.auth.ways import App, acts, forget_proof, give_code, new_owner, owed, with_two_step
from services.auth.world import API, PASSWORD, World, bearer, new_address, problem, visitor

LIMIT = 5


async def test_from_setting_it_up_to_a_session(client: httpx.AsyncClient, world: World) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    assert len(set(owner.recovery_codes)) == 10
    ceremony = await owed(client, owner.email)
    answer = await give_code(client, ceremony, owner.app.code())
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    assert (await client.get(f"{API}/me", headers=bearer(token))).json()["email"] == owner.email
    assert (await world.outcomes(owner.email))[-2:] == ["CODE_DUE", "SUCCEEDED"]
    assert await acts(world, owner.email) == ["two_step.enabled"]
    await world.deliver()
    assert world.letters(owner.email)[0].subject == "Two-step login is on"
    ways = (await client.get(f"{API}/me/ways-in", headers=bearer(token))).json()
    assert ways["two_step"]["enabled"] is True
    assert ways["two_step"]["recovery_codes_left"] == 10


async def test_the_password_alone_begins_no_session(client: httpx.AsyncClient, world: World) -> None:
    owner = await with_two_step(world, client)
    before = await _sessions(world, owner.email)
    answer = await client.post(f"{API}/auth/login", json={"email": owner.email, "password": PASSWORD})
    assert set(answer.json()) == {"ceremony"}
    assert await _sessions(world, owner.email) == before
    problem(await client.get(f"{API}/me", headers=bearer(answer.json()["ceremony"])), 401, "unauthenticated")


async def test_a_code_works_once(client: httpx.AsyncClient, world: World) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    code = owner.app.code()
    assert (await give_code(client, await owed(client, owner.email), code)).status_code == 200
    problem(await give_code(client, await owed(client, owner.email), code), 403, "wrong-code")


@pytest.mark.parametrize("steps", [-2, 2, 20])
async def test_a_code_of_another_time_is_refused(client: httpx.AsyncClient, world: World, steps: int) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    problem(
        await give_code(client, await owed(client, owner.email), owner.app.code(steps=steps * 2)), 403, "wrong-code"
    )


async def test_an_early_clock_is_forgiven_and_then_no_earlier_code_works(
    client: httpx.AsyncClient, world: World
) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    now, next_one = owner.app.code(), owner.app.code(steps=1)
    assert (await give_code(client, await owed(client, owner.email), next_one)).status_code == 200
    problem(await give_code(client, await owed(client, owner.email), now), 403, "wrong-code")


async def test_two_tabs_with_one_code_begin_one_session(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    code = owner.app.code()
    ceremonies = [await owed(client, owner.email) for _ in range(2)]
    answers = await asyncio.gather(*(give_code(client, ceremony, code) for ceremony in ceremonies))
    assert sorted(answer.status_code for answer in answers) == [200, 403]


async def test_a_ceremony_begins_one_session(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony = await owed(client, owner.email)
    codes = [owner.recovery_codes[0], owner.recovery_codes[1]]
    answers = await asyncio.gather(*(give_code(client, ceremony, code) for code in codes))
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    left = await world.owner.fetchval(
        """SELECT count(*) FROM auth.recovery_codes WHERE used_at IS NULL
           AND user_id = (SELECT id FROM auth.users WHERE email = $1::citext)""",
        owner.email,
    )
    assert left == 9, "the code that came too late is not used up"


async def test_wrong_codes_lock_and_the_owner_hears_of_it_once(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    await world.waiting()
    ceremony = await owed(client, owner.email)
    for _ in range(LIMIT):
        async with visitor(world.application) as other:
            problem(await give_code(other, ceremony, owner.app.wrong()), 403, "wrong-code")
    for _ in range(2):
        body = problem(await give_code(client, ceremony, owner.app.code()), 429, "codes-locked")
        assert 800 < body["retry_after"] <= 900
    problem(await give_code(client, await owed(client, owner.email), owner.recovery_codes[0]), 429, "codes-locked")
    assert await acts(world, owner.email) == ["two_step.enabled", "second_step.locked"]
    await world.deliver()
    assert [letter.subject for letter in world.letters(owner.email)] == ["Somebody knows your password"]


async def test_a_new_password_entry_gives_no_new_tries(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    for _ in range(LIMIT):
        problem(await give_code(client, await owed(client, owner.email), owner.app.wrong()), 403, "wrong-code")
    problem(await give_code(client, await owed(client, owner.email), owner.app.code()), 429, "codes-locked")


async def test_fifty_guesses_at_once_are_compared_no_more_often_than_the_limit(
    world: World, client: httpx.AsyncClient
) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony, wrong = await owed(client, owner.email), owner.app.wrong()
    answers = await asyncio.gather(*(give_code(client, ceremony, wrong) for _ in range(30)))
    assert [answer.status_code for answer in answers].count(403) == LIMIT
    assert (await world.outcomes(owner.email)).count("WRONG_CODE") == LIMIT


async def test_the_lock_ends_by_itself(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony = await owed(client, owner.email)
    for _ in range(LIMIT):
        await give_code(client, ceremony, owner.app.wrong())
    await world.owner.execute(
        "UPDATE auth.login_events SET created_at = created_at - interval '15 minutes' WHERE email = $1::citext",
        owner.email,
    )
    assert (await give_code(client, ceremony, owner.app.code())).status_code == 200


async def test_wrong_codes_from_many_accounts_lock_a_network(world: World, client: httpx.AsyncClient) -> None:
    owner, address = await with_two_step(world, client), new_address()
    assert owner.app is not None
    await world.owner.execute(
        """INSERT INTO auth.login_events (email, outcome, ip_address)
           SELECT 'spread-' || n || '@codezest.example', 'WRONG_CODE', $1::text::inet FROM generate_series(1, $2::int) n""",
        address,
        LIMIT * 20,
    )
    ceremony = await owed(client, owner.email)
    async with visitor(world.application, address) as busy:
        problem(await give_code(busy, ceremony, owner.app.code()), 429, "codes-locked")
    assert (await give_code(client, ceremony, owner.app.code())).status_code == 200


async def test_a_recovery_code_works_once_however_it_is_typed(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    typed = owner.recovery_codes[3].upper().replace("-", " ")
    assert (await give_code(client, await owed(client, owner.email), f" {typed} ")).status_code == 200
    problem(await give_code(client, await owed(client, owner.email), typed), 403, "wrong-code")
    assert await acts(world, owner.email) == ["two_step.enabled", "recovery_code.used"]


async def test_codes_and_secret_are_not_stored_as_they_are(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    rows = await world.owner.fetch(
        """SELECT t.secret_encrypted, array_agg(r.code_hash) AS hashes, t.user_id FROM auth.totp_secrets t
           JOIN auth.recovery_codes r ON r.user_id = t.user_id JOIN auth.users u ON u.id = t.user_id
           WHERE u.email = $1::citext GROUP BY 1, 3""",
        owner.email,
    )
    (row,) = rows
    assert owner.app.secret.encode() not in row["secret_encrypted"]
    opened = sealer_for(world.settings).open(f"totp:{row['user_id']}", row["secret_encrypted"])
    assert len(opened) == 20
    assert all(len(hashed) == 32 for hashed in row["hashes"])


async def test_one_persons_secret_is_of_no_use_in_anothers_row(world: World, client: httpx.AsyncClient) -> None:
    mine, theirs = await with_two_step(world, client), await with_two_step(world, client)
    assert mine.app is not None
    await world.owner.execute(
        """UPDATE auth.totp_secrets SET secret_encrypted = (
               SELECT secret_encrypted FROM auth.totp_secrets WHERE user_id = (SELECT id FROM auth.users WHERE email = $1::citext))
           WHERE user_id = (SELECT id FROM auth.users WHERE email = $2::citext)""",
        mine.email,
        theirs.email,
    )
    problem(await give_code(client, await owed(client, theirs.email), mine.app.code()), 403, "wrong-code")


async def test_changes_need_recent_proof(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    await forget_proof(world, owner.email)
    requests = [("DELETE", "/me/two-step"), ("POST", "/me/two-step/recovery-codes"), ("POST", "/me/two-step")]
    for method, path in requests:
        problem(await client.request(method, API + path, headers=owner.headers), 403, "proof-needed")
    for password in ("not the password", PASSWORD):
        tried = await client.post(f"{API}/me/proof", json={"password": password}, headers=owner.headers)
        problem(tried, 403, "second-proof-needed")
    problem(await client.delete(f"{API}/me/two-step", headers=owner.headers), 403, "proof-needed")
    asked = await client.get("/account/confirm", headers=owner.headers)
    assert 'name="code"' in asked.text
    assert 'name="password"' not in asked.text
    assert (
        await client.post(f"{API}/me/proof", json={"code": owner.app.code()}, headers=owner.headers)
    ).status_code == 204
    renewed = await client.post(f"{API}/me/two-step/recovery-codes", headers=owner.headers)
    assert set(renewed.json()["codes"]).isdisjoint(owner.recovery_codes)
    problem(await give_code(client, await owed(client, owner.email), owner.recovery_codes[0]), 403, "wrong-code")
    assert (await client.delete(f"{API}/me/two-step", headers=owner.headers)).status_code == 204
    await world.log_in(client, owner.email)
    assert await acts(world, owner.email) == ["two_step.enabled", "recovery_codes.renewed", "two_step.disabled"]


async def test_a_recovery_code_is_proof_that_ends_the_second_step(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    await forget_proof(world, owner.email)
    answer = await client.post(f"{API}/me/proof", json={"code": owner.recovery_codes[0]}, headers=owner.headers)
    assert answer.status_code == 204
    assert (await client.delete(f"{API}/me/two-step", headers=owner.headers)).status_code == 204


async def test_the_password_is_proof_without_a_second_step(world: World, client: httpx.AsyncClient) -> None:
    owner = await new_owner(world, client)
    await forget_proof(world, owner.email)
    problem(await client.post(f"{API}/me/two-step", headers=owner.headers), 403, "proof-needed")
    wrong = await client.post(f"{API}/me/proof", json={"password": "not the password"}, headers=owner.headers)
    problem(wrong, 422, "current-password-wrong")
    answer = await client.post(f"{API}/me/proof", json={"password": PASSWORD}, headers=owner.headers)
    assert answer.status_code == 204
    assert (await client.post(f"{API}/me/two-step", headers=owner.headers)).status_code == 201


@pytest.mark.parametrize("body", [{}, {"password": PASSWORD, "code": "123456"}, {"code": ""}])
async def test_a_proof_is_one_thing(world: World, client: httpx.AsyncClient, body: dict[str, str]) -> None:
    owner = await new_owner(world, client)
    problem(await client.post(f"{API}/me/proof", json=body, headers=owner.headers), 422, "validation-failed")


async def test_an_app_counts_only_once_a_code_of_it_was_typed(world: World, client: httpx.AsyncClient) -> None:
    owner = await new_owner(world, client)
    first = App((await client.post(f"{API}/me/two-step", headers=owner.headers)).json()["secret"])
    second = App((await client.post(f"{API}/me/two-step", headers=owner.headers)).json()["secret"])
    confirm = f"{API}/me/two-step/confirm"
    problem(await client.post(confirm, json={"code": first.code()}, headers=owner.headers), 403, "wrong-code")
    await world.log_in(client, owner.email)
    assert (await client.post(confirm, json={"code": second.code()}, headers=owner.headers)).status_code == 200
    problem(await client.post(confirm, json={"code": second.code()}, headers=owner.headers), 409, "two-step-on")
    problem(await client.post(f"{API}/me/two-step", headers=owner.headers), 409, "two-step-on")


async def test_a_new_password_ends_what_the_old_one_began(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony = await owed(client, owner.email)
    await client.post(f"{API}/auth/forgot-password", json={"email": owner.email})
    await world.deliver()
    body = {"token": world.token(owner.email), "password": "a brand new password"}
    assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    problem(await give_code(client, ceremony, owner.app.code()), 410, "ceremony-over")
    assert (
        await give_code(client, await owed(client, owner.email, "a brand new password"), owner.app.code())
    ).status_code == 200, "the second step stays"


async def test_a_ceremony_ends_with_its_time_and_is_cleared_away(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony = await owed(client, owner.email)
    await world.owner.execute(
        """UPDATE auth.ceremonies SET created_at = now() - interval '11 minutes', expires_at = now() - interval '1 second'
           WHERE user_id = (SELECT id FROM auth.users WHERE email = $1::citext)""",
        owner.email,
    )
    problem(await give_code(client, ceremony, owner.app.code()), 410, "ceremony-over")
    assert await purge_ceremonies(world.database) >= 1
    assert await world.owner.fetchval("SELECT count(*) FROM auth.ceremonies WHERE expires_at < now()") == 0


async def test_a_suspended_owner_gets_no_session(world: World, client: httpx.AsyncClient) -> None:
    owner = await with_two_step(world, client)
    assert owner.app is not None
    ceremony = await owed(client, owner.email)
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", owner.email)
    problem(await give_code(client, ceremony, owner.app.code()), 403, "account-suspended")


async def _sessions(world: World, email: str) -> int:
    rows = await world.owner.fetch(
        "SELECT id FROM auth.sessions WHERE user_id = (SELECT id FROM auth.users WHERE email = $1::citext)", email
    )
    return len(rows)
