"""Passkeys, with an authenticator in software whose every statement can be made wrong."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from codezest.kit.context import SESSION_COOKIE
from services.auth.ways import (
    PRESENT,
    Browser,
    Owner,
    Passkey,
    acts,
    forget_proof,
    leads_to,
    new_owner,
    text_of,
    with_two_step,
)
from services.auth.world import API, PASSWORD, World, bearer, csrf_token, new_email, problem, visitor

OPTIONS, SIGN_IN = f"{API}/auth/passkey/options", f"{API}/auth/passkey"


async def _user_id(world: World, email: str) -> UUID:
    return UUID(str(await world.owner.fetchval("SELECT id FROM auth.users WHERE email = $1::citext", email)))


async def _add(client: httpx.AsyncClient, owner: Owner, key: Passkey, name: str = "My laptop") -> httpx.Response:
    begun = (await client.post(f"{API}/me/passkeys/options", headers=owner.headers)).json()
    body = {"ceremony": begun["ceremony"], "name": name, "credential": key.created(begun["options"])}
    return await client.post(f"{API}/me/passkeys", json=body, headers=owner.headers)


async def _with_passkey(world: World, client: httpx.AsyncClient) -> tuple[Owner, Passkey]:
    owner = await new_owner(world, client)
    key = Passkey((await _user_id(world, owner.email)).bytes)
    answer = await _add(client, owner, key)
    assert answer.status_code == 201, answer.text
    return owner, key


async def _sign_in(client: httpx.AsyncClient, key: Passkey) -> httpx.Response:
    begun = (await client.post(OPTIONS)).json()
    return await client.post(
        SIGN_IN, json={"ceremony": begun["ceremony"], "credential": key.asserted(begun["options"])}
    )


async def test_from_adding_one_to_a_session(client: httpx.AsyncClient, world: World) -> None:
    owner, key = await _with_passkey(world, client)
    key.count = 7
    answer = await _sign_in(client, key)
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    assert (await client.get(f"{API}/me", headers=bearer(token))).json()["email"] == owner.email
    (listed,) = (await client.get(f"{API}/me/ways-in", headers=bearer(token))).json()["passkeys"]
    assert (listed["name"], listed["last_used_at"] is not None, listed["backed_up"]) == ("My laptop", True, False)
    row = await world.owner.fetchrow(
        "SELECT sign_count, aaguid, transports FROM auth.webauthn_credentials WHERE credential_id = $1",
        key.credential_id,
    )
    assert row is not None
    assert (row["sign_count"], row["aaguid"], row["transports"]) == (7, None, ["internal"])
    assert (await world.outcomes(owner.email))[-1] == "SUCCEEDED"
    await world.deliver()
    assert world.letters(owner.email)[0].subject == "A passkey was added"
    assert "My laptop" not in world.letters(owner.email)[0].text


async def test_what_the_browser_is_asked(client: httpx.AsyncClient, world: World) -> None:
    owner, key = await _with_passkey(world, client)
    create = (await client.post(f"{API}/me/passkeys/options", headers=owner.headers)).json()["options"]
    assert create["rp"]["id"] == "localhost"
    assert create["authenticatorSelection"]["residentKey"] == "required"
    assert create["authenticatorSelection"]["userVerification"] == "required"
    assert create["attestation"] == "none"
    assert [item["id"] for item in create["excludeCredentials"]] == [key.created(create)["id"]]
    get = (await client.post(OPTIONS)).json()["options"]
    assert (get["userVerification"], get["rpId"], get["allowCredentials"]) == ("required", "localhost", [])


async def test_a_passkey_is_two_steps_in_one(client: httpx.AsyncClient, world: World) -> None:
    owner = await with_two_step(world, client)
    key = Passkey((await _user_id(world, owner.email)).bytes)
    assert (await _add(client, owner, key)).status_code == 201
    assert (await _sign_in(client, key)).status_code == 200


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "http://localhost.evil.example:8000"},
    "another port": {"origin": "http://localhost:8001"},
    "another relying party": {"relying_party": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_statement_signs_nobody_in(client: httpx.AsyncClient, world: World, wrong: str) -> None:
    owner, key = await _with_passkey(world, client)
    for name, value in WRONG[wrong].items():
        setattr(key, name, value)
    problem(await _sign_in(client, key), 403, "passkey-refused")
    assert await acts(world, owner.email) == ["passkey.added"]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_statement_adds_nothing(client: httpx.AsyncClient, world: World, wrong: str) -> None:
    owner = await new_owner(world, client)
    key = Passkey((await _user_id(world, owner.email)).bytes, **WRONG[wrong])
    problem(await _add(client, owner, key), 403, "passkey-refused")
    assert (await client.get(f"{API}/me/ways-in", headers=owner.headers)).json()["passkeys"] == []


async def test_another_key_for_the_same_id_is_refused(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    forged = Passkey(key.user_handle, credential_id=key.credential_id, count=5)
    problem(await _sign_in(client, forged), 403, "passkey-refused")


async def test_a_passkey_of_another_persons_handle_is_refused(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    key.user_handle = uuid4().bytes
    problem(await _sign_in(client, key), 403, "passkey-refused")


async def test_an_unknown_passkey_is_refused(client: httpx.AsyncClient) -> None:
    problem(await _sign_in(client, Passkey(uuid4().bytes)), 403, "passkey-refused")


async def test_a_challenge_works_once_and_only_with_its_own_answer(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    begun, other = (await client.post(OPTIONS)).json(), (await client.post(OPTIONS)).json()
    answer = key.asserted(begun["options"])
    problem(
        await client.post(SIGN_IN, json={"ceremony": other["ceremony"], "credential": answer}), 403, "passkey-refused"
    )
    body = {"ceremony": begun["ceremony"], "credential": answer}
    answers = await asyncio.gather(*(client.post(SIGN_IN, json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410]


async def test_a_challenge_ends_with_its_time(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    begun = (await client.post(OPTIONS)).json()
    await world.owner.execute(
        "UPDATE auth.ceremonies SET created_at = now() - interval '1 hour', expires_at = now() WHERE kind = 'PASSKEY_SIGN_IN'"
    )
    body = {"ceremony": begun["ceremony"], "credential": key.asserted(begun["options"])}
    problem(await client.post(SIGN_IN, json=body), 410, "ceremony-over")


@pytest.mark.parametrize("given", [3, 5])
async def test_a_count_that_falls_is_refused_recorded_and_told(
    client: httpx.AsyncClient, world: World, given: int
) -> None:
    owner, key = await _with_passkey(world, client)
    key.count = 5
    assert (await _sign_in(client, key)).status_code == 200
    await world.deliver()
    key.count = given
    problem(await _sign_in(client, key), 403, "passkey-copied")
    assert await acts(world, owner.email) == ["passkey.added", "passkey.copied"]
    await world.deliver()
    assert world.letters(owner.email)[0].subject == "A passkey of yours may have been copied"


async def test_a_count_is_believed_only_from_the_key_itself(client: httpx.AsyncClient, world: World) -> None:
    """A stranger who knows the id of a passkey cannot make its owner believe that it was copied."""
    owner, key = await _with_passkey(world, client)
    key.count = 5
    await _sign_in(client, key)
    forged = Passkey(key.user_handle, credential_id=key.credential_id, count=1)
    problem(await _sign_in(client, forged), 403, "passkey-refused")
    assert await acts(world, owner.email) == ["passkey.added"]


async def test_an_authenticator_that_never_counts_is_accepted(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    for _ in range(2):
        assert (await _sign_in(client, key)).status_code == 200


async def test_adding_needs_recent_proof_and_the_session_it_was_begun_in(
    client: httpx.AsyncClient, world: World
) -> None:
    owner = await new_owner(world, client)
    key = Passkey((await _user_id(world, owner.email)).bytes)
    begun = (await client.post(f"{API}/me/passkeys/options", headers=owner.headers)).json()
    body = {"ceremony": begun["ceremony"], "name": "Mine", "credential": key.created(begun["options"])}
    elsewhere = bearer(await world.log_in(client, owner.email))
    problem(await client.post(f"{API}/me/passkeys", json=body, headers=elsewhere), 410, "ceremony-over")
    stranger = await new_owner(world, client)
    problem(await client.post(f"{API}/me/passkeys", json=body, headers=stranger.headers), 410, "ceremony-over")
    await forget_proof(world, owner.email)
    problem(await client.post(f"{API}/me/passkeys/options", headers=owner.headers), 403, "proof-needed")
    problem(await client.post(f"{API}/me/passkeys", json=body, headers=owner.headers), 403, "proof-needed")
    await client.post(f"{API}/me/proof", json={"password": PASSWORD}, headers=owner.headers)
    assert (await client.post(f"{API}/me/passkeys", json=body, headers=owner.headers)).status_code == 201


async def test_a_passkey_belongs_to_one_account(client: httpx.AsyncClient, world: World) -> None:
    _owner, key = await _with_passkey(world, client)
    other = await new_owner(world, client)
    problem(await _add(client, other, key), 409, "passkey-taken")


async def test_there_is_a_bound(client: httpx.AsyncClient, world: World) -> None:
    owner, _key = await _with_passkey(world, client)
    await world.owner.execute(
        """INSERT INTO auth.webauthn_credentials (user_id, credential_id, public_key, name)
           SELECT $1::uuid, sha256(($1::uuid || n::text)::bytea), 'x', 'x' FROM generate_series(1, 19) n""",
        await _user_id(world, owner.email),
    )
    problem(await client.post(f"{API}/me/passkeys/options", headers=owner.headers), 409, "too-many-passkeys")


async def test_renaming_and_removing(client: httpx.AsyncClient, world: World) -> None:
    owner, key = await _with_passkey(world, client)
    stranger = await new_owner(world, client)
    (listed,) = (await client.get(f"{API}/me/ways-in", headers=owner.headers)).json()["passkeys"]
    path = f"{API}/me/passkeys/{listed['id']}"
    problem(await client.patch(path, json={"name": "Theirs"}, headers=stranger.headers), 404, "passkey-not-found")
    problem(await client.delete(path, headers=stranger.headers), 404, "passkey-not-found")
    for name in ("", " ", "a\nb", "x" * 61):
        problem(await client.patch(path, json={"name": name}, headers=owner.headers), 422, "validation-failed")
    assert (await client.patch(path, json={"name": " Phone "}, headers=owner.headers)).status_code == 204
    assert (await client.get(f"{API}/me/ways-in", headers=owner.headers)).json()["passkeys"][0]["name"] == "Phone"
    assert (await client.delete(path, headers=owner.headers)).status_code == 204
    problem(await _sign_in(client, key), 403, "passkey-refused")
    assert await acts(world, owner.email) == ["passkey.added", "passkey.removed"]


async def test_the_last_way_in_stays(client: httpx.AsyncClient, world: World) -> None:
    owner, key = await _with_passkey(world, client)
    await world.owner.execute("UPDATE auth.users SET password_hash = NULL WHERE email = $1::citext", owner.email)
    second = Passkey(key.user_handle)
    assert (await _add(client, owner, second, "Second")).status_code == 201
    listed = (await client.get(f"{API}/me/ways-in", headers=owner.headers)).json()["passkeys"]
    paths = [f"{API}/me/passkeys/{passkey['id']}" for passkey in listed]
    answers = await asyncio.gather(*(client.delete(path, headers=owner.headers) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [204, 409], "not even both at once"
    problem(next(answer for answer in answers if answer.status_code == 409), 409, "last-way-in")


async def test_an_account_without_password_sets_one_by_mail(client: httpx.AsyncClient, world: World) -> None:
    owner, _key = await _with_passkey(world, client)
    await world.owner.execute("UPDATE auth.users SET password_hash = NULL WHERE email = $1::citext", owner.email)
    await world.waiting()
    await client.post(f"{API}/auth/forgot-password", json={"email": owner.email})
    await world.deliver()
    body = {"token": world.token(owner.email), "password": "a brand new password"}
    assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    await world.log_in(client, owner.email, "a brand new password")


async def test_a_suspended_account_is_closed_to_passkeys_too(client: httpx.AsyncClient, world: World) -> None:
    owner, key = await _with_passkey(world, client)
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", owner.email)
    problem(await _sign_in(client, key), 403, "account-suspended")
    assert (await world.outcomes(owner.email))[-1] == "SUSPENDED"


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": 1}, {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}, {"response": {"deep": [[[[]]]]}},
     {"id": "AA", "rawId": "AA", "type": "public-key",
      "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": 7}},
     {"id": "AA", "rawId": "AA", "type": ["public-key"], "response": {"clientDataJSON": "!", "attestationObject": "oQ"}}],
    ids=range(6),
)  # fmt: skip
async def test_malformed_answers_are_refused(
    client: httpx.AsyncClient, world: World, credential: dict[str, Any]
) -> None:
    ceremony = (await client.post(OPTIONS)).json()["ceremony"]
    problem(await client.post(SIGN_IN, json={"ceremony": ceremony, "credential": credential}), 403, "passkey-refused")
    owner = await new_owner(world, client)
    begun = (await client.post(f"{API}/me/passkeys/options", headers=owner.headers)).json()
    body = {"ceremony": begun["ceremony"], "name": "x", "credential": credential}
    problem(await client.post(f"{API}/me/passkeys", json=body, headers=owner.headers), 403, "passkey-refused")


async def test_the_pages_do_it_with_a_form_and_a_cookie(world: World) -> None:
    email = await world.account()
    key = Passkey((await _user_id(world, email)).bytes)
    async with visitor(world.application) as client:
        browser = Browser(client)
        await browser.log_in(email)
        page = await browser.open("/account/passkeys")
        assert "needs scripts" in text_of(page)
        headers = {"X-CSRF-Token": csrf_token(page)}
        options = (await client.post("/account/passkeys/options", headers=headers)).json()
        credential = json.dumps(key.created(options))
        leads_to(
            await browser.send("/account/passkeys", "/account/passkeys", name="<b>Key</b>", credential=credential),
            "/account/passkeys",
        )
        assert "&lt;b&gt;Key&lt;/b&gt;" in (await browser.open("/account/passkeys")).text
    async with visitor(world.application) as client:
        browser = Browser(client)
        headers = {"X-CSRF-Token": csrf_token(await browser.open("/login"))}
        options = (await client.post("/login/passkey/options", headers=headers)).json()
        assert "ceremony" not in options
        credential = json.dumps(key.asserted(options))
        async with visitor(world.application) as thief:  # the answer alone, without the browser's cookie
            stolen = await Browser(thief).send("/login/passkey", "/login", credential=credential)
            assert stolen.status_code == 410
            assert SESSION_COOKIE not in thief.cookies
        leads_to(await browser.send("/login/passkey", "/login", credential=credential, next="/languages"), "/languages")
        assert email in (await browser.open("/account")).text


@pytest.mark.parametrize("credential", ["", "null", "[]", "{", "[" * 5000, '{"a": 1}'], ids=range(6))
async def test_a_form_with_anything_else_comes_back(world: World, credential: str) -> None:
    async with visitor(world.application) as client:
        browser = Browser(client)
        answer = await browser.send("/login/passkey", "/login", credential=credential, next="//evil.example")
        assert answer.status_code == 403
        assert "This passkey was not accepted" in text_of(answer)
        assert "evil" not in answer.text


async def test_pages_ask_for_proof_and_lead_back(world: World) -> None:
    email = await world.account(email=new_email("prover"))
    async with visitor(world.application) as client:
        browser = Browser(client)
        await browser.log_in(email)
        await forget_proof(world, email)
        page = await browser.open("/account/passkeys")
        assert 'href="/account/confirm?next=/account/passkeys"' in page.text
        answer = await browser.send("/account/two-step/begin", "/account/two-step")
        leads_to(answer, "/account/confirm?next=%2Faccount%2Ftwo-step")
        confirm = answer.headers["location"]
        wrong = await browser.send("/account/confirm", confirm, password="not the password", next="/account/two-step")
        assert wrong.status_code == 422
        assert "This is not your current password." in text_of(wrong)
        leads_to(
            await browser.send("/account/confirm", confirm, password=PASSWORD, next="/account/two-step"),
            "/account/two-step",
        )
        away = await browser.send("/account/confirm", confirm, password=PASSWORD, next="https://evil.example")
        leads_to(away, "/account/passkeys")
        setup = await browser.send("/account/two-step/begin", "/account/two-step")
        assert "data:image/svg+xml" in setup.text
