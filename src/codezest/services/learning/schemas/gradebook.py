"""The gradebook as those who teach send and get it, and a learner's own grade."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from codezest.kit.pagination import Page
from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse, Moment
from codezest_db.enums import CountedAttempt, GradeEntryKind, MissingWork

ColumnKind = Literal["ASSIGNMENT", "QUIZ", "FILLED"]
Order = Literal["newest", "name", "highest", "lowest"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]
MOST_POINTS = 1_000_000
Points = Annotated[Decimal, Field(ge=0, le=MOST_POINTS, max_digits=9, decimal_places=2)]

MOST_CATEGORIES = 30
MOST_COLUMNS = 500


class State(StrEnum):
    """Where a learner stands with an item."""

    SCORED = "SCORED"
    MISSING = "MISSING"
    """Nothing was handed in, and that counts as nothing."""
    OPEN = "OPEN"
    """Nothing was handed in, and there is time."""
    WAITING = "WAITING"
    """Handed in and not graded yet."""
    EXCUSED = "EXCUSED"


class CategoryIn(ApiModel):
    id: UUID | None = Field(default=None, description="Of one that there is; null makes a new one.")
    name: Name
    weight: StrictInt = Field(ge=0, le=1_000, description="Beside the weights of the others.")
    drop_lowest: StrictInt = Field(default=0, ge=0, le=100)
    takes_assignments: bool = Field(default=False, description="Assignments that are put nowhere go here.")
    takes_quizzes: bool = Field(default=False, description="Quizzes that are put nowhere go here.")


class ColumnIn(ApiModel):
    id: UUID = Field(description="Of the assignment, of the quiz, or of a column that people fill in.")
    category: StrictInt | None = Field(
        default=None, ge=0, lt=MOST_CATEGORIES, description="Place of its category in `categories`, from 0."
    )
    counts: bool = True
    visible: bool = True
    extra_percent: StrictInt | None = Field(
        default=None,
        ge=1,
        le=100,
        description="Adds at most so much to the whole grade, in place of counting in a category.",
    )
    title: Name | None = Field(default=None, description="Of a column that people fill in.")
    max_points: Points | None = Field(default=None, description="Of a column that people fill in.")
    due_at: Moment | None = Field(default=None, description="Of a column that people fill in.")


class GradebookSettingsIn(ApiModel):
    """All settings; categories that are missing are removed, columns that are missing stay as they are."""

    counted_attempt: CountedAttempt = CountedAttempt.BEST
    missing_work: MissingWork = MissingWork.WHEN_DUE
    passing_percent: StrictInt = Field(default=50, ge=0, le=100)
    categories: list[CategoryIn] = Field(default_factory=list[CategoryIn], max_length=MOST_CATEGORIES)
    columns: list[ColumnIn] = Field(default_factory=list[ColumnIn], max_length=MOST_COLUMNS)
    revision: StrictInt | None = Field(
        default=None, ge=0, le=LARGEST_INTEGER, description="What was looked at; an older one is refused."
    )


class NewColumn(ApiModel):
    """A column that people fill in, such as a talk."""

    title: Name
    max_points: Points = Decimal(100)
    category_id: UUID | None = None
    visible: bool = True
    due_at: Moment | None = None


class CategoryOut(ApiResponse):
    id: UUID
    name: str
    weight: int
    drop_lowest: int
    takes_assignments: bool
    takes_quizzes: bool


class ColumnOut(ApiResponse):
    id: UUID = Field(description="Of the assignment, of the quiz, or of a column that people fill in.")
    kind: ColumnKind
    title: str
    max_points: float = Field(description="Of a quiz always 100: its points are percent.")
    category_id: UUID | None
    counts: bool
    visible: bool
    extra_percent: int | None
    due_at: datetime | None


class Layout(ApiResponse):
    """What the gradebook of a course is made of."""

    counted_attempt: CountedAttempt
    missing_work: MissingWork
    passing_percent: int
    revision: int
    categories: list[CategoryOut]
    columns: list[ColumnOut]
    cohorts: list["CohortChoice"]


class CohortChoice(ApiResponse):
    id: UUID
    name: str


class Cell(ApiResponse):
    column_id: UUID
    state: State
    percent: float | None = Field(description="Rounded to one decimal.")
    points: float | None
    max_points: float
    submission_id: UUID | None = Field(description="The one that counts; null where names are hidden.")
    attempt_id: UUID | None
    late: bool = Field(description="Handed in after it was due for this learner.")
    late_days: int = Field(description="Days begun since then; 0 in time.")
    due_at: datetime | None = Field(description="When it is due for this learner, with all that is granted to them.")
    held: bool = Field(description="Graded, and not shown to the learner yet.")
    waiting: bool = Field(description="Something newer or other waits to be graded.")
    entry: GradeEntryKind | None = Field(description="What people have set; null: what the work earned counts.")
    revision: int = Field(description="Of what people have set; 0: nothing yet.")


class Row(ApiResponse):
    enrollment_id: UUID
    user_id: UUID
    name: str | None = Field(description="Null once the account is deleted.")
    cohort_name: str | None
    percent: float | None = Field(description="The grade, rounded to one decimal; null while nothing counts.")
    grade: str | None = Field(description="What the course calls it.")
    cells: list[Cell]


class GradebookPage(Page[Row]):
    """Learners with their results, in the order of `layout.columns`."""

    layout: Layout
    order: Order = Field(
        description="The one that was asked for, or `newest` where there are too many to be put in it."
    )
    most_in_order: int | None = Field(
        description="Of how many learners the order that was asked for is possible, where more fit; null: it is."
    )


class Step(ApiResponse):
    """One line of how a grade came about."""

    code: str
    text: str


class EntryOut(ApiResponse):
    column_id: UUID
    revision: int
    kind: GradeEntryKind
    points: float | None
    reason: str | None
    set_by: str | None = Field(description="A name; null once the account is deleted.")
    created_at: datetime


class LearnersStanding(ApiResponse):
    """One learner's results, and how the grade came about."""

    layout: Layout
    row: Row
    steps: list[Step]
    entries: list[EntryOut] = Field(description="All that people have set, the newest first; learners get none.")


class NewEntry(ApiModel):
    """Set a mark, excuse a learner, let what the work earned count again, or take the last of these back."""

    user_id: UUID
    column_id: UUID
    action: Literal["MARK", "EXCUSE", "CLEAR", "UNDO"]
    points: Points | None = Field(default=None, description="With MARK.")
    reason: Reason = ""
    seen: StrictInt = Field(default=0, ge=0, le=LARGEST_INTEGER, description="The revision that was looked at.")


class MarkList(ApiModel):
    """A table as the gradebook's CSV has it: a learner's id and marks by column."""

    text: Annotated[str, StringConstraints(max_length=900_000)]
    reason: Reason = ""
    apply: bool = False
    plan: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Of the outcome that was looked at: nothing else is applied."
    )


class ListedMark(ApiResponse):
    line: int
    learner: str
    column: str
    before: str
    after: str
    problem: str | None


class MarkListOutcome(ApiResponse):
    """What a list changes, or would."""

    changes: list[ListedMark]
    problems: list[ListedMark]
    unchanged: int
    applied: bool
    plan: str = Field(description="Stands for these changes.")
    outdated: bool = Field(description="Not applied, since other changes than these were looked at.")


Layout.model_rebuild()
