"""The gradebook of a course: pages of learners, one learner with how the grade came about, and the whole as CSV."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.gradebook.reading import Book
from codezest.services.learning.gradebook.rules import Standing
from codezest.services.learning.gradebook.words import grade_text, steps
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.gradebook_rows import HISTORY, LAYOUT, OWN_COURSE, ROWS
from codezest.services.learning.queries.learners_csv import MARK, csv_lines, safe_cell
from codezest.services.learning.schemas.gradebook import (
    EntryOut,
    GradebookPage,
    Layout,
    LearnersStanding,
    Order,
    Row,
)
from codezest_db.enums import CountedAttempt, GradeEntryKind

BATCH = 200
LEARNER_ID = "learner id"
"""The heading by which a table that is read in names learners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLearners:
    """Which learners to show; what is empty lets everybody through."""

    cohort_id: UUID | None = None
    words: str = ""
    """Part of the name."""
    order: Order = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """A course that the caller learns, as its page of grades names it."""

    id: UUID
    title: str
    path: str


async def layout_of(reader: Reader, course_id: UUID, *, for_learner: bool = False) -> Book:
    """What the gradebook is made of. Whether the caller may know is decided before."""
    row = await reader.fetchrow(LAYOUT, course_id)
    return Book.of(json.loads(row["body"]), for_learner=for_learner)


async def gradebook_layout(reader: Reader, actor: Actor, course_id: UUID) -> tuple[TaughtCourse, Layout]:
    """The settings.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    return course, (await layout_of(reader, course_id)).layout


async def gradebook(
    reader: Reader, actor: Actor, course_id: UUID, wanted: WantedLearners, *, cursor: str | None, limit: int
) -> tuple[TaughtCourse, GradebookPage]:
    """A page of learners with their results, in two statements however many there are.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        BadRequest: the cursor is not one of ours.
    """
    after = decode_cursor(cursor)
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    book = await layout_of(reader, course_id)
    found = await _read(reader, course_id, book, wanted, after=after, limit=limit + 1)
    rows = [row for row, _standing in found[:limit]]
    return course, GradebookPage(
        layout=book.layout,
        items=rows,
        next_cursor=encode_cursor(rows[-1].enrollment_id) if len(found) > limit else None,
    )


async def learners_standing(
    reader: Reader, actor: Actor, course_id: UUID, user_id: UUID
) -> tuple[TaughtCourse, LearnersStanding]:
    """One learner's results and how the grade came about, for those who teach.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; not-found as well where nobody of the id learns it.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    book = await layout_of(reader, course_id)
    found = await _read(reader, course_id, book, WantedLearners(), user_id=user_id, limit=1)
    if not found:
        raise NotFound
    entries = json.loads((await reader.fetchrow(HISTORY, course_id, user_id))["body"])
    return course, _told(book, *found[0], entries)


async def own_standing(reader: Reader, actor: Actor, slug: str) -> tuple[OwnCourse, LearnersStanding]:
    """The caller's own grade in a course: only of what is released, and of what learners may see.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: the caller learns no such course.
    """
    user_id = actor.require_user()
    row = await reader.fetchrow(OWN_COURSE, slug, user_id)
    if row is None:
        raise NotFound
    book = await layout_of(reader, row["id"], for_learner=True)
    found = await _read(reader, row["id"], book, WantedLearners(), user_id=user_id, limit=1, by_staff=False)
    if not found:
        raise NotFound
    path = f"/languages/{row['language_slug']}" if row["kind"] == "PATH" else f"/courses/{row['slug']}"
    return OwnCourse(id=row["id"], title=row["title"], path=path), _told(book, *found[0], [])


def _told(book: Book, row: Row, came_to: Standing, entries: list[dict[str, Any]]) -> LearnersStanding:
    return LearnersStanding(
        layout=book.layout,
        row=row,
        steps=steps(came_to, row.grade),
        entries=[EntryOut.model_validate(one) for one in entries],
    )


async def _read(
    reader: Reader,
    course_id: UUID,
    book: Book,
    wanted: WantedLearners,
    *,
    after: UUID | None = None,
    user_id: UUID | None = None,
    limit: int,
    by_staff: bool = True,
) -> list[tuple[Row, Standing]]:
    sought = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in wanted.words.strip())
    row = await reader.fetchrow(
        ROWS[wanted.order],
        course_id,
        wanted.cohort_id,
        f"%{sought}%" if sought else None,
        after,
        limit,
        user_id,
        book.ids("ASSIGNMENT"),
        book.ids("QUIZ"),
        list(book.own_ids.values()),
        book.layout.counted_attempt is CountedAttempt.BEST,
        by_staff,
    )
    moment = now()
    return [book.row(one, moment) for one in json.loads(row["body"])]


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
    return book, MARK + csv_lines([[safe_cell(heading) for heading in headings]])


async def gradebook_csv(reader: Reader, course_id: UUID, book: Book) -> AsyncIterator[str]:
    """The lines, the last to enrol first; marks as points, EXCUSED where a learner is, nothing where nothing is known."""
    after: UUID | None = None
    while True:
        found = await _read(reader, course_id, book, WantedLearners(), after=after, limit=BATCH)
        if found:
            yield csv_lines([_line(row) for row, _standing in found])
            after = found[-1][0].enrollment_id
        if len(found) < BATCH:
            return


def _line(row: Row) -> list[Any]:
    marks = [GradeEntryKind.EXCUSE.value if cell.entry is GradeEntryKind.EXCUSE else cell.points for cell in row.cells]
    named = (str(row.user_id), row.name, row.cohort_name, row.percent, grade_text(row.grade) if row.grade else None)
    return [safe_cell(value) for value in (*named, *marks)]
