"""Schema `learning`: administrators find hidden reviews; what people accepted counts as solved for others to see."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_course_reviews_hidden",
        "course_reviews",
        ["id"],
        schema="learning",
        postgresql_where=sa.text("hidden_at IS NOT NULL"),
    )
    _public_activity("status = 'PASSED' OR coalesce(accepted, false)")


def downgrade() -> None:
    _public_activity("status = 'PASSED'")
    op.drop_index("ix_course_reviews_hidden", table_name="course_reviews", schema="learning")


def _public_activity(solved: str) -> None:
    op.execute(f"""
CREATE OR REPLACE VIEW learning.public_activity AS
SELECT user_id, assignment_id AS subject_id, submitted_at AS occurred_at, {solved} AS solved
FROM learning.submissions
WHERE purpose = 'SUBMIT' AND deleted_at IS NULL AND assignment_id IS NOT NULL
UNION ALL
SELECT user_id, material_id, completed_at, false FROM learning.material_progress WHERE completed
UNION ALL
SELECT user_id, quiz_id, completed_at, false FROM learning.quiz_attempts WHERE completed_at IS NOT NULL""")
