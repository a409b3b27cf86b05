"""Schema `learning`: questions that are answered by a program."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime(timezone=True)
BEFORE = (
    "SINGLE_CHOICE",
    "MULTIPLE_CHOICE",
    "TRUE_FALSE",
    "FILL_BLANK",
    "MATCHING",
    "ORDERING",
    "NUMERIC",
    "SHORT_ANSWER",
)
REFERENCES = {
    "question_id": ("learning.questions.id", "questions"),
    "user_id": ("auth.users.id", "users"),
    "attempt_id": ("learning.quiz_attempts.id", "quiz_attempts"),
    "answer_id": ("learning.quiz_answers.id", "quiz_answers"),
}
CHECKS = {
    "question_run_purpose": "purpose IN ('ANSWER', 'SAMPLE', 'CHECK')",
    "trial_status": "status IN ('PENDING', 'RUNNING', 'DONE', 'FAILED')",
    "attempt_unless_check": "(purpose = 'CHECK') = (attempt_id IS NULL)",
    "user_unless_check": "(purpose = 'CHECK') = (user_id IS NULL)",
    "answer_names_it": "(purpose = 'ANSWER') = (answer_id IS NOT NULL)",
    "sample_has_code": "(purpose = 'SAMPLE') = (code IS NOT NULL)",
    "check_names_key": "(purpose = 'CHECK') = (key_sha256 IS NOT NULL)",
    "result_is_object": "jsonb_typeof(result) = 'object'",
    "turn_range": "turn >= 0",
    "pick_ups_range": "pick_ups >= 0",
    "finished_has_time": "(status IN ('DONE', 'FAILED')) = (finished_at IS NOT NULL)",
    "done_has_result": "(status = 'DONE') = (result IS NOT NULL)",
    "failed_has_problem": "(status = 'FAILED') = (problem IS NOT NULL)",
}


def upgrade() -> None:
    _allow_types((*BEFORE, "CODE"))
    op.create_table(
        "question_runs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), comment="The learner, whose turn in the queue it takes; null for CHECK."),
        sa.Column("attempt_id", sa.Uuid(), comment="Null for CHECK."),
        sa.Column(
            "answer_id",
            sa.Uuid(),
            comment="What is decided by it; its program is that of the answer. Only for ANSWER.",
        ),
        sa.Column("code", sa.Text(), comment="The program of a SAMPLE."),
        sa.Column("key_sha256", sa.Text(), comment="Hash of the key whose solution a CHECK tried."),
        sa.Column("status", sa.String(32), server_default="PENDING", nullable=False),
        sa.Column(
            "result",
            postgresql.JSONB(),
            comment="Verdict, compile output, and each test; of a hidden one no more than its verdict, but for CHECK.",
        ),
        sa.Column("problem", sa.Text(), comment="Why nothing could be run."),
        _count("turn", "The round of the queue, as of submissions."),
        _count("pick_ups", "How often a worker began it."),
        sa.Column("requested_at", TIMESTAMP, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", TIMESTAMP),
        *(sa.CheckConstraint(condition, name=f"ck_question_runs_{name}") for name, condition in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_question_runs_{column}_{table}", ondelete="CASCADE")
            for column, (target, table) in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_runs"),
        sa.UniqueConstraint("answer_id", name="uq_question_runs_answer_id"),
        schema="learning",
        comment="Programs of questions that are answered by one: graded answers, tries of learners, checks of solutions.",
    )
    _index("uq_question_runs_sample", ["attempt_id", "question_id"], where="purpose = 'SAMPLE'", unique=True)
    _index("uq_question_runs_check", ["question_id"], where="purpose = 'CHECK'", unique=True)
    for columns in (["question_id"], ["attempt_id"], ["turn"], ["user_id", "turn"]):
        op.create_index(f"ix_question_runs_{'_'.join(columns)}", "question_runs", columns, schema="learning")
    _index("ix_question_runs_unfinished", ["requested_at"], where="status IN ('PENDING', 'RUNNING')")
    _index("ix_question_runs_queue", ["turn"], where="status IN ('PENDING', 'RUNNING')")
    _index("ix_question_runs_passing", ["requested_at"], where="purpose = 'SAMPLE'")
    for statement in roles.grants_on_table(roles.LEARNING.name, "learning.question_runs"):
        op.execute(statement)
    op.execute(roles.grants_to_browser())


def downgrade() -> None:
    op.drop_table("question_runs", schema="learning")
    _allow_types(BEFORE)


def _allow_types(types: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{name}'" for name in types)
    op.drop_constraint("ck_questions_question_type", "questions", schema="learning")
    op.create_check_constraint("ck_questions_question_type", "questions", f"type IN ({listed})", schema="learning")


def _count(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False, comment=comment)


def _index(name: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    op.create_index(name, "question_runs", columns, unique=unique, schema="learning", postgresql_where=sa.text(where))
