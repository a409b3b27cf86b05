"""docs/domain.md places every field the seeds store, names no column that does not exist, and forgets none that does."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from codezest_db import enums
from codezest_db.models import Base

HERE = Path(__file__).parent
DOMAIN = HERE.parents[1] / "docs" / "domain.md"
COLUMN = re.compile(r"`((?:auth|learning|ops)\.\w+\.\w+)`")
CODE = re.compile(r"`([^`]+)`")
COMMON = {"id", "createdAt", "created_at", "updatedAt", "updated_at"}
EVERYWHERE = {"id", "created_at", "updated_at", "deleted_at", "content_revision"}


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


seeds = _load("seed_fields")
ENTITIES: dict[str, list[str]] = {name: fields.split() for name, fields in seeds.ENTITIES.items()}


@cache
def _tables() -> dict[str, list[list[str]]]:
    """The page's rows, by the text of their table's header."""
    found: dict[str, list[list[str]]] = {}
    header = ""
    for line in DOMAIN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = ""
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not header:
            header = ", ".join(cells)
        elif not set(line) <= set("|- "):
            found.setdefault(header, []).append(cells)
    return found


def _field_rows() -> list[list[str]]:
    return _tables()["seed field, column, how"]


def _columns() -> set[str]:
    return {f"{table.fullname}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}


def _homes() -> dict[str, str]:
    """The table of each seed entity."""
    return {
        entity: CODE.findall(table)[0]
        for entities, table in _tables()["seed entity, table"]
        for entity in CODE.findall(entities)
    }


def _placed() -> dict[str, str]:
    """What the page says of each field it names."""
    return {field: column for fields, column, _ in _field_rows() if fields != "new" for field in CODE.findall(fields)}


def test_every_column_named_exists() -> None:
    named = set(COLUMN.findall(DOMAIN.read_text(encoding="utf-8")))
    assert len(named) > 200
    assert named - _columns() == set()


def test_every_column_is_named() -> None:
    named = {column for row in _field_rows() for cell in row for column in COLUMN.findall(cell)}
    forgotten = {column for column in _columns() if column.rpartition(".")[2] not in EVERYWHERE} - named
    assert forgotten == set()


def test_every_entity_has_its_table() -> None:
    assert set(_homes()) == set(ENTITIES)
    assert set(_homes().values()) <= set(Base.metadata.tables)


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_field_of_a_seed_is_placed(entity: str) -> None:
    placed, home = _placed(), Base.metadata.tables[_homes()[entity]]
    lost: list[str] = []
    for field in ENTITIES[entity]:
        said = placed.get(f"{entity}.{field}")
        if said is None:
            column = {"createdAt": "created_at", "updatedAt": "updated_at"}.get(field, field)
            if field not in COMMON or column not in home.columns:
                lost.append(field)
        elif not COLUMN.search(said) and not re.match(r"(derived|replaced): \S+ \S+ \S+", said):
            lost.append(field)
    assert lost == []


def test_no_field_is_invented() -> None:
    known = {f"{entity}.{field}" for entity, fields in ENTITIES.items() for field in fields}
    assert set(_placed()) - known == set()


def test_later_entities_name_their_schema() -> None:
    said = {
        entity: schema
        for entities, schema, _ in _tables()["seed entity, schema, model"]
        for entity in CODE.findall(entities)
    }
    expected = {entity: schema for schema, names in seeds.LATER_ENTITIES.items() for entity in names.split(", ")}
    assert said == expected


@pytest.mark.parametrize("name", seeds.ENUMERATIONS)
def test_every_value_of_a_seed_exists(name: str) -> None:
    values = {member.value for member in getattr(enums, name)}
    assert set(seeds.ENUMERATIONS[name].split()) - values == set()


def test_renamed_values_exist() -> None:
    for _, value, enumeration in _tables()["seed value, value, of"]:
        assert CODE.findall(value)[0] in {member.value for member in getattr(enums, CODE.findall(enumeration)[0])}
