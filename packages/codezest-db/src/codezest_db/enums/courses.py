"""Of courses, what they hold, and who takes them."""

from enum import StrEnum


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
