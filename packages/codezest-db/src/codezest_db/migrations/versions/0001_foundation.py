"""Schemas, the extension for case-insensitive text, and one role per service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

from codezest_db import roles
from codezest_db.errors import MissingPrivilegeError, UnsupportedServerError

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = ("auth", "learning", "ops")
ROLES = ("codezest_auth", "codezest_learning", "codezest_ops")
INSUFFICIENT_PRIVILEGE = "42501"


def upgrade() -> None:
    version = int(op.get_bind().scalar(sa.text("SELECT current_setting('server_version_num')")))
    if version < 180000:
        raise UnsupportedServerError(f"PostgreSQL 18 or newer is needed; this server is {version // 10000}.")
    _run(
        "CREATE EXTENSION IF NOT EXISTS citext",
        "The extension citext is missing and this user may not create it. Let a superuser run: CREATE EXTENSION citext",
    )
    for schema in SCHEMAS:
        _run(
            f"CREATE SCHEMA {schema}",
            f"This user may not create the schema {schema}. Let it own the database, or grant it CREATE on the database.",
        )
    for role in ROLES:
        _run(
            roles.create(role),
            f"This user may neither create the role {role} nor switch to it. Let a superuser run: "
            f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO the migrating user WITH ADMIN OPTION",
        )


def downgrade() -> None:
    # citext stays: it may have been there before, and others may use it.
    for schema in reversed(SCHEMAS):
        op.execute(f"DROP SCHEMA {schema}")
    for role in reversed(ROLES):
        op.execute(roles.drop_if_unused(role))


def _run(statement: str, remedy: str) -> None:
    try:
        op.execute(statement)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
            raise MissingPrivilegeError(remedy) from error
        raise
