"""Schema `learning`: functions, unit tests, interaction, groups, bonus, generated input, static rules, several files."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EMPTY_OBJECT = sa.text("'{}'::jsonb")
EMPTY_ARRAY = sa.text("'[]'::jsonb")
CHECKERS_BEFORE = "checker IN ('EXACT', 'TOKENS', 'FLOAT', 'UNORDERED_LINES')"
CHECKERS = "checker IN ('EXACT', 'TOKENS', 'FLOAT', 'UNORDERED_LINES', 'CUSTOM')"
CHECKED_TABLES = ("assignments", "assignment_tests")

CHECKS: dict[str, dict[str, str]] = {
    "assignments": {
        "ck_assignments_grading_mode": "grading_mode IN ('STDIO', 'FUNCTION', 'UNIT_TESTS', 'INTERACTIVE')",
        "ck_assignments_function_name_given": "function_name <> ''",
        "ck_assignments_starter_files_is_object": "jsonb_typeof(starter_files) = 'object'",
        "ck_assignments_solution_files_is_object": "jsonb_typeof(solution_files) = 'object'",
        "ck_assignments_harness_is_object": "jsonb_typeof(harness) = 'object'",
        "ck_assignments_rules_is_array": "jsonb_typeof(rules) = 'array'",
        "ck_assignments_test_groups_is_array": "jsonb_typeof(test_groups) = 'array'",
    },
    "assignment_tests": {
        "ck_assignment_tests_output_bytes_range": "output_bytes > 0",
        "ck_assignment_tests_group_name_given": "group_name <> ''",
        "ck_assignment_tests_sample_is_visible": "visible OR NOT sample",
        "ck_assignment_tests_arguments_is_array": "jsonb_typeof(arguments) = 'array'",
        "ck_assignment_tests_generator_is_object": "jsonb_typeof(generator) = 'object'",
    },
    "submissions": {
        "ck_submissions_files_is_object": "jsonb_typeof(files) = 'object'",
        "ck_submissions_pick_ups_range": "pick_ups >= 0",
    },
    "submission_test_results": {
        "ck_submission_test_results_arguments_is_array": "jsonb_typeof(arguments) = 'array'",
        "ck_submission_test_results_fraction_range": "fraction BETWEEN 0 AND 1",
    },
}


def _columns() -> dict[str, list[sa.Column[Any]]]:
    """Fresh ones: a column object belongs to one table, and a step may be undone and redone in one process."""
    return {
        "assignments": [
            sa.Column("grading_mode", sa.String(32), server_default="STDIO", nullable=False),
            sa.Column("function_name", sa.Text(), comment="What tests of mode FUNCTION call."),
            sa.Column(
                "starter_files",
                postgresql.JSONB(),
                server_default=EMPTY_OBJECT,
                nullable=False,
                comment="Text by path, beside starter_code; if any, learners send several files.",
            ),
            sa.Column(
                "solution_files",
                postgresql.JSONB(),
                server_default=EMPTY_OBJECT,
                nullable=False,
                comment="Text by path, beside solution_code. Never shown to learners.",
            ),
            sa.Column(
                "harness",
                postgresql.JSONB(),
                server_default=EMPTY_OBJECT,
                nullable=False,
                comment=(
                    "The author's programs: checker, interactor, unit_tests, support_files, generators. Never shown to learners."
                ),
            ),
            sa.Column(
                "rules",
                postgresql.JSONB(),
                server_default=EMPTY_ARRAY,
                nullable=False,
                comment="What the source must or must not contain: kind, construct or query, message.",
            ),
            sa.Column(
                "test_groups",
                postgresql.JSONB(),
                server_default=EMPTY_ARRAY,
                nullable=False,
                comment="Tests that count together: name, policy, points (null: those of its tests).",
            ),
            sa.Column(
                "seed",
                sa.BigInteger(),
                server_default="0",
                nullable=False,
                comment="Of generators whose test names none.",
            ),
        ],
        "assignment_tests": [
            sa.Column("output_bytes", sa.BigInteger(), comment="Null: as the assignment says."),
            sa.Column("group_name", sa.Text(), comment="One of the assignment's test_groups; null: it counts alone."),
            sa.Column(
                "bonus",
                sa.Boolean(),
                server_default="false",
                nullable=False,
                comment="Its points come on top; nobody needs them to pass.",
            ),
            sa.Column(
                "sample",
                sa.Boolean(),
                server_default="false",
                nullable=False,
                comment="Shown with the task, as an example.",
            ),
            sa.Column("arguments", postgresql.JSONB(), comment="Of the function that is called, in mode FUNCTION."),
            sa.Column(
                "generator",
                postgresql.JSONB(),
                comment="What writes its input: script (of the harness), args, seed (null: the assignment's).",
            ),
        ],
        "submissions": [
            sa.Column(
                "files",
                postgresql.JSONB(),
                server_default=EMPTY_OBJECT,
                nullable=False,
                comment="The other files of the program, text by path.",
            ),
            sa.Column(
                "pick_ups",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="How often a worker has begun to grade it and not said that it failed to.",
            ),
        ],
        "submission_test_results": [
            sa.Column("arguments", postgresql.JSONB(), comment="Copied from a visible test, as it was when graded."),
            sa.Column("group_name", sa.Text(), comment="The group the test counts in."),
            sa.Column("bonus", sa.Boolean(), server_default="false", nullable=False),
            sa.Column("sample", sa.Boolean(), server_default="false", nullable=False),
            sa.Column(
                "fraction",
                sa.Double(),
                comment="Share of the points that a checker gave, 0 to 1; null: all or none, as the verdict says.",
            ),
        ],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column, schema="learning")
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            op.create_check_constraint(name, table, condition, schema="learning")
    _swap_checkers(CHECKERS)
    op.alter_column(
        "submissions", "code", comment="Of several files, the one the program begins with.", schema="learning"
    )


def downgrade() -> None:
    op.alter_column(
        "submissions",
        "code",
        comment=None,
        existing_comment="Of several files, the one the program begins with.",
        schema="learning",
    )
    for table in CHECKED_TABLES:
        op.execute(f"UPDATE learning.{table} SET checker = 'EXACT' WHERE checker = 'CUSTOM'")  # noqa: S608 - constants
    _swap_checkers(CHECKERS_BEFORE)
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(name, table, schema="learning")
    for table, columns in _columns().items():
        for column in reversed(columns):
            op.drop_column(table, column.name, schema="learning")


def _swap_checkers(condition: str) -> None:
    for table in CHECKED_TABLES:
        name = f"ck_{table}_checker_kind"
        op.drop_constraint(name, table, schema="learning")
        op.create_check_constraint(name, table, condition, schema="learning")
