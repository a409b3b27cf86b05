"""Of former states of content, and of what is sent in."""

from enum import StrEnum


class VersionKind(StrEnum):
    """What a version is of."""

    COURSE = "COURSE"
    MODULE = "MODULE"
    MATERIAL = "MATERIAL"
    ASSIGNMENT = "ASSIGNMENT"
    QUIZ = "QUIZ"
    QUESTION = "QUESTION"


class VersionSource(StrEnum):
    """How a version came to be."""

    EDITED = "EDITED"
    FILES = "FILES"
    """Content files were synchronised."""
    RESTORED = "RESTORED"
    """An earlier one was restored."""


class ImportStatus(StrEnum):
    """Of a course that was sent in as files."""

    PENDING = "PENDING"
    """It waits to be checked."""
    READY = "READY"
    """Its preview says what it would do."""
    REFUSED = "REFUSED"
    """Its problems say why."""
    APPLYING = "APPLYING"
    APPLIED = "APPLIED"
