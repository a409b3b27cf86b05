"""Finding a Java development kit, and the folder where our own Java classes are kept compiled for it."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import codezest_sandbox
from codezest.grading.languages.language import Missing, Toolchain
from codezest.grading.languages.prepared import prepared_folder
from codezest_sandbox.inside import TOOLCHAINS

INSTALL = "apt-get install default-jdk-headless"
OLDEST = 17
SOURCES = Path(codezest_sandbox.__file__).parent / "java"
"""Of what runs inside: the compile service and the runner."""
CLASSES = "codezest.jar"
ARCHIVE = "codezest.jsa"

INSTALLED = Path("/usr/lib/jvm")

_VERSION = re.compile(r'^JAVA_VERSION="?(?P<whole>(?P<feature>\d+)[^"\n]*)"?$', re.MULTILINE)
_TREE = "codezest-java"


def find_java() -> Toolchain | Missing:
    """The first usable development kit. Runs nothing."""
    best = Missing(why="no Java was found: JAVA_HOME, PATH and /usr/lib/jvm hold none", install=INSTALL)
    for home in _homes():
        version = _version_of(home)
        if version is None:
            continue
        whole, feature = version
        if feature < OLDEST:
            best = Missing(why=f"{home} is Java {whole}; Java {OLDEST} or newer is needed", install=INSTALL)
        elif not (home / "bin/javac").is_file() or not (home / "lib/modules").is_file():
            best = Missing(why=f"{home} is a runtime without a compiler", install=INSTALL)
        else:
            cache = _cache_for(home)
            if cache is not None:
                return _toolchain(home, whole, cache)
            best = Missing(why="there is no folder to keep compiled classes in", install="mkdir -p ~/.cache")
    return best


def _homes() -> Iterator[Path]:
    """Candidates, real paths, best first."""
    named = os.environ.get("JAVA_HOME")
    if named:
        yield Path(named).resolve()
    for command in ("javac", "java"):
        found = shutil.which(command)
        if found:
            yield Path(found).resolve().parent.parent
    installed = {path.resolve() for path in INSTALLED.glob("*/") if (path / "release").is_file()}
    yield from sorted(installed, key=lambda home: (_version_of(home) or ("", 0))[1], reverse=True)


def _version_of(home: Path) -> tuple[str, int] | None:
    """As written in the kit's own note: whole, and its first number."""
    try:
        found = _VERSION.search((home / "release").read_text())
    except (OSError, UnicodeDecodeError):
        return None
    return (found["whole"], int(found["feature"])) if found else None


def _toolchain(home: Path, version: str, cache: Path) -> Toolchain:
    is_in_usr = home.is_relative_to("/usr") and not home.is_relative_to("/usr/local")
    inner = str(home) if is_in_usr else f"{TOOLCHAINS}/java"
    trees = {_TREE: str(cache)} | ({} if is_in_usr else {"java": str(home)}) | _configuration(home)
    return Toolchain(
        version=f"OpenJDK {version}",
        trees=trees,
        facts={
            "java": f"{inner}/bin/java",
            "javac": f"{inner}/bin/javac",
            "jar": f"{inner}/bin/jar",
            "libraries": f"{inner}/lib",
            "classes": f"{TOOLCHAINS}/{_TREE}/{CLASSES}",
            "archive": f"{TOOLCHAINS}/{_TREE}/{ARCHIVE}",
            "cache": str(cache),
        },
    )


def _configuration(home: Path) -> dict[str, str]:
    """Debian keeps parts of a kit in /etc/java-17-openjdk and links to them; they must stand there inside as well."""
    targets = [path.readlink() for folder in ("lib", "conf", "conf/security") for path in _links(home / folder)]
    folders = {Path(*target.parts[:3]) for target in targets if target.is_relative_to("/etc") and len(target.parts) > 3}
    return {str(path): str(path) for path in folders if path.name.startswith("java") and path.is_dir()}


def _links(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.is_symlink())


def _cache_for(home: Path) -> Path | None:
    """The folder for one kit and one version of our classes."""
    digest = hashlib.sha256()
    for part in (home / "release", *sorted(SOURCES.glob("*.java"))):
        digest.update(part.read_bytes())
    modules = (home / "lib/modules").stat()  # an archive of loaded classes binds itself to these
    return prepared_folder("java", f"{home} {modules.st_size} {modules.st_mtime_ns} {digest.hexdigest()}")
