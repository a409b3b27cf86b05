"""What the tests of auth share: visitors from addresses of their own, and the post that the worker would deliver."""

import itertools
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.kit.jobs import Job
from codezest.kit.mail import KeptMail, mailbox_for
from codezest.kit.settings import Settings
from codezest.services.auth import jobs as auth_jobs
from codezest.services.auth.actions.create_user import create_user
from codezest.services.learning import inviting
from codezest_db.enums import Role

API = "/api/v1"
PASSWORD = "seven purple teapots"
_hosts = itertools.count(1)


def new_email(name: str = "ada") -> str:
    return f"{name}-{uuid4().hex[:10]}@codezest.example"


def new_address() -> str:
    """A network address that no other visitor has."""
    number = next(_hosts)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@asynccontextmanager
async def visitor(
    application: Application, address: str | None = None, **options: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client from an address of its own, so that limits by address do not couple the tests."""
    transport = httpx.ASGITransport(
        app=application,  # pyright: ignore[reportArgumentType]
        raise_app_exceptions=False,
        client=(address or new_address(), 40000),
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", **options) as client:
        yield client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a problem that is what was expected."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:codezest:problem:{code}", body
    return body


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def csrf_token(page: httpx.Response) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text[:2000]
    return found.group(1)


@dataclass(slots=True)
class World:
    """The application with everything round it."""

    application: Application
    database: Database
    settings: Settings
    owner: asyncpg.Connection
    handlers: dict[str, Job] = field(init=False)

    def __post_init__(self) -> None:
        mailbox = mailbox_for(self.settings)
        made = auth_jobs.jobs(self.database, self.settings, mailbox)
        # A proven address may have been invited to courses.
        made += inviting.jobs(self.database, self.settings, mailbox)
        self.handlers = {job.name: job for job in made}

    async def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        """The jobs in the queue, taken out of it."""
        rows = await self.owner.fetch(
            "WITH gone AS (DELETE FROM ops.pgqueuer RETURNING *) SELECT entrypoint, payload FROM gone ORDER BY id"
        )
        return [(row["entrypoint"], json.loads(row["payload"])) for row in rows]

    async def deliver(self) -> None:
        """Run what the worker would."""
        for name, payload in await self.waiting():
            await self.handlers[name].handler(payload)

    def letters(self, email: str) -> list[KeptMail]:
        """The letters to an address, the newest first."""
        return [letter for letter in mailbox_for(self.settings).letters(10_000) if letter.to == email]

    def token(self, email: str, index: int = 0) -> str:
        """The secret in the newest letter to an address, or in an earlier one."""
        found = re.search(r"token=(\S+)", self.letters(email)[index].text)
        assert found is not None
        return found.group(1)

    async def account(self, role: Role = Role.STUDENT, *, email: str | None = None, password: str = PASSWORD) -> str:
        """The address of a new confirmed user."""
        address = email or new_email()
        async with self.database.write("auth") as session:
            await create_user(session, email=address, password=password, first_name="Ada", last_name="King", role=role)
        return address

    async def log_in(self, client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> str:
        """A new session's token."""
        answer = await client.post(f"{API}/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    async def register(self, client: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: str) -> None:
        body = {"email": email, "password": password, "first_name": "Ada", "last_name": "King"} | more
        answer = await client.post(f"{API}/auth/register", json=body)
        assert answer.status_code == 201, answer.text

    async def outcomes(self, email: str) -> list[str]:
        """How the attempts to log in with an address ended, in order."""
        rows = await self.owner.fetch(
            "SELECT outcome FROM auth.login_events WHERE email = $1::citext ORDER BY created_at", email
        )
        return [row["outcome"] for row in rows]

    async def events(self, user_email: str) -> list[str]:
        """The topics announced about a user, in order."""
        rows = await self.owner.fetch(
            """SELECT topic FROM ops.outbox
               WHERE payload->>'user_id' = (SELECT id::text FROM auth.users WHERE email = $1::citext) ORDER BY id""",
            user_email,
        )
        return [row["topic"] for row in rows]
