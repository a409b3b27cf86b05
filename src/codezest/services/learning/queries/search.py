"""Everything that can be found, in one statement: full text and beginnings of words, and what looks alike where nothing matches.

The outline of a course (titles, descriptions) is open to everybody, what its lessons say to its learners alone: a query is
held to the weights that stand for the outline wherever the caller is no learner of the course.
"""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from codezest.kit.actor import Actor
from codezest.services.learning.policies import COURSE_JOINS, Reader, caller, decision
from codezest.services.learning.schemas.search import Found, SearchResults, Segment

MOST_WORDS = 8
LONGEST_QUERY = 200
MISTAKEN_LENGTH = range(4, 16)
"""Words of such a length are taken for mistaken where nothing matches."""
LONGEST_ALIKE = 16
"""Only so short a query is compared by its trigrams: the time grows with what it shares with how many titles."""
CANDIDATES = 300
"""How many matches are ranked: of a word that stands everywhere any will do, and the time stays bounded."""

ENTRIES = 2 * CANDIDATES
"""How many are read with what only learners see; where there are more, the outlines alone are asked for too, and come first."""

LONGEST_TEXT = 20_000
"""Characters of a text in which its excerpt is looked for."""

HIT, END = "\x02", "\x03"

_MARKS = "'StartSel=' || chr(2) || ', StopSel=' || chr(3) || '"
_TITLE = _MARKS + ", HighlightAll=true'"
_EXCERPT = _MARKS + ", MaxWords=26, MinWords=12, MaxFragments=1'"

SEARCH = f"""
WITH asked AS MATERIALIZED (
    SELECT to_tsquery('learning.forms', $1) || to_tsquery('learning.words', $1) AS everything,
        to_tsquery('learning.forms', $4) || to_tsquery('learning.words', $4) AS outline),
reached AS MATERIALIZED (
    SELECT s.target_id, s.kind, s.folded, s.words, s.words @@ asked.outline AS outlined
    FROM asked, learning.matching_entries(asked.everything, {ENTRIES}) s WHERE $2::uuid IS NOT NULL),
outlined AS MATERIALIZED (
    SELECT s.target_id, s.kind, s.folded, s.words
    FROM asked, learning.matching_outlines(asked.everything, {CANDIDATES}) s
    WHERE $2::uuid IS NULL OR (SELECT count(*) FROM reached) = {ENTRIES}),
exact AS MATERIALIZED (
    SELECT target_id, kind, folded, words, true AS outlined FROM outlined
    UNION ALL
    SELECT target_id, kind, folded, words, outlined FROM reached
    WHERE (SELECT count(*) FROM reached) < {ENTRIES} OR (NOT outlined AND (SELECT count(*) FROM outlined) < {CANDIDATES})),
alike AS (
    SELECT s.target_id, s.kind, 1 + ts_rank(s.words, mistaken) AS rank
    FROM (SELECT to_tsquery('learning.forms', $5) AS mistaken WHERE NOT EXISTS (SELECT FROM exact) AND $5 <> '') asked
    CROSS JOIN LATERAL learning.mistaken_outlines(asked.mistaken, {CANDIDATES}) s),
matches AS (
    SELECT target_id, kind, outlined, false AS approximate,
        ts_rank('{{0.1, 0.3, 0.5, 1.0}}', words, CASE WHEN outlined THEN asked.outline ELSE asked.everything END, 1)
            * CASE kind WHEN 'LANGUAGE' THEN 1.6 WHEN 'COURSE' THEN 1.4 WHEN 'MODULE' THEN 1.2 ELSE 1 END
            + CASE WHEN folded = lower($6) THEN 1 ELSE 0 END AS rank
    FROM exact, asked
    UNION ALL
    SELECT target_id, kind, true, true, rank FROM alike
    UNION ALL
    SELECT s.target_id, s.kind, true, true, near.similarity
    FROM learning.similar_titles(CASE WHEN NOT EXISTS (SELECT FROM exact) AND $5 <> '' AND length($6) <= {LONGEST_ALIKE} THEN $6 END, $7) near
    JOIN learning.search_entries s USING (target_id)
    WHERE NOT EXISTS (SELECT FROM exact) AND NOT EXISTS (SELECT FROM alike)),
found AS (
    SELECT s.kind, s.target_id, s.approximate, s.rank, a.access,
        coalesce(t.title, g.title, z.title, m.title, CASE s.kind WHEN 'LANGUAGE' THEN l.name ELSE c.title END) AS title,
        t.type AS material_type, g.kind AS assignment_kind, coalesce(l.name, c.title) AS course, m.title AS module, c.slug AS course_slug,
        l.slug AS language_slug,
        CASE
            WHEN s.kind = 'LANGUAGE' THEN concat_ws(' — ', c.subtitle, l.description, c.description)
            WHEN s.kind = 'COURSE' THEN concat_ws(' — ', c.subtitle, c.description)
            WHEN s.kind = 'MODULE' THEN concat_ws(' · ', m.description, nullif(array_to_string(m.syllabus, ' · '), ''))
            ELSE concat_ws(' — ', t.description, g.description, z.description,
                CASE WHEN a.access IN ('open', 'staff') THEN concat_ws(' ', t.content, g.instructions) END) END AS about
    FROM matches s
    LEFT JOIN learning.materials t ON s.kind = 'MATERIAL' AND t.id = s.target_id
    LEFT JOIN learning.assignments g ON s.kind = 'ASSIGNMENT' AND g.id = s.target_id
    LEFT JOIN learning.quizzes z ON s.kind = 'QUIZ' AND z.id = s.target_id
    LEFT JOIN learning.modules m
        ON m.id = coalesce(t.module_id, g.module_id, z.module_id, CASE s.kind WHEN 'MODULE' THEN s.target_id END)
    JOIN learning.courses c ON c.id = coalesce(m.course_id, s.target_id)
    {COURSE_JOINS}
    CROSS JOIN LATERAL (
        SELECT coalesce(t.deleted_at, g.deleted_at, z.deleted_at) AS deleted_at,
            coalesce(t.status, g.status, z.status) AS status) i
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.kind IN ('LANGUAGE', 'COURSE') THEN {decision()}
        WHEN s.kind = 'MODULE' THEN {decision(module=True)}
        ELSE {decision(module=True, item=True, learner=True)} END AS access) a
    WHERE a.access IN ('open', 'staff') OR (s.outlined AND a.access IN ('not-enrolled', 'not-yet', 'locked'))
    ORDER BY s.rank DESC, s.target_id
    LIMIT $7)
SELECT coalesce(json_agg(json_build_object(
    'kind', kind, 'id', target_id, 'similar', approximate, 'open', access IN ('open', 'staff'),
    'material_type', material_type, 'assignment_kind', assignment_kind, 'course', course, 'module', CASE WHEN kind <> 'MODULE' THEN module END,
    'course_slug', course_slug, 'language_slug', language_slug,
    'title', ts_headline('learning.forms', translate(title, chr(2) || chr(3), ''), asked.everything, {_TITLE}),
    'excerpt', ts_headline('learning.forms',
        translate(
            CASE WHEN strpos(about, '](') > 0 THEN regexp_replace(left(about, {LONGEST_TEXT}), '\\]\\([^)]*\\)', ' ', 'g')
                ELSE left(about, {LONGEST_TEXT}) END,
            '#*`>[]|' || chr(2) || chr(3), '       '),
        asked.everything, {_EXCERPT}))
    ORDER BY rank DESC, target_id), '[]')::text AS body
FROM found, asked
"""


async def search(reader: Reader, actor: Actor, query: str, *, limit: int) -> SearchResults:
    """What the caller may see of what is published, the best first; nothing for a query without letters or digits.

    Args:
        reader: where to read.
        actor: who asks.
        query: words, of which each may be the beginning of one; what is past `LONGEST_QUERY` characters is left away.
        limit: the most there may be.
    """
    query = " ".join(query.split())[:LONGEST_QUERY]
    words = words_of(query)
    if not words:
        return SearchResults(query=query, similar=False, items=[])
    row = await reader.fetchrow(
        SEARCH, text_query(words, ""), *caller(actor), text_query(words, "ABC"), mistaken_query(words), query, limit
    )
    rows: list[dict[str, Any]] = json.loads(row["body"])
    return SearchResults(query=query, similar=any(row["similar"] for row in rows), items=[_found(row) for row in rows])


def words_of(query: str) -> list[str]:
    """The words of a query: runs of letters, their accents, and digits; at most `MOST_WORDS` of them."""
    bare = "".join(c if c == "_" or unicodedata.category(c)[0] in "LMN" else " " for c in query)
    return [word for word in bare.split() if word.strip("_")][:MOST_WORDS]


def text_query(words: Sequence[str], weights: str) -> str:
    """What `to_tsquery` reads: all of the words, each as it begins, except for single letters, which stand for themselves."""
    return " & ".join(_term(word, weights) for word in words)


def mistaken_query(words: Sequence[str]) -> str:
    """The same for words in which two neighbouring letters changed places, one is too many, or the end is wrong; empty where
    no word is long enough to be mistaken.

    Only the outline is looked in. Mistakes of other kinds leave more of a word in place, and are found by its trigrams.
    """
    if not any(len(word) in MISTAKEN_LENGTH for word in words):
        return ""
    return " & ".join(f"({' | '.join(_term(form, 'ABC') for form in _forms(word))})" for word in words)


def _forms(word: str) -> list[str]:
    if len(word) not in MISTAKEN_LENGTH:
        return [word]
    swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    without_one = [word[:at] + word[at + 1 :] for at in range(len(word))]
    begun = [word[:-2]] if len(word) > min(MISTAKEN_LENGTH) else []
    return list(dict.fromkeys([word, *swapped, *without_one, *begun]))


def _term(word: str, weights: str) -> str:
    label = ("*" if len(word) > 1 else "") + weights
    return f"'{word}':{label}" if label else f"'{word}'"


def _found(row: dict[str, Any]) -> Found:
    kind, target = row["kind"], row["id"]
    paths = {
        "LANGUAGE": f"/languages/{row['language_slug']}",
        "COURSE": f"/courses/{row['course_slug']}",
        "MODULE": f"/modules/{target}",
        "MATERIAL": f"/materials/{target}",
        "ASSIGNMENT": f"/assignments/{target}",
        "QUIZ": f"/quizzes/{target}",
    }
    return Found(
        kind=kind,
        id=target,
        path=paths[kind],
        title=segments(row["title"]),
        excerpt=segments(" ".join(row["excerpt"].split())),
        material_type=row["material_type"],
        assignment_kind=row["assignment_kind"],
        course=row["course"],
        module=row["module"],
        open=row["open"],
    )


def segments(marked: str) -> list[Segment]:
    """The pieces of a text in which hits stand between `HIT` and `END`; a mark without its partner counts for nothing."""
    found: list[Segment] = []
    for place, part in enumerate(marked.split(HIT)):
        hit, ended, rest = part.partition(END)
        pieces = [(hit, True), (rest, False)] if place and ended else [(part, False)]
        found += [Segment(text=text, hit=is_hit) for text, is_hit in pieces if text]
    return found
