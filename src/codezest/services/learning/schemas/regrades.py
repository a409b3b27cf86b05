"""Grading an assignment's submissions anew, as authors ask for it and read it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest_db.enums import RegradeStatus, SubmissionStatus, Verdict


class NewRegrade(ApiModel):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        description="Why, in words for the learners whose result changes: they read it beside their result."
    )


class RegradeCounts(ApiResponse):
    submissions: int
    graded: int
    changed: int = Field(description="Submissions whose status, verdict or score is another than before.")
    not_run: int = Field(description="Submissions that could not be run: they stay as they are.")
    learners: int
    newly_passed: int
    no_longer_passed: int
    best_score_changed: int
    progress_changed: int = Field(description="Learners whose progress in the module or the course changes.")


class ResultSummary(ApiResponse):
    status: SubmissionStatus
    verdict: Verdict | None
    score: int | None
    max_score: int


class RegradedLearner(ApiResponse):
    """How the learner stands: before, and after the regrade. Foreseen while it is READY, as it came once it is APPLIED."""

    passed_before: bool
    passed_after: bool
    best_score_before: int | None
    best_score_after: int | None
    module_percent_before: int | None
    module_percent_after: int | None
    course_percent_before: int | None
    course_percent_after: int | None


class RegradedSubmission(ApiResponse):
    id: UUID = Field(description="Of this row; the sort key.")
    submission_id: UUID
    user_id: UUID | None = Field(description="Null where the learner's name is hidden from those who grade.")
    user_name: str | None
    attempt_number: int | None
    submitted_at: datetime
    before: ResultSummary
    after: ResultSummary | None = Field(description="Null until it is graded, and where it could not be run.")
    changed: bool
    not_run: bool
    fault: str | None = Field(description="Why it could not be run; for authors only.")
    learner: RegradedLearner | None = Field(description="Null until every submission is graded.")


class RegradeDetail(ApiResponse):
    id: UUID
    assignment_id: UUID
    title: str
    status: RegradeStatus
    reason: str
    requested_by: UUID | None
    spec_sha256: str
    tests_revision: str | None
    failure: str | None
    created_at: datetime
    ready_at: datetime | None
    applied_at: datetime | None
    applied_by: UUID | None
    cancelled_at: datetime | None
    counts: RegradeCounts
    items: list[RegradedSubmission]
    next_cursor: str | None = None
