"""Events that fail wait longer each time and are set aside in the end; what is long over can be found and deleted; what was
completed once is known for good.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
MAX_ATTEMPTS = 20
"""After as many, an event was marked as relayed although it was not."""

SET_ASIDE = sa.text("""
UPDATE ops.outbox SET given_up_at = relayed_at, relayed_at = NULL
WHERE relayed_at IS NOT NULL AND attempts >= :attempts AND last_error IS NOT NULL
""").bindparams(attempts=MAX_ATTEMPTS)

REMEMBER_COMPLETION = (
    "UPDATE learning.module_progress SET first_completed_at = completed_at WHERE completed_at IS NOT NULL",
    "UPDATE learning.enrollments SET first_completed_at = completed_at WHERE completed_at IS NOT NULL",
)

FORGET_MAIL_REQUESTS = """
CREATE FUNCTION auth.forget_mail_requests(days integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = ''
AS $$
    WITH gone AS (
        DELETE FROM auth.audit_entries
        WHERE id IN (
            SELECT a.id FROM auth.audit_entries a
            WHERE a.action = 'mail.requested'
              AND a.created_at < pg_catalog.now() - pg_catalog.make_interval(days => greatest(days, 7))
            LIMIT 1000)
        RETURNING 1)
    SELECT pg_catalog.count(*) FROM gone
$$
"""
"""The audit is never changed by those who write it. Requests for letters stand in it only to be counted for a while."""


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("due_at", TIMESTAMP, server_default=NOW, nullable=False, comment="When it may be relayed next."),
        schema="ops",
    )
    op.add_column(
        "outbox",
        sa.Column(
            "given_up_at", TIMESTAMP, comment="Set when it failed too often; an operator may have it tried again."
        ),
        schema="ops",
    )
    op.execute(SET_ASIDE)
    op.create_check_constraint(
        "ck_outbox_relayed_or_given_up", "outbox", "num_nonnulls(relayed_at, given_up_at) <= 1", schema="ops"
    )
    op.drop_index("ix_outbox_unrelayed", "outbox", schema="ops")
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at", "id"],
        schema="ops",
        postgresql_where=sa.text("relayed_at IS NULL AND given_up_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_given_up", "outbox", ["id"], schema="ops", postgresql_where=sa.text("given_up_at IS NOT NULL")
    )
    op.create_index("ix_regrade_results_regrade_id_id", "regrade_results", ["regrade_id", "id"], schema="learning")
    for table, of_what in (("module_progress", "ModuleCompleted"), ("enrollments", "CourseCompleted")):
        op.add_column(
            table,
            sa.Column("first_completed_at", TIMESTAMP, comment=f"Stays when it is lost: {of_what} is published once."),
            schema="learning",
        )
    for statement in REMEMBER_COMPLETION:
        op.execute(statement)
    op.create_index(
        "ix_audit_entries_mail_requested",
        "audit_entries",
        ["created_at"],
        schema="auth",
        postgresql_where=sa.text("action = 'mail.requested'"),
    )
    op.execute(FORGET_MAIL_REQUESTS)
    op.execute("REVOKE EXECUTE ON FUNCTION auth.forget_mail_requests(integer) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION auth.forget_mail_requests(integer) TO codezest_auth")


def downgrade() -> None:
    op.execute("DROP FUNCTION auth.forget_mail_requests(integer)")
    op.drop_index("ix_audit_entries_mail_requested", "audit_entries", schema="auth")
    for table in ("enrollments", "module_progress"):
        op.drop_column(table, "first_completed_at", schema="learning")
    op.drop_index("ix_regrade_results_regrade_id_id", "regrade_results", schema="learning")
    op.drop_index("ix_outbox_given_up", "outbox", schema="ops")
    op.drop_index("ix_outbox_due", "outbox", schema="ops")
    op.create_index(
        "ix_outbox_unrelayed", "outbox", ["id"], schema="ops", postgresql_where=sa.text("relayed_at IS NULL")
    )
    op.drop_constraint("ck_outbox_relayed_or_given_up", "outbox", schema="ops")
    op.execute("UPDATE ops.outbox SET relayed_at = given_up_at WHERE given_up_at IS NOT NULL")
    op.drop_column("outbox", "given_up_at", schema="ops")
    op.drop_column("outbox", "due_at", schema="ops")
