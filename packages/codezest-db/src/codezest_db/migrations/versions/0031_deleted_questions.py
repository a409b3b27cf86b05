"""Schema `learning`: deleted questions stand among what can be restored."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = ("LANGUAGE", "COURSE", "MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ")
SHOWN = 200
"""Characters of a title: questions have none, and their text may be long."""
KEEP_DELETED = """
CREATE OR REPLACE FUNCTION learning.keep_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    IF TG_OP = 'DELETE' OR found ->> 'deleted_at' IS NULL THEN
        DELETE FROM learning.deleted_content WHERE content_id = (found ->> 'id')::uuid;
    -- A language's path is deleted and comes back with the language.
    ELSIF found ->> 'kind' IS DISTINCT FROM 'PATH' THEN
        INSERT INTO learning.deleted_content (content_id, kind, title, parent_id, deleted_at)
        VALUES ((found ->> 'id')::uuid, TG_ARGV[0], {title}, {parent}, (found ->> 'deleted_at')::timestamptz)
        ON CONFLICT (content_id) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$
"""
TITLE, PARENT = "found ->> TG_ARGV[1]", "(found ->> TG_ARGV[2])::uuid"


def upgrade() -> None:
    _allow_kinds((*BEFORE, "QUESTION"))
    _explain("The course of a module or of a question in its bank, the module of an item, the quiz of a question.")
    op.execute(
        KEEP_DELETED.format(
            title=f"left({TITLE}, {SHOWN})", parent=f"coalesce({PARENT}, (found ->> 'course_id')::uuid)"
        )
    )
    op.execute(
        "INSERT INTO learning.deleted_content (content_id, kind, title, parent_id, deleted_at) "  # noqa: S608 - constants
        f"SELECT id, 'QUESTION', left(text, {SHOWN}), coalesce(quiz_id, course_id), deleted_at "
        "FROM learning.questions WHERE deleted_at IS NOT NULL ORDER BY deleted_at"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE OR UPDATE OF deleted_at ON learning.questions "
        "FOR EACH ROW EXECUTE FUNCTION learning.keep_deleted('QUESTION', 'text', 'quiz_id')"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_deleted ON learning.questions")
    op.execute(KEEP_DELETED.format(title=TITLE, parent=PARENT))
    op.execute("DELETE FROM learning.deleted_content WHERE kind = 'QUESTION'")
    _explain("The course of a module, the module of an item.")
    _allow_kinds(BEFORE)


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint("ck_deleted_content_kind", "deleted_content", schema="learning")
    op.create_check_constraint("ck_deleted_content_kind", "deleted_content", f"kind IN ({listed})", schema="learning")


def _explain(text: str) -> None:
    op.alter_column("deleted_content", "parent_id", comment=text, schema="learning")
