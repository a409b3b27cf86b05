"""Registration and the confirmation of addresses."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from codezest.services.auth import passwords
from codezest.services.auth.actions import register as register_module
from services.auth.world import API, PASSWORD, World, new_address, new_email, problem, visitor

REGISTER = f"{API}/auth/register"


def _body(**changes: Any) -> dict[str, Any]:
    return {"email": new_email(), "password": PASSWORD, "first_name": "Ada", "last_name": "King"} | changes


async def test_a_new_user_registers_confirms_and_logs_in(client: httpx.AsyncClient, world: World) -> None:
    body = _body()
    answer = await client.post(REGISTER, json=body)
    assert answer.status_code == 201
    assert answer.json()["email"] == body["email"]
    assert "mail" in answer.json()["message"]

    refused = await client.post(f"{API}/auth/login", json={"email": body["email"], "password": PASSWORD})
    problem(refused, 403, "email-not-verified")

    await world.deliver()
    token = world.token(body["email"])
    verified = await client.post(f"{API}/auth/verify-email", json={"token": token})
    assert verified.status_code == 200
    assert verified.json() == {"email": body["email"]}

    answer = await client.post(f"{API}/auth/login", json={"email": body["email"].upper(), "password": PASSWORD})
    assert answer.status_code == 200
    user = answer.json()["user"]
    assert (user["first_name"], user["last_name"], user["role"]) == ("Ada", "King", "STUDENT")
    assert user["email_verified_at"] is not None
    assert "password_hash" not in user
    assert await world.events(body["email"]) == ["auth.user_registered", "auth.email_verified", "auth.user_signed_in"]


async def test_no_secret_is_stored(client: httpx.AsyncClient, world: World) -> None:
    body = _body()
    await client.post(REGISTER, json=body)
    jobs = await world.waiting()
    assert [set(payload) for _name, payload in jobs] == [{"verification_id"}]
    await world.handlers[jobs[0][0]].handler(jobs[0][1])
    token = world.token(body["email"])
    tables = await world.owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'auth'")
    for table in tables:
        rows = await world.owner.fetch(f"SELECT t::text AS row FROM auth.{table['tablename']} t")  # noqa: S608
        for row in rows:
            assert token not in row["row"]
            assert token.encode().hex() not in row["row"]
            assert PASSWORD not in row["row"]


async def test_a_taken_address_gets_the_same_answer_and_its_owner_a_letter(
    client: httpx.AsyncClient, world: World
) -> None:
    taken, fresh = await world.account(), new_email()
    first = await client.post(REGISTER, json=_body(email=taken, password="another long one"))
    second = await client.post(REGISTER, json=_body(email=fresh, password="another long one"))
    assert first.status_code == second.status_code == 201
    assert first.json() | {"email": ""} == second.json() | {"email": ""}
    assert sorted(first.headers) == sorted(second.headers)
    await world.deliver()
    assert [letter.subject for letter in world.letters(taken)] == ["You already have an account"]
    assert "token=" not in world.letters(taken)[0].text
    await world.log_in(client, taken)  # with the password it had


async def test_the_password_is_hashed_for_a_taken_address_too(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await world.account()
    hashed: list[str] = []

    async def counted(password: str) -> str:
        hashed.append(password)
        return await passwords.hash_password(password)

    monkeypatch.setattr(register_module, "hash_password", counted)
    for email in (taken, new_email()):
        assert (await client.post(REGISTER, json=_body(email=email))).status_code == 201
    assert len(hashed) == 2


async def test_letters_carry_nothing_the_registrant_typed(client: httpx.AsyncClient, world: World) -> None:
    body = _body(first_name="Win-a-prize", last_name="evil.example")
    await client.post(REGISTER, json=body)
    await world.deliver()
    letter = world.letters(body["email"])[0]
    assert "prize" not in letter.text + letter.subject
    assert "evil" not in letter.text + letter.subject


async def test_whoever_answers_the_mail_gets_the_account_not_who_registered_first(
    client: httpx.AsyncClient, world: World
) -> None:
    victim = new_email("victim")
    await world.register(client, victim, "the attackers password", first_name="Mallory")
    await world.deliver()
    attackers_token = world.token(victim)
    await world.register(client, victim, "the victims password", first_name="Vera")
    await world.deliver()
    token = world.token(victim)
    assert token != attackers_token

    assert (await client.post(f"{API}/auth/verify-email", json={"token": token})).status_code == 200
    refused = await client.post(f"{API}/auth/login", json={"email": victim, "password": "the attackers password"})
    problem(refused, 401, "wrong-credentials")
    answer = await client.post(f"{API}/auth/login", json={"email": victim, "password": "the victims password"})
    assert answer.json()["user"]["first_name"] == "Vera"
    used = await client.post(f"{API}/auth/verify-email", json={"token": attackers_token})
    problem(used, 410, "verification-token-used")
    left = await world.owner.fetchval(
        """SELECT count(*) FROM auth.email_verifications v JOIN auth.users u ON u.id = v.user_id
           WHERE u.email = $1::citext AND (v.pending_password_hash IS NOT NULL OR v.used_at IS NULL)""",
        victim,
    )
    assert left == 0


async def test_a_later_stranger_changes_nothing_of_the_first_registration(
    client: httpx.AsyncClient, world: World
) -> None:
    email = new_email()
    await world.register(client, email, "the owners password", first_name="Olive")
    await world.deliver()
    token = world.token(email)
    await world.register(client, email, "the strangers password", first_name="Mallory")
    await world.deliver()
    assert (await client.post(f"{API}/auth/verify-email", json={"token": token})).status_code == 200
    answer = await client.post(f"{API}/auth/login", json={"email": email, "password": "the owners password"})
    assert answer.json()["user"]["first_name"] == "Olive"


async def test_a_confirmation_works_once_and_not_for_ever(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    await world.register(client, email)
    await world.deliver()
    token = world.token(email)
    await world.owner.execute(
        """UPDATE auth.email_verifications v SET created_at = v.created_at - $2::interval, expires_at = v.expires_at - $2::interval
           FROM auth.users u WHERE u.id = v.user_id AND u.email = $1::citext""",
        email,
        timedelta(hours=24),
    )
    problem(await client.post(f"{API}/auth/verify-email", json={"token": token}), 410, "verification-token-expired")

    again = await client.post(f"{API}/auth/resend-verification", json={"email": email})
    assert again.status_code == 202
    await world.deliver()
    fresh = world.token(email)
    assert fresh != token
    assert (await client.post(f"{API}/auth/verify-email", json={"token": fresh})).status_code == 200
    problem(await client.post(f"{API}/auth/verify-email", json={"token": fresh}), 410, "verification-token-used")
    await world.log_in(client, email)


async def test_a_letter_sent_again_never_confirms_a_strangers_password(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    await world.register(client, email, "the owners password", first_name="Olive")
    await world.register(client, email, "the strangers password", first_name="Mallory")
    await world.deliver()
    before = len(world.letters(email))
    await client.post(f"{API}/auth/resend-verification", json={"email": email})
    await world.deliver()
    assert len(world.letters(email)) == before + 1
    token = world.token(email)
    assert token.startswith("czr_"), "the owner is asked for a password, since nobody can tell whose the newest is"
    chosen = {"token": token, "password": "a password chosen now"}
    assert (await client.post(f"{API}/auth/reset-password", json=chosen)).status_code == 204
    await world.log_in(client, email, "a password chosen now")
    stranger = await client.post(f"{API}/auth/login", json={"email": email, "password": "the strangers password"})
    assert stranger.status_code == 401


@pytest.mark.parametrize("token", ["x", "czv_" + "A" * 43, "czr_" + "B" * 43, "ü" * 40, "\U0001f600"])
async def test_an_unknown_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    problem(await client.post(f"{API}/auth/verify-email", json={"token": token}), 400, "verification-token-invalid")


async def test_two_answers_at_once_open_the_account_once(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    for password in ("the first password", "the second password"):
        await world.register(client, email, password)
    await world.deliver()
    both = [world.token(email, 0), world.token(email, 1)] * 3
    answers = await asyncio.gather(*(client.post(f"{API}/auth/verify-email", json={"token": token}) for token in both))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410, 410]


async def test_parallel_registrations_of_one_address_make_one_user(client: httpx.AsyncClient, world: World) -> None:
    body = _body()
    answers = await asyncio.gather(*(client.post(REGISTER, json=body) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    count = await world.owner.fetchval("SELECT count(*) FROM auth.users WHERE email = $1::citext", body["email"])
    assert count == 1
    assert (await world.events(body["email"])).count("auth.user_registered") == 1
    await world.waiting()


async def test_mail_is_bounded_by_address_for_everyone_alike(world: World) -> None:
    known, unknown = await world.account(), new_email("nobody")
    for path in ("forgot-password", "resend-verification"):
        for email in (known, unknown):
            for _ in range(2):
                async with visitor(world.application) as client:
                    answer = await client.post(f"{API}/auth/{path}", json={"email": email})
                    assert answer.status_code == 202
    bodies: list[dict[str, Any]] = []
    for email in (known, unknown):
        async with visitor(world.application) as client:
            assert (await client.post(REGISTER, json=_body(email=email))).status_code == 201
            refused = await client.post(f"{API}/auth/forgot-password", json={"email": email.upper()})
            bodies.append(problem(refused, 429, "too-many-mails") | {"instance": "", "retry_after": 0})
            assert 3000 < int(refused.headers["retry-after"]) <= 3600
            problem(await client.post(REGISTER, json=_body(email=email)), 429, "too-many-mails")
    assert bodies[0] == bodies[1]
    await world.waiting()


async def test_mail_is_bounded_by_network(world: World, client: httpx.AsyncClient) -> None:
    address = new_address()
    await world.owner.execute(
        """INSERT INTO auth.audit_entries (action, subject_type, ip_address, details)
           SELECT 'mail.requested', 'user', $1::text::inet, '{"address": "elsewhere"}' FROM generate_series(1, 99)""",
        address,
    )
    async with visitor(world.application, address) as busy:
        assert (await busy.post(f"{API}/auth/forgot-password", json={"email": new_email()})).status_code == 202
        refused = await busy.post(f"{API}/auth/forgot-password", json={"email": new_email()})
        problem(refused, 429, "too-many-mails")
    assert (await client.post(f"{API}/auth/forgot-password", json={"email": new_email()})).status_code == 202


async def test_an_ipv6_customer_counts_as_one(world: World) -> None:
    await world.owner.execute(
        """INSERT INTO auth.audit_entries (action, subject_type, ip_address, details)
           SELECT 'mail.requested', 'user', ('2001:db8:7:7::' || to_hex(n))::inet, '{"address": "elsewhere"}'
           FROM generate_series(1, 100) n"""
    )
    async with visitor(world.application, "2001:db8:7:7:ffff::1") as busy:
        refused = await busy.post(f"{API}/auth/forgot-password", json={"email": new_email()})
        problem(refused, 429, "too-many-mails")
    async with visitor(world.application, "2001:db8:7:8::1") as neighbour:
        assert (await neighbour.post(f"{API}/auth/forgot-password", json={"email": new_email()})).status_code == 202


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"email": "no address"}, "validation-failed", "email"),
        ({"email": "a@b.test"}, "validation-failed", "email"),
        ({"email": "ä@codezest.example"}, "validation-failed", "email"),
        ({"email": "a" * 300 + "@codezest.example"}, "validation-failed", "email"),
        ({"email": 5}, "validation-failed", "email"),
        ({"email": "a@codezest.example\nBcc: b@codezest.example"}, "validation-failed", "email"),
        ({"password": "short"}, "validation-failed", "password"),
        ({"password": "x" * 201}, "validation-failed", "password"),
        ({"password": ["a", "list", "of", "things"]}, "validation-failed", "password"),
        ({"password": "1234567890"}, "password-too-common", "password"),
        ({"password": "Password123"}, "password-too-common", "password"),
        ({"password": "aaaaaaaaaaaa"}, "password-too-common", "password"),
        ({"password": "qwertyuiopas"}, "password-too-common", "password"),
        (
            {"email": "long.address@codezest.example", "password": "Long.Address@codezest.example"},
            "password-is-email",
            "password",
        ),
        ({"first_name": ""}, "validation-failed", "first_name"),
        ({"first_name": "   "}, "validation-failed", "first_name"),
        ({"first_name": "\x1c"}, "validation-failed", "first_name"),
        ({"first_name": "A\x00B"}, "validation-failed", "body"),
        ({"first_name": "A\nB"}, "validation-failed", "first_name"),
        ({"first_name": None}, "validation-failed", "first_name"),
        ({"last_name": "x" * 101}, "validation-failed", "last_name"),
        ({"role": "ADMIN"}, "validation-failed", "role"),
    ],
)
async def test_unacceptable_input_is_refused_and_nothing_is_stored(
    client: httpx.AsyncClient, world: World, changes: dict[str, Any], code: str, field: str
) -> None:
    await world.waiting()
    before = await world.owner.fetchval("SELECT count(*) FROM auth.users")
    body = problem(await client.post(REGISTER, json=_body(**changes)), 422, code)
    assert str(body["errors"][0]["location"][-1]) == field
    assert await world.owner.fetchval("SELECT count(*) FROM auth.users") == before
    assert await world.waiting() == []


async def test_a_lone_surrogate_and_invalid_json_are_bad_input(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (
        b'{"email": "a@codezest.example", "password": "\\ud800aaaaaaaaaaa", "first_name": "A"}',
        b'{"email": "a@codezest.example", "password": "aaaaaaaaaaa \xff", "first_name": "A"}',
        b"{",
        b"[]",
        b"null",
    ):
        answer = await client.post(REGISTER, content=body, headers=headers)
        assert 400 <= answer.status_code < 500, (body, answer.text)


async def test_unicode_names_and_passwords_work(client: httpx.AsyncClient, world: World) -> None:
    email = new_email()
    await world.register(client, email, "пароль из слов ①", first_name="  Zoë ", last_name="李")
    await world.deliver()
    await client.post(f"{API}/auth/verify-email", json={"token": world.token(email)})
    answer = await client.post(f"{API}/auth/login", json={"email": email, "password": "пароль из слов 1"})
    assert answer.status_code == 200, "NFKC makes the circled one a plain one"
    assert (answer.json()["user"]["first_name"], answer.json()["user"]["last_name"]) == ("Zoë", "李")


async def test_an_international_domain_is_stored_as_it_is_mailed(client: httpx.AsyncClient, world: World) -> None:
    answer = await client.post(REGISTER, json=_body(email="Zoe@BÜCHER.example"))
    assert answer.json()["email"] == "Zoe@xn--bcher-kva.example"
    await world.deliver()
    assert world.token("Zoe@xn--bcher-kva.example")
