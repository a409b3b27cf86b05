"""Schema `learning`: versions of what authors wrote, which triggers record.

A statement that changes content notes which things are due; when the transaction ends, each of them is put together once, and
kept if it differs from its latest version. So it does not matter who writes, nor in how many statements.
"""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from codezest_db import roles

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TIMESTAMP = sa.DateTime(timezone=True)
NOW = sa.text("now()")
MOST = 100
MOST_BYTES = 16 << 20
MERGED_FOR = "10 minutes"

OWN = "'id', 'created_at', 'updated_at', 'deleted_at', 'content_revision', 'position'"
"""Columns that no version holds: they say which row it is, when it was written and where it stands."""
PART = "'created_at', 'updated_at', 'deleted_at', 'content_revision'"
COUNTED = "'enrollment_count', 'rating_average', 'rating_count', 'rating_counts', 'published_at', 'instructor_user_id', 'kind'"
SUBJECTS = {
    "courses": ("INSERT UPDATE", "'COURSE', x.id FROM {rows} x"),
    "modules": ("INSERT UPDATE", "'MODULE', x.id FROM {rows} x"),
    "module_prerequisites": ("INSERT DELETE", "'MODULE', x.module_id FROM {rows} x"),
    "materials": ("INSERT UPDATE", "'MATERIAL', x.id FROM {rows} x"),
    "assignments": ("INSERT UPDATE", "'ASSIGNMENT', x.id FROM {rows} x"),
    "assignment_tests": ("INSERT UPDATE DELETE", "'ASSIGNMENT', x.assignment_id FROM {rows} x"),
    "quizzes": ("INSERT UPDATE", "'QUIZ', x.id FROM {rows} x"),
    "questions": (
        "INSERT UPDATE",
        "CASE WHEN x.quiz_id IS NULL THEN 'QUESTION' ELSE 'QUIZ' END, coalesce(x.quiz_id, x.id) FROM {rows} x",
    ),
    "options": (
        "INSERT UPDATE",
        """CASE WHEN q.quiz_id IS NULL THEN 'QUESTION' ELSE 'QUIZ' END, coalesce(q.quiz_id, q.id)
        FROM {rows} x JOIN learning.questions q ON q.id = x.question_id""",
    ),
}
"""By table: which statements matter, and what of its rows is due."""
IN_COURSE = {"materials": "MATERIAL", "assignments": "ASSIGNMENT", "quizzes": "QUIZ"}
QUESTION = f"""to_jsonb(q) - ARRAY[{PART}] || jsonb_build_object('options', (
    SELECT coalesce(jsonb_agg(to_jsonb(o) - ARRAY[{PART}, 'question_id'] ORDER BY o.position, o.id), '[]')
    FROM learning.options o WHERE o.question_id = q.id AND o.deleted_at IS NULL))"""
PARTS = {
    "materials": "'{}'::jsonb",
    "assignments": f"""jsonb_build_object('tests', (
        SELECT coalesce(jsonb_agg(to_jsonb(t) - ARRAY[{PART}, 'assignment_id', 'id'] ORDER BY t.position), '[]')
        FROM learning.assignment_tests t WHERE t.assignment_id = x.id))""",
    "quizzes": f"""jsonb_build_object('questions', (
        SELECT coalesce(jsonb_agg({QUESTION} ORDER BY q.position, q.id), '[]')
        FROM learning.questions q WHERE q.quiz_id = x.id AND q.deleted_at IS NULL))""",
}


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column(
            "subject_id", sa.Uuid(), nullable=False, comment="Of the course, module, item or question of a bank."
        ),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1, of its subject."),
        sa.Column("user_id", sa.Uuid(), comment="Who wrote it; null where it came from files."),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="What the subject was called."),
        sa.Column(
            "snapshot", postgresql.JSONB(), nullable=False, comment="Its columns by name, with its parts in order."
        ),
        sa.Column("digest", sa.Text(), nullable=False, comment="MD5 of the snapshot: the same for the same content."),
        sa.Column("size_bytes", sa.Integer(), nullable=False, comment="Of the snapshot."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "kind IN ('COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ', 'QUESTION')",
            name="ck_versions_version_kind",
        ),
        sa.CheckConstraint("source IN ('EDITED', 'FILES', 'RESTORED')", name="ck_versions_version_source"),
        sa.CheckConstraint("number > 0", name="ck_versions_number_range"),
        sa.CheckConstraint("size_bytes > 0", name="ck_versions_size_bytes_range"),
        sa.CheckConstraint("jsonb_typeof(snapshot) = 'object'", name="ck_versions_snapshot_is_object"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_versions_course_id_courses", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["auth.users.id"], name="fk_versions_user_id_users", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("subject_id", "number", name="uq_versions_subject_id_number"),
        schema="learning",
        comment="What authors wrote, each time it changed; triggers record it.",
    )
    op.create_index("ix_versions_course_id_id", "versions", ["course_id", "id"], schema="learning")
    op.create_index("ix_versions_user_id", "versions", ["user_id"], schema="learning")
    op.create_table(
        "versions_due",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False, comment="In which it changed."),
        sa.CheckConstraint(
            "kind IN ('COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ', 'QUESTION')",
            name="ck_versions_due_version_kind",
        ),
        sa.PrimaryKeyConstraint("subject_id", "transaction", name="pk_versions_due"),
        schema="learning",
        comment="Content that a transaction changed; empty when it has ended.",
    )
    for table in ("versions", "versions_due"):
        for statement in roles.grants_on_table("codezest_learning", f"learning.{table}"):
            op.execute(statement)
    _snapshot()
    _record()
    for table, (events, due) in SUBJECTS.items():
        for event in events.split():
            _trigger(table, event, due)
    op.execute("INSERT INTO learning.versions_due SELECT id, 'COURSE', 0 FROM learning.courses")
    op.execute("INSERT INTO learning.versions_due SELECT id, 'MODULE', 0 FROM learning.modules")
    for table, kind in IN_COURSE.items():
        op.execute(f"INSERT INTO learning.versions_due SELECT id, '{kind}', 0 FROM learning.{table}")
    op.execute(
        "INSERT INTO learning.versions_due SELECT id, 'QUESTION', 0 FROM learning.questions WHERE course_id IS NOT NULL"
    )
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")


def downgrade() -> None:
    for table, (events, _) in SUBJECTS.items():
        for event in events.split():
            op.execute(f"DROP TRIGGER versioned_{event.lower()} ON learning.{table}")
            op.execute(f"DROP FUNCTION learning.versioned_{table}_{event.lower()}()")
    op.drop_table("versions_due", schema="learning")
    op.drop_table("versions", schema="learning")
    op.execute("DROP FUNCTION learning.record_version()")
    op.execute("DROP FUNCTION learning.content_snapshot(text, uuid)")


def _snapshot() -> None:
    """One row: the course a thing belongs to, its title, and all of it; none where it is gone."""
    items = "\n".join(
        f"""    UNION ALL
    SELECT m.course_id, x.title, to_jsonb(x) - ARRAY[{OWN}, 'module_id', 'tests_revision'] || {PARTS[table]}
    FROM learning.{table} x JOIN learning.modules m ON m.id = x.module_id
    WHERE asked = '{kind}' AND x.id = subject"""
        for table, kind in IN_COURSE.items()
    )
    op.execute(f"""
CREATE FUNCTION learning.content_snapshot(asked text, subject uuid)
RETURNS TABLE (course_id uuid, title text, snapshot jsonb) LANGUAGE sql STABLE AS $$
    SELECT x.id, x.title, to_jsonb(x) - ARRAY[{OWN}, {COUNTED}]
    FROM learning.courses x WHERE asked = 'COURSE' AND x.id = subject
    UNION ALL
    SELECT x.course_id, x.title, to_jsonb(x) - ARRAY[{OWN}, 'course_id'] || jsonb_build_object('prerequisites', (
        SELECT coalesce(jsonb_agg(p.prerequisite_id ORDER BY p.prerequisite_id), '[]')
        FROM learning.module_prerequisites p WHERE p.module_id = x.id))
    FROM learning.modules x WHERE asked = 'MODULE' AND x.id = subject
{items}
    UNION ALL
    SELECT q.course_id, left(q.text, 200), ({QUESTION}) - ARRAY['id', 'course_id', 'quiz_id', 'position']
    FROM learning.questions q WHERE asked = 'QUESTION' AND q.id = subject AND q.course_id IS NOT NULL
$$""")


def _record() -> None:
    op.execute(f"""
CREATE FUNCTION learning.record_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
    latest learning.versions;
    hash text;
    writer uuid := nullif(current_setting('codezest.author', true), '')::uuid;
    origin text := coalesce(nullif(current_setting('codezest.version_source', true), ''), 'EDITED');
BEGIN
    DELETE FROM learning.versions_due d WHERE d.subject_id = NEW.subject_id AND d.transaction = NEW.transaction;
    SELECT * INTO made FROM learning.content_snapshot(NEW.kind, NEW.subject_id);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.subject_id::text, 23));
    hash := md5(made.snapshot::text);
    SELECT * INTO latest FROM learning.versions v WHERE v.subject_id = NEW.subject_id ORDER BY v.number DESC LIMIT 1;
    IF latest.digest = hash THEN
        RETURN NULL;
    END IF;
    IF latest.user_id = writer AND latest.source = 'EDITED' AND origin = 'EDITED' AND latest.number > 1
        AND latest.created_at > now() - interval '{MERGED_FOR}' THEN
        UPDATE learning.versions v
        SET snapshot = made.snapshot, title = made.title, digest = hash,
            size_bytes = octet_length(made.snapshot::text), updated_at = now()
        WHERE v.id = latest.id;
        RETURN NULL;
    END IF;
    INSERT INTO learning.versions
        (course_id, kind, subject_id, number, user_id, source, title, snapshot, digest, size_bytes)
    VALUES (made.course_id, NEW.kind, NEW.subject_id, coalesce(latest.number, 0) + 1, writer, origin, made.title,
        made.snapshot, hash, octet_length(made.snapshot::text));
    DELETE FROM learning.versions v USING (
        SELECT w.id, row_number() OVER newest AS place, sum(w.size_bytes) OVER newest AS bytes
        FROM learning.versions w WHERE w.subject_id = NEW.subject_id WINDOW newest AS (ORDER BY w.number DESC)) earlier
    WHERE v.id = earlier.id AND earlier.place > 1 AND (earlier.place > {MOST} OR earlier.bytes > {MOST_BYTES});
    RETURN NULL;
END $$""")
    op.execute("""
CREATE CONSTRAINT TRIGGER record_version AFTER INSERT ON learning.versions_due
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION learning.record_version()""")


def _trigger(table: str, event: str, due: str) -> None:
    rows, transitions = "changed", "NEW TABLE AS changed"
    if event == "UPDATE":
        transitions = "OLD TABLE AS former NEW TABLE AS changed"
        uncounted = f"ARRAY[{PART}, {COUNTED}, 'tests_revision']" if table != "options" else f"ARRAY[{PART}]"
        moved = ", 'position'" if table in {"modules", *IN_COURSE} else ""
        left_out = uncounted.replace("]", f"{moved}]")
        rows = f"""(SELECT n.* FROM changed n JOIN former o ON o.id = n.id
            WHERE to_jsonb(n) - {left_out} <> to_jsonb(o) - {left_out} OR n.deleted_at IS DISTINCT FROM o.deleted_at)"""
        if table == "assignment_tests":
            rows = "changed"
    if event == "DELETE":
        transitions = "OLD TABLE AS changed"
    op.execute(f"""
CREATE FUNCTION learning.versioned_{table}_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO learning.versions_due (kind, subject_id, transaction)
    SELECT DISTINCT due.kind, due.subject_id, pg_current_xact_id()::text::bigint
    FROM (SELECT {due.format(rows=rows)}) due (kind, subject_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$""")
    op.execute(f"""
CREATE TRIGGER versioned_{event.lower()} AFTER {event} ON learning.{table}
REFERENCING {transitions} FOR EACH STATEMENT EXECUTE FUNCTION learning.versioned_{table}_{event.lower()}()""")
