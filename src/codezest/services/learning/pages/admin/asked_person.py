"""Whom the filter of a list names."""

from uuid import UUID

NOBODY = UUID(int=0)


def asked_person(text: str) -> UUID | None:
    """The id that is asked for; None where nobody is, and what is no id is nobody's."""
    if not text.strip():
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        return NOBODY
