"""What only pages show."""

from pydantic import BaseModel

from codezest.services.learning.schemas.work import AttemptSummary, SubmissionSummary
from codezest_db.enums import AssignmentKind


class RecentSubmission(BaseModel):
    title: str
    assignment_kind: AssignmentKind
    summary: SubmissionSummary


class RecentAttempt(BaseModel):
    title: str
    summary: AttemptSummary


class RecentResults(BaseModel):
    """A learner's newest work, each list the newest first."""

    submissions: list[RecentSubmission]
    attempts: list[RecentAttempt]
