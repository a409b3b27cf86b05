"""Schema `learning`: the gradebook."""

import sqlalchemy as sa
from alembic import op

from codezest_db import roles

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
POINTS = sa.Numeric(9, 2)
TABLES = ("gradebooks", "grade_categories", "grade_columns", "grade_entries")
COURSES = "learning.courses"
USERS = "auth.users"


def upgrade() -> None:
    _gradebooks()
    _categories()
    _columns()
    _entries()
    op.create_index(
        "ix_submissions_failed",
        "submissions",
        ["assignment_id", "submitted_at"],
        schema="learning",
        postgresql_where=sa.text("status = 'FAILED' AND purpose = 'SUBMIT' AND deleted_at IS NULL"),
    )
    for table in TABLES:
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_submissions_failed", "submissions", schema="learning")
    for table in reversed(TABLES):
        op.drop_table(table, schema="learning")


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False)


def _uuid(name: str, comment: str | None = None, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=optional, comment=comment)


def _flag(name: str, comment: str, *, default: bool) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default=str(default).lower(), nullable=False, comment=comment)


def _number(name: str, comment: str | None = None, *, default: str = "0") -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False, comment=comment)


def _filled(name: str) -> sa.Column[object]:
    return sa.Column(name, TIMESTAMP, server_default=NOW, nullable=False)


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    short = target.rpartition(".")[2]
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{short}", ondelete=ondelete)


def _gradebooks() -> None:
    op.create_table(
        "gradebooks",
        _uuid("course_id"),
        sa.Column("counted_attempt", sa.String(32), server_default="BEST", nullable=False),
        sa.Column("missing_work", sa.String(32), server_default="WHEN_DUE", nullable=False),
        _number("passing_percent", "From which share on a whole grade is passed.", default="50"),
        _number("revision", "Rises with every change; a change that names an older one is refused."),
        _filled("created_at"),
        _filled("updated_at"),
        sa.CheckConstraint("counted_attempt IN ('BEST', 'LAST')", name="ck_gradebooks_counted_attempt"),
        sa.CheckConstraint("missing_work IN ('WHEN_DUE', 'AT_ONCE')", name="ck_gradebooks_missing_work"),
        sa.CheckConstraint("passing_percent BETWEEN 0 AND 100", name="ck_gradebooks_passing_percent_range"),
        sa.CheckConstraint("revision >= 0", name="ck_gradebooks_revision_range"),
        _key("gradebooks", "course_id", COURSES),
        sa.PrimaryKeyConstraint("course_id", name="pk_gradebooks"),
        schema="learning",
        comment="How a course's grades come about; without a row, by the defaults.",
    )


def _categories() -> None:
    op.create_table(
        "grade_categories",
        _id(),
        _uuid("course_id"),
        sa.Column("name", sa.Text(), nullable=False),
        _number("weight", "Beside the weights of the others."),
        _number("drop_lowest", "How many of a learner's lowest results do not count."),
        _flag("takes_assignments", "Where assignments go that are put nowhere.", default=False),
        _flag("takes_quizzes", "Where quizzes go that are put nowhere.", default=False),
        _number("position"),
        sa.CheckConstraint("name <> ''", name="ck_grade_categories_name_given"),
        sa.CheckConstraint("weight BETWEEN 0 AND 1000", name="ck_grade_categories_weight_range"),
        sa.CheckConstraint("drop_lowest BETWEEN 0 AND 100", name="ck_grade_categories_drop_lowest_range"),
        sa.CheckConstraint("position >= 0", name="ck_grade_categories_position_range"),
        _key("grade_categories", "course_id", COURSES),
        sa.PrimaryKeyConstraint("id", name="pk_grade_categories"),
        schema="learning",
        comment="Parts that a course's grade is made of.",
    )
    op.create_index(
        "ix_grade_categories_course_id_position", "grade_categories", ["course_id", "position"], schema="learning"
    )


def _columns() -> None:
    op.create_table(
        "grade_columns",
        _id(),
        _uuid("course_id"),
        _uuid("category_id", "Null: where its kind goes.", optional=True),
        _uuid("assignment_id", optional=True),
        _uuid("quiz_id", optional=True),
        sa.Column("title", sa.Text(), comment="Of a column that people fill in; others are called as their item is."),
        sa.Column("max_points", POINTS, comment="Of a column that people fill in."),
        _flag("counts", "Whether it is part of the grade at all.", default=True),
        _flag("visible", "Whether learners see it; what they do not see does not count for them yet.", default=True),
        sa.Column(
            "extra_percent",
            sa.Integer(),
            comment="What it adds to the whole grade at most, in percent; null: it counts in its category.",
        ),
        sa.Column("due_at", TIMESTAMP, comment="Of a column that people fill in: then an empty one counts as nothing."),
        sa.Column("archived_at", TIMESTAMP, comment="Removed by those who teach; its marks are kept."),
        _filled("created_at"),
        _filled("updated_at"),
        sa.CheckConstraint(
            "num_nonnulls(assignment_id, quiz_id, title) = 1", name="ck_grade_columns_one_item"
        ),
        sa.CheckConstraint("title <> ''", name="ck_grade_columns_title_given"),
        sa.CheckConstraint("(title IS NULL) = (max_points IS NULL)", name="ck_grade_columns_filled_has_points"),
        sa.CheckConstraint("title IS NOT NULL OR num_nonnulls(due_at, archived_at) = 0", name="ck_grade_columns_own_times"),
        sa.CheckConstraint("max_points > 0", name="ck_grade_columns_max_points_range"),
        sa.CheckConstraint("extra_percent BETWEEN 1 AND 100", name="ck_grade_columns_extra_percent_range"),
        _key("grade_columns", "course_id", COURSES),
        sa.ForeignKeyConstraint(
            ["category_id"], ["learning.grade_categories.id"],
            name="fk_grade_columns_category_id_grade_categories", ondelete="SET NULL",
        ),
        _key("grade_columns", "assignment_id", "learning.assignments"),
        _key("grade_columns", "quiz_id", "learning.quizzes"),
        sa.PrimaryKeyConstraint("id", name="pk_grade_columns"),
        sa.UniqueConstraint("assignment_id", name="uq_grade_columns_assignment_id"),
        sa.UniqueConstraint("quiz_id", name="uq_grade_columns_quiz_id"),
        schema="learning",
        comment="What a grade is counted from: items whose settings or marks differ, and columns that people fill in.",
    )  # fmt: skip
    for column in ("course_id", "category_id"):
        op.create_index(f"ix_grade_columns_{column}", "grade_columns", [column], schema="learning")


def _entries() -> None:
    op.create_table(
        "grade_entries",
        _id(),
        _uuid("column_id"),
        _uuid("user_id", "The learner."),
        _number("revision", "From 1 for each learner and column; the highest holds.", default="1"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column(
            "points", POINTS, comment="With MARK: out of those of the column or of the item; of a quiz, percent."
        ),
        sa.Column("reason", sa.Text()),
        _uuid("set_by", "Who decided it.", optional=True),
        _uuid("batch_id", "Entries of one list that was read in.", optional=True),
        _filled("created_at"),
        sa.CheckConstraint("kind IN ('MARK', 'EXCUSE', 'CLEAR')", name="ck_grade_entries_grade_entry_kind"),
        sa.CheckConstraint("revision > 0", name="ck_grade_entries_revision_range"),
        sa.CheckConstraint("points >= 0", name="ck_grade_entries_points_range"),
        sa.CheckConstraint("(kind = 'MARK') = (points IS NOT NULL)", name="ck_grade_entries_mark_has_points"),
        _key("grade_entries", "column_id", "learning.grade_columns"),
        _key("grade_entries", "user_id", USERS),
        _key("grade_entries", "set_by", USERS, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_grade_entries"),
        sa.UniqueConstraint("user_id", "column_id", "revision", name="uq_grade_entries_user_id_column_id_revision"),
        schema="learning",
        comment="Marks, excuses and their ends that people set in the gradebook; the newest holds, none is changed.",
    )
    for column in ("column_id", "set_by"):
        op.create_index(f"ix_grade_entries_{column}", "grade_entries", [column], schema="learning")
