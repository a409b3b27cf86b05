"""Loads rows from TOML or JSON files into tables, by id: running it again changes only what the files changed.

A file names schemas, tables and rows:

    [[auth.users]]
    id = "01980000-0000-7000-8000-000000000001"
    email = "ada@example.org"
    first_name = "Ada"
    last_name = "Lovelace"

Bytes are written in hexadecimal, and in JSON also times as ISO 8601 with an offset. Columns that a file leaves out get their default when the row is new, and keep their value when it exists.
Rows may stand in any order and refer to one another across files: tables are filled in the order of their foreign keys.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Table, func, literal_column, or_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import TypeEngine

from codezest_db.base import IpAddress
from codezest_db.models import Base


class SeedError(ValueError):
    """A file cannot be loaded; the message names the file, the table and the reason. Nothing was written for it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were new, differed from the file, or stood as the file has them."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.inserted + other.inserted, self.updated + other.updated, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class _Row:
    file: Path
    values: Mapping[str, Any]


async def load(connection: AsyncConnection | AsyncSession, files: Iterable[Path]) -> Loaded:
    """Insert or update every row of the files, within the caller's transaction.

    Raises:
        SeedError: a file is not readable as TOML or JSON, or names a table or column that does not exist, or holds a
            value of another type, or a row without its key. Every file is checked before the first row is written.
    """
    rows: dict[str, list[_Row]] = {}
    for file in files:
        for name, values in _read(file):
            rows.setdefault(name, []).append(_Row(file, values))
    total = Loaded()
    for table in Base.metadata.sorted_tables:
        for row in rows.get(table.fullname, []):
            total += await _save(connection, table, row)
    return total


def _read(file: Path) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8")
        content: object = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise SeedError(f"{file}: {error}") from error
    found: list[tuple[str, Mapping[str, Any]]] = []
    for schema, tables in _mapping(file, "the file", content).items():
        for name, listed in _mapping(file, schema, tables).items():
            table = Base.metadata.tables.get(f"{schema}.{name}")
            if table is None:
                raise SeedError(f"{file}: there is no table {schema}.{name}")
            if not isinstance(listed, Sequence) or isinstance(listed, str):
                raise SeedError(f"{file}: {schema}.{name} must be a list of rows")
            found += [(table.fullname, _values(file, table, _mapping(file, table.fullname, row))) for row in listed]
    return found


def _mapping(file: Path, what: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SeedError(f"{file}: {what} must be a table of names and values")
    return value


def _values(file: Path, table: Table, row: Mapping[str, Any]) -> Mapping[str, Any]:
    missing = [column.name for column in table.primary_key.columns if column.name not in row]
    if missing:
        raise SeedError(f"{file}: a row of {table.fullname} lacks its {' and '.join(missing)}")
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name not in table.columns:
            raise SeedError(f"{file}: {table.fullname} has no column {name}")
        try:
            values[name] = _convert(value, table.columns[name].type)
        except (TypeError, ValueError) as error:
            raise SeedError(f"{file}: {table.fullname}.{name}: {error}") from error
    return values


def _convert(value: Any, to: TypeEngine[Any]) -> Any:
    """What the files' formats cannot write becomes what the column holds; everything else must fit already."""
    if value is None:
        return None
    if isinstance(to, ARRAY):
        return [_convert(item, to.item_type) for item in _instance(value, list)]
    if isinstance(to, JSONB):
        return _instance(value, dict)
    if isinstance(to, IpAddress):
        return str(ip_address(value))
    if issubclass(to.python_type, StrEnum):
        return to.python_type(value)
    return _scalar(value, to.python_type)


def _scalar(value: Any, wanted: type[Any]) -> Any:
    if isinstance(value, str) and wanted is not str:
        value = _parse(value, wanted)
    elif wanted is float and type(value) is int:
        value = float(value)
    fitting = _instance(value, wanted)
    if isinstance(fitting, datetime) and fitting.tzinfo is None:
        raise ValueError(f"{fitting.isoformat()} lacks its offset from UTC")
    return fitting


def _instance(value: Any, wanted: type[Any]) -> Any:
    """The value, if it is of exactly this type: a bool is an int to Python and a datetime a date, yet neither is here."""
    if type(value) is not wanted:
        raise TypeError(f"{value!r} is not of type {wanted.__name__}")
    return value


def _parse(text: str, wanted: type[Any]) -> Any:
    if wanted is UUID:
        return UUID(text)
    if wanted in {datetime, date}:
        return wanted.fromisoformat(text)
    if wanted is bytes:
        return bytes.fromhex(text)
    raise TypeError(f"{text!r} is not of type {wanted.__name__}")


async def _save(connection: AsyncConnection | AsyncSession, table: Table, row: _Row) -> Loaded:
    statement = insert(table).values(row.values)
    key = [column.name for column in table.primary_key.columns]
    given = [name for name in row.values if name not in key]
    if given:
        changes: dict[str, Any] = {name: statement.excluded[name] for name in given}
        if "updated_at" in table.columns and "updated_at" not in changes:
            changes["updated_at"] = func.now()
        differs = or_(*(table.columns[name].is_distinct_from(statement.excluded[name]) for name in given))
        statement = statement.on_conflict_do_update(index_elements=key, set_=changes, where=differs)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    # xmax is zero on a row version that no update made.
    is_new = literal_column("xmax = 0", Boolean())
    result = await connection.execute(statement.returning(is_new))
    outcome: bool | None = result.scalar_one_or_none()
    if outcome is None:
        return Loaded(unchanged=1)
    return Loaded(inserted=1) if outcome else Loaded(updated=1)
