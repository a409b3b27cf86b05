"""What the scaffold writes loads as it is, and what it may not write it refuses without a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codezest.grading import Grader
from codezest.grading.drivers import driver_for
from codezest.grading.harness import HARNESSES
from codezest.grading.languages import languages
from codezest.services.learning.content.check import check, grading_spec
from codezest.services.learning.content.load import load
from codezest.services.learning.content.new import Kind, ScaffoldError, scaffold
from codezest_db.enums import GradingMode, MaterialType, Verdict

MODULE = "python/modules/01-first-steps"


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(errors="replace")
        for path in root.rglob("*")
        if path.is_file()
    }


def test_a_new_language_loads(tmp_path: Path) -> None:
    written = scaffold("language", tmp_path / "javascript", title="JavaScript")
    assert {path.name for path in written} == {"language.toml", "module.toml", "01-introduction.md"}
    language = load(tmp_path).languages[0]
    assert (language.slug, language.name, language.path.title) == ("javascript", "JavaScript", "Learn JavaScript")


def test_new_items_are_listed_last_and_the_file_keeps_its_comments(small: Path) -> None:
    listing = small / MODULE / "module.toml"
    listing.write_text("# Mind the order.\n" + listing.read_text())
    path = small / MODULE / "materials" / "more.md"
    scaffold("material", path, title="More of it", material_type=MaterialType.CODE_EXAMPLE)
    module = load(small).languages[0].modules[0]
    assert [item.slug for item in module.items][-2:] == ["asked", "more"]
    assert module.materials[-1].title == "More of it"
    assert listing.read_text().startswith("# Mind the order.\n")


def test_every_new_file_has_a_uuid_of_its_own(small: Path) -> None:
    language = load(small).languages[0]
    items = [item.id for module in language.modules for item in module.items]
    assert len({language.id, *(module.id for module in language.modules), *items}) == 1 + 2 + len(items)


def test_a_number_in_front_is_no_part_of_the_slug(small: Path) -> None:
    scaffold("material", small / MODULE / "materials" / "09-later")
    assert load(small).languages[0].modules[0].materials[-1].slug == "later"


REFUSED: list[tuple[Kind, str, str | None, MaterialType, str]] = [
    ("quiz", f"{MODULE}/quizzes/Not A Slug", None, MaterialType.ARTICLE, "is no slug"),
    ("material", f"{MODULE}/materials/07-", None, MaterialType.ARTICLE, "is no slug"),
    ("quiz", f"{MODULE}/quizzes/asked", None, MaterialType.ARTICLE, "is there already"),
    ("material", f"{MODULE}/materials/02-film", None, MaterialType.ARTICLE, "is there already"),
    ("assignment", f"{MODULE}/assignments/double", None, MaterialType.ARTICLE, "is there already"),
    ("module", MODULE, None, MaterialType.ARTICLE, "is there already"),
    ("language", "python", None, MaterialType.ARTICLE, "is there already"),
    ("quiz", f"{MODULE}/more", None, MaterialType.ARTICLE, "belongs into the folder quizzes/ of a module"),
    ("quiz", "python/quizzes/more", None, MaterialType.ARTICLE, "belongs into the folder quizzes/ of a module"),
    ("module", "python/more", None, MaterialType.ARTICLE, "belongs into the folder modules/ of a language"),
    ("material", f"{MODULE}/materials/other", None, MaterialType.VIDEO, "add other.webm and other.vtt"),
    ("material", f"{MODULE}/materials/other", None, MaterialType.PDF, "cannot be begun here"),
    ("quiz", f"{MODULE}/quizzes/more", 'A "quoted" title', MaterialType.ARTICLE, "the title may not contain"),
]


@pytest.mark.parametrize(
    ("kind", "path", "title", "material_type", "said"),
    REFUSED,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(REFUSED)],
)
def test_what_cannot_be_begun_is_refused(
    small: Path, *, kind: Kind, path: str, title: str | None, material_type: MaterialType, said: str
) -> None:
    before = files(small)
    with pytest.raises(ScaffoldError, match=said):
        scaffold(kind, small / path, title=title, material_type=material_type)
    assert files(small) == before


def test_a_list_that_cannot_be_found_leaves_no_files(small: Path) -> None:
    listing = small / MODULE / "module.toml"
    listing.write_text(listing.read_text().replace("items = [", "entries = ["))
    before = files(small)
    with pytest.raises(ScaffoldError, match="has no list `items`"):
        scaffold("quiz", small / MODULE / "quizzes" / "more")
    assert files(small) == before


def test_programs_are_begun_for_python_only(tmp_path: Path) -> None:
    language = tmp_path / "javascript"
    scaffold("language", language)
    with pytest.raises(ScaffoldError, match="for Python only"):
        scaffold("assignment", language / "modules/01-first-steps/assignments/double")


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    made = Grader()
    made.start()
    yield made
    made.close()


LANGUAGES_OF_MODES = [
    *((GradingMode.FUNCTION, known.key) for known in languages() if driver_for(known.key)),
    *((GradingMode.UNIT_TESTS, key) for key in sorted(HARNESSES)),
]


@pytest.mark.sandbox
@pytest.mark.parametrize(("mode", "language"), LANGUAGES_OF_MODES, ids=str)
async def test_new_assignments_keep_their_promises_in_every_language_of_their_mode(
    tmp_path: Path, grader: Grader, mode: GradingMode, language: str
) -> None:
    scaffold("language", tmp_path / language)
    module = tmp_path / language / "modules/01-first-steps"
    scaffold("assignment", module / "assignments/new", mode=mode)
    content = load(tmp_path)
    report = await check(content, grader)
    assert report.problems == []
    assert (report.solutions, report.starters, report.wrong) == (1, 1, 2)
    made = content.languages[0].modules[0].assignments[0]
    assert made.grading_mode is mode
    spec = grading_spec(made)
    assert (await grader.grade(spec, made.solution_code)).verdict is Verdict.AC
    starter = await grader.grade(spec, made.starter_code)
    assert starter.verdict is Verdict.WA, "it compiles, runs, and leaves something to do"


@pytest.mark.parametrize("mode", [GradingMode.FUNCTION, GradingMode.UNIT_TESTS])
def test_no_mode_is_begun_in_a_language_that_lacks_it(tmp_path: Path, mode: GradingMode) -> None:
    scaffold("language", tmp_path / "bash")
    before = files(tmp_path)
    with pytest.raises(ScaffoldError, match="choose another mode"):
        scaffold("assignment", tmp_path / "bash/modules/01-first-steps/assignments/double", mode=mode)
    assert files(tmp_path) == before
