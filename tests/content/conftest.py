"""A small content folder made by the scaffold, and the real one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from codezest.services.learning.content.new import scaffold
from codezest_db.enums import MaterialType

CONTENT = Path(__file__).parents[2] / "content"
VTT = (
    "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\nA first sentence.\n\n2\n00:00:02.000 --> 00:00:04.000\nA second one.\n"
)

Edit = Callable[[str, str, str], None]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One language with a module that holds one item of each kind; it loads without a problem."""
    root = tmp_path / "content"
    language = root / "python"
    scaffold("language", language, title="Python")
    (language / "media").mkdir()
    (language / "media" / "film.webm").write_bytes(b"\x1aE\xdf\xa3")
    (language / "media" / "film.vtt").write_text(VTT)
    module = language / "modules" / "01-first-steps"
    scaffold("material", module / "materials" / "02-film", material_type=MaterialType.VIDEO)
    scaffold("material", module / "materials" / "03-program", material_type=MaterialType.INTERACTIVE)
    scaffold("assignment", module / "assignments" / "double")
    scaffold("quiz", module / "quizzes" / "asked.toml")
    scaffold("module", language / "modules" / "02-second-steps")
    return root


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A copy of a language that ships with CodeZest."""
    shutil.copytree(CONTENT / "python", tmp_path / "content" / "python")
    return tmp_path / "content"


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file; the test is wrong when it is not there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not contain {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def edit(small: Path) -> Edit:
    """Change a file of the small folder, named relative to its first module."""

    def change(name: str, old: str, new: str) -> None:
        replace(small / "python" / "modules" / "01-first-steps" / name, old, new)

    return change
