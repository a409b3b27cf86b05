"""`codezest serve`: the whole product on one machine.

This process only supervises: it starts the database, brings it up to date, starts a web server and a worker, restarts
any of the three when it dies, and stops everything in order on Ctrl-C or SIGTERM. Children hold the read end of a pipe whose write
end is here, so that they leave by themselves should this process be killed.
"""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import codezest_db
import codezest_sandbox
from codezest.cli.kept_database import KeptDatabase
from codezest.kit.postgres import EmbeddedPostgres
from codezest.kit.settings import Settings

LIFELINE = "CODEZEST_LIFELINE_FD"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 15.0
RESTART_SECONDS = 1.0
READY_SECONDS = 60.0
DEMO = """
  Demo accounts, password learn-by-doing-42
    student     student@codezest.example
    instructor  instructor@codezest.example
    admin       admin@codezest.example"""


class _Stop(BaseException):
    """Raised in the main thread by a signal."""


def _on_signal(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Stop


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "codezest.cli.main", name]


class _Child:
    """A child process of ours, restarted when it dies."""

    def __init__(self, name: str, environment: dict[str, str], lifeline: int) -> None:
        self.name = name
        self._environment = environment
        self._lifeline = lifeline
        self._started = 0.0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        return subprocess.Popen(  # noqa: S603 - our own program
            _command(self.name),
            env=self._environment,
            pass_fds=[self._lifeline],
            start_new_session=True,  # Ctrl-C is for this process, which then stops the children in order
        )

    def keep_alive(self) -> None:
        """Start the child again if it has died, at most once a second."""
        if self.process.poll() is not None and time.monotonic() - self._started > RESTART_SECONDS:
            print(f"The {self.name} process ended ({self.process.returncode}); starting it again.", file=sys.stderr)
            self.process = self._start()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _fingerprint(settings: Settings, python_files: Path) -> str:
    """Changes whenever migrations or content may have: names, sizes and times of their files."""
    digest = hashlib.sha256(b"1")
    for root in (python_files / "migrations", settings.content_dir):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                status = path.stat()
                digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _port_is_free(settings: Settings) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _database(settings: Settings) -> Generator[tuple[str, KeptDatabase | None]]:
    """The address, and what keeps our own server running; another's is its owner's affair."""
    if settings.database_url:
        yield settings.database_url, None
        return
    server = EmbeddedPostgres(settings.data_dir)
    try:
        url = server.start()
        yield url, KeptDatabase(server)
    finally:
        server.stop()


def _bring_up_to_date(settings: Settings, environment: dict[str, str]) -> bool:
    """Run `codezest setup` unless the embedded database has already seen exactly these files."""
    stamp = settings.data_dir / "setup.stamp"
    fingerprint = _fingerprint(settings, Path(codezest_db.__file__).parent)
    if not settings.database_url and stamp.exists() and stamp.read_text() == fingerprint:
        return True
    if subprocess.run(_command("setup"), env=environment, check=False).returncode != 0:  # noqa: S603 - our own program
        return False
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)
    return True


def _wait_until_ready(settings: Settings, web: _Child) -> bool:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host if settings.host not in {'0.0.0.0', '::'} else 'localhost'}:{settings.port}/readyz"  # noqa: S104
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return True
        time.sleep(0.05)
    return False


def _announce(settings: Settings) -> None:
    report = codezest_sandbox.probe()
    print(f"\n  CodeZest runs on {settings.public_url}")
    if not settings.production:
        print(DEMO)
        if not settings.smtp_url:
            print(f"\n  Mail is kept at {settings.public_url}/mailbox")
    # As it was called, so that it can be copied: `.venv/bin/codezest` where that is not on the PATH.
    program = os.path.relpath(sys.argv[0]) if Path(sys.argv[0]).name == "codezest" else "codezest"
    print(f"\n  Grading isolation: {report.tier.name}. `{program} doctor` says more.")
    print("  Ctrl-C stops everything.\n", flush=True)


def _supervise(settings: Settings, environment: dict[str, str], lifeline: int, *, database: KeptDatabase | None) -> int:
    """Run the children until a signal ends it; returns 1 when the web server never came up.

    Raises:
        PostgresUnavailable: our own database cannot be kept running.
    """
    children: list[_Child] = []
    try:
        children = [_Child(name, environment, lifeline) for name in ("web", "work")]
        if not _wait_until_ready(settings, children[0]):
            print("The web server did not start; see the messages above.", file=sys.stderr)
            return 1
        _announce(settings)
        while True:
            time.sleep(0.5)
            if database is not None:
                database.keep_alive()
            for child in children:
                child.keep_alive()
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.stop()
        for child in children:
            child.wait(deadline)


def serve(settings: Settings) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit status."""
    if not _port_is_free(settings):
        print(f"Port {settings.port} on {settings.host} is taken. Choose another with CODEZEST_PORT.", file=sys.stderr)
        return 1
    for number in SIGNALS:
        signal.signal(number, _on_signal)
    lifeline, held = os.pipe()
    try:
        with _database(settings) as (url, database):
            environment = os.environ | {"CODEZEST_DATABASE_URL": url, LIFELINE: str(lifeline)}
            if not _bring_up_to_date(settings, environment):
                return 1
            return _supervise(settings, environment, lifeline, database=database)
    except _Stop:
        return 0
    finally:
        os.close(held)
        os.close(lifeline)
