"""Schema `learning`: words that are looked for as they may have been meant are found without reading every outline.

Such a query has some twenty alternatives, of which hardly any occurs. The planner expects each of them in a part of all
outlines, and would read every one of these to find nothing. The index costs what it finds: more than reading would where
the word that was meant stands in nearly every title, and next to nothing where it stands nowhere.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE FUNCTION learning.mistaken_outlines(asked tsquery, most integer) RETURNS SETOF learning.search_entries
LANGUAGE plpgsql STABLE ROWS 300 SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT s.* FROM learning.search_entries s
        WHERE s.listed AND ts_filter(s.words, '{a,b,c}') @@ asked LIMIT most;
END $$""")


def downgrade() -> None:
    op.execute("DROP FUNCTION learning.mistaken_outlines(tsquery, integer)")
