"""The declarative base: how Python types become columns, and how constraints are named."""

import enum
import inspect
import re
from datetime import date, datetime
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from codezest_db import enums
from codezest_db.ids import uuid7

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

JsonObject: TypeAlias = dict[str, Any]


class IpAddress(TypeDecorator[str]):
    """An `inet` that is a plain string in Python, whichever driver reads it."""

    impl = INET
    cache_ok = True

    def process_result_value(self, value: object | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the interface
        return None if value is None else str(value)


def _values(enumeration: type[enum.StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


def enum_type(enumeration: type[enum.StrEnum], *, prefix: str = "") -> Enum:
    """Text and a named CHECK: a value is added by swapping one constraint, which no native enum allows in a transaction.

    The length is fixed, so that a longer value never changes the column's type. A second column of one type in a table
    needs a prefix, which goes before the name of its constraint.
    """
    name = prefix + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enumeration.__name__).lower()
    return Enum(
        enumeration,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        validate_strings=True,
        values_callable=_values,
    )


_ENUM_TYPES: dict[Any, Any] = {
    member: enum_type(member)
    for _, member in inspect.getmembers(enums, inspect.isclass)
    if issubclass(member, enum.StrEnum) and member is not enum.StrEnum
}


class Base(DeclarativeBase):
    """Every model's base. Server-made values come back with the INSERT or UPDATE, so reading them needs no query."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        **_ENUM_TYPES,
        str: Text(),
        bytes: LargeBinary(),
        date: Date(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        JsonObject: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
    }
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - declared by SQLAlchemy, read once


BIGINT = BigInteger()
NOW = func.now()
EMPTY_TEXTS = text("'{}'::text[]")
EMPTY_OBJECT = text("'{}'::jsonb")
EMPTY_ARRAY = text("'[]'::jsonb")
SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
LIVE = text("deleted_at IS NULL")
"""The condition of a unique index that a deleted row no longer occupies."""


class Identified:
    """Gives a table its UUIDv7; rows that come from plain SQL get the server's."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, server_default=text("uuidv7()"), sort_order=-20)


class Created:
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, sort_order=100)


class Timestamped(Created):
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW, onupdate=NOW, sort_order=101)


class SoftDeleted:
    deleted_at: Mapped[datetime | None] = mapped_column(
        sort_order=102, comment="Set instead of deleting the row; readers skip such rows."
    )
