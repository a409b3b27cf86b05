"""Of how work is graded, by tests and by people."""

from enum import StrEnum


class CheckerKind(StrEnum):
    """How actual output is compared with expected output."""

    EXACT = "EXACT"
    TOKENS = "TOKENS"
    FLOAT = "FLOAT"
    UNORDERED_LINES = "UNORDERED_LINES"
    CUSTOM = "CUSTOM"
    """A program of the author decides."""


class GradingMode(StrEnum):
    """How a submitted program is put to the test."""

    STDIO = "STDIO"
    """It reads standard input and prints; what it printed is compared."""
    FUNCTION = "FUNCTION"
    """One function of it is called with arguments; the value it returned is compared."""
    UNIT_TESTS = "UNIT_TESTS"
    """The author's unit tests call it."""
    INTERACTIVE = "INTERACTIVE"
    """It talks with a program of the author, which decides."""


class GroupPolicy(StrEnum):
    """What the tests of a group are worth together."""

    ALL = "ALL"
    """The group's points if every test of it is accepted, else nothing."""
    SUM = "SUM"
    """Each test counts its own share."""
    MIN = "MIN"
    """The group's points times the lowest fraction that a test of it earned."""


class RegradeStatus(StrEnum):
    """Where the grading anew of an assignment's submissions stands."""

    PREVIEWING = "PREVIEWING"
    """Submissions are being graded; nothing has changed for anybody."""
    READY = "READY"
    """All are graded; it waits to be applied or cancelled."""
    APPLIED = "APPLIED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    """It could not be carried out; nothing has changed for anybody."""


class HandGradingState(StrEnum):
    """Where work stands that people grade."""

    WAITING = "WAITING"
    SUPERSEDED = "SUPERSEDED"
    """Its learner has handed in another attempt before anybody graded this one."""
    HELD = "HELD"
    """Graded, and shown to the learner when the grades of the assignment are released."""
    RELEASED = "RELEASED"


class RegradeRequestStatus(StrEnum):
    """What came of a learner's request to have a grade looked at again."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class CountedAttempt(StrEnum):
    """Which of a learner's attempts the gradebook counts."""

    BEST = "BEST"
    LAST = "LAST"


class MissingWork(StrEnum):
    """From when on the gradebook counts what was not handed in as nothing."""

    WHEN_DUE = "WHEN_DUE"
    AT_ONCE = "AT_ONCE"


class GradeEntryKind(StrEnum):
    """What people set in the gradebook for one learner and column."""

    MARK = "MARK"
    EXCUSE = "EXCUSE"
    CLEAR = "CLEAR"
    """What the work itself earned counts again."""
