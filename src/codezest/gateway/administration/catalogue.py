"""What tables there are and what is known of their columns, as PostgreSQL itself says, under the role that browses them."""

from collections.abc import Mapping
from typing import Any

import asyncpg
from pydantic import BaseModel, ConfigDict, Field

from codezest.kit.errors import NotFound

_TABLES = """
SELECT n.nspname AS schema, c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
       greatest(c.reltuples, 0)::bigint AS estimated_rows
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, col_description(a.attrelid, a.attnum) AS comment,
       has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable,
       array_position(k.conkey, a.attnum) AS key_position,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indisvalid) AS indexed,
       t.schema AS target_schema, t.name AS target_table, t.column AS target_column
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
LEFT JOIN LATERAL (
    SELECT tn.nspname AS schema, tc.relname AS name, ta.attname AS "column"
    FROM pg_constraint f
    JOIN pg_class tc ON tc.oid = f.confrelid
    JOIN pg_namespace tn ON tn.oid = tc.relnamespace
    JOIN pg_attribute ta ON ta.attrelid = tc.oid AND ta.attnum = f.confkey[1]
    WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum] LIMIT 1
) t ON true
WHERE c.relkind IN ('r', 'p') AND n.nspname = $1 AND c.relname = $2 AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_'
ORDER BY a.attnum
"""


class TableNotFound(NotFound):
    code = "table-not-found"
    title = "No such table"


class TableOut(BaseModel):
    """One table."""

    model_config = ConfigDict(frozen=True)

    schema_name: str
    name: str
    comment: str | None
    estimated_rows: int = Field(description="As of the last look of PostgreSQL's statistics.")


class ColumnOut(BaseModel):
    """One column."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    comment: str | None
    readable: bool = Field(description="False for secrets: the database shows them to nobody who browses.")
    indexed: bool = Field(description="Whether a search by it is fast.")
    key_position: int | None = Field(description="Its place in the primary key, from 1.")
    target: tuple[str, str, str] | None = Field(description="Schema, table and column that it refers to.")


class Table(BaseModel):
    """A table with its columns."""

    model_config = ConfigDict(frozen=True)

    schema_name: str
    name: str
    columns: list[ColumnOut]

    @property
    def readable(self) -> list[ColumnOut]:
        return [column for column in self.columns if column.readable]

    @property
    def key(self) -> list[ColumnOut]:
        """The primary key; empty where there is none, or it may not be read."""
        found = [column for column in self.columns if column.key_position is not None]
        if not all(column.readable for column in found):
            return []
        return sorted(found, key=lambda column: column.key_position or 0)

    def column(self, name: str) -> ColumnOut | None:
        """The column of this name that may be read."""
        return next((column for column in self.readable if column.name == name), None)


async def tables(pool: asyncpg.Pool) -> list[TableOut]:
    """Every table but PostgreSQL's own."""
    return [
        TableOut(
            schema_name=row["schema"], name=row["name"], comment=row["comment"], estimated_rows=row["estimated_rows"]
        )
        for row in await pool.fetch(_TABLES)
    ]


async def table(pool: asyncpg.Pool, schema: str, name: str) -> Table:
    """One table. The names are looked up as values; what stands in statements later is what the catalogue answered.

    Raises:
        TableNotFound: there is none.
    """
    rows = await pool.fetch(_COLUMNS, schema, name)
    if not rows:
        raise TableNotFound
    return Table(schema_name=schema, name=name, columns=[_column(row) for row in rows])


def _column(row: Mapping[str, Any]) -> ColumnOut:
    target = (row["target_schema"], row["target_table"], row["target_column"])
    return ColumnOut(
        name=row["name"],
        type=row["type"],
        comment=row["comment"],
        readable=row["readable"],
        indexed=row["indexed"],
        key_position=row["key_position"],
        target=None if None in target else target,
    )
