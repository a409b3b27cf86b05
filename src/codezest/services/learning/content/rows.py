"""Writes the rows that content is made of, and notes what that changed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from codezest.services.learning.content.columns import Columns
from codezest.services.learning.content.report import Outcome, SyncReport, Thing
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, Course, Material, Module, Quiz

PARKED = "moving"
"""The revision of a row that waits for its new slug; no files ever have it."""
ITEMS: tuple[type[Material] | type[Assignment] | type[Quiz], ...] = (Material, Assignment, Quiz)
KINDS: Mapping[type[Any], str] = {
    Course: "COURSE",
    Module: "MODULE",
    Material: "MATERIAL",
    Assignment: "ASSIGNMENT",
    Quiz: "QUIZ",
}


class RowWriter:
    """One pass over the content of files.

    ``by_author``: somebody brings these files in, as if they had written them in forms. Then rows are compared with what the
    files say whatever files they came from, no revision is kept, and whatever the files lack is removed.
    """

    def __init__(self, session: AsyncSession, *, by_author: bool = False) -> None:
        self._session = session
        self._by_author = by_author
        self._columns: dict[UUID, frozenset[str]] = {}
        self.report = SyncReport()

    async def _write(self, model: type[Any], identity: UUID, columns: Columns, wanted: str) -> tuple[Any, Outcome]:
        """Insert the row, or update it when its revision differs; what the browser wrote just as the files say only gets one."""
        row = await self._session.get(model, identity)
        if row is not None and row.content_revision == wanted and row.deleted_at is None and not self._by_author:
            return row, Outcome.CURRENT
        outcome = Outcome.SAME
        if row is None:
            row = model(id=identity)
            self._session.add(row)
            outcome = Outcome.CREATED
        changed = {
            column: value
            for column, value in (columns | {"deleted_at": None}).items()
            if outcome is Outcome.CREATED or getattr(row, column) != value
        }
        for column, value in changed.items():
            setattr(row, column, value)
            outcome = max(outcome, Outcome.CHANGED)
        self._columns[identity] = frozenset(changed)
        if model is Course and row.status == PublicationStatus.PUBLISHED and row.published_at is None:
            row.published_at = datetime.now(UTC)
        if not self._by_author:
            row.content_revision = wanted
        await self._session.flush()
        return row, outcome

    def _note(self, name: str, outcome: Outcome, row: Any = None, course: UUID | None = None) -> None:
        """Count a thing; ``course`` is that whose kept progress depends on it."""
        if outcome < Outcome.CHANGED:
            self.report.unchanged += 1
            return
        (self.report.created if outcome is Outcome.CREATED else self.report.changed).append(name)
        self._list(row, outcome.name)
        if course is not None:
            self.report.course_ids.add(course)

    def _list(self, row: Any, outcome: str) -> None:
        kind = KINDS.get(type(row))
        if kind is not None:
            columns = self._columns.get(row.id, frozenset())
            thing = Thing(kind=kind, id=row.id, title=row.title, outcome=outcome, columns=columns)
            self.report.things.append(thing)

    def _list_of(self, course: UUID, kind: str) -> None:
        self.report.things.append(Thing(kind=kind, id=course, title="", outcome="CHANGED"))

    async def _rows(self, model: type[Any], column: InstrumentedAttribute[UUID], values: Iterable[UUID]) -> list[Any]:
        result = await self._session.scalars(select(model).where(column.in_(list(values))))
        return list(result)

    async def _make_room(
        self, model: type[Any], parent: InstrumentedAttribute[UUID], places: Mapping[UUID, tuple[UUID, str]]
    ) -> None:
        """A slug is unique below its parent at every moment, and two rows may have swapped theirs.

        So whatever moves is parked first, under a slug that nobody wants, and marked for an update.
        """
        for row in await self._rows(model, model.id, places):
            if (getattr(row, parent.key), row.slug) != places[row.id]:
                row.slug = f"moving-{row.id.hex}"
                if not self._by_author:
                    row.content_revision = PARKED
        await self._session.flush()

    async def _remove(self, slug: str, course: UUID, modules: set[UUID], items: set[UUID]) -> None:
        """Mark as deleted what the files once gave this course and give no longer; of an author's, whatever they lack."""
        ours = list(await self._session.scalars(select(Module).where(Module.course_id == course)))
        slugs = {module.id: module.slug for module in ours}
        gone: list[tuple[str, Any]] = [(f"{slug}/{row.slug}", row) for row in ours if row.id not in modules]
        for model in ITEMS:
            rows = await self._rows(model, model.module_id, slugs)
            gone += [(f"{slug}/{slugs[row.module_id]}/{row.slug}", row) for row in rows if row.id not in items]
        for name, row in gone:
            if row.deleted_at is None and (self._by_author or row.content_revision is not None):
                row.deleted_at = datetime.now(UTC)
                self.report.removed.append(name)
                self._list(row, "REMOVED")
                self.report.course_ids.add(course)
        await self._session.flush()
