"""Schemas `auth` and `learning`: what costs the same however many people or questions fit a search.

Names are found by trigrams. That index tells all that fit before the first of them is looked at, so that it is asked only
where the statistics expect few: a function of each kind answers what fits, or null for too much, and never read more than that. What is
expected is told by a second pattern, the longest word: the whole may be rare, and yet be looked for among many.

Words of the site search are found by functions of their own, so that each query is planned by how common its words are. What
stands in outlines has an index, in which words that are everywhere in lessons are as rare as they are in outlines.
"""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

EXPECTED = 20
"""So many times as many as are wanted may be expected: it is a guess, and the index tells many in little time."""
SOUGHT = {
    "learning.users_named": ("learning", "auth.public_users u WHERE u.display_name ILIKE ANY ({patterns})"),
    "learning.invitations_to": (
        "learning",
        "learning.enrollment_invitations u WHERE u.user_id IS NOT NULL AND u.email::text ILIKE ANY ({patterns})",
    ),
    "auth.users_sought": ("auth", "auth.users u WHERE u.deleted_at IS NULL AND u.sought LIKE ANY ({patterns})"),
}
"""By function: whose it is, and where it looks."""
MATCHING = {"matching_outlines": "ts_filter(s.words, '{a,b,c}')", "matching_entries": "s.words"}
"""By function, which words of an entry it compares: those that everybody reads, or all."""


def upgrade() -> None:
    for name, (service, source) in SOUGHT.items():
        op.execute(f"""
CREATE FUNCTION {name}(patterns text[], guessed text[], most integer) RETURNS uuid[]
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    plan json;
    found uuid[];
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM {source.format(patterns="$1")}' INTO plan USING guessed;
    IF (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8 > {EXPECTED}::float8 * most THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(array_agg(sought.id), '{{}}') INTO found
    FROM (SELECT u.id FROM {source.format(patterns="patterns")} LIMIT most + 1) sought;
    RETURN CASE WHEN cardinality(found) <= most THEN found END;
END $$""")
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}(text[], text[], integer) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}(text[], text[], integer) TO codezest_{service}")
    op.execute(
        "CREATE INDEX ix_search_entries_outline ON learning.search_entries "
        "USING gin (ts_filter(words, '{a,b,c}')) WHERE listed"
    )
    for name, words in MATCHING.items():
        op.execute(f"""
CREATE FUNCTION learning.{name}(asked tsquery, most integer) RETURNS SETOF learning.search_entries
LANGUAGE plpgsql STABLE ROWS 300 SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY SELECT s.* FROM learning.search_entries s WHERE s.listed AND {words} @@ asked LIMIT most;
END $$""")
    op.execute(
        "CREATE INDEX ix_questions_course_id_id ON learning.questions (course_id, id) "
        "WHERE course_id IS NOT NULL AND deleted_at IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX learning.ix_questions_course_id_id")
    for name in MATCHING:
        op.execute(f"DROP FUNCTION learning.{name}(tsquery, integer)")
    op.execute("DROP INDEX learning.ix_search_entries_outline")
    for name in SOUGHT:
        op.execute(f"DROP FUNCTION {name}(text[], text[], integer)")
