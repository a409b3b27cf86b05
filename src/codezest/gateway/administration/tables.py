"""Every table, read-only, for administrators. Whoever looks at rows is recorded.

The audit trail says which table was looked at, by which filter, and how many rows were shown. Nothing is ever erased from it,
so that of what was asked for and found it holds numbers and ids alone: texts may be somebody's address.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from codezest.gateway.administration.browsing import (
    Match,
    RowFilter,
    Rows,
    browsing_pool,
    decode_key,
    fetch_row,
    fetch_rows,
)
from codezest.gateway.administration.catalogue import ColumnOut, Table, TableOut, table, tables
from codezest.kit.context import Context, RequestContext
from codezest.kit.pagination import PageSize
from codezest.services.auth.actions.record_act import record_act
from codezest.services.auth.rules import Origin

routes = APIRouter()

TELLING_NOBODY = frozenset({"uuid", "smallint", "integer", "bigint", "boolean"})
"""Types of values that are recorded."""

Value = Annotated[str, Query(max_length=300, description="What the column holds, or begins with.")]
RowKey = Annotated[str, Query(max_length=1_000, description="One of `keys`.")]


async def every_table(context: RequestContext) -> list[TableOut]:
    """All tables.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        BrowsingNotGranted: as it says.
    """
    context.actor.require_admin()
    return await tables(await browsing_pool(context.database))


async def some_rows(
    context: RequestContext, schema: str, name: str, wanted: RowFilter | None, *, cursor: str | None, limit: int
) -> tuple[Table, Rows]:
    """One page of a table's rows; the look is recorded before it is answered.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        TableNotFound, and what `fetch_rows` raises.
    """
    context.actor.require_admin()
    pool = await browsing_pool(context.database)
    found = await table(pool, schema, name)
    rows = await fetch_rows(pool, found, wanted, cursor=cursor, limit=limit)
    asked: dict[str, str | int | bool | None] = {"rows": len(rows.rows), "further_page": cursor is not None}
    if wanted is not None:
        asked |= {"column": wanted.column, "match": wanted.match, "value": _recorded(found, wanted)}
    await _record(context, found, **asked)
    return found, rows


async def one_row(context: RequestContext, schema: str, name: str, key: str) -> tuple[Table, dict[str, str | None]]:
    """One row in full; the look is recorded before it is answered.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        TableNotFound, and what `fetch_row` raises.
    """
    context.actor.require_admin()
    pool = await browsing_pool(context.database)
    found = await table(pool, schema, name)
    row = await fetch_row(pool, found, key)
    await _record(context, found, rows=1, row=_named(found.key, decode_key(key, found.key)))
    return found, row


def _recorded(found: Table, wanted: RowFilter) -> str | None:
    """The value that was asked for, where it may be recorded."""
    column = found.column(wanted.column)
    return wanted.value if column is not None and column.type in TELLING_NOBODY and wanted.match == "is" else None


def _named(key: list[ColumnOut], parts: list[str]) -> str | None:
    """Which row it was, as far as that may be recorded."""
    known = [part for column, part in zip(key, parts, strict=True) if column.type in TELLING_NOBODY]
    return ", ".join(known) or None


async def _record(context: RequestContext, found: Table, **asked: str | int | bool | None) -> None:
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await record_act(
            session,
            context.actor,
            "data.browsed",
            subject_type="table",
            origin=origin,
            table=f"{found.schema_name}.{found.name}",
            **asked,
        )


@routes.get("/tables")
async def list_tables(context: Context) -> list[TableOut]:
    """Every table of every schema. Administrators only."""
    return await every_table(context)


@routes.get("/tables/{schema}/{name}")
async def read_table(schema: str, name: str, context: Context) -> Table:
    """A table's columns. Administrators only."""
    context.actor.require_admin()
    return await table(await browsing_pool(context.database), schema, name)


@routes.get("/tables/{schema}/{name}/rows")
async def read_rows(
    schema: str,
    name: str,
    context: Context,
    *,
    column: Annotated[str, Query(max_length=100, description="Filter by this column.")] = "",
    match: Match = "is",
    value: Value = "",
    cursor: Annotated[str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")] = None,
    limit: PageSize = 20,
) -> Rows:
    """Rows along the primary key, the last first. Administrators only; the look is recorded."""
    wanted = RowFilter(column=column, match=match, value=value) if column else None
    return (await some_rows(context, schema, name, wanted, cursor=cursor, limit=limit))[1]


@routes.get("/tables/{schema}/{name}/row")
async def read_row(schema: str, name: str, key: RowKey, context: Context) -> dict[str, str | None]:
    """One row, each value in full. Administrators only; the look is recorded."""
    return (await one_row(context, schema, name, key))[1]
