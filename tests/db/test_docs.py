"""The generated reference is current and complete."""

from pathlib import Path

from codezest_db.docs import render
from codezest_db.models import Base
from codezest_db.views import views_metadata

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "database.md"


def test_the_reference_is_current() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == render(Base.metadata), "run: codezest db docs"


def test_every_table_column_and_rule_is_written() -> None:
    text = render(Base.metadata)
    for table in Base.metadata.tables.values():
        section = text.partition(f"\n### `{table.fullname}`\n")[2].partition("\n### ")[0]
        assert str(table.comment) in section
        for column in table.columns:
            assert f"\n| `{column.name}` | " in section
            assert not column.comment or column.comment in section
        for index in table.indexes:
            assert f"`{index.name}`" in section
        assert f"    {table.schema}_{table.name} {{" in text
    for view in views_metadata.tables.values():
        assert f"### View `{view.fullname}`" in text
    assert text.count("```mermaid") == 3
    assert 'auth_users ||--o{ learning_submissions : "user_id"' in text
    assert 'auth_users ||--o| auth_user_profiles : "user_id"' in text
