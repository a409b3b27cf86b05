"""Schema `learning`: one table of everything that can be found, which triggers keep.

Every word is kept without accents in two forms: as it is written, so that whoever is still typing finds it, and stemmed in
English, with none left out (`for` and `if` matter here). Weights A to C are what anybody may read of a thing, D is what only
its learners read; so one query can be held to the former.
"""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from codezest_db import roles
from codezest_db.errors import MissingPrivilegeError

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSUFFICIENT_PRIVILEGE = "42501"
TOKENS = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"
LONGEST = 200_000
"""Characters of one text that are looked at: a tsvector holds less than a megabyte."""

SOURCES = {
    "materials": (
        "MATERIAL",
        "title, description, status, deleted_at, content, code, transcript",
        "concat_ws(' ', found.content, found.code, found.transcript)",
    ),
    "assignments": (
        "ASSIGNMENT",
        "title, description, status, deleted_at, instructions",
        "coalesce(found.instructions, '')",
    ),
    "quizzes": ("QUIZ", "title, description, status, deleted_at", "''"),
}
"""By table of items: their kind, the columns that matter, and the text that only learners read."""


def upgrade() -> None:
    trigram = _extension("pg_trgm")
    unaccent = _extension("unaccent")
    op.execute("CREATE TEXT SEARCH DICTIONARY learning.stems (TEMPLATE = pg_catalog.snowball, LANGUAGE = english)")
    for name, last in (("forms", "pg_catalog.simple"), ("words", "learning.stems")):
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION learning.{name} (COPY = pg_catalog.simple)")
        op.execute(
            f"ALTER TEXT SEARCH CONFIGURATION learning.{name} ALTER MAPPING FOR {TOKENS} WITH {unaccent}.unaccent, {last}"
        )
    op.create_table(
        "search_entries",
        sa.Column("target_id", sa.Uuid(), nullable=False, comment="Of the course, module or item that it leads to."),
        sa.Column("kind", sa.Text(), nullable=False, comment="A LANGUAGE's target is the course that is its path."),
        sa.Column("listed", sa.Boolean(), nullable=False, comment="Whether the target itself is published."),
        sa.Column("folded", sa.Text(), nullable=False, comment="The title in lower case without accents."),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False, comment="Weight D is what only learners may read."),
        sa.CheckConstraint(
            "kind IN ('LANGUAGE', 'COURSE', 'MODULE', 'MATERIAL', 'ASSIGNMENT', 'QUIZ')", name="ck_search_entries_kind"
        ),
        sa.PrimaryKeyConstraint("target_id", name="pk_search_entries"),
        schema="learning",
        comment="What search looks in; triggers of the tables it stands for keep it.",
    )
    for statement in roles.grants_on_table("codezest_learning", "learning.search_entries"):
        op.execute(statement)
    _functions(trigram, unaccent)
    _triggers()
    op.execute("SELECT learning.index_course(id) FROM learning.courses")
    for table in ("modules", *SOURCES):
        op.execute(f"SELECT learning.index_{table}(id) FROM learning.{table}")
    op.execute("CREATE INDEX ix_search_entries_words ON learning.search_entries USING gin (words) WHERE listed")
    op.execute(
        "CREATE INDEX ix_search_entries_folded ON learning.search_entries "
        f"USING gin (folded {trigram}.gin_trgm_ops) WHERE listed"
    )


def downgrade() -> None:
    for table in ("courses", "programming_languages", "modules", *SOURCES):
        op.execute(f"DROP TRIGGER searchable ON learning.{table}")
        op.execute(f"DROP FUNCTION learning.searchable_{table}()")
    for table in ("modules", *SOURCES):
        op.execute(f"DROP FUNCTION learning.index_{table}(uuid)")
    op.execute("DROP FUNCTION learning.index_course(uuid)")
    op.execute("DROP FUNCTION learning.similar_titles(text, integer)")
    op.execute("DROP FUNCTION learning.index_entry(uuid, text, boolean, text, text, text, text)")
    op.drop_table("search_entries", schema="learning")
    op.execute("DROP TEXT SEARCH CONFIGURATION learning.words")
    op.execute("DROP TEXT SEARCH CONFIGURATION learning.forms")
    op.execute("DROP TEXT SEARCH DICTIONARY learning.stems")
    # The extensions stay: they may have been there before, and others may use them.


def _extension(name: str) -> str:
    """The schema, quoted, of an extension that is made where it is missing."""
    try:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
            raise MissingPrivilegeError(
                f"The extension {name} is missing and this user may not create it. "
                f"Let a superuser run: CREATE EXTENSION {name}"
            ) from error
        raise
    where = sa.text("SELECT quote_ident(extnamespace::regnamespace::text) FROM pg_extension WHERE extname = :name")
    return str(op.get_bind().scalar(where, {"name": name}))


def _functions(trigram: str, unaccent: str) -> None:
    weighted = "\n        || ".join(
        f"setweight(to_tsvector('learning.{name}', left({text}, {LONGEST})), '{weight}')"
        for text, weight in (("title", "A"), ("outline", "B"), ("summary", "C"), ("content", "D"))
        for name in ("forms", "words")
    )
    op.execute(f"""
CREATE FUNCTION learning.index_entry(
    target uuid, kind text, listed boolean, title text, outline text, summary text, content text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO learning.search_entries AS entry (target_id, kind, listed, folded, words)
    VALUES (
        target, kind, listed, lower({unaccent}.unaccent(title)),
        {weighted})
    ON CONFLICT (target_id) DO UPDATE
    SET kind = excluded.kind, listed = excluded.listed, folded = excluded.folded, words = excluded.words
    WHERE (entry.kind, entry.listed, entry.folded, entry.words)
        IS DISTINCT FROM (excluded.kind, excluded.listed, excluded.folded, excluded.words)
$$""")
    op.execute("""
CREATE FUNCTION learning.index_course(course uuid) RETURNS void LANGUAGE sql AS $$
    SELECT learning.index_entry(
        c.id, CASE c.kind WHEN 'PATH' THEN 'LANGUAGE' ELSE 'COURSE' END,
        c.status = 'PUBLISHED' AND c.deleted_at IS NULL,
        CASE c.kind WHEN 'PATH' THEN concat_ws(' ', l.name, c.title) ELSE c.title END,
        concat_ws(' ', c.subtitle, c.category, array_to_string(c.tags, ' '),
            CASE c.kind WHEN 'COURSE' THEN l.name END),
        concat_ws(' ', l.description, c.description), '')
    FROM learning.courses c LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    WHERE c.id = course
$$""")
    op.execute("""
CREATE FUNCTION learning.index_modules(module uuid) RETURNS void LANGUAGE sql AS $$
    SELECT learning.index_entry(
        m.id, 'MODULE', m.status = 'PUBLISHED' AND m.deleted_at IS NULL,
        m.title, array_to_string(m.syllabus, ' '), coalesce(m.description, ''), '')
    FROM learning.modules m WHERE m.id = module
$$""")
    for table, (kind, _, content) in SOURCES.items():
        op.execute(f"""
CREATE FUNCTION learning.index_{table}(item uuid) RETURNS void LANGUAGE sql AS $$
    SELECT learning.index_entry(
        found.id, '{kind}', found.status = 'PUBLISHED' AND found.deleted_at IS NULL,
        found.title, '', coalesce(found.description, ''), {content})
    FROM learning.{table} found WHERE found.id = item
$$""")
    # A setting of an extension may be given to a function only once the extension has been loaded.
    op.execute(f"SELECT {trigram}.show_limit()")
    op.execute(f"""
CREATE FUNCTION learning.similar_titles(asked text, most integer) RETURNS TABLE (target_id uuid, similarity real)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT entry.target_id, {trigram}.word_similarity(folding.asked, entry.folded)
    FROM (SELECT lower({unaccent}.unaccent(asked)) AS asked) folding
    JOIN learning.search_entries entry ON entry.listed AND folding.asked OPERATOR({trigram}.<%) entry.folded
    ORDER BY 2 DESC, entry.target_id
    LIMIT most
$$""")


def _triggers() -> None:
    for table, columns in {
        "modules": "title, description, syllabus, status, deleted_at",
        **{table: columns for table, (_, columns, _) in SOURCES.items()},
    }.items():
        _trigger(table, columns, f"PERFORM learning.index_{table}(NEW.id);")
    _trigger(
        "courses",
        "kind, language_id, title, subtitle, description, category, tags, status, deleted_at",
        "PERFORM learning.index_course(NEW.id);",
    )
    _trigger(
        "programming_languages",
        "name, description",
        "PERFORM learning.index_course(c.id) FROM learning.courses c WHERE c.language_id = NEW.id;",
    )


def _trigger(table: str, columns: str, work: str) -> None:
    op.execute(f"""
CREATE FUNCTION learning.searchable_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM learning.search_entries WHERE target_id = OLD.id;
    ELSE
        {work}
    END IF;
    RETURN NULL;
END $$""")
    op.execute(
        f"CREATE TRIGGER searchable AFTER INSERT OR DELETE OR UPDATE OF {columns} ON learning.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION learning.searchable_{table}()"
    )
