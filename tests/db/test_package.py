"""The package builds into a wheel that holds its types and its migrations."""

import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "packages" / "codezest-db"


def test_the_wheel_is_complete(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(PACKAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("codezest_db-*.whl")
    source = PACKAGE / "src"
    expected = {
        path.relative_to(source).as_posix()
        for path in (source / "codezest_db").rglob("*")
        if path.suffix in {".py", ".mako", ".typed"}
    }
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "codezest_db/py.typed" in expected
    assert "codezest_db/migrations/versions/0001_foundation.py" in expected
    assert expected <= names


def test_models_need_neither_driver_nor_queue() -> None:
    program = (
        "import sys; sys.modules['asyncpg'] = sys.modules['pgqueuer'] = None;"
        "import codezest_db.models, codezest_db.docs, codezest_db.seeds, codezest_db.roles, codezest_db.ids"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
