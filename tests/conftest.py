"""What every test may ask for: a real PostgreSQL, a migrated database of its own, the running application, users.

The cluster lives as long as the test process and forgoes crash safety; a module gets its own database, cloned from a
migrated template in about 40 ms.
"""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.logs import configure_logging
from codezest.kit.postgres import EmbeddedPostgres
from codezest.kit.settings import Settings
from codezest_db import migrate
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import MakeUser, SignedIn, client_for
from fixtures.cluster import execute_at
from fixtures.product import SHARED

configure_logging(Settings(log_level="warning"))
gc.disable()  # until every test is found: a million objects, none of which becomes garbage

TEMPLATE = "codezest_template"
MEMORY = Path("/dev/shm")
ROOT = Path(__file__).parent


LONGEST_FIRST = (ROOT / "e2e" / "test_accessibility.py", ROOT / "product", ROOT / "e2e")
"""Files that wait for browsers and whole products: begun last, they would be waited for alone."""


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes run the tests, they inherit the name of a folder for what is made once for all of them."""
    if config.getoption("numprocesses", None) and SHARED not in os.environ:
        os.environ[SHARED] = shared = tempfile.mkdtemp(prefix="codezest-tests-")
        config.add_cleanup(lambda: shutil.rmtree(shared, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where files are handed out to several processes, the long ones come first."""
    items.sort(key=lambda item: [not item.path.is_relative_to(place) for place in LONGEST_FIRST])


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was found stays to the end; the collector need not look through it again and again."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what should have run did not. How it ended is kept for `tools/second_look.py`."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return
    skipped = len(reporter.stats.get("skipped", ()))
    if skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    failed = [report.nodeid for outcome in ("failed", "error") for report in reporter.stats.get(outcome, ())]
    ended = {"status": int(session.exitstatus), "skipped": skipped, "failed": sorted(set(failed))}
    session.config.cache.set("codezest/ended", ended)


def _with_database(url: str, name: str) -> str:
    return url.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The owner's address of a fresh cluster."""
    folder = Path(tempfile.mkdtemp(prefix="codezest-test-", dir=MEMORY if MEMORY.is_dir() else None))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder, durable=False)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a migrated database that others are cloned from."""
    asyncio.run(execute_at(postgres_url, f"CREATE DATABASE {TEMPLATE}"))
    migrate.upgrade(_with_database(postgres_url, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="module")
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """A migrated database for one test module."""
    name = f"test_{uuid4().hex}"
    asyncio.run(execute_at(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template_database} STRATEGY FILE_COPY"))
    yield _with_database(postgres_url, name)
    asyncio.run(execute_at(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of one test module; nothing is read from the environment that matters."""
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        secret_key="test-key-of-no-worth-" + "x" * 20,
        requests_per_minute=100_000,
    )


@pytest.fixture(scope="module")
async def application(settings: Settings) -> AsyncIterator[Application]:
    """The application, started."""
    made = Application(settings, settings.database_url)
    async with made.lifespan(made.app):
        yield made


@pytest.fixture(scope="module")
async def database(application: Application) -> Database:
    """The application's pools, with those of the worker opened too."""
    return await application.database.open("auth", "learning", "ops")


@pytest.fixture(scope="module")
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that may do anything, to arrange and to look."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """A client without any account."""
    async with client_for(application) as made:
        yield made


@pytest.fixture(scope="module")
def make_user(owner: asyncpg.Connection) -> MakeUser:
    """Makes users directly in the tables, so that tests of other services need nothing of auth."""

    async def make(role: Role = Role.STUDENT, *, email: str | None = None, verified: bool = True) -> SignedIn:
        user_id, address, token = uuid7(), email or f"{uuid4().hex[:12]}@codezest.example", tokens.new_token("czs")
        await owner.execute(
            """INSERT INTO auth.users (id, email, first_name, last_name, role, email_verified_at)
               VALUES ($1, $2, 'Test', 'Person', $3, $4)""",
            user_id, address, role.value, now() if verified else None,
        )  # fmt: skip
        await owner.execute(
            """INSERT INTO auth.sessions (id, user_id, token_hash, expires_at)
               VALUES ($1, $2, $3, now() + interval '1 day')""",
            uuid7(), user_id, tokens.token_hash(token),
        )  # fmt: skip
        return SignedIn(user_id, address, role, token)

    return make


@pytest.fixture(scope="module")
async def student(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.STUDENT)


@pytest.fixture(scope="module")
async def other_student(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.STUDENT)


@pytest.fixture(scope="module")
async def instructor(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.INSTRUCTOR)


@pytest.fixture(scope="module")
async def admin(make_user: MakeUser) -> SignedIn:
    return await make_user(Role.ADMIN)
