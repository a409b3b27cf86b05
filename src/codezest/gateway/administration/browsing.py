"""Rows of any table, read as text: by pages along the primary key, the newest first, and filtered by one column.

Three walls stand behind one another: columns are taken from the catalogue's answer alone, the role may read no secret, and
its transactions are read-only and end after `SECONDS`.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import asyncpg
from pydantic import BaseModel, ConfigDict, Field

from codezest.gateway.administration.catalogue import ColumnOut, Table
from codezest.kit.database import Database
from codezest.kit.errors import BadRequest, NotFound, Unavailable, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest_db.roles import BROWSER

SECONDS = 3.0
IN_A_LIST = 300
"""Characters of a value that a list shows."""
IN_A_ROW = 100_000

Match = Literal["is", "begins", "empty"]


class SearchTooSlow(BadRequest):
    code = "search-too-slow"
    title = "This search takes too long"
    default_detail = "Search by a column that is marked as fast, or for less."


class BrowsingNotGranted(Unavailable):
    code = "browsing-not-granted"
    title = "The tables cannot be browsed here"
    default_detail = (
        f"The login of this program is no member of the role {BROWSER}. Whoever runs the database can grant it."
    )


class RowNotFound(NotFound):
    code = "row-not-found"
    title = "No such row"


class Rows(BaseModel):
    """One page of rows. A value is text as PostgreSQL writes it, cut after 300 characters; null is null."""

    model_config = ConfigDict(frozen=True)

    columns: list[ColumnOut]
    rows: list[dict[str, str | None]]
    keys: list[str] = Field(description="By which each row is found again; empty for a table without a primary key.")
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Rows whose column is a value, begins with it, or holds nothing."""

    column: str
    match: Match
    value: str = ""


async def browsing_pool(database: Database) -> asyncpg.Pool:
    """The connections that read for administrators.

    Raises:
        BrowsingNotGranted: this program may not work under the role.
    """
    pool = await database.read_only(BROWSER, statement_seconds=SECONDS)
    try:
        async with pool.acquire():
            return pool
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError):
        raise BrowsingNotGranted from None


async def fetch_rows(
    pool: asyncpg.Pool, table: Table, wanted: RowFilter | None, *, cursor: str | None, limit: int
) -> Rows:
    """One page.

    Raises:
        BadRequest: the cursor is not one of this table.
        ValidationFailed: there is no such column to be read, or the value does not fit it.
        SearchTooSlow, BrowsingNotGranted: as they say.
    """
    conditions: list[str] = []
    values: list[str] = []
    if wanted is not None:
        _filter(table, wanted, conditions, values)
    key = table.key
    if cursor is not None:
        bound = _compared(key, decode_key(cursor, key), values)
        conditions.append(f"({_names(key)}) < ({bound})")
    shown = ", ".join(f"left({_quoted(column.name)}::text, {IN_A_LIST})" for column in table.readable)
    keys = "".join(f", {_quoted(column.name)}::text" for column in key)
    order = ", ".join(f"{_quoted(column.name)} DESC" for column in key)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sorting = f"ORDER BY {order}" if order else ""
    statement = f"SELECT {shown}{keys} FROM {_relation(table)} {where} {sorting} LIMIT {limit + 1}"  # noqa: S608
    found = await _fetch(pool, statement, values)
    width = len(table.readable)
    rows = [dict(zip((column.name for column in table.readable), tuple(row)[:width], strict=True)) for row in found]
    keyed = [encode_key(tuple(row)[width:]) for row in found] if key else []
    more = len(found) > limit and bool(key)
    return Rows(
        columns=table.columns,
        rows=rows[:limit],
        keys=keyed[:limit],
        next_cursor=keyed[limit - 1] if more else None,
    )


async def fetch_row(pool: asyncpg.Pool, table: Table, key: str) -> dict[str, str | None]:
    """One row, each value in full; JSON is laid out in lines.

    Raises:
        BadRequest: the key is not one of this table.
        RowNotFound: there is no such row.
        SearchTooSlow, BrowsingNotGranted: as they say.
    """
    values: list[str] = []
    bound = _compared(table.key, decode_key(key, table.key), values)
    shown = ", ".join(
        f"left({f'jsonb_pretty({_quoted(column.name)})' if column.type == 'jsonb' else f'{_quoted(column.name)}::text'}, "
        f"{IN_A_ROW})"
        for column in table.readable
    )
    statement = f"SELECT {shown} FROM {_relation(table)} WHERE ({_names(table.key)}) = ({bound})"  # noqa: S608
    found = await _fetch(pool, statement, values)
    if not found:
        raise RowNotFound
    return dict(zip((column.name for column in table.readable), tuple(found[0]), strict=True))


def encode_key(parts: Sequence[str]) -> str:
    """The primary key of a row as it stands in an address."""
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


def decode_key(key: str, columns: Sequence[ColumnOut]) -> list[str]:
    """The parts of a primary key, in the order of its columns.

    Raises:
        BadRequest: it is no key of such columns.
    """
    try:
        parts: Any = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (ValueError, RecursionError):
        parts = None
    fits = isinstance(parts, list) and 0 < len(columns) == len(cast("list[Any]", parts))
    if not fits or not all(isinstance(part, str) and "\0" not in part for part in parts):
        raise BadRequest(_("This does not lead to a row of this table."))
    return cast("list[str]", parts)


def _filter(table: Table, wanted: RowFilter, conditions: list[str], values: list[str]) -> None:
    column = table.column(wanted.column)
    if column is None:
        raise ValidationFailed.of("column", _("There is no such column, or it is not shown."))
    name = _quoted(column.name)
    if wanted.match == "empty":
        conditions.append(f"{name} IS NULL")
        return
    values.append(wanted.value)
    place = f"${len(values)}::text"
    if wanted.match == "begins":
        conditions.append(f"starts_with({name}::text, {place})")
    else:
        conditions.append(f"{name} = {place}::{column.type}")


def _compared(key: Sequence[ColumnOut], parts: Sequence[str], values: list[str]) -> str:
    """The places of a key's parts, each of its column's type; adds the parts to the values."""
    places: list[str] = []
    for column, part in zip(key, parts, strict=True):
        values.append(part)
        places.append(f"${len(values)}::text::{column.type}")
    return ", ".join(places)


def _names(columns: Sequence[ColumnOut]) -> str:
    return ", ".join(_quoted(column.name) for column in columns)


def _relation(table: Table) -> str:
    return f"{_quoted(table.schema_name)}.{_quoted(table.name)}"


def _quoted(identifier: str) -> str:
    """A name of the catalogue as it may stand in a statement."""
    return '"' + identifier.replace('"', '""') + '"'


async def _fetch(pool: asyncpg.Pool, statement: str, values: Sequence[str]) -> list[asyncpg.Record]:
    try:
        return await pool.fetch(statement, *values)
    except asyncpg.QueryCanceledError:
        raise SearchTooSlow from None
    except asyncpg.DataError:
        raise ValidationFailed.of("value", _("The column cannot hold such a value.")) from None
    except asyncpg.UndefinedFunctionError:
        raise ValidationFailed.of("column", _("This column cannot be compared with a value.")) from None
