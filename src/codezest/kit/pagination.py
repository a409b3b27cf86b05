"""Cursor pagination: a page, and an opaque cursor to the next.

Cursors carry the sort key of the last row, so that a page costs the same however deep it lies and rows that come or go
in the meantime neither repeat nor vanish.
"""

import base64
import json
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from codezest.kit.errors import BadRequest
from codezest.kit.i18n import gettext as _

T = TypeVar("T")

MAX_PAGE_SIZE = 100
LAST_ID = UUID(int=2**128 - 1)
"""No id is greater: what stands behind it is everything."""

PageSize = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Rows of one page.")]
Cursor = Annotated[str | None, Query(max_length=300, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None


def encode_cursor(last_id: UUID) -> str:
    """The cursor behind the row with this id; ids are time-ordered, so they are the sort key."""
    return base64.urlsafe_b64encode(json.dumps({"id": str(last_id)}).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> UUID | None:
    """The id within a cursor; None starts at the first page.

    Raises:
        BadRequest: the cursor is not one of ours.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return UUID(json.loads(base64.urlsafe_b64decode(padded))["id"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadRequest(_("The cursor is not one this list has given.")) from None


def first_id_of(moment: datetime) -> UUID:
    """The least id that anything made at the moment or later may have; ids are UUIDv7 and begin with their millisecond."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
