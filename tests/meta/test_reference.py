"""The generated references are what the program would write now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
REMEDY = "Run `codezest reference` and `codezest db docs`."


def differences(written: Path, fresh: Path) -> list[str]:
    """Names of pages that are missing, stale, or no longer generated."""
    names = {path.name for folder in (written, fresh) for path in folder.glob("*.md")}
    return sorted(name for name in names if _read(written / name) != _read(fresh / name))


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as a process of their own writes them: here, other tests' classes would be listed, too."""
    folder = tmp_path_factory.mktemp("reference")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CODEZEST_")}
    for command in (
        ["reference", "--output", str(folder)],
        ["db", "docs", "--output", str(folder / "database.md")],
    ):
        subprocess.run([sys.executable, "-m", "codezest.cli.main", *command], env=environment, cwd=ROOT, check=True)
    return folder


def test_references_are_fresh(fresh: Path) -> None:
    assert differences(REFERENCE, fresh) == [], REMEDY


def test_references_cover_the_program(fresh: Path) -> None:
    from codezest.cli.reference import PAGES
    from codezest.kit.settings import Settings

    assert {path.name for path in fresh.glob("*.md")} == {*PAGES, "database.md"}
    settings = (fresh / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`CODEZEST_{name.upper()}`" not in settings] == []
    assert "`bad-request`" in (fresh / "errors.md").read_text()
    assert "`codezest serve`" in (fresh / "commands.md").read_text()
    assert "`auth.users`" in (fresh / "database.md").read_text()
    assert "## `auth.user_registered`" in (fresh / "events.md").read_text()


def test_a_stale_page_is_found(tmp_path: Path) -> None:
    written, fresh = tmp_path / "written", tmp_path / "fresh"
    for folder, pages in (
        (written, {"same.md": "a", "stale.md": "old", "gone.md": "a"}),
        (fresh, {"same.md": "a", "stale.md": "new", "missing.md": "a"}),
    ):
        folder.mkdir()
        for name, text in pages.items():
            (folder / name).write_text(text)
    assert differences(written, fresh) == ["gone.md", "missing.md", "stale.md"]
