"""From what the statements read to what the rules count: one learner's results in the columns of a course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from codezest.services.learning.gradebook import rules
from codezest.services.learning.gradebook.rules import Category, Item, Result, Standing
from codezest.services.learning.rules.grades import grade_name
from codezest.services.learning.schemas.gradebook import Cell, ColumnOut, Layout, Row, State
from codezest_db.enums import GradeEntryKind, MissingWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The gradebook of a course, for those who teach or, without what is hidden from them, for learners."""

    layout: Layout
    scale: Mapping[str, Any]
    own_ids: Mapping[UUID, UUID]
    """By the id of a column that has a row of its own, that row's."""

    @classmethod
    def of(cls, body: Mapping[str, Any], *, for_learner: bool = False) -> "Book":
        """From the body of the statement `LAYOUT`."""
        columns = [one for one in body["columns"] if one["visible"] or not for_learner]
        layout = Layout.model_validate({**body, "columns": columns})
        own = {UUID(one["id"]): UUID(one["column_id"]) for one in columns if one["column_id"]}
        return cls(layout=layout, scale=body["grade_scale"], own_ids=own)

    def ids(self, kind: str) -> list[UUID]:
        return [column.id for column in self.layout.columns if column.kind == kind]

    @property
    def categories(self) -> list[Category]:
        return [
            Category(id=one.id, name=one.name, weight=one.weight, drop_lowest=one.drop_lowest)
            for one in self.layout.categories
        ]

    @property
    def items(self) -> list[Item]:
        return [
            Item(
                id=column.id,
                title=column.title,
                category_id=self.category_of(column),
                counts=column.counts,
                extra_percent=column.extra_percent,
            )
            for column in self.layout.columns
        ]

    def category_of(self, column: ColumnOut) -> UUID | None:
        """The category it is put in, or the first that takes its kind."""
        if column.category_id is not None:
            return column.category_id
        takes = {"ASSIGNMENT": "takes_assignments", "QUIZ": "takes_quizzes"}.get(column.kind)
        return next((one.id for one in self.layout.categories if takes and getattr(one, takes)), None)

    def row(self, found: Mapping[str, Any], moment: datetime) -> tuple[Row, Standing]:
        """One learner of the statements `ROWS`."""
        cells, results = self._cells(found, moment)
        came_to = rules.standing(self.categories, self.items, results)
        row = Row(
            enrollment_id=found["enrollment_id"],
            user_id=found["user_id"],
            name=found["name"],
            cohort_name=found["cohort_name"],
            percent=None if came_to.share is None else float(rules.rounded(came_to.share)),
            grade=self.grade(came_to.share),
            cells=cells,
        )
        return row, came_to

    def grade(self, share: Fraction | None) -> str | None:
        """What the course calls the whole grade; decided before any rounding."""
        if share is None:
            return None
        return grade_name(
            self.scale,
            marks=share.numerator,
            max_marks=share.denominator,
            passing_score=self.layout.passing_percent,
        )

    def _cells(self, found: Mapping[str, Any], moment: datetime) -> tuple[list[Cell], dict[UUID, Result]]:
        submissions = {UUID(one[0]): one for one in found["submissions"]}
        attempts = {UUID(one[0]): one for one in found["attempts"]}
        entries = {UUID(one[0]): one for one in found["entries"]}
        granted = [(UUID(one[0]) if one[0] else None, one[1], one[2]) for one in found["granted"]]
        cells: list[Cell] = []
        results: dict[UUID, Result] = {}
        for column in self.layout.columns:
            own = self.own_ids.get(column.id)
            earned = _earned(submissions.get(column.id), attempts.get(column.id))
            entry = entries.get(own) if own else None
            over = _is_over(column, granted, moment, self.layout.missing_work)
            results[column.id], cell = _cell(column, earned, entry, over=over)
            cells.append(cell)
        return cells, results


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What work alone came to."""

    points: Decimal | None = None
    max_points: Decimal | None = None
    submission_id: UUID | None = None
    attempt_id: UUID | None = None
    late: bool = False
    held: bool = False
    waiting: bool = False


def _earned(submission: Sequence[Any] | None, attempt: Sequence[Any] | None) -> Earned:
    if submission is not None:
        _id, submission_id, marks, most, late, held, hidden, waiting = submission
        return Earned(
            points=None if marks is None or not most else Decimal(marks),
            max_points=Decimal(most) if most else None,
            submission_id=None if hidden else UUID(submission_id),
            late=late,
            held=held,
            waiting=waiting,
        )
    if attempt is not None:
        _id, attempt_id, score, late, waiting = attempt
        points = None if score is None else Decimal(score)
        return Earned(points=points, max_points=Decimal(100), attempt_id=UUID(attempt_id), late=late, waiting=waiting)
    return Earned()


def _is_over(
    column: ColumnOut, granted: Sequence[tuple[UUID | None, str | None, int]], moment: datetime, policy: MissingWork
) -> bool:
    """Whether what is not there counts as nothing for this learner."""
    if policy is MissingWork.AT_ONCE:
        return True
    own = next((one for one in granted if one[0] == column.id), None)
    own = own or next((one for one in granted if one[0] is None and column.kind != "FILLED"), None)
    due_at = column.due_at
    if own is not None:
        if own[1] is not None:
            due_at = datetime.fromisoformat(own[1])
        elif due_at is not None:
            due_at += timedelta(days=own[2])
    return due_at is not None and due_at < moment


def _cell(column: ColumnOut, earned: Earned, entry: Sequence[Any] | None, *, over: bool) -> tuple[Result, Cell]:
    most = Decimal(str(column.max_points))
    points, out_of = earned.points, earned.max_points or most
    kind = GradeEntryKind(entry[1]) if entry else GradeEntryKind.CLEAR
    if entry and kind is GradeEntryKind.MARK:
        points, out_of = Decimal(str(entry[2])), most
    if kind is GradeEntryKind.EXCUSE:
        result = Result(State.EXCUSED)
    elif points is not None:
        result = Result(State.SCORED, min(Fraction(points) / Fraction(out_of), Fraction(1)))
    elif earned.waiting or earned.submission_id or earned.attempt_id or earned.max_points is not None:
        result = Result(State.WAITING)
    else:
        result = Result(State.MISSING if over else State.OPEN)
    return result, Cell(
        column_id=column.id,
        state=result.state,
        percent=None if result.share is None else float(rules.rounded(result.share)),
        points=None if points is None else float(points),
        max_points=float(out_of),
        submission_id=earned.submission_id,
        attempt_id=earned.attempt_id,
        late=earned.late,
        held=earned.held and kind is GradeEntryKind.CLEAR,
        waiting=earned.waiting,
        entry=None if kind is GradeEntryKind.CLEAR else kind,
        revision=int(entry[3]) if entry else 0,
    )
