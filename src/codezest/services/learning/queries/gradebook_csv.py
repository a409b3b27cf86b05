"""The gradebook of a course as a table that spreadsheets open, written batch by batch however many learners there are."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from anyio import to_thread

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.spreadsheets import BYTE_ORDER_MARK, csv_line, csv_lines
from codezest.services.learning.gradebook.reading import Book, CellStanding
from codezest.services.learning.gradebook.rules import rounded
from codezest.services.learning.gradebook.words import grade_text
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.gradebook import WantedLearners, fetched, layout_of
from codezest_db.enums import GradeEntryKind

BATCH = 200
LEARNER_ID = "learner id"
"""The heading by which a table that is read in names learners."""


async def gradebook_head(reader: Reader, actor: Actor, course_id: UUID) -> tuple[Book, str]:
    """What `gradebook_csv` needs, and mark and headings; raises as `gradebook`."""
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    book = await layout_of(reader, course_id)
    headings = [
        LEARNER_ID,
        "name",
        "cohort",
        "grade in percent",
        "grade",
        *(f"{column.title} [{column.id}]" for column in book.layout.columns),
    ]
    return book, BYTE_ORDER_MARK + csv_line(headings)


async def gradebook_csv(reader: Reader, course_id: UUID, book: Book) -> AsyncIterator[str]:
    """The lines, the last to enrol first; marks as points, EXCUSED where a learner is, nothing where nothing is known."""
    after: UUID | None = None
    while True:
        found = await fetched(reader, course_id, book, WantedLearners(), after=after, limit=BATCH)
        if found:
            yield await to_thread.run_sync(_lines, book, found, now())
            after = UUID(found[-1]["enrollment_id"])
        if len(found) < BATCH:
            return


def _lines(book: Book, found: list[dict[str, Any]], moment: datetime) -> str:
    """What pages and the API show of these learners too, without what only those tell of each result."""
    return csv_lines(_line(book, one, moment) for one in found)


def _line(book: Book, found: dict[str, Any], moment: datetime) -> list[Any]:
    cells, came_to = book.standings(found, moment)
    percent = None if came_to.share is None else float(rounded(came_to.share))
    grade = book.grade(came_to.share)
    named = (found["user_id"], found["name"], found["cohort_name"])
    return [*named, percent, grade_text(grade) if grade else None, *map(_mark, cells)]


def _mark(cell: CellStanding) -> float | str | None:
    points = None if cell.points is None else float(cell.points)
    return GradeEntryKind.EXCUSE.value if cell.entry is GradeEntryKind.EXCUSE else points
