"""The native TypeScript compiler (version 7 and later), where npm put it, and made fit for a sandbox.

It finds the declarations of the standard library beside its own file, whose place it asks of `/proc/self/exe`; a sandbox
has no /proc. So a copy is kept that asks a link of our own instead, whose path is just as long.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codezest.grading.languages.prepared import prepared_folder
from codezest.grading.languages.probing import machine, programs

INNER = "/typescript"
"""Where the copy appears inside."""
COMPILER = f"{INNER}/tsc"
_ASKED = b"/proc/self/exe"
_LINK = "ex"
_NPM_MACHINES = {"amd64": "x64"}


@dataclass(frozen=True, slots=True)
class Found:
    """A compiler on this machine."""

    version: str
    folder: Path
    """Holds `tsc` and the declarations of the standard library."""


def find_compiler() -> Found | None:
    package = f"typescript-linux-{_NPM_MACHINES.get(machine(), machine())}"
    for modules in _module_folders():
        for base in (modules / "@typescript", modules / "typescript" / "node_modules" / "@typescript"):
            folder = base / package
            try:
                version = str(json.loads((folder / "package.json").read_text())["version"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if os.access(folder / "lib" / "tsc", os.X_OK):
                return Found(version, folder / "lib")
    return None


def _module_folders() -> Iterator[Path]:
    """Folders `node_modules`: that of any `tsc` in PATH, of this project's own interface, and the usual global ones."""
    for program in programs("tsc"):
        for parent in program.parents:
            if parent.name == "node_modules":
                yield parent
    yield Path(__file__).parents[4] / "ui" / "node_modules"
    for prefix in ("/usr", "/usr/local", Path("~/.local").expanduser(), Path("~/.npm-global").expanduser()):
        yield Path(prefix, "lib", "node_modules")


def fit_for_sandbox(found: Found) -> Path | None:
    """A folder with the adjusted copy, to appear as INNER; None when there can be none."""
    folder = prepared_folder("typescript", f"{found.version} {found.folder} {machine()}")
    if folder is None:
        return None
    if not (folder / "tsc").exists():
        try:
            _copy(found.folder, folder)
        except OSError:
            return None
    return folder if (folder / "tsc").exists() else None


def _copy(source: Path, target: Path) -> None:
    """The compiler last: where it is, all is."""
    content = (source / "tsc").read_bytes()
    link = f"{INNER}/{_LINK}".encode()
    if content.count(_ASKED) == 0 or len(link) != len(_ASKED):
        return
    for declarations in source.glob("lib*.d.ts"):
        if "dom" not in declarations.name and "webworker" not in declarations.name:
            shutil.copyfile(declarations, target / declarations.name)
            (target / declarations.name).chmod(0o644)
    (target / _LINK).unlink(missing_ok=True)
    (target / _LINK).symlink_to(COMPILER)
    descriptor, name = tempfile.mkstemp(dir=target, prefix=".making-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.replace(_ASKED, link))
    made = Path(name)
    made.chmod(0o755)
    made.rename(target / "tsc")
