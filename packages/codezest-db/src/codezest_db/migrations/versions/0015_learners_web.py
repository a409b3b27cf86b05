"""Schema `learning`: drafts, revealed hints, days of study, and where a text, a film or a quiz was left."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
EMPTY_OBJECT = sa.text("'{}'::jsonb")
TABLES = ("drafts", "revealed_hints", "study_days", "earned_badges")
ATTEMPT_CHECKS = {"saved_is_object": "jsonb_typeof(saved) = 'object'", "saved_revision_range": "saved_revision >= 0"}
PROGRESS_CHECKS = {
    "reading_position_range": "reading_position BETWEEN 0 AND 1",
    "video_seconds_range": "video_seconds >= 0",
}


def upgrade() -> None:
    _make_drafts()
    _make_revealed_hints()
    _make_study_days()
    _make_earned_badges()
    for column in _attempt_columns():
        op.add_column("quiz_attempts", column, schema="learning")
    for name, condition in ATTEMPT_CHECKS.items():
        op.create_check_constraint(f"ck_quiz_attempts_{name}", "quiz_attempts", condition, schema="learning")
    for column in _progress_columns():
        op.add_column("material_progress", column, schema="learning")
    for name, condition in PROGRESS_CHECKS.items():
        op.create_check_constraint(f"ck_material_progress_{name}", "material_progress", condition, schema="learning")
    for table in TABLES:
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return _key(table, "user_id", "auth.users", "users")


def _key(table: str, column: str, target: str, short: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{short}", ondelete="CASCADE")


def _created() -> sa.Column[object]:
    return sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False)


def _updated() -> sa.Column[object]:
    return sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False)


def _make_drafts() -> None:
    op.create_table(
        "drafts",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid()),
        sa.Column("material_id", sa.Uuid()),
        sa.Column("cell", sa.Text(), comment="Which code cell of the material."),
        sa.Column("code", sa.Text(), nullable=False, comment="Of several files, the one the program begins with."),
        sa.Column(
            "files",
            postgresql.JSONB(),
            server_default=EMPTY_OBJECT,
            nullable=False,
            comment="The other files, text by path.",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Rises with every save; a save that names an older one is refused.",
        ),
        _created(),
        _updated(),
        sa.CheckConstraint("num_nonnulls(assignment_id, material_id) = 1", name="ck_drafts_one_target"),
        sa.CheckConstraint("(material_id IS NULL) = (cell IS NULL)", name="ck_drafts_cell_of_material"),
        sa.CheckConstraint("jsonb_typeof(files) = 'object'", name="ck_drafts_files_is_object"),
        sa.CheckConstraint("revision > 0", name="ck_drafts_revision_range"),
        _owner("drafts"),
        _key("drafts", "assignment_id", "learning.assignments", "assignments"),
        _key("drafts", "material_id", "learning.materials", "materials"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        schema="learning",
        comment="Programs as they were left in the editor, not handed in yet.",
    )
    for column in ("assignment_id", "material_id", "user_id"):
        op.create_index(f"ix_drafts_{column}", "drafts", [column], schema="learning")
    op.create_index(
        "uq_drafts_assignment",
        "drafts",
        ["user_id", "assignment_id"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("assignment_id IS NOT NULL"),
    )
    op.create_index(
        "uq_drafts_cell",
        "drafts",
        ["user_id", "material_id", "cell"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("material_id IS NOT NULL"),
    )


def _make_revealed_hints() -> None:
    op.create_table(
        "revealed_hints",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="Of the hint, from 0."),
        _created(),
        sa.CheckConstraint("position >= 0", name="ck_revealed_hints_position_range"),
        _owner("revealed_hints"),
        _key("revealed_hints", "assignment_id", "learning.assignments", "assignments"),
        sa.PrimaryKeyConstraint("id", name="pk_revealed_hints"),
        sa.UniqueConstraint(
            "user_id", "assignment_id", "position", name="uq_revealed_hints_user_id_assignment_id_position"
        ),
        schema="learning",
        comment="Hints that a learner has asked for, one at a time.",
    )
    op.create_index("ix_revealed_hints_assignment_id", "revealed_hints", ["assignment_id"], schema="learning")


def _make_study_days() -> None:
    def count(name: str, comment: str) -> sa.Column[object]:
        return sa.Column(name, sa.Integer(), server_default="0", nullable=False, comment=comment)

    op.create_table(
        "study_days",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="In the learner's own time zone, as it was then."),
        count("steps", "Materials, exercises and quizzes completed."),
        count("submissions", "Programs handed in or run."),
        count("answers", "Quiz questions answered in finished attempts."),
        _created(),
        _updated(),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=f"ck_study_days_{name}_range")
            for name in ("steps", "submissions", "answers")
        ),
        _owner("study_days"),
        sa.PrimaryKeyConstraint("id", name="pk_study_days"),
        sa.UniqueConstraint("user_id", "day", name="uq_study_days_user_id_day"),
        schema="learning",
        comment="How much a learner did on each day; a day without a row had nothing.",
    )


def _make_earned_badges() -> None:
    op.create_table(
        "earned_badges",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("badge", sa.Text(), nullable=False, comment="Key of what was achieved, such as first-exercise."),
        _created(),
        sa.CheckConstraint("badge ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_earned_badges_badge_is_key"),
        _owner("earned_badges"),
        sa.PrimaryKeyConstraint("id", name="pk_earned_badges"),
        sa.UniqueConstraint("user_id", "badge", name="uq_earned_badges_user_id_badge"),
        schema="learning",
        comment="What learners achieved, each once and for good.",
    )


def _attempt_columns() -> Iterator[sa.Column[object]]:
    yield sa.Column(
        "saved",
        postgresql.JSONB(),
        server_default=EMPTY_OBJECT,
        nullable=False,
        comment="What was answered, flagged and how long each question was looked at, before it is handed in.",
    )
    yield sa.Column(
        "saved_revision",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="Rises with every save; a save that names an older one is refused.",
    )


def _progress_columns() -> Iterator[sa.Column[object]]:
    yield sa.Column("reading_position", sa.Double(), comment="How far down the text was read last, 0 to 1.")
    yield sa.Column("video_seconds", sa.Double(), comment="Where the film was left, in seconds.")


def downgrade() -> None:
    for table, checks, columns in (
        ("material_progress", PROGRESS_CHECKS, _progress_columns()),
        ("quiz_attempts", ATTEMPT_CHECKS, _attempt_columns()),
    ):
        for name in checks:
            op.drop_constraint(f"ck_{table}_{name}", table, schema="learning")
        for column in columns:
            op.drop_column(table, str(column.name), schema="learning")
    for table in reversed(TABLES):
        op.drop_table(table, schema="learning")
