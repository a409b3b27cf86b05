"""Schemas `auth` and `learning`: what long lists of learners are searched by.

Learners of a course are looked for by part of their name, or of the address that brought them, among as many as there are.
What was tried of an item last is found without sorting all that ever was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

DISPLAY_NAME = "(CASE WHEN deleted_at IS NULL THEN btrim(first_name || ' ' || last_name) END)"
"""As the view `auth.public_users` has it, to the letter: an index serves the very expression that it holds."""


TRIES = {"submissions": "assignment_id", "quiz_attempts": "quiz_id"}
"""By table, what was tried. The new index begins with what the old one held, and takes its place."""


def upgrade() -> None:
    trigram = op.get_bind().scalar(
        sa.text("SELECT quote_ident(extnamespace::regnamespace::text) FROM pg_extension WHERE extname = 'pg_trgm'")
    )
    op.execute(f"CREATE INDEX ix_users_display_name ON auth.users USING gin ({DISPLAY_NAME} {trigram}.gin_trgm_ops)")
    op.execute(
        "CREATE INDEX ix_enrollment_invitations_email_sought ON learning.enrollment_invitations "
        f"USING gin ((email::text) {trigram}.gin_trgm_ops) WHERE user_id IS NOT NULL"
    )
    for table, item in TRIES.items():
        op.create_index(f"ix_{table}_{item}_id", table, [item, "id"], schema="learning")
        op.drop_index(f"ix_{table}_{item}", table, schema="learning")


def downgrade() -> None:
    for table, item in TRIES.items():
        op.create_index(f"ix_{table}_{item}", table, [item], schema="learning")
        op.drop_index(f"ix_{table}_{item}_id", table, schema="learning")
    op.execute("DROP INDEX learning.ix_enrollment_invitations_email_sought")
    op.execute("DROP INDEX auth.ix_users_display_name")
