"""Reads what an export says of a row by the names of its columns, where the format has no field for it.

Each value stands as JSON in a text, since TOML has no null.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Uuid,
)

from codezest.services.learning.content.parsing import Fields
from codezest_db.base import Base

STORED = "stored"
BOOKKEEPING = frozenset(
    [
        "id",
        "course_id",
        "module_id",
        "assignment_id",
        "question_id",
        "position",
        "content_revision",
        "tests_revision",
        "created_at",
        "updated_at",
        "deleted_at",
        "slug",
        "title",
        "instructor_user_id",
        "published_at",
        "language_id",
        "enrollment_count",
        "rating_average",
        "rating_count",
        "rating_counts",
    ]
)
"""Columns that no file says: what places, counts and dates a row, and those that every format has a field for."""
_KINDS: Mapping[type[Any], type[Any] | tuple[type[Any], ...]] = MappingProxyType(
    {Boolean: bool, BigInteger: int, Integer: int, Numeric: (int, float), String: str, ARRAY: list}
)


def read_stored(fields: Fields, model: type[Base]) -> Mapping[str, Any]:
    """Columns of ``model`` by name; only a tree that an export wrote has any."""
    if not fields.problems.lenient or STORED not in fields.values:
        return {}
    inner = fields.table(STORED)
    found: dict[str, Any] = {}
    columns = storable(model)
    for name in inner.values:
        text = inner.raw(name)
        if name not in columns or text is None:
            inner.problem(name, f"`{name}` is no column that can be set here")
            continue
        try:
            found[name] = decoded(columns[name], json.loads(text))
        except (ValueError, TypeError, RecursionError):
            inner.problem(name, f"`{name}` is no value of its column, written as JSON")
    return found


def storable(model: type[Base]) -> Mapping[str, Any]:
    """The columns whose values files may say."""
    home = {"quiz_id"} if model.__tablename__ == "questions" else set[str]()
    return {column.key: column for column in model.__table__.columns if column.key not in BOOKKEEPING | home}


def encoded(value: Any) -> str:
    """A value as it stands in a file."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def decoded(column: Column[Any], value: Any) -> Any:
    """The value, as JSON has it, as its column has it. Raises ValueError or TypeError where it cannot be one."""
    if value is None:
        if not column.nullable:
            raise ValueError
        return None
    kind = column.type
    if isinstance(kind, DateTime):
        return _moment(value)
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if "\\u0000" in json.dumps(value):
        raise ValueError
    return value if isinstance(kind, JSON) else _plain_value(kind, value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _plain_value(kind: Any, value: Any) -> Any:
    wanted = next((wanted for known, wanted in _KINDS.items() if isinstance(kind, known)), str)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise TypeError
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        raise TypeError
    return value
