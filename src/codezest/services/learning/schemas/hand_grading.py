"""Grading by people: the work, the rubric, the grade, remarks on lines, and the settings of all that."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.authoring import Change, absent
from codezest.services.learning.schemas.regrade_requests import RequestDetail
from codezest.services.learning.schemas.rubrics import Key, Note, Points, RubricDetail
from codezest_db.enums import AssignmentKind, HandGradingState, SubmissionStatus

Prose = Annotated[str, Field(max_length=20_000, description="Markdown.")]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Days = Annotated[StrictInt, Field(ge=0, le=365)]


class CriterionScore(ApiModel):
    """What a criterion gets: a level, or points of one's own, and a note."""

    level: Key | None = None
    points: Points | None = Field(default=None, description="Null: those of the level.")
    note: Note | None = None


class NewGrading(ApiModel):
    """A grade, or one that replaces another."""

    seen: UUID | None = Field(
        default=None,
        description="The latest grading when the work was looked at; 409 `grading-stale` if there is another.",
    )
    marks: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = Field(
        default=None, description="Null: what the rubric comes to, once every criterion has its points."
    )
    rubric_id: UUID | None = None
    scores: dict[Key, CriterionScore] = Field(default_factory=dict[str, CriterionScore], max_length=20)
    feedback: Prose | None = None
    reason: Note | None = Field(default=None, description="Why it replaces the one before; needed if it does.")


class GradingDetail(ApiResponse):
    """One grade; the latest counts, and earlier ones are kept as they were."""

    id: UUID
    marks: int
    max_marks: int
    grade: str | None = Field(
        description="As the course calls it, such as B; PASS or FAIL; null where it counts points."
    )
    feedback: str | None = Field(description="Markdown.")
    reason: str | None
    is_manual: bool
    graded_by: str | None = Field(description="The grader's name.")
    graded_at: datetime
    rubric: RubricDetail | None
    scores: dict[str, Any] = Field(description="By the id of the criterion: level, points, note.")


class CommentDetail(ApiResponse):
    id: UUID
    parent_id: UUID | None
    path: str | None
    first_line: int | None
    last_line: int | None
    text: str
    by_learner: bool
    mine: bool
    author: str | None = Field(description="Null where names are hidden, or the account is gone.")
    created_at: datetime


class NewComment(ApiModel):
    """A remark on lines of a file, or an answer to one."""

    text: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")]
    parent_id: UUID | None = None
    path: Annotated[str, Field(max_length=200)] | None = None
    first_line: StrictInt | None = Field(default=None, ge=1, le=1_000_000)
    last_line: StrictInt | None = Field(default=None, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _stands_somewhere(self) -> "NewComment":
        anchor = (self.path, self.first_line, self.last_line)
        if self.parent_id is None and None in anchor:
            raise ValueError("name the file and the lines, or the remark that this answers")
        if self.parent_id is not None and anchor != (None, None, None):
            raise ValueError("an answer stands where the remark stands")
        return self


class CommentMade(ApiResponse):
    id: UUID
    parent_id: UUID | None
    path: str | None
    first_line: int | None
    last_line: int | None
    text: str
    by_learner: bool


class WrittenAnswer(ApiModel):
    """What is handed in beside files, or instead of them."""

    text: str = Field(default="", description="Markdown; at most 262,144 bytes of UTF-8.")


class FileLaidReady(ApiResponse):
    id: UUID
    name: str = Field(description="As it will be called; its ending follows from its content.")
    media_type: str
    size_bytes: int
    sha256: str


class HandedFile(ApiResponse):
    position: int
    name: str = Field(description="As the learner called it; a number and its ending where names are hidden.")
    media_type: str
    size_bytes: int
    sha256: str


class AttemptBrief(ApiResponse):
    id: UUID
    attempt_number: int | None
    submitted_at: datetime
    status: SubmissionStatus
    state: HandGradingState | None
    is_late: bool


class LearnerBrief(ApiResponse):
    """Who handed it in, as the grader may know."""

    name: str
    number: int | None
    hidden: bool
    user_id: UUID | None = Field(description="Null where names are hidden.")


class ClaimBrief(ApiResponse):
    mine: bool
    by: str | None
    expires_at: datetime


class GradingDesk(ApiResponse):
    """All that a grader needs of one piece of work."""

    submission_id: UUID
    assignment_id: UUID
    assignment_title: str
    course_id: UUID
    kind: AssignmentKind
    state: HandGradingState | None = Field(description="Null: it does not wait for a person.")
    status: SubmissionStatus
    learner: LearnerBrief
    own: bool = Field(description="The caller handed it in, and so cannot grade it.")
    attempt_number: int | None
    submitted_at: datetime
    is_late: bool
    late_penalty_percent: int = Field(
        description="Of the marks, which lateness takes away; what is left passes or fails."
    )
    score: int | None
    max_score: int
    language: str | None
    texts: dict[str, str] = Field(description="By path: the program's files, or what was written.")
    files: list[HandedFile]
    attempts: list[AttemptBrief] = Field(description="All of the learner at this assignment, the newest first.")
    claim: ClaimBrief | None
    rubric: RubricDetail | None
    gradings: list[GradingDetail] = Field(description="The latest first.")
    comments: list[CommentDetail]
    requests: list[RequestDetail]
    passing_score: int
    hold_grades: bool


class LearnersGrade(ApiResponse):
    """What a learner sees of the grading of their work: nothing of it before it is released."""

    submission_id: UUID
    state: Literal["NONE", "WAITING", "GRADED"]
    grading: GradingDetail | None
    earlier: list[GradingDetail]
    accepted: bool | None
    comments: list[CommentDetail]
    requests: list[RequestDetail]
    asked_until: datetime | None = Field(description="Until when another look may be asked for; null: not, or no more.")


class NextWork(ApiResponse):
    submission_id: UUID | None = Field(description="Null: nothing waits that is not with somebody else.")
    only_skipped: bool = Field(default=False, description="All others are done: this one was skipped before.")


class ClaimState(ApiResponse):
    expires_at: datetime


class HandGradingSettings(Change):
    """How people grade an assignment; what is left out stays."""

    graded_by_hand: StrictBool = Field(default_factory=absent, description="Programs, too, wait for a person.")
    anonymous_grading: StrictBool = Field(
        default_factory=absent, description="Graders see no names before the release."
    )
    hold_grades: StrictBool = Field(default_factory=absent, description="Learners see grades when all are released.")
    passing_score: Percent = Field(default_factory=absent)
    regrade_days: Days | None = Field(default=None, description="Null: as the course says; 0: not at all.")
    rubric_id: UUID | None = Field(default=None, description="Null: none.")


class AssignmentSettings(ApiResponse):
    assignment_id: UUID
    title: str
    kind: AssignmentKind
    graded_by_hand: bool
    anonymous_grading: bool
    hold_grades: bool
    passing_score: int
    regrade_days: int | None
    rubric_id: UUID | None
    waiting: int
    held: int


class GradeStep(ApiModel):
    name: Annotated[str, Field(min_length=1, max_length=20, pattern=r"\S")]
    from_percent: Percent


class CourseGrading(ApiModel):
    """What grades are called in a course, and how long they may be asked about."""

    kind: Literal["POINTS", "PASS_FAIL", "LETTERS"] = "POINTS"
    grades: list[GradeStep] = Field(default_factory=list[GradeStep], max_length=20)
    regrade_days: Days = 14

    @field_validator("grades")
    @classmethod
    def _names_differ(cls, grades: list[GradeStep]) -> list[GradeStep]:
        if len({step.name for step in grades}) != len(grades) or len({s.from_percent for s in grades}) != len(grades):
            raise ValueError("two grades have the same name, or begin at the same percentage")
        return grades

    @model_validator(mode="after")
    def _letters_are_named(self) -> "CourseGrading":
        if self.kind == "LETTERS" and not any(step.from_percent == 0 for step in self.grades):
            raise ValueError("letters need a grade that begins at 0 percent")
        return self


class CourseGradingDetail(ApiResponse):
    kind: Literal["POINTS", "PASS_FAIL", "LETTERS"]
    grades: list[GradeStep]
    regrade_days: int
    assignments: list[AssignmentSettings]


class Released(ApiResponse):
    released: int = Field(description="How many grades learners see now that they did not before.")
