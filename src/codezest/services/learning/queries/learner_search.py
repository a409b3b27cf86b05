"""Learners by part of their name, or of the address that brought them. What it costs does not grow with how many fit.

Few are found by an index, wherever they stand. Where many fit, the newest learners of the course are looked through one by
one, some thousand at a time: the next are soon found among them.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from codezest.kit.pagination import LAST_ID
from codezest.services.learning.policies import Reader

FEW = 5_000
"""So many people of the platform, by name, are few."""
LOOKED_AT_ONCE = 5_000
"""Learners of one statement."""
MOST_LOOKED_AT = 20_000
"""Learners of one request."""
SHORTEST_PART = 3
"""Letters from which on an index finds them within a word; fewer are looked for where words begin."""
_WORD = re.compile(r"[^\W_]+")

# An address counts only where staff brought it, since learners who came by themselves have told theirs to nobody there.
FIND_FEW = """
SELECT found.user_ids || ARRAY(SELECT i.user_id FROM learning.enrollment_invitations i
    WHERE i.id = ANY (found.invitation_ids) AND i.course_id = $1) AS ids
FROM (SELECT learning.users_named($2::text[], $3::text[], $4::int) AS user_ids,
    learning.invitations_to($2::text[], $3::text[], $4::int) AS invitation_ids) found
WHERE found.user_ids IS NOT NULL AND found.invitation_ids IS NOT NULL
"""

# One person after the other: no plan may look through everybody on the platform, or everybody who was invited.
LOOK = """
WITH looked AS MATERIALIZED (
    SELECT e.id, e.user_id FROM learning.enrollments e WHERE e.course_id = $1 AND e.id < $3 ORDER BY e.id DESC LIMIT $4)
SELECT ARRAY(
        SELECT l.user_id FROM looked l
        CROSS JOIN LATERAL (SELECT p.display_name FROM auth.public_users p WHERE p.id = l.user_id OFFSET 0) u
        WHERE u.display_name ILIKE ANY ($2::text[]) OR (
            SELECT true FROM learning.enrollment_invitations i
            WHERE i.user_id = l.user_id AND i.course_id = $1 AND i.email::text || '' ILIKE ANY ($2::text[]) LIMIT 1)
        ORDER BY l.id DESC) AS ids,
    (SELECT l.id FROM looked l ORDER BY l.id LIMIT 1) AS last_id, (SELECT count(*) FROM looked) AS looked_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Who fits."""

    user_ids: list[UUID] | None = None
    """None: nobody is looked for, and everybody fits."""
    looked_to: UUID | None = None
    """The enrolment up to which the course was looked through; None where all who fit are known."""


EVERYBODY = Sought()


async def sought_learners(
    reader: Reader, course_id: UUID, words: str, *, behind: UUID | None = None, wanted: int
) -> Sought:
    """Who fits, among the learners of a course or, where few do, on the whole platform.

    Args:
        reader: where to read.
        course_id: of the course.
        words: part of a name or of an address.
        behind: an enrolment; those before it are needed no more.
        wanted: where many fit, so many are enough.
    """
    patterns = patterns_of(words)
    if patterns is None:
        return EVERYBODY
    guessed = guessed_by(words, patterns)
    if guessed is not None:
        few = await reader.fetchrow(FIND_FEW, course_id, patterns, guessed, FEW)
        if few is not None:
            return Sought(user_ids=few["ids"])
    found: list[UUID] = []
    looked_to = behind or LAST_ID
    for _ in range(0, MOST_LOOKED_AT, LOOKED_AT_ONCE):
        row = await reader.fetchrow(LOOK, course_id, patterns, looked_to, LOOKED_AT_ONCE)
        found += row["ids"]
        if row["looked_at"] < LOOKED_AT_ONCE:
            return Sought(user_ids=found)
        looked_to = row["last_id"]
        if len(found) >= wanted:
            break
    return Sought(user_ids=found, looked_to=looked_to)


def guessed_by(words: str, patterns: list[str]) -> list[str] | None:
    """By what is guessed how many an index of trigrams leads to; None where it knows none of the words."""
    longest = max(_WORD.findall(words), key=len, default="")
    if len(longest) >= SHORTEST_PART:
        return [f"%{longest}%"]
    return patterns if longest and len(words.strip()) < SHORTEST_PART else None


def escaped(words: str) -> str:
    """The words as a pattern of LIKE that stands for nothing but themselves."""
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in words.strip())


def patterns_of(words: str) -> list[str] | None:
    """What is looked for; None for nothing."""
    sought = escaped(words)
    if not sought:
        return None
    return [f"%{sought}%"] if len(words.strip()) >= SHORTEST_PART else [f"{sought}%", f"% {sought}%"]
