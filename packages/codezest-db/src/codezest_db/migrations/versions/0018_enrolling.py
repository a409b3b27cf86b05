"""Schema `learning`: ways into a course, cohorts, dates of modules, reviews that are answered and counted by stars.

Schema `auth` publishes how those who teach introduce themselves, and whose an address is.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)
TABLES = ("course_prerequisites", "cohorts", "enrollment_codes", "enrollment_invitations", "review_reports")
VIEWS = {
    "auth.public_instructors": (
        """
        SELECT i.user_id,
               CASE WHEN p.visibility = 'PUBLIC' AND u.email_verified_at IS NOT NULL AND u.deletion_requested_at IS NULL
                    THEN p.handle::text END AS handle,
               i.bio, i.expertise
        FROM auth.instructors i
        JOIN auth.users u ON u.id = i.user_id
        LEFT JOIN auth.user_profiles p ON p.user_id = u.id
        WHERE u.role IN ('INSTRUCTOR', 'ADMIN') AND u.deleted_at IS NULL AND u.suspended_at IS NULL
        """,
        "How those who teach introduce themselves.",
    ),
    "auth.verified_addresses": (
        """
        SELECT id AS user_id, email FROM auth.users
        WHERE email_verified_at IS NOT NULL AND deleted_at IS NULL AND suspended_at IS NULL
          AND deletion_requested_at IS NULL
        """,
        "Whose an address is, for whoever was given the address itself. Of accounts in good standing.",
    ),
}
CHECKS = {
    "courses": {
        "rating_counts_range": "cardinality(rating_counts) = 5 AND 0 <= ALL (rating_counts)",
        "path_is_open": "kind <> 'PATH' OR enrollment_policy = 'OPEN'",
        "enrollment_policy": "enrollment_policy IN ('OPEN', 'COHORT', 'INVITED')",
    },
    "modules": {"opens_after_days_range": "opens_after_days BETWEEN 0 AND 3650"},
    "enrollments": {
        "former_enrollment_status": "former_status IN ('PENDING', 'ACTIVE', 'PAUSED', 'COMPLETED', 'DROPPED')"
    },
    "course_reviews": {"reply_has_time": "(reply IS NULL) = (replied_at IS NULL)"},
}
INDICES = {
    "enrollments": {
        "course_id_id": ["course_id", "id"],
        "course_id_status_id": ["course_id", "status", "id"],
        "cohort_id_course_id_id": ["cohort_id", "course_id", "id"],
    },
    "course_reviews": {
        "course_id_id": ["course_id", "id"],
        "course_id_rating_id": ["course_id", "rating", "id"],
        "replied_by": ["replied_by"],
        "hidden_by": ["hidden_by"],
    },
}
COUNT_RATINGS = """
UPDATE learning.courses c SET rating_counts = ARRAY(
    SELECT (SELECT count(*)::int FROM learning.course_reviews r WHERE r.course_id = c.id AND r.rating = n)
    FROM generate_series(1, 5) n ORDER BY n)
WHERE EXISTS (SELECT FROM learning.course_reviews r WHERE r.course_id = c.id)
"""


def upgrade() -> None:
    _make_prerequisites()
    _make_cohorts()
    _make_codes()
    _make_invitations()
    _make_reports()
    _extend_tables()
    for table in TABLES:
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)
    _publish()


def _extend_tables() -> None:
    for table, columns in _columns():
        for column in columns:
            op.add_column(table, column, schema="learning")
    op.execute("UPDATE learning.enrollments SET begins_at = enrolled_at")
    op.execute(COUNT_RATINGS)
    _cohort_key("enrollments")
    for column in ("replied_by", "hidden_by"):
        op.create_foreign_key(
            f"fk_course_reviews_{column}_users", "course_reviews", "users", [column], ["id"],
            source_schema="learning", referent_schema="auth", ondelete="SET NULL",
        )  # fmt: skip
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            op.create_check_constraint(f"ck_{table}_{name}", table, condition, schema="learning")
    for table, indices in INDICES.items():
        for name, names in indices.items():
            op.create_index(f"ix_{table}_{name}", table, names, schema="learning")


def _publish() -> None:
    for view, (query, comment) in VIEWS.items():
        op.execute(f"CREATE VIEW {view} AS {query}")
        op.execute(f"COMMENT ON VIEW {view} IS '{comment}'")
        for statement in (
            *roles.grants_on_table("codezest_auth", view),
            *roles.grants_on_view("codezest_learning", view),
        ):
            op.execute(statement)


def _columns() -> Iterator[tuple[str, list[sa.Column[object]]]]:
    yield (
        "courses",
        [
            sa.Column(
                "rating_counts",
                postgresql.ARRAY(sa.Integer()),
                server_default=sa.text("'{0,0,0,0,0}'::integer[]"),
                nullable=False,
                comment="How many gave one star, two, up to five.",
            ),
            sa.Column("enrollment_policy", sa.String(32), server_default="OPEN", nullable=False),
        ],
    )
    yield (
        "modules",
        [
            sa.Column("opens_at", TIMESTAMP, comment="Closed to learners before."),
            sa.Column(
                "opens_after_days",
                sa.Integer(),
                comment="How many times 24 hours after a learner's beginning it opens.",
            ),
        ],
    )
    yield (
        "enrollments",
        [
            sa.Column("cohort_id", sa.Uuid()),
            sa.Column(
                "begins_at",
                TIMESTAMP,
                server_default=NOW,
                nullable=False,
                comment="From when on modules open, and from which their days count: the cohort's start, else the enrolment.",
            ),
            sa.Column(
                "former_status", sa.String(32), comment="What it was before those who teach paused or dropped it."
            ),
            sa.Column(
                "held_at",
                TIMESTAMP,
                comment="Since when those who teach keep the learner out; enrolling again is no way back in.",
            ),
        ],
    )
    yield (
        "course_reviews",
        [
            sa.Column("reply", sa.Text(), comment="Of those who teach."),
            sa.Column("replied_by", sa.Uuid()),
            sa.Column("replied_at", TIMESTAMP),
            sa.Column("hidden_at", TIMESTAMP, comment="An administrator hid it: nobody sees or counts it."),
            sa.Column("hidden_by", sa.Uuid()),
        ],
    )


def _head() -> list[sa.Column[object]]:
    return [sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False)]


def _course() -> sa.Column[object]:
    return sa.Column("course_id", sa.Uuid(), nullable=False)


def _times() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
    ]


def _key(
    table: str, column: str, target: str = "learning.courses", ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.partition('.')[2]}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _cohort_key(table: str) -> None:
    op.create_foreign_key(
        f"fk_{table}_cohort_id_course_id_cohorts", table, "cohorts", ["cohort_id", "course_id"], ["id", "course_id"],
        source_schema="learning", referent_schema="learning",
    )  # fmt: skip


def _make_prerequisites() -> None:
    table = "course_prerequisites"
    op.create_table(
        table,
        _course(),
        sa.Column("prerequisite_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("course_id <> prerequisite_id", name=f"ck_{table}_not_itself"),
        sa.PrimaryKeyConstraint("course_id", "prerequisite_id", name=f"pk_{table}"),
        _key(table, "course_id"),
        _key(table, "prerequisite_id"),
        schema="learning",
        comment="Courses to complete before another one.",
    )
    op.create_index(f"ix_{table}_prerequisite_id", table, ["prerequisite_id"], schema="learning")


def _make_cohorts() -> None:
    op.create_table(
        "cohorts",
        *_head(),
        _course(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "starts_at", TIMESTAMP, nullable=False, comment="Nothing of the course opens to its learners before."
        ),
        sa.Column("ends_at", TIMESTAMP, comment="From then on nobody joins; who is in keeps access."),
        sa.Column("capacity", sa.Integer(), comment="Null: any number of learners."),
        sa.Column("enrol_from", TIMESTAMP, comment="From when learners may choose it themselves."),
        sa.Column("enrol_until", TIMESTAMP, comment="Until when learners may choose it themselves."),
        sa.Column("archived_at", TIMESTAMP, comment="Out of use; its learners stay in it."),
        *_times(),
        sa.CheckConstraint("name <> ''", name="ck_cohorts_name_given"),
        sa.CheckConstraint("ends_at > starts_at", name="ck_cohorts_ends_after_start"),
        sa.CheckConstraint("enrol_until > enrol_from", name="ck_cohorts_enrol_until_after_from"),
        sa.CheckConstraint("capacity > 0", name="ck_cohorts_capacity_range"),
        sa.PrimaryKeyConstraint("id", name="pk_cohorts"),
        sa.UniqueConstraint("id", "course_id", name="uq_cohorts_id_course_id"),
        _key("cohorts", "course_id"),
        schema="learning",
        comment="Learners of a course who begin together.",
    )
    op.create_index("ix_cohorts_course_id_id", "cohorts", ["course_id", "id"], schema="learning")
    op.create_index(
        "uq_cohorts_name",
        "cohorts",
        ["course_id", "name"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("archived_at IS NULL"),
    )


def _make_codes() -> None:
    table = "enrollment_codes"
    op.create_table(
        table,
        *_head(),
        _course(),
        sa.Column("code", sa.Text(), nullable=False, comment="Ten letters and digits, without those that look alike."),
        sa.Column("cohort_id", sa.Uuid(), comment="Where it leads, beside the course itself."),
        sa.Column("note", sa.Text(), comment="For those who teach: whom it was given to."),
        sa.Column("max_uses", sa.Integer(), comment="Null: any number."),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", TIMESTAMP),
        sa.Column("revoked_at", TIMESTAMP),
        sa.Column("created_by", sa.Uuid()),
        *_times(),
        sa.CheckConstraint("code ~ '^[2-9A-HJ-KM-NP-TV-Z]{10}$'", name=f"ck_{table}_code_shape"),
        sa.CheckConstraint("max_uses > 0", name=f"ck_{table}_max_uses_range"),
        sa.CheckConstraint("uses BETWEEN 0 AND coalesce(max_uses, uses)", name=f"ck_{table}_uses_range"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("code", name=f"uq_{table}_code"),
        _key(table, "course_id"),
        _key(table, "created_by", "auth.users", "SET NULL"),
        schema="learning",
        comment="What learners type to get into a course or cohort.",
    )
    _cohort_key(table)
    for columns in (["course_id", "id"], ["cohort_id", "course_id"], ["created_by"]):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, schema="learning")


def _make_invitations() -> None:
    table = "enrollment_invitations"
    op.create_table(
        table,
        *_head(),
        _course(),
        sa.Column("email", postgresql.CITEXT(), nullable=False, comment="As whoever invited gave it."),
        sa.Column("cohort_id", sa.Uuid()),
        sa.Column("waives_prerequisites", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "waives_price", sa.Boolean(), server_default="false", nullable=False, comment="An administrator invited."
        ),
        sa.Column("invited_by", sa.Uuid()),
        sa.Column("user_id", sa.Uuid(), comment="Whose address it turned out to be."),
        sa.Column("mailed_at", TIMESTAMP, comment="When its letter was handed over."),
        sa.Column("accepted_at", TIMESTAMP),
        *_times(),
        sa.CheckConstraint("email LIKE '%_@_%' AND char_length(email) <= 320", name=f"ck_{table}_email_shape"),
        sa.CheckConstraint("accepted_at IS NULL OR user_id IS NOT NULL", name=f"ck_{table}_accepted_by_somebody"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("course_id", "email", name=f"uq_{table}_course_id_email"),
        _key(table, "course_id"),
        _key(table, "invited_by", "auth.users", "SET NULL"),
        _key(table, "user_id", "auth.users"),
        schema="learning",
        comment="Addresses that those who teach have enrolled, with or without an account yet.",
    )
    _cohort_key(table)
    for columns in (["course_id", "id"], ["cohort_id", "course_id"], ["invited_by"], ["user_id"]):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, schema="learning")
    for name, column, condition in (
        ("email", "email", "accepted_at IS NULL"),
        ("unmailed", "id", "mailed_at IS NULL AND accepted_at IS NULL"),
    ):
        op.create_index(f"ix_{table}_{name}", table, [column], schema="learning", postgresql_where=sa.text(condition))


def _make_reports() -> None:
    table = "review_reports"
    op.create_table(
        table,
        *_head(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", TIMESTAMP, comment="When an administrator had looked at it."),
        *_times(),
        sa.CheckConstraint("reason <> ''", name=f"ck_{table}_reason_given"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("review_id", "user_id", name=f"uq_{table}_review_id_user_id"),
        _key(table, "review_id", "learning.course_reviews"),
        _key(table, "user_id", "auth.users"),
        schema="learning",
        comment="Reviews that somebody finds unfit.",
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"], schema="learning")
    op.create_index(
        f"ix_{table}_open", table, ["id"], schema="learning", postgresql_where=sa.text("settled_at IS NULL")
    )


def downgrade() -> None:
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    for table, indices in INDICES.items():
        for name in indices:
            op.drop_index(f"ix_{table}_{name}", table, schema="learning")
    for table, columns in _columns():  # their keys and checks go with them
        for column in columns:
            op.execute(f"ALTER TABLE learning.{table} DROP COLUMN {column.name} CASCADE")
    for table in reversed(TABLES):
        op.drop_table(table, schema="learning")
