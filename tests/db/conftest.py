"""What the tests of the database add to the shared fixtures: empty databases, logins with chosen rights, sessions."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from codezest_db.roles import ROLES
from fixtures.cluster import execute_at

ConnectAs = Callable[[str], AbstractAsyncContextManager[asyncpg.Connection]]


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str

    def url(self, database: str) -> str:
        """The database's URL for this login."""
        parts = urlsplit(database)
        address = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{self.name}:{self.password}@{address}"))


def _new_login(url: str, attributes: str, member_of: tuple[str, ...]) -> Login:
    login = Login(f"login_{uuid4().hex}", secrets.token_hex(8))
    grants = [f"GRANT {role} TO {login.name}" for role in member_of]
    asyncio.run(execute_at(url, f"CREATE ROLE {login.name} LOGIN PASSWORD '{login.password}' {attributes}", *grants))
    return login


@dataclass(slots=True)
class Cluster:
    """Databases and logins made for one test."""

    url: str
    databases: list[str] = field(default_factory=list[str])
    logins: list[str] = field(default_factory=list[str])

    def execute(self, url: str, *statements: str) -> None:
        asyncio.run(execute_at(url, *statements))

    def new_database(self, owner: Login | None = None) -> str:
        """The URL of an empty database, for its owner."""
        name = f"empty_{uuid4().hex}"
        self.execute(self.url, f"CREATE DATABASE {name}" + (f" OWNER {owner.name}" if owner else ""))
        self.databases.append(name)
        url = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
        return owner.url(url) if owner else url

    def new_login(self, attributes: str = "", member_of: tuple[str, ...] = ()) -> Login:
        login = _new_login(self.url, attributes, member_of)
        self.logins.append(login.name)
        return login

    def clean(self) -> None:
        for name in self.databases:
            self.execute(self.url, f"DROP DATABASE {name} WITH (FORCE)")
        for name in self.logins:
            self.execute(self.url, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


@pytest.fixture
def cluster(postgres_url: str, template_database: str) -> Iterator[Cluster]:
    """The test cluster, whose template keeps the services' roles in being."""
    made = Cluster(postgres_url)
    yield made
    made.clean()


@pytest.fixture(scope="module")
def member(database_url: str) -> Iterator[str]:
    """The migrated database's URL for a login that owns nothing and is a member of every service's role."""
    login = _new_login(database_url, "", tuple(role.name for role in ROLES))
    yield login.url(database_url)
    asyncio.run(execute_at(database_url, f"DROP ROLE {login.name}"))


@pytest.fixture(scope="module")
def connect_as(member: str) -> ConnectAs:
    """Opens connections of `member` that work under a role from their first statement."""

    @asynccontextmanager
    async def connect(role: str) -> AsyncGenerator[asyncpg.Connection]:
        connection = await asyncpg.connect(member, server_settings={"role": role})
        try:
            yield connection
        finally:
            await connection.close()

    return connect


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[AsyncSession]:
    """A session of the owner, rolled back after the test."""
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=NullPool)
    async with engine.connect() as connection:
        transaction = await connection.begin()
        async with AsyncSession(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        await transaction.rollback()
    await engine.dispose()
