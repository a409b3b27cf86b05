"""Learners by part of their name, or of the address that brought them; index-supported however many a course has."""

SOUGHT = """sought AS MATERIALIZED (
    SELECT u.id FROM auth.public_users u WHERE u.display_name ILIKE ANY ($3::text[])
    UNION
    SELECT i.user_id FROM learning.enrollment_invitations i
    WHERE i.course_id = $1 AND i.user_id IS NOT NULL AND i.email::text ILIKE ANY ($3::text[]))"""
"""A common table expression: who fits `$3` and may learn course `$1`. An address counts only where staff brought it, since
learners who came by themselves have told theirs to nobody there."""

SHORTEST_PART = 3
"""Letters from which on an index finds them within a word; fewer are looked for where words begin."""


def escaped(words: str) -> str:
    """The words as a pattern of LIKE that stands for nothing but themselves."""
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in words.strip())


def patterns_of(words: str) -> list[str] | None:
    """What `$3` takes; None where nothing is looked for."""
    sought = escaped(words)
    if not sought:
        return None
    return [f"%{sought}%"] if len(words.strip()) >= SHORTEST_PART else [f"{sought}%", f"% {sought}%"]
