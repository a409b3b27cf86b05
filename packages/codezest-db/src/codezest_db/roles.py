"""PostgreSQL roles: one per service, without login, each writing its own schema and nothing else.

Roles belong to the whole cluster, so several databases may share one. `ROLES` says what holds at the newest revision, and
the tests prove it. The functions return SQL for migrations; released migrations call them, so their text stays as it is and
a new need gets a new function.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"^codezest_[a-z]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRole:
    """What a service may do. Table and view names are qualified with their schema."""

    name: str
    schema: str
    reads: tuple[str, ...] = ()
    """Views that other services publish to this one."""
    append_only: tuple[str, ...] = ()
    """Own tables whose rows it may add and read, never change or delete."""


AUTH = ServiceRole(
    name="codezest_auth",
    schema="auth",
    reads=("learning.public_activity", "learning.public_progress"),
    append_only=("auth.audit_entries",),
)
LEARNING = ServiceRole(
    name="codezest_learning",
    schema="learning",
    reads=(
        "auth.actors",
        "auth.features",
        "auth.public_instructors",
        "auth.public_users",
        "auth.user_handles",
        "auth.verified_addresses",
    ),
    append_only=(
        "learning.answer_marks",
        "learning.former_gradings",
        "learning.grading_specs",
        "learning.gradings",
        "learning.question_snapshots",
        "learning.receipt_keys",
        "learning.submission_receipts",
    ),
)
OPS = ServiceRole(name="codezest_ops", schema="ops", reads=("auth.features", "auth.public_users"))

ROLES = (AUTH, LEARNING, OPS)
SERVICE_ROLES = (AUTH, LEARNING)
"""Those whose transactions record events, jobs and idempotency keys. `codezest_ops` relays and runs them."""

BROWSER = "codezest_browser"
"""Reads the tables of every schema for administrators, but for columns that hold secrets, and writes nothing."""
BROWSED_SCHEMAS = ("auth", "learning", "ops", "public")
HIDDEN_COLUMN = (
    "a.atttypid = 'bytea'::regtype OR a.attname ~ '(^|_)(password|secret|token|hash|encrypted|challenge|signature)(_|$)' "
    "AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)"
)
"""The columns of `pg_attribute a` that no person ever needs to see: digests, keys, what is encrypted, stored answers."""


def create(role: str) -> str:
    """One statement that creates the role unless it exists, and lets the current user switch to it.

    Another database's migration may do the same at the same time: losing that race is success.
    """
    name = _checked(role)
    return f"""
DO $$
DECLARE
    attempts_left int := 5;
BEGIN
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                CREATE ROLE {name} NOLOGIN;
            END IF;
            IF NOT pg_has_role(current_user, '{name}', 'SET') THEN
                EXECUTE format('GRANT {name} TO %I WITH INHERIT TRUE, SET TRUE', current_user);
            END IF;
            RETURN;
        EXCEPTION
            -- internal_error is "tuple concurrently updated", which two simultaneous grants of one role give.
            WHEN duplicate_object OR unique_violation OR undefined_object OR internal_error THEN
                attempts_left := attempts_left - 1;
                IF attempts_left = 0 THEN
                    RAISE;
                END IF;
        END;
    END LOOP;
END
$$"""


def drop_if_unused(role: str) -> str:
    """One statement that drops the role, unless another database still grants it something or it is not ours to drop."""
    return f"""
DO $$
BEGIN
    DROP ROLE {_checked(role)};
EXCEPTION
    WHEN dependent_objects_still_exist OR insufficient_privilege OR undefined_object THEN NULL;
END
$$"""


def grants_on_schema(role: str, schema: str) -> Iterator[str]:
    """Statements to run after the schema's tables exist, and again after any migration that adds one."""
    name = _checked(role)
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"


def grants_on_table(role: str, table: str) -> Iterator[str]:
    """Statements to run after a migration has added one table to a schema that the role writes."""
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {_checked(role)}"


def make_append_only(role: str, table: str) -> Iterator[str]:
    """Statements to run after those grants, for a table whose rows stay as they were written."""
    yield f"REVOKE UPDATE, DELETE ON {table} FROM {_checked(role)}"


def grants_on_view(role: str, view: str) -> Iterator[str]:
    """Statements that let a role read what another service publishes."""
    yield f"GRANT USAGE ON SCHEMA {view.partition('.')[0]} TO {_checked(role)}"
    yield f"GRANT SELECT ON {view} TO {_checked(role)}"


def grants_on_ops(role: str) -> Iterator[str]:
    """What any service needs inside its own transaction: to record events, jobs and answers to repeated requests.

    Reading is limited to the columns that the INSERT statements themselves return or compare, so no service reads
    another's events or jobs.
    """
    name = _checked(role)
    yield f"GRANT USAGE ON SCHEMA ops TO {name}"
    yield f"GRANT INSERT, SELECT (id, created_at, relayed_at, attempts) ON ops.outbox TO {name}"
    yield f"GRANT INSERT, SELECT ON ops.outbox_consumptions TO {name}"
    yield f"GRANT INSERT, SELECT, UPDATE ON ops.idempotency_keys TO {name}"
    yield f"GRANT INSERT, SELECT (id, entrypoint, priority, status, dedupe_key) ON ops.pgqueuer TO {name}"
    yield f"GRANT INSERT ON ops.pgqueuer_log TO {name}"
    yield f"GRANT USAGE ON SEQUENCE ops.pgqueuer_id_seq TO {name}"


def grants_to_browser() -> str:
    """One statement that lets the browsing role read every table as it is now, column by column.

    To be run again by every migration that adds a table or a column.
    """
    schemas = ", ".join(f"'{schema}'" for schema in BROWSED_SCHEMAS)
    return f"""
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT n.nspname AS schema, c.relname AS name,
               string_agg(quote_ident(a.attname), ', ') FILTER (WHERE NOT ({HIDDEN_COLUMN})) AS columns
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ({schemas})
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') GROUP BY n.nspname, c.relname
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO {BROWSER}', found.schema);
        IF found.columns IS NOT NULL THEN
            EXECUTE format('GRANT SELECT (%s) ON %I.%I TO {BROWSER}', found.columns, found.schema, found.name);
        END IF;
    END LOOP;
END
$$"""  # noqa: S608 - constants


def revokes_from_browser() -> Iterator[str]:
    """Statements that take back what `grants_to_browser` gave."""
    for schema in BROWSED_SCHEMAS:
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {BROWSER}"
        yield f"REVOKE USAGE ON SCHEMA {schema} FROM {BROWSER}"


def _checked(name: str) -> str:
    """The name, once it is sure to need no quoting."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a role of CodeZest: {name!r}")
    return name
