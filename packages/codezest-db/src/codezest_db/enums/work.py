"""Of what learners hand in and authors try."""

from enum import StrEnum


class SubmissionPurpose(StrEnum):
    """SUBMIT counts; RUN tries the visible tests of an assignment; PLAYGROUND runs a material's code cell."""

    SUBMIT = "SUBMIT"
    RUN = "RUN"
    PLAYGROUND = "PLAYGROUND"


class QuestionRunPurpose(StrEnum):
    """ANSWER decides what an answer earns; SAMPLE shows a learner the visible tests; CHECK tries the author's solution."""

    ANSWER = "ANSWER"
    SAMPLE = "SAMPLE"
    CHECK = "CHECK"


class TrialStatus(StrEnum):
    """Of an author's try: what it found out is a matter of its results."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class SubmissionStatus(StrEnum):
    """PENDING to ERROR for graded code; SUBMITTED, GRADED and LATE for work graded by hand."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    PASSED = "PASSED"
    FAILED = "FAILED"
    ERROR = "ERROR"
    SUBMITTED = "SUBMITTED"
    GRADED = "GRADED"
    LATE = "LATE"


class Verdict(StrEnum):
    """The outcome of one test, in the terms of programming contests."""

    AC = "AC"
    """Accepted."""
    WA = "WA"
    """Wrong answer."""
    TLE = "TLE"
    """Time limit exceeded."""
    MLE = "MLE"
    """Memory limit exceeded."""
    OLE = "OLE"
    """Output limit exceeded."""
    RE = "RE"
    """Runtime error."""
    CE = "CE"
    """Compile error."""
    IE = "IE"
    """Internal error: ours, never the learner's."""


class AttemptStatus(StrEnum):
    """IN_PROGRESS until submitted or past its deadline; then as the specification names it."""

    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    GRADED = "GRADED"
    LATE = "LATE"
    EXPIRED = "EXPIRED"
