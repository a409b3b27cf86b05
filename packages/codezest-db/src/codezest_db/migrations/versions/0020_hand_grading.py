"""Schema `learning`: grading by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
EMPTY_OBJECT = sa.text("'{}'::jsonb")
EMPTY_ARRAY = sa.text("'[]'::jsonb")
TABLES = ("rubrics", "hand_gradings", "grading_claims", "line_comments", "regrade_requests", "hand_in_files")
USERS = "auth.users"
FORGET = """
CREATE OR REPLACE FUNCTION learning.forget_in_history(forgotten uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE learning.former_gradings f SET feedback = NULL, compile_output = NULL, tests = (
        SELECT coalesce(jsonb_agg(t - '{stdout,stderr,message}'::text[]), '[]') FROM jsonb_array_elements(f.tests) t
    )
    FROM learning.submissions s, auth.users u
    WHERE s.id = f.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL;
    UPDATE learning.regrade_results r SET tests = (
        SELECT coalesce(jsonb_agg(t - '{stdout,stderr,message}'::text[]), '[]') FROM jsonb_array_elements(r.tests) t
    )
    FROM learning.submissions s, auth.users u
    WHERE s.id = r.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL;
    UPDATE learning.gradings g SET feedback = NULL%s
    FROM learning.submissions s, auth.users u
    WHERE s.id = g.submission_id AND s.user_id = forgotten AND u.id = forgotten AND u.deleted_at IS NOT NULL
$$
"""
NOTES = """, reason = NULL, rubric_scores = (
        SELECT coalesce(jsonb_object_agg(score.key, score.value - 'note'), '{}') FROM jsonb_each(g.rubric_scores) score
    )"""
ASSIGNMENT_CHECKS = {
    "passing_score_range": "passing_score BETWEEN 0 AND 100",
    "regrade_days_range": "regrade_days BETWEEN 0 AND 365",
}
COURSE_CHECKS = {
    "grade_scale_is_object": "jsonb_typeof(grade_scale) = 'object'",
    "regrade_days_range": "regrade_days BETWEEN 0 AND 365",
}


def upgrade() -> None:
    _rubrics()
    _gradings()
    _hand_gradings()
    _claims()
    _comments()
    _requests()
    _files()
    _settings()
    op.execute(FORGET % NOTES)
    for table in TABLES:
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)


def downgrade() -> None:
    op.execute(FORGET % "")
    op.drop_column("submissions", "accepted", schema="learning")
    for name in COURSE_CHECKS:
        op.drop_constraint(f"ck_courses_{name}", "courses", schema="learning")
    for column in ("grade_scale", "regrade_days"):
        op.drop_column("courses", column, schema="learning")
    for name in ASSIGNMENT_CHECKS:
        op.drop_constraint(f"ck_assignments_{name}", "assignments", schema="learning")
    for column in (
        "rubric_id", "regrade_days", "passing_score", "hold_grades", "anonymous_grading", "graded_by_hand",
    ):  # fmt: skip
        op.drop_column("assignments", column, schema="learning")
    for table in reversed(TABLES[1:]):
        op.drop_table(table, schema="learning")
    op.drop_constraint("ck_gradings_rubric_scores_is_object", "gradings", schema="learning")
    for column in ("replaces_id", "reason", "rubric_scores", "rubric_id"):
        op.drop_column("gradings", column, schema="learning")
    op.drop_table("rubrics", schema="learning")


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False)


def _time(name: str, comment: str | None = None, *, filled: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIMESTAMP, server_default=NOW if filled else None, nullable=not filled, comment=comment)


def _uuid(name: str, comment: str | None = None, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=optional, comment=comment)


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    short = target.rpartition(".")[2]
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{short}", ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), schema="learning")


def _rubrics() -> None:
    op.create_table(
        "rubrics",
        _id(),
        _uuid("course_id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _uuid("replaces_id", "The version before.", optional=True),
        sa.Column(
            "criteria",
            postgresql.JSONB(),
            server_default=EMPTY_ARRAY,
            nullable=False,
            comment="In order: id, title, description, levels (id, title, description, points), highest first.",
        ),
        _time("archived_at", "Since when it is offered no more: replaced, or removed."),
        _uuid("created_by", optional=True),
        _time("created_at", filled=True),
        _time("updated_at", filled=True),
        sa.CheckConstraint("title <> ''", name="ck_rubrics_title_given"),
        sa.CheckConstraint("version > 0", name="ck_rubrics_version_range"),
        sa.CheckConstraint("jsonb_typeof(criteria) = 'array'", name="ck_rubrics_criteria_is_array"),
        _key("rubrics", "course_id", "learning.courses"),
        _key("rubrics", "replaces_id", "learning.rubrics", "SET NULL"),
        _key("rubrics", "created_by", USERS, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_rubrics"),
        schema="learning",
        comment="What work is graded by; one that was used is never changed, but replaced.",
    )
    op.create_index(
        "ix_rubrics_offered",
        "rubrics",
        ["course_id", "title", "id"],
        schema="learning",
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    for column in ("course_id", "replaces_id", "created_by"):
        _index("rubrics", column)


def _gradings() -> None:
    op.add_column("gradings", _uuid("rubric_id", optional=True), schema="learning")
    op.add_column(
        "gradings",
        sa.Column(
            "rubric_scores",
            postgresql.JSONB(),
            server_default=EMPTY_OBJECT,
            nullable=False,
            comment="By the id of the criterion: level (its id or null), points, note.",
        ),
        schema="learning",
    )
    op.add_column(
        "gradings", sa.Column("reason", sa.Text(), comment="Why it replaces the one before."), schema="learning"
    )
    op.add_column("gradings", _uuid("replaces_id", "The one before.", optional=True), schema="learning")
    op.create_foreign_key(
        "fk_gradings_rubric_id_rubrics", "gradings", "rubrics", ["rubric_id"], ["id"],
        source_schema="learning", referent_schema="learning", ondelete="RESTRICT",
    )  # fmt: skip
    op.create_foreign_key(
        "fk_gradings_replaces_id_gradings", "gradings", "gradings", ["replaces_id"], ["id"],
        source_schema="learning", referent_schema="learning", ondelete="SET NULL",
    )  # fmt: skip
    op.create_unique_constraint("uq_gradings_replaces_id", "gradings", ["replaces_id"], schema="learning")
    op.create_check_constraint(
        "ck_gradings_rubric_scores_is_object", "gradings", "jsonb_typeof(rubric_scores) = 'object'", schema="learning"
    )
    _index("gradings", "rubric_id")


def _hand_gradings() -> None:
    op.create_table(
        "hand_gradings",
        _uuid("submission_id"),
        _uuid("course_id"),
        _uuid("assignment_id"),
        _uuid("user_id", "The learner."),
        sa.Column(
            "learner_number",
            sa.Integer(),
            nullable=False,
            comment="What the learner is called where names are hidden; the same for all attempts at the assignment.",
        ),
        sa.Column("state", sa.String(32), server_default="WAITING", nullable=False),
        _uuid("grading_id", "The latest.", optional=True),
        _uuid("released_grading_id", "The latest that the learner sees.", optional=True),
        _time("graded_at"),
        _time("released_at", "Of released_grading_id."),
        sa.CheckConstraint(
            "state IN ('WAITING', 'SUPERSEDED', 'HELD', 'RELEASED')", name="ck_hand_gradings_hand_grading_state"
        ),
        sa.CheckConstraint("learner_number > 0", name="ck_hand_gradings_learner_number_range"),
        sa.CheckConstraint(
            "(state IN ('HELD', 'RELEASED')) = (grading_id IS NOT NULL)", name="ck_hand_gradings_graded_has_grading"
        ),
        sa.CheckConstraint("(grading_id IS NULL) = (graded_at IS NULL)", name="ck_hand_gradings_graded_has_time"),
        sa.CheckConstraint(
            "(released_grading_id IS NULL) = (released_at IS NULL)", name="ck_hand_gradings_released_has_time"
        ),
        _key("hand_gradings", "submission_id", "learning.submissions"),
        _key("hand_gradings", "course_id", "learning.courses"),
        _key("hand_gradings", "assignment_id", "learning.assignments"),
        _key("hand_gradings", "user_id", USERS),
        _key("hand_gradings", "grading_id", "learning.gradings"),
        _key("hand_gradings", "released_grading_id", "learning.gradings"),
        sa.PrimaryKeyConstraint("submission_id", name="pk_hand_gradings"),
        schema="learning",
        comment="Work that people grade, and where each piece of it stands.",
    )
    for place in ("course_id", "assignment_id"):
        _index("hand_gradings", place, "state", "submission_id")
    op.create_index(
        "ix_hand_gradings_graded",
        "hand_gradings",
        ["course_id", "grading_id"],
        schema="learning",
        postgresql_where=sa.text("grading_id IS NOT NULL"),
    )
    _index("hand_gradings", "assignment_id", "user_id")
    for column in ("user_id", "grading_id", "released_grading_id"):
        _index("hand_gradings", column)


def _claims() -> None:
    op.create_table(
        "grading_claims",
        _id(),
        _uuid("submission_id"),
        _uuid("user_id", "Who grades it."),
        _time("claimed_at", "For the first time: the grader's own order.", filled=True),
        sa.Column(
            "expires_at",
            TIMESTAMP,
            nullable=False,
            comment="Put off while the page is open; then others may grade it.",
        ),
        _time("released_at", "When it was graded, given back or taken over."),
        _time("skipped_at", "When its grader put it off."),
        _key("grading_claims", "submission_id", "learning.submissions"),
        _key("grading_claims", "user_id", USERS),
        sa.PrimaryKeyConstraint("id", name="pk_grading_claims"),
        sa.UniqueConstraint("user_id", "submission_id", name="uq_grading_claims_user_id_submission_id"),
        schema="learning",
        comment="Who is grading what, or was: no work is with two graders at once.",
    )
    op.create_index(
        "uq_grading_claims_held",
        "grading_claims",
        ["submission_id"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("released_at IS NULL"),
    )
    _index("grading_claims", "submission_id")
    _index("grading_claims", "user_id", "claimed_at")


def _comments() -> None:
    op.create_table(
        "line_comments",
        _id(),
        _uuid("submission_id"),
        _uuid("parent_id", "What it answers.", optional=True),
        _uuid("user_id", "Who says it.", optional=True),
        sa.Column("by_learner", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("path", sa.Text(), comment="Of a file of that submission; null in an answer."),
        sa.Column("first_line", sa.Integer(), comment="From 1."),
        sa.Column("last_line", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        _time("created_at", filled=True),
        sa.CheckConstraint("text <> ''", name="ck_line_comments_text_given"),
        sa.CheckConstraint("first_line > 0 AND last_line >= first_line", name="ck_line_comments_lines_range"),
        sa.CheckConstraint(
            "num_nonnulls(path, first_line, last_line) = CASE WHEN parent_id IS NULL THEN 3 ELSE 0 END",
            name="ck_line_comments_anchored_or_answer",
        ),
        _key("line_comments", "submission_id", "learning.submissions"),
        _key("line_comments", "parent_id", "learning.line_comments"),
        _key("line_comments", "user_id", USERS, "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_line_comments"),
        schema="learning",
        comment="Remarks on lines of what was handed in, and answers to them.",
    )
    _index("line_comments", "submission_id", "id")
    _index("line_comments", "parent_id")
    _index("line_comments", "user_id")


def _requests() -> None:
    op.create_table(
        "regrade_requests",
        _id(),
        _uuid("submission_id"),
        _uuid("grading_id", "What is asked about, once."),
        _uuid("course_id"),
        _uuid("user_id", "The learner."),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), server_default="OPEN", nullable=False),
        sa.Column("reply", sa.Text()),
        _uuid("decided_by", optional=True),
        _time("decided_at"),
        _uuid("new_grading_id", "With ACCEPTED: what came of it.", optional=True),
        _time("created_at", filled=True),
        _time("updated_at", filled=True),
        sa.CheckConstraint(
            "status IN ('OPEN', 'ACCEPTED', 'DECLINED')", name="ck_regrade_requests_regrade_request_status"
        ),
        sa.CheckConstraint("(status = 'OPEN') = (decided_at IS NULL)", name="ck_regrade_requests_decided_has_time"),
        sa.CheckConstraint(
            "(status = 'ACCEPTED') = (new_grading_id IS NOT NULL)", name="ck_regrade_requests_accepted_has_grading"
        ),
        _key("regrade_requests", "submission_id", "learning.submissions"),
        _key("regrade_requests", "grading_id", "learning.gradings"),
        _key("regrade_requests", "course_id", "learning.courses"),
        _key("regrade_requests", "user_id", USERS),
        _key("regrade_requests", "decided_by", USERS, "SET NULL"),
        _key("regrade_requests", "new_grading_id", "learning.gradings"),
        sa.PrimaryKeyConstraint("id", name="pk_regrade_requests"),
        sa.UniqueConstraint("grading_id", name="uq_regrade_requests_grading_id"),
        schema="learning",
        comment="Learners' requests to have a grade looked at again, with what came of them.",
    )
    _index("regrade_requests", "course_id", "status", "id")
    for column in ("submission_id", "user_id", "decided_by", "new_grading_id"):
        _index("regrade_requests", column)


def _files() -> None:
    op.create_table(
        "hand_in_files",
        _id(),
        _uuid("user_id"),
        _uuid("assignment_id"),
        _uuid("submission_id", "Null until it is handed in.", optional=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="As its owner calls it."),
        sa.Column("media_type", sa.Text(), nullable=False, comment="As its content says."),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, comment="64 hexadecimal digits."),
        sa.Column("file_key", sa.Text(), nullable=False, comment="Storage key."),
        _time("created_at", filled=True),
        sa.CheckConstraint("position >= 0", name="ck_hand_in_files_position_range"),
        sa.CheckConstraint("name <> ''", name="ck_hand_in_files_name_given"),
        sa.CheckConstraint("size_bytes >= 0", name="ck_hand_in_files_size_bytes_range"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_hand_in_files_sha256_shape"),
        _key("hand_in_files", "user_id", USERS),
        _key("hand_in_files", "assignment_id", "learning.assignments"),
        _key("hand_in_files", "submission_id", "learning.submissions"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_in_files"),
        sa.UniqueConstraint("file_key", name="uq_hand_in_files_file_key"),
        schema="learning",
        comment="Files that learners hand in, or have laid ready to be.",
    )
    _index("hand_in_files", "submission_id", "position")
    _index("hand_in_files", "user_id", "assignment_id")
    _index("hand_in_files", "assignment_id")


def _settings() -> None:
    for name, comment in (
        ("graded_by_hand", "People grade programs as well, after the tests; texts and files they always do."),
        ("anonymous_grading", "Graders see no names until a grade is released."),
        ("hold_grades", "Grades given by hand are shown when all are released."),
    ):
        column = sa.Column(name, sa.Boolean(), server_default="false", nullable=False, comment=comment)
        op.add_column("assignments", column, schema="learning")
    op.add_column(
        "assignments",
        sa.Column(
            "passing_score",
            sa.Integer(),
            server_default="50",
            nullable=False,
            comment="Percent, of a grade given by hand.",
        ),
        schema="learning",
    )
    op.add_column(
        "assignments",
        sa.Column(
            "regrade_days",
            sa.Integer(),
            comment="How long a grade may be asked about; null: as the course says; 0: not at all.",
        ),
        schema="learning",
    )
    op.add_column("assignments", _uuid("rubric_id", optional=True), schema="learning")
    op.create_foreign_key(
        "fk_assignments_rubric_id_rubrics", "assignments", "rubrics", ["rubric_id"], ["id"],
        source_schema="learning", referent_schema="learning", ondelete="SET NULL",
    )  # fmt: skip
    _index("assignments", "rubric_id")
    for name, condition in ASSIGNMENT_CHECKS.items():
        op.create_check_constraint(f"ck_assignments_{name}", "assignments", condition, schema="learning")
    op.add_column(
        "courses",
        sa.Column(
            "grade_scale",
            postgresql.JSONB(),
            server_default=EMPTY_OBJECT,
            nullable=False,
            comment="What grades given by hand are called: kind POINTS, PASS_FAIL or LETTERS; grades (name, from_percent).",
        ),
        schema="learning",
    )
    op.add_column(
        "courses",
        sa.Column(
            "regrade_days",
            sa.Integer(),
            server_default="14",
            nullable=False,
            comment="How long a grade given by hand may be asked about; 0: not at all.",
        ),
        schema="learning",
    )
    for name, condition in COURSE_CHECKS.items():
        op.create_check_constraint(f"ck_courses_{name}", "courses", condition, schema="learning")
    op.add_column(
        "submissions",
        sa.Column(
            "accepted",
            sa.Boolean(),
            comment="Whether the grade that a person gave is enough to have done the assignment; null: nobody gave one.",
        ),
        schema="learning",
    )
