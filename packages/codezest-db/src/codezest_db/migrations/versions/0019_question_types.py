"""Schema `learning`: every type of question, the bank, when and how long one may answer."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
EMPTY_OBJECT = sa.text("'{}'::jsonb")
EMPTY_ARRAY = sa.text("'[]'::jsonb")
EMPTY_TEXTS = sa.text("'{}'::text[]")
POINTS = sa.Numeric(9, 2)
SUM_OF_POINTS = ("quiz_attempts", "quiz_answers")
TABLES = ("question_snapshots", "answer_marks", "accommodations")
APPEND_ONLY = ("question_snapshots", "answer_marks")
LATE_POLICIES = "late_policy IN ('NO_PENALTY', 'PENALTY_PER_DAY', 'CUT_OFF')"
RAW_SCORE = "Before what lateness takes away; null: nothing is taken."
MEDIA = ("Optional image_url and video_url.", "Optional image_url with image_alt, and video_url.")
DRAW_COUNT = ("Questions drawn for an attempt; null: all.", "How many of its own questions an attempt asks; null: all.")


def upgrade() -> None:
    for table, columns, checks in _additions():
        for column in columns:
            op.add_column(table, column, schema="learning")
        for name, condition in checks.items():
            op.create_check_constraint(f"ck_{table}_{name}", table, condition, schema="learning")
    _give_questions_a_second_home()
    _count_in_hundredths()
    _make_question_snapshots()
    _make_answer_marks()
    _make_accommodations()
    for table in TABLES:
        for statement in roles.grants_on_table(roles.LEARNING.name, f"learning.{table}"):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in roles.make_append_only(roles.LEARNING.name, f"learning.{table}"):
            op.execute(statement)


def _percent(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False, comment=comment)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False)


def _window(*, due: bool) -> list[sa.Column[object]]:
    return [
        sa.Column("available_from", TIMESTAMP, comment="Null: as soon as it is published."),
        sa.Column("available_until", TIMESTAMP, comment="Null: for good."),
        *([sa.Column("due_at", TIMESTAMP)] if due else []),
        sa.Column("late_policy", sa.String(32), server_default="NO_PENALTY", nullable=False),
        _percent("late_penalty_percent", "Of the score, for every day begun after it was due."),
        _percent("late_floor_percent", "Of the score, which lateness never takes away."),
    ]


WINDOW_CHECKS = {
    "late_policy": LATE_POLICIES,
    "available_until_after_from": "available_until > available_from",
    "late_penalty_percent_range": "late_penalty_percent BETWEEN 0 AND 100",
    "late_floor_percent_range": "late_floor_percent BETWEEN 0 AND 100",
}


def _additions() -> Iterator[tuple[str, list[sa.Column[object]], dict[str, str]]]:
    """Table, new columns, new checks by name."""
    yield "assignments", _window(due=False), WINDOW_CHECKS
    yield (
        "quizzes",
        [
            *_window(due=True),
            sa.Column(
                "draws",
                postgresql.JSONB(),
                server_default=EMPTY_ARRAY,
                nullable=False,
                comment="What an attempt draws from the course's bank besides: count, and optionally topic and difficulty.",
            ),
            _flag("shuffle_options"),
            sa.Column("scoring", sa.String(32), server_default="ALL_OR_NOTHING", nullable=False),
            _percent(
                "wrong_penalty_percent",
                "Of a question's points, which a wrong answer takes away; the sum is never below 0.",
            ),
        ],
        {
            **WINDOW_CHECKS,
            "draws_is_array": "jsonb_typeof(draws) = 'array'",
            "scoring": "scoring IN ('ALL_OR_NOTHING', 'PARTIAL')",
            "wrong_penalty_percent_range": "wrong_penalty_percent BETWEEN 0 AND 100",
        },
    )
    yield (
        "submissions",
        [
            sa.Column("raw_score", sa.Integer(), comment=RAW_SCORE),
            _percent(
                "late_penalty_percent", "Of the raw score, which lateness takes away; fixed when it is handed in."
            ),
        ],
        {
            "raw_score_range": "raw_score BETWEEN 0 AND max_score",
            "late_penalty_percent_range": "late_penalty_percent BETWEEN 0 AND 100",
        },
    )
    yield "regrade_results", [sa.Column("new_raw_score", sa.Integer(), comment=RAW_SCORE)], {}
    yield (
        "quiz_attempts",
        [
            _flag("is_late"),
            sa.Column(
                "raw_score",
                sa.Integer(),
                comment="Percent, before what lateness takes away; null: nothing is taken.",
            ),
            _percent(
                "late_penalty_percent", "Of the raw score, which lateness takes away; fixed when it is handed in."
            ),
            sa.Column(
                "snapshots",
                postgresql.ARRAY(sa.Text()),
                server_default=EMPTY_TEXTS,
                nullable=False,
                comment="The questions as they were, beside question_ids: keys of question_snapshots. "
                "Empty: as they are now.",
            ),
            _flag("options_shuffled"),
        ],
        {
            "raw_score_range": "raw_score BETWEEN 0 AND 100",
            "late_penalty_percent_range": "late_penalty_percent BETWEEN 0 AND 100",
        },
    )
    yield (
        "quiz_answers",
        [
            sa.Column(
                "entries",
                postgresql.JSONB(),
                server_default=EMPTY_OBJECT,
                nullable=False,
                comment="What was typed or selected, by field.",
            ),
            sa.Column("max_points", sa.Integer(), comment="Null in answers from before it was kept."),
        ],
        {"entries_is_object": "jsonb_typeof(entries) = 'object'"},
    )


def _give_questions_a_second_home() -> None:
    op.alter_column("questions", "quiz_id", nullable=True, schema="learning")
    op.add_column(
        "questions",
        sa.Column("course_id", sa.Uuid(), comment="Whose bank it is in; null: it belongs to a quiz."),
        schema="learning",
    )
    op.add_column(
        "questions",
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        schema="learning",
    )
    op.create_foreign_key(
        "fk_questions_course_id_courses",
        "questions",
        "courses",
        ["course_id"],
        ["id"],
        source_schema="learning",
        referent_schema="learning",
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        "ck_questions_one_home", "questions", "num_nonnulls(quiz_id, course_id) = 1", schema="learning"
    )
    op.create_index(
        "ix_questions_course_id_topic_difficulty", "questions", ["course_id", "topic", "difficulty"], schema="learning"
    )
    op.alter_column("questions", "media", comment=MEDIA[1], existing_comment=MEDIA[0], schema="learning")
    op.alter_column("quizzes", "draw_count", comment=DRAW_COUNT[1], existing_comment=DRAW_COUNT[0], schema="learning")
    op.alter_column(
        "assignments", "allow_late", comment="False is the same as the late policy CUT_OFF.", schema="learning"
    )


def _count_in_hundredths() -> None:
    for table in SUM_OF_POINTS:
        op.drop_constraint(f"ck_{table}_points_range", table, schema="learning")
        op.alter_column(table, "points", type_=POINTS, existing_type=sa.Integer(), schema="learning")
    op.alter_column("quiz_answers", "points", server_default="0", schema="learning")
    op.create_check_constraint(
        "ck_quiz_attempts_points_range", "quiz_attempts", "points BETWEEN 0 AND max_points", schema="learning"
    )
    op.create_check_constraint(
        "ck_quiz_answers_points_range", "quiz_answers", "points BETWEEN -max_points AND max_points", schema="learning"
    )
    for name, comment in (
        ("points", "Negative: a wrong answer took them away."),
        ("text_answer", "The entries in words, for readers."),
        ("is_correct", "Null while ungraded. Partly right is not correct."),
    ):
        op.alter_column("quiz_answers", name, comment=comment, schema="learning")
    op.create_index(
        "ix_quiz_answers_waiting",
        "quiz_answers",
        ["attempt_id"],
        schema="learning",
        postgresql_where=sa.text("is_correct IS NULL"),
    )


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    short = target.partition(".")[2]
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{short}", ondelete=ondelete)


def _make_question_snapshots() -> None:
    op.create_table(
        "question_snapshots",
        sa.Column("sha256", sa.Text(), nullable=False, comment="Of the question's id and its content."),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column(
            "content",
            postgresql.JSONB(),
            nullable=False,
            comment="All of it: text, options, key, explanation, points.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint("jsonb_typeof(content) = 'object'", name="ck_question_snapshots_content_is_object"),
        _key("question_snapshots", "question_id", "learning.questions"),
        sa.PrimaryKeyConstraint("sha256", name="pk_question_snapshots"),
        schema="learning",
        comment="Questions as attempts asked them; each wording once, none is changed.",
    )
    op.create_index("ix_question_snapshots_question_id", "question_snapshots", ["question_id"], schema="learning")


def _make_answer_marks() -> None:
    op.create_table(
        "answer_marks",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("marked_by", sa.Uuid()),
        sa.Column("points", POINTS, nullable=False),
        sa.Column("comment", sa.Text(), comment="For the learner."),
        sa.Column("marked_at", TIMESTAMP, server_default=NOW, nullable=False),
        _key("answer_marks", "answer_id", "learning.quiz_answers"),
        _key("answer_marks", "marked_by", "auth.users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_marks"),
        schema="learning",
        comment="Every mark that a person gave an answer; the latest counts, none is changed.",
    )
    op.create_index(
        "ix_answer_marks_answer_id_marked_at", "answer_marks", ["answer_id", "marked_at"], schema="learning"
    )
    op.create_index("ix_answer_marks_marked_by", "answer_marks", ["marked_by"], schema="learning")


def _make_accommodations() -> None:
    op.create_table(
        "accommodations",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("quiz_id", sa.Uuid(), comment="Null: for the whole course."),
        sa.Column("assignment_id", sa.Uuid(), comment="Null: for the whole course."),
        _percent("extra_time_percent", "Of a quiz's time limit."),
        _percent("extra_minutes", "Beyond that."),
        _percent("extra_attempts"),
        _percent("extra_days", "After each due date and each closing."),
        sa.Column("due_at", TIMESTAMP, comment="In place of the item's own due date."),
        sa.Column("note", sa.Text(), comment="For the staff."),
        sa.Column("granted_by", sa.Uuid()),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        *(
            sa.CheckConstraint(condition, name=f"ck_accommodations_{name}")
            for name, condition in (
                ("one_item", "num_nonnulls(quiz_id, assignment_id) <= 1"),
                ("due_date_of_item", "due_at IS NULL OR num_nonnulls(quiz_id, assignment_id) = 1"),
                ("extra_time_percent_range", "extra_time_percent BETWEEN 0 AND 1000"),
                ("extra_minutes_range", "extra_minutes BETWEEN 0 AND 100000"),
                ("extra_attempts_range", "extra_attempts BETWEEN 0 AND 1000"),
                ("extra_days_range", "extra_days BETWEEN 0 AND 3650"),
            )
        ),
        _key("accommodations", "course_id", "learning.courses"),
        _key("accommodations", "user_id", "auth.users"),
        _key("accommodations", "quiz_id", "learning.quizzes"),
        _key("accommodations", "assignment_id", "learning.assignments"),
        _key("accommodations", "granted_by", "auth.users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_accommodations"),
        sa.UniqueConstraint(
            "course_id",
            "user_id",
            "quiz_id",
            "assignment_id",
            name="uq_accommodations_course_id_user_id_quiz_id_assignment_id",
            postgresql_nulls_not_distinct=True,
        ),
        schema="learning",
        comment="More time, attempts or days for one learner: in a course, or for one item of it.",
    )
    for column in ("user_id", "quiz_id", "assignment_id", "granted_by"):
        op.create_index(f"ix_accommodations_{column}", "accommodations", [column], schema="learning")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="learning")
    op.drop_index("ix_quiz_answers_waiting", "quiz_answers", schema="learning")
    for name in ("points", "text_answer", "is_correct"):
        comment = "Null while ungraded." if name == "is_correct" else None
        op.alter_column("quiz_answers", name, comment=comment, schema="learning")
    op.execute("UPDATE learning.quiz_answers SET points = 0 WHERE points < 0")
    for table, condition in (("quiz_attempts", "points BETWEEN 0 AND max_points"), ("quiz_answers", "points >= 0")):
        op.drop_constraint(f"ck_{table}_points_range", table, schema="learning")
        op.alter_column(
            table,
            "points",
            type_=sa.Integer(),
            existing_type=POINTS,
            postgresql_using="floor(points)::int",
            schema="learning",
        )
        op.create_check_constraint(f"ck_{table}_points_range", table, condition, schema="learning")
    op.alter_column("quiz_answers", "points", server_default="0", schema="learning")
    op.alter_column("assignments", "allow_late", comment=None, schema="learning")
    op.alter_column("questions", "media", comment=MEDIA[0], schema="learning")
    op.alter_column("quizzes", "draw_count", comment=DRAW_COUNT[0], schema="learning")
    # What a bank holds has no place in the schema before, nor have the answers to it.
    op.execute("""DELETE FROM learning.quiz_answers w USING learning.questions q
        WHERE q.id = w.question_id AND q.quiz_id IS NULL""")
    op.execute("DELETE FROM learning.questions WHERE quiz_id IS NULL")
    op.drop_index("ix_questions_course_id_topic_difficulty", "questions", schema="learning")
    op.drop_constraint("ck_questions_one_home", "questions", schema="learning")
    op.drop_column("questions", "content_revision", schema="learning")
    op.drop_column("questions", "course_id", schema="learning")
    op.alter_column("questions", "quiz_id", nullable=False, schema="learning")
    for table, columns, checks in reversed(list(_additions())):
        for name in checks:
            op.drop_constraint(f"ck_{table}_{name}", table, schema="learning")
        for column in columns:
            op.drop_column(table, str(column.name), schema="learning")
