"""Schema `learning`: analyses of work, calls of models, and how submissions failed."""
# ruff: noqa: S608 - statements are put together from names in this file

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB()
EMPTY_OBJECT = sa.text("'{}'::jsonb")
EMPTY_ARRAY = sa.text("'[]'::jsonb")
EMPTY_TEXTS = sa.text("'{}'::text[]")
SUBMISSIONS, QUIZZES = "submission_analyses", "quiz_analyses"
TABLES = (SUBMISSIONS, QUIZZES)
NOTES = "A text as somebody wrote it, or a key with its parameters, which the reader's language turns into one."
MICROS = "Millionths of the prices' currency."
LISTS = {SUBMISSIONS: ("strengths", "weaknesses", "suggestions"), QUIZZES: ("recommendations",)}
"""Columns that were arrays of texts."""
ARRAYS = {SUBMISSIONS: ("strengths", "weaknesses", "suggestions", "evidence"), QUIZZES: ("recommendations", "insights")}
COURSE_OF = {
    SUBMISSIONS: """SELECT m.course_id FROM learning.submissions s JOIN learning.assignments i ON i.id = s.assignment_id
        JOIN learning.modules m ON m.id = i.module_id WHERE s.id = a.submission_id""",
    QUIZZES: """SELECT m.course_id FROM learning.quiz_attempts t JOIN learning.quizzes i ON i.id = t.quiz_id
        JOIN learning.modules m ON m.id = i.module_id WHERE t.id = a.attempt_id""",
}
STATUS = "status IN ('QUEUED', 'READY', 'FAILED', 'APPROVED')"
PROVIDER = "provider IN ('LOCAL', 'ENDPOINT')"


def upgrade() -> None:
    op.add_column(
        "courses",
        sa.Column("analysis_policy", sa.String(32), server_default="AUTOMATIC", nullable=False),
        schema="learning",
    )
    _check("courses", "analysis_policy", "analysis_policy IN ('OFF', 'AUTOMATIC', 'APPROVAL')")
    for table in TABLES:
        _widen(table)
    for column in _submission_columns():
        op.add_column(SUBMISSIONS, column, schema="learning")
    _user_key(SUBMISSIONS, "requested_by")
    _check(SUBMISSIONS, "measures_is_object", "jsonb_typeof(measures) = 'object'")
    op.create_index(
        "ix_submission_analyses_requested_by_requested_at",
        SUBMISSIONS,
        ["requested_by", "requested_at"],
        schema="learning",
    )
    _partial_index(SUBMISSIONS, "cache_key", ["cache_key"], "cache_key IS NOT NULL")
    _partial_index(SUBMISSIONS, "queued", ["requested_at"], "status = 'QUEUED'")
    _notes_for_quizzes()
    for table, columns in ARRAYS.items():
        for column in columns:
            _check(table, f"{column}_is_array", f"jsonb_typeof({column}) = 'array'")
    _comments(new=True)
    _make_model_calls()
    _make_submission_failures()
    for table in ("model_calls", "submission_failures"):
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)


def _widen(table: str) -> None:
    op.add_column(table, sa.Column("course_id", sa.Uuid()), schema="learning")
    op.execute(f"UPDATE learning.{table} a SET course_id = ({COURSE_OF[table]})")
    op.execute(f"DELETE FROM learning.{table} WHERE course_id IS NULL")
    op.alter_column(table, "course_id", nullable=False, schema="learning")
    for column in _analysed_columns():
        op.add_column(table, column, schema="learning")
    op.execute(f"UPDATE learning.{table} SET released_at = created_at")
    op.create_foreign_key(
        f"fk_{table}_course_id_courses",
        table,
        "courses",
        ["course_id"],
        ["id"],
        source_schema="learning",
        referent_schema="learning",
        ondelete="CASCADE",
    )
    _user_key(table, "approved_by")
    op.create_index(f"ix_{table}_approved_by", table, ["approved_by"], schema="learning")
    op.create_index(f"ix_{table}_course_id_id", table, ["course_id", "id"], schema="learning")
    _partial_index(table, "to_review", ["course_id", "id"], "needs_review")
    _check(table, "analysis_status", STATUS)
    _check(table, "analysis_provider", PROVIDER)
    _check(table, "approved_has_time", "(status = 'APPROVED') = (approved_at IS NOT NULL)")
    _check(table, "approved_is_released", "status <> 'APPROVED' OR (released_at IS NOT NULL AND NOT needs_review)")
    _check(table, "revision_range", "revision >= 0")
    for column in LISTS[table]:
        _change_type(table, column, JSONB, using=f"to_jsonb({column})", default=EMPTY_ARRAY)


def _analysed_columns() -> Iterator[sa.Column[object]]:
    yield sa.Column("status", sa.String(32), server_default="READY", nullable=False)
    yield sa.Column("provider", sa.String(32), comment="Null when an instructor wrote it from nothing.")
    yield sa.Column(
        "needs_review",
        sa.Boolean(),
        server_default="false",
        nullable=False,
        comment="Whether it waits for somebody who teaches to look at it.",
    )
    yield sa.Column("original", JSONB, comment="As it was before an instructor changed it; null while nobody has.")
    yield sa.Column(
        "revision",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="Rises with every change; a change that names an older one is refused.",
    )
    yield sa.Column("released_at", TIMESTAMP, comment="Since when the learner sees it; null: not yet.")
    yield sa.Column("approved_at", TIMESTAMP)
    yield sa.Column("approved_by", sa.Uuid())


def _submission_columns() -> Iterator[sa.Column[object]]:
    yield sa.Column(
        "evidence",
        JSONB,
        server_default=EMPTY_ARRAY,
        nullable=False,
        comment="What was found on which line of which file, by rule.",
    )
    yield sa.Column(
        "measures",
        JSONB,
        server_default=EMPTY_OBJECT,
        nullable=False,
        comment="Counts of the program, such as its lines and functions.",
    )
    yield sa.Column("fallback", sa.Text(), comment="Why the endpoint was not used, or failed; a key.")
    yield sa.Column(
        "cache_key",
        sa.Text(),
        comment="Hash of the program without trailing blanks, the assignment's revision and what analysed it.",
    )
    yield sa.Column("input_tokens", sa.Integer(), server_default="0", nullable=False)
    yield sa.Column("output_tokens", sa.Integer(), server_default="0", nullable=False)
    yield sa.Column("cost_micros", sa.BigInteger(), server_default="0", nullable=False, comment=MICROS)
    yield sa.Column("requested_by", sa.Uuid(), comment="Null when nobody asked for it.")
    yield sa.Column("requested_at", TIMESTAMP, server_default=NOW, nullable=False)
    yield sa.Column("finished_at", TIMESTAMP)
    yield sa.Column("helpful", sa.Boolean(), comment="What the learner says of it.")


def _notes_for_quizzes() -> None:
    as_list = "CASE WHEN insights IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(insights) END"
    _change_type(QUIZZES, "insights", JSONB, using=as_list, default=EMPTY_ARRAY)
    op.alter_column(QUIZZES, "insights", nullable=False, schema="learning")
    _change_type(QUIZZES, "time_management", JSONB, using="to_jsonb(time_management)", default=None)


def _change_type(
    table: str, column: str, kind: sa.types.TypeEngine[Any], *, using: str, default: sa.TextClause | None
) -> None:
    op.alter_column(table, column, server_default=None, schema="learning")
    op.alter_column(table, column, type_=kind, postgresql_using=using, schema="learning")
    if default is not None:
        op.alter_column(table, column, server_default=default, schema="learning")


def _comments(*, new: bool) -> None:
    for table, columns in LISTS.items():
        for column in columns:
            op.alter_column(table, column, comment=NOTES if new else None, schema="learning")
    if new:
        op.alter_column(QUIZZES, "insights", comment=NOTES, schema="learning")
    percent, breakdown = "Percent.", "Percent by topic."
    told = "What a model or an instructor says about a"
    texts = {
        (SUBMISSIONS, "overall_score"): "Percent; advice, never a grade." if new else percent,
        (QUIZZES, "performance_breakdown"): "By topic: percent, points, questions and seconds." if new else breakdown,
        (QUIZZES, "time_management"): "A text, or a key with its parameters." if new else None,
    }
    for (table, column), comment in texts.items():
        op.alter_column(table, column, comment=comment, schema="learning")
    tables = {
        SUBMISSIONS: "What rules, a model or an instructor say about a submission." if new else f"{told} submission.",
        QUIZZES: "What is said about a quiz attempt, by rules or by an instructor." if new else f"{told} quiz attempt.",
    }
    for table, comment in tables.items():
        op.create_table_comment(table, comment, schema="learning")


def _make_model_calls() -> None:
    def count(name: str, kind: sa.types.TypeEngine[Any], comment: str) -> sa.Column[object]:
        return sa.Column(name, kind, server_default="0", nullable=False, comment=comment)

    op.create_table(
        "model_calls",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("user_id", sa.Uuid(), comment="On whose work, and out of whose daily share."),
        sa.Column("submission_id", sa.Uuid()),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), server_default="RESERVED", nullable=False),
        count("input_tokens", sa.Integer(), "Estimated while RESERVED."),
        count("output_tokens", sa.Integer(), "The most there may be while RESERVED."),
        count("cost_micros", sa.BigInteger(), MICROS),
        sa.Column("milliseconds", sa.Integer()),
        sa.Column("failure", sa.Text(), comment="A key, such as timeout."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("status IN ('RESERVED', 'SUCCEEDED', 'FAILED')", name="ck_model_calls_model_call_status"),
        sa.CheckConstraint(
            "input_tokens >= 0 AND output_tokens >= 0 AND cost_micros >= 0", name="ck_model_calls_counts_range"
        ),
        _user("model_calls", "SET NULL"),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["learning.submissions.id"],
            name="fk_model_calls_submission_id_submissions",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_model_calls"),
        schema="learning",
        comment="Every call of a model and what it cost, from which budgets are kept.",
    )
    for columns in (["created_at"], ["user_id", "created_at"], ["submission_id"]):
        op.create_index(f"ix_model_calls_{'_'.join(columns)}", "model_calls", columns, schema="learning")


def _make_submission_failures() -> None:
    table = "submission_failures"
    verdicts = ", ".join(f"'{name}'" for name in ("AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "IE"))
    op.create_table(
        table,
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "signature", sa.Text(), nullable=False, comment="Hash of all that makes two failures the same mistake."
        ),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column(
            "difference",
            sa.Text(),
            nullable=False,
            comment="How expected and actual differ, such as off-by-one; a key.",
        ),
        sa.Column("parameters", JSONB, server_default=EMPTY_OBJECT, nullable=False),
        sa.Column(
            "failed_tests",
            postgresql.ARRAY(sa.Integer()),
            nullable=False,
            comment="Positions; the first is the one looked at.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(f"verdict IN ({verdicts})", name=f"ck_{table}_verdict"),
        sa.CheckConstraint("jsonb_typeof(parameters) = 'object'", name=f"ck_{table}_parameters_is_object"),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"learning.{name}s.id"], name=f"fk_{table}_{name}_id_{name}s", ondelete="CASCADE"
            )
            for name in ("submission", "assignment")
        ),
        _user(table, "CASCADE"),
        sa.PrimaryKeyConstraint("submission_id", name=f"pk_{table}"),
        schema="learning",
        comment="How a submission failed, so that the same mistakes can be counted together.",
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"], schema="learning")
    op.create_index(
        f"ix_{table}_newest",
        table,
        ["assignment_id", sa.text("submission_id DESC")],
        schema="learning",
    )


def _user(table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name=f"fk_{table}_user_id_users", ondelete=ondelete)


def _user_key(table: str, column: str) -> None:
    op.create_foreign_key(
        f"fk_{table}_{column}_users",
        table,
        "users",
        [column],
        ["id"],
        source_schema="learning",
        referent_schema="auth",
        ondelete="SET NULL",
    )


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(f"ck_{table}_{name}", table, condition, schema="learning")


def _partial_index(table: str, name: str, columns: list[str], condition: str) -> None:
    op.create_index(f"ix_{table}_{name}", table, columns, schema="learning", postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.drop_table("submission_failures", schema="learning")
    op.drop_table("model_calls", schema="learning")
    for table, columns in ARRAYS.items():
        for column in columns:
            op.drop_constraint(f"ck_{table}_{column}_is_array", table, schema="learning")
    _comments(new=False)
    # What a rule said is no text: of each list those that people wrote stay.
    op.execute("""
        CREATE FUNCTION learning.texts_in(notes jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
            SELECT coalesce(array_agg(note #>> '{}'), '{}') FROM jsonb_array_elements(notes) note
            WHERE jsonb_typeof(note) = 'string' $$""")
    texts = postgresql.ARRAY(sa.Text())
    for table, columns in LISTS.items():
        for column in columns:
            _change_type(table, column, texts, using=f"learning.texts_in({column})", default=EMPTY_TEXTS)
    op.alter_column(QUIZZES, "insights", nullable=True, comment=None, schema="learning")
    as_text = "nullif(array_to_string(learning.texts_in(insights), E'\\n'), '')"
    _change_type(QUIZZES, "insights", sa.Text(), using=as_text, default=None)
    spoken = "CASE WHEN jsonb_typeof(time_management) = 'string' THEN time_management #>> '{}' END"
    _change_type(QUIZZES, "time_management", sa.Text(), using=spoken, default=None)
    op.execute("DROP FUNCTION learning.texts_in")
    for column in _submission_columns():
        op.drop_column(SUBMISSIONS, str(column.name), schema="learning")
    for table in TABLES:
        for column in _analysed_columns():
            op.drop_column(table, str(column.name), schema="learning")
        op.drop_column(table, "course_id", schema="learning")
    op.drop_column("courses", "analysis_policy", schema="learning")
