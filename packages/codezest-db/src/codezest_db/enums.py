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


class StaffRole(StrEnum):
    """What somebody may do in a course they do not own."""

    CO_INSTRUCTOR = "CO_INSTRUCTOR"
    """All that the owner may, but for who teaches and what it costs."""
    GRADER = "GRADER"
    """Sees learners' work and grades it."""
    OBSERVER = "OBSERVER"
    """Sees everything and changes nothing."""


class EnrollmentPolicy(StrEnum):
    """Who may enrol in a course by themselves."""

    OPEN = "OPEN"
    """Everybody."""
    COHORT = "COHORT"
    """Whoever chooses a cohort that takes learners in."""
    INVITED = "INVITED"
    """Who has a code, or was enrolled by those who teach."""


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


class UploadKind(StrEnum):
    """What a file of a course is for, which decides what it may be and how large."""

    PICTURE = "PICTURE"
    VIDEO = "VIDEO"
    CAPTIONS = "CAPTIONS"
    DOCUMENT = "DOCUMENT"
    """Shown in the page: a PDF or a DOCX."""
    ATTACHMENT = "ATTACHMENT"
    """To be saved, never shown."""


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
    CODE = "CODE"


class Scoring(StrEnum):
    """What an answer that is partly right earns."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    PARTIAL = "PARTIAL"
    """The share of it that is right."""


class LatePolicy(StrEnum):
    """What becomes of work that comes after it was due."""

    NO_PENALTY = "NO_PENALTY"
    """It is accepted, and said to be late."""
    PENALTY_PER_DAY = "PENALTY_PER_DAY"
    """Every day that has begun takes a share of the score away, down to a floor."""
    CUT_OFF = "CUT_OFF"
    """It is not accepted."""


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


class AnalysisType(StrEnum):
    """Who analysed a submission or an attempt."""

    AI = "AI"
    MANUAL = "MANUAL"
    HYBRID = "HYBRID"


class AnalysisStatus(StrEnum):
    """How far an analysis is. Only APPROVED was looked at by somebody who teaches."""

    QUEUED = "QUEUED"
    READY = "READY"
    FAILED = "FAILED"
    APPROVED = "APPROVED"


class AnalysisProvider(StrEnum):
    """What analysed: rules on this machine, or a model behind an endpoint."""

    LOCAL = "LOCAL"
    ENDPOINT = "ENDPOINT"


class AnalysisPolicy(StrEnum):
    """When the learners of a course get an analysis of their work."""

    OFF = "OFF"
    """Never, unless somebody who teaches approves one."""
    AUTOMATIC = "AUTOMATIC"
    APPROVAL = "APPROVAL"
    """Once somebody who teaches has approved it."""


class ModelCallStatus(StrEnum):
    """RESERVED from before the call until its answer is in."""

    RESERVED = "RESERVED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class VersionKind(StrEnum):
    """What a version is of."""

    COURSE = "COURSE"
    MODULE = "MODULE"
    MATERIAL = "MATERIAL"
    ASSIGNMENT = "ASSIGNMENT"
    QUIZ = "QUIZ"
    QUESTION = "QUESTION"


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


class VersionSource(StrEnum):
    """How a version came to be."""

    EDITED = "EDITED"
    FILES = "FILES"
    """Content files were synchronised."""
    RESTORED = "RESTORED"
    """An earlier one was restored."""
