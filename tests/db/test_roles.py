"""Each service's role writes its own schema, reads what others publish, and nothing more."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId
from pgqueuer.queries import EntrypointExecutionParameter
from sqlalchemy import NullPool, insert
from sqlalchemy.ext.asyncio import create_async_engine

from codezest_db import queue, roles
from codezest_db.ids import uuid7
from codezest_db.models import Base, Outbox
from codezest_db.roles import ROLES, SERVICE_ROLES, ServiceRole
from codezest_db.views import views_metadata

if TYPE_CHECKING:
    from .conftest import Cluster, ConnectAs

TABLES = sorted(Base.metadata.tables)
QUEUE_TABLES = ["ops.pgqueuer", "ops.pgqueuer_log", "ops.pgqueuer_schedules", "ops.pgqueuer_statistics"]
SHARED = {
    "ops.outbox": {"INSERT"},
    "ops.outbox_consumptions": {"INSERT", "SELECT"},
    "ops.idempotency_keys": {"INSERT", "SELECT", "UPDATE"},
    "ops.pgqueuer": {"INSERT"},
    "ops.pgqueuer_log": {"INSERT"},
}
READABLE_COLUMNS = {
    "ops.outbox": {"id", "created_at", "relayed_at", "attempts"},
    "ops.pgqueuer": {"id", "entrypoint", "priority", "status", "dedupe_key"},
}


def _expected(role: ServiceRole, table: str) -> set[str]:
    if table in role.append_only:
        return {"SELECT", "INSERT"}
    if table.startswith(f"{role.schema}."):
        return {"SELECT", "INSERT", "UPDATE", "DELETE"}
    if table in role.reads:
        return {"SELECT"}
    return SHARED.get(table, set()) if role in SERVICE_ROLES else set()


@pytest.fixture(scope="module")
async def owner_connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
async def test_privileges_are_exactly_those_stated(role: ServiceRole, owner_connection: asyncpg.Connection) -> None:
    for table in [*TABLES, *QUEUE_TABLES, *views_metadata.tables]:
        rows = await owner_connection.fetch(
            "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])"
            " AS privilege WHERE has_table_privilege($1, $2, privilege)",
            role.name,
            table,
        )
        assert {row["privilege"] for row in rows} == _expected(role, table), table


@pytest.mark.parametrize("role", SERVICE_ROLES, ids=lambda role: role.name)
async def test_columns_of_shared_tables_are_read_only_as_stated(
    role: ServiceRole, owner_connection: asyncpg.Connection
) -> None:
    rows = await owner_connection.fetch(
        "SELECT attrelid::regclass::text AS relation, attname FROM pg_attribute"
        " WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'ops'::regnamespace AND relkind = 'r')"
        " AND attnum > 0 AND NOT attisdropped AND has_column_privilege($1, attrelid, attnum, 'SELECT')",
        role.name,
    )
    readable: dict[str, set[str]] = {}
    for row in rows:
        readable.setdefault(row["relation"], set()).add(row["attname"])
    for table in ("ops.outbox_consumptions", "ops.idempotency_keys"):
        readable.pop(table)
    assert readable == READABLE_COLUMNS


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
async def test_roles_neither_log_in_nor_create(role: ServiceRole, owner_connection: asyncpg.Connection) -> None:
    row = await owner_connection.fetchrow(
        "SELECT rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS mighty,"
        " has_schema_privilege(rolname, 'auth', 'CREATE') OR has_schema_privilege(rolname, 'learning', 'CREATE')"
        " OR has_schema_privilege(rolname, 'ops', 'CREATE') AS creates FROM pg_roles WHERE rolname = $1",
        role.name,
    )
    assert row is not None
    assert not row["mighty"]
    assert not row["creates"]


async def test_learning_writes_its_own_tables_only(connect_as: "ConnectAs") -> None:
    async with connect_as("codezest_learning") as connection:
        assert await connection.fetchval("SELECT current_user") == "codezest_learning"
        await connection.execute("INSERT INTO learning.programming_languages (name, slug) VALUES ('Ada', 'ada')")
        await connection.execute("UPDATE learning.programming_languages SET position = 1 WHERE slug = 'ada'")
        await connection.execute("DELETE FROM learning.programming_languages WHERE slug = 'ada'")
        for statement in (
            "INSERT INTO auth.users (email, first_name, last_name) VALUES ('a@b.example', 'A', 'B')",
            "SELECT email FROM auth.users",
            "UPDATE auth.sessions SET revoked_at = now()",
            "SELECT payload FROM ops.outbox",
            "DELETE FROM ops.outbox",
            "SELECT payload FROM ops.pgqueuer",
            "CREATE TABLE learning.more (id int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_learning_reads_published_users_and_may_refer_to_them(connect_as: "ConnectAs") -> None:
    user_id, gone_id = uuid7(), uuid7()
    async with connect_as("codezest_auth") as connection:
        await connection.execute(
            "INSERT INTO auth.users (id, email, first_name, last_name, avatar_url, deleted_at)"
            " VALUES ($1, 'grace@navy.example', 'Grace', 'Hopper', '/g.png', NULL),"
            " ($2, 'gone@navy.example', 'Gone', '', '/x.png', now())",
            user_id,
            gone_id,
        )
    async with connect_as("codezest_learning") as connection:
        rows = await connection.fetch(
            "SELECT * FROM auth.public_users WHERE id = ANY($1) ORDER BY id", [user_id, gone_id]
        )
        assert [tuple(row.values()) for row in rows] == [
            (user_id, "Grace Hopper", "/g.png", "STUDENT"),
            (gone_id, None, None, "STUDENT"),
        ]
        await connection.execute(
            "INSERT INTO learning.courses (title, slug, instructor_user_id) VALUES ('C', 'c', $1)", user_id
        )
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(
                "INSERT INTO learning.courses (title, slug, instructor_user_id) VALUES ('D', 'd', $1)", uuid4()
            )


async def test_a_login_may_switch_roles_within_a_connection(member: str) -> None:
    connection = await asyncpg.connect(member)
    try:
        for role in ROLES:
            await connection.execute(f"SET ROLE {role.name}")
            assert await connection.fetchval("SELECT current_user") == role.name
    finally:
        await connection.close()


async def test_audit_entries_and_grades_cannot_be_rewritten(connect_as: "ConnectAs") -> None:
    async with connect_as("codezest_auth") as connection:
        await connection.execute(
            "INSERT INTO auth.audit_entries (action, subject_type) VALUES ('user.suspended', 'user')"
        )
        for statement in ("UPDATE auth.audit_entries SET action = 'x'", "DELETE FROM auth.audit_entries"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    async with connect_as("codezest_learning") as connection:
        for statement in ("UPDATE learning.gradings SET marks = 1", "DELETE FROM learning.gradings"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


@pytest.mark.parametrize("role", SERVICE_ROLES, ids=lambda role: role.name)
async def test_a_service_records_events_through_the_model(role: ServiceRole, member: str) -> None:
    engine = create_async_engine(
        member.replace("postgresql://", "postgresql+asyncpg://"),
        poolclass=NullPool,
        connect_args={"server_settings": {"role": role.name}},
    )
    async with engine.begin() as connection:
        statement = insert(Outbox).values(topic="probe", payload={"from": role.name}).returning(Outbox.created_at)
        assert (await connection.execute(statement)).scalar_one() is not None
    await engine.dispose()


@pytest.mark.parametrize("role", SERVICE_ROLES, ids=lambda role: role.name)
async def test_a_service_enqueues_and_the_worker_takes(role: ServiceRole, connect_as: "ConnectAs") -> None:
    entrypoint = f"probe-{role.name}"
    async with connect_as(role.name) as service:
        queries = queue.queries(queue.AsyncpgDriver(service))
        with contextlib.suppress(ZeroDivisionError):
            async with service.transaction():
                await queries.enqueue(entrypoint, b"lost", on_conflict="skip")
                raise ZeroDivisionError
        async with service.transaction():
            first = await queries.enqueue(
                entrypoint, json.dumps({"n": 1}).encode(), dedupe_key=entrypoint, on_conflict="skip"
            )
            again = await queries.enqueue(entrypoint, b"twice", dedupe_key=entrypoint, on_conflict="skip")
        assert again == [None]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await queries.browse_queue()
    async with connect_as("codezest_ops") as worker:
        queries = queue.queries(queue.AsyncpgDriver(worker))
        jobs = await queries.dequeue(
            10,
            {QueueEntrypoint(entrypoint): EntrypointExecutionParameter(concurrency_limit=0)},
            QueueManagerId(uuid4()),
            None,
            timedelta(seconds=30),
        )
        assert [(job.id, job.payload) for job in jobs] == [(first[0], b'{"n": 1}')]
        await queries.log_jobs([(jobs[0], "successful", None)])
        assert await queries.queue_job_by_id(jobs[0].id) is None
        assert [log.status for log in await queries.job_log_history(jobs[0].id)][-1] == "successful"


async def test_the_queue_ignores_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGQUEUER_SCHEMA", "PGQUEUER_PREFIX", "QUEUE_TABLE", "CHANNEL", "TRIGGER", "FUNCTION"):
        monkeypatch.setenv(name, "elsewhere")
    queue.settings.cache_clear()
    try:
        assert queue.settings().qualified.queue_table == "ops.pgqueuer"
        assert queue.settings().channel == "ch_pgqueuer"
    finally:
        queue.settings.cache_clear()


PROBE = "codezest_probe"


def test_a_role_made_by_many_at_once_is_made_once(cluster: "Cluster") -> None:
    """As several databases of one cluster migrate together, here as an owner who is no superuser."""
    login = cluster.new_login("CREATEROLE")
    url = cluster.new_database(login)

    async def create() -> str:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(roles.create(PROBE))
            await connection.execute(f"SET ROLE {PROBE}")
            return str(await connection.fetchval("SELECT current_user"))
        finally:
            await connection.close()

    async def many() -> list[str]:
        return await asyncio.gather(*(create() for _ in range(8)))

    try:
        assert asyncio.run(many()) == [PROBE] * 8
    finally:
        cluster.execute(cluster.url, f"DROP ROLE {PROBE}")


def test_a_role_is_dropped_when_no_database_needs_it(cluster: "Cluster") -> None:
    here, elsewhere = cluster.new_database(), cluster.new_database()
    cluster.execute(here, roles.create(PROBE))
    cluster.execute(elsewhere, "CREATE SCHEMA kept", f"GRANT USAGE ON SCHEMA kept TO {PROBE}")
    cluster.execute(here, roles.drop_if_unused(PROBE))
    cluster.execute(here, f"SET ROLE {PROBE}")
    cluster.execute(elsewhere, "DROP SCHEMA kept")
    cluster.execute(here, roles.drop_if_unused(PROBE), roles.drop_if_unused(PROBE))
    with pytest.raises(asyncpg.PostgresError, match="does not exist"):
        cluster.execute(here, f"SET ROLE {PROBE}")


@pytest.mark.parametrize("name", ["postgres", "codezest_x; DROP TABLE y", "", "codezest_Auth", "codezest_auth\n"])
def test_only_plain_names_become_sql(name: str) -> None:
    with pytest.raises(ValueError, match="not a role"):
        roles.create(name)
