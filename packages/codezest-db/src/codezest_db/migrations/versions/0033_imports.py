"""Schema `auth`: who may act at all, for work that is done later in somebody's name, such as taking over an import."""

from alembic import op

from codezest_db import roles

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ACTORS = """
CREATE VIEW auth.actors AS
SELECT id AS user_id, role FROM auth.users WHERE deleted_at IS NULL AND suspended_at IS NULL
"""
COMMENT = "The accounts that may sign in, with what they may do now, for work that is done later in their name."


def upgrade() -> None:
    op.execute(ACTORS)
    op.execute(f"COMMENT ON VIEW auth.actors IS '{COMMENT}'")
    for statement in (
        *roles.grants_on_table(roles.AUTH.name, "auth.actors"),
        *roles.grants_on_view(roles.LEARNING.name, "auth.actors"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW auth.actors")
