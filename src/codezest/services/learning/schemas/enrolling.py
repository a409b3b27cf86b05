"""Ways into a course, its cohorts and its learners, as those who teach send and get them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from codezest.kit.pagination import Page
from codezest.kit.schemas import ApiModel, ApiResponse, Moment
from codezest.services.learning.schemas.authoring import Change, absent
from codezest_db.enums import EnrollmentPolicy, EnrollmentStatus

CohortName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"\S", strip_whitespace=True)]
Seats = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
ProgressRange = Literal["none", "some", "all"]
InUse = Literal["yes", "no"]
"""Of cohorts: not archived; of codes: lets somebody in."""
MOST_AT_ONCE = 100
MOST_PREREQUISITES = 20


class LearnerChange(StrEnum):
    """What happens to the learners named; one to whom it does not apply is left as they are."""

    ACTIVATE = "ACTIVATE"
    """Let in who waits. In a course that has a price, this is an administrator's."""
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    DROP = "DROP"
    RESTORE = "RESTORE"
    """Undo DROP: as they were before."""
    MOVE = "MOVE"
    """Into another cohort, or into none."""


class _CohortFields(Change):
    ends_at: Moment | None = Field(default=None, description="From then on nobody joins; who is in keeps access.")
    capacity: Seats | None = Field(default=None, description="Null: any number of learners.")
    enrol_from: Moment | None = Field(default=None, description="From when learners may choose it themselves.")
    enrol_until: Moment | None = Field(default=None, description="Until when they may.")


class NewCohort(_CohortFields):
    name: CohortName
    starts_at: Moment = Field(description="Nothing of the course opens to its learners before.")


class CohortChange(_CohortFields):
    name: CohortName = Field(default_factory=absent)
    starts_at: Moment = Field(default_factory=absent)
    archived: StrictBool = Field(default_factory=absent, description="Out of use; its learners stay in it.")


class Made(ApiResponse):
    id: UUID


class CohortOut(ApiResponse):
    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None
    capacity: int | None
    enrol_from: datetime | None
    enrol_until: datetime | None
    archived_at: datetime | None
    learners: int = Field(description="Those who have not left.")


class CohortPage(Page[CohortOut]):
    pass


class NewCode(ApiModel):
    cohort_id: UUID | None = Field(default=None, description="Where it leads, beside the course itself.")
    note: Annotated[str, StringConstraints(max_length=200)] | None = None
    max_uses: Seats | None = Field(default=None, description="Null: any number.")
    expires_at: Moment | None = None


class CodeOut(ApiResponse):
    id: UUID
    code: str
    cohort_id: UUID | None
    cohort_name: str | None
    note: str | None
    max_uses: int | None
    uses: int
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class CodePage(Page[CodeOut]):
    pass


class EnrollmentChoice(ApiModel):
    cohort_id: UUID | None = Field(default=None, description="One of those that take learners in.")


class CodeToRedeem(ApiModel):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CourseReference(ApiResponse):
    id: UUID
    title: str
    href: str


class EnrollmentRules(ApiResponse):
    """Who may enrol by themselves, and what they have to have completed."""

    policy: EnrollmentPolicy
    prerequisites: list[CourseReference]


class EnrollmentRulesChange(ApiModel):
    policy: EnrollmentPolicy | None = None
    prerequisite_ids: list[UUID] | None = Field(
        default=None, max_length=MOST_PREREQUISITES, description="Courses to complete first."
    )


class LearnerOut(ApiResponse):
    """An enrolment, as those who teach see it."""

    id: UUID = Field(description="Of the enrolment.")
    user_id: UUID
    display_name: str | None = Field(description="Null once the account is deleted.")
    email: str | None = Field(description="Where those who teach have enrolled that very address; else null.")
    status: EnrollmentStatus
    held: bool = Field(description="Whether those who teach keep the learner out.")
    cohort_id: UUID | None
    cohort_name: str | None
    progress_percent: int
    completed_items: int
    enrolled_at: datetime
    completed_at: datetime | None
    last_active_at: datetime | None


class LearnerPage(ApiResponse):
    items: list[LearnerOut]
    next_cursor: str | None


class LearnersToChange(ApiModel):
    change: LearnerChange
    enrollment_ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    cohort_id: UUID | None = Field(default=None, description="Where MOVE leads; null: into no cohort.")


class LearnersChanged(ApiResponse):
    changed: list[UUID] = Field(description="Enrolments to which the change applied.")


class LearnerList(ApiModel):
    """Addresses to enrol: one a line, or CSV with the columns e-mail and cohort."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500_000)]
    cohort_id: UUID | None = Field(default=None, description="For lines that name no cohort.")
    waive_prerequisites: StrictBool = Field(default=False, description="Enrol those too who lack a course before it.")
    apply: StrictBool = Field(default=False, description="False: only say what would happen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list as it was read. `problem` is null for an address that could be one."""

    number: int
    email: str
    cohort: str | None
    problem: str | None = None


LineOutcome = Literal["enrol", "invite", "return", "move", "nothing", "missing", "wrong"]


class LineOut(ApiResponse):
    line: int = Field(description="Of the text, from 1.")
    email: str
    cohort_name: str | None
    outcome: LineOutcome
    problem: str | None = Field(description="Why the line is `wrong`, or what is `missing`.")


class ListOutcome(ApiResponse):
    """What a list does. A line that is `wrong` or `missing` does nothing; all others are applied together, or none."""

    applied: bool
    lines: list[LineOut]
    counts: dict[LineOutcome, int]


class InvitationOut(ApiResponse):
    id: UUID
    email: str
    cohort_name: str | None
    mailed_at: datetime | None
    created_at: datetime


class InvitationPage(ApiResponse):
    items: list[InvitationOut]
    next_cursor: str | None
