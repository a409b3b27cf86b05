"""What learners send to be judged, and what they get back."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field, StrictInt, model_validator

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.program_files import MAX_FILES
from codezest.services.learning.schemas.attempts import (
    AnswerReview,
    Entries,
    OfferedField,
    OfferedOption,
    Points,
    SavedAttempt,
)
from codezest.services.learning.schemas.hand_grading import HandedFile
from codezest.services.learning.schemas.harness import Files
from codezest.services.learning.schemas.terms import ItemTerms
from codezest_db.enums import (
    AttemptStatus,
    Difficulty,
    QuestionType,
    Scoring,
    SubmissionPurpose,
    SubmissionStatus,
    Verdict,
)


class Program(ApiModel):
    """A program to run or to submit: of one file as `code`, or of several as `files`."""

    code: str | None = Field(
        default=None, min_length=1, description="The file that the program begins with; at most 65,536 bytes of UTF-8."
    )
    files: Files | None = Field(
        default=None,
        max_length=MAX_FILES,
        description="Where the exercise has several files: text by path, together at most 262,144 bytes of UTF-8. "
        "The file that the program begins with is one of them, unless it is sent as `code`.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Program":
        if self.code is None and not self.files:
            raise ValueError("send a program, as `code` or as `files`")
        return self


class Trial(Program):
    """A program to try out."""

    stdin: str | None = Field(
        default=None,
        description="Run it once on this input, at most 65,536 bytes of UTF-8, instead of on the visible tests; only for "
        "programs of mode STDIO. Nothing is compared.",
    )


class ProgramWithInput(ApiModel):
    """A program of one file, and what it reads."""

    code: str = Field(min_length=1, description="At most 65,536 bytes of UTF-8.")
    stdin: str = Field(default="", description="What the program reads; at most 65,536 bytes of UTF-8.")


class Receipt(ApiResponse):
    """What proves that a program was handed in, as it was, when it was. `codezest verify-receipt` checks one offline.

    All members but `signature`, as canonical JSON (RFC 8785), are the document: what is signed, and what the next receipt of
    the same learner names by its SHA-256.
    """

    format: Literal["codezest-receipt-1"]
    id: UUID
    submission_id: UUID
    user_id: UUID
    purpose: SubmissionPurpose
    assignment_id: UUID | None
    material_id: UUID | None
    files: list[str] = Field(description="The paths of the program's files.")
    content_sha256: str = Field(description="Of the canonical JSON of {path: text}.")
    received_at: str = Field(description="The server's time, UTC, to the microsecond.")
    sequence: int = Field(description="From 1, without a gap, for each learner.")
    previous_sha256: str | None = Field(
        description="Of the document of the learner's receipt before; null in the first."
    )
    key_id: str = Field(description="Which of `receipts/keys` signed it.")
    signature: str = Field(description="Ed25519, in base64.")


class ReceiptKey(ApiResponse):
    id: str
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str = Field(description="32 bytes in base64.")


class ReceiptKeys(ApiResponse):
    """Every key that ever signed receipts here."""

    keys: list[ReceiptKey]


class SubmissionReceipt(ApiResponse):
    """The work is kept and waits for its turn; follow `submissions/{id}/events`, or read `submissions/{id}`."""

    id: UUID
    status: SubmissionStatus
    receipt: Receipt | None = Field(description="Null for what was handed in before there were receipts.")


class QueuePlace(ApiResponse):
    """Where a program that waits stands."""

    position: int = Field(description="1 is the next to be run.")
    expected_wait_seconds: int | None = Field(
        description="From how long programs of this language took lately; null while that is not known."
    )


class SubmissionSummary(ApiResponse):
    id: UUID
    purpose: SubmissionPurpose
    status: SubmissionStatus
    verdict: Verdict | None
    score: int | None
    max_score: int
    attempt_number: int | None
    is_late: bool
    raw_score: int | None = Field(default=None, description="Before what lateness takes away; null: nothing is taken.")
    late_penalty_percent: int = Field(default=0, description="Of the raw score, which lateness takes away.")
    submitted_at: datetime
    graded_at: datetime | None


class SubmissionPage(Page[SubmissionSummary]):
    """One page of submissions, the newest first."""


class TestResult(ApiResponse):
    """How a program fared on one test; of a hidden test only verdict, points and what it tries."""

    __test__ = False

    name: str
    verdict: Verdict
    points: int
    max_points: int
    visible: bool
    time_ms: int | None = Field(description="CPU time.")
    memory_kb: int | None = Field(description="Peak.")
    stdin: str | None
    arguments: list[Any] | None = Field(default=None, description="Of the function that was called, in mode FUNCTION.")
    expected: str | None
    stdout: str | None
    stderr: str | None
    message: str | None
    kind_of_case: str | None
    group_name: str | None = Field(default=None, description="The group of tests that it counts in.")
    bonus: bool = Field(default=False, description="Its points come on top; nobody needs them to pass.")
    sample: bool = False
    fraction: float | None = Field(
        default=None, description="Share of the points that a checker gave; null: all or none, as the verdict says."
    )


class FormerResult(ApiResponse):
    """What a submission's result was until a regrade replaced it."""

    regrade_id: UUID
    reason: str
    regraded_at: datetime
    changed: bool = Field(description="Whether status, verdict or score became another.")
    status: SubmissionStatus
    verdict: Verdict | None
    score: int | None
    max_score: int
    graded_at: datetime | None


class FormerGrading(FormerResult):
    """The whole of it."""

    feedback: str | None
    compile_output: str | None
    tests_revision: str | None
    spec_sha256: str | None
    runtime: str | None
    sandbox_tier: str | None
    grader_version: str | None
    tests: list[TestResult]


class FormerGradings(ApiResponse):
    items: list[FormerGrading]


class SubmissionDetail(SubmissionSummary):
    assignment_id: UUID | None
    material_id: UUID | None
    user_id: UUID | None = Field(description="Null where the learner's name is hidden from those who grade.")
    title: str
    module_id: UUID
    text_answer: str | None = Field(description="Markdown, of an assignment that is not answered by a program.")
    handed_files: list[HandedFile]
    code: str | None
    files: dict[str, str] = Field(description="The program's other files, text by path.")
    stdin: str | None
    language: str | None
    feedback: str | None
    compile_output: str | None
    tests_revision: str | None
    runtime: str | None
    sandbox_tier: str | None
    started_at: datetime | None
    grader_version: str | None
    spec_sha256: str | None = Field(description="Names all that gave the verdict: tests, harness, limits, seed.")
    former_results: list[FormerResult] = Field(description="Before each regrade, the newest first.")
    total_tests: int
    queue: QueuePlace | None = Field(description="Null unless it is PENDING.")
    tests: list[TestResult]


class SentAnswer(ApiModel):
    """Options chosen, or entries by the name of their field; neither: left open."""

    question_id: UUID
    option_ids: list[UUID] = Field(default=[], max_length=50)
    entries: Entries = Field(default={})
    seconds_spent: StrictInt | None = Field(default=None, ge=0, le=86_400)


class SentAnswers(ApiModel):
    """Questions that are left out count as wrong."""

    answers: list[SentAnswer] = Field(max_length=500)


class AttemptSummary(ApiResponse):
    id: UUID
    quiz_id: UUID
    attempt_number: int
    status: AttemptStatus
    started_at: datetime
    deadline_at: datetime | None
    completed_at: datetime | None
    time_taken_seconds: int | None
    score: int | None = Field(description="Percent.")
    points: Points | None
    max_points: int | None
    passed: bool | None
    is_late: bool = False
    raw_score: int | None = Field(
        default=None, description="Percent, before what lateness takes away; null: nothing is taken."
    )
    late_penalty_percent: int = Field(default=0, description="Of the raw score, which lateness takes away.")
    is_being_graded: bool = Field(default=False, description="Whether a program of one of its answers waits or runs.")


class AttemptQuestion(ApiResponse):
    id: UUID
    type: QuestionType
    text: str = Field(description="Markdown.")
    points: int
    difficulty: Difficulty
    topic: str | None
    media: dict[str, Any] | None
    options: list[OfferedOption]
    fields: list[OfferedField]
    review: AnswerReview | None = Field(description="Null until the attempt is over.")


class AttemptDetail(AttemptSummary):
    title: str
    module_id: UUID
    passing_score: int = Field(description="Percent.")
    scoring: Scoring
    wrong_penalty_percent: int = Field(description="Of a question's points, which a wrong answer takes away.")
    terms: ItemTerms
    seconds_left: int | None = Field(description="Of a running attempt with a time limit; otherwise null.")
    saved: SavedAttempt | None = Field(description="Of a running attempt; otherwise null.")
    questions: list[AttemptQuestion] = Field(description="In the order of this attempt.")
