"""What holds for every model, and what a session gets back from the server."""

import pytest
from sqlalchemy import Column, DateTime, Table, UniqueConstraint, select
from sqlalchemy.exc import InvalidRequestError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.enums import Role
from codezest_db.models import Base, Course, Module, User

TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.fullname)
REACHABLE = {"auth.users", "learning.courses", "payments.transactions"}
"""The only tables a foreign key of another schema may lead to."""


def _names(columns: list[Column[object]]) -> list[str]:
    return [column.name for column in columns]


def _starts_of_indexes(table: Table) -> list[list[str]]:
    """Column lists that find a row; partial indexes count only where nulls alone are left out."""
    found = [_names(list(table.primary_key.columns))]
    found += [_names(list(c.columns)) for c in table.constraints if isinstance(c, UniqueConstraint)]
    for index in table.indexes:
        if index.dialect_options["postgresql"]["where"] is None:
            found.append([getattr(expression, "name", "") for expression in index.expressions])
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.fullname)
def test_every_foreign_key_has_an_index(table: Table) -> None:
    for key in table.foreign_key_constraints:
        columns = {column.name for column in key.columns}
        assert any(set(start[: len(columns)]) == columns for start in _starts_of_indexes(table)), key.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.fullname)
def test_foreign_keys_leave_a_schema_only_by_agreed_doors(table: Table) -> None:
    for key in table.foreign_key_constraints:
        target = key.referred_table
        assert target.schema == table.schema or target.fullname in REACHABLE


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.fullname)
def test_tables_are_described_times_have_zones_and_names_fit(table: Table) -> None:
    assert table.comment
    for column in table.columns:
        if isinstance(column.type, DateTime):
            assert column.type.timezone, column.name
    for named in (*table.constraints, *table.indexes):
        assert named.name is not None
        assert len(str(named.name)) <= 63


def test_relationships_stay_in_their_schema_and_never_load_by_surprise() -> None:
    seen = 0
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            seen += 1
            assert relation.lazy == "raise", relation
            assert relation.mapper.local_table.schema == mapper.local_table.schema, relation
    assert seen > 10


async def test_server_values_arrive_with_the_write(session: AsyncSession) -> None:
    user = User(email="Ada@Example.org", first_name="Ada", last_name="Lovelace")
    session.add(user)
    await session.flush()
    assert user.id.version == 7
    assert (user.role, user.locale, user.timezone) == (Role.STUDENT, "en", "UTC")
    assert user.created_at.tzinfo is not None
    user.first_name = "Augusta"
    await session.flush()
    assert user.updated_at >= user.created_at
    found = await session.scalars(select(User).where(User.email == "ada@EXAMPLE.org"))
    assert found.one() is user


async def test_relations_must_be_loaded_by_name(session: AsyncSession) -> None:
    course = Course(title="Course", slug="course", modules=[Module(title="Module", slug="module")])
    session.add(course)
    await session.flush()
    session.expire_all()
    loaded = (await session.scalars(select(Course).where(Course.slug == "course"))).one()
    with pytest.raises(InvalidRequestError, match="raise"):
        _ = loaded.modules


async def test_an_unknown_enumeration_value_never_reaches_the_server(session: AsyncSession) -> None:
    session.add(User(email="x@y.example", first_name="X", last_name="Y", role="teacher"))
    with pytest.raises(StatementError, match="teacher"):
        await session.flush()
