"""Analyses of submissions and attempts, and the mistakes of a class."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse
from codezest_db.enums import AnalysisPolicy, AnalysisProvider, AnalysisStatus, AnalysisType, Verdict

MOST_NOTES = 20
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Mark = Annotated[int, Field(ge=0, le=10)]
Lines = Annotated[list[Line], Field(max_length=MOST_NOTES)]


class CodeQuality(ApiModel):
    """Marks from 0 to 10."""

    readability: Mark
    efficiency: Mark
    best_practices: Mark


class EvidenceLine(ApiResponse):
    file: str
    line: int = Field(description="From 1.")
    rule: str | None = Field(description="The key of a rule; null where a model or a person wrote the message.")
    message: str
    why: str | None = Field(description="Why it matters.")


class Reviewing(ApiResponse):
    """What those who teach see besides."""

    needs_review: bool
    fallback: str | None = Field(description="Why no model was asked, or why its answer was not used.")
    ai_prompt: str | None
    input_tokens: int
    output_tokens: int
    cost_micros: int = Field(description="Millionths of the currency of the configured prices.")
    original: dict[str, Any] | None = Field(description="As it was before an instructor changed it.")


class AnalysisState(ApiResponse):
    analysis_type: AnalysisType
    status: AnalysisStatus
    provider: AnalysisProvider | None
    ai_model: str | None
    analyzed_by: UUID | None
    approved_by: UUID | None
    approved_by_name: str | None
    approved_at: datetime | None
    released_at: datetime | None = Field(description="Null while the learner does not see it.")
    revision: int
    created_at: datetime


class SubmissionAnalysisDetail(AnalysisState):
    """An analysis in the reader's language. Its scores are advice, never a grade. Empty unless READY or APPROVED."""

    submission_id: UUID
    overall_score: int | None
    code_quality: CodeQuality | None
    strengths: list[str]
    weaknesses: list[str]
    suggestions: list[str]
    evidence: list[EvidenceLine]
    measures: dict[str, int]
    detailed_feedback: str | None
    requested_at: datetime
    finished_at: datetime | None
    helpful: bool | None
    review: Reviewing | None


class TopicResult(ApiResponse):
    topic: str
    percent: int
    points: float
    max_points: float
    questions: int
    right: int
    seconds: int | None


class Recommendation(ApiResponse):
    text: str
    material_id: UUID | None


class QuizAnalysisDetail(AnalysisState):
    """An analysis of an attempt in the reader's language."""

    attempt_id: UUID
    performance_breakdown: list[TopicResult]
    strong_topics: list[str]
    weak_topics: list[str]
    recommendations: list[Recommendation]
    insights: list[str]
    avg_time_per_question: int | None = Field(description="Seconds.")
    time_management: str | None
    needs_review: bool | None = Field(description="Null for learners.")
    original: dict[str, Any] | None


class SubmissionAnalysisEdit(ApiModel):
    """What an instructor makes of it. A line left as it was keeps being translated for its reader."""

    revision: int = Field(
        ge=0, le=LARGEST_INTEGER, description="Of the analysis that was edited; 0 where there was none."
    )
    overall_score: Annotated[int, Field(ge=0, le=100)] | None = None
    code_quality: CodeQuality | None = None
    strengths: Lines = Field(default_factory=list[str])
    weaknesses: Lines = Field(default_factory=list[str])
    suggestions: Lines = Field(default_factory=list[str])
    detailed_feedback: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)] | None = None
    kept_evidence: Annotated[list[Annotated[int, Field(ge=0, le=10_000)]], Field(max_length=200)] | None = Field(
        default=None, description="Places in `evidence` of what stays; null keeps all."
    )
    approve: bool = Field(default=False, description="Whether the learner sees it from now on.")


class QuizAnalysisEdit(ApiModel):
    revision: int = Field(ge=0, le=LARGEST_INTEGER)
    insights: Lines = Field(default_factory=list[str])
    recommendations: Lines = Field(default_factory=list[str])
    time_management: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] | None = None
    approve: bool = False


class Approval(ApiModel):
    revision: int = Field(ge=0, le=LARGEST_INTEGER, description="Of the analysis that was read.")


class Helpful(ApiModel):
    helpful: bool


class AnalysisPolicyChange(ApiModel):
    policy: AnalysisPolicy


class WaitingAnalysis(ApiResponse):
    """One that somebody who teaches should look at."""

    id: UUID
    kind: str = Field(description="SUBMISSION or ATTEMPT.")
    target_id: UUID
    title: str
    user_id: UUID | None = Field(description="Null where the learner's name is hidden from those who grade.")
    user_name: str | None = Field(description="Where names are hidden, what the learner is called instead.")
    status: AnalysisStatus
    fallback: str | None
    created_at: datetime


class WaitingAnalyses(ApiResponse):
    policy: AnalysisPolicy
    items: list[WaitingAnalysis]
    next_cursor: str | None = None


class MistakeExample(ApiResponse):
    submission_id: UUID
    test: str | None
    expected: str | None
    actual: str | None
    error: str | None


class Mistake(ApiResponse):
    """Submissions that failed in the same way."""

    signature: str
    verdict: Verdict
    difference: str
    text: str = Field(description="In the reader's language.")
    failed_tests: list[int]
    submissions: int
    learners: int
    passed_later: int = Field(description="Of those learners, how many have passed since.")
    last_at: datetime
    example: MistakeExample | None


class MistakesOfAssignment(ApiResponse):
    assignment_id: UUID
    title: str
    failures: int = Field(description="Failed submissions that were looked at: the newest.")
    items: list[Mistake]
