"""The tables, read-only, for administrators: all of them, none of their secrets, and nothing but reading."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from codezest.gateway.administration.browsing import RowFilter, SearchTooSlow, browsing_pool, encode_key, fetch_rows
from codezest.gateway.administration.catalogue import table
from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from codezest.kit.database import Database
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from codezest_db.roles import BROWSER
from fixtures.accounts import MakeUser, SignedIn, client_for

TABLES = "/api/v1/admin/tables"
SECRETS = {
    ("auth", "users", "password_hash"),
    ("auth", "sessions", "token_hash"),
    ("auth", "api_tokens", "token_hash"),
    ("auth", "password_resets", "token_hash"),
    ("auth", "email_verifications", "token_hash"),
    ("auth", "email_verifications", "pending_password_hash"),
    ("auth", "email_changes", "token_hash"),
    ("auth", "email_changes", "undo_token_hash"),
    ("auth", "ceremonies", "token_hash"),
    ("auth", "ceremonies", "challenge"),
    ("auth", "oauth_accounts", "access_token_encrypted"),
    ("auth", "oauth_accounts", "refresh_token_encrypted"),
    ("auth", "oauth_accounts", "id_token_encrypted"),
    ("auth", "totp_secrets", "secret_encrypted"),
    ("auth", "recovery_codes", "code_hash"),
    ("learning", "submission_receipts", "signature"),
    ("ops", "idempotency_keys", "response_body"),
}


@pytest.fixture(scope="module")
async def boss(application: Application, admin: SignedIn) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(application, headers=admin.headers) as client:
        yield client


async def _everything(owner: asyncpg.Connection) -> list[asyncpg.Record]:
    return await owner.fetch(
        """SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text) AS columns
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           GROUP BY 1, 2 ORDER BY 1, 2"""
    )


async def test_every_table_is_listed_and_can_be_read(boss: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    there = await _everything(owner)
    listed = (await boss.get(TABLES)).json()
    assert [(one["schema_name"], one["name"]) for one in listed] == [(row["schema"], row["name"]) for row in there]
    assert len(there) > 50
    for row in there:
        answer = await boss.get(f"{TABLES}/{row['schema']}/{row['name']}/rows", params={"limit": 1})
        assert answer.status_code == 200, f"{row['name']}: let its migration grant it to the browser: {answer.text}"
        assert {one["name"] for one in answer.json()["columns"]} == set(row["columns"])


async def test_no_secret_leaves_the_database(boss: httpx.AsyncClient, database: Database) -> None:
    pool = await browsing_pool(database)
    for schema, name, column in SECRETS:
        answer = await boss.get(f"{TABLES}/{schema}/{name}")
        (found,) = [one for one in answer.json()["columns"] if one["name"] == column]
        assert not found["readable"], found
        refused = await boss.get(f"{TABLES}/{schema}/{name}/rows", params={"column": column, "match": "begins"})
        assert refused.status_code == 422, refused.text
        for crafted in (
            "SELECT THE_COLUMN FROM THE_TABLE",
            "SELECT count(*) FROM THE_TABLE WHERE THE_COLUMN IS NOT NULL",
            "SELECT t::text FROM THE_TABLE t",
            "SELECT to_jsonb(t) FROM THE_TABLE t",
            "TABLE THE_TABLE",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.fetch(crafted.replace("THE_COLUMN", column).replace("THE_TABLE", f"{schema}.{name}"))


async def test_what_looks_like_a_secret_is_one(owner: asyncpg.Connection) -> None:
    """A column that a migration adds is judged by type and name; whoever finds the judgement wrong changes the rule."""
    readable = await owner.fetch(
        """SELECT a.attrelid::regclass::text || '.' || a.attname AS name FROM pg_attribute a
           JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
           WHERE a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege($1, a.attrelid, a.attnum, 'SELECT')
             AND c.relnamespace::regnamespace::text IN ('auth', 'learning', 'ops', 'public')
             AND (a.atttypid = 'bytea'::regtype OR a.attname ~ 'password|secret|_hash|encrypted|signature|private')""",
        BROWSER,
    )
    assert [row["name"] for row in readable] == []


async def test_the_role_writes_nothing(database: Database, owner: asyncpg.Connection) -> None:
    pool = await browsing_pool(database)
    for statement in (
        "UPDATE auth.users SET role = 'ADMIN'",
        "DELETE FROM auth.audit_entries",
        "INSERT INTO ops.outbox (topic, payload) VALUES ('x', '{}')",
        "SELECT auth.forget_in_audit(uuidv7())",
        "CREATE TEMPORARY TABLE kept (id int)",
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
            await pool.execute(statement)
    granted = await owner.fetch(
        """SELECT table_schema, table_name, privilege_type FROM information_schema.role_table_grants
           WHERE grantee = $1""",
        BROWSER,
    )
    assert granted == []  # column by column only
    privileges = await owner.fetch(
        "SELECT DISTINCT privilege_type FROM information_schema.column_privileges WHERE grantee = $1", BROWSER
    )
    assert [row["privilege_type"] for row in privileges] == ["SELECT"]


async def test_rows_come_by_pages_and_filters(boss: httpx.AsyncClient, make_user: MakeUser) -> None:
    people = [await make_user() for _ in range(3)]
    path = f"{TABLES}/auth/users/rows"

    async def ids(**query: Any) -> list[str]:
        answer = await boss.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["rows"]]

    newest = [str(one.id) for one in people[::-1]]
    assert await ids(limit=3) == newest
    first = (await boss.get(path, params={"limit": 2})).json()
    assert await ids(limit=1, cursor=first["next_cursor"]) == newest[2:]
    assert await ids(column="email", value=people[0].email.upper()) == newest[2:]
    assert await ids(column="email", match="begins", value=people[0].email[:12]) == newest[2:]
    assert await ids(column="suspended_at", match="empty", limit=3) == newest
    assert await ids(column="email", match="begins", value="%") == []
    row = await boss.get(f"{TABLES}/auth/users/row", params={"key": encode_key([str(people[0].id)])})
    assert row.json()["email"] == people[0].email
    assert "password_hash" not in row.json()


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("auth/nothing", {}, 404),
        ("pg_catalog/pg_authid", {}, 404),
        ("information_schema/sql_features", {}, 404),
        ('auth/users";DROP TABLE auth.users;--', {}, 404),
        ("auth/public_users", {}, 404),
        ("auth/users", {"column": "id", "value": "nonsense"}, 422),
        ("auth/users", {"column": 'id" IS NOT NULL OR "id', "value": "x"}, 422),
        ("auth/users", {"column": "ctid", "value": "(0,1)"}, 422),
        ("auth/users", {"column": "id", "match": "like"}, 422),
        ("auth/users", {"cursor": "nonsense"}, 400),
        ("auth/users", {"cursor": encode_key(["a", "b"])}, 400),
        ("auth/users", {"cursor": encode_key(["nonsense"])}, 422),
        ("auth/users", {"limit": 1000}, 422),
    ],
    ids=str,
)
async def test_crafted_requests_are_refused(
    boss: httpx.AsyncClient, path: str, query: dict[str, Any], status: int
) -> None:
    answer = await boss.get(f"{TABLES}/{path}/rows", params=query)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_search_that_takes_long_is_given_up(
    database: Database, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await browsing_pool(database)
    assert await pool.fetchval("SHOW statement_timeout") == "3s"
    users = await table(pool, "auth", "users")
    await owner.execute("BEGIN")
    await owner.execute("LOCK TABLE auth.users IN ACCESS EXCLUSIVE MODE")
    impatient = await asyncpg.create_pool(
        database.url, min_size=0, max_size=1, server_settings={"role": BROWSER, "statement_timeout": "50"}
    )
    try:
        with pytest.raises(SearchTooSlow):
            await fetch_rows(impatient, users, RowFilter(column="email", match="is", value="x"), cursor=None, limit=1)
    finally:
        await impatient.close()
        await owner.execute("ROLLBACK")


async def test_each_look_is_recorded(
    boss: httpx.AsyncClient, owner: asyncpg.Connection, admin: SignedIn, make_user: MakeUser
) -> None:
    count = "SELECT count(*) FROM auth.audit_entries WHERE action = 'data.browsed' AND actor_user_id = $1"
    before: int = await owner.fetchval(count, admin.id) or 0
    await boss.get(f"{TABLES}/auth/login_events/rows", params={"column": "email", "value": "somebody@x.example"})

    async def last() -> dict[str, Any]:
        found = await owner.fetchval(
            "SELECT details::text FROM auth.audit_entries WHERE action = 'data.browsed' ORDER BY id DESC LIMIT 1"
        )
        assert isinstance(found, str)
        return json.loads(found)

    assert await owner.fetchval(count, admin.id) == before + 1
    assert await last() == {
        "table": "auth.login_events", "rows": 0, "further_page": False,
        "column": "email", "match": "is", "value": None}  # fmt: skip
    await boss.get(TABLES)
    assert await owner.fetchval(count, admin.id) == before + 1
    user = await make_user(Role.STUDENT)
    users = f"{TABLES}/auth/users"
    await boss.get(f"{users}/rows", params={"column": "id", "value": str(user.id)})
    assert {name: (await last())[name] for name in ("column", "value", "rows")} == {
        "column": "id", "value": str(user.id), "rows": 1}  # fmt: skip
    page = (await boss.get(f"{users}/rows", params={"limit": 1})).json()
    await boss.get(f"{users}/rows", params={"limit": 1, "cursor": page["next_cursor"]})
    assert await last() == {"table": "auth.users", "rows": 1, "further_page": True}
    await boss.get(f"{users}/row", params={"key": encode_key([str(user.id)])})
    assert await last() == {"table": "auth.users", "rows": 1, "row": str(user.id)}
    before = await owner.fetchval(count, admin.id) or 0
    assert (await boss.get(f"{users}/rows", params={"column": "password_hash", "value": "x"})).status_code == 422
    assert await owner.fetchval(count, admin.id) == before, "nothing was seen"


async def test_the_pages_show_rows_links_and_what_is_wrong(
    application: Application, admin: SignedIn, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    user = await make_user(Role.STUDENT)
    await owner.execute(
        "INSERT INTO ops.outbox (id, topic, payload) VALUES ($1, '<b>topic</b>', '{\"a\": [1, 2]}')", event := uuid7()
    )
    async with client_for(application, cookies={SESSION_COOKIE: admin.token}) as client:
        tables = await client.get("/admin/data")
        assert 'href="/admin/data/auth/users"' in tables.text
        sessions = await client.get("/admin/data/auth/sessions", params={"column": "user_id", "value": str(user.id)})
        assert f"/admin/data/auth/users/row?key={encode_key([str(user.id)])}" in sessions.text
        assert "token_hash" in sessions.text
        assert "secret, not shown" in sessions.text
        row = await client.get("/admin/data/ops/outbox/row", params={"key": encode_key([str(event)])})
        assert "&lt;b&gt;topic&lt;/b&gt;" in row.text
        assert "&#34;a&#34;: [\n        1,\n        2\n    ]" in row.text
        wrong = await client.get("/admin/data/auth/users", params={"column": "id", "value": "nonsense"})
        assert (wrong.status_code, "The column cannot hold such a value." in wrong.text) == (422, True)
        for missing in ("/admin/data/auth/nothing", "/admin/data/pg_catalog/pg_authid"):
            assert (await client.get(missing)).status_code == 404
    async with client_for(application, cookies={SESSION_COOKIE: user.token}) as client:
        for page in ("/admin/data", "/admin/data/auth/users", "/admin/events", "/admin"):
            assert (await client.get(page)).status_code == 403


async def test_events_that_were_given_up_are_settled(
    boss: httpx.AsyncClient, application: Application, admin: SignedIn, owner: asyncpg.Connection
) -> None:
    first, second = uuid7(), uuid7()
    for event in (first, second):
        await owner.execute(
            """INSERT INTO ops.outbox (id, topic, payload, attempts, last_error, given_up_at)
               VALUES ($1, 'x.y', '{"id": 1}', 20, 'boom', now())""",
            event,
        )
    overview = (await boss.get("/api/v1/admin/overview")).json()
    assert overview["background"]["given_up_events"] == 2
    assert overview["accounts"]["roles"]["ADMIN"]["count"] >= 1
    listed = (await boss.get("/api/v1/admin/events", params={"limit": 1})).json()
    assert [one["id"] for one in listed["items"]] == [str(second)]
    async with client_for(application, cookies={SESSION_COOKIE: admin.token}) as client:
        page = await client.get("/admin/events")
        assert "boom" in page.text
        assert "Events that failed too often: 2." in (await client.get("/admin")).text
    assert (await boss.post(f"/api/v1/admin/events/{first}/retry")).status_code == 204
    assert (await boss.post(f"/api/v1/admin/events/{first}/retry")).status_code == 404
    row = await owner.fetchrow(
        "SELECT attempts, given_up_at, due_at <= now() AS due FROM ops.outbox WHERE id = $1", first
    )
    assert row is not None
    assert tuple(row) == (0, None, True)
    assert (await boss.delete(f"/api/v1/admin/events/{second}")).status_code == 204
    assert await owner.fetchval("SELECT count(*) FROM ops.outbox WHERE id = $1", second) == 0
    told = await owner.fetch(
        "SELECT payload->>'act' AS act FROM ops.outbox WHERE topic = 'ops.given_up_event_settled' ORDER BY id"
    )
    assert [row["act"] for row in told] == ["RETRIED", "DISCARDED"]
