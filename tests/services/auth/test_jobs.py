"""Letters and clearing up, as the worker runs them."""

import asyncio
import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import aiosmtplib
import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from codezest.kit.mail import Mail, SmtpMailer
from codezest.kit.tokens import token_hash
from codezest.services.auth import jobs as auth_jobs
from codezest.services.auth.jobs import purge_expired
from services.auth.world import API, PASSWORD, World, bearer, new_email, problem

NEW = "nine orange lanterns"


async def test_a_confirmation_letter_sent_twice_leaves_one_row_and_the_newest_link(
    client: httpx.AsyncClient, world: World
) -> None:
    address = new_email()
    await world.register(client, address)
    ((name, payload),) = await world.waiting()
    await world.handlers[name].handler(payload)
    await world.handlers[name].handler(payload)
    newest, older = world.token(address, 0), world.token(address, 1)
    rows = await world.owner.fetch(
        "SELECT v.token_hash FROM auth.email_verifications v JOIN auth.users u ON u.id = v.user_id WHERE u.email = $1::citext",
        address,
    )
    assert [row["token_hash"] for row in rows] == [token_hash(newest)]
    answer = await client.post(f"{API}/auth/verify-email", json={"token": older})
    problem(answer, 400, "verification-token-invalid")
    assert (await client.post(f"{API}/auth/verify-email", json={"token": newest})).status_code == 200
    await world.handlers[name].handler(payload)
    assert len(world.letters(address)) == 2, "a confirmed address gets no more letters"


async def test_a_second_confirmation_letter_runs_twice_without_harm(client: httpx.AsyncClient, world: World) -> None:
    address = new_email()
    await world.register(client, address)
    await world.deliver()
    first = world.token(address)
    await client.post(f"{API}/auth/resend-verification", json={"email": address})
    ((name, payload),) = await world.waiting()
    await world.handlers[name].handler(payload)
    await world.handlers[name].handler(payload)
    count = await world.owner.fetchval(
        "SELECT count(*) FROM auth.email_verifications v JOIN auth.users u ON u.id = v.user_id WHERE u.email = $1::citext",
        address,
    )
    assert count == 2
    assert (await client.post(f"{API}/auth/verify-email", json={"token": first})).status_code == 200
    await world.log_in(client, address)


async def test_a_reset_letter_runs_twice_without_harm(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    await client.post(f"{API}/auth/forgot-password", json={"email": address})
    ((name, payload),) = await world.waiting()
    await world.handlers[name].handler(payload)
    await world.handlers[name].handler(payload)
    newest, older = world.token(address, 0), world.token(address, 1)
    refused = await client.post(f"{API}/auth/reset-password", json={"token": older, "password": NEW})
    problem(refused, 400, "reset-token-invalid")
    answer = await client.post(f"{API}/auth/reset-password", json={"token": newest, "password": NEW})
    assert answer.status_code == 204
    await world.handlers[name].handler(payload)
    assert len(world.letters(address)) == 2, "a used request sends no more letters"
    used = await client.post(f"{API}/auth/reset-password", json={"token": newest, "password": NEW})
    problem(used, 410, "reset-token-used")


async def test_a_letter_to_a_registered_address_changes_nothing(client: httpx.AsyncClient, world: World) -> None:
    address = await world.account()
    await world.waiting()  # what tests before have left
    await world.register(client, address, "a strangers password")
    ((name, payload),) = await world.waiting()
    assert name == "auth.send_already_registered"
    before = await world.owner.fetchrow("SELECT * FROM auth.users WHERE email = $1::citext", address)
    await world.handlers[name].handler(payload)
    await world.handlers[name].handler(payload)
    assert await world.owner.fetchrow("SELECT * FROM auth.users WHERE email = $1::citext", address) == before
    assert len(world.letters(address)) == 2


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("auth.send_verification", {"verification_id": str(uuid4())}),
        ("auth.resend_verification", {"request_id": str(uuid4())}),
        ("auth.send_already_registered", {"user_id": str(uuid4())}),
        ("auth.send_password_reset", {"request_id": str(uuid4())}),
    ],
)
async def test_a_job_whose_row_is_gone_ends_quietly(world: World, name: str, payload: dict[str, Any]) -> None:
    await world.handlers[name].handler(payload)


async def test_a_letter_that_fails_is_sent_by_the_next_run(client: httpx.AsyncClient, world: World) -> None:
    class Broken:
        async def send(self, mail: Mail) -> None:
            raise aiosmtplib.SMTPServerDisconnected(f"no letter to {mail.to}")

    address = new_email()
    await world.register(client, address)
    ((name, payload),) = await world.waiting()
    failing = {job.name: job for job in auth_jobs.jobs(world.database, world.settings, Broken())}
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await failing[name].handler(payload)
    await world.handlers[name].handler(payload)
    answer = await client.post(f"{API}/auth/verify-email", json={"token": world.token(address)})
    assert answer.status_code == 200


class Inbox:
    """What an SMTP server has been given."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append((list(envelope.rcpt_tos), email.message_from_bytes(content, policy=email.policy.default)))
        return "250 OK"


async def test_letters_leave_by_smtp(client: httpx.AsyncClient, world: World) -> None:
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(inbox), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", "CodeZest <no-reply@codezest.example>")
        sending = {job.name: job for job in auth_jobs.jobs(world.database, world.settings, mailer)}
        address = new_email()
        await world.register(client, address)
        for name, payload in await world.waiting():
            await sending[name].handler(payload)
    ((recipients, message),) = inbox.messages
    assert recipients == [address]
    assert message["To"] == address
    assert message["Subject"] == "Confirm your e-mail address"
    text = message.get_content()
    token = next(line.partition("token=")[2] for line in text.splitlines() if "token=" in line)
    assert text.count("http://localhost:8000/verify-email?token=") == 1
    assert (await client.post(f"{API}/auth/verify-email", json={"token": token})).status_code == 200


async def test_the_purge_deletes_what_is_long_over_and_nothing_else(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth_jobs, "PURGE_BATCH", 2)
    address = await world.account()
    kept = await world.log_in(client, address)
    ended = await world.log_in(client, address)
    await client.post(f"{API}/auth/logout", headers=bearer(ended))
    user = await world.owner.fetchval("SELECT id FROM auth.users WHERE email = $1::citext", address)
    long_ago = timedelta(days=100)
    await world.owner.execute(
        """INSERT INTO auth.sessions (user_id, token_hash, created_at, expires_at)
           SELECT $1, sha256(('s' || n)::bytea), now() - $2::interval, now() - $2::interval / 2 FROM generate_series(1, 5) n""",
        user, long_ago,
    )  # fmt: skip
    for table in ("email_verifications", "password_resets"):
        await world.owner.execute(
            f"""INSERT INTO auth.{table} (user_id, token_hash, created_at, expires_at)
                SELECT $1::uuid, sha256(('t' || n)::bytea), now() - $2::interval, now() - interval '8 days' FROM generate_series(1, 3) n
                UNION ALL SELECT $1::uuid, sha256('live'), now() - $2::interval, now() - interval '6 days'""",  # noqa: S608
            user, long_ago,
        )  # fmt: skip
    await world.owner.execute(
        """INSERT INTO auth.login_events (email, outcome, created_at)
           SELECT $1::citext, 'WRONG_CREDENTIALS', now() - $2::interval FROM generate_series(1, 3)""",
        address, long_ago,
    )  # fmt: skip
    deleted = await purge_expired(world.database)
    assert deleted == {
        "auth.sessions": 5, "auth.email_verifications": 3, "auth.email_changes": 0, "auth.password_resets": 3,
        "auth.login_events": 3, "auth.api_tokens": 0, "auth.data_exports": 0,
    }  # fmt: skip
    assert not any((await purge_expired(world.database)).values())
    assert (await client.get(f"{API}/me", headers=bearer(kept))).status_code == 200
    assert await world.outcomes(address) == ["SUCCEEDED", "SUCCEEDED"]
    for recurring in auth_jobs.recurring(world.database, world.settings):
        await recurring.handler()


async def test_the_worker_knows_every_job_that_is_asked_for(client: httpx.AsyncClient, world: World) -> None:
    address, taken = new_email(), await world.account()
    await world.register(client, address)
    await world.register(client, taken, PASSWORD)
    await client.post(f"{API}/auth/resend-verification", json={"email": address})
    await client.post(f"{API}/auth/forgot-password", json={"email": address})
    asked = {name for name, _payload in await world.waiting()}
    assert len(asked) == 4
    assert asked <= set(world.handlers)
