"""Every table, read-only, for people."""

from itertools import groupby
from typing import cast, get_args

from fastapi.responses import Response

from codezest.gateway.administration.browsing import IN_A_LIST, Match, RowFilter, encode_key
from codezest.gateway.administration.catalogue import ColumnOut
from codezest.gateway.administration.tables import every_table, one_row, some_rows
from codezest.kit.context import Context
from codezest.kit.errors import BadRequest, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.auth.pages.admin.routing import address, admin_router

pages = admin_router()

HOME = "/admin/data"
PAGE_SIZE = 25


@pages.get(HOME)
async def show_tables(context: Context) -> Response:
    """All of them, by schema."""
    found = await every_table(context)
    groups = [(schema, list(group)) for schema, group in groupby(found, key=lambda one: one.schema_name)]
    return context.page("admin/tables.html", groups=groups)


@pages.get("/admin/data/{schema}/{name}")
async def show_rows(
    schema: str,
    name: str,
    context: Context,
    *,
    column: str = "",
    match: str = "is",
    value: str = "",
    cursor: str = "",
) -> Response:
    """Rows of one table. A question that cannot be answered is shown again, with the reason and the first rows."""
    asked = {"column": column[:100], "match": match if match in get_args(Match) else "is", "value": value[:300]}
    wanted = (
        RowFilter(column=asked["column"], match=cast("Match", asked["match"]), value=asked["value"]) if column else None
    )
    errors: list[tuple[str | None, str]] = []
    try:
        table, rows = await some_rows(context, schema, name, wanted, cursor=cursor or None, limit=PAGE_SIZE)
    except (ValidationFailed, BadRequest) as error:
        by_field = error.by_field if isinstance(error, ValidationFailed) else {}
        errors = [(field, message) for field, message in by_field.items()] or [
            (None, f"{_(error.title)}. {error.detail}")
        ]
        table, rows = await some_rows(context, schema, name, None, cursor=None, limit=PAGE_SIZE)
    path = f"{HOME}/{table.schema_name}/{table.name}"
    return context.page(
        "admin/rows.html",
        status=422 if errors else 200,
        table=table,
        rows=rows.rows,
        keys=[address(f"{path}/row", {"key": key}) for key in rows.keys],
        headings=[*([(_("Row"), False)] if rows.keys else []), *((one.name, False) for one in table.readable)],
        asked=asked,
        errors=errors,
        messages={field: message for field, message in errors if field},
        cut=IN_A_LIST,
        target=_target,
        next_page=address(path, (asked if column and not errors else {}) | {"cursor": rows.next_cursor})
        if rows.next_cursor
        else None,
    )


@pages.get("/admin/data/{schema}/{name}/row")
async def show_row(schema: str, name: str, context: Context, key: str = "") -> Response:
    """One row in full."""
    table, row = await one_row(context, schema, name, key[:1_000])
    return context.page("admin/row.html", table=table, row=row, target=_target)


def _target(column: ColumnOut, value: str | None) -> str | None:
    """Where the row is that a value refers to."""
    if column.target is None or value is None:
        return None
    schema, name, referred = column.target
    path = f"{HOME}/{schema}/{name}"
    if referred == "id":
        return address(f"{path}/row", {"key": encode_key([value])})
    return address(path, {"column": referred, "match": "is", "value": value})
