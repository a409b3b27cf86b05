"""Migrations build what the models describe, can be undone, and tell their user what stands in the way."""

import ast
import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from codezest_db import migrate, queue
from codezest_db.errors import MigrationInProgressError, MissingPrivilegeError
from codezest_db.models import Base
from codezest_db.roles import BROWSER, ROLES
from codezest_db.views import views_metadata

if TYPE_CHECKING:
    from .conftest import Cluster

SCHEMAS = ("auth", "learning", "ops")
ROLE_NAMES = (*(role.name for role in ROLES), BROWSER)
VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"


def _query(url: str, statement: str) -> list[asyncpg.Record]:
    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def _schemas(url: str) -> set[str]:
    rows = _query(url, "SELECT nspname FROM pg_namespace WHERE nspname IN ('auth', 'learning', 'ops')")
    return {row["nspname"] for row in rows}


def _on_engine(url: str, work: Callable[[Connection], Any]) -> Any:
    async def run() -> Any:
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=NullPool)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def test_up_down_and_up_again(cluster: "Cluster") -> None:
    url = cluster.new_database()
    assert migrate.current(url) is None
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()
    assert _schemas(url) == set(SCHEMAS)
    migrate.downgrade(url, "base")
    assert migrate.current(url) is None
    assert _schemas(url) == set()
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()


def test_upgrading_twice_changes_nothing(cluster: "Cluster") -> None:
    url = cluster.new_database()
    migrate.upgrade(url)
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()


def test_every_step_can_be_undone_and_redone(cluster: "Cluster") -> None:
    url = cluster.new_database()
    script = ScriptDirectory(str(VERSIONS.parent))
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    for revision in revisions:
        migrate.upgrade(url, revision)
        migrate.downgrade(url, "-1")
        migrate.upgrade(url, revision)
        assert migrate.current(url) == revision
    assert revisions[-1] == migrate.head()


def test_alembic_sees_no_difference_from_the_models(database_url: str) -> None:
    views = set(views_metadata.tables)

    def included(name: str | None, kind: str, parents: Any) -> bool:
        if kind == "schema":
            return name in SCHEMAS
        if kind == "table":
            full_name = f"{parents['schema_name']}.{name}"
            return full_name not in views and not full_name.startswith("ops.pgqueuer")
        return True

    def compare(connection: Connection) -> list[Any]:
        options = {
            "include_schemas": True,
            "include_name": included,
            "compare_type": True,
            "compare_server_default": True,
        }
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    assert _on_engine(database_url, compare) == []


DESCRIPTION = r"""
SELECT 'column' AS kind, c.relname AS relation, a.attname AS name,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                 pg_get_expr(d.adbin, d.adrelid), '-- ' || col_description(c.oid, a.attnum)) AS definition
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('auth', 'learning', 'ops') AND c.relname !~ '^pgqueuer'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE connamespace::regnamespace::text IN ('auth', 'learning', 'ops') AND conrelid::regclass::text !~ 'pgqueuer'
   AND contype <> 't' -- triggers, which no model makes
UNION ALL
SELECT 'index', tablename, indexname, indexdef
  FROM pg_indexes WHERE schemaname IN ('auth', 'learning', 'ops') AND tablename !~ '^pgqueuer'
UNION ALL
SELECT 'table', c.relname, '', obj_description(c.oid, 'pg_class')
  FROM pg_class c
 WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('auth', 'learning', 'ops') AND c.relname !~ '^pgqueuer'
"""


def test_catalogs_are_the_same_as_made_from_the_models(database_url: str, cluster: "Cluster") -> None:
    """Alembic compares no checks; the server's own description of both databases does."""
    url = cluster.new_database()

    def create(connection: Connection) -> None:
        for extension in ("citext", "pg_trgm"):
            connection.execute(text(f"CREATE EXTENSION {extension}"))
        for schema in SCHEMAS:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        Base.metadata.create_all(connection)

    _on_engine(url, create)
    expected = {tuple(row.values()) for row in _query(url, DESCRIPTION)}
    migrated = {tuple(row.values()) for row in _query(database_url, DESCRIPTION)}
    assert len(expected) > 500
    assert migrated - expected == set()
    assert expected - migrated == set()


def test_views_are_as_described(database_url: str) -> None:
    rows = _query(
        database_url,
        "SELECT table_schema || '.' || table_name AS view, column_name FROM information_schema.columns"
        " WHERE (table_schema, table_name) IN (SELECT schemaname, viewname FROM pg_views"
        " WHERE schemaname IN ('auth', 'learning', 'ops'))",
    )
    expected = {(name, column.name) for name, view in views_metadata.tables.items() for column in view.columns}
    assert {(row["view"], row["column_name"]) for row in rows} == expected


def test_migrations_import_no_models() -> None:
    """A migration runs against the schema of its day; models are those of today."""
    for file in VERSIONS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules: list[str] = []
            if isinstance(node, ast.ImportFrom):
                modules = [f"{node.module}.{name.name}" for name in node.names]
            elif isinstance(node, ast.Import):
                modules = [name.name for name in node.names]
            for module in modules:
                assert not module.startswith(("codezest_db.models", "codezest_db.base", "codezest_db.enums")), file.name


def _upgrade_in_processes(*urls: str) -> None:
    program = "import sys; from codezest_db import migrate; migrate.upgrade(sys.argv[1])"
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", program, url]) for url in urls]
    assert [process.wait() for process in running] == [0] * len(urls)


def test_two_processes_may_migrate_at_once(cluster: "Cluster") -> None:
    url = cluster.new_database()
    _upgrade_in_processes(url, url)
    assert migrate.current(url) == migrate.head()


def test_two_databases_of_a_cluster_may_migrate_at_once(cluster: "Cluster") -> None:
    urls = [cluster.new_database(), cluster.new_database()]
    _upgrade_in_processes(*urls)
    assert [migrate.current(url) for url in urls] == [migrate.head()] * 2


def test_one_process_may_migrate_two_databases_at_once(cluster: "Cluster") -> None:
    urls = [cluster.new_database(), cluster.new_database()]

    async def both() -> None:
        await asyncio.gather(*(migrate.async_upgrade(url) for url in urls))

    asyncio.run(both())
    assert [migrate.current(url) for url in urls] == [migrate.head()] * 2


def test_a_migration_that_takes_too_long_is_not_waited_for(cluster: "Cluster") -> None:
    url = cluster.new_database()

    async def run() -> None:
        async with migrate._locked(url, 5, 5, 5):  # pyright: ignore[reportPrivateUsage]
            with pytest.raises(MigrationInProgressError, match="Another process"):
                await migrate.async_upgrade(url, wait_seconds=0.05)
        await migrate.async_upgrade(url)

    asyncio.run(run())
    assert migrate.current(url) == migrate.head()


def test_a_busy_table_stops_the_migration_and_keeps_the_revision(cluster: "Cluster") -> None:
    url = cluster.new_database()
    migrate.upgrade(url, "0005")  # the step that made the table that is busy below

    async def run() -> None:
        blocker = await asyncpg.connect(url)
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE ops.outbox IN ACCESS SHARE MODE")
            with pytest.raises(Exception, match="lock timeout"):
                await migrate.async_downgrade(url, "-1", lock_seconds=0.05)
        await blocker.close()

    asyncio.run(run())
    assert migrate.current(url) == "0005"
    assert _query(url, "SELECT to_regclass('ops.pgqueuer') IS NOT NULL AS there")[0]["there"]


def test_the_queue_is_what_the_installed_library_declares(database_url: str) -> None:
    """When this fails after an upgrade of pgqueuer, add a migration that applies what `queue.pending` lists."""

    async def run() -> tuple[str, ...]:
        connection = await asyncpg.connect(database_url)
        try:
            return await queue.pending(connection)
        finally:
            await connection.close()

    assert asyncio.run(run()) == ()


def test_an_ordinary_owner_may_migrate_once_given_the_roles(cluster: "Cluster") -> None:
    url = cluster.new_database(cluster.new_login(member_of=ROLE_NAMES))
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()
    migrate.downgrade(url, "base")
    assert {row["rolname"] for row in _query(url, "SELECT rolname FROM pg_roles")} >= set(ROLE_NAMES)


def test_an_owner_without_the_roles_learns_what_to_ask_for(cluster: "Cluster") -> None:
    url = cluster.new_database(cluster.new_login())
    with pytest.raises(MissingPrivilegeError, match="GRANT codezest_auth"):
        migrate.upgrade(url)
    assert migrate.current(url) is None
    assert _schemas(url) == set()


def test_a_user_who_may_not_create_the_extension_learns_who_may(cluster: "Cluster") -> None:
    login, url = cluster.new_login(), cluster.new_database()
    cluster.execute(url, f"GRANT CREATE ON SCHEMA public TO {login.name}")
    with pytest.raises(MissingPrivilegeError, match="CREATE EXTENSION citext"):
        migrate.upgrade(login.url(url))


def test_a_user_who_owns_nothing_learns_that_it_must(cluster: "Cluster") -> None:
    login, url = cluster.new_login(), cluster.new_database()
    with pytest.raises(MissingPrivilegeError, match="must own the database"):
        migrate.upgrade(login.url(url))
