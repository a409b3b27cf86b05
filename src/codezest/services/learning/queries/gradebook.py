"""The gradebook of a course: pages of learners, and one learner with how the grade came about."""

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import itemgetter
from typing import Any
from uuid import UUID

from anyio import to_thread

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.gradebook.reading import Book
from codezest.services.learning.gradebook.rules import Standing
from codezest.services.learning.gradebook.words import steps
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_taught_course
from codezest.services.learning.queries.gradebook_rows import HISTORY, HOW_MANY, LAYOUT, OWN_COURSE, ROWS
from codezest.services.learning.queries.learner_search import FEW, sought_learners
from codezest.services.learning.schemas.gradebook import (
    EntryOut,
    GradebookPage,
    Layout,
    LearnersStanding,
    Order,
    Row,
)
from codezest_db.enums import CountedAttempt

MOST_ORDERED = 20_000
"""So many learners can be put in the order of their names; more are narrowed down first."""
MOST_RANKED = 20_000
"""The same by the results of one column."""
MOST_CELLS_ORDERED = 60_000
"""So many results at the most are read to put learners in order: a thousand learners by the grade of sixty columns."""
RANKED_AT_ONCE = 500
MOST_CELLS_HERE = 2_000
"""So many results are reckoned between two other requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLearners:
    """Which learners to show; what is empty lets everybody through."""

    cohort_id: UUID | None = None
    words: str = ""
    """Part of the name, or of the address that brought them."""
    order: Order = "newest"
    column_id: UUID | None = None
    """Whose results decide where `order` goes by results; None: the whole grade."""
    user_ids: list[UUID] | None = None
    """Who fits the words, once that is known; None: everybody."""

    @property
    def by_results(self) -> bool:
        return self.order in {"highest", "lowest"}


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
    """A page of learners with their results. In an order by results, those of everybody who fits are read before.

    Where many fit the words, a page may hold fewer than there are further on: its cursor leads there.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        NotFound: there is no such column to go by, too.
        BadRequest: the cursor is not one of ours.
    """
    after = decode_cursor(cursor)
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    book = await layout_of(reader, course_id)
    _check_column(book, wanted)
    asked, in_order = wanted.order, wanted.order != "newest"
    among = await sought_learners(reader, course_id, wanted.words, behind=None if in_order else after, wanted=limit + 1)
    wanted = replace(wanted, user_ids=among.user_ids)
    most = _most_ordered(book, wanted) if among.looked_to is None else FEW
    if in_order and (among.looked_to is not None or await _are_more(reader, course_id, wanted, most)):
        among = await sought_learners(reader, course_id, wanted.words, behind=after, wanted=limit + 1)
        wanted = replace(wanted, user_ids=among.user_ids, order="newest")
    if wanted.by_results:
        ranked = await _ranked(reader, course_id, book, wanted)
        start = 0 if after is None or after not in ranked else ranked.index(after) + 1
        chosen = ranked[start : start + limit + 1]
        found = await _read(reader, course_id, book, wanted, ids=chosen, limit=limit + 1)
        found.sort(key=lambda one: chosen.index(one[0].enrollment_id))
    else:
        found = await _read(reader, course_id, book, wanted, after=after, limit=limit + 1)
    rows = [row for row, _standing in found[:limit]]
    further = rows[-1].enrollment_id if len(found) > limit else among.looked_to
    return course, GradebookPage(
        layout=book.layout,
        items=rows,
        order=wanted.order,
        most_in_order=None if wanted.order == asked else most,
        next_cursor=None if further is None else encode_cursor(further),
    )


def _check_column(book: Book, wanted: WantedLearners) -> None:
    """Raises: NotFound: there is no such column."""
    if wanted.column_id is not None and wanted.column_id not in {column.id for column in book.layout.columns}:
        raise NotFound


def _most_ordered(book: Book, wanted: WantedLearners) -> int:
    """How many learners can be put in the order that is wanted while somebody waits."""
    if not wanted.by_results:
        return MOST_ORDERED
    columns = len(book.layout.columns) if wanted.column_id is None else 1
    return min(MOST_RANKED, MOST_CELLS_ORDERED // max(columns, 1))


async def _are_more(reader: Reader, course_id: UUID, wanted: WantedLearners, most: int) -> bool:
    among = wanted.user_ids
    row = await reader.fetchrow(HOW_MANY[among is not None], course_id, wanted.cohort_id, among, most + 1)
    return row["learners"] > most


async def _ranked(reader: Reader, course_id: UUID, book: Book, wanted: WantedLearners) -> list[UUID]:
    """The ids of all enrolments that fit, in the order of their results; those without any come last."""
    narrow = book if wanted.column_id is None else book.only(wanted.column_id)
    moment, newest = now(), replace(wanted, order="newest")
    shares: list[tuple[Fraction | None, UUID]] = []
    after: UUID | None = None
    while True:
        found = await fetched(reader, course_id, narrow, newest, after=after, limit=RANKED_AT_ONCE)
        for one in found:
            after = UUID(one["enrollment_id"])
            shares.append((narrow.share(one, moment, wanted.column_id), after))
        if len(found) < RANKED_AT_ONCE:
            break
    known = [(share, enrollment_id) for share, enrollment_id in shares if share is not None]
    known.sort(key=itemgetter(0), reverse=wanted.order == "highest")
    nothing = [enrollment_id for share, enrollment_id in shares if share is None]
    return [enrollment_id for _share, enrollment_id in known] + nothing


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
    ids: list[UUID] | None = None,
    limit: int,
    by_staff: bool = True,
) -> list[tuple[Row, Standing]]:
    found = await fetched(
        reader, course_id, book, wanted, after=after, user_id=user_id, ids=ids, limit=limit, by_staff=by_staff
    )
    moment = now()

    def rows() -> list[tuple[Row, Standing]]:
        return [book.row(one, moment) for one in found]

    # Hundreds of learners with hundreds of columns take a second: apart from the requests of others.
    return await to_thread.run_sync(rows) if len(found) * len(book.layout.columns) > MOST_CELLS_HERE else rows()


async def fetched(
    reader: Reader,
    course_id: UUID,
    book: Book,
    wanted: WantedLearners,
    *,
    after: UUID | None = None,
    user_id: UUID | None = None,
    ids: list[UUID] | None = None,
    limit: int,
    by_staff: bool = True,
) -> list[dict[str, Any]]:
    """Learners as the statements `ROWS` tell them, for a caller who may know."""
    row = await reader.fetchrow(
        ROWS["name" if wanted.order == "name" else "newest", wanted.user_ids is not None],
        course_id,
        wanted.cohort_id,
        wanted.user_ids,
        after,
        limit,
        user_id,
        book.ids("ASSIGNMENT"),
        book.ids("QUIZ"),
        list(book.own_ids.values()),
        book.layout.counted_attempt is CountedAttempt.BEST,
        by_staff,
        ids,
    )
    return json.loads(row["body"])
