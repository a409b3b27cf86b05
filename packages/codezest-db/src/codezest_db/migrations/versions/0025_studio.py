"""Schema `auth`: accounts by the name of their page, so that a course's staff can be named in the studio."""

from alembic import op

from codezest_db import roles

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

HANDLES = """
CREATE VIEW auth.user_handles AS
SELECT p.user_id, p.handle
FROM auth.user_profiles p JOIN auth.users u ON u.id = p.user_id
WHERE u.email_verified_at IS NOT NULL AND u.deleted_at IS NULL AND u.suspended_at IS NULL
  AND u.deletion_requested_at IS NULL
"""
COMMENT = (
    "The accounts that can be used, by the name of their page, for who enters one; nobody is listed or shown by it."
)


def upgrade() -> None:
    op.execute(HANDLES)
    op.execute(f"COMMENT ON VIEW auth.user_handles IS '{COMMENT}'")
    for statement in (
        *roles.grants_on_table(roles.AUTH.name, "auth.user_handles"),
        *roles.grants_on_view(roles.LEARNING.name, "auth.user_handles"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW auth.user_handles")
