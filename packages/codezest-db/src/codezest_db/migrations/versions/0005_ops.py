"""Schema `ops`: the outbox, idempotency keys and the job queue; and what each role may do."""

from collections.abc import Awaitable, Callable

import asyncpg
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import queue, roles

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False, comment="Name of the event's type."),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("relayed_at", TIMESTAMP, comment="Set in the transaction that hands it to every subscriber."),
        sa.Column(
            "attempts", sa.Integer(), server_default="0", nullable=False, comment="Attempts to relay that failed."
        ),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("topic <> ''", name="ck_outbox_topic_given"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts_range"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        schema="ops",
        comment="Events, written in the transaction of what they announce.",
    )
    op.create_index(
        "ix_outbox_relayed_at",
        "outbox",
        ["relayed_at"],
        schema="ops",
        postgresql_where=sa.text("relayed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_unrelayed", "outbox", ["id"], schema="ops", postgresql_where=sa.text("relayed_at IS NULL")
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False, comment="Method and path template of the request."),
        sa.Column("key", sa.Text(), nullable=False, comment="As the client sent it."),
        sa.Column(
            "request_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the body: the same key with another body is refused.",
        ),
        sa.Column("response_status", sa.SmallInteger(), comment="Null until the first request is answered."),
        sa.Column("response_headers", postgresql.JSONB()),
        sa.Column("response_body", sa.LargeBinary()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="ck_idempotency_keys_key_length"),
        sa.CheckConstraint("octet_length(request_hash) = 32", name="ck_idempotency_keys_request_hash_is_sha256"),
        sa.CheckConstraint("response_status BETWEEN 100 AND 599", name="ck_idempotency_keys_response_status_range"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth.users.id"], name="fk_idempotency_keys_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_keys"),
        sa.UniqueConstraint("user_id", "route", "key", name="uq_idempotency_keys_user_id_route_key"),
        schema="ops",
        comment="Answers kept so that a repeated request changes nothing twice.",
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], schema="ops")
    op.create_table(
        "outbox_consumptions",
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False, comment="Stable name of the subscriber."),
        sa.Column("consumed_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["ops.outbox.id"], name="fk_outbox_consumptions_outbox_id_outbox", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outbox_id", "subscriber", name="pk_outbox_consumptions"),
        schema="ops",
        comment="Inserted in the subscriber's own transaction: an event delivered twice is acted on once.",
    )

    run_on_driver(queue.install)
    for statement in (
        *roles.grants_on_schema("codezest_ops", "ops"),
        *roles.grants_on_ops("codezest_auth"),
        *roles.grants_on_ops("codezest_learning"),
    ):
        op.execute(statement)


def downgrade() -> None:
    run_on_driver(queue.uninstall)
    op.drop_table("outbox_consumptions", schema="ops")
    op.drop_table("idempotency_keys", schema="ops")
    op.drop_table("outbox", schema="ops")


def run_on_driver(work: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
    """The library's text holds many statements, which only the driver itself sends; they join the open transaction."""
    driver = op.get_bind().connection.dbapi_connection
    assert driver is not None
    driver.run_async(work)
