"""What stands in the database leaves it as files, and comes back unchanged."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.services.learning.content.export import ExportedTree
from codezest.services.learning.content.export_course import exported
from codezest.services.learning.content.load import load
from codezest.services.learning.content.sync import sync
from factories.everything import everything

TABLES = (
    "courses",
    "modules",
    "module_prerequisites",
    "course_prerequisites",
    "materials",
    "assignments",
    "assignment_tests",
    "quizzes",
    "questions",
    "options",
    "rubrics",
    "uploads",
)


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[AsyncSession]:
    database = Database(database_url)
    try:
        async with database.write("learning") as opened:
            yield opened
            await opened.rollback()
    finally:
        await database.close()


async def snapshot(session: AsyncSession) -> dict[str, list[str]]:
    """Every row of the content, but for when it was written and which files it was compared with."""
    await session.flush()
    bookkeeping = "'content_revision', 'created_at', 'updated_at'"
    found: dict[str, list[str]] = {}
    for table in TABLES:
        query = f"SELECT (to_jsonb(t) - ARRAY[{bookkeeping}])::text FROM learning.{table} t ORDER BY 1"  # noqa: S608
        found[table] = list(await session.scalars(text(query)))
    return found


def written(tree: ExportedTree, root: Path) -> Path:
    folder = root / tree.name
    for path, content in tree.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8", newline="")
    for path, key in tree.uploads.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(key.encode())
    for path, source in tree.media.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(source.read_bytes())
    return folder


async def reexported(session: AsyncSession, course: UUID, content: Path | None = None) -> ExportedTree:
    session.expunge_all()
    return await exported(session, course, content)


async def test_everything_comes_back(session: AsyncSession, tmp_path: Path) -> None:
    course = await everything(session)
    before = await snapshot(session)
    first = await reexported(session, course)
    folder = written(first, tmp_path)
    loaded = load(folder)
    assert loaded.advice, "drafts lack something"
    session.expunge_all()
    report = await sync(session, loaded)
    assert (report.created, report.changed, report.removed) == ([], [], [])
    assert report.course_ids == set()
    assert await snapshot(session) == before
    session.expunge_all()
    again = await sync(session, load(folder))
    assert (again.created, again.changed, again.removed, again.unchanged) == ([], [], [], report.unchanged)
    second = await reexported(session, course)
    assert second.files == first.files

    await session.execute(text("DELETE FROM learning.uploads WHERE course_id = :id"), {"id": course})
    await session.execute(text("DELETE FROM learning.courses WHERE id = :id"), {"id": course})
    session.expunge_all()
    report = await sync(session, load(folder))
    assert report.changed == ["everything (files and rubrics)", "everything (bank)"]
    assert report.removed == []
    session.expunge_all()
    third = await reexported(session, course)
    assert third.files == first.files
    assert third.uploads == first.uploads


async def test_files_come_out_as_files_that_say_the_same(session: AsyncSession, real: Path, tmp_path: Path) -> None:
    await sync(session, load(real))
    before = await snapshot(session)
    course = await session.scalar(text("SELECT id FROM learning.courses WHERE slug = 'python'"))
    tree = await reexported(session, course, real)
    folder = written(tree, tmp_path / "out")
    assert sorted(path.name for path in (folder / "media").iterdir() if path.suffix == ".webm")
    article = (folder / "modules/01-python-basics/materials/02-variables-and-data-types.md").read_text()
    assert "stored:" not in article
    assert "stored" not in (folder / "modules/02-control-flow/assignments/fizzbuzz/assignment.toml").read_text()
    session.expunge_all()
    report = await sync(session, load(folder))
    assert (report.created, report.changed, report.removed) == ([], [], [])
    assert await snapshot(session) == before


async def test_what_only_files_said_leaves_as_it_came(session: AsyncSession, real: Path, tmp_path: Path) -> None:
    await sync(session, load(real))
    course = await session.scalar(text("SELECT id FROM learning.courses WHERE slug = 'python'"))
    tree = await reexported(session, course, real)
    before, after = real / "python", written(tree, tmp_path / "out")
    kept = [path for path in before.rglob("*") if path.is_file() and ("wrong" in path.parts or path.suffix == ".out")]
    programs = {(path.parent.parent.name, path.name, path.read_text()) for path in kept if "wrong" in path.parts}
    assert len(programs) >= 10
    assert {(path.parent.parent.name, path.name, path.read_text()) for path in after.rglob("wrong/*")} == programs
    assert {path.name for path in after.rglob("*.out")} == {
        path.name for path in kept if path.parent.name == "materials"
    }
    first, second = (
        {item.slug: item for module in load(root).languages[0].modules for item in module.assignments}
        for root in (real, after)
    )
    for slug, assignment in first.items():
        names = {test.key: test.name for test in assignment.tests}
        again = {test.key: test.name for test in second[slug].tests}
        assert [(one.name, one.verdict, [names[key] for key in one.fails]) for one in assignment.wrong] == [
            (one.name, one.verdict, [again[key] for key in one.fails]) for one in second[slug].wrong
        ]
