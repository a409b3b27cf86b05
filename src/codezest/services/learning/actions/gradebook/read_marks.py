"""Read marks from a table, as the gradebook's CSV has it: shown first, then applied as one set."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.gradebook.set_entries import set_entries
from codezest.services.learning.actions.table_rows import table_rows
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.gradebook import layout_of
from codezest.services.learning.queries.gradebook_csv import LEARNER_ID
from codezest.services.learning.schemas.gradebook import (
    ColumnOut,
    ListedMark,
    MarkList,
    MarkListOutcome,
    NewEntry,
)

MOST_LINES = 2_000
MOST_CHANGES = 5_000
_NAMED = re.compile(r"\[([0-9a-fA-F-]{36})\]\s*$")
_STANDING = """
SELECT e.user_id, u.display_name, (
    SELECT coalesce(json_agg(json_build_array(x.item, x.kind, x.points, x.revision)), '[]') FROM (
        SELECT DISTINCT ON (n.column_id) coalesce(k.assignment_id, k.quiz_id, k.id) AS item, n.kind, n.points, n.revision
        FROM learning.grade_entries n JOIN learning.grade_columns k ON k.id = n.column_id
        WHERE n.user_id = e.user_id AND k.course_id = $1 ORDER BY n.column_id, n.revision DESC) x)::text AS entries
FROM learning.enrollments e LEFT JOIN auth.public_users u ON u.id = e.user_id
WHERE e.course_id = $1 AND e.user_id = ANY ($2::uuid[]) AND e.status <> 'DROPPED'
"""


class Rows(Reader, Protocol):
    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A cell of the table, and the entry that it asks for; without one it says what is wrong, or changes nothing."""

    shown: ListedMark
    entry: NewEntry | None = None


async def read_marks(session: AsyncSession, actor: Actor, course_id: UUID, wanted: MarkList) -> MarkListOutcome:
    """Say what a table changes; with `apply`, change it, all of it or nothing.

    Once `plan` names what was looked at, nothing is changed that was not: if marks were set in between, what would change is
    told anew. Empty cells change nothing, EXCUSE excuses, CLEAR ends either. A mark that stands there already is no change, so that the
    gradebook's own file, read in again, does nothing but what was changed in it by hand.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the caller may grade there.
        ValidationFailed: it is no such table, or holds too much.
        ContentChangedElsewhere: somebody has set one of these marks at this moment.
    """
    connection = await driver_connection(session)
    await access_taught_course(connection, actor, course_id, Permission.GRADE)
    planned = await _plan(connection, course_id, wanted, own_id=actor.require_user())
    changes = [one for one in planned if one.entry is not None]
    if len(changes) > MOST_CHANGES:
        raise ValidationFailed.of(
            "text", _("At most %(most)s marks at once. Split the table.") % {"most": MOST_CHANGES}
        )
    problems = [one.shown for one in planned if one.shown.problem is not None]
    plan = _digest(changes)
    outdated = wanted.apply and wanted.plan is not None and wanted.plan != plan
    applied = wanted.apply and not problems and not outdated
    if applied:
        await set_entries(session, actor, course_id, [one.entry for one in changes if one.entry is not None])
    return MarkListOutcome(
        changes=[one.shown for one in changes],
        problems=problems,
        unchanged=len(planned) - len(changes) - len(problems),
        applied=applied,
        plan=plan,
        outdated=outdated,
    )


def _digest(changes: Sequence[Planned]) -> str:
    """The same for the same changes, with what stood there before."""
    told = [(str(one.entry), one.shown.before) for one in changes]
    return hashlib.sha256(repr(told).encode()).hexdigest()


async def _plan(connection: Rows, course_id: UUID, wanted: MarkList, *, own_id: UUID) -> list[Planned]:
    lines = list(table_rows(wanted.text))
    if not lines:
        raise ValidationFailed.of("text", _("There is nothing in it."))
    _number, headings = lines[0]
    at_learner = next((place for place, name in enumerate(headings) if name.casefold() == LEARNER_ID), None)
    if at_learner is None:
        raise ValidationFailed.of(
            "text", _("The first line names no column “learner id”. Begin with the CSV of the gradebook.")
        )
    columns = _columns((await layout_of(connection, course_id)).layout.columns, headings)
    if not columns:
        raise ValidationFailed.of("text", _("The first line names no column of this gradebook."))
    if len(lines) > MOST_LINES + 1:
        raise ValidationFailed.of("text", _("At most %(most)s lines at once. Split the list.") % {"most": MOST_LINES})
    ids = [found for _number, cells in lines[1:] if (found := _uuid(_at(cells, at_learner))) is not None]
    rows = await connection.fetch(_STANDING, course_id, ids)
    known = {row["user_id"]: row for row in rows}
    planned: list[Planned] = []
    seen: set[UUID] = set()
    for number, cells in lines[1:]:
        text = _at(cells, at_learner)
        user_id = _uuid(text)
        row = known.get(user_id) if user_id else None
        if row is None or user_id is None or user_id in seen:
            problem = (
                _("This learner stands in an earlier line already.")
                if row
                else _("This is nobody who learns this course.")
            )
            planned.append(Planned(shown=_shown(number, text, "", problem=problem)))
            continue
        seen.add(user_id)
        if user_id == own_id:
            planned.append(
                Planned(shown=_shown(number, row["display_name"], "", problem=_("Nobody sets their own marks.")))
            )
            continue
        entries = {UUID(one[0]): one for one in json.loads(row["entries"])}
        for place, column in columns.items():
            if (cell := _at(cells, place)) != "":
                planned.append(_planned(number, row, column, cell, entries.get(column.id), wanted.reason))
    return planned


def _planned(  # noqa: PLR0917 - one cell with all it is looked up in
    number: int, row: Any, column: ColumnOut, cell: str, entry: Sequence[Any] | None, reason: str
) -> Planned:
    name = row["display_name"] or _("Deleted account")
    kind, points, revision = (entry[1], entry[2], entry[3]) if entry else ("CLEAR", None, 0)
    before = "" if kind == "CLEAR" else kind if points is None else f"{Decimal(str(points)).normalize():f}"
    word = cell.removeprefix("'").upper()
    if word in {"EXCUSE", "CLEAR"}:
        after, marks = word, None
    else:
        marks = _decimal(cell)
        after = "" if marks is None else f"{marks.normalize():f}"
    shown = _shown(number, name, column.title, before=before, after=after)
    if word not in {"EXCUSE", "CLEAR"} and (marks is None or marks > Decimal(str(column.max_points))):
        most = f"{Decimal(str(column.max_points)).normalize():f}"
        problem = _("“%(text)s” is no mark from 0 to %(most)s, nor EXCUSE or CLEAR.") % {
            "text": cell[:50],
            "most": most,
        }
        return Planned(shown=shown.model_copy(update={"problem": problem}))
    if (word if marks is None else after) == (before or "CLEAR"):
        return Planned(shown=shown)
    return Planned(
        shown=shown,
        entry=NewEntry.model_validate(
            {
                "user_id": row["user_id"],
                "column_id": column.id,
                "action": "MARK" if marks is not None else word,
                "points": marks,
                "reason": reason or _("From a table that was read in."),
                "seen": revision,
            }
        ),
    )


def _columns(offered: Sequence[ColumnOut], headings: Sequence[str]) -> Mapping[int, ColumnOut]:
    """The columns by place; a heading ends with the id in brackets, as the gradebook writes it, or is the title alone.

    What a program or a quiz earned stands in the gradebook's file too. Read in as it is it would freeze it: only columns
    that people fill in are read by their place there; others are where their heading begins with an exclamation mark.
    """
    by_id = {column.id: column for column in offered}
    found: dict[int, ColumnOut] = {}
    for place, heading in enumerate(headings):
        text = heading.removeprefix("'")
        override = text.startswith("!")
        text = text.removeprefix("!").strip()
        named = _NAMED.search(text)
        column = by_id.get(_uuid(named.group(1)) or UUID(int=0)) if named else None
        if column is None:
            alike = [one for one in offered if one.title.casefold() == text.casefold()]
            column = alike[0] if len(alike) == 1 else None
        if column is not None and (column.kind == "FILLED" or override):
            found[place] = column
    return found


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    """A mark with a point or a comma, not below zero, in hundredths at most."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= 1_000_000 or number != round(number, 2):
        return None
    return number


def _shown(
    number: int, learner: str, column: str, *, before: str = "", after: str = "", problem: str | None = None
) -> ListedMark:
    return ListedMark(line=number, learner=learner[:200], column=column, before=before, after=after, problem=problem)
