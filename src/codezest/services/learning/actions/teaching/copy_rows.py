"""Copy rows of a table with new ids, in two statements however many they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.base import Base
from codezest_db.ids import uuid7

NEVER = frozenset({"created_at", "updated_at", "deleted_at", "content_revision"})
"""What a copy does not take over: it is of today, lives, and comes from no file."""


@dataclass(slots=True)
class Copy:
    """One copying of a course: what became of each row, by table."""

    session: AsyncSession
    course_id: UUID
    new_course_id: UUID
    became: dict[str, dict[UUID, UUID]] = field(default_factory=dict[str, dict[UUID, UUID]])

    def of(self, model: type[Base]) -> Mapping[UUID, UUID]:
        """The new ids of a table's rows by the old ones."""
        return self.became.get(model.__tablename__, {})

    async def rows(
        self,
        model: type[Base],
        *,
        parent: str,
        among: Mapping[UUID, UUID],
        references: Mapping[str, Mapping[UUID, UUID]] | None = None,
        itself: str | None = None,
        values: Mapping[str, ColumnElement[Any]] | None = None,
    ) -> None:
        """Copy the live rows whose column `parent` is among the keys.

        Args:
            model: whose rows they are; it has a column `id`.
            parent: the column that says what a row belongs to.
            among: what became of those.
            references: the same for other columns; one that refers to what was not copied becomes null.
            itself: a column that refers to the same table.
            values: what a column is in the copy instead of what it was.
        """
        table = _table_of(model)
        if not among:
            return
        query = select(table.c.id).where(table.c[parent].in_(list(among)))
        if "deleted_at" in table.c:
            query = query.where(table.c.deleted_at.is_(None))
        ids = list((await self.session.scalars(query)).all())
        became = {old: uuid7() for old in ids}
        self.became.setdefault(table.name, {}).update(became)
        if not became:
            return
        pairs = {"id": became, parent: among, **(references or {}), **({itself: became} if itself else {})}
        source: Any = table
        changed: dict[str, ColumnElement[Any]] = dict(values or {})
        for name, mapping in pairs.items():
            renamed = _pairs(name, mapping)
            source = source.join(renamed, renamed.c.old == table.c[name], isouter=name not in {"id", parent})
            changed[name] = renamed.c.new
        taken = [column for column in table.c if column.name not in NEVER]
        await self.session.execute(
            insert(table).from_select(
                [column.name for column in taken],
                select(*(changed.get(column.name, column) for column in taken)).select_from(source),
            )
        )


def _pairs(name: str, mapping: Mapping[UUID, UUID]) -> Any:
    """Two columns, `old` and `new`."""
    ids = ARRAY(Uuid())
    old, new = (
        cast(bindparam(None, list(side), type_=ids, unique=True), ids) for side in (mapping.keys(), mapping.values())
    )
    return (
        func.unnest(old, new)
        .table_valued(column("old", Uuid()), column("new", Uuid()), name=f"of_{name}")
        .render_derived()
    )


def _table_of(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
