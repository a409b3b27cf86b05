"""From what the statements read to what the rules count: one learner's results in the columns of a course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from codezest.services.learning.gradebook import rules
from codezest.services.learning.gradebook.rules import Category, Item, Result, Standing
from codezest.services.learning.rules.grades import grade_name
from codezest.services.learning.rules.timing import Terms, later
from codezest.services.learning.schemas.gradebook import Cell, ColumnOut, Layout, Row, State
from codezest_db.enums import GradeEntryKind, MissingWork


@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def categories(self) -> list[Category]:
        return [
            Category(id=one.id, name=one.name, weight=one.weight, drop_lowest=one.drop_lowest)
            for one in self.layout.categories
        ]

    @cached_property
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
        standings, came_to = self.standings(found, moment)
        row = Row(
            enrollment_id=found["enrollment_id"],
            user_id=found["user_id"],
            name=found["name"],
            cohort_name=found["cohort_name"],
            percent=None if came_to.share is None else float(rules.rounded(came_to.share)),
            grade=self.grade(came_to.share),
            cells=[one.cell for one in standings],
        )
        return row, came_to

    def standings(self, found: Mapping[str, Any], moment: datetime) -> tuple[list["CellStanding"], Standing]:
        """The same without the words of a page."""
        standings = list(self._standings(found, moment))
        results = {one.column.id: one.result for one in standings}
        return standings, rules.standing(self.categories, self.items, results)

    def share(self, found: Mapping[str, Any], moment: datetime, column_id: UUID | None) -> Fraction | None:
        """What a learner has reached of a column, or of the whole grade; None while nothing counts."""
        results = {one.column.id: one.result for one in self._standings(found, moment)}
        if column_id is not None:
            return results[column_id].counted
        return rules.standing(self.categories, self.items, results).share

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

    def only(self, column_id: UUID) -> "Book":
        """The same with one column.

        Raises:
            KeyError: there is no such column.
        """
        columns = [column for column in self.layout.columns if column.id == column_id]
        if not columns:
            raise KeyError(column_id)
        own = {column_id: self.own_ids[column_id]} if column_id in self.own_ids else {}
        return replace(self, layout=self.layout.model_copy(update={"columns": columns}), own_ids=own)

    def _standings(self, found: Mapping[str, Any], moment: datetime) -> Iterator["CellStanding"]:
        submissions = {one[0]: one for one in found["submissions"]}
        attempts = {one[0]: one for one in found["attempts"]}
        entries = {one[0]: one for one in found["entries"]}
        granted = {one[0]: one for one in found["granted"]}
        at_once = self.layout.missing_work is MissingWork.AT_ONCE
        for column, name, own_name, most in self._places:
            earned = _earned(submissions.get(name), attempts.get(name))
            entry = entries.get(own_name)
            due_at = _due(column, granted.get(name), granted.get(None)) if granted else column.due_at
            over = at_once or (due_at is not None and due_at < moment)
            yield _standing(column, earned, entry, most=most, due_at=due_at, over=over)

    @cached_property
    def _places(self) -> list[tuple[ColumnOut, str, str, Decimal]]:
        """Each column with its id and that of its own row as the statements write them, and its points."""
        return [
            (column, str(column.id), str(self.own_ids.get(column.id, "")), Decimal(str(column.max_points)))
            for column in self.layout.columns
        ]


class CellStanding(NamedTuple):
    """One result of one learner, with what a cell tells of it."""

    column: ColumnOut
    result: Result
    earned: "Earned"
    due_at: datetime | None
    points: Decimal | None
    max_points: Decimal
    entry: GradeEntryKind
    revision: int

    @property
    def cell(self) -> Cell:
        earned = self.earned
        sent_at = datetime.fromisoformat(earned.handed_in_at) if earned.late and earned.handed_in_at else None
        days = Terms(due_at=self.due_at).lateness(sent_at).days if sent_at else 0
        return Cell(
            column_id=self.column.id,
            state=self.result.state,
            percent=None if self.result.share is None else float(rules.rounded(self.result.share)),
            points=None if self.points is None else float(self.points),
            max_points=float(self.max_points),
            submission_id=UUID(earned.submission_id) if earned.submission_id else None,
            attempt_id=UUID(earned.attempt_id) if earned.attempt_id else None,
            late=days > 0,
            late_days=days,
            due_at=self.due_at,
            held=earned.held and self.entry is GradeEntryKind.CLEAR,
            waiting=earned.waiting,
            entry=None if self.entry is GradeEntryKind.CLEAR else self.entry,
            revision=self.revision,
        )


class Earned(NamedTuple):
    """What work alone came to."""

    points: Decimal | None = None
    max_points: Decimal | None = None
    submission_id: str | None = None
    attempt_id: str | None = None
    late: bool = False
    """As it counted when it was handed in."""
    handed_in_at: str | None = None
    held: bool = False
    waiting: bool = False


NOT_EARNED = Earned()


def _earned(submission: Sequence[Any] | None, attempt: Sequence[Any] | None) -> Earned:
    if submission is not None:
        _id, submission_id, marks, most, late, held, hidden, waiting, sent_at = submission
        return Earned(
            points=None if marks is None or not most else Decimal(marks),
            max_points=Decimal(most) if most else None,
            submission_id=None if hidden else submission_id,
            late=late,
            handed_in_at=sent_at,
            held=held,
            waiting=waiting,
        )
    if attempt is not None:
        _id, attempt_id, score, late, waiting, completed_at = attempt
        return Earned(
            points=None if score is None else Decimal(score),
            max_points=Decimal(100),
            attempt_id=attempt_id,
            late=late,
            handed_in_at=completed_at,
            waiting=waiting,
        )
    return NOT_EARNED


def _due(column: ColumnOut, for_item: Sequence[Any] | None, for_course: Sequence[Any] | None) -> datetime | None:
    """When it is due for this learner: what is granted for the item takes the place of what is granted for the course."""
    own = for_item or (for_course if column.kind != "FILLED" else None)
    if own is None:
        return column.due_at
    return datetime.fromisoformat(own[1]) if own[1] is not None else later(column.due_at, timedelta(days=own[2]))


@lru_cache(maxsize=4096)
def _scored(points: Decimal, out_of: Decimal) -> Result:
    """Never more than all of it. Many learners have the same points."""
    return Result(State.SCORED, min(Fraction(points) / Fraction(out_of), rules.ALL_OF_IT))


def _standing(
    column: ColumnOut,
    earned: Earned,
    entry: Sequence[Any] | None,
    *,
    most: Decimal,
    due_at: datetime | None,
    over: bool,
) -> CellStanding:
    points, out_of = earned.points, earned.max_points or most
    kind = GradeEntryKind(entry[1]) if entry else GradeEntryKind.CLEAR
    if entry and kind is GradeEntryKind.MARK:
        points, out_of = Decimal(str(entry[2])), most
    if kind is GradeEntryKind.EXCUSE:
        result = Result(State.EXCUSED)
    elif points is not None:
        result = _scored(points, out_of)
    elif earned.waiting or earned.submission_id or earned.attempt_id or earned.max_points is not None:
        result = Result(State.WAITING)
    else:
        result = Result(State.MISSING if over else State.OPEN)
    return CellStanding(
        column=column,
        result=result,
        earned=earned,
        due_at=due_at,
        points=points,
        max_points=out_of,
        entry=kind,
        revision=int(entry[3]) if entry else 0,
    )
