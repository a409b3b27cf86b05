"""The embedded server: found again, never doubled, never left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from codezest.kit.postgres import EmbeddedPostgres, PostgresUnavailable, database_for, running_url
from codezest.kit.postgres_cluster import NOBODY


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory every user may pass through, as a clone's is."""
    with tempfile.TemporaryDirectory(prefix="codezest-pg-") as made:
        Path(made).chmod(0o711)
        yield Path(made) / "var"


async def _one(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT 1"))
    finally:
        await connection.close()


async def test_keeps_its_data_and_password_across_starts(folder: Path) -> None:
    first = EmbeddedPostgres(folder)
    url = first.start()
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)")
    await connection.close()
    first.stop()
    assert running_url(folder) is None

    second = EmbeddedPostgres(folder)
    connection = await asyncpg.connect(second.start())
    assert await connection.fetchval("SELECT value FROM kept") == 42
    await connection.close()
    second.stop()


async def test_a_wrong_password_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    try:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace(url.split(":")[2].split("@")[0], "wrong"))
    finally:
        server.stop()


def test_a_second_supervisor_is_told_so(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        with pytest.raises(PostgresUnavailable, match="Another CodeZest"):
            EmbeddedPostgres(folder).start()
    finally:
        server.stop()


async def test_a_killed_server_is_started_again_where_it_was(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    try:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        while server.running:
            time.sleep(0.01)
        assert not server.ready
        await connection.close()
        while not server.running:  # what is left of the killed one may be in the way for a moment
            server.start_again()
            while server.running and not server.ready:
                time.sleep(0.01)
        assert server.url == running_url(folder) == url
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT value FROM kept") == 42
        await connection.close()
    finally:
        server.stop()
    assert running_url(folder) is None


async def test_commands_join_the_running_server(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    try:
        with database_for("", folder) as joined:
            assert joined == url
        assert await _one(url) == 1
    finally:
        server.stop()


def _gone(pid: int) -> bool:
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
async def test_the_server_follows_a_killed_supervisor_and_starts_again(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from codezest.kit.postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1])); server.start(); print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()
    assert _gone(pid)
    again = EmbeddedPostgres(folder)
    try:
        assert await _one(again.start()) == 1
    finally:
        again.stop()


async def test_a_folder_may_be_named_relatively(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.chdir(folder)
    server = EmbeddedPostgres(Path("here"))
    try:
        assert await _one(server.start()) == 1
    finally:
        server.stop()


async def test_an_ordinary_user_runs_it_too(folder: Path) -> None:
    """As root, the server is started by a process that is not; otherwise this process is that ordinary user."""
    folder.mkdir()
    program = (
        "import asyncio, asyncpg; from pathlib import Path; from codezest.kit.postgres import EmbeddedPostgres\n"
        "async def main(url):\n"
        "    connection = await asyncpg.connect(url); print(await connection.fetchval('SELECT 40 + 2'))\n"
        "    await connection.close()\n"
        "server = EmbeddedPostgres(Path('var'))\n"
        "try: asyncio.run(main(server.start()))\n"
        "finally: server.stop()\n"
    )
    nobody = NOBODY if os.geteuid() == 0 else None
    if nobody is not None:
        os.chown(folder, nobody, nobody)
    interpreter = Path(sys.base_prefix) / "bin" / "python3"
    if not all(parent.stat().st_mode & 0o001 for parent in interpreter.resolve().parents):
        interpreter = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")
    result = subprocess.run(
        [interpreter, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        user=nobody,
        group=nobody,
        extra_groups=None if nobody is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "42"
