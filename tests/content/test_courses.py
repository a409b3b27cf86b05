"""Courses that stand by themselves, as code."""

from pathlib import Path

import pytest
from sqlalchemy import select

from codezest.kit.database import Database
from codezest.services.learning.content import ContentProblems, load, sync
from codezest.services.learning.content.new import scaffold
from codezest.services.learning.content.one_assignment import load_one_assignment
from codezest_db.enums import CourseKind, MaterialType, PublicationStatus
from codezest_db.models.learning import Course, Material, Module, ProgrammingLanguage

from .conftest import replace


@pytest.fixture
def course(small: Path) -> Path:
    """A course of Python beside the language, with an assignment and a film."""
    folder = small / "patterns"
    scaffold("course", folder, title="Patterns")
    module = folder / "modules" / "01-first-steps"
    scaffold("assignment", module / "assignments" / "double")
    (folder / "media").mkdir()
    for suffix in ("webm", "vtt"):
        (folder / "media" / f"film.{suffix}").write_bytes((small / "python" / "media" / f"film.{suffix}").read_bytes())
    scaffold("material", module / "materials" / "02-film", material_type=MaterialType.VIDEO)
    return folder


def test_a_course_loads_beside_languages_and_alone(small: Path, course: Path) -> None:
    loaded = load(small)
    assert [tree.slug for tree in loaded.trees] == ["python", "patterns"]
    alone = load(course)
    assert not alone.languages
    (found,) = alone.courses
    assert (found.title, found.runtime, found.currency, found.price_minor) == ("Patterns", "python", "USD", 0)
    assert found.modules[0].materials[1].video_key == "patterns/film.webm"
    assert load_one_assignment(course / "modules/01-first-steps/assignments/double").language == "python"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('level = "BEGINNER"', 'level = "EASY"', "EASY"),
        ('level = "BEGINNER"', 'currency = "euro"', "three capital letters"),
        ('level = "BEGINNER"', "price_minor = -1", "price_minor"),
        ('level = "BEGINNER"', 'colour = "red"', "colour"),
        ('slug = "patterns"', 'slug = "python"', "2 courses have the slug 'python'"),
    ],
    ids=["level", "currency", "price", "unknown", "slug"],
)
def test_what_is_wrong_is_said(small: Path, course: Path, old: str, new: str, message: str) -> None:
    replace(course / "course.toml", old, new)
    with pytest.raises(ContentProblems) as caught:
        load(small)
    assert any(message in str(problem) for problem in caught.value.problems), caught.value.problems


def test_programs_need_a_language_from_somewhere(course: Path) -> None:
    replace(course / "course.toml", 'language = "python"\n', "")
    load(course)
    replace(course / "modules/01-first-steps/assignments/double/assignment.toml", 'language = "python"\n', "")
    with pytest.raises(ContentProblems, match="names no `language` or `runtime`"):
        load(course)


async def test_a_course_is_stored_changed_and_left_alone(database: Database, small: Path, course: Path) -> None:
    replace(small / "python/language.toml", 'slug = "python"', 'slug = "python-of-courses"')
    replace(small / "python/language.toml", 'name = "Python"', 'name = "Python of courses"')
    replace(course / "course.toml", 'language = "python"', 'language = "python-of-courses"\nruntime = "python"')
    replace(course / "course.toml", 'level = "BEGINNER"', 'price_minor = 4900\ncurrency = "EUR"')
    async with database.write("learning") as session:
        first = await sync(session, load(small))
    assert "patterns" in first.created
    identity = load(course).courses[0].id
    async with database.write("learning") as session:
        row = await session.get_one(Course, identity)
        assert (row.kind, row.price_minor, row.currency) == (CourseKind.COURSE, 4900, "EUR")
        assert row.status is PublicationStatus.PUBLISHED
        assert row.published_at is not None
        taught = await session.get_one(ProgrammingLanguage, row.language_id)
        assert taught.slug == "python-of-courses"
        titles = select(Material.title).join(Module).where(Module.course_id == identity)
        assert len(list(await session.scalars(titles))) == 2
        again = await sync(session, load(small))
        assert [again.created, again.changed, again.removed] == [[], [], []]
        replace(course / "course.toml", 'title = "Patterns"', 'title = "Patterns anew"')
        changed = await sync(session, load(small))
        assert changed.changed == ["patterns"]
