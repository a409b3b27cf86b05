"""Every enumerated value the database stores, spelled as the specification spells it."""

from enum import StrEnum


class Role(StrEnum):
    """What a user may do across the whole platform."""

    ADMIN = "ADMIN"
    INSTRUCTOR = "INSTRUCTOR"
    STUDENT = "STUDENT"


class ProfileVisibility(StrEnum):
    """Who sees a user's profile."""

    PUBLIC = "PUBLIC"
    MEMBERS = "MEMBERS"
    """Whoever is signed in."""
    PRIVATE = "PRIVATE"
    """Its owner alone."""


class DataExportStatus(StrEnum):
    """Where the download of all that is held of a user stands."""

    PENDING = "PENDING"
    READY = "READY"
    EXPIRED = "EXPIRED"
    """The file is gone."""
    FAILED = "FAILED"
    """It could not be made in time; another may be asked for."""


class LoginOutcome(StrEnum):
    """How an attempt to sign in ended."""

    SUCCEEDED = "SUCCEEDED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    UNVERIFIED = "UNVERIFIED"
    LOCKED_OUT = "LOCKED_OUT"
    SUSPENDED = "SUSPENDED"
    CODE_DUE = "CODE_DUE"
    """The password was right, and the code of the second step is still owed."""
    WRONG_CODE = "WRONG_CODE"


class CeremonyKind(StrEnum):
    """A way of proving who one is that takes more than one request."""

    SECOND_STEP = "SECOND_STEP"
    PASSKEY_REGISTRATION = "PASSKEY_REGISTRATION"
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    PASSKEY_PROOF = "PASSKEY_PROOF"
    IDENTITY_SIGN_IN = "IDENTITY_SIGN_IN"
    IDENTITY_LINK = "IDENTITY_LINK"


class Difficulty(StrEnum):
    """How demanding a language, course, assignment or question is."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class CourseKind(StrEnum):
    """A PATH belongs to one programming language and is free; a COURSE stands alone."""

    PATH = "PATH"
    COURSE = "COURSE"


class PublicationStatus(StrEnum):
    """Who sees a course, module, material, assignment or quiz. ARCHIVED applies to courses."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


class MaterialType(StrEnum):
    """How a material is shown."""

    VIDEO = "VIDEO"
    ARTICLE = "ARTICLE"
    CODE_EXAMPLE = "CODE_EXAMPLE"
    INTERACTIVE = "INTERACTIVE"
    PDF = "PDF"
    DOCX = "DOCX"
    QUIZ = "QUIZ"


class AssignmentKind(StrEnum):
    """What a learner hands in."""

    CODE = "CODE"
    TEXT = "TEXT"
    FILE = "FILE"


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    TRUE_FALSE = "TRUE_FALSE"
    FILL_BLANK = "FILL_BLANK"
    MATCHING = "MATCHING"
    ORDERING = "ORDERING"
    NUMERIC = "NUMERIC"
    SHORT_ANSWER = "SHORT_ANSWER"


class EnrollmentStatus(StrEnum):
    """Where a learner stands in a course."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    DROPPED = "DROPPED"


class ProgressStatus(StrEnum):
    """Where a learner stands in a module or material."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


class SubmissionPurpose(StrEnum):
    """SUBMIT counts; RUN tries the visible tests of an assignment; PLAYGROUND runs a material's code cell."""

    SUBMIT = "SUBMIT"
    RUN = "RUN"
    PLAYGROUND = "PLAYGROUND"


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


class AttemptStatus(StrEnum):
    """IN_PROGRESS until submitted or past its deadline; then as the specification names it."""

    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    GRADED = "GRADED"
    LATE = "LATE"
    EXPIRED = "EXPIRED"


class AnalysisType(StrEnum):
    """Who analysed a submission or an attempt."""

    AI = "AI"
    MANUAL = "MANUAL"
    HYBRID = "HYBRID"
